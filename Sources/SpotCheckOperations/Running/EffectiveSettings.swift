import SpotCheckDigest
import SpotCheckModel
public import SpotCheckPipeline

/// The settings in force, and where each of them comes from: an option, the store's file, or nobody.
public struct EffectiveSettings: Sendable {
  public let settings: OperationSettings
  private let lines: [String: Int]
  private let file: String
  private let options: Set<String>

  /// An option wins over the file, the file over the default.
  public init(_ file: OperationSettingsFile, _ overrides: SettingsOverrides = SettingsOverrides()) {
    var settings = file.settings
    overrides.apply(to: &settings)
    self.settings = settings
    lines = file.lines
    self.file = file.path
    options = overrides.names
  }

  /// One line a setting: `name = value  (where it comes from)`.
  public var listing: String {
    let entries = SettingsListing.entries(settings)
    let width = entries.reduce(0) { max($0, $1.name.count) }
    let valueWidth = min(40, entries.reduce(0) { max($0, $1.value.count) })
    return entries.map { entry in
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      let value = entry.value + String(repeating: " ", count: max(0, valueWidth - entry.value.count))
      return "\(name) = \(value)  (\(origin(entry.name)))\n"
    }.joined()
  }

  /// SHA-256, in hex, of all settings as they are in force.
  public var digest: String {
    let text = SettingsListing.entries(settings).map { "\($0.name) = \($0.value)\n" }.joined()
    return ContentHasher.digest(of: Array(text.utf8)).hex
  }

  private func origin(_ name: String) -> String {
    if options.contains(name) { return "option" }
    // What is said about a part is said by its whole, where the file has only that.
    var parts = name.split(separator: ".")
    while !parts.isEmpty {
      if let line = lines[parts.joined(separator: ".")] { return "\(file):\(line)" }
      parts.removeLast()
    }
    return "default"
  }
}

/// What options on the command line say; nil: nothing.
public struct SettingsOverrides: Sendable {
  public var stability: Double?
  public var jobs: Int?
  public var maximumFiles: Int?
  public var maximumBytes: Int64?
  public var maximumSeconds: Double?
  public var freeFloor: Int64?
  public var metricsFile: String?
  public var logFormat: LogFormat?
  public var onSuccess: [String]?
  public var onFailure: [String]?
  public var onQuarantine: [String]?
  public var hookTimeout: Double?
  public init() {}

  /// Reads a duration or a size as an option has it.
  public static func seconds(_ text: String?, _ option: String) throws(SettingsError) -> Double? {
    guard let text else { return nil }
    guard let seconds = Quantity.seconds(text) else {
      throw SettingsError("--\(option): expected a duration (10s, 30min, 2h, 1d), found '\(text)'")
    }
    return seconds
  }

  public static func bytes(_ text: String?, _ option: String) throws(SettingsError) -> Int64? {
    guard let text else { return nil }
    guard let bytes = Quantity.bytes(text) else {
      throw SettingsError("--\(option): expected a size (64K, 500M, 2G), found '\(text)'")
    }
    return bytes
  }

  /// Names of the settings that are set here.
  var names: Set<String> {
    var names: Set<String> = []
    if stability != nil { names.insert("stability") }
    if jobs != nil { names.insert("jobs") }
    if maximumFiles != nil { names.insert("limits.files") }
    if maximumBytes != nil { names.insert("limits.bytes") }
    if maximumSeconds != nil { names.insert("limits.seconds") }
    if freeFloor != nil { names.insert("limits.free") }
    if metricsFile != nil { names.insert("metrics") }
    if logFormat != nil { names.insert("log") }
    if onSuccess != nil { names.insert("hooks.on_success") }
    if onFailure != nil { names.insert("hooks.on_failure") }
    if onQuarantine != nil { names.insert("hooks.on_quarantine") }
    if hookTimeout != nil { names.insert("hooks.timeout") }
    return names
  }

  func apply(to settings: inout OperationSettings) {
    settings.stability = stability ?? settings.stability
    settings.jobs = jobs ?? settings.jobs
    settings.maximumFiles = maximumFiles ?? settings.maximumFiles
    settings.maximumBytes = maximumBytes ?? settings.maximumBytes
    settings.maximumSeconds = maximumSeconds ?? settings.maximumSeconds
    settings.freeFloor = freeFloor ?? settings.freeFloor
    settings.metricsFile = metricsFile ?? settings.metricsFile
    settings.logFormat = logFormat ?? settings.logFormat
    settings.hooks.onSuccess = onSuccess ?? settings.hooks.onSuccess
    settings.hooks.onFailure = onFailure ?? settings.hooks.onFailure
    settings.hooks.onQuarantine = onQuarantine ?? settings.hooks.onQuarantine
    settings.hooks.timeout = hookTimeout ?? settings.hooks.timeout
  }
}

/// All settings by the names that `operations.yaml` gives them.
enum SettingsListing {
  typealias Entry = (name: String, value: String)

  static func entries(_ settings: OperationSettings) -> [Entry] {
    var entries: [Entry] = [
      ("stability", Quantity.text(seconds: settings.stability)), ("ignore.add", list(settings.ignoreAlso)),
      ("ignore.remove", list(settings.ignoreNot)), ("done", settings.done.rawValue),
    ]
    entries += settings.doneByBureau.sorted { $0.key < $1.key }.map { ("done_by_bureau.\($0.key)", $0.value.rawValue) }
    entries += [
      ("done_timeout", Quantity.text(seconds: settings.doneTimeout)), ("attempts", String(settings.attempts)),
      ("jobs", settings.jobs.map(String.init) ?? "one a core, four at most"),
      ("limits.files", settings.maximumFiles.map(String.init) ?? "none"),
      ("limits.bytes", settings.maximumBytes.map(Quantity.text(bytes:)) ?? "none"),
      ("limits.seconds", settings.maximumSeconds.map(Quantity.text(seconds:)) ?? "none"),
      ("limits.free", settings.freeFloor.map(Quantity.text(bytes:)) ?? "5 %, or twice the largest file"),
      ("gates.gate", settings.gates.action.rawValue),
    ]
    entries += limits("gates.all", settings.gates.all)
    for (bureau, own) in settings.gates.byBureau.sorted(by: { $0.key < $1.key }) {
      entries += limits("gates.bureaus.\(bureau)", own)
    }
    for (bureau, rule) in settings.freshness.sorted(by: { $0.key < $1.key }) {
      entries.append(("freshness.\(bureau).every", rule.every.rawValue))
      if let days = rule.warnAfter { entries.append(("freshness.\(bureau).warn_after", String(days))) }
      if let days = rule.errorAfter { entries.append(("freshness.\(bureau).error_after", String(days))) }
      if let day = rule.since { entries.append(("freshness.\(bureau).since", day.description)) }
    }
    let (hooks, poll, health) = (settings.hooks, settings.poll, settings.health)
    return entries + [
      ("hooks.on_success", list(hooks.onSuccess)), ("hooks.on_failure", list(hooks.onFailure)),
      ("hooks.on_quarantine", list(hooks.onQuarantine)), ("hooks.timeout", Quantity.text(seconds: hooks.timeout)),
      ("metrics", settings.metricsFile ?? "none"), ("log", settings.logFormat.rawValue),
      ("seal", settings.seal ?? "none"),
      ("compact", String(settings.compacts)), ("poll.min", Quantity.text(seconds: poll.minimum)),
      ("poll.max", Quantity.text(seconds: poll.maximum)), ("health.lock", Quantity.text(seconds: health.lock)),
      ("health.success", Quantity.text(seconds: health.success)),
      ("health.pending", Quantity.text(seconds: health.pending)), ("health.quarantined", String(health.quarantined)),
    ]
  }

  private static func limits(_ name: String, _ limits: GateLimits) -> [Entry] {
    var entries: [Entry] = []
    if let rate = limits.rejectRate { entries.append(("\(name).max_reject_rate", rate.description)) }
    if let count = limits.rejectCount { entries.append(("\(name).max_reject_count", String(count))) }
    for (code, limit) in limits.codes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      if let count = limit.count { entries.append(("\(name).codes.\(code.rawValue).max_count", String(count))) }
      if let rate = limit.rate { entries.append(("\(name).codes.\(code.rawValue).max_rate", rate.description)) }
    }
    if let share = limits.unmappedShare { entries.append(("\(name).max_unmapped_share", share.description)) }
    if let drop = limits.rowDrop {
      entries += [
        ("\(name).row_drop.max", drop.share.description), ("\(name).row_drop.last", String(drop.last)),
        ("\(name).row_drop.at_least", String(drop.atLeast)), ("\(name).row_drop.min_rows", String(drop.minimumRows)),
        ("\(name).row_drop.gate", drop.action.rawValue),
      ]
    }
    return entries
  }

  private static func list(_ words: [String]) -> String { words.isEmpty ? "none" : words.joined(separator: " ") }
}
