import SpotCheckStatistics

extension SVGPage {
  mutating func draw(_ chart: FunnelChart, _ text: RateText) {
    let (left, right) = (SVGPage.margin + 48, SVGPage.width - SVGPage.margin - 24)
    let top = y + 16
    let tall = SVGPage.plotHeight + 40
    func x(_ samples: Int) -> Double { left + chart.sizes.place(samples) * (right - left) }
    func height(_ rate: Double) -> Double { top + (1 - chart.rates.place(rate)) * tall }
    frame(chart.rates, left, right, height)
    y = top + tall + 16
    for tick in chart.sizes.ticks {
      canvas.line(x(tick), top + tall, x(tick), top + tall + 4, stroke: SVGPage.grey)
      canvas.text(x(tick), y, String(tick), anchor: .middle, fill: SVGPage.grey)
    }
    y += 17
    canvas.text((left + right) / 2, y, source.sizeHeading, anchor: .middle, fill: SVGPage.grey)
    for isOuter in [false, true] {
      for end in [\Interval.lower, \Interval.upper] {
        // A limit beyond the axis is not drawn along its edge.
        var run: [(Double, Double)] = []
        for step in 0...200 {
          let samples = FunnelText.samples(step, 201, chart.sizes)
          guard samples > 0, let limits = chart.limits(samples, isOuter: isOuter),
            chart.rates.contains(limits[keyPath: end])
          else {
            canvas.polyline(run, stroke: SVGPage.grey, dash: isOuter ? "" : "5 3")
            run = []
            continue
          }
          run.append((x(samples), height(limits[keyPath: end])))
        }
        canvas.polyline(run, stroke: SVGPage.grey, dash: isOuter ? "" : "5 3")
      }
    }
    canvas.line(left, height(chart.centre), right, height(chart.centre), stroke: SVGPage.ink)
    for group in chart.groups {
      guard let rate = group.proportion.rate else { continue }
      let (px, py) = (x(group.proportion.total), height(rate))
      canvas.group(group.row, group.row.sentence(text, source.rateHeading)) { canvas in
        let isOutside = group.mark != nil
        canvas.mark(
          isOutside ? 3 : 0, px, py, colour: isOutside ? SVGPage.target : SVGPage.series[0],
          isHollow: group.signal == nil,
          radius: isOutside ? 5 : 4)
        if let mark = group.mark { canvas.text(px + 8, py + 4, mark, fill: SVGPage.target, isBold: true) }
      }
    }
    say(source.phrases.funnelLines)
    for finding in chart.findings(text) { say(finding, fill: SVGPage.ink) }
    if let warning = chart.rates.warning(source.phrases) { say(warning + source.phrases.limitsCut) }
    essence.append(source.phrases.funnel(source.title))
    essence += chart.findings(text)
  }
}
