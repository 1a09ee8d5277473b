/// Finds tables in a text: Markdown, tab-separated, comma-separated, or columns parted by two blanks or more.
///
/// A table begins with a line that names at least two columns of figures (抽检批次, 不合格批次, 不合格率 …) beside one for
/// names, and goes on as long as lines have as many cells.
struct TableReader {
  let source: SourceText
  private(set) var breakdowns: [Breakdown] = []
  /// The lines that belong to no table.
  private(set) var otherLines: [Range<Int>] = []
  /// Rows with numbers that could not be read.
  private(set) var notUnderstood = 0

  static func read(_ source: SourceText) -> TableReader {
    var reader = TableReader(source: source)
    reader.run()
    return reader
  }

  private init(source: SourceText) { self.source = source }

  private mutating func run() {
    let lines = source.lines
    var index = 0
    while index < lines.count {
      guard let header = TableHeader.read(source, lines[index]) else {
        otherLines.append(lines[index])
        index += 1
        continue
      }
      let title = lines[..<index].last { !TableCells.isEmpty(source, $0) }
      var breakdown = Breakdown(
        name: title.map { name(of: $0, header) } ?? header.title, position: source.position(lines[index].lowerBound),
        rows: [])
      index += 1
      while index < lines.count, let cells = header.cells(source, lines[index]) {
        if !cells.isEmpty { add(cells, header, &breakdown) }
        index += 1
      }
      // One sum is the total's; several are sums of parts, and of what is not said.
      if totals.count == 1 { breakdown.total = totals[0] } else { totals.forEach { breakdown.addSubordinate($0) } }
      totals = []
      if !breakdown.rows.isEmpty { breakdowns.append(breakdown) }
    }
  }

  /// The rows 合计 of the table that is being read.
  private var totals: [Figures] = []

  /// A short line above is the table's name.
  private func name(of line: Range<Int>, _ header: TableHeader) -> String {
    let text = source.text(line).drop { "#* 　".contains($0) }
    return text.count <= 40 && !text.contains("|") && !text.contains("。") && !text.isEmpty ? String(text) : header.title
  }

  private mutating func add(_ cells: [Range<Int>], _ header: TableHeader, _ breakdown: inout Breakdown) {
    let name = String(source.text(cells[header.nameColumn]).filter { $0 != " " && $0 != "*" }.prefix(60))
    var figures = Figures(name: name, position: source.position(cells[header.nameColumn].lowerBound))
    var isUnderstood = true
    for column in header.columns {
      let cell = cells[column.index]
      guard let number = TableCells.number(source, cell) else {
        if TableCells.hasDigit(source, cell) { isUnderstood = false }
        continue
      }
      let position = source.position(cell.lowerBound)
      switch column.kind {
      case .count(let role):
        guard !number.hasSign, let count = PrintedCount(number.number, position: position) else {
          isUnderstood = false
          continue
        }
        switch role {
        case .sampled: figures.sampled = count
        case .inspected: figures.inspected = count
        case .passed: figures.passed = count
        case .failed: figures.failed = count
        }
      case .rate(let kind):
        let unit: PrintedPercent.Unit = number.isPerMille ? .perMille : .percent
        guard let percent = PrintedPercent(number.number, unit, position: position) else {
          isUnderstood = false
          continue
        }
        figures.rates.append(PrintedRate(kind: kind, percent: percent))
      }
    }
    if header.hasUnjudged, figures.inspected == nil {
      // What is known to be judged; otherwise nothing is known of it.
      if let passed = figures.passed, let failed = figures.failed {
        figures.inspected = passed.plus(failed)
      } else {
        figures.rates = []
        isUnderstood = false
      }
    }
    if !isUnderstood || !figures.rates.isEmpty && !figures.isCheckable { notUnderstood += 1 }
    if name.hasPrefix("其中") || name == "小计" {
      // Part of the row above, or the sum of some rows: checked by itself, but not added up.
      breakdown.addSubordinate(figures)
    } else if TableReader.totalNames.contains(name) {
      totals.append(figures)
    } else if figures.base != nil || figures.failed != nil || figures.passed != nil || !figures.rates.isEmpty {
      breakdown.rows.append(figures)
    }
  }

  private static let totalNames: Set<String> = ["合计", "总计", "共计", "总数", "全省", "全市", "全国", "全县", "全区", "全州", "总体"]
}
