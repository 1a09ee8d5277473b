/// Which of several groups differ from their common rate, in place of a ranking.
///
/// Exact binomial limits (Spiegelhalter 2005) and doubled exact p-values while the groups scatter as chance would have
/// it; with a dispersion φ above `dispersionLimit` limits and p-values with a variance between groups (additive random
/// effects on the arcsine scale). Either way the p-values are adjusted for the number of groups (Benjamini–Hochberg).
public struct FunnelSignals: Sendable, Hashable {
  public enum Position: String, Sendable, Hashable, CaseIterable {
    case within
    case high
    case low
  }

  /// One group's place in the funnel.
  public struct Signal: Sendable, Hashable {
    /// 95 % and 99.8 % limits for a group of this size.
    public let inner: Interval
    public let outer: Interval
    public let pValue: Double
    /// Adjusted for the number of groups.
    public let adjusted: Double
    public let position: Position
  }

  /// The pooled rate.
  public let centre: Double
  /// Pearson's χ² over its degrees of freedom; nil where it cannot be computed.
  public let dispersion: Double?
  /// Whether the variance between groups widens the funnel.
  public let isOverDispersed: Bool
  /// In the order of the groups; nil for groups that are too small to be judged.
  public let signals: [Signal?]

  /// - Parameters:
  ///   - fewest: smaller groups count in the common rate and get no signal (house default `min_rank`).
  ///   - falseDiscovery: largest adjusted p-value of a signal (house default q = 0.10).
  ///   - dispersionLimit: φ above which the groups are over-dispersed (house default).
  /// - Returns: nil for fewer than two groups with samples.
  public static func evaluate(
    _ groups: [Proportion], fewest: Int = 30, falseDiscovery: Double = 0.10, dispersionLimit: Double = 1.5
  ) -> FunnelSignals? {
    let used = groups.filter { $0.total > 0 }
    guard used.count >= 2, let all = Proportion.sum(used), let spread = FunnelDispersion.estimate(groups) else {
      return nil
    }
    let dispersion = HeterogeneityTest.test(used)?.dispersion
    let isOverDispersed = (dispersion ?? 0) > dispersionLimit && spread.betweenVariance > 0
    let centre = all.p
    let judged = groups.indices.filter { groups[$0].total >= max(fewest, 1) }
    let pValues = judged.map { index -> Double in
      let group = groups[index]
      return isOverDispersed
        ? spread.pValue(of: group) : min(1, BinomialDistribution.doubledTail(group.count, n: group.total, p: centre))
    }
    guard let adjusted = Multiplicity.adjusted(pValues) else { return nil }
    var signals = [Signal?](repeating: nil, count: groups.count)
    for (place, index) in judged.enumerated() {
      let n = groups[index].total
      let inner =
        isOverDispersed
        ? spread.limits(samples: n, z: 1.959963984540054)
        : FunnelPlot.exactLimits(samples: n, centre: centre, tail: 0.025)
      let outer =
        isOverDispersed
        ? spread.limits(samples: n, z: 3.090232306167813)
        : FunnelPlot.exactLimits(samples: n, centre: centre, tail: 0.001)
      guard let inner, let outer else { continue }
      let stands = adjusted[place] <= falseDiscovery * (1 + 1e-12)
      let position: Position = !stands ? .within : groups[index].p > centre ? .high : .low
      signals[index] = Signal(
        inner: inner, outer: outer, pValue: pValues[place], adjusted: adjusted[place], position: position)
    }
    return FunnelSignals(centre: centre, dispersion: dispersion, isOverDispersed: isOverDispersed, signals: signals)
  }
}

extension FunnelDispersion {
  /// Two-sided p-value of a group's distance from the common rate, z = (asin√p − asin√θ)/√(1/4n + τ²). 1 without samples.
  public func pValue(of group: Proportion) -> Double {
    guard group.total > 0 else { return 1 }
    let distance = arcsine(group.p.squareRoot()) - arcsine(centre.squareRoot())
    let z = distance / (0.25 / group.n + betweenVariance).squareRoot()
    return min(1, 2 * NormalDistribution.cdf(-abs(z)))
  }
}
