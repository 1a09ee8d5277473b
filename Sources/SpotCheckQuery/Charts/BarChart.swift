import SpotCheckStatistics

/// Rates as lengths, or as dots on an axis that does not start at 0.
struct BarChart: Sendable {
  var rows: [ChartRow]
  /// Index of the first sum.
  var firstSum: Int
  var axis: RateAxis
  var target: Double?
  let phrases: ChartPhrases

  init(_ source: ChartSource, axis choice: ChartAxis = .zero) {
    rows = source.rows + source.sums
    firstSum = source.rows.count
    target = source.target
    phrases = source.phrases
    var values = rows.filter { $0.tier != .countsOnly }.compactMap(\.rate)
    values += rows.filter { $0.tier == .full }.compactMap(\.interval).flatMap { [$0.lower, $0.upper] }
    axis = RateAxis(choice, around: values + (target.map { [$0] } ?? []))
  }

  /// Whether lengths may be drawn.
  var hasBars: Bool { axis.startsAtZero }

  /// Rates of fewer than five samples are numbers beside the chart and nothing in it.
  func isDrawn(_ row: ChartRow) -> Bool { row.rate != nil && row.tier != .countsOnly }

  /// What must be said of intervals that leave the axis: few samples say little, and would squeeze all others.
  var cutWarning: String? {
    let isCut = rows.contains { row in
      guard isDrawn(row), let interval = row.interval else { return false }
      return !axis.contains(interval.lower) || !axis.contains(interval.upper)
    }
    return isCut ? phrases.intervalsCut : nil
  }
}
