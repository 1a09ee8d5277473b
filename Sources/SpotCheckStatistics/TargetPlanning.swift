/// What would have to be sampled to decide a target: exact one-sided binomial, in whole samples.
///
/// All functions take any direction; "failures" are the samples on the wrong side of the target (for "at most 5 % defective"
/// the defective ones). nil means that no such number exists (a sample never proves 100 %) or that it is above
/// ``SpecialFunctions/parameterLimit``.
public enum TargetPlanning {
  /// The smallest number of samples that proves the target although `failures` of them fail. 29 for 90 % and none.
  public static func smallestSample(proving target: RateTarget, failures: Int = 0, alpha: Double = 0.05) -> Int? {
    guard let odds = Odds(target), failures >= 0, alpha > 0, alpha < 0.5, odds.bad > 0 else { return nil }
    if odds.good == 0 { return failures < Int.max ? failures + 1 : nil }
    let largest = Int(SpecialFunctions.parameterLimit)
    guard failures < largest else { return nil }
    // P(failures or fewer of n) falls with n.
    var high = failures + 1
    while !proves(odds, n: high, failures: failures, alpha) {
      guard high < largest else { return nil }
      high = min(largest, high * 2)
    }
    return firstTrue(in: (failures + 1)...high) { proves(odds, n: $0, failures: failures, alpha) }
  }

  /// 还需连续合格 k 批: how many clean samples more make the target proven; 0 if it is already.
  public static func cleanSamplesNeeded(_ proportion: Proportion, for target: RateTarget, alpha: Double = 0.05) -> Int?
  {
    let failures = wrong(proportion, target)
    guard let n = smallestSample(proving: target, failures: failures, alpha: alpha) else { return nil }
    return max(0, n - proportion.total)
  }

  /// The most failures among n samples with which the target is still proven; nil if not even none would do.
  public static func failuresAllowed(among n: Int, for target: RateTarget, alpha: Double = 0.05) -> Int? {
    guard let odds = Odds(target), n > 0, Double(n) <= SpecialFunctions.parameterLimit, alpha > 0, alpha < 0.5 else {
      return nil
    }
    guard let first = firstTrue(in: 0...n, { !proves(odds, n: n, failures: $0, alpha) }) else { return n }
    return first > 0 ? first - 1 : nil
  }

  /// 最多再允许 c 批不合格: failures still allowed when the plan for the period is `planned` samples in all.
  ///
  /// nil if the target cannot be proven any more within the plan, or the plan is smaller than what is already there.
  public static func failuresStillAllowed(
    _ proportion: Proportion, planned: Int, for target: RateTarget, alpha: Double = 0.05
  ) -> Int? {
    guard planned >= proportion.total, let all = failuresAllowed(among: planned, for: target, alpha: alpha) else {
      return nil
    }
    let left = all - wrong(proportion, target)
    return left >= 0 ? min(left, planned - proportion.total) : nil
  }

  /// The fewest failures among n samples that prove the target missed; nil if even n of n would not.
  public static func fewestFailuresRefuting(_ target: RateTarget, among n: Int, alpha: Double = 0.05) -> Int? {
    guard let odds = Odds(target), n > 0, Double(n) <= SpecialFunctions.parameterLimit, alpha > 0, alpha < 0.5 else {
      return nil
    }
    return firstTrue(in: 0...n) {
      TargetDecision.rejects(BinomialDistribution.upperTail($0, n, odds.bad, odds.good), alpha)
    }
  }

  /// Samples without failure that prove the target for a finite population (hypergeometric); the whole population for
  /// a target of 100 %.
  public static func zeroFailureSample(population: Int, proving target: RateTarget, alpha: Double = 0.05) -> Int? {
    guard population > 0, Double(population) <= SpecialFunctions.parameterLimit, alpha > 0, alpha < 0.5 else {
      return nil
    }
    let goal = target.direction == .atMost ? target.complement : target
    guard let needed = TargetDecision.neededCount(goal, population), needed > 0 else { return nil }
    if goal.numerator == goal.denominator { return population }
    return firstTrue(in: 1...population) {
      let chance = HypergeometricDistribution.upperTail(
        $0, population: population, marked: needed - 1, drawn: $0)
      return TargetDecision.rejects(chance, alpha)
    }
  }

  /// The largest number of samples ``sampleSize(proving:truth:power:alpha:)`` searches.
  public static let powerSearchLimit = 20_000

  /// The number of samples from which on (for every larger number too) the target is proven with probability `power`
  /// when the true rate is `truth`.
  ///
  /// The exact power is a saw-tooth in n, so the first n that reaches it is not enough. nil when the truth is not on the
  /// good side of the target, and when more than ``powerSearchLimit`` samples would be needed.
  public static func sampleSize(
    proving target: RateTarget, truth: Double, power: Double = 0.8, alpha: Double = 0.05
  ) -> Int? {
    guard let odds = Odds(target), power > 0, power < 1, alpha > 0, alpha < 0.5, truth >= 0, truth <= 1 else {
      return nil
    }
    let badTruth = target.direction == .atLeast ? 1 - truth : truth
    guard badTruth < odds.bad, odds.good > 0 else { return nil }
    let spread =
      -NormalDistribution.quantile(alpha) * (odds.bad * odds.good).squareRoot()
      + NormalDistribution.quantile(power) * (badTruth * (1 - badTruth)).squareRoot()
    let ratio = spread / (odds.bad - badTruth)
    let estimate = Int(saturating: max(ratio * ratio, -1 / naturalLog(odds.good)))
    guard estimate <= powerSearchLimit else { return nil }
    // Well above the answer the power is safely high; walk down until it first fails.
    var n = 2 * estimate + 60
    guard var allowed = failuresAllowed(among: n, for: target, alpha: alpha) else { return nil }
    while n > 0 {
      while !proves(odds, n: n, failures: allowed, alpha) {
        if allowed == 0 { return n + 1 }
        allowed -= 1
      }
      let reached = BinomialDistribution.cdf(allowed, n, badTruth, 1 - badTruth)
      if reached < power { return n + 1 }
      n -= 1
    }
    return 1
  }

  /// Probabilities of a good and a bad sample if the rate is just at the target.
  private struct Odds {
    var good: Double
    var bad: Double

    init?(_ target: RateTarget) {
      let goal = target.direction == .atMost ? target.complement : target
      good = goal.rate
      bad = goal.complementRate
    }
  }

  private static func proves(_ odds: Odds, n: Int, failures: Int, _ alpha: Double) -> Bool {
    TargetDecision.rejects(BinomialDistribution.cdf(failures, n, odds.bad, odds.good), alpha)
  }

  private static func wrong(_ proportion: Proportion, _ target: RateTarget) -> Int {
    target.direction == .atLeast ? proportion.total - proportion.count : proportion.count
  }
}
