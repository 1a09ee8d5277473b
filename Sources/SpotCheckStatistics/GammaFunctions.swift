/// Functions of real numbers under the distributions.
///
/// Like the functions of IEEE 754 they are total: an argument outside the domain gives NaN, never a trap.
public enum SpecialFunctions {
  static let halfLogTwoPi = 0.918938533204672741780329736405617639861

  /// ln Γ(x) for x > 0; NaN otherwise.
  ///
  /// Stirling's series after moving the argument above 15 (Abramowitz & Stegun 6.1.41); absolute error below
  /// 1e-14 · max(1, |ln Γ|). Written here because the C library's `lgamma` writes the global `signgam`.
  public static func logGamma(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    guard x.isFinite else { return x }
    return stirlingError(x) + (x - 0.5) * naturalLog(x) - x + halfLogTwoPi
  }

  /// δ(x) = ln Γ(x+1) − (x+½) ln x + x − ½ ln 2π for x > 0: what Stirling's formula leaves out.
  ///
  /// Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000). Below 15 it climbs with
  /// δ(x) = δ(x+1) + (x+½) ln(1+1/x) − 1, a sum of small positive terms, so nothing cancels.
  static func stirlingError(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    var sum = 0.0
    var at = x
    while at < 15 {
      let step = at < 1e-3 ? naturalLog(at + 1) - naturalLog(at) : logOnePlus(1 / at)
      sum += (at + 0.5) * step - 1
      at += 1
    }
    let r = 1 / at
    let r2 = r * r
    let series =
      r
      * (1.0 / 12
        - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 * (1.0 / 1680 - r2 * (1.0 / 1188 - r2 * (691.0 / 360_360))))))
    return sum + series
  }

  /// Loader's deviance term `x ln(x/m) + m − x` for x, m ≥ 0, without cancellation near x = m.
  static func deviance(_ x: Double, _ m: Double) -> Double { deviance(x, m, difference: x - m) }

  /// The same when x − m is known more exactly than the subtraction would give it.
  static func deviance(_ x: Double, _ m: Double, difference: Double) -> Double {
    guard x > 0 else { return m }
    guard m > 0 else { return .infinity }
    guard abs(difference) < 0.1 * (x + m) else { return x * naturalLog(x / m) - difference }
    let v = difference / (x + m)
    let v2 = v * v
    var sum = difference * v
    var term = 2 * x * v
    var odd = 3.0
    while odd < 2000 {
      term *= v2
      let next = sum + term / odd
      if next == sum { break }
      sum = next
      odd += 2
    }
    return sum
  }

  /// ψ(x), the derivative of ln Γ, for x > 0 (Abramowitz & Stegun 6.3.18 after the recurrence 6.3.5).
  static func digamma(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    var sum = 0.0
    var at = x
    while at < 15 {
      sum -= 1 / at
      at += 1
    }
    let r2 = 1 / (at * at)
    let series =
      r2 * (1.0 / 12 - r2 * (1.0 / 120 - r2 * (1.0 / 252 - r2 * (1.0 / 240 - r2 * (1.0 / 132)))))
    return sum + naturalLog(at) - 0.5 / at - series
  }

  /// ψ′(x) for x > 0 (Abramowitz & Stegun 6.4.12).
  static func trigamma(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    var sum = 0.0
    var at = x
    while at < 15 {
      sum += 1 / (at * at)
      at += 1
    }
    let r = 1 / at
    let r2 = r * r
    let series = r * r2 * (1.0 / 6 - r2 * (1.0 / 30 - r2 * (1.0 / 42 - r2 * (1.0 / 30 - r2 * (5.0 / 66)))))
    return sum + r + r2 / 2 + series
  }

  /// ln Γ(a+k) − ln Γ(a) for a > 0, k ≥ 0, without subtracting two large logarithms.
  static func logRising(_ a: Double, _ k: Double) -> Double {
    guard k > 0 else { return 0 }
    return (a - 0.5) * logOnePlus(k / a) + k * naturalLog(a + k) - k + stirlingError(a + k) - stirlingError(a)
  }
}

/// The two tails of a distribution at one point. Each keeps its own relative accuracy where it is the small one.
struct TailPair {
  var lower: Double
  var upper: Double

  static let undefined = TailPair(lower: .nan, upper: .nan)
}
