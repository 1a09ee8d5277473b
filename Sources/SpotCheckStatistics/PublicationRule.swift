/// How much of a cell may be shown, by its number of samples alone. About reliability, not secrecy.
public enum CellTier: String, Sendable, Hashable, CaseIterable {
  /// n = 0: "—".
  case empty
  /// n below 5: counts only, no rate.
  case countsOnly
  /// 5 ≤ n < 30: x/n and interval, greyed, 样本量不足; no ranking, no colour.
  case lowSample
  /// n ≥ 30.
  case full

  /// Thresholds are the house defaults `min_show` and `min_rank`; a negative n counts as 0.
  public init(samples n: Int, minimumToShow: Int = 5, minimumToRank: Int = 30) {
    if n <= 0 {
      self = .empty
    } else if n < minimumToShow {
      self = .countsOnly
    } else {
      self = n < minimumToRank ? .lowSample : .full
    }
  }
}

/// The presentation standard for proportions of the U.S. National Center for Health Statistics.
///
/// Source: NCHS, Vital and Health Statistics, Series 2, No. 175 (2017). The interval is meant to be Clopper–Pearson
/// (Korn–Graubard for surveys). Apply it to the pass rate and to the failure rate: a pass rate near 1 hides a useless
/// failure rate.
public struct PublicationAssessment: Sendable, Hashable {
  public enum Decision: String, Sendable, Hashable {
    case show
    case suppress
  }

  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// Effective sample size below 30.
    case fewSamples
    /// Interval at least 0.30 wide.
    case wideInterval
    /// Interval between 0.05 and 0.30 wide, but more than 130 % of the rate.
    case wideRelativeInterval
  }

  public let decision: Decision
  /// Why it is suppressed; nil when shown.
  public let reason: Reason?
  /// The rate may be shown but its complement may not be (width above 130 % of 1 − rate).
  public let complementUnreliable: Bool
  /// A statistician should look: fewer than 8 degrees of freedom.
  public let reviewFewDegrees: Bool
  /// A statistician should look: all or none of the sample have the property.
  public let reviewExtreme: Bool

  /// - Returns: nil unless 0 ≤ rate ≤ 1 and the interval and the effective size are numbers.
  public static func assess(rate: Double, interval: Interval, effectiveSize: Double, degreesOfFreedom: Double? = nil)
    -> PublicationAssessment?
  {
    let width = interval.width
    guard rate >= 0, rate <= 1, width >= 0, effectiveSize >= 0 else { return nil }
    var reason: Reason?
    var complement = false
    if effectiveSize < 30 {
      reason = .fewSamples
    } else if width <= 0.05 {
      reason = nil
    } else if width >= 0.30 {
      reason = .wideInterval
    } else if width > 1.30 * rate {
      reason = .wideRelativeInterval
    } else {
      complement = width > 1.30 * (1 - rate)
    }
    return PublicationAssessment(
      decision: reason == nil ? .show : .suppress, reason: reason, complementUnreliable: complement,
      reviewFewDegrees: degreesOfFreedom.map { $0 < 8 } ?? false, reviewExtreme: rate == 0 || rate == 1)
  }

  /// The rule for a simple random sample, with Clopper–Pearson 95 %. nil for n = 0.
  public static func assess(_ proportion: Proportion) -> PublicationAssessment? {
    guard let rate = proportion.rate, let interval = proportion.interval(.clopperPearson) else { return nil }
    return assess(rate: rate, interval: interval, effectiveSize: proportion.n)
  }
}
