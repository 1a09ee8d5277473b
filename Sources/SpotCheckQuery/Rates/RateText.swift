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

extension RateText {
  /// A target as it was set, in percent and with no more digits than that: `95`, `99.5`. It is no measurement, and what
  /// keeps measurements from crossing it would only hide it.
  static func target(_ share: Double) -> String {
    var text = NumberText.fixed(share * 100, 8)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// A change in percentage points with its sign and one digit: `+2.5`, `-0.3`, `0.0`.
  static func points(_ change: Double, _ from: Proportion?, _ to: Proportion?) -> String {
    if let from, let to, let exact = PercentText.points(from: from, to: to) { return exact }
    guard change.isFinite, abs(change) <= 1 else { return RateText.none }
    guard let digits = PercentText(digits: 1, keepsExtremes: false).text(rate: abs(change)) else {
      return RateText.none
    }
    return (digits == "0.0" ? "" : change < 0 ? "-" : "+") + digits
  }
}

/// Numbers of machine formats.
enum NumberText {
  /// What ``write(_:_:_:)`` writes is never longer.
  static var mostBytes: Int { 26 }

  /// A share as a decimal fraction with ten digits after the point: `0.9350000000`.
  static func decimal(_ rate: Double) -> String {
    var text = [UInt8](repeating: 0, count: mostBytes)
    var end = 0
    var span = text.mutableSpan
    write(rate, &span, &end)
    return String(decoding: text[..<end], as: UTF8.self)
  }

  /// Writes ``decimal(_:)`` from a place on, which it moves behind it.
  static func write(_ rate: Double, _ out: inout MutableSpan<UInt8>, _ place: inout Int) {
    let size = abs(rate)
    guard size < 9e8 else {
      for byte in rate.description.utf8 {
        out[place] = byte
        place += 1
      }
      return
    }
    let scaled = UInt64((size * 1e10).rounded(.toNearestOrEven))
    // Never "-0.0000000000".
    if rate < 0, scaled > 0 {
      out[place] = 0x2D
      place += 1
    }
    let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: 10_000_000_000)
    write(digits: whole, &out, &place)
    out[place] = 0x2E
    write(digits: fraction, width: 10, &out, place + 1)
    place += 11
  }

  /// Writes a whole number in decimal.
  static func write(_ number: Int, _ out: inout MutableSpan<UInt8>, _ place: inout Int) {
    if number < 0 {
      out[place] = 0x2D
      place += 1
    }
    write(digits: UInt64(number.magnitude), &out, &place)
  }

  private static func write(digits number: UInt64, _ out: inout MutableSpan<UInt8>, _ place: inout Int) {
    // Most counts are 0.
    if number < 10 {
      out[place] = 0x30 + UInt8(truncatingIfNeeded: number)
      place += 1
      return
    }
    var width = 1
    var rest = number / 10
    while rest > 0 {
      width += 1
      rest /= 10
    }
    write(digits: number, width: width, &out, place)
    place += width
  }

  /// The last `width` digits of a number, with zeros in front if it has fewer.
  private static func write(digits number: UInt64, width: Int, _ out: inout MutableSpan<UInt8>, _ place: Int) {
    var rest = number
    var index = place + width
    // Two at once: dividing is what takes the time.
    while index > place + 1 {
      index -= 2
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      let tens = UInt8(truncatingIfNeeded: (pair &* 205) >> 11)
      out[index] = 0x30 + tens
      out[index + 1] = 0x30 + UInt8(truncatingIfNeeded: pair) - tens * 10
      rest = quotient
    }
    if index > place { out[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10) }
  }

  /// So many digits after the point, at most nine; what is too large for that is written as JSON does.
  static func fixed(_ number: Double, _ digits: Int) -> String {
    guard number.isFinite, abs(number) < 9e8 else { return json(number) }
    var scale = 1
    for _ in 0..<min(max(digits, 0), 9) { scale *= 10 }
    let scaled = Int((abs(number) * Double(scale)).rounded(.toNearestOrEven))
    let whole = (number < 0 && scaled != 0 ? "-" : "") + String(scaled / scale)
    guard scale > 1 else { return whole }
    let rest = String(scaled % scale)
    return whole + "." + String(repeating: "0", count: min(digits, 9) - rest.utf8.count) + rest
  }

  /// The shortest decimal that reads back as the same double.
  static func json(_ rate: Double) -> String { rate.isFinite ? rate.description : "null" }
}
