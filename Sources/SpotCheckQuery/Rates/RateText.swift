public import SpotCheckStatistics

/// Rates as people read them: percent, with as many digits as it takes not to cross a target by rounding.
public struct RateText: Sendable {
  /// 90 % and 95 %, the targets of most quality plans.
  public static let defaultTargets = [RateTarget.percent(90), RateTarget.percent(95)].compactMap { $0 }
  /// What stands where there is no rate.
  public static let none = "—"

  private let formats: [PercentText]

  public init(targets: [RateTarget] = RateText.defaultTargets) {
    formats = targets.isEmpty ? [PercentText()] : targets.map { PercentText(target: $0) }
  }

  /// `93.50`, without the sign.
  func digits(_ rate: Double, _ proportion: Proportion?) -> String {
    let texts = formats.compactMap { format in
      proportion.flatMap { format.text($0) } ?? format.text(rate: rate)
    }
    // More digits never cross what fewer did not: the longest is faithful to every target.
    return texts.max { $0.utf8.count < $1.utf8.count } ?? RateText.none
  }
}

/// Numbers of machine formats.
enum NumberText {
  /// A share as a decimal fraction with ten digits after the point: `0.9350000000`.
  static func decimal(_ rate: Double) -> String {
    guard rate.isFinite, rate >= 0, rate < 9e8 else { return rate.description }
    let scaled = UInt64((rate * 1e10).rounded(.toNearestOrEven))
    let digits = String(scaled % 10_000_000_000)
    return String(scaled / 10_000_000_000) + "." + String(repeating: "0", count: 10 - digits.utf8.count) + digits
  }

  /// The shortest decimal that reads back as the same double.
  static func json(_ rate: Double) -> String { rate.isFinite ? rate.description : "null" }
}
