import SpotCheckStatistics

extension TextPage {
  /// Points between two pairs of limits; those outside have a letter, and their names stand below.
  mutating func draw(_ chart: FunnelChart, _ text: RateText) {
    let margin = chart.rates.ticks.map { RateAxis.text($0).utf8.count }.reduce(4, max) + 2
    var canvas = PlotCanvas(width: min(width - margin, 100), height: TextPage.plotHeight + 4)
    let middle = canvas.dot(0, chart.rates.place(chart.centre)).y
    for x in 0..<canvas.dotWidth {
      let samples = FunnelText.samples(x, canvas.dotWidth, chart.sizes)
      guard samples > 0 else { continue }
      for isOuter in [false, true] {
        guard let limits = chart.limits(samples, isOuter: isOuter) else { continue }
        // The 95 % line is broken.
        for end in [limits.lower, limits.upper] where chart.rates.contains(end) && (isOuter || x % 4 < 2) {
          canvas.set(x, canvas.dot(0, chart.rates.place(end)).y, .faint)
        }
      }
    }
    for x in 0..<canvas.width { canvas.put("─", x, middle / 4, .faint) }
    for group in chart.groups {
      guard let rate = group.proportion.rate else { continue }
      let cell = canvas.cell(canvas.dot(chart.sizes.place(group.proportion.total), chart.rates.place(rate)))
      guard let mark = group.mark else {
        canvas.put(group.signal == nil ? "○" : "●", cell.x, cell.y)
        continue
      }
      canvas.put("●", cell.x, cell.y, .bad)
      // Beside the point, on the side where there is room.
      let start = cell.x + mark.utf8.count < canvas.width ? cell.x + 1 : cell.x - mark.utf8.count
      for (offset, letter) in mark.enumerated() { canvas.put(String(letter), start + offset, cell.y, .bad) }
    }
    plot(canvas, chart.rates, margin: margin)
    axis(
      chart.sizes.ticks.map { (canvas.cell(canvas.dot(chart.sizes.place($0), 0)).x, String($0)) }, margin: margin,
      width: canvas.width)
    say(source.phrases.funnelAxes(source.sizeHeading, source.rateHeading))
    for finding in chart.findings(text) { say(finding) }
    if let warning = chart.rates.warning(source.phrases) { say(warning + source.phrases.limitsCut) }
  }
}

enum FunnelText {
  /// The number of samples that a column of a plot stands for.
  static func samples(_ column: Int, _ columns: Int, _ axis: CountAxis) -> Int {
    Int(Double(axis.high) * Double(column) / Double(max(columns - 1, 1)))
  }
}
