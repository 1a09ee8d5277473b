import SpotCheckStatistics

/// What every row of an answer says behind its group, in the order of its columns (``RateColumns``).
struct RateValues {
  static let counts = 14
  static let rates = 4

  /// Every sample in exactly one class: samples = inspected + the classes behind failed. Pending and label-only samples
  /// are among them.
  let counts: InlineArray<14, Int>
  let proportion: Proportion?
  /// Wilson's, 95 %.
  let interval: Interval?
  /// What the rate is called; nil without one.
  let name: String?
  let finding: Proportion?
  let tier: CellTier?

  init(_ row: borrowing RateRow) {
    let all = row.counts
    counts = [
      all.samples, all.inspected, all.passed, all.failed, all.undetermined, all.notTested, all.refused, all.unlicensed,
      all.riskMonitoring, all.screening, all.screeningPositive, all.listed, all.labelOnly, all.pending,
    ]
    proportion = row.proportion
    interval = proportion?.interval(.wilson)
    name = proportion?.rate == nil ? nil : row.rateName
    finding = row.finding
    tier = row.tier
  }
}
