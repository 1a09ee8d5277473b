/// What the evidence says about a target. Three states, because "not found failing" is not "met".
public enum TargetVerdict: String, Sendable, Hashable, CaseIterable {
  /// 达标: the exact one-sided test rejects that the rate is on the wrong side.
  case met
  /// 未达标: the exact one-sided test rejects that the target is met.
  case notMet
  /// 证据不足: neither. Look at ``TargetDecision/pointEstimateMeets`` for the sub-label.
  case notProven
}

/// How the units were chosen, which decides the test.
public enum EvidenceBasis: Sendable, Hashable {
  /// A sample of an unlimited population (goods): binomial.
  case sample
  /// A sample without replacement of a population of known size (projects, registers): hypergeometric. A target of
  /// 100 % (or of at most 0 %) stays unproven until every unit was examined.
  case sampleOf(population: Int)
  /// Every unit was examined: integers are compared, no α.
  case census
}

/// The decision whether x of n meets a target.
///
/// MET if P(X ≥ x | n, p0) ≤ α, NOT MET if P(X ≤ x | n, p0) ≤ α, otherwise NOT PROVEN; for "at most" targets the same on
/// the complement. Equivalent to the one-sided Clopper–Pearson bounds. The score (Wilson) bound is not used here because
/// it is systematically biased (T. T. Cai, J. Statist. Plann. Inference 131 (2005) 63–88): it would pass 28/28 and 187/200
/// against 90 %. The idea mirrors GB/T 2828.4-2008: an audit that does not fail has not proven.
public struct TargetDecision: Sendable, Hashable {
  public let proportion: Proportion
  public let target: RateTarget
  public let basis: EvidenceBasis
  public let alpha: Double
  public let verdict: TargetVerdict
  /// The point estimate is on the good side (点估计达标), decided on integers.
  public let pointEstimateMeets: Bool
  /// Probability of data at least this good if the rate were just at the target; nil for a census.
  public let chanceOfAsGood: Double?
  /// Probability of data at least this bad if the rate were just at the target; nil for a census.
  public let chanceOfAsBad: Double?
  /// One-sided bounds for the rate of `proportion`, each at confidence 1 − α: "≥ L with 95 %". The point for a census.
  public let bounds: Interval

  /// Decides.
  ///
  /// - Returns: nil (no data, nothing to decide) for n = 0; nil for α outside (0, ½), for n above
  ///   ``SpecialFunctions/parameterLimit`` unless it is a census, and for a population smaller than the sample.
  public static func decide(
    _ proportion: Proportion, _ target: RateTarget, basis: EvidenceBasis = .sample, alpha: Double = 0.05
  ) -> TargetDecision? {
    guard alpha > 0, alpha < 0.5, let meets = target.isMet(by: proportion) else { return nil }
    // Everything below sees "good of n, at least g/d".
    let mirrored = target.direction == .atMost
    let good = mirrored ? proportion.complement : proportion
    let goal = mirrored ? target.complement : target
    let evidence: Evidence?
    switch basis {
    case .census:
      return TargetDecision(
        proportion: proportion, target: target, basis: basis, alpha: alpha, verdict: meets ? .met : .notMet,
        pointEstimateMeets: meets, chanceOfAsGood: nil, chanceOfAsBad: nil,
        bounds: Interval(lower: proportion.p, upper: proportion.p))
    case .sample: evidence = binomial(good, goal, alpha)
    case .sampleOf(let population): evidence = hypergeometric(good, goal, alpha, population)
    }
    guard let evidence else { return nil }
    return TargetDecision(
      proportion: proportion, target: target, basis: basis, alpha: alpha, verdict: evidence.verdict,
      pointEstimateMeets: meets, chanceOfAsGood: evidence.better, chanceOfAsBad: evidence.worse,
      bounds: mirrored ? evidence.bounds.complement : evidence.bounds)
  }

  private struct Evidence {
    var verdict: TargetVerdict
    var better: Double
    var worse: Double
    var bounds: Interval
  }

  /// p ≤ α, allowing the rounding of the last digits: one failure of one against 95 % has p = 0.05 exactly.
  static func rejects(_ probability: Double, _ alpha: Double) -> Bool { probability <= alpha * (1 + 1e-11) }

  private static func binomial(_ good: Proportion, _ goal: RateTarget, _ alpha: Double) -> Evidence? {
    guard let bounds = good.oneSidedBounds(confidence: 1 - alpha) else { return nil }
    let p = goal.rate
    let q = goal.complementRate
    let better = BinomialDistribution.upperTail(good.count, good.total, p, q)
    let worse = BinomialDistribution.cdf(good.count, good.total, p, q)
    let verdict: TargetVerdict
    if goal.numerator == 0 {
      verdict = .met  // any rate is at least 0
    } else if rejects(better, alpha) {
      verdict = .met
    } else {
      verdict = rejects(worse, alpha) ? .notMet : .notProven
    }
    return Evidence(verdict: verdict, better: better, worse: worse, bounds: bounds)
  }

  private static func hypergeometric(_ good: Proportion, _ goal: RateTarget, _ alpha: Double, _ population: Int)
    -> Evidence?
  {
    guard
      let counts = FinitePopulation.plausibleCounts(good, population: population, tail: alpha),
      let needed = neededCount(goal, population)
    else { return nil }
    // Met: even one good unit too few in the population would make such data improbable.
    let better =
      needed > 0
      ? HypergeometricDistribution.upperTail(
        good.count, population: population, marked: needed - 1, drawn: good.total) : 0
    let worse = HypergeometricDistribution.cdf(
      good.count, population: population, marked: needed, drawn: good.total)
    // "= 100 %" is proven by nothing less than every unit.
    let complete = good.total == population || goal.numerator < goal.denominator
    let verdict: TargetVerdict
    if complete && rejects(better, alpha) {
      verdict = .met
    } else {
      verdict = rejects(worse, alpha) ? .notMet : .notProven
    }
    let size = Double(population)
    return Evidence(
      verdict: verdict, better: better, worse: worse,
      bounds: Interval(lower: Double(counts.lowerBound) / size, upper: Double(counts.upperBound) / size))
  }

  /// The smallest K with K/N ≥ the goal.
  static func neededCount(_ goal: RateTarget, _ population: Int) -> Int? {
    let product = Int128(goal.numerator) * Int128(population)
    let denominator = Int128(goal.denominator)
    return Int(exactly: (product + denominator - 1) / denominator)
  }
}
