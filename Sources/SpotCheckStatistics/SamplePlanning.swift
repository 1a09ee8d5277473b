/// Sizes and shares of the next sampling plan.
public enum SamplePlanning {
  /// Samples that estimate a rate near `rate` to ± `margin`: ⌈z² p(1−p)/e²⌉, with the finite population correction
  /// ⌈n/(1+(n−1)/N)⌉ if the population is given (Cochran, Sampling Techniques, 4.4).
  ///
  /// nil unless 0 ≤ rate ≤ 1, margin > 0, 0 < confidence < 1, population > 0, and the answer fits `Int`.
  public static func precision(rate: Double, margin: Double, confidence: Double = 0.95, population: Int? = nil) -> Int?
  {
    guard rate >= 0, rate <= 1, margin > 0, margin.isFinite, confidence > 0, confidence < 1 else { return nil }
    let z = NormalDistribution.twoSidedZ(confidence)
    let raw = z / margin * (z / margin) * rate * (1 - rate)
    guard let population else { return wholeUp(raw) }
    guard population > 0 else { return nil }
    return wholeUp(raw / (1 + (raw - 1) / Double(population))).map { min($0, population) }
  }

  /// The ± that `samples` reach around a rate near `rate`, the inverse of ``precision(rate:margin:confidence:population:)``:
  /// z √(p(1−p)/n), times √((N−n)/(N−1)) if the population is given.
  ///
  /// nil unless 0 ≤ rate ≤ 1, samples > 0, 0 < confidence < 1 and samples ≤ population.
  public static func margin(rate: Double, samples: Int, confidence: Double = 0.95, population: Int? = nil) -> Double? {
    guard rate >= 0, rate <= 1, samples > 0, confidence > 0, confidence < 1 else { return nil }
    let simple = NormalDistribution.twoSidedZ(confidence) * (rate * (1 - rate) / Double(samples)).squareRoot()
    guard let population else { return simple }
    guard samples <= population else { return nil }
    if samples == population { return 0 }
    return simple * (Double(population - samples) / Double(population - 1)).squareRoot()
  }

  /// One stratum of a plan.
  public struct Stratum: Sendable, Hashable {
    /// Share W of the population in this stratum.
    public var weight: Double
    /// Expected rate (best: the shrunken one of ``PartialPooling``, never a raw 0 or 1).
    public var rate: Double
    /// Cost of one sample relative to the others.
    public var cost: Double

    public init(weight: Double, rate: Double, cost: Double = 1) {
      self.weight = weight
      self.rate = rate
      self.cost = cost
    }
  }

  /// Neyman's allocation n_h ∝ W_h √(p_h(1−p_h)/c_h) of `total` samples, not rounded (J. Neyman, JRSS 97 (1934)).
  ///
  /// nil for bad weights, rates or costs, or when every stratum has variance 0.
  public static func neyman(total: Int, _ strata: [Stratum]) -> [Double]? {
    guard total >= 0, !strata.isEmpty else { return nil }
    var parts: [Double] = []
    for stratum in strata {
      guard stratum.weight >= 0, stratum.rate >= 0, stratum.rate <= 1, stratum.cost > 0 else { return nil }
      parts.append(stratum.weight * (stratum.rate * (1 - stratum.rate) / stratum.cost).squareRoot())
    }
    let sum = parts.reduce(0, +)
    guard sum > 0, sum.isFinite else { return nil }
    return parts.map { Double(total) * ($0 / sum) }
  }

  /// Whole samples that add up to `total`: `floor` for every stratum first, the rest in proportion to `shares` by largest
  /// remainder, ties to the earlier stratum.
  ///
  /// nil when the floors alone exceed the total, for negative or not finite shares, or if all shares are 0.
  public static func allocate(total: Int, shares: [Double], floor: Int = 0) -> [Int]? {
    guard floor >= 0, total >= 0, !shares.isEmpty, shares.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    let (reserved, overflow) = floor.multipliedReportingOverflow(by: shares.count)
    let sum = shares.reduce(0, +)
    guard !overflow, reserved <= total, sum > 0, sum.isFinite, total <= 1 << 52 else { return nil }
    // A stratum whose fair share is below the floor gets the floor; the others share what is left, until none falls below.
    var fixed = [Bool](repeating: false, count: shares.count)
    var left = total
    var rest = sum
    var settled = false
    while !settled {
      settled = true
      for i in shares.indices where !fixed[i] && rest > 0 && Double(left) * (shares[i] / rest) < Double(floor) {
        fixed[i] = true
        left -= floor
        rest -= shares[i]
        settled = false
        break
      }
    }
    let free = shares.indices.filter { !fixed[$0] }
    var result = [Int](repeating: floor, count: shares.count)
    let freeSum = free.reduce(0.0) { $0 + shares[$1] }
    if free.isEmpty || freeSum <= 0 {
      for step in 0..<max(0, total - reserved) { result[step % result.count] += 1 }
      return result
    }
    var given = 0
    var remainders: [(index: Int, part: Double)] = []
    for i in free {
      let exact = Double(left) * (shares[i] / freeSum)
      let whole = Int(saturating: exact.rounded(.down))
      result[i] = whole
      given += whole
      remainders.append((i, exact - Double(whole)))
    }
    remainders.sort { $0.part != $1.part ? $0.part > $1.part : $0.index < $1.index }
    // Rounding may have lifted a part onto the next whole number: take that back from the largest.
    while given > left, let most = free.max(by: { result[$0] < result[$1] }) {
      result[most] -= 1
      given -= 1
    }
    for step in 0..<max(0, left - given) { result[remainders[step % remainders.count].index] += 1 }
    return result
  }

  /// The next whole number, where a value a rounding error above a whole number counts as that number.
  private static func wholeUp(_ value: Double) -> Int? {
    guard value.isFinite, value < 9e18 else { return nil }
    let nearest = value.rounded()
    let up = abs(value - nearest) <= 1e-9 * max(1, nearest) ? nearest : value.rounded(.up)
    return Int(exactly: up)
  }
}
