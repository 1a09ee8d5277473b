import SpotCheckModel
import SpotCheckStore

/// An Arrow IPC file (what pandas and R call Feather): for programs that want types and not texts.
///
/// The columns and lines of CSV, sums included. A column is int64 if all its values are integers, float64 if all are
/// numbers, else utf8; one without values is what its heading promises. Missing is null, and an empty text is one. Shares
/// are fractions in all their digits. All of the answer is in memory before the first byte: types stand before values.
///
/// The schema's metadata hold what JSON says beside the rows: `spotcheck.query` and `spotcheck.notes` (JSON),
/// `spotcheck.snapshot`, and in `spotcheck.sums` how many of the last lines are sums.
public struct ArrowEmitter: Emitter {
  public init() {}

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    var columns = report.columns.map { _ in GatheredColumn() }
    var rows = 0
    try report.forEachLine { cells in
      for column in columns.indices { columns[column].append(column < cells.count ? cells[column] : .missing) }
      rows += 1
    }
    var query: [UInt8] = []
    JSONRow.append(report.query, to: &query)
    var notes: [UInt8] = []
    JSONRow.append(report.notes, to: &notes)
    let file = ArrowTableFile(
      zip(report.columns, columns).map { $1.column($0) }, rows: rows,
      metadata: [
        ("spotcheck.query", String(decoding: query, as: UTF8.self)), ("spotcheck.snapshot", String(report.snapshot)),
        ("spotcheck.sums", String(report.subtotals.count + (report.total == nil ? 0 : 1))),
        ("spotcheck.notes", String(decoding: notes, as: UTF8.self)),
      ])
    do {
      try file.write { try sink.write($0) }
    } catch let error as ArrowTableFile.TextTooLong {
      throw QueryError(
        "a text in row \(error.row + 1) of the column '\(error.column)' is too long for Arrow",
        advice: "--format csv has no such limit")
    }
  }
}

/// A column whose type is not yet known: it starts as narrow as can be and widens with what comes.
struct GatheredColumn {
  private enum Kind { case integers, numbers, text }

  private var kind = Kind.integers
  private var isMissing: [Bool] = []
  private var hasValue = false
  // Only those of the kind are filled.
  private var integers: [Int64] = []
  private var numbers: [Double] = []
  /// Which of the numbers came as integers: as text they have no point.
  private var wholes: [Bool] = []
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  mutating func append(_ cell: ReportCell) {
    switch cell {
    case .missing: place(0, 0, "")
    case .text(let text):
      widenToText()
      place(0, 0, text)
    case .integer(let number):
      let double = Double(exactly: number)
      if kind == .numbers, double == nil { widenToText() }
      place(Int64(number), double ?? 0, String(number), isWhole: true)
    case .rate(let number, _), .change(let number, _, _), .number(let number, _):
      if kind == .integers { widenToNumbers() }
      place(0, number, NumberText.json(number))
    }
    let isMissing = cell == .missing
    self.isMissing.append(isMissing)
    hasValue = hasValue || !isMissing
  }

  func column(_ column: ReportColumn) -> ArrowColumn {
    let rows = isMissing.count
    guard hasValue else {
      let values: ArrowColumn.Values =
        column.isNumeric
        ? .numbers([Double](repeating: 0, count: rows)) : .text(bytes: [], ends: [Int](repeating: 0, count: rows))
      return ArrowColumn(column.name, values, isMissing: isMissing)
    }
    let values: ArrowColumn.Values =
      switch kind {
      case .integers: .integers(integers)
      case .numbers: .numbers(numbers)
      case .text: .text(bytes: bytes, ends: ends)
      }
    return ArrowColumn(column.name, values, isMissing: isMissing)
  }

  /// One value, in the column's kind.
  private mutating func place(_ integer: Int64, _ number: Double, _ text: String, isWhole: Bool = false) {
    switch kind {
    case .integers: integers.append(integer)
    case .numbers:
      numbers.append(number)
      wholes.append(isWhole)
    case .text:
      bytes.append(contentsOf: text.utf8)
      ends.append(bytes.count)
    }
  }

  /// Integers that a double cannot hold turn the column into text: no digit is lost.
  private mutating func widenToNumbers() {
    let doubles = integers.map { Double(exactly: $0) }
    guard !doubles.contains(nil) else { return widenToText() }
    numbers = doubles.map { $0 ?? 0 }
    wholes = isMissing.map { !$0 }
    integers = []
    kind = .numbers
  }

  private mutating func widenToText() {
    let texts: [String]
    switch kind {
    case .integers: texts = integers.map { String($0) }
    case .numbers:
      texts = zip(numbers, wholes).map { number, isWhole in
        isWhole ? Int64(exactly: number).map { String($0) } ?? NumberText.json(number) : NumberText.json(number)
      }
    case .text: return
    }
    (integers, numbers, wholes, kind) = ([], [], [], .text)
    for (text, isMissing) in zip(texts, isMissing) { place(0, 0, isMissing ? "" : text) }
  }
}
