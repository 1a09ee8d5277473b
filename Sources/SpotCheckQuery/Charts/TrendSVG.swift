import SpotCheckStatistics

extension SVGPage {
  static let plotHeight = 300.0

  mutating func draw(_ chart: TrendChart, _ text: RateText) {
    for (index, line) in chart.series.enumerated() where chart.series.count > 1 {
      y += 17
      canvas.line(
        SVGPage.margin, y - 4, SVGPage.margin + 28, y - 4, stroke: SVGPage.series[index], dash: SVGPage.dashes[index],
        width: 2)
      canvas.mark(index, SVGPage.margin + 14, y - 4, colour: SVGPage.series[index])
      canvas.text(SVGPage.margin + 36, y, source.phrases.lines(line.label, columns: 100).first ?? "")
    }
    let (left, right) = (SVGPage.margin + 48, SVGPage.width - SVGPage.margin - 24)
    let top = y + 22
    let count = chart.periods.count
    func x(_ index: Int) -> Double {
      count > 1 ? left + 12 + (right - left - 24) * Double(index) / Double(count - 1) : (left + right) / 2
    }
    func height(_ rate: Double) -> Double { top + (1 - chart.axis.place(rate)) * SVGPage.plotHeight }
    let bottom = top + SVGPage.plotHeight
    frame(chart.axis, left, right, height)
    y = bottom + 16
    var free = 0.0
    for (index, period) in chart.periods.enumerated() where x(index) - SVGCanvas.width(period) / 2 >= free {
      canvas.line(x(index), bottom, x(index), bottom + 4, stroke: SVGPage.grey)
      canvas.text(x(index), y, period, anchor: .middle, fill: SVGPage.grey)
      free = x(index) + SVGCanvas.width(period) / 2 + 6
    }
    y += 4
    for (index, line) in chart.series.enumerated() {
      let colour = SVGPage.series[index]
      for run in line.runs {
        canvas.polyline(
          run.compactMap { place in line.points[place]?.rate.map { (x(place), height($0)) } }, stroke: colour,
          dash: SVGPage.dashes[index], width: 2)
      }
      for place in line.points.indices {
        guard let point = line.points[place] else { continue }
        canvas.group(point, point.sentence(text, source.rateHeading)) { canvas in
          guard line.isDrawn(place), let rate = point.rate else { return }
          if chart.series.count == 1, let interval = point.interval {
            canvas.line(x(place), height(interval.upper), x(place), height(interval.lower), stroke: SVGPage.grey)
          }
          canvas.mark(index, x(place), height(rate), colour: colour, isHollow: point.tier != .full)
        }
      }
    }
    target(chart.axis, text, from: (left, height(source.target ?? 0)), to: (right, height(source.target ?? 0)))
    if chart.series.count == 1 { say(source.phrases.thinLine) }
    if chart.series.contains(where: { $0.points.contains { $0?.tier == .lowSample } }) { say(source.phrases.hollow) }
    for remark in chart.remarks { say(remark) }
    if let warning = chart.axis.warning(source.phrases) { say(warning) }
    essence.append(
      [
        source.title, source.phrases.span(chart.periods.first ?? "", chart.periods.last ?? ""),
        source.phrases.lines(chart.series.count),
      ].joined(separator: source.phrases.comma))
  }

  /// Lines and words at the ticks of an axis from bottom to top.
  mutating func frame(_ axis: RateAxis, _ left: Double, _ right: Double, _ height: (Double) -> Double) {
    for tick in axis.ticks {
      let place = height(Double(tick) / 10_000)
      canvas.line(left, place, right, place, stroke: SVGPage.grid)
      canvas.text(left - 6, place + 4, RateAxis.text(tick), anchor: .end, fill: SVGPage.grey)
    }
    canvas.line(left, height(Double(axis.low) / 10_000), right, height(Double(axis.low) / 10_000), stroke: SVGPage.ink)
  }
}
