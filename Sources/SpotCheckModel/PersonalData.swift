/// Hides telephone and identity numbers in free text before it is shown.
///
/// Mobile numbers (`1[3-9]` and nine digits) and 18-character identity numbers with a possible birthday and a right
/// check character (GB 11643-1999). Names cannot be told from other words: columns that hold them are left out of the
/// store by the pipelines (`ignore`).
public enum PersonalData {
  /// The text with such numbers as `139******67`.
  public static func masked(_ text: String) -> String {
    var bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      guard isDigit(bytes[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < bytes.count, isDigit(bytes[end]) { end += 1 }
      let endsInX = end - start == 17 && end < bytes.count && (bytes[end] | 0x20) == 0x78
      let run = bytes[start..<(endsInX ? end + 1 : end)]
      if isMobile(run) || isIdentity(run) {
        for index in (run.startIndex + 3)..<(run.endIndex - 2) { bytes[index] = UInt8(ascii: "*") }
      }
      start = run.endIndex
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isMobile(_ run: ArraySlice<UInt8>) -> Bool {
    run.count == 11 && run.first == 0x31 && (0x33...0x39).contains(run[run.startIndex + 1])
  }

  private static func isIdentity(_ run: ArraySlice<UInt8>) -> Bool {
    guard run.count == 18 else { return false }
    let digits = run.map { Int($0) - 0x30 }
    let year = digits[6] * 1000 + digits[7] * 100 + digits[8] * 10 + digits[9]
    let month = digits[10] * 10 + digits[11]
    let day = digits[12] * 10 + digits[13]
    guard (1900...2100).contains(year), CalendarDay(year: year, month: month, day: day) != nil else { return false }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(weights, digits).reduce(0) { $0 + $1.0 * $1.1 }
    let last = run[run.endIndex - 1]
    return Array("10X98765432".utf8)[sum % 11] == (last == 0x78 ? 0x58 : last)
  }
}
