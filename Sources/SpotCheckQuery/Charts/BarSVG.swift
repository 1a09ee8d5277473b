import SpotCheckModel
import SpotCheckStatistics

extension SVGPage {
  /// A row: name, bar (or dot) with its interval, rate and n in words.
  mutating func draw(_ chart: BarChart, _ text: RateText) {
    let names = chart.rows.map { DisplayWidth.cut($0.label, to: 32) }
    let left = SVGPage.margin + min(names.reduce(40) { max($0, SVGCanvas.width($1)) }, 220) + 8
    let words = chart.rows.map { row in
      let mark = row.rate != nil && row.tier == .lowSample ? "*" : ""
      let counts = row.rate != nil && row.tier == .countsOnly ? row.proportion.map { "\($0.count)/\($0.total)" } : nil
      let verdict =
        row.isSuppressed
        ? row.phrases.unpublished : row.verdict.map { DisplayWidth.cut(row.phrases.verdict($0), to: 12) }
      return [row.rateText(text) + mark, counts ?? row.sizeText, verdict].compactMap { $0 }.joined(separator: " · ")
    }
    let right = SVGPage.width - SVGPage.margin - words.reduce(60) { max($0, SVGCanvas.width($1)) } - 8
    func x(_ rate: Double) -> Double { left + chart.axis.place(rate) * (right - left) }
    let rowHeight = 26.0
    let top = y + 6
    let bottom = top + rowHeight * Double(chart.rows.count) + (chart.firstSum < chart.rows.count ? 6 : 0)
    grid(chart.axis, x, top, bottom)
    for (index, row) in chart.rows.enumerated() {
      let gap = index >= chart.firstSum ? 6.0 : 0
      let middle = top + rowHeight * (Double(index) + 0.5) + gap
      if index == chart.firstSum, index > 0 {
        canvas.line(
          SVGPage.margin, middle - rowHeight / 2 - 3, SVGPage.width - SVGPage.margin, middle - rowHeight / 2 - 3,
          stroke: SVGPage.ink)
      }
      canvas.group(row, row.sentence(text, source.rateHeading)) { canvas in
        canvas.text(left - 8, middle + 4, names[index], anchor: .end, isBold: row.isSum)
        if chart.isDrawn(row), let rate = row.rate {
          let isFull = row.tier == .full
          if chart.hasBars {
            canvas.rect(
              left, middle - 8, x(rate) - left, 16, fill: isFull ? SVGPage.bar : "#ffffff",
              stroke: isFull ? "" : SVGPage.bar)
          }
          if let interval = row.interval {
            let (low, high) = (x(interval.lower), x(interval.upper))
            canvas.line(low, middle, high, middle, stroke: SVGPage.ink)
            if chart.axis.contains(interval.lower) {
              canvas.line(low, middle - 4, low, middle + 4, stroke: SVGPage.ink)
            }
            if chart.axis.contains(interval.upper) {
              canvas.line(high, middle - 4, high, middle + 4, stroke: SVGPage.ink)
            }
          }
          if !chart.hasBars { canvas.mark(0, x(rate), middle, colour: SVGPage.series[0], isHollow: !isFull) }
        }
        canvas.text(right + 8, middle + 4, words[index], isBold: row.isSum)
      }
    }
    target(chart.axis, text, from: (x(chart.target ?? 0), top), to: (x(chart.target ?? 0), bottom))
    y = bottom
    ticks(chart.axis, x)
    if chart.rows.contains(where: { $0.interval != nil && chart.isDrawn($0) }) { say(source.phrases.thinLine) }
    if chart.rows.contains(where: { $0.rate != nil && $0.tier != .full }) {
      say(source.phrases.barLegend + (chart.hasBars ? source.phrases.hollowLikeStar : ""))
    }
    if let warning = chart.axis.warning(source.phrases) { say(warning + source.phrases.dotsForBars) }
    if let warning = chart.cutWarning { say(warning) }
    essence.append(source.title + source.phrases.comma + source.phrases.rows(chart.firstSum))
    if let target = chart.target { essence.append(source.phrases.target(RateText.target(target))) }
  }

  static let bar = "#6f9fcc"

  /// Thin lines at the ticks of an axis from left to right.
  mutating func grid(_ axis: RateAxis, _ x: (Double) -> Double, _ top: Double, _ bottom: Double) {
    for tick in axis.ticks {
      let place = x(Double(tick) / 10_000)
      canvas.line(place, top, place, bottom, stroke: SVGPage.grid)
    }
  }

  mutating func ticks(_ axis: RateAxis, _ x: (Double) -> Double) {
    y += 16
    for tick in axis.ticks {
      canvas.text(x(Double(tick) / 10_000), y, RateAxis.text(tick), anchor: .middle, fill: SVGPage.grey)
    }
    y += 4
  }

  /// The target as a broken line: its words on top of it, or below the picture.
  mutating func target(_ axis: RateAxis, _ text: RateText, from: (Double, Double), to: (Double, Double)) {
    guard let target = source.target else { return }
    let words = source.phrases.target(RateText.target(target))
    guard axis.contains(target) else { return say(words + source.phrases.offAxis) }
    canvas.line(from.0, from.1, to.0, to.1, stroke: SVGPage.target, dash: "5 3", width: 1.5)
    // On a line that runs across, words would cover points.
    guard from.0 == to.0 else { return say(source.phrases.redLine + words) }
    canvas.text(from.0, from.1 - 4, words, anchor: .middle, fill: SVGPage.target)
  }
}
