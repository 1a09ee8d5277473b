/// The binomial distribution: x successes of n with success probability p.
///
/// Total: impossible arguments (n < 0, p outside 0...1, NaN, n above ``SpecialFunctions/parameterLimit``) give NaN;
/// x outside 0...n is allowed and has probability 0.
public enum BinomialDistribution {
  /// P(X = x), by Loader's saddle point (relative error about 1e-14).
  public static func pmf(_ x: Int, n: Int, p: Double) -> Double {
    guard let q = complement(n, p) else { return .nan }
    guard x >= 0, x <= n else { return 0 }
    return SpecialFunctions.binomialDensity(Double(x), Double(n - x), p, q)
  }

  /// P(X ≤ x).
  public static func cdf(_ x: Int, n: Int, p: Double) -> Double {
    guard let q = complement(n, p) else { return .nan }
    return cdf(x, n, p, q)
  }

  /// P(X ≥ x), not through 1 − P(X ≤ x−1), so that small values keep their digits.
  public static func upperTail(_ x: Int, n: Int, p: Double) -> Double {
    guard let q = complement(n, p) else { return .nan }
    return upperTail(x, n, p, q)
  }

  /// The smallest x with P(X ≤ x) ≥ probability; nil outside the domain.
  public static func quantile(_ probability: Double, n: Int, p: Double) -> Int? {
    guard complement(n, p) != nil, probability >= 0, probability <= 1 else { return nil }
    // A probability that is the distribution function itself up to rounding belongs to the lower x (as in R).
    let goal = probability * (1 - 64 * Double.ulpOfOne)
    return firstTrue(in: 0...n) { cdf($0, n: n, p: p) >= goal }
  }

  /// Two-sided p-value by doubling the smaller exact tail, at most 1.
  public static func doubledTail(_ x: Int, n: Int, p: Double) -> Double {
    min(1, 2 * min(cdf(x, n: n, p: p), upperTail(x, n: n, p: p)))
  }

  // Forms with q = 1−p given apart: a target of 98 % is 98/100 and 2/100, both to the last bit.

  static func cdf(_ x: Int, _ n: Int, _ p: Double, _ q: Double) -> Double {
    if x < 0 { return 0 }
    if x >= n { return 1 }
    return SpecialFunctions.betaTails(Double(n - x), Double(x) + 1, x: q, y: p).lower
  }

  static func upperTail(_ x: Int, _ n: Int, _ p: Double, _ q: Double) -> Double {
    if x <= 0 { return 1 }
    if x > n { return 0 }
    return SpecialFunctions.betaTails(Double(x), Double(n - x) + 1, x: p, y: q).lower
  }

  private static func complement(_ n: Int, _ p: Double) -> Double? {
    guard n >= 0, Double(n) <= SpecialFunctions.parameterLimit, p >= 0, p <= 1 else { return nil }
    return 1 - p
  }
}

/// The first number of the range for which a monotone condition (false … false true … true) holds; nil if none.
func firstTrue(in range: ClosedRange<Int>, _ condition: (Int) -> Bool) -> Int? {
  var low = range.lowerBound
  var high = range.upperBound
  guard condition(high) else { return nil }
  while low < high {
    let middle = low &+ (high &- low) / 2
    if condition(middle) { high = middle } else { low = middle &+ 1 }
  }
  return high
}
