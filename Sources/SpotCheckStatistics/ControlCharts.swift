/// One period on a control chart.
public struct ControlPoint: Sendable, Hashable {
  /// nil for a period without samples; its limits are then 0 and 1.
  public let rate: Double?
  public let lower: Double
  public let upper: Double
  /// Standard deviation used for the limits.
  public let sigma: Double

  /// −1 below the lower, 1 above the upper limit, else 0.
  public var signal: Int {
    guard let rate else { return 0 }
    return rate < lower ? -1 : rate > upper ? 1 : 0
  }
}

/// Shewhart's p chart and Laney's p′ chart of a rate over ordered periods.
public struct RateChart: Sendable, Hashable {
  /// p̄ of the baseline.
  public let centre: Double
  /// σ_z: 1 on a p chart; above 1 the rate varies more between periods than chance allows.
  public let sigmaZ: Double
  /// Mean moving range of z; nil on a p chart.
  public let meanMovingRange: Double?
  public let points: [ControlPoint]
  /// Periods with samples behind the centre.
  public let baselinePeriods: Int

  /// Too few periods for limits to rely on (house rule: fewer than 12).
  public var isProvisional: Bool { baselinePeriods < RateChart.fewestBaselinePeriods }
  public static let fewestBaselinePeriods = 12

  /// p̄ ± 3√(p̄(1−p̄)/n_t), cut to 0...1 (NIST/SEMATECH e-Handbook 6.3.3.2).
  ///
  /// - Parameter baseline: the periods that set the centre; all when nil. Re-base only on a documented change.
  /// - Returns: nil if the baseline is outside the series or has no samples, or `width` is not positive.
  public static func p(_ series: [Proportion], baseline: Range<Int>? = nil, width: Double = 3) -> RateChart? {
    guard let (used, all) = base(series, baseline), width > 0 else { return nil }
    return RateChart(series, used, centre: all, sigmaZ: 1, range: nil, width: width)
  }

  /// The house rule: p′ when a period has more than 500 samples on average or φ is above 1.5, else p.
  ///
  /// nil as for ``p(_:baseline:width:)``; where p′ cannot be computed, p.
  public static func recommended(_ series: [Proportion], baseline: Range<Int>? = nil, width: Double = 3) -> RateChart? {
    guard let (used, all) = base(series, baseline) else { return nil }
    let periods = used.count { $0.total > 0 }
    let dispersion = HeterogeneityTest.test(used)?.dispersion ?? 0
    let prime = all.n > 500 * Double(periods) || dispersion > 1.5
    let chart = prime ? laney(series, baseline: baseline, width: width) : nil
    return chart ?? p(series, baseline: baseline, width: width)
  }

  /// p̄ ± 3σ_tσ_z with σ_z = mean |z_t − z_{t−1}| / 1.128 (D. B. Laney, Quality Engineering 14 (2002) 531–537): limits that
  /// allow for variation between periods. See ``recommended(_:baseline:width:)`` for when.
  ///
  /// Periods without samples are skipped in the moving range. nil as for ``p(_:baseline:width:)``, for fewer than two
  /// periods with samples, and when p̄ is 0 or 1.
  public static func laney(_ series: [Proportion], baseline: Range<Int>? = nil, width: Double = 3) -> RateChart? {
    guard let (used, all) = base(series, baseline), width > 0, all.count > 0, all.count < all.total else { return nil }
    let z = used.filter { $0.total > 0 }.map { ($0.p - all.p) / (all.p * all.q / $0.n).squareRoot() }
    guard z.count >= 2 else { return nil }
    var sum = 0.0
    for t in 1..<z.count { sum += abs(z[t] - z[t - 1]) }
    let range = sum / Double(z.count - 1)
    return RateChart(series, used, centre: all, sigmaZ: range / 1.128, range: range, width: width)
  }

  private init(
    _ series: [Proportion], _ base: [Proportion], centre: Proportion, sigmaZ: Double, range: Double?, width: Double
  ) {
    self.centre = centre.p
    baselinePeriods = base.count { $0.total > 0 }
    self.sigmaZ = sigmaZ
    meanMovingRange = range
    points = series.map { period in
      guard period.total > 0 else { return ControlPoint(rate: nil, lower: 0, upper: 1, sigma: 0) }
      let sigma = (centre.p * centre.q / period.n).squareRoot() * sigmaZ
      return ControlPoint(
        rate: period.p, lower: (centre.p - width * sigma).clampedToUnit,
        upper: (centre.p + width * sigma).clampedToUnit,
        sigma: sigma)
    }
  }

  private static func base(_ series: [Proportion], _ baseline: Range<Int>?) -> ([Proportion], Proportion)? {
    let range = baseline ?? 0..<series.count
    guard range.lowerBound >= 0, range.upperBound <= series.count else { return nil }
    let used = Array(series[range])
    guard let all = Proportion.sum(used), all.total > 0 else { return nil }
    return (used, all)
  }
}

/// Exponentially weighted moving average of a failure rate, watched for a rise.
public struct RateEWMA: Sendable, Hashable {
  public struct Point: Sendable, Hashable {
    public let average: Double
    public let upperLimit: Double
    public var signals: Bool { average > upperLimit }
  }

  public let points: [Point]

  /// z_t = λp_t + (1−λ)z_{t−1}, V_t = λ²p0(1−p0)/n_t + (1−λ)²V_{t−1}, limit p0 + width·√V_t, from z = p0, V = 0
  /// (Lucas & Saccucci, Technometrics 32 (1990), with the n of each period).
  ///
  /// A period without samples keeps the last average and variance. nil unless 0 ≤ p0 ≤ 1, 0 < λ ≤ 1, width > 0.
  public static func chart(_ series: [Proportion], expected p0: Double, lambda: Double = 0.2, width: Double = 3)
    -> RateEWMA?
  {
    guard p0 >= 0, p0 <= 1, lambda > 0, lambda <= 1, width > 0 else { return nil }
    var average = p0
    var variance = 0.0
    var points: [Point] = []
    for period in series {
      if period.total > 0 {
        average = lambda * period.p + (1 - lambda) * average
        variance = lambda * lambda * p0 * (1 - p0) / period.n + (1 - lambda) * (1 - lambda) * variance
      }
      points.append(Point(average: average, upperLimit: p0 + width * variance.squareRoot()))
    }
    return RateEWMA(points: points)
  }
}
