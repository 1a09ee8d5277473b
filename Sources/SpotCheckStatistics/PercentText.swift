/// Rates as text, from integers, by integer arithmetic: no locale, no binary rounding, the same bytes everywhere.
///
/// Rounding is half to even (GB/T 8170-2008 3.2) on the exact value. Two guards add digits rather than mislead:
/// - a rounded rate is never on the other side of the target than the exact one (8996 of 10000 against 90 % prints 89.96);
/// - "100" is printed only for all and "0" only for none.
public struct PercentText: Sendable, Hashable {
  /// What a rate is multiplied with.
  public enum Unit: Int, Sendable, Hashable {
    case percent = 2
    case perMille = 3

    /// "%" or "‰".
    public var symbol: String { self == .percent ? "%" : "‰" }
  }

  public var unit: Unit
  /// Digits after the point, 0...12.
  public var digits: Int
  /// The target the rounded rate must not cross.
  public var target: RateTarget?
  /// Whether 0 and 100 are kept for none and all.
  public var keepsExtremes: Bool
  /// Appended after the digits, " %" for a space before the sign; nothing for bare numbers.
  public var suffix: String

  /// Guards add digits up to this many; beyond, the last digit is cut towards the true side instead of rounded.
  static let mostDigits = 12

  /// `digits` outside 0...12 is moved to the nearer end.
  public init(
    _ unit: Unit = .percent, digits: Int = 2, target: RateTarget? = nil, keepsExtremes: Bool = true, suffix: String = ""
  ) {
    self.unit = unit
    self.digits = min(max(digits, 0), PercentText.mostDigits)
    self.target = target
    self.keepsExtremes = keepsExtremes
    self.suffix = suffix
  }

  /// x/n, such as "93.50"; nil for n = 0.
  public func text(_ proportion: Proportion) -> String? {
    guard proportion.total > 0 else { return nil }
    return text(ExactFraction(UInt128(proportion.count), UInt128(proportion.total)))
  }

  /// A rate known only as a Double (an interval's end, a weighted rate), rounded from its exact binary value. nil outside
  /// 0...1. Below 2^−74 it counts as 0.
  public func text(rate: Double) -> String? {
    guard rate >= 0, rate <= 1 else { return nil }
    guard rate >= 0x1p-74 else { return text(ExactFraction(0, 1)) }
    // rate = significand / 2^shift with shift ≤ 126.
    let shift = 52 - Int(rate.exponent)
    let significand = UInt128(rate.significandBitPattern | 1 << 52)
    return text(ExactFraction(significand, UInt128(1) << UInt128(shift)))
  }

  /// The change from one proportion to another in percentage points (百分点), with its sign: "+2.5", "-0.3", "0.0".
  /// nil if either has no samples. Exact, half to even; the target guard does not apply to differences.
  public static func points(from old: Proportion, to new: Proportion, digits: Int = 1) -> String? {
    guard old.total > 0, new.total > 0 else { return nil }
    let left = UInt128(new.count) * UInt128(old.total)
    let right = UInt128(old.count) * UInt128(new.total)
    let fraction = ExactFraction(left > right ? left - right : right - left, UInt128(old.total) * UInt128(new.total))
    let places = min(max(digits, 0), mostDigits)
    let scaled = fraction.scaled(places + 2, .halfEven)
    let sign = scaled == 0 || left == right ? "" : left > right ? "+" : "-"
    return sign + ExactFraction.decimal(scaled, places)
  }

  private func text(_ fraction: ExactFraction) -> String {
    var places = digits
    var scaled = fraction.scaled(places + unit.rawValue, .halfEven)
    while !isFaithful(scaled, places, fraction) {
      if places >= PercentText.mostDigits {
        scaled = faithfulCut(fraction, places)
        break
      }
      places += 1
      scaled = fraction.scaled(places + unit.rawValue, .halfEven)
    }
    return ExactFraction.decimal(scaled, places) + suffix
  }

  /// Whether the rounded rate tells the same story as the exact one.
  private func isFaithful(_ scaled: UInt128, _ places: Int, _ fraction: ExactFraction) -> Bool {
    let rounded = ExactFraction(scaled, ExactFraction.powerOfTen(places + unit.rawValue))
    if keepsExtremes {
      if rounded.numerator == 0 && fraction.numerator != 0 { return false }
      if rounded.numerator == rounded.denominator && fraction.numerator != fraction.denominator { return false }
    }
    guard let target else { return true }
    let goal = ExactFraction(UInt128(target.numerator), UInt128(target.denominator))
    return meets(rounded, goal, target.direction) == meets(fraction, goal, target.direction)
  }

  /// Cut downwards or upwards, whichever keeps the side: a value cut downwards never climbs to a target above it, one cut
  /// upwards never falls to a target below it.
  private func faithfulCut(_ fraction: ExactFraction, _ places: Int) -> UInt128 {
    let down = fraction.scaled(places + unit.rawValue, .down)
    if isFaithful(down, places, fraction) { return down }
    return fraction.scaled(places + unit.rawValue, .up)
  }

  private func meets(_ value: ExactFraction, _ goal: ExactFraction, _ direction: RateTarget.Direction) -> Bool {
    let order = value.compare(goal)
    return direction == .atLeast ? order >= 0 : order <= 0
  }
}

/// A fraction of whole numbers with 0 ≤ numerator and 0 < denominator ≤ 2^127. Its operations never overflow.
struct ExactFraction {
  var numerator: UInt128
  var denominator: UInt128

  enum Rounding {
    case halfEven
    case down
    case up
  }

  init(_ numerator: UInt128, _ denominator: UInt128) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// −1, 0, 1: cross products in 256 bits.
  func compare(_ other: ExactFraction) -> Int {
    let left = numerator.multipliedFullWidth(by: other.denominator)
    let right = other.numerator.multipliedFullWidth(by: denominator)
    if left.high != right.high { return left.high < right.high ? -1 : 1 }
    if left.low != right.low { return left.low < right.low ? -1 : 1 }
    return 0
  }

  /// The value times 10^places as a whole number. For values ≤ 1 and places ≤ 16 it always fits.
  func scaled(_ places: Int, _ rounding: Rounding) -> UInt128 {
    var (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    // Long division, a decimal at a time: the rest stays below the denominator, so the 256-bit division cannot overflow.
    for _ in 0..<places {
      let (digit, remainder) = denominator.dividingFullWidth(rest.multipliedFullWidth(by: 10))
      quotient = quotient &* 10 &+ digit
      rest = remainder
    }
    switch rounding {
    case .down: return quotient
    case .up: return rest > 0 ? quotient &+ 1 : quotient
    case .halfEven:
      let half = denominator - rest
      let up = rest > half || (rest == half && quotient % 2 == 1)
      return up ? quotient &+ 1 : quotient
    }
  }

  static func powerOfTen(_ exponent: Int) -> UInt128 {
    var power: UInt128 = 1
    for _ in 0..<exponent { power &*= 10 }
    return power
  }

  /// A whole number with a decimal point before its last `places` digits.
  static func decimal(_ scaled: UInt128, _ places: Int) -> String {
    let (whole, part) = scaled.quotientAndRemainder(dividingBy: powerOfTen(places))
    guard places > 0 else { return String(whole) }
    let digits = String(part)
    return String(whole) + "." + String(repeating: "0", count: places - digits.utf8.count) + digits
  }
}
