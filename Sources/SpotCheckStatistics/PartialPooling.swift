/// A Beta(α, β) distribution of rates among groups.
public struct BetaPrior: Sendable, Hashable {
  public let alpha: Double
  public let beta: Double

  /// nil unless both are positive and finite.
  public init?(alpha: Double, beta: Double) {
    guard alpha > 0, beta > 0, alpha.isFinite, beta.isFinite else { return nil }
    self.alpha = alpha
    self.beta = beta
  }

  /// M = α + β: the prior is worth as many samples.
  public var strength: Double { alpha + beta }

  /// Empirical Bayes mean (α+x)/(M+n): the group's rate drawn towards the common one.
  public func shrunkenRate(_ group: Proportion) -> Double { (alpha + group.x) / (strength + group.n) }

  /// n/(n+M): how much the group's own data count.
  public func ownWeight(_ group: Proportion) -> Double { group.n / (group.n + strength) }

  /// Equal-tailed interval of the group's rate; nil for a confidence outside (0, 1) or counts above the limit.
  public func interval(_ group: Proportion, confidence: Double = 0.95) -> Interval? {
    guard confidence > 0, confidence < 1, strength + group.n <= SpecialFunctions.parameterLimit else { return nil }
    let a = alpha + group.x
    let b = beta + (group.n - group.x)
    let tail = (1 - confidence) / 2
    return Interval(
      lower: SpecialFunctions.betaQuantilePair(tail, a, b).x, upper: SpecialFunctions.betaQuantilePair(tail, b, a).y)
  }
}

/// Beta-binomial partial pooling of small groups within one purpose and category family.
public struct PartialPooling: Sendable, Hashable {
  /// Σx/Σn.
  public let pooledRate: Double
  /// Intra-class correlation 1/(M+1); 0 = the groups do not differ beyond chance.
  public let rho: Double
  /// nil when ρ = 0: use the pooled rate for every group.
  public let prior: BetaPrior?
  /// Beta-binomial log-likelihood with the binomial coefficients; only for the maximum likelihood fit.
  public let logLikelihood: Double?

  /// Fewer groups than this give no estimate.
  public static let fewestGroups = 5

  /// Method of moments: `ρ = max(0, [S − p̄(1−p̄)(k−1)] / [p̄(1−p̄)(N − Σn²/N − (k−1))])`, `S = Σ n(p − p̄)²`
  /// (J. C. Kleinman, JASA 68 (1973) 46–54, weights n).
  ///
  /// Groups without samples are ignored. nil for fewer than `fewestGroups` others.
  public static func moments(_ groups: [Proportion], fewestGroups: Int = fewestGroups) -> PartialPooling? {
    guard let (used, all) = usable(groups, fewestGroups) else { return nil }
    let spread = all.p * all.q
    let k = Double(used.count)
    var squares = 0.0
    var sizes = 0.0
    for group in used {
      squares += group.n * (group.p - all.p) * (group.p - all.p)
      sizes += group.n * (group.n / all.n)
    }
    let scale = spread * (all.n - sizes - (k - 1))
    var rho = 0.0
    if scale > 0 { rho = min(max(0, (squares - spread * (k - 1)) / scale), 1 - 1e-6) }
    guard rho > 0 else { return PartialPooling(pooledRate: all.p, rho: 0, prior: nil, logLikelihood: nil) }
    let strength = 1 / rho - 1
    return PartialPooling(
      pooledRate: all.p, rho: rho, prior: BetaPrior(alpha: all.p * strength, beta: all.q * strength),
      logLikelihood: nil)
  }

  /// Maximum likelihood in (ln α, ln β) by Newton's method with damping, started at the moments.
  ///
  /// `prior` is nil when the likelihood still rises at M = 1e7 (no spread beyond chance). nil as for ``moments(_:fewestGroups:)``.
  public static func maximumLikelihood(_ groups: [Proportion], fewestGroups: Int = fewestGroups) -> PartialPooling? {
    guard let (used, all) = usable(groups, fewestGroups) else { return nil }
    let none = PartialPooling(pooledRate: all.p, rho: 0, prior: nil, logLikelihood: nil)
    guard all.p > 0, all.q > 0, let first = moments(used, fewestGroups: fewestGroups) else { return none }
    let strength = first.prior?.strength ?? 1_000
    var point = (naturalLog(all.p * strength), naturalLog(all.q * strength))
    var value = likelihood(used, exponential(point.0), exponential(point.1))
    var damping = 1e-3
    for _ in 0..<500 {
      let slope = derivatives(used, exponential(point.0), exponential(point.1))
      if exponential(point.0) + exponential(point.1) > 1e7 { return none }
      let a = -slope.aa + damping
      let b = -slope.bb + damping
      let c = -slope.ab
      let determinant = a * b - c * c
      guard a > 0, determinant > 0 else {
        damping *= 10
        if damping > 1e12 { return none }
        continue
      }
      let step = ((b * slope.a - c * slope.b) / determinant, (a * slope.b - c * slope.a) / determinant)
      let next = (point.0 + step.0, point.1 + step.1)
      let nextValue = likelihood(used, exponential(next.0), exponential(next.1))
      if nextValue >= value - 1e-13 * abs(value), nextValue.isFinite {
        point = next
        value = nextValue
        damping = max(damping / 10, 1e-12)
        if abs(step.0) + abs(step.1) < 1e-11 { break }
      } else {
        damping *= 10
        if damping > 1e12 { break }
      }
    }
    guard let prior = BetaPrior(alpha: exponential(point.0), beta: exponential(point.1)), prior.strength <= 1e7 else {
      return none
    }
    let constant = used.reduce(0.0) { $0 + logChoose($1) }
    return PartialPooling(
      pooledRate: all.p, rho: 1 / (prior.strength + 1), prior: prior, logLikelihood: value + constant)
  }

  /// The group's rate after pooling: shrunken, or the pooled rate when the groups do not differ.
  public func rate(of group: Proportion) -> Double { prior?.shrunkenRate(group) ?? pooledRate }

  private static func usable(_ groups: [Proportion], _ fewest: Int) -> ([Proportion], Proportion)? {
    let used = groups.filter { $0.total > 0 }
    guard used.count >= max(2, fewest), let all = Proportion.sum(used), all.n <= SpecialFunctions.parameterLimit else {
      return nil
    }
    return (used, all)
  }

  private static func logChoose(_ group: Proportion) -> Double {
    let density = BinomialDistribution.pmf(group.count, n: group.total, p: group.p)
    guard group.count > 0, group.count < group.total else { return 0 }
    return naturalLog(density) - group.x * naturalLog(group.p) - (group.n - group.x) * naturalLog(group.q)
  }

  /// Σ ln [B(α+x, β+n−x)/B(α, β)], by rising factorials so that large parameters do not cancel.
  private static func likelihood(_ groups: [Proportion], _ a: Double, _ b: Double) -> Double {
    groups.reduce(0.0) { sum, group in
      sum + SpecialFunctions.logRising(a, group.x) + SpecialFunctions.logRising(b, group.n - group.x)
        - SpecialFunctions.logRising(a + b, group.n)
    }
  }

  /// Gradient and Hessian of the log-likelihood in (ln α, ln β).
  private static func derivatives(_ groups: [Proportion], _ a: Double, _ b: Double)
    -> (a: Double, b: Double, aa: Double, bb: Double, ab: Double)
  {
    var (da, db, daa, dbb, dab) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let m = a + b
    for group in groups {
      let all = SpecialFunctions.digamma(m) - SpecialFunctions.digamma(m + group.n)
      let all2 = SpecialFunctions.trigamma(m) - SpecialFunctions.trigamma(m + group.n)
      da += SpecialFunctions.digamma(a + group.x) - SpecialFunctions.digamma(a) + all
      db += SpecialFunctions.digamma(b + group.n - group.x) - SpecialFunctions.digamma(b) + all
      daa += SpecialFunctions.trigamma(a + group.x) - SpecialFunctions.trigamma(a) + all2
      dbb += SpecialFunctions.trigamma(b + group.n - group.x) - SpecialFunctions.trigamma(b) + all2
      dab += all2
    }
    return (a * da, b * db, a * a * daa + a * da, b * b * dbb + b * db, a * b * dab)
  }
}
