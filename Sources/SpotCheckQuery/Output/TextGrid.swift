import SpotCheckModel
import SpotCheckStatistics

/// A report as people see it: headings and texts, intervals joined, hidden columns left out.
struct TextGrid {
  var headings: [String]
  var isNumeric: [Bool]
  var lines: [[String]] = []
  /// Lines from here on are sums.
  var firstSum = 0

  init(_ report: Report, _ text: RateText) throws {
    let columns = report.columns
    let shown = columns.indices.filter { index in
      columns[index].display != .hidden && !(index > 0 && columns[index - 1].display == .intervalStart)
    }
    headings = shown.map { columns[$0].heading }
    isNumeric = shown.map { columns[$0].isNumeric }
    func line(_ cells: [ReportCell]) -> [String] {
      shown.map { index in
        guard columns[index].display == .intervalStart, index + 1 < cells.count else {
          return TextGrid.text(cells[index], text, percent: true)
        }
        guard cells[index] != .missing else { return RateText.none }
        let ends = (cells[index], cells[index + 1])
        if case .change = ends.0 {
          return TextGrid.text(ends.0, text, percent: false) + "…" + TextGrid.text(ends.1, text, percent: false)
        }
        return TextGrid.text(ends.0, text, percent: false) + "–" + TextGrid.text(ends.1, text, percent: false) + "%"
      }
    }
    var lines: [[String]] = []
    try report.rows { lines.append(line($0)) }
    firstSum = lines.count
    for cells in report.subtotals { lines.append(line(cells)) }
    if let total = report.total { lines.append(line(total)) }
    self.lines = lines
  }

  private static func text(_ cell: ReportCell, _ text: RateText, percent: Bool) -> String {
    switch cell {
    case .missing: RateText.none
    case .text(let value): value.isEmpty ? "-" : DisplayWidth.harmless(value)
    case .integer(let value): String(value)
    case .rate(let rate, let proportion): text.digits(rate, proportion) + (percent ? "%" : "")
    case .change(let change, let from, let to): RateText.points(change, from, to)
    case .number(let number, let digits): NumberText.fixed(number, digits)
    }
  }
}

/// Columns lined up with blanks, for terminals and plain text. Chinese characters count two columns.
///
/// A short answer that is too wide for the terminal is written as blocks instead, one a row, with every word of it.
public struct TableEmitter: Emitter {
  /// Nil: nothing is cut.
  public var width: Int?
  public var text: RateText

  public init(width: Int? = nil, text: RateText = RateText()) {
    self.width = width
    self.text = text
  }

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    var grid = try TextGrid(report, text)
    if let width, width > 20, grid.lines.count <= TextBlocks.mostRows,
      !fits(grid, width, narrowest: report.isWide ? Int.max : TableEmitter.narrowest)
    {
      return try sink.write(TextBlocks.text(grid, report.notes, report.language, width: width))
    }
    let cut = shorten(&grid)
    let widths = widths(grid)
    var out: [UInt8] = []
    func append(_ cells: [String]) {
      let start = out.count
      for (column, cell) in cells.enumerated() {
        let padding = repeatElement(UInt8(ascii: " "), count: max(0, widths[column] - DisplayWidth.of(cell)))
        if column > 0 { out.append(contentsOf: "  ".utf8) }
        if grid.isNumeric[column] { out.append(contentsOf: padding) }
        out.append(contentsOf: cell.utf8)
        if !grid.isNumeric[column] { out.append(contentsOf: padding) }
      }
      while out.count > start, out.last == UInt8(ascii: " ") { out.removeLast() }
      out.append(0x0A)
    }
    func append(note: QueryNote) {
      let text = report.language.noteLabel + DisplayWidth.harmless(report.language.text(note))
      out.append(contentsOf: (text + "\n").utf8)
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    append(grid.headings)
    append(rule)
    for (index, line) in grid.lines.enumerated() {
      if index == grid.firstSum, index > 0 { append(rule) }
      append(line)
      if out.count > 1 << 16 {
        try sink.write(out)
        out.removeAll(keepingCapacity: true)
      }
    }
    for note in report.notes { append(note: note) }
    if cut > 0 {
      out.append(contentsOf: (report.language.cutCells(cut) + "\n").utf8)
    }
    try sink.write(out)
  }

  /// Text columns are not cut below this.
  static let narrowest = 8

  private func widths(_ grid: TextGrid) -> [Int] {
    grid.headings.indices.map { column in
      ([grid.headings[column]] + grid.lines.map { $0[column] }).reduce(0) { max($0, DisplayWidth.of($1)) }
    }
  }

  /// Whether the table fits when its text columns are cut to `narrowest`.
  private func fits(_ grid: TextGrid, _ width: Int, narrowest: Int) -> Bool {
    let widths = widths(grid).enumerated().map { grid.isNumeric[$0] ? $1 : min($1, narrowest) }
    return widths.reduce(0, +) + 2 * (widths.count - 1) <= width
  }

  /// Cuts the widest text columns until the table fits; returns how many cells were cut.
  private func shorten(_ grid: inout TextGrid) -> Int {
    guard let width, width > 20, !grid.headings.isEmpty else { return 0 }
    var widths = widths(grid)
    let textual = grid.headings.indices.filter { !grid.isNumeric[$0] }
    while widths.reduce(0, +) + 2 * (widths.count - 1) > width {
      guard let widest = textual.max(by: { widths[$0] < widths[$1] }), widths[widest] > TableEmitter.narrowest else {
        break
      }
      widths[widest] -= 1
    }
    var cut = 0
    for column in textual { grid.headings[column] = DisplayWidth.cut(grid.headings[column], to: widths[column]) }
    for line in grid.lines.indices {
      for column in textual where DisplayWidth.of(grid.lines[line][column]) > widths[column] {
        grid.lines[line][column] = DisplayWidth.cut(grid.lines[line][column], to: widths[column])
        cut += 1
      }
    }
    return cut
  }
}
