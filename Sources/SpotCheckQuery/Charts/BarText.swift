import SpotCheckModel
import SpotCheckStatistics

extension TextPage {
  /// Names, plot, rate, n, interval and verdict side by side; each interval below its bar, or around its dot.
  mutating func draw(_ chart: BarChart, _ text: RateText) {
    let rates = chart.rows.map { $0.rateText(text) + ($0.rate != nil && $0.tier == .lowSample ? "*" : " ") }
    let sizes = chart.rows.map { row in
      guard row.tier == .countsOnly, row.rate != nil, let counts = row.proportion else { return row.sizeText }
      return "\(counts.count)/\(counts.total)"
    }
    let intervals = chart.rows.map { $0.intervalText(text) ?? "" }
    let words = chart.rows.map { row in
      row.isSuppressed
        ? row.phrases.unpublished : row.verdict.map { DisplayWidth.cut(row.phrases.verdict($0), to: 12) } ?? ""
    }
    func widest(_ texts: [String]) -> Int { texts.reduce(0) { max($0, DisplayWidth.of($1)) } }
    let names = widest(chart.rows.map(\.label))
    // The rate and its n always stand there; interval and verdict where there is room for a plot beside them.
    var columns = [(rates, true), (sizes, false)]
    var taken = widest(rates) + widest(sizes) + 2
    var (named, plot) = room(names: names, taken: taken)
    for more in [words, intervals] where widest(more) > 0 {
      let (lessNamed, lessPlot) = room(names: names, taken: taken + widest(more) + 1)
      guard lessPlot >= 24 else { continue }
      columns.append((more, false))
      taken += widest(more) + 1
      (named, plot) = (lessNamed, lessPlot)
    }
    let target = chart.target.flatMap { chart.axis.contains($0) ? column($0, chart.axis, plot) : nil }
    let drawsIntervals = plot > 0 && chart.rows.count <= TextPage.mostIntervals
    for (index, row) in chart.rows.enumerated() {
      if index == chart.firstSum, index > 0 { lines.append(rule(named, plot)) }
      var line = StyledLine()
      line.append(fitted(row.label, named), to: named)
      if plot > 0 {
        line.append("│")
        line.append(chart.hasBars ? bar(row, chart, plot, target) : whisker(row, chart, plot, target, dot: true))
      }
      for (texts, right) in columns {
        let width = widest(texts)
        line.append(" ")
        line.append(texts[index], to: width, right: right, right ? TextPage.style(row) : .plain)
      }
      lines.append(line)
      if chart.hasBars, drawsIntervals, row.interval != nil, chart.isDrawn(row) {
        var below = StyledLine()
        below.append("", to: named)
        below.append("│")
        below.append(whisker(row, chart, plot, target, dot: false))
        lines.append(below)
      }
    }
    if plot > 0 {
      axis(
        chart.axis.ticks.map { (column(Double($0) / 10_000, chart.axis, plot), RateAxis.text($0)) }, margin: named + 1,
        width: plot + 1)
    }
    if let target = chart.target {
      say("┊ " + targetWords(target, chart.axis))
    }
    if drawsIntervals, chart.rows.contains(where: { $0.interval != nil }) { say("├─┤ " + source.phrases.intervalName) }
    if chart.rows.contains(where: { $0.rate != nil && $0.tier != .full }) { say(source.phrases.barLegend) }
    if let warning = chart.axis.warning(source.phrases) { say(warning + source.phrases.dotsForBars) }
    if drawsIntervals, let warning = chart.cutWarning { say(warning) }
  }

  /// The target, and that it is not on the axis.
  func targetWords(_ target: Double, _ axis: RateAxis) -> String {
    source.phrases.target(RateText.target(target)) + (axis.contains(target) ? "" : source.phrases.offAxis)
  }

  /// With more rows than this an interval is text alone.
  static let mostIntervals = 25

  /// Columns of names and of the plot beside what is taken.
  private func room(names: Int, taken: Int) -> (names: Int, plot: Int) {
    let named = max(1, min(names, max(10, (width - taken) / 3), width - taken))
    // The bar's left edge and the column of the right end.
    let plot = min(width - taken - named - 2, 100)
    return plot >= 8 ? (named, plot) : (max(1, min(names, width - taken)), 0)
  }

  private func rule(_ named: Int, _ plot: Int) -> StyledLine {
    var line = StyledLine()
    line.append(String(repeating: "─", count: named) + (plot > 0 ? "┤" : ""))
    return line
  }

  /// The column of a rate: `plot` columns lie between the ends of the axis, and one behind for the right end.
  private func column(_ rate: Double, _ axis: RateAxis, _ plot: Int) -> Int { Int(axis.place(rate) * Double(plot)) }

  /// A bar in eighths of a column. All and none are the only ones that are full and empty.
  private func bar(_ row: ChartRow, _ chart: BarChart, _ plot: Int, _ target: Int?) -> StyledLine {
    var cells = Array(repeating: " ", count: plot + 1)
    var full = 0
    if let target { cells[target] = "┊" }
    if chart.isDrawn(row), let rate = row.rate {
      let eighths = TextPage.eighths(chart.axis.place(rate), plot)
      full = eighths / 8 + (eighths % 8 > 0 ? 1 : 0)
      for index in 0..<(eighths / 8) { cells[index] = "█" }
      if eighths % 8 > 0 { cells[eighths / 8] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8 - 1] }
    }
    var line = StyledLine()
    line.append(cells[..<full].joined(), TextPage.style(row) == .plain ? .bar : TextPage.style(row))
    line.append(cells[full...].joined())
    return line
  }

  static func eighths(_ place: Double, _ plot: Int) -> Int {
    let all = plot * 8
    let exact = Int((place * Double(all)).rounded(.down))
    return place <= 0 ? 0 : place >= 1 ? all : min(max(exact, 1), all - 1)
  }

  private func whisker(_ row: ChartRow, _ chart: BarChart, _ plot: Int, _ target: Int?, dot: Bool) -> StyledLine {
    var cells = Array(repeating: " ", count: plot + 1)
    if let target { cells[target] = "┊" }
    guard chart.isDrawn(row), let rate = row.rate else {
      var line = StyledLine()
      line.append(cells.joined())
      return line
    }
    if let interval = row.interval {
      let (low, high) = (column(interval.lower, chart.axis, plot), column(interval.upper, chart.axis, plot))
      for index in low...high { cells[index] = "─" }
      // An end that lies beyond the axis is an arrow.
      cells[high] = chart.axis.contains(interval.upper) ? "┤" : "▸"
      cells[low] = low == high ? "│" : chart.axis.contains(interval.lower) ? "├" : "◂"
    }
    if dot { cells[column(rate, chart.axis, plot)] = row.tier == .lowSample ? "○" : "●" }
    var line = StyledLine()
    line.append(cells.joined(), dot ? TextPage.style(row) : .faint)
    return line
  }

  /// The look of a row: its verdict, or how little it is worth.
  static func style(_ row: ChartRow) -> ChartStyle {
    guard row.tier == .full else { return .faint }
    switch row.verdict?.code {
    case "met": return .good
    case "not_met": return .bad
    case "not_proven": return .doubtful
    default: return .plain
    }
  }
}
