extension SpecialFunctions {
  /// Largest parameter (and so the largest count) the exact functions accept: their work grows with its square root.
  public static let parameterLimit = 1e10

  /// Γ(a+b+1)/(Γ(a+1)Γ(b+1)) · x^a · y^b with y = 1−x: the binomial density continued to real a, b ≥ 0 (Loader 2000).
  static func binomialDensity(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    let n = a + b
    if x <= 0 { return a == 0 ? 1 : 0 }
    if y <= 0 { return b == 0 ? 1 : 0 }
    if a == 0 { return exponential(n * (x < 0.5 ? logOnePlus(-x) : naturalLog(y))) }
    if b == 0 { return exponential(n * (y < 0.5 ? logOnePlus(-y) : naturalLog(x))) }
    let difference = fromMean(a, b, x, y)
    let log =
      stirlingError(n) - stirlingError(a) - stirlingError(b)
      - deviance(a, n * x, difference: difference) - deviance(b, n * y, difference: -difference)
    return exponential(log) * (n / (2 * Double.pi * a) / b).squareRoot()
  }

  /// Both tails of the Beta(a, b) distribution at x, with y = 1−x given apart so that neither loses digits.
  ///
  /// Continued fraction of A. R. DiDonato & A. H. Morris, ACM TOMS 18 (1992) 360–373 (Algorithm 708, equation 9), on the
  /// side of the mean where it converges; the factor in front by Loader's saddle point.
  static func betaTails(_ a: Double, _ b: Double, x: Double, y: Double) -> TailPair {
    guard a > 0, b > 0, a <= parameterLimit * 2, b <= parameterLimit * 2, !x.isNaN, !y.isNaN else { return .undefined }
    if x <= 0 { return TailPair(lower: 0, upper: 1) }
    if y <= 0 { return TailPair(lower: 1, upper: 0) }
    let front = a / (a + b) * b * binomialDensity(a, b, x, y)
    let distance = fromMean(a, b, x, y)
    if distance >= 0 {
      let lower = (front * betaFraction(a, b, x, y, distance)).clampedToUnit
      return TailPair(lower: lower, upper: 1 - lower)
    }
    let upper = (front * betaFraction(b, a, y, x, -distance)).clampedToUnit
    return TailPair(lower: 1 - upper, upper: upper)
  }

  /// a − (a+b)x = (a+b)y − b, from the smaller of x and y, which alone is known to its last digit.
  private static func fromMean(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    y < x ? (a + b) * y - b : a - (a + b) * x
  }

  /// Regularised incomplete beta function I_x(a, b); NaN outside a, b > 0, 0 ≤ x ≤ 1 or above ``parameterLimit``.
  public static func regularisedBeta(_ a: Double, _ b: Double, at x: Double) -> Double {
    guard x >= 0, x <= 1 else { return .nan }
    return betaTails(a, b, x: x, y: 1 - x).lower
  }

  /// I_x(a, b) · B(a, b) / (x^a y^b) for `distance` = a − (a+b)x ≥ 0.
  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double, _ y: Double, _ distance: Double) -> Double {
    let limit = 1_000 + 8 * Int(saturating: max(a, b).squareRoot())
    let c = 1 + distance
    let c0 = b / a
    let c1 = 1 + 1 / a
    var p = 1.0
    var s = a + 1
    var (above, below) = (0.0, 1.0)
    var (nextAbove, nextBelow) = (1.0, c / c1)
    var ratio = c1 / c
    var n = 0.0
    for _ in 0..<limit {
      n += 1
      let t = n / a
      let w = n * (b - n) * x
      let e = a / s
      let alpha = p * (p + c0) * e * e * (w * x)
      let beta = n + w / s + (1 + t) / (c1 + t + t) * (c + n * (1 + y))
      p = 1 + t
      s += 2
      (above, nextAbove) = (nextAbove, alpha * above + beta * nextAbove)
      (below, nextBelow) = (nextBelow, alpha * below + beta * nextBelow)
      let next = nextAbove / nextBelow
      let change = abs(next - ratio)
      ratio = next
      if !(change > 5e-16 * next) { break }
      above /= nextBelow
      below /= nextBelow
      nextAbove = ratio
      nextBelow = 1
    }
    return ratio
  }

  /// The quantile of Beta(a, b) as x and 1−x, each with its own relative accuracy.
  ///
  /// - Parameter p: lower-tail probability. Monotone in p. NaN outside the domain.
  static func betaQuantilePair(_ p: Double, _ a: Double, _ b: Double) -> (x: Double, y: Double) {
    guard a > 0, b > 0, a <= parameterLimit * 2, b <= parameterLimit * 2, p >= 0, p <= 1 else { return (.nan, .nan) }
    if p == 0 { return (0, 1) }
    if p == 1 { return (1, 0) }
    if betaTails(a, b, x: 0.5, y: 0.5).lower >= p {
      let x = smallBetaQuantile(lower: p, upper: 1 - p, a, b)
      return (x, 1 - x)
    }
    let y = smallBetaQuantile(lower: 1 - p, upper: p, b, a)
    return (1 - y, y)
  }

  /// Quantile of Beta(a, b); NaN outside the domain. See ``regularisedBeta(_:_:at:)`` for its limits.
  public static func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    betaQuantilePair(p, a, b).x
  }

  /// The quantile when it is known to lie in 0...½; `lower` + `upper` = 1, the smaller of them drives Newton's method:
  /// ln F over ln t for the lower tail (a power of t near 0), ln(1−F) over t for the upper one (an exponential).
  private static func smallBetaQuantile(lower: Double, upper: Double, _ a: Double, _ b: Double) -> Double {
    // Near 0 the distribution function is t^a/(a B(a, b)) · (1 + O(bt)): where that is exact, no search is needed.
    let power = exponential((naturalLog(lower) + logGamma(a + 1) - logRising(b, a)) / a)
    if power * (b + 1) < 1e-17 { return power }
    let mean = a / (a + b)
    let deviation = (mean * (b / (a + b)) / (a + b + 1)).squareRoot()
    var start = mean + NormalDistribution.quantile(lower) * deviation
    if !(start > 0 && start < 0.5) { start = power }
    let byLowerTail = lower <= upper
    return solveIncreasing(low: 0, high: 0.5, start: start) { t in
      let tails = betaTails(a, b, x: t, y: 1 - t)
      let density = a / (a + b) * b * binomialDensity(a, b, t, 1 - t) / t / (1 - t)
      if byLowerTail {
        let step = (naturalLog(lower) - naturalLog(tails.lower)) * tails.lower / (t * density)
        return (tails.lower - lower, t * exponential(step))
      }
      let step = (naturalLog(tails.upper) - naturalLog(upper)) * tails.upper / density
      return (upper - tails.upper, t + step)
    }
  }
}
