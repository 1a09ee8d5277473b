/// Keeps a spreadsheet from changing text: a cell that Excel would take for a formula, round, or turn into a date gets
/// an apostrophe in front, which it shows and saves like any character. Taking it off again gives the text as it was.
public enum SpreadsheetGuard {
  /// `'` + text if the text needs it, or begins with an apostrophe itself (so that ``unguarded(_:)`` is exact).
  public static func guarded(_ text: String) -> String {
    needsGuard(text) || text.utf8.first == mark ? "'" + text : text
  }

  /// The text without one leading apostrophe.
  public static func unguarded(_ text: String) -> String {
    text.utf8.first == mark ? String(text.dropFirst()) : text
  }

  /// The apostrophe.
  public static let mark = UInt8(ascii: "'")

  /// Whether a spreadsheet would make something else of the text.
  ///
  /// A plain number stays as it is (-1250.5 is no formula), unless its zeros in front, its digits beyond the eleventh
  /// (shown and saved as 6.90123E+12) or its exponent would be lost. `3-4` and `3/4` become the third of April; a day
  /// with its year stays, because every layout reads all its spellings.
  public static func needsGuard(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first else { return false }
    if let number = PlainNumber(bytes) { return number.isChangedBySpreadsheets }
    switch first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
    default: break
    }
    // Blanks in front do not keep Excel from seeing the sign behind them; the full-width signs are signs to it, too.
    guard let sign = text.unicodeScalars.first(where: { !$0.properties.isWhitespace }) else { return false }
    if ["=", "+", "-", "@", "＝", "＋", "－", "＠"].contains(sign) { return true }
    return isShortDate(bytes)
  }

  /// `3-4`, `3/4`: digits, one sign, digits.
  private static func isShortDate(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.split(omittingEmptySubsequences: false) { $0 == 0x2D || $0 == 0x2F }
    return parts.count == 2 && parts.allSatisfy { (1...4).contains($0.count) && $0.allSatisfy { isDigit($0) } }
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// `-12.50`, `6.9E+12`: what a spreadsheet takes for a number.
private struct PlainNumber {
  let isChangedBySpreadsheets: Bool

  init?(_ bytes: [UInt8]) {
    var index = 0
    func digits() -> Range<Int> {
      let start = index
      while index < bytes.count, SpreadsheetGuard.isDigit(bytes[index]) { index += 1 }
      return start..<index
    }
    let isSigned = bytes.first == 0x2B || bytes.first == 0x2D
    if isSigned { index = 1 }
    let whole = digits()
    var fraction = 0..<0
    if index < bytes.count, bytes[index] == 0x2E {
      index += 1
      fraction = digits()
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var hasExponent = false
    if index < bytes.count, bytes[index] | 0x20 == 0x65 {
      index += 1
      if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
      guard !digits().isEmpty else { return nil }
      hasExponent = true
    }
    guard index == bytes.count else { return nil }
    isChangedBySpreadsheets =
      bytes.first == 0x2B || hasExponent || whole.count + fraction.count > 11 || whole.isEmpty || bytes.last == 0x2E
      || (whole.count > 1 && bytes[whole.lowerBound] == 0x30)
  }
}
