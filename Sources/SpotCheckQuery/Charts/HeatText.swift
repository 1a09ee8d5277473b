import SpotCheckModel
import SpotCheckStatistics

extension TextPage {
  /// A cell is a shade and its number; columns that do not fit stand below, never left out.
  mutating func draw(_ chart: HeatChart, _ text: RateText, colours: Bool) {
    var texts = chart.cells.map { $0.map { HeatChart.text($0, text) } }
    if texts.joined().contains(where: { $0.hasSuffix("*") }) {
      texts = texts.map { $0.map { $0.hasSuffix("*") ? $0 : $0 + " " } }
    }
    let numbers = texts.joined().reduce(0) { max($0, DisplayWidth.of($1)) }
    let heads = chart.columnLabels.reduce(0) { max($0, DisplayWidth.of($1)) }
    // Blank, shade, blank, number.
    let cell = max(numbers + 3, min(heads + 1, 12))
    let names = chart.rowLabels.reduce(0) { max($0, DisplayWidth.of($1)) }
    let named = max(1, min(names, max(8, width / 4), width - cell - 1))
    let perBlock = max(1, (width - named - 1) / cell)
    for start in stride(from: 0, to: chart.columnLabels.count, by: perBlock) {
      let block = start..<min(start + perBlock, chart.columnLabels.count)
      if start > 0 { lines.append(StyledLine()) }
      var head = StyledLine()
      head.append(String(repeating: " ", count: named + 1))
      for column in block {
        head.append(" ")
        head.append(fitted(chart.columnLabels[column], cell - 1), to: cell - 1, right: true)
      }
      lines.append(head)
      for (row, label) in chart.rowLabels.enumerated() {
        var line = StyledLine()
        line.append(start == 0 ? fitted(label, named) : DisplayWidth.cut(label, to: named), to: named)
        line.append(" ")
        for column in block {
          let shade = chart.cells[row][column].flatMap(chart.shade)
          line.append(" ")
          let number = (shade.map { colours ? "" : TextPage.shades[$0] + " " } ?? "") + texts[row][column]
          line.append(number, to: cell - 1, right: true, shade.map { .shade($0) } ?? .plain)
        }
        lines.append(line)
      }
    }
    lines.append(StyledLine())
    var legend = StyledLine()
    for index in chart.classes.indices {
      let words = chart.classText(index)
      if legend.width + DisplayWidth.of(words) + 4 > width {
        lines.append(legend)
        legend = StyledLine()
      }
      legend.append(colours ? "  " : TextPage.shades[index] + " ", .shade(index))
      legend.append(words + "  ")
    }
    lines.append(legend)
    say(source.phrases.heatLegend)
  }

  /// The lower the rate, the darker.
  static let shades = ["█", "▓", "▒", "░"]
}
