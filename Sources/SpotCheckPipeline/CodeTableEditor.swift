import SpotCheckModel
public import SpotCheckSystem

/// Edits the code tables of a folder of pipelines.
public struct CodeTableEditor {
  private let folder: String

  /// - Parameter folder: of pipelines; the tables stand in `codes/` below it.
  public init(folder: String) { self.folder = folder }

  private func path(_ table: String) -> String {
    PathText.join(PathText.join(folder, "codes"), StoreSafeName.table(table) + ".csv")
  }

  /// The bytes of a table with an edit, checked together with all other tables, pipelines and their tests.
  ///
  /// - Throws: ``CodeTableEdit/Refusal``, ``SystemError``.
  public func edited(_ edit: CodeTableEdit) throws -> [UInt8] {
    let path = path(edit.table)
    guard try FileSystem.exists(path) else {
      let names = try CodeTableSet.load(folder: PathText.join(folder, "codes")).names
      throw CodeTableEdit.Refusal(
        message: "there is no table '\(edit.table)'" + NearestWord.hint(edit.table, in: names)
          + "; tables are: \(names.joined(separator: ", "))")
    }
    return try edit.apply(to: try InputFile.contents(of: path), file: path)
  }

  /// Writes an edited table in the place of the present one: durable, all of it or nothing.
  public func write(_ bytes: [UInt8], table: String) throws(SystemError) {
    try DurableWriter.write(bytes, to: path(table))
  }

  /// Copies the pipelines into a folder of its own, with a table edited: to see what would come of it.
  public func preview(_ bytes: [UInt8], table: String, in scratch: String) throws(SystemError) -> String {
    let copy = PathText.join(scratch, "pipelines")
    try CodeTableEditor.copy(folder, to: copy)
    try DurableWriter.write(bytes, to: CodeTableEditor(folder: copy).path(table))
    return copy
  }

  private static func copy(_ from: String, to: String, depth: Int = 0) throws(SystemError) {
    guard depth < 8 else { return }
    try FileSystem.createFolder(to)
    for entry in try FileSystem.list(from) where !entry.name.hasPrefix(".") {
      let (source, target) = (PathText.join(from, entry.name), PathText.join(to, entry.name))
      let kind = entry.status.kind == .symbolicLink ? try FileSystem.status(source).kind : entry.status.kind
      switch kind {
      case .folder: try copy(source, to: target, depth: depth + 1)
      case .regular where entry.name.hasSuffix(".yaml") || entry.name.hasSuffix(".csv"):
        try DurableWriter.write(try InputFile.contents(of: source), to: target)
      default: break
      }
    }
  }
}

/// Names of tables are given by people, and become parts of paths.
private enum StoreSafeName {
  static func table(_ name: String) -> String {
    String(
      name.unicodeScalars.filter { $0.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains($0) }.map(
        Character.init))
  }
}
