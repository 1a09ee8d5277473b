/// A target for a rate, as an exact fraction: 90 % is 90/100, 5.5 ‰ is 55/10000. Comparisons never round.
public struct RateTarget: Sendable, Hashable {
  /// Which side of the value is good.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// 达到 90 % 以上
    case atLeast
    /// 控制在 5.5 ‰ 以下
    case atMost
  }

  public let numerator: Int
  public let denominator: Int
  public let direction: Direction

  /// nil unless 0 ≤ numerator ≤ denominator and denominator > 0.
  ///
  /// "Reaches 100 %" (达到100%) is `(1, outOf: 1, .atLeast)`: one failure refutes it and only a census proves it.
  public init?(_ numerator: Int, outOf denominator: Int, _ direction: Direction = .atLeast) {
    guard denominator > 0, numerator >= 0, numerator <= denominator else { return nil }
    self.numerator = numerator
    self.denominator = denominator
    self.direction = direction
  }

  /// A decimal rate, `mantissa · 10^−scale`: (98, 2) is 0.98 and (9350, 4) is 0.9350. nil outside 0...1 or scale outside
  /// 0...18.
  public init?(mantissa: Int, scale: Int, _ direction: Direction = .atLeast) {
    guard scale >= 0, scale <= 18 else { return nil }
    var power = 1
    for _ in 0..<scale { power *= 10 }
    self.init(mantissa, outOf: power, direction)
  }

  /// Whole percent. nil outside 0...100.
  public static func percent(_ value: Int, _ direction: Direction = .atLeast) -> RateTarget? {
    RateTarget(value, outOf: 100, direction)
  }

  private init(valid numerator: Int, _ denominator: Int, _ direction: Direction) {
    self.numerator = numerator
    self.denominator = denominator
    self.direction = direction
  }

  /// The target seen from the other side: "≥ 90 % pass" as "≤ 10 % fail".
  public var complement: RateTarget {
    RateTarget(valid: denominator - numerator, denominator, direction == .atLeast ? .atMost : .atLeast)
  }

  /// The value as a Double, and one minus it, each rounded once.
  public var rate: Double { Double(numerator) / Double(denominator) }
  public var complementRate: Double { Double(denominator - numerator) / Double(denominator) }

  /// −1, 0, 1 as x/n is below, equal to, above the value, decided on integers; nil for n = 0.
  public func comparison(of proportion: Proportion) -> Int? {
    guard proportion.total > 0 else { return nil }
    // Two products below 2^126: Int128 holds them whatever the counts.
    let left = Int128(proportion.count) * Int128(denominator)
    let right = Int128(numerator) * Int128(proportion.total)
    return left < right ? -1 : left == right ? 0 : 1
  }

  /// Whether the point estimate is on the good side (equality is); nil for n = 0.
  public func isMet(by proportion: Proportion) -> Bool? {
    comparison(of: proportion).map { direction == .atLeast ? $0 >= 0 : $0 <= 0 }
  }
}
