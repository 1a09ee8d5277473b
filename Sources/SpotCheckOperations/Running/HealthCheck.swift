import SpotCheckCatalogue
public import SpotCheckModel
import SpotCheckQuery
import SpotCheckReceipts
import SpotCheckStore
import SpotCheckSystem

/// Whether somebody must look after a store. Reads only, and waits for nobody.
public struct HealthCheck {
  private let root: String
  private let settings: OperationSettings
  private let calendar: WorkCalendar

  public init(store root: String, settings: OperationSettings, calendar: WorkCalendar) {
    self.root = root
    self.settings = settings
    self.calendar = calendar
  }

  /// - Throws: ``CatalogueError`` if there is no store, or none that can be asked.
  public func run() throws -> HealthReport {
    let store = try OpenStore(root)
    var report = HealthReport()
    report.add("lock", lock(store.layout))
    report.add("runs", try runs(store.catalogue))
    for item in try pending(store.layout) { report.items.append(item) }
    report.add("space", try space(store.layout))
    let check = try store.catalogue.quickCheck()
    report.add(
      "catalogue",
      check == ["ok"] ? .fine("SQLite's quick check is content") : .bad(check.prefix(3).joined(separator: "; ")))
    report.add("quarantine", try quarantine(store.catalogue))
    report.add("journal", try journal(store.catalogue))
    for item in try freshness(store) { report.items.append(item) }
    return report
  }

  private func lock(_ layout: StoreLayout) -> HealthReport.State {
    guard (try? FileLock.isHeld(layout.lockFile)) == true else { return .fine("free") }
    guard let holder = FileLock.lockHolder(of: layout.lockFile) else { return .fine("held; nobody says by whom") }
    let age = Machine.wallClockSeconds - Double(holder.since)
    let text = "held by pid \(holder.processID) on \(holder.host) for \(HealthCheck.age(age))"
    return age > settings.health.lock ? .bad(text + ", longer than any run should take") : .fine(text)
  }

  private func runs(_ catalogue: Catalogue) throws -> HealthReport.State {
    guard let last = try RunHistory.lastSuccess(catalogue) else {
      return .bad("no run of nightly or watch has done its work yet")
    }
    let age = Machine.wallClockSeconds - Double(last) / 1000
    let text = "the last run that did its work ended \(HealthCheck.age(age)) ago"
    return age > settings.health.success ? .bad(text) : .fine(text)
  }

  private func pending(_ layout: StoreLayout) throws -> [HealthReport.Item] {
    let pending = try PendingFiles(layout, settings)
    return pending.counts.sorted { $0.key < $1.key }.map { bureau, count in
      let age = pending.oldestSeconds[bureau] ?? 0
      let text = count == 0 ? "nothing waits" : "\(count) files wait, the oldest for \(HealthCheck.age(age))"
      return HealthReport.Item("pending", bureau, age > settings.health.pending ? .bad(text) : .fine(text))
    }
  }

  private func space(_ layout: StoreLayout) throws -> HealthReport.State {
    let kind = try FileSystemKind(of: layout.root)
    let floor = settings.freeFloor ?? kind.totalBytes / 20
    // Not in bytes: eleven digits look like somebody's telephone, and are masked.
    let (free, total, least) = (kind.freeBytes >> 20, kind.totalBytes >> 20, floor >> 20)
    let text = "\(free) MiB free of \(total) MiB; the floor is \(least) MiB"
    return kind.freeBytes < floor ? .bad(text) : .fine(text)
  }

  private func quarantine(_ catalogue: Catalogue) throws -> HealthReport.State {
    let week = Machine.wallClockNanoseconds / 1_000_000 - 7 * 86_400_000
    let refused = try catalogue.refusals(since: week)
    let count = refused.values.reduce(0, +)
    let codes = refused.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let text = "\(count) files refused within seven days" + (codes.isEmpty ? "" : " (\(codes))")
    return count > settings.health.quarantined ? .bad(text) : .fine(text)
  }

  private func journal(_ catalogue: Catalogue) throws -> HealthReport.State {
    switch try catalogue.checkJournal() {
    case .intact(let count, let head): .fine("\(count) entries, head \(head.prefix(12))")
    case .broken(let number): .bad("entry \(number) is not what was written")
    }
  }

  private func freshness(_ store: OpenStore) throws -> [HealthReport.Item] {
    guard !settings.freshness.isEmpty else { return [] }
    let coverage = try Coverage(try store.snapshot())
    let check = FreshnessCheck(settings.freshness, calendar: calendar, today: CalendarDay.today)
    let findings = Dictionary(grouping: check.findings(coverage.months), by: \.bureau)
    return settings.freshness.keys.sorted().flatMap { bureau -> [HealthReport.Item] in
      guard let found = findings[bureau] else {
        return [HealthReport.Item("freshness", bureau, .fine("in time"))]
      }
      return found.map { finding in
        HealthReport.Item(
          "freshness", bureau, finding.level == .error ? .bad(finding.message) : .fine(finding.message))
      }
    }
  }

  /// A duration for people: the two largest units.
  private static func age(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e12)))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min" }
    if whole < 86_400 { return "\(whole / 3600) h \(whole / 60 % 60) min" }
    return "\(whole / 86_400) d \(whole / 3600 % 24) h"
  }
}

/// What the health check found.
public struct HealthReport: Sendable {
  public enum State: Sendable, Hashable {
    case fine(String)
    case bad(String)
  }

  public struct Item: Sendable, Hashable {
    /// `lock`, `runs`, `pending`, `space`, `catalogue`, `quarantine`, `journal`, `freshness`.
    public var check: String
    /// The bureau, or the folder of its inbox; empty if it is about the store.
    public var bureau: String
    public var state: State

    init(_ check: String, _ bureau: String, _ state: State) {
      self.check = check
      self.bureau = bureau
      self.state = state
    }

    public var isFine: Bool {
      if case .fine = state { return true }
      return false
    }

    public var message: String {
      switch state {
      case .fine(let text), .bad(let text): PersonalData.masked(text)
      }
    }
  }

  public internal(set) var items: [Item] = []

  mutating func add(_ check: String, _ state: State) { items.append(Item(check, "", state)) }

  /// Drops what is well.
  public mutating func keepProblems() { items.removeAll(where: \.isFine) }

  public var isHealthy: Bool { items.allSatisfy(\.isFine) }
  public var status: ExitStatus { isHealthy ? .success : .alert }

  /// One line a check.
  public var text: String {
    items.map { item in
      let name = item.bureau.isEmpty ? item.check : "\(item.check) \(item.bureau)"
      return "\(item.isFine ? "ok  " : "BAD ") \(name): \(item.message)\n"
    }.joined()
  }

  /// One object: `healthy`, and `checks` with `check`, `bureau`, `ok`, `message`.
  public var json: String {
    var object = JSONObject()
    object.set("healthy", isHealthy)
    let checks = items.map { item in
      var json = JSONObject()
      json.set("check", item.check)
      if !item.bureau.isEmpty { json.set("bureau", item.bureau) }
      json.set("ok", item.isFine)
      json.set("message", item.message)
      return json.text
    }
    object.set("checks", json: "[" + checks.joined(separator: ",") + "]")
    return object.text + "\n"
  }
}
