import SpotCheckModel
import SpotCheckStatistics

extension TextPage {
  static let plotHeight = 14

  /// Periods from left to right, a mark a rate, dots between neighbours.
  mutating func draw(_ chart: TrendChart, _ text: RateText) {
    let margin = chart.axis.ticks.map { RateAxis.text($0).utf8.count }.reduce(4, max) + 2
    let count = chart.periods.count
    var canvas = PlotCanvas(width: min(width - margin, max(20, count * 10)), height: TextPage.plotHeight)
    func dot(_ index: Int, _ rate: Double) -> (x: Int, y: Int) {
      canvas.dot(count > 1 ? Double(index) / Double(count - 1) : 0.5, chart.axis.place(rate))
    }
    if let target = source.target, chart.axis.contains(target) {
      let y = canvas.cell(dot(0, target)).y
      for x in 0..<canvas.width { canvas.put("┄", x, y, .faint) }
    }
    for (index, line) in chart.series.enumerated() {
      for run in line.runs {
        for (left, right) in zip(run, run.dropFirst()) {
          guard let from = line.points[left]?.rate, let to = line.points[right]?.rate else { continue }
          canvas.line(dot(left, from), dot(right, to), .series(index))
        }
      }
    }
    for (index, line) in chart.series.enumerated() {
      for place in line.points.indices where line.isDrawn(place) {
        guard let point = line.points[place], let rate = point.rate else { continue }
        if chart.series.count == 1, let interval = point.interval {
          let (top, bottom) = (canvas.cell(dot(place, interval.upper)), canvas.cell(dot(place, interval.lower)))
          for y in top.y...bottom.y { canvas.put("│", top.x, y, .faint) }
        }
        let cell = canvas.cell(dot(place, rate))
        canvas.put(TextPage.mark(index, isHollow: point.tier != .full), cell.x, cell.y, .series(index))
      }
    }
    plot(canvas, chart.axis, margin: margin)
    axis(
      chart.periods.enumerated().map { (canvas.cell(dot($0.offset, 0)).x, $0.element) }, margin: margin,
      width: canvas.width)
    for (index, line) in chart.series.enumerated() {
      let drawn = line.points.indices.filter { line.isDrawn($0) }
      let ends = (drawn.count > 1 ? [drawn.first, drawn.last] : [drawn.first]).compactMap { $0 }
      let words = ends.compactMap { end in
        line.points[end].map { chart.periods[end] + " " + $0.rateText(text) + $0.phrases.bracketed($0.sizeText) }
      }
      say(
        TextPage.mark(index, isHollow: false) + " " + line.label + source.phrases.colon
          + (words.isEmpty ? RateText.none : words.joined(separator: " → ")),
        .series(index))
    }
    if let target = source.target {
      say("┄ " + targetWords(target, chart.axis))
    }
    if chart.series.count == 1, chart.series[0].points.contains(where: { $0?.interval != nil }) {
      say("│ " + source.phrases.intervalName)
    }
    if chart.series.contains(where: { line in
      line.points.indices.contains { line.isDrawn($0) && line.points[$0]?.tier != .full }
    }) {
      say(source.phrases.hollow)
    }
    for remark in chart.remarks { say(remark) }
    if let warning = chart.axis.warning(source.phrases) { say(warning) }
  }

  /// The rows of a plot with the ends and ticks of its rates on the left.
  mutating func plot(_ canvas: PlotCanvas, _ axis: RateAxis, margin: Int) {
    var ticks: [Int: String] = [:]
    for tick in axis.ticks {
      ticks[canvas.cell(canvas.dot(0, axis.place(Double(tick) / 10_000))).y] = RateAxis.text(tick)
    }
    for y in 0..<canvas.height {
      var line = StyledLine()
      line.append(ticks[y] ?? "", to: margin - 2, right: true)
      line.append(ticks[y] == nil ? " │" : " ┤")
      line.append(canvas.row(y))
      lines.append(line)
    }
  }

  static func mark(_ series: Int, isHollow: Bool) -> String {
    (isHollow ? ["○", "△", "□", "◇", "▽", "☆"] : ["●", "▲", "■", "◆", "▼", "★"])[series % 6]
  }
}
