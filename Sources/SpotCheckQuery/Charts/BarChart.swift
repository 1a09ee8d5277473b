import SpotCheckStatistics

/// Rates as lengths, or as dots on an axis that does not start at 0.
struct BarChart: Sendable {
  var rows: [ChartRow]
  /// Index of the first sum.
  var firstSum: Int
  var axis: RateAxis
  var target: Double?

  init(_ source: ChartSource, axis choice: ChartAxis = .zero) {
    rows = source.rows + source.sums
    firstSum = source.rows.count
    target = source.target
    var values = rows.filter { $0.tier != .countsOnly }.compactMap(\.rate)
    values += rows.filter { $0.tier == .full }.compactMap(\.interval).flatMap { [$0.lower, $0.upper] }
    axis = RateAxis(choice, around: values + (target.map { [$0] } ?? []))
  }

  /// Whether lengths may be drawn.
  var hasBars: Bool { axis.startsAtZero }

  /// Rates of fewer than five samples are numbers beside the chart and nothing in it.
  func isDrawn(_ row: ChartRow) -> Bool { row.rate != nil && row.tier != .countsOnly }

  static let legend = "* 样本 5–29，不宜排名；x/n 样本不足 5，只看数量，不画"
}
