/// Student's t distribution.
public enum StudentDistribution {
  /// P(T ≤ t) with `df` degrees of freedom; NaN unless 0 < df ≤ ``SpecialFunctions/parameterLimit``.
  public static func cdf(_ t: Double, df: Double) -> Double {
    guard df > 0, df <= SpecialFunctions.parameterLimit, !t.isNaN else { return .nan }
    let tail = upperTail(abs(t), df)
    return t < 0 ? tail : 1 - tail
  }

  /// The quantile; ∓∞ at 0 and 1, NaN outside the domain.
  ///
  /// t = √(df·(1−x)/x) where x is the Beta(df/2, ½) quantile at twice the tail (Abramowitz & Stegun 26.5.27).
  public static func quantile(_ p: Double, df: Double) -> Double {
    guard df > 0, df <= SpecialFunctions.parameterLimit, p >= 0, p <= 1 else { return .nan }
    if p == 0.5 { return 0 }
    let tail = min(p, 1 - p)
    if tail == 0 { return p < 0.5 ? -.infinity : .infinity }
    let pair = SpecialFunctions.betaQuantilePair(2 * tail, df / 2, 0.5)
    let t = pair.x > 0 ? (df * (pair.y / pair.x)).squareRoot() : Double.infinity
    return p < 0.5 ? -t : t
  }

  private static func upperTail(_ t: Double, _ df: Double) -> Double {
    guard t.isFinite else { return 0 }
    let square = t * t
    guard square.isFinite else { return 0 }
    return 0.5 * SpecialFunctions.betaTails(df / 2, 0.5, x: df / (df + square), y: square / (df + square)).lower
  }
}

/// The chi-square distribution.
public enum ChiSquareDistribution {
  /// P(X ≥ x), the p-value of a chi-square statistic; NaN for df ≤ 0 or above 1e8, or x not a number; 1 for x ≤ 0.
  ///
  /// Regularised upper incomplete gamma function: series (A&S 6.5.29) or continued fraction (A&S 6.5.31).
  public static func upperTail(_ x: Double, df: Double) -> Double {
    guard df > 0, df <= 1e8, !x.isNaN else { return .nan }
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    let a = df / 2
    let half = x / 2
    let limit = 1_000 + 40 * Int(saturating: a.squareRoot())
    // x^a e^−x / Γ(a+1), by Loader's saddle point.
    let front =
      exponential(-SpecialFunctions.stirlingError(a) - SpecialFunctions.deviance(a, half))
      / (2 * Double.pi * a).squareRoot()
    if half < a + 1 {
      var term = 1.0
      var sum = 1.0
      var at = a
      for _ in 0..<limit {
        at += 1
        term *= half / at
        sum += term
        if term < sum * 1e-17 { break }
      }
      return (1 - front * sum).clampedToUnit
    }
    let tiny = 1e-300
    var b = half + 1 - a
    var c = 1 / tiny
    var d = 1 / (abs(b) < tiny ? tiny : b)
    var h = d
    var i = 1.0
    for _ in 0..<limit {
      let an = -i * (i - a)
      b += 2
      d = an * d + b
      if abs(d) < tiny { d = tiny }
      c = b + an / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      let change = d * c
      h *= change
      if abs(change - 1) < 5e-16 { break }
      i += 1
    }
    return (front * a * h).clampedToUnit
  }
}
