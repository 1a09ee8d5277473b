import SpotCheckModel
import SpotCheckStatistics

extension SVGPage {
  /// Dark for low rates. Every cell has its number, so that nothing is said by colour alone.
  static let shades = [("#08519c", "#ffffff"), ("#2171b5", "#ffffff"), ("#9ecae1", "#222222"), ("#deebf7", "#222222")]

  mutating func draw(_ chart: HeatChart, _ text: RateText) {
    let names = chart.rowLabels.map { DisplayWidth.cut($0, to: 28) }
    let left = SVGPage.margin + names.reduce(30) { max($0, SVGCanvas.width($1)) } + 8
    let numbers = chart.cells.joined().reduce(0) { max($0, SVGCanvas.width(HeatChart.text($1, text))) }
    let heads = chart.columnLabels.map { DisplayWidth.cut($0, to: 14) }
    let cell = max(numbers + 10, heads.reduce(0) { max($0, SVGCanvas.width($1)) } + 6)
    let perBlock = max(1, Int((SVGPage.width - SVGPage.margin - left) / cell))
    for start in stride(from: 0, to: heads.count, by: perBlock) {
      let block = start..<min(start + perBlock, heads.count)
      y += start == 0 ? 14 : 26
      for column in block {
        canvas.text(left + (Double(column - start) + 0.5) * cell, y, heads[column], anchor: .middle, fill: SVGPage.grey)
      }
      y += 6
      for (row, cells) in chart.cells.enumerated() {
        canvas.text(left - 8, y + 17, names[row], anchor: .end)
        for column in block { draw(cells[column], chart, text, left + Double(column - start) * cell, cell - 2) }
        y += 26
      }
    }
    y += 10
    var x = left
    for index in chart.classes.indices {
      canvas.rect(x, y, 16, 14, fill: SVGPage.shades[index].0, stroke: SVGPage.grey)
      canvas.text(x + 22, y + 11, chart.classText(index))
      x += 48 + SVGCanvas.width(chart.classText(index))
    }
    y += 16
    say(source.phrases.heatLegend)
    essence.append(
      source.title + source.phrases.comma + source.phrases.field(chart.rowLabels.count, chart.columnLabels.count))
  }

  private mutating func draw(_ row: ChartRow?, _ chart: HeatChart, _ text: RateText, _ x: Double, _ width: Double) {
    let words = HeatChart.text(row, text)
    let top = y
    guard let row else {
      canvas.text(x + width / 2, top + 17, words, anchor: .middle, fill: SVGPage.grey)
      return
    }
    let look = chart.shade(row).map { SVGPage.shades[$0] }
    canvas.group(row, row.sentence(text, source.rateHeading)) { canvas in
      canvas.rect(x, top, width, 24, fill: look?.0 ?? "#ffffff", stroke: look == nil ? SVGPage.grid : "")
      canvas.text(x + width / 2, top + 17, words, anchor: .middle, fill: look?.1 ?? SVGPage.grey)
    }
  }
}
