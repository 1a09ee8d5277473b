/// A percentage, or a difference of percentages, as printed: exact, in billionths of a percent.
///
/// `2.90%` is 2 900 000 000 with a half unit of 5 000 000 (0.005 %): any share within half a unit of the value, ends
/// included, may have been printed so. That covers half up, half to even (GB/T 8170-2008) and 100 % minus either.
struct PrintedPercent: Sendable, Hashable {
  /// 100 %.
  static let whole = 100_000_000_000
  /// One percent, or one percentage point.
  static let one = 1_000_000_000
  /// A million percent: larger values are not understood.
  static let largest = 1_000_000 * one

  /// In billionths of a percent; negative only for differences.
  var value: Int
  /// Half a unit of the last printed digit, in billionths of a percent.
  var halfUnit: Int
  /// Digits after the point.
  var decimals: Int
  /// As printed, without blanks: `2.90%`.
  var text: String
  var position: AuditPosition

  /// What stands behind the digits.
  enum Unit: String, Sendable, Hashable {
    case percent = "%"
    case perMille = "‰"
    case points = "个百分点"
  }

  /// nil if there are more than eight digits after the point, or the value is larger than ``largest``.
  init?(_ number: ScannedNumber, _ unit: Unit, position: AuditPosition) {
    let places = number.decimals + (unit == .perMille ? 1 : 0)
    guard let mantissa = number.mantissa, number.zeros == 0, places <= 8 else { return nil }
    let (value, overflow) = mantissa.multipliedReportingOverflow(by: PowersOfTen.value(9 - places))
    guard !overflow, value <= PrintedPercent.largest else { return nil }
    self.value = value
    halfUnit = PowersOfTen.value(9 - places) / 2
    decimals = number.decimals
    text = number.text + (unit == .points ? "" : unit.rawValue)
    self.position = position
  }

  init(value: Int, halfUnit: Int, decimals: Int, text: String, position: AuditPosition) {
    self.value = value
    self.halfUnit = halfUnit
    self.decimals = decimals
    self.text = text
    self.position = position
  }

  /// 100 % minus this: failures for passes.
  var complement: PrintedPercent {
    var result = self
    result.value = PrintedPercent.whole - value
    return result
  }

  /// A value in billionths of a percent with `places` digits, 0…9: "94.21". Cut, not rounded, unless it has no more.
  static func digits(_ value: Int, places: Int) -> String {
    let scaled = value.magnitude / UInt(PowersOfTen.value(9 - places))
    let text = String(scaled)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + text }
    let padded = String(repeating: "0", count: max(0, places + 1 - text.utf8.count)) + text
    let split = padded.index(padded.endIndex, offsetBy: -places)
    return sign + padded[..<split] + "." + padded[split...]
  }
}
