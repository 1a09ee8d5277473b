/// Durations and sizes as operators write them.
enum Quantity {
  private static let secondsByUnit: [(unit: String, seconds: Double)] = [
    ("min", 60), ("s", 1), ("h", 3600), ("d", 86_400), ("", 1),
  ]
  private static let bytesByUnit: [(unit: String, bytes: Int64)] = [
    ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40), ("", 1),
  ]
  /// Ten years: nothing here waits longer.
  private static let longest = 315_360_000.0

  /// `10`, `10s`, `1.5h`, `30min`, `2d`; nil if it is no duration or longer than ten years.
  static func seconds(_ text: String) -> Double? {
    for (unit, factor) in secondsByUnit where text.hasSuffix(unit) {
      guard let number = plain(text.dropLast(unit.count)) else { continue }
      let seconds = number * factor
      return seconds <= longest ? seconds : nil
    }
    return nil
  }

  /// `500`, `64K`, `500M`, `2G`, `1T`, powers of 1024; nil if it is no size or does not fit.
  static func bytes(_ text: String) -> Int64? {
    for (unit, factor) in bytesByUnit where text.hasSuffix(unit) {
      guard let number = Int64(text.dropLast(unit.count)), number >= 0 else { continue }
      let (product, overflow) = number.multipliedReportingOverflow(by: factor)
      return overflow ? nil : product
    }
    return nil
  }

  /// Digits and at most one point: no sign, no exponent, no `nan`.
  private static func plain(_ text: Substring) -> Double? {
    guard let first = text.utf8.first, (48...57).contains(first),
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") })
    else { return nil }
    return Double(text)
  }

  /// The shortest way to write a duration that ``seconds(_:)`` reads as the same.
  static func text(seconds: Double) -> String {
    for (unit, factor) in [("d", 86_400.0), ("h", 3600), ("min", 60)] where seconds >= factor {
      let number = seconds / factor
      if number == number.rounded() { return "\(Int(number))\(unit)" }
    }
    return seconds == seconds.rounded() && seconds < 1e15 ? "\(Int(seconds))s" : "\(seconds)s"
  }

  static func text(bytes: Int64) -> String {
    for (unit, factor) in bytesByUnit.reversed() where factor > 1 && bytes > 0 && bytes % factor == 0 {
      return "\(bytes / factor)\(unit)"
    }
    return String(bytes)
  }
}
