/// x of n: the integers every rate, interval and verdict is derived from. Never a percentage.
public struct Proportion: Sendable, Hashable {
  /// x, the ones that have the property (batches passed; or failed, if that is what is asked).
  public let count: Int
  /// n, all that were judged.
  public let total: Int

  /// nil unless 0 ≤ count ≤ total. `0 of 0` is allowed: a cell without samples; its rate and intervals are nil.
  public init?(_ count: Int, of total: Int) {
    guard count >= 0, count <= total else { return nil }
    self.count = count
    self.total = total
  }

  private init(valid count: Int, _ total: Int) {
    self.count = count
    self.total = total
  }

  /// x/n; nil for n = 0.
  public var rate: Double? { total > 0 ? Double(count) / Double(total) : nil }

  /// n − x of n: failures for passes.
  public var complement: Proportion { Proportion(valid: total - count, total) }

  /// The pooled proportion; nil if the sums leave `Int`. The empty list gives 0 of 0.
  public static func sum(_ parts: some Sequence<Proportion>) -> Proportion? {
    var count = 0
    var total = 0
    for part in parts {
      let (counts, countsOverflow) = count.addingReportingOverflow(part.count)
      let (totals, totalsOverflow) = total.addingReportingOverflow(part.total)
      if countsOverflow || totalsOverflow { return nil }
      (count, total) = (counts, totals)
    }
    return Proportion(valid: count, total)
  }

  /// What is left when a part is taken out: the samples not drawn at random, the trade beside the producers. nil if `part`
  /// cannot be a part of this.
  public func removing(_ part: Proportion) -> Proportion? {
    Proportion(count - part.count, of: total - part.total)
  }

  /// x/n as Doubles for formulas; only for n > 0.
  var x: Double { Double(count) }
  var n: Double { Double(total) }
  var p: Double { Double(count) / Double(total) }
  var q: Double { Double(total - count) / Double(total) }
}

/// A closed interval of rates (or of differences of rates).
public struct Interval: Sendable, Hashable {
  public var lower: Double
  public var upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  public var width: Double { upper - lower }

  /// The interval of 1 − rate.
  public var complement: Interval { Interval(lower: 1 - upper, upper: 1 - lower) }

  public func contains(_ value: Double) -> Bool { value >= lower && value <= upper }
}
