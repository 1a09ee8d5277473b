/// What differs between two published answers of `spotcheck rate` (CSV, TSV, JSON or NDJSON, each told from its content),
/// cell by cell. No store is needed: two files are compared as they were printed.
public struct AnswerDifference: Sendable {
  /// One cell that is not the same.
  public struct Change: Sendable, Hashable {
    /// One a dimension; `*` = all.
    public var codes: [String]
    /// For people: the names of the codes.
    public var name: String
    /// The column's name.
    public var column: String
    /// As printed; nil: the row or the cell is not there.
    public var before: String?
    public var after: String?
  }

  /// In the order of the later answer's rows and columns; rows that only the earlier one has stand behind them.
  public private(set) var changes: [Change] = []
  /// Rows that both have, that only the earlier one has, and that only the later one has.
  public private(set) var rows: (both: Int, before: Int, after: Int) = (0, 0, 0)
  /// The snapshots that the answers name, as JSON does.
  public let snapshots: (before: Int?, after: Int?)

  /// - Throws: ``AuditRefusal`` if a document is no answer of `rate`, has two rows of the same codes, or if the two have
  ///   different dimensions.
  public init(before: [UInt8], after: [UInt8]) throws(AuditRefusal) {
    let (old, new) = (try RateTable.read(before), try RateTable.read(after))
    if let (first, second) = AnswerDifference.dimensions(old, new) {
      throw AuditRefusal("the answers have different dimensions: \(first) and \(second) a row")
    }
    snapshots = (old.snapshot, new.snapshot)
    var earlier: [[String]: RateTable.Row] = [:]
    for row in old.rows {
      guard earlier.updateValue(row, forKey: row.codes) == nil else { throw AnswerDifference.twice(row) }
    }
    var seen: Set<[String]> = []
    let columns = new.measures + old.measures.filter { !new.measures.contains($0) }
    for row in new.rows {
      guard seen.insert(row.codes).inserted else { throw AnswerDifference.twice(row) }
      let past = earlier.removeValue(forKey: row.codes)
      if past == nil { rows.after += 1 } else { rows.both += 1 }
      compare(past, row, columns)
    }
    // In the order in which they stood.
    for row in old.rows where earlier[row.codes] != nil {
      rows.before += 1
      compare(row, nil, columns)
    }
  }

  /// Whether a document is an answer that can be compared at all.
  ///
  /// - Throws: ``AuditRefusal`` that says why it is not.
  public static func check(_ document: [UInt8]) throws(AuditRefusal) { _ = try RateTable.read(document) }

  private mutating func compare(_ before: RateTable.Row?, _ after: RateTable.Row?, _ columns: [String]) {
    guard let row = after ?? before else { return }
    for column in columns {
      let (old, new) = (before?.cells[column], after?.cells[column])
      if old?.text == new?.text { continue }
      if let old, let new, AnswerDifference.isOneNumber(old, new) { continue }
      changes.append(
        Change(codes: row.codes, name: row.name, column: column, before: old?.text, after: new?.text))
    }
  }

  /// 0.95 and 0.9500000000 are one number. So are ten digits, which is what CSV has, and all of them, as JSON has them.
  private static func isOneNumber(_ old: RateTable.Cell, _ new: RateTable.Cell) -> Bool {
    guard let one = old.number, let other = new.number else { return false }
    if one == other { return true }
    func digits(_ cell: RateTable.Cell) -> Int {
      cell.text.utf8.lastIndex(of: UInt8(ascii: ".")).map {
        cell.text.utf8.distance(from: $0, to: cell.text.utf8.endIndex) - 1
      } ?? 0
    }
    return min(digits(old), digits(new)) == 10 && max(digits(old), digits(new)) > 10 && abs(one - other) < 0.500001e-10
  }

  private static func dimensions(_ old: RateTable, _ new: RateTable) -> (Int, Int)? {
    guard let one = old.rows.first?.codes.count, let other = new.rows.first?.codes.count, one != other else {
      return nil
    }
    return (one, other)
  }

  private static func twice(_ row: RateTable.Row) -> AuditRefusal {
    AuditRefusal([AuditProblem(row.position, "the row '\(row.name)' stands there twice")])
  }
}

extension RateTable {
  /// An answer in any of its machine formats, whole: what was cut off would look like rows that are gone.
  static func read(_ bytes: [UInt8]) throws(AuditRefusal) -> RateTable {
    let text = try DocumentText.decode(bytes)
    let table: RateTable
    switch DocumentForm.of(text) {
    case .json: table = try read(json: text)
    case .separated(let separator):
      table = try read(separated: text, separator: separator)
      // JSON ends where its brackets do. Lines end with a line break, the last one too.
      guard bytes.last == 0x0A || bytes.last == 0x0D else {
        let lines = 1 + bytes.count { $0 == 0x0A }
        throw AuditRefusal([
          AuditProblem(
            AuditPosition(line: lines, column: 1), "the file ends inside of this line: it was cut; write it anew")
        ])
      }
    default: throw AuditRefusal("this is no answer of 'spotcheck rate' in CSV, TSV, JSON or NDJSON")
    }
    guard !table.rows.isEmpty else {
      throw AuditRefusal("there is no row in it, not even a sum: it was cut, or is no answer of 'spotcheck rate'")
    }
    return table
  }
}
