/// Shares of a finite population (projects, registered enterprises) of which a part was examined without replacement.
///
/// Goods batches are a superpopulation: use the binomial methods for them.
public enum FinitePopulation {
  /// The numbers K of units with the property that an exact hypergeometric test does not reject, `tail` on each side.
  ///
  /// Test inversion: the smallest K with P(X ≥ x | K) > tail, the largest with P(X ≤ x | K) > tail. n = N gives the
  /// point x. Divide by N for a share.
  ///
  /// - Parameter tail: α/2 of a two-sided interval (0.025), α of a one-sided bound (0.05).
  /// - Returns: nil when n > N, N = 0, N above ``SpecialFunctions/parameterLimit`` or the tail is outside (0, ½].
  public static func plausibleCounts(_ sample: Proportion, population: Int, tail: Double = 0.025) -> ClosedRange<Int>? {
    guard population > 0, sample.total <= population, Double(population) <= SpecialFunctions.parameterLimit,
      tail > 0, tail <= 0.5
    else { return nil }
    let x = sample.count
    let n = sample.total
    let possible = x...(population - (n - x))
    let low = firstTrue(in: possible) {
      HypergeometricDistribution.upperTail(x, population: population, marked: $0, drawn: n) > tail
    }
    // P(X ≤ x) falls as K grows: the largest accepted K lies just below the first rejected one.
    let rejected = firstTrue(in: possible) {
      HypergeometricDistribution.cdf(x, population: population, marked: $0, drawn: n) <= tail
    }
    let lower = low ?? possible.upperBound
    let upper = rejected.map { max($0 - 1, possible.lowerBound) } ?? possible.upperBound
    return lower <= upper ? lower...upper : upper...lower
  }

  /// Wilson's interval with n′ = n(N−1)/(N−n) in the place of n; the point x/n when n = N.
  public static func wilson(_ sample: Proportion, population: Int, confidence: Double = 0.95) -> Interval? {
    guard sample.total > 0, sample.total <= population, confidence > 0, confidence < 1 else { return nil }
    if sample.total == population { return Interval(lower: sample.p, upper: sample.p) }
    let effective = sample.n * ((Double(population) - 1) / Double(population - sample.total))
    // 0 and n stay exactly 0 and n′ so that the ends stay exact.
    let x = sample.count == sample.total ? effective : sample.p * effective
    return ScoreInterval.wilson(x, effective, NormalDistribution.twoSidedZ(confidence))
  }
}
