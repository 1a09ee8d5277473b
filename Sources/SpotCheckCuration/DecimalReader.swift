import SpotCheckModel

/// A number as it stood in a text.
struct NumberReading: Sendable, Equatable {
  /// Nil if the digits cannot be held or believed.
  var value: ExactDecimal?
  /// `×10` with digits glued behind it: the superscript was lost on the way (10^5 became 105).
  var lostSuperscript = false
  /// More than 15 significant digits: binary noise of a spreadsheet, rounded to the 15 that it really holds.
  var spreadsheetNoise = false
}

/// Reads decimal numbers exactly: sign, thousands commas, exponents, superscripts. Never a binary float, never a trap.
enum DecimalReader {
  /// Digits a spreadsheet holds without error.
  static let spreadsheetDigits = 15

  /// A whole text that is one number, or nil.
  static func read(_ text: String) -> ExactDecimal? {
    var cursor = ScalarCursor(TextFolding.fold(text))
    guard let reading = number(&cursor), cursor.isAtEnd, !reading.lostSuperscript else { return nil }
    return reading.value
  }

  /// Plain digits with at most one point, at most 15 bytes; nil for everything else.
  static func plain(_ text: Span<UInt8>) -> ExactDecimal? {
    guard !text.isEmpty, text.count <= 15 else { return nil }
    var mantissa: Int64 = 0
    var point = -1
    for index in 0..<text.count {
      let byte = text[index]
      if byte == 0x2E, point < 0, index > 0, index < text.count - 1 {
        point = index
      } else if (0x30...0x39).contains(byte) {
        mantissa = mantissa * 10 + Int64(byte - 0x30)
      } else {
        return nil
      }
    }
    return ExactDecimal(mantissa: mantissa, scale: point < 0 ? 0 : Int8(text.count - 1 - point))
  }

  /// The number that starts at the cursor, or nil (the cursor then has not moved).
  static func number(_ cursor: inout ScalarCursor, thousands: Bool = true) -> NumberReading? {
    let start = cursor.position
    var isNegative = false
    if cursor.next == "-" || cursor.next == "+" {
      isNegative = cursor.next == "-"
      cursor.position += 1
      cursor.skipBlanks()
    }
    var digits: [UInt8] = []
    var scale = 0
    var count = integerDigits(&cursor, into: &digits, thousands: thousands)
    if cursor.next == ".", count > 0 || ScalarCursor.digit(cursor.peek(1)) != nil {
      cursor.position += 1
      while let digit = ScalarCursor.digit(cursor.next) {
        digits.append(UInt8(digit))
        scale += 1
        count += 1
        cursor.position += 1
      }
    }
    guard count > 0 else {
      cursor.position = start
      return nil
    }
    var reading = NumberReading()
    let exponent = self.exponent(&cursor, &reading)
    let hasPoint = scale > 0
    var significant = Array(digits.drop { $0 == 0 })
    if hasPoint, significant.count > spreadsheetDigits {
      // A spreadsheet writes 0.05 as 0.050000000000000003; what it holds is the first 15 digits.
      let dropped = significant.count - spreadsheetDigits
      let roundsUp = significant[spreadsheetDigits] >= 5
      significant.removeLast(dropped)
      scale -= dropped
      if roundsUp { increment(&significant) }
      while scale > 0, significant.last == 0 {
        significant.removeLast()
        scale -= 1
      }
      reading.spreadsheetNoise = true
    }
    reading.value = assemble(significant, scale: scale, exponent: exponent, isNegative: isNegative)
    return reading
  }

  /// Digits before the point; commas between groups of exactly three are dropped. How many digits there were.
  private static func integerDigits(
    _ cursor: inout ScalarCursor, into digits: inout [UInt8], thousands: Bool
  ) -> Int {
    var count = 0
    while let digit = ScalarCursor.digit(cursor.next) {
      digits.append(UInt8(digit))
      count += 1
      cursor.position += 1
    }
    guard thousands, (1...3).contains(count) else { return count }
    while cursor.next == ",", let first = ScalarCursor.digit(cursor.peek(1)),
      let second = ScalarCursor.digit(cursor.peek(2)), let third = ScalarCursor.digit(cursor.peek(3)),
      ScalarCursor.digit(cursor.peek(4)) == nil
    {
      digits.append(contentsOf: [UInt8(first), UInt8(second), UInt8(third)])
      count += 3
      cursor.position += 4
    }
    return count
  }

  /// `E+5`, `×10^5`, `×10⁵`; `×105` is a lost superscript.
  private static func exponent(_ cursor: inout ScalarCursor, _ reading: inout NumberReading) -> Int {
    let start = cursor.position
    if cursor.next == "e" || cursor.next == "E" {
      cursor.position += 1
      if let value = signedDigits(&cursor) { return value }
      cursor.position = start
      return 0
    }
    if isBareTen(cursor) { return bareExponent(&cursor) - 1 }
    cursor.skipBlanks()
    guard let sign = cursor.next, ["\u{D7}", "x", "X", "*", "\u{B7}"].contains(sign) else {
      cursor.position = start
      return 0
    }
    cursor.position += 1
    cursor.skipBlanks()
    guard cursor.take("10") else {
      cursor.position = start
      return 0
    }
    if cursor.next == "^" {
      cursor.position += 1
      if let value = signedDigits(&cursor) { return value }
      reading.lostSuperscript = true
      return 0
    }
    var isNegative = false
    if cursor.next == "\u{207B}" || cursor.next == "\u{207A}" {
      isNegative = cursor.next == "\u{207B}"
      cursor.position += 1
    }
    if ScalarCursor.superscript(cursor.next) != nil {
      var value = 0
      while let digit = ScalarCursor.superscript(cursor.next) {
        value = min(value * 10 + digit, 1000)
        cursor.position += 1
      }
      return isNegative ? -value : value
    }
    if ScalarCursor.digit(cursor.next) != nil || cursor.next == "-" && ScalarCursor.digit(cursor.peek(1)) != nil {
      reading.lostSuperscript = true
      _ = signedDigits(&cursor)
      return 0
    }
    return 1
  }

  /// `10^3` and `10³` without a factor: the cursor stands behind a whole 10.
  private static func isBareTen(_ cursor: ScalarCursor) -> Bool {
    let end = cursor.position
    guard end >= 2, cursor.scalars[end - 2] == "1", cursor.scalars[end - 1] == "0",
      end == 2 || (ScalarCursor.digit(cursor.scalars[end - 3]) == nil && cursor.scalars[end - 3] != ".")
    else { return false }
    if cursor.next == "^" { return ScalarCursor.digit(cursor.peek(1)) != nil || cursor.peek(1) == "-" }
    return ScalarCursor.superscript(cursor.next) != nil
  }

  private static func bareExponent(_ cursor: inout ScalarCursor) -> Int {
    if cursor.take("^") { return signedDigits(&cursor) ?? 1 }
    var value = 0
    while let digit = ScalarCursor.superscript(cursor.next) {
      value = min(value * 10 + digit, 1000)
      cursor.position += 1
    }
    return value
  }

  private static func signedDigits(_ cursor: inout ScalarCursor) -> Int? {
    var isNegative = false
    if cursor.next == "-" || cursor.next == "+" {
      isNegative = cursor.next == "-"
      cursor.position += 1
    }
    guard ScalarCursor.digit(cursor.next) != nil else { return nil }
    var value = 0
    while let digit = ScalarCursor.digit(cursor.next) {
      value = min(value * 10 + digit, 1000)
      cursor.position += 1
    }
    return isNegative ? -value : value
  }

  private static func increment(_ digits: inout [UInt8]) {
    var index = digits.count - 1
    while index >= 0 {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
      index -= 1
    }
    digits.insert(1, at: 0)
  }

  private static func assemble(_ digits: [UInt8], scale: Int, exponent: Int, isNegative: Bool) -> ExactDecimal? {
    var kept = digits[...]
    var places = scale - exponent
    // Zeros behind the largest scale say nothing that could be stored.
    while places > Int(ExactDecimal.maximumScale), kept.last == 0 || kept.isEmpty {
      _ = kept.popLast()
      places -= 1
      if kept.isEmpty { places = min(places, Int(ExactDecimal.maximumScale)) }
    }
    guard places <= Int(ExactDecimal.maximumScale) else { return nil }
    var mantissa: Int64 = 0
    for digit in kept {
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int64(digit))
      if overflow || carry { return nil }
      mantissa = sum
    }
    if isNegative { mantissa = -mantissa }
    if places >= 0 { return ExactDecimal(mantissa: mantissa, scale: Int8(places)) }
    return ExactDecimal(mantissa: mantissa, scale: 0).scaledByPowerOfTen(-places)
  }
}
