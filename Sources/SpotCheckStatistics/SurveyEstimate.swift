/// An estimated rate with the variance of its design, and what follows from the two.
public struct SurveyEstimate: Sendable, Hashable {
  public let rate: Double
  public let variance: Double
  /// Samples behind the estimate.
  public let samples: Int
  /// p̂(1−p̂)/v, at most n; n itself when p̂ is 0 or 1.
  public let effectiveSize: Double
  /// Share of the declared weight that had samples; below 1 when empty strata were left out.
  public let coveredWeight: Double

  /// p̂(1−p̂)/n, the variance if the same number of samples had been drawn simply at random.
  public var simpleVariance: Double { rate * (1 - rate) / Double(samples) }

  /// Variance over that of a simple random sample of the same size; 1 when p̂ is 0 or 1.
  public var designEffect: Double { simpleVariance > 0 ? variance / simpleVariance : 1 }

  init(rate: Double, variance: Double, samples: Int, coveredWeight: Double = 1) {
    self.rate = rate
    self.variance = variance
    self.samples = samples
    self.coveredWeight = coveredWeight
    let spread = rate * (1 - rate)
    let raw = spread > 0 && variance > 0 ? spread / variance : Double(samples)
    effectiveSize = min(Double(samples), raw)
  }

  /// Clopper–Pearson with the effective size in the place of n (E. L. Korn & B. I. Graubard, Survey Methodology 24 (1998)
  /// 193–201). With design degrees of freedom, n_eff is first multiplied by (t_{n−1}/t_{df})², capped at n.
  ///
  /// nil for a confidence outside (0, 1), df ≤ 0, or more samples than ``SpecialFunctions/parameterLimit``.
  public func kornGraubard(confidence: Double = 0.95, degreesOfFreedom: Double? = nil) -> Interval? {
    guard confidence > 0, confidence < 1 else { return nil }
    let tail = (1 - confidence) / 2
    var size = effectiveSize
    if let degreesOfFreedom, rate > 0, rate < 1, samples > 1 {
      let ratio =
        StudentDistribution.quantile(1 - tail, df: Double(samples) - 1)
        / StudentDistribution.quantile(1 - tail, df: degreesOfFreedom)
      guard ratio.isFinite else { return nil }
      size = min(Double(samples), size * ratio * ratio)
    }
    let x = rate >= 1 ? size : size * rate
    return BetaInterval.clopperPearson(x, rate >= 1 ? 0 : size * (1 - rate), tail)
  }

  /// Wilson with the effective size. nil for a confidence outside (0, 1).
  public func wilson(confidence: Double = 0.95) -> Interval? {
    guard confidence > 0, confidence < 1 else { return nil }
    let x = rate >= 1 ? effectiveSize : effectiveSize * rate
    return ScoreInterval.wilson(x, effectiveSize, NormalDistribution.twoSidedZ(confidence))
  }

  /// Rate over strata of known weight: p̂ = Σ W_h p_h, v = Σ W_h² p_h(1−p_h)/n_h (post-stratification; the same formula is
  /// direct standardisation and the weighted rate of 制造业产品质量合格率, RPQ, with output values as weights).
  ///
  /// Weights need not add up to 1. Strata without samples are left out and the others scaled up, as long as no left-out
  /// stratum holds more than `largestEmptyShare` of the weight; then there is no estimate. Print ``coveredWeight``.
  ///
  /// - Returns: nil for lists of unequal length, negative or not finite weights, no samples at all.
  public static func stratified(_ strata: [Proportion], weights: [Double], largestEmptyShare: Double = 0.05)
    -> SurveyEstimate?
  {
    guard strata.count == weights.count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
      let all = Proportion.sum(strata)
    else { return nil }
    let total = weights.reduce(0, +)
    guard total > 0, total.isFinite else { return nil }
    var covered = 0.0
    for (stratum, weight) in zip(strata, weights) {
      if stratum.total > 0 {
        covered += weight
      } else if weight / total > largestEmptyShare {
        return nil
      }
    }
    guard covered > 0 else { return nil }
    var rate = 0.0
    var variance = 0.0
    for (stratum, weight) in zip(strata, weights) where stratum.total > 0 {
      let w = weight / covered
      rate += w * stratum.p
      variance += w * w * stratum.p * stratum.q / stratum.n
    }
    // All strata at 1 (or 0) must give exactly that, whatever the weights' rounding.
    if all.count == 0 { rate = 0 }
    if all.count == all.total { rate = 1 }
    return SurveyEstimate(
      rate: rate.clampedToUnit, variance: variance, samples: all.total, coveredWeight: covered / total)
  }

  /// The house rule for when the samples of one enterprise are a cluster: more than 1.2 samples an enterprise on average.
  public static func needsClusters(_ clusters: [Proportion]) -> Bool {
    let used = clusters.filter { $0.total > 0 }
    guard let all = Proportion.sum(used) else { return true }
    return Int128(all.total) * 5 > Int128(used.count) * 6
  }

  /// Rate over clusters (several batches of one enterprise): v = k/(k−1) · Σ(x_i − p̂ n_i)²/n², the ratio estimator's
  /// linearised variance (Cochran, Sampling Techniques, 6.4). Clusters without samples are ignored; nil for fewer than two.
  public static func clustered(_ clusters: [Proportion]) -> SurveyEstimate? {
    let used = clusters.filter { $0.total > 0 }
    guard used.count >= 2, let all = Proportion.sum(used), all.total > 0 else { return nil }
    let k = Double(used.count)
    var squares = 0.0
    for cluster in used {
      let residual = cluster.x - all.p * cluster.n
      squares += residual * residual
    }
    return SurveyEstimate(rate: all.p, variance: k / (k - 1) * squares / all.n / all.n, samples: all.total)
  }
}

/// 产品质量等级品率 of GB/T 13340-1991 (withdrawn 2005): G = (a1·P1 + a2·P2 + a3·P3)/P. May exceed 1.
public enum ProductGradeRate {
  /// - Parameters: output (value or quantity) of 优等品, 一等品, 合格品, and of everything.
  /// - Returns: nil for negative or not finite output, or a total that is not positive.
  public static func rate(
    superior: Double, first: Double, qualified: Double, total: Double,
    factors: (superior: Double, first: Double, qualified: Double) = (1.5, 1.0, 0.5)
  ) -> Double? {
    guard superior >= 0, first >= 0, qualified >= 0, total > 0, total.isFinite else { return nil }
    let rate = (factors.superior * superior + factors.first * first + factors.qualified * qualified) / total
    return rate.isFinite ? rate : nil
  }
}
