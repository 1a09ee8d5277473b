/// A decimal number as delivered: `mantissa × 10^(-scale)`. Never a binary float.
///
/// `0.05` is (5, 2), `1.50` is (150, 2): trailing zeros are kept, because they say how precisely was measured.
@frozen
public struct ExactDecimal: Sendable, Hashable {
  public var mantissa: Int64
  /// Digits after the point, 0…18. Powers of ten above 1 are multiplied into the mantissa.
  public var scale: Int8

  /// Largest scale that is kept.
  public static let maximumScale: Int8 = 18

  @inlinable
  public init(mantissa: Int64, scale: Int8) {
    self.mantissa = mantissa
    self.scale = scale
  }

  /// 10 to the power of `exponent` (0…36).
  @inlinable
  static func powerOfTen(_ exponent: Int) -> Int128 {
    var result: Int128 = 1
    var left = exponent
    while left > 0 {
      result *= 10
      left -= 1
    }
    return result
  }

  /// -1, 0 or 1: exact whatever the scales. Not `Comparable`, because `0.5 == 0.50` here and not under ``==``.
  @inlinable
  public static func compare(_ left: ExactDecimal, _ right: ExactDecimal) -> Int {
    let (leftScale, rightScale) = (Int(left.scale), Int(right.scale))
    // |mantissa| < 2^63 < 10^19 and the factor is at most 10^18: the product fits 2^127.
    let common = max(leftScale, rightScale)
    let leftValue = Int128(left.mantissa) * powerOfTen(common - leftScale)
    let rightValue = Int128(right.mantissa) * powerOfTen(common - rightScale)
    return leftValue < rightValue ? -1 : (leftValue > rightValue ? 1 : 0)
  }

  /// How `left` compares with `right` × 10^exponent: -1, 0 or 1, exact whatever the exponent.
  public static func compare(_ left: ExactDecimal, _ right: ExactDecimal, timesPowerOfTen exponent: Int) -> Int {
    // left / 10^a against right × 10^e / 10^b is left × 10^(b − e − a) against right, or the other way round.
    let shift = Int(right.scale) - exponent - Int(left.scale)
    let isLeftScaled = shift > 0
    let (scaled, plain) = isLeftScaled ? (left, right) : (right, left)
    let order: Int
    if scaled.mantissa == 0 || shift.magnitude > 19 {
      // 10^20 times anything but 0 is more than any mantissa.
      let sign = scaled.mantissa.signum()
      order = sign != 0 ? Int(sign) : -Int(plain.mantissa.signum())
    } else {
      let product = Int128(scaled.mantissa) * powerOfTen(Int(shift.magnitude))
      order = product < Int128(plain.mantissa) ? -1 : product > Int128(plain.mantissa) ? 1 : 0
    }
    return isLeftScaled ? order : -order
  }

  /// The value rounded once to `digits` digits after the point, half to even (GB/T 8170-2008, 3.2).
  public func rounded(toScale digits: Int8) -> ExactDecimal {
    guard digits >= 0, digits < scale else { return self }
    let divisor = ExactDecimal.powerOfTen(Int(scale - digits))
    let value = Int128(mantissa)
    var quotient = value / divisor
    let rest = value - quotient * divisor
    let doubled = (rest < 0 ? -rest : rest) * 2
    if doubled > divisor || (doubled == divisor && quotient % 2 != 0) {
      quotient += value < 0 ? -1 : 1
    }
    return ExactDecimal(mantissa: Int64(truncatingIfNeeded: quotient), scale: digits)
  }

  /// The value times 10^exponent, or nil if it does not fit.
  public func scaledByPowerOfTen(_ exponent: Int) -> ExactDecimal? {
    guard exponent > -40, exponent < 40 else { return nil }
    let newScale = Int(scale) - exponent
    if newScale >= 0 {
      guard newScale <= Int(ExactDecimal.maximumScale) else { return nil }
      return ExactDecimal(mantissa: mantissa, scale: Int8(newScale))
    }
    guard newScale >= -18 else { return mantissa == 0 ? ExactDecimal(mantissa: 0, scale: 0) : nil }
    let product = Int128(mantissa) * ExactDecimal.powerOfTen(-newScale)
    guard let fitted = Int64(exactly: product) else { return nil }
    return ExactDecimal(mantissa: fitted, scale: 0)
  }
}

extension ExactDecimal: CustomStringConvertible {
  /// Plain notation with all digits: `0.050`.
  public var description: String {
    let digits = String(mantissa.magnitude)
    let sign = mantissa < 0 ? "-" : ""
    guard scale > 0 else { return sign + digits }
    let places = Int(scale)
    let padded = digits.count > places ? digits : String(repeating: "0", count: places + 1 - digits.count) + digits
    let split = padded.index(padded.endIndex, offsetBy: -places)
    return sign + padded[..<split] + "." + padded[split...]
  }
}

extension ExactDecimal {
  /// Reads `-12.50` in ASCII digits and nothing else: configuration and arguments. Delivered numbers are read by
  /// Curation. Nil for other texts and for what does not fit.
  public init?(plain text: String) {
    let digits = text.utf8.starts(with: [0x2D]) ? text.utf8.dropFirst() : text.utf8[...]
    let isNegative = digits.count < text.utf8.count
    let parts = digits.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }) else {
      return nil
    }
    let places = parts.count == 2 ? parts[1].count : 0
    guard places <= Int(ExactDecimal.maximumScale) else { return nil }
    var mantissa: Int64 = 0
    for digit in parts.joined() {
      let (shifted, overflows) = mantissa.multipliedReportingOverflow(by: 10)
      let (sum, carries) = shifted.addingReportingOverflow(Int64(digit - 0x30))
      guard !overflows, !carries else { return nil }
      mantissa = sum
    }
    self.init(mantissa: isNegative ? -mantissa : mantissa, scale: Int8(places))
  }
}
