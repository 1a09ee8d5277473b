/// Powers of ten that fit `Int`.
enum PowersOfTen {
  /// 10^exponent; exponents outside 0…18 are moved to the nearer end.
  static func value(_ exponent: Int) -> Int {
    var result = 1
    for _ in 0..<min(max(exponent, 0), 18) { result *= 10 }
    return result
  }
}

/// A number as it stands in a text: digits, thousands separators, a decimal point, 万 or 亿. Not yet a count or a rate.
struct ScannedNumber: Sendable, Hashable {
  /// The digits without the point; nil if there are more than fifteen of them (leading zeros not counted).
  var mantissa: Int?
  /// Digits after the point.
  var decimals: Int
  /// 4 for 万, 8 for 亿, otherwise 0.
  var zeros: Int
  /// Without blanks and separators.
  var text: String
  /// The index of the scalar behind it.
  var end: Int

  static let mostDigits = 15

  /// Reads the number that begins at `start`; nil if there is no digit. Work is bounded by the number's length.
  ///
  /// - Parameter scalars: as ``SourceText`` makes them: full-width digits and points are ASCII already.
  static func scan(_ scalars: ArraySlice<Unicode.Scalar>, at start: Int) -> ScannedNumber? {
    func isDigit(_ index: Int) -> Bool {
      index < scalars.endIndex && scalars[index].value >= 0x30 && scalars[index].value <= 0x39
    }
    guard start >= scalars.startIndex, isDigit(start) else { return nil }
    var number = ScannedNumber(mantissa: 0, decimals: 0, zeros: 0, text: "", end: start)
    var index = start
    while isDigit(index) { number.append(scalars[index], &index) }
    // 31,392: groups of exactly three behind at most three digits.
    if index - start <= 3 {
      while index < scalars.endIndex, scalars[index] == ",", (1...3).allSatisfy({ isDigit(index + $0) }),
        !isDigit(index + 4)
      {
        index += 1
        for _ in 0..<3 { number.append(scalars[index], &index) }
      }
    }
    if index < scalars.endIndex, scalars[index] == ".", isDigit(index + 1) {
      number.text.append(".")
      index += 1
      while isDigit(index) {
        number.append(scalars[index], &index)
        number.decimals += 1
      }
    }
    // 638 万: a blank before the unit is common.
    var next = index
    while next < scalars.endIndex, scalars[next] == " " { next += 1 }
    if next < scalars.endIndex, scalars[next] == "万" || scalars[next] == "亿" {
      number.zeros = scalars[next] == "万" ? 4 : 8
      number.text.unicodeScalars.append(scalars[next])
      index = next + 1
    }
    number.end = index
    return number
  }

  private mutating func append(_ scalar: Unicode.Scalar, _ index: inout Int) {
    index += 1
    // A number of millions of digits keeps as much text as a person would look at.
    if text.utf8.count < 40 { text.unicodeScalars.append(scalar) }
    guard let before = mantissa else { return }
    mantissa = before < PowersOfTen.value(ScannedNumber.mostDigits - 1) ? before * 10 + Int(scalar.value - 0x30) : nil
  }
}
