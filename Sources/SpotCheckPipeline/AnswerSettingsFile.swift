import SpotCheckModel
import SpotCheckSystem

/// A file of settings as read: `spotcheck.yaml` of a project, or `config.yaml` of a person.
public struct AnswerSettingsFile: Sendable {
  public enum Owner: Sendable, Hashable {
    /// Whoever shares the folder. It may not name programs: looking at somebody's folder must not run anything.
    case project
    case person
  }

  public let path: String
  public let owner: Owner
  public private(set) var settings: [SettingName: Setting] = [:]

  /// Larger files are refused.
  static let byteLimit = 1 << 20

  /// - Parameter home: what `~/` stands for.
  /// - Throws: ``SettingsError`` with every problem, its place and what was probably meant.
  public init(_ bytes: [UInt8], path: String, owner: Owner, home: String?) throws(SettingsError) {
    self.path = path
    self.owner = owner
    guard !AnswerSettingsFile.saysNothing(bytes) else { return }
    let (document, found) = PipelineDocument.settings(bytes, file: path)
    guard let document, found.isEmpty else { throw SettingsError(found) }
    var problems: [PipelineProblem] = []
    for entry in document.root.entries {
      guard let name = SettingName(rawValue: entry.key), var value = entry.value.text else { continue }
      if entry.value.isNothing { value = "" }
      switch name {
      case .store, .pipelines:
        let tilde = value.hasPrefix("~/")
        if tilde, home == nil { problems.append(document.problem(at: entry.value, "there is no home folder for '~/'")) }
        if tilde { value = PathText.join(home ?? "", String(value.dropFirst(2))) }
        if !value.hasPrefix("/") { value = PathText.join(PathText.folder(of: path), value) }
      case .pager where owner == .project:
        problems.append(
          document.problem(key: entry, "'pager' names a program, and a project's file may not; your own may"))
      case .lang, .format, .color, .pager: break
      }
      settings[name] = Setting(value: value, origin: .file(path, line: entry.line))
    }
    guard problems.isEmpty else { throw SettingsError(problems) }
  }

  /// Reads a file. One that others may write is refused: who writes it decides which store answers.
  ///
  /// - Throws: ``SettingsError``, ``SystemError``.
  public static func load(_ path: String, owner: Owner, home: String?) throws -> AnswerSettingsFile {
    if let risk = try FileSystem.writeRisk(of: path) {
      throw SettingsError(
        "\(PathText.printable(path)) is not obeyed: \(risk.words). Take that right away, move the file, "
          + "or say SPOTCHECK_CONFIG= for no files at all")
    }
    return try AnswerSettingsFile(
      try InputFile.contents(of: path, limit: byteLimit), path: path, owner: owner, home: home)
  }

  /// Everything in it is a comment.
  private static func saysNothing(_ bytes: [UInt8]) -> Bool {
    bytes.split { $0 == 0x0A || $0 == 0x0D }.allSatisfy { line in
      line.first { $0 != 0x20 && $0 != 0x09 }.map { $0 == UInt8(ascii: "#") } ?? true
    }
  }
}

/// Where files of settings are looked for.
public struct SettingsPlaces: Sendable {
  /// The working folder, from the root; nil: it cannot be told.
  public var folder: String?
  public var home: String?
  /// The environment's `XDG_CONFIG_HOME`.
  public var configurations: String?
  /// The environment's `SPOTCHECK_CONFIG`: one file in place of all others, or none if it is empty.
  public var chosen: String?

  public init(folder: String?, home: String?, configurations: String? = nil, chosen: String? = nil) {
    self.folder = folder
    self.home = home
    self.configurations = configurations
    self.chosen = chosen
  }

  public static func ofThisProcess() -> SettingsPlaces {
    SettingsPlaces(
      folder: try? Machine.currentFolder(), home: Machine.environment("HOME"),
      configurations: Machine.environment("XDG_CONFIG_HOME"), chosen: Machine.environment("SPOTCHECK_CONFIG"))
  }

  public static let projectName = "spotcheck.yaml"

  /// `config.yaml` of the person, whether it exists or not.
  public var personal: String? {
    // The specification: a path that is not absolute does not count.
    func absolute(_ path: String?) -> String? { path.flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let folder = absolute(configurations) ?? absolute(home).map { PathText.join($0, ".config") }
    return folder.map { PathText.join($0, "spotcheck/config.yaml") }
  }

  /// The nearest `spotcheck.yaml` in the working folder or above it. One look a folder, and none of them is opened.
  public var project: String? {
    guard var folder else { return nil }
    while true {
      let path = PathText.join(folder, SettingsPlaces.projectName)
      if SettingsPlaces.isThere(path) { return path }
      guard folder != "/", folder != "." else { return nil }
      folder = PathText.folder(of: folder)
    }
  }

  /// Reads what there is, the strongest first.
  ///
  /// - Throws: ``SettingsError``, ``SystemError``.
  public func files() throws -> [AnswerSettingsFile] {
    if let chosen {
      guard !chosen.isEmpty else { return [] }
      guard SettingsPlaces.isThere(chosen) else {
        throw SettingsError("SPOTCHECK_CONFIG names '\(PathText.printable(chosen))', which is not there")
      }
      return [try AnswerSettingsFile.load(chosen, owner: .person, home: home)]
    }
    let found: [(String?, AnswerSettingsFile.Owner)] = [
      (project, .project), (personal.flatMap { SettingsPlaces.isThere($0) ? $0 : nil }, .person),
    ]
    return try found.compactMap { path, owner in
      try path.map { try AnswerSettingsFile.load($0, owner: owner, home: home) }
    }
  }

  /// What we may not look at is not ours to obey.
  private static func isThere(_ path: String) -> Bool { (try? FileSystem.exists(path)) ?? false }
}

extension AnswerSettings {
  /// As they are for this process.
  ///
  /// - Throws: ``SettingsError``, ``SystemError``.
  public static func ofThisProcess() throws -> AnswerSettings {
    AnswerSettings(files: try SettingsPlaces.ofThisProcess().files()) { Machine.environment($0) }
  }
}
