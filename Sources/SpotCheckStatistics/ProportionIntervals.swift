/// How an interval for one proportion is computed. Wald's is left out on purpose: its coverage fails near 0 and 1.
public enum IntervalMethod: String, Sendable, CaseIterable {
  /// Wilson's score interval (1927): the display default.
  case wilson
  /// Wilson's interval with continuity correction (Newcombe 1998, method 4).
  case wilsonContinuity
  /// Clopper & Pearson (1934): "exact", never covers less than it says.
  case clopperPearson
  /// Equal-tailed Jeffreys interval with the end corrections of Brown, Cai & DasGupta (2001).
  case jeffreys
  /// Agresti & Coull (1998), cut to 0...1.
  case agrestiCoull
  /// Mid-P exact interval (Lancaster; Newcombe 1998, method 6).
  case midP
}

extension Proportion {
  /// Two-sided confidence interval for the rate.
  ///
  /// At x = 0 the lower end is exactly 0 and at x = n the upper end exactly 1, for every method. Mirrored counts give
  /// mirrored intervals. Source of all formulas: R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872; Brown, Cai &
  /// DasGupta, Statistical Science 16 (2001) 101–133.
  ///
  /// - Returns: nil for n = 0, for a confidence outside (0, 1), and for the three beta and binomial methods when
  ///   n is above ``SpecialFunctions/parameterLimit``.
  public func interval(_ method: IntervalMethod = .wilson, confidence: Double = 0.95) -> Interval? {
    guard total > 0, confidence > 0, confidence < 1 else { return nil }
    let z = NormalDistribution.twoSidedZ(confidence)
    let tail = (1 - confidence) / 2
    switch method {
    case .wilson: return ScoreInterval.wilson(x, n, z)
    case .wilsonContinuity: return ScoreInterval.wilsonContinuity(x, n, z)
    case .agrestiCoull: return ScoreInterval.agrestiCoull(x, n, z)
    case .clopperPearson: return BetaInterval.clopperPearson(x, n - x, tail)
    case .jeffreys: return BetaInterval.jeffreys(x, n - x, tail)
    case .midP:
      guard n <= SpecialFunctions.parameterLimit else { return nil }
      return Interval(lower: MidP.lower(self, tail), upper: 1 - MidP.lower(complement, tail))
    }
  }

  /// One-sided Clopper–Pearson bounds: each holds with `confidence` by itself, not both together.
  /// nil for n = 0, n above ``SpecialFunctions/parameterLimit`` or a confidence outside (0, 1).
  public func oneSidedBounds(confidence: Double = 0.95) -> Interval? {
    guard total > 0, confidence > 0, confidence < 1 else { return nil }
    return BetaInterval.clopperPearson(x, n - x, 1 - confidence)
  }
}

/// Intervals from the score test, for real x and n, so that effective sample sizes can use them too.
enum ScoreInterval {
  /// Both ends as sums of positive terms: the lower end through the product of the roots, x²/(n(n+z²)).
  static func wilson(_ x: Double, _ n: Double, _ z: Double) -> Interval {
    let z2 = z * z
    let root = z * (z2 + 4 * x * ((n - x) / n)).squareRoot()
    let lower = x <= 0 ? 0 : 2 * x * (x / n) / (2 * x + z2 + root)
    let upper = x >= n ? 1 : (2 * x + z2 + root) / (2 * (n + z2))
    return Interval(lower: lower.clampedToUnit, upper: upper.clampedToUnit)
  }

  static func wilsonContinuity(_ x: Double, _ n: Double, _ z: Double) -> Interval {
    let z2 = z * z
    let p = x / n
    let failures = n - x
    let below = max(0, z2 - 2 - 1 / n + 4 * p * (failures + 1)).squareRoot()
    let above = max(0, z2 + 2 - 1 / n + 4 * p * (failures - 1)).squareRoot()
    let lower = x <= 0 ? 0 : (2 * x + z2 - 1 - z * below) / (2 * (n + z2))
    let upper = failures <= 0 ? 1 : (2 * x + z2 + 1 + z * above) / (2 * (n + z2))
    return Interval(lower: lower.clampedToUnit, upper: upper.clampedToUnit)
  }

  static func agrestiCoull(_ x: Double, _ n: Double, _ z: Double) -> Interval {
    let n2 = n + z * z
    let centre = (x + z * z / 2) / n2
    let half = z * (centre * ((n - x + z * z / 2) / n2) / n2).squareRoot()
    // Cut at 0 and 1; at x = 0 and x = n the formula itself always leaves 0...1 for 95 %, and we hold it there.
    return Interval(
      lower: x <= 0 ? 0 : (centre - half).clampedToUnit, upper: x >= n ? 1 : (centre + half).clampedToUnit)
  }
}

/// Intervals from beta quantiles, for real counts of successes and failures.
enum BetaInterval {
  static func clopperPearson(_ x: Double, _ failures: Double, _ tail: Double) -> Interval? {
    guard x >= 0, failures >= 0, x + failures <= SpecialFunctions.parameterLimit else { return nil }
    // The upper end is one minus the lower end of the mirrored counts, so symmetry holds to the last bit or two.
    let lower = x <= 0 ? 0 : SpecialFunctions.betaQuantilePair(tail, x, failures + 1).x
    let upper = failures <= 0 ? 1 : SpecialFunctions.betaQuantilePair(tail, failures, x + 1).y
    return Interval(lower: lower, upper: upper)
  }

  static func jeffreys(_ x: Double, _ failures: Double, _ tail: Double) -> Interval? {
    guard x >= 0, failures >= 0, x + failures <= SpecialFunctions.parameterLimit else { return nil }
    let lower = x <= 0 ? 0 : SpecialFunctions.betaQuantilePair(tail, x + 0.5, failures + 0.5).x
    let upper = failures <= 0 ? 1 : SpecialFunctions.betaQuantilePair(tail, failures + 0.5, x + 0.5).y
    return Interval(lower: lower, upper: upper)
  }
}

/// The mid-P bound: the p at which P(X > x) + ½P(X = x) equals the tail.
enum MidP {
  static func lower(_ proportion: Proportion, _ tail: Double) -> Double {
    if proportion.count == 0 { return 0 }
    let x = proportion.x
    let failures = Double(proportion.total - proportion.count)
    let start = ScoreInterval.wilson(x, proportion.n, -NormalDistribution.quantile(tail)).lower
    return solveIncreasing(low: 0, high: 1, start: start) { p in
      let mass = SpecialFunctions.binomialDensity(x, failures, p, 1 - p)
      let above = failures > 0 ? SpecialFunctions.betaTails(x + 1, failures, x: p, y: 1 - p).lower : 0
      let value = above + mass / 2
      let slope = mass * (x / p + failures / (1 - p)) / 2
      let step = (naturalLog(tail) - naturalLog(value)) * value / (p * slope)
      return (value - tail, p * exponential(step))
    }
  }
}
