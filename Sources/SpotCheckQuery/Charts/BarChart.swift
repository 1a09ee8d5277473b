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

  /// What must be said of intervals that leave the axis: few samples say little, and would squeeze all others.
  var cutWarning: String? {
    let isCut = rows.contains { row in
      guard isDrawn(row), let interval = row.interval else { return false }
      return !axis.contains(interval.lower) || !axis.contains(interval.upper)
    }
    return isCut ? "有区间超出轴的范围，只画到轴端；两端见数字" : nil
  }

  static let legend = "* 样本 5–29，不宜排名；x/n 样本不足 5，只看数量，不画"
}
