/// Why a crude rate changed: because the rates of the strata changed, or because the mix did.
///
/// E. M. Kitagawa, JASA 50 (1955) 1168–1194: Δ = Σ(p1−p0)(w0+w1)/2 [rate] + Σ(w1−w0)(p0+p1)/2 [mix].
public struct RateDecomposition: Sendable, Hashable {
  /// The two parts of one stratum.
  public struct Part: Sendable, Hashable {
    public let rateEffect: Double
    public let mixEffect: Double
    /// The mix effect against the mean of the two crude rates: positive where a part better than that grew. Its sum over
    /// the strata is the same, because the changes of shares add up to nothing.
    public let centredMixEffect: Double
  }

  public let before: Double
  public let after: Double
  /// One for each stratum, for the waterfall chart.
  public let parts: [Part]
  public let rateEffect: Double
  public let mixEffect: Double

  /// after − before; the effects add up to it but for rounding in the last digits.
  public var change: Double { after - before }

  /// The strata in the same order in both periods. A stratum empty in one period takes the rate of the other period, so that
  /// its coming or going counts as mix; one empty in both has no effect.
  ///
  /// - Returns: nil for lists of unequal length or a period without samples.
  public static func kitagawa(before: [Proportion], after: [Proportion]) -> RateDecomposition? {
    guard before.count == after.count, let all0 = Proportion.sum(before), let all1 = Proportion.sum(after),
      all0.total > 0, all1.total > 0
    else { return nil }
    var rateEffect = 0.0
    var mixEffect = 0.0
    let parts = zip(before, after).map { old, new in
      guard let p0 = old.rate ?? new.rate, let p1 = new.rate ?? old.rate else {
        return Part(rateEffect: 0, mixEffect: 0, centredMixEffect: 0)
      }
      let w0 = old.n / all0.n
      let w1 = new.n / all1.n
      let part = Part(
        rateEffect: (p1 - p0) * (w0 + w1) / 2, mixEffect: (w1 - w0) * (p0 + p1) / 2,
        centredMixEffect: (w1 - w0) * ((p0 + p1) / 2 - (all0.p + all1.p) / 2))
      rateEffect += part.rateEffect
      mixEffect += part.mixEffect
      return part
    }
    return RateDecomposition(
      before: all0.p, after: all1.p, parts: parts, rateEffect: rateEffect, mixEffect: mixEffect)
  }
}
