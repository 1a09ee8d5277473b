public import SpotCheckPipeline
public import SpotCheckStore
import SpotCheckSystem

/// `operations.yaml` as read: the settings, and where each of them stands.
public struct OperationSettingsFile: Sendable {
  /// Larger files are refused.
  static let byteLimit = 1 << 20

  /// Defaults where the file says nothing.
  public private(set) var settings = OperationSettings()
  /// Lines of the keys that the file has, by dotted name: `limits.files`.
  public private(set) var lines: [String: Int] = [:]
  /// The file's path; empty if there is none.
  public private(set) var path = ""

  /// No file: settings as given.
  public init(_ settings: OperationSettings = OperationSettings()) { self.settings = settings }

  /// Reads the text of a file.
  ///
  /// - Throws: ``SettingsError`` with every problem, its place and what was probably meant.
  public init(_ bytes: [UInt8], path: String) throws(SettingsError) {
    self.path = path
    let (document, problems) = PipelineDocument.operations(bytes, file: path)
    guard let document, problems.isEmpty else { throw SettingsError(problems) }
    var reader = SettingsReader(document)
    settings = reader.read()
    guard reader.problems.isEmpty else { throw SettingsError(reader.problems) }
    note(document.root, "")
  }

  /// The store's file, or defaults if it has none. A file that others may write is refused: who writes it decides which
  /// programs are run.
  ///
  /// - Throws: ``SettingsError``, ``SystemError``.
  public static func load(_ layout: StoreLayout) throws -> OperationSettingsFile {
    guard try FileSystem.exists(layout.settings) else { return OperationSettingsFile() }
    if let risk = try FileSystem.writeRisk(of: layout.settings) {
      throw SettingsError(
        "\(PathText.printable(layout.settings)) is not obeyed: \(risk.words). Take that right away (chmod o-w,g-w)")
    }
    return try OperationSettingsFile(
      try InputFile.contents(of: layout.settings, limit: byteLimit), path: layout.settings)
  }

  private mutating func note(_ node: PipelineDocument.Node, _ prefix: String) {
    for entry in node.entries {
      let name = prefix.isEmpty ? entry.key : prefix + "." + entry.key
      lines[name] = entry.line
      note(entry.value, name)
    }
  }
}
