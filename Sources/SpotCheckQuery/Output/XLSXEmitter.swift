import SpotCheckModel
import SpotCheckWorkbook

/// A workbook for Excel and its kin: the columns and lines of CSV under the headings people know (as in `excel-csv`), and a
/// second sheet that says what was asked, of which snapshot, and by which names programs know the columns.
///
/// Texts are text cells: no identifier loses a digit, none is a date, nothing runs. Counts, rates and other numbers are
/// numbers, shown with as many digits as text tables have; an integer of more than fifteen digits is a text, because Excel
/// would change it. What does not fit into a sheet is an error, never cut.
public struct XLSXEmitter: Emitter {
  public var text: RateText

  public init(text: RateText = RateText()) { self.text = text }

  /// - Throws: ``QueryError`` if this program cannot write workbooks or the answer does not fit into one.
  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    do {
      try Workbook.write(to: { try sink.write($0) }) { file in
        try writeAnswer(report, to: file)
        try writeExplanation(report, to: file)
      }
    } catch let error as WorkbookError {
      throw QueryError(error.description, advice: "--format csv and --format excel-csv write it all, for Excel too.")
    }
  }

  private func writeAnswer(_ report: Report, to file: WorkbookFile) throws {
    try file.startSheet(report.language.sheet.data)
    var widths = report.columns.map { DisplayWidth.of($0.heading) + XLSXEmitter.roomForArrow }
    for (column, heading) in report.columns.enumerated() {
      try file.write(WorkbookCell(.text(heading.heading), isStrong: true), row: 0, column: column)
    }
    var row = 1
    func write(_ cells: [ReportCell], isSum: Bool) throws {
      for (column, cell) in cells.enumerated() {
        let (cell, shown) = self.cell(cell, isStrong: isSum)
        try file.write(cell, row: row, column: column)
        if column < widths.count { widths[column] = max(widths[column], DisplayWidth.of(shown)) }
      }
      row += 1
    }
    try report.rows { try write($0, isSum: false) }
    // Sums stand below what is filtered, and stay.
    try file.setHeading(columns: report.columns.count, lastRow: row - 1)
    for cells in report.subtotals { try write(cells, isSum: true) }
    if let total = report.total { try write(total, isSum: true) }
    try file.setWidths(widths.map { min($0, XLSXEmitter.widest) + 2 })
  }

  /// Nobody reads a cell that is wider than this.
  private static let widest = 60
  /// The filter's arrow stands on the heading.
  private static let roomForArrow = 2

  /// A cell and about what people see of it.
  private func cell(_ cell: ReportCell, isStrong: Bool) -> (WorkbookCell, String) {
    func number(_ value: Double, _ format: String, _ shown: String) -> (WorkbookCell, String) {
      guard value.isFinite else {
        return (WorkbookCell(.text(NumberText.decimal(value)), isStrong: isStrong), value.description)
      }
      return (WorkbookCell(.number(value), format: format, isStrong: isStrong), shown)
    }
    switch cell {
    case .missing: return (WorkbookCell(.empty), "")
    case .text(let text):
      return (WorkbookCell(text.isEmpty ? .empty : .text(text), isStrong: isStrong), text)
    case .integer(let integer):
      let digits = String(integer)
      guard digits.utf8.count(where: { $0 != 0x2D }) <= WorkbookLimits.digits else {
        return (WorkbookCell(.text(digits), isStrong: isStrong), digits)
      }
      return number(Double(integer), "0", digits)
    case .rate(let rate, let proportion):
      let shown = text.digits(rate, proportion)
      return number(rate, XLSXEmitter.format(places(of: shown)) + "%", shown + "%")
    case .change(let change, let from, let to):
      let shown = RateText.points(change, from, to)
      let format = XLSXEmitter.format(places(of: shown)) + "%"
      return number(change, "+\(format);-\(format);\(format)", shown + "%")
    case .number(let value, let digits):
      return number(value, XLSXEmitter.format(min(max(digits, 0), 9)), NumberText.fixed(value, digits))
    }
  }

  /// Digits after the point.
  private func places(of text: String) -> Int {
    text.utf8.firstIndex(of: 0x2E).map { text.utf8.distance(from: $0, to: text.utf8.endIndex) - 1 } ?? 0
  }

  private static func format(_ places: Int) -> String {
    places > 0 ? "0." + String(repeating: "0", count: places) : "0"
  }

  private func writeExplanation(_ report: Report, to file: WorkbookFile) throws {
    var lines: [(String, String, isStrong: Bool)] = [(report.language.snapshot, "v\(report.snapshot)", false)]
    for (name, value) in report.query {
      guard let shown = HTMLEmitter.shown(value) else { continue }
      lines.append((report.language.question(name) ?? name, shown.isEmpty ? report.language.yes : shown, false))
    }
    for note in report.notes { lines.append((report.language.sheet.note, report.language.text(note), false)) }
    lines.append(("", "", false))
    lines.append((report.language.sheet.column, report.language.sheet.name, true))
    for column in report.columns { lines.append((column.heading, column.name, false)) }
    try file.startSheet(report.language.sheet.explanation)
    var width = 8
    for (row, line) in lines.enumerated() {
      for (column, text) in [line.0, line.1].enumerated() where !text.isEmpty {
        try file.write(WorkbookCell(.text(text), isStrong: line.isStrong), row: row, column: column)
      }
      width = max(width, DisplayWidth.of(line.0))
    }
    try file.setWidths([min(width, XLSXEmitter.widest) + 2, XLSXEmitter.widest])
  }
}
