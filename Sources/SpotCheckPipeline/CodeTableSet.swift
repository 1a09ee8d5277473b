import SpotCheckModel
public import SpotCheckSystem

/// All code tables of a folder `codes/`.
public struct CodeTableSet: Sendable {
  public private(set) var tables: [String: CodeTableFile] = [:]
  public private(set) var units: UnitTableFile?
  public private(set) var problems: [PipelineProblem] = []

  public init() {}

  /// - Parameter files: file name (`districts.csv`) to bytes.
  /// - Parameter folder: stands before the names in problems.
  public init(files: [(name: String, bytes: [UInt8])], folder: String) {
    for (name, bytes) in files.sorted(by: { $0.name < $1.name }) where name.hasSuffix(".csv") {
      let table = String(name.dropLast(4))
      let path = PathText.join(folder, name)
      if table == FieldWords.unitTable {
        let file = UnitTableFile(file: path, bytes: bytes)
        problems += file.problems
        units = file
      } else {
        let file = CodeTableFile(name: table, file: path, bytes: bytes)
        problems += file.problems
        tables[table] = file
      }
    }
    checkAcross()
  }

  /// Reads every `*.csv` of a folder; a folder that is missing is an empty set.
  public static func load(folder: String) throws(SystemError) -> CodeTableSet {
    guard try FileSystem.exists(folder) else { return CodeTableSet() }
    var files: [(name: String, bytes: [UInt8])] = []
    for name in try FileSystem.names(in: folder) where name.hasSuffix(".csv") && !name.hasPrefix(".") {
      files.append((name, try InputFile.contents(of: PathText.join(folder, name))))
    }
    return CodeTableSet(files: files, folder: folder)
  }

  public var names: [String] { tables.keys.sorted() }

  /// Parents that stand in another table.
  private mutating func checkAcross() {
    for name in names {
      guard let parentName = CodeTableFile.parentTable(of: name), let child = tables[name] else { continue }
      let parents = tables[parentName]?.table
      for entry in child.table.entries where !entry.parent.isEmpty {
        let known: Bool
        if let parents {
          known = parents.entry(entry.parent) != nil
        } else {
          known = FieldWords.vocabulary(parentName)?.contains(entry.parent) ?? true
        }
        if !known {
          problems.append(
            PipelineProblem(
              file: child.file,
              "'\(entry.code)' has the parent '\(entry.parent)', which is not in \(parentName)"))
        }
      }
    }
  }
}
