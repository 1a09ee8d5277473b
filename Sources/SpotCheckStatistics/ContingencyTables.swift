/// Trend of a rate over ordered periods or doses.
public struct CochranArmitageTest: Sendable, Hashable {
  /// T = Σ s_i(x_i − n_i p̄); positive when the rate rises with the score.
  public let statistic: Double
  public let variance: Double
  /// T²/Var, one degree of freedom.
  public let chiSquare: Double
  public let pValue: Double

  /// Var = p̄(1−p̄)(Σ n s² − (Σ n s)²/N) (P. Armitage, Biometrics 11 (1955); R's prop.trend.test).
  ///
  /// - Parameter scores: 1, 2, 3 … when nil.
  /// - Returns: nil for unequal lengths, scores that are not finite, or no variance (p̄ 0 or 1, all scores equal).
  public static func test(_ groups: [Proportion], scores: [Double]? = nil) -> CochranArmitageTest? {
    let scores = scores ?? groups.indices.map { Double($0 + 1) }
    guard scores.count == groups.count, scores.allSatisfy(\.isFinite), let all = Proportion.sum(groups), all.total > 0
    else { return nil }
    var statistic = 0.0
    var mean = 0.0
    for (group, score) in zip(groups, scores) { mean += group.n / all.n * score }
    var spread = 0.0
    for (group, score) in zip(groups, scores) {
      // Scores from their mean: the same T (residuals add up to 0) and no cancellation in the variance.
      statistic += (score - mean) * (group.x - group.n * all.p)
      spread += group.n * (score - mean) * (score - mean)
    }
    let variance = all.p * all.q * spread
    guard variance > 0, variance.isFinite else { return nil }
    let chiSquare = statistic * statistic / variance
    return CochranArmitageTest(
      statistic: statistic, variance: variance, chiSquare: chiSquare,
      pValue: ChiSquareDistribution.upperTail(chiSquare, df: 1))
  }
}

/// Pearson's test that all groups have one rate.
public struct HeterogeneityTest: Sendable, Hashable {
  public let pooledRate: Double
  public let chiSquare: Double
  public let degreesOfFreedom: Int
  public let pValue: Double

  /// φ = χ²/df: above 1 the groups differ more than chance.
  public var dispersion: Double { chiSquare / Double(degreesOfFreedom) }

  /// χ² = Σ (x − n p̄)²/(n p̄(1−p̄)). Groups without samples are ignored; nil for fewer than two others or p̄ of 0 or 1.
  public static func test(_ groups: [Proportion]) -> HeterogeneityTest? {
    let used = groups.filter { $0.total > 0 }
    guard used.count >= 2, let all = Proportion.sum(used), all.count > 0, all.count < all.total else { return nil }
    let chiSquare = used.reduce(0.0) { sum, group in
      let residual = group.p - all.p
      return sum + residual * residual * group.n / (all.p * all.q)
    }
    let df = used.count - 1
    return HeterogeneityTest(
      pooledRate: all.p, chiSquare: chiSquare, degreesOfFreedom: df,
      pValue: ChiSquareDistribution.upperTail(chiSquare, df: Double(df)))
  }
}

/// Common odds ratio of two rates over strata.
public struct MantelHaenszel: Sendable, Hashable {
  /// Σ(ad/N)/Σ(bc/N): odds of `first` over odds of `second`.
  public let oddsRatio: Double
  /// Robins, Breslow & Greenland (1986) variance of ln OR.
  public let logVariance: Double
  /// Cochran–Mantel–Haenszel statistic without continuity correction; nil when it has no variance.
  public let chiSquare: Double?
  public let pValue: Double?

  /// (N. Mantel & W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719–748.) Strata where both are empty are ignored.
  /// nil for lists of unequal length and when a denominator sum is 0.
  public static func estimate(_ strata: [(first: Proportion, second: Proportion)]) -> MantelHaenszel? {
    var (r, s, pr, psQr, qs, excess, variance) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for stratum in strata {
      let n = stratum.first.n + stratum.second.n
      guard n > 0 else { continue }
      let a = stratum.first.x
      let b = stratum.first.n - a
      let c = stratum.second.x
      let d = stratum.second.n - c
      let ad = a * d / n
      let bc = b * c / n
      let p = (a + d) / n
      let q = (b + c) / n
      r += ad
      s += bc
      pr += p * ad
      psQr += p * bc + q * ad
      qs += q * bc
      excess += a - (a + b) * (a + c) / n
      if n > 1 { variance += (a + b) / n * (c + d) * ((a + c) / n) * (b + d) / (n - 1) }
    }
    guard r > 0, s > 0 else { return nil }
    let chiSquare = variance > 0 ? excess * excess / variance : nil
    return MantelHaenszel(
      oddsRatio: r / s, logVariance: pr / (2 * r * r) + psQr / (2 * r * s) + qs / (2 * s * s), chiSquare: chiSquare,
      pValue: chiSquare.map { ChiSquareDistribution.upperTail($0, df: 1) })
  }

  /// Interval of the odds ratio; nil for a confidence outside (0, 1).
  public func interval(confidence: Double = 0.95) -> Interval? {
    guard confidence > 0, confidence < 1 else { return nil }
    let factor = exponential(NormalDistribution.twoSidedZ(confidence) * logVariance.squareRoot())
    return Interval(lower: oddsRatio / factor, upper: oddsRatio * factor)
  }
}
