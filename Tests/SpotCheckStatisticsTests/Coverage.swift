import SpotCheckStatistics

/// How often an interval method covers the true rate, for one number of samples: by enumeration, over all rates at once.
///
/// Let L(x)…U(x) be the intervals. For a rate p the coverage is Σ P(X = x) over the x with L(x) ≤ p ≤ U(x). Between two
/// neighbouring ends of intervals these x do not change, and as the ends rise with x they lie side by side, a…b. There
/// P(a ≤ X ≤ b) has one hump as a function of p, so its least value is at one of the two ends: the infimum over the whole
/// continuum of rates needs no grid. The mean for rates spread evenly over 0…1 is Σ ∫ P(X = x) dp over each interval, and the
/// integral is that of a Beta(x+1, n−x+1) distribution divided by n+1.
struct Coverage {
  var intervals: [Interval]
  var least: Double
  /// The rate at which (or right beside which) the coverage is least.
  var leastAt: Double
  var mean: Double

  init?(_ method: IntervalMethod, n: Int, confidence: Double = 0.95) {
    intervals = (0...n).compactMap { Proportion($0, of: n)?.interval(method, confidence: confidence) }
    guard intervals.count == n + 1 else { return nil }
    least = 1
    leastAt = 0
    let borders = ([0, 1] + intervals.flatMap { [$0.lower, $0.upper] }).sorted()
    // The intervals that hold a rate: rising ends let both bounds of a…b only move up.
    var (first, last) = (0, 0)
    for (left, right) in zip(borders, borders.dropFirst()) where right - left > 1e-12 {
      let middle = (left + right) / 2
      while first <= n, intervals[first].upper < middle { first += 1 }
      last = max(last, first)
      while last < n, intervals[last + 1].lower <= middle { last += 1 }
      for p in [left, right] {
        let covered = first <= n ? Self.between(first, last, n, p) : 0
        if covered < least { (least, leastAt) = (covered, p) }
      }
    }
    mean = 0
    for (x, interval) in intervals.enumerated() {
      let (a, b) = (Double(x + 1), Double(n - x + 1))
      mean += SpecialFunctions.regularisedBeta(a, b, at: interval.upper)
      mean -= SpecialFunctions.regularisedBeta(a, b, at: interval.lower)
    }
    mean /= Double(n + 1)
  }

  /// P(a ≤ X ≤ b), from the two tails outside so that nothing near 1 is subtracted from another.
  private static func between(_ a: Int, _ b: Int, _ n: Int, _ p: Double) -> Double {
    let below = a > 0 ? BinomialDistribution.cdf(a - 1, n: n, p: p) : 0
    let above = b < n ? BinomialDistribution.upperTail(b + 1, n: n, p: p) : 0
    return 1 - below - above
  }
}
