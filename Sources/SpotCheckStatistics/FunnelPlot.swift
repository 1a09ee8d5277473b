/// Funnel limits around a common rate: the replacement for a league table.
public enum FunnelPlot {
  /// Exact binomial limit with interpolation for n samples at cumulative probability `p`.
  ///
  /// r = smallest integer with F(r | n, θ) ≥ p, a = (F(r) − p)/f(r), limit = (r − a)/n, cut to 0...1
  /// (D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185–1202, appendix A.1.1). p = .025 and .975 for the inner,
  /// .001 and .999 for the outer funnel. nil for n ≤ 0, n too large, θ or p outside their ranges.
  ///
  /// A line to draw and not a test: it ends inside the step of the first count that is still usual, so chance passes the
  /// upper line more often than 1 − p says (12 % of 20 samples at 90 %). ``FunnelSignals`` decides by exact p-values.
  public static func exactLimit(samples n: Int, centre: Double, probability p: Double) -> Double? {
    guard n > 0, centre >= 0, centre <= 1, p > 0, p < 1,
      let r = BinomialDistribution.quantile(p, n: n, p: centre)
    else { return nil }
    let mass = BinomialDistribution.pmf(r, n: n, p: centre)
    let excess = BinomialDistribution.cdf(r, n: n, p: centre) - p
    let part = mass > 0 ? excess / mass : 0
    return ((Double(r) - part) / Double(n)).clampedToUnit
  }

  /// Exact limits at one funnel line: `tail` = .025 for 95 %, .001 for 99.8 %.
  public static func exactLimits(samples n: Int, centre: Double, tail: Double) -> Interval? {
    guard let lower = exactLimit(samples: n, centre: centre, probability: tail),
      let upper = exactLimit(samples: n, centre: centre, probability: 1 - tail)
    else { return nil }
    return Interval(lower: lower, upper: upper)
  }

  /// Limits on the arcsine scale, `sin²(asin√θ ± z√(1/4n + τ²))`; angles outside 0...π/2 are held there.
  /// nil for n ≤ 0, θ outside 0...1, and z or τ² negative or not a number.
  public static func arcsineLimits(samples n: Int, centre: Double, betweenVariance: Double = 0, z: Double) -> Interval?
  {
    guard n > 0, centre >= 0, centre <= 1, z >= 0, betweenVariance >= 0 else { return nil }
    let target = arcsine(centre.squareRoot())
    let half = z * (0.25 / Double(n) + betweenVariance).squareRoot()
    let lower = sine(max(0, target - half))
    let upper = sine(min(Double.pi / 2, target + half))
    return Interval(lower: lower * lower, upper: upper * upper)
  }
}

/// Over-dispersion of a set of groups around their common rate, on the arcsine scale.
///
/// Y = asin√p, s = 1/(2√n), U = (Y − T)/s winsorised, φ = ΣU²/k, τ² = max(0, (kφ − (k−1))/(Σw − Σw²/Σw)), w = 1/s²
/// (Spiegelhalter 2005, section 6; Spiegelhalter et al., JRSS A 175 (2012), additive random effects).
public struct FunnelDispersion: Sendable, Hashable {
  /// The common rate θ.
  public let centre: Double
  /// φ; above about 2 ask whether the mix is comparable before naming anybody.
  public let ratio: Double
  /// τ², the variance between groups on the arcsine scale.
  public let betweenVariance: Double
  public let groups: Int

  /// - Parameters:
  ///   - centre: θ; the pooled rate when nil.
  ///   - winsorise: share cut at each end (quantiles of type 7, as in R).
  /// - Returns: nil for fewer than two groups with samples, θ outside 0...1, or a share outside 0..<½.
  public static func estimate(_ groups: [Proportion], centre: Double? = nil, winsorise: Double = 0.10)
    -> FunnelDispersion?
  {
    let used = groups.filter { $0.total > 0 }
    guard used.count >= 2, winsorise >= 0, winsorise < 0.5, let all = Proportion.sum(used) else { return nil }
    let theta = centre ?? all.p
    guard theta >= 0, theta <= 1 else { return nil }
    let target = arcsine(theta.squareRoot())
    let raw = used.map { (arcsine($0.p.squareRoot()) - target) * 2 * $0.n.squareRoot() }
    let sorted = raw.sorted()
    let low = quantile(ofSorted: sorted, winsorise)
    let high = quantile(ofSorted: sorted, 1 - winsorise)
    let k = Double(used.count)
    let ratio = raw.reduce(0.0) { $0 + square(min(high, max(low, $1))) } / k
    let weights = used.map { 4 * $0.n }
    let sum = weights.reduce(0, +)
    let scale = sum - weights.reduce(0.0) { $0 + $1 * ($1 / sum) }
    let tau = scale > 0 ? max(0, (k * ratio - (k - 1)) / scale) : 0
    return FunnelDispersion(centre: theta, ratio: ratio, betweenVariance: tau, groups: used.count)
  }

  /// Funnel limits with τ² added, for n samples; z = 1.959964 and 3.090232. nil for n ≤ 0 or a z that is not ≥ 0.
  public func limits(samples n: Int, z: Double) -> Interval? {
    FunnelPlot.arcsineLimits(samples: n, centre: centre, betweenVariance: betweenVariance, z: z)
  }

  private static func square(_ x: Double) -> Double { x * x }

  /// Sample quantile of type 7 (R's and numpy's default) of an ascending, non-empty list.
  private static func quantile(ofSorted values: [Double], _ p: Double) -> Double {
    let position = Double(values.count - 1) * p
    let below = min(max(0, Int(saturating: position.rounded(.down))), values.count - 1)
    let above = min(below + 1, values.count - 1)
    return values[below] + (position - Double(below)) * (values[above] - values[below])
  }
}
