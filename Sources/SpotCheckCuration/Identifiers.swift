/// Check digits of the identifiers that link records to enterprises and goods.
enum Identifiers {
  enum Outcome: Sendable, Equatable {
    case valid
    /// The form is known, the check digit is wrong.
    case wrongCheckDigit
    /// No known form.
    case unknownForm
  }

  private static let creditAlphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
  private static let creditWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

  /// GB 32100-2015: 18 characters, weights 3^i mod 31, check = (31 - sum mod 31) mod 31.
  static func isCreditCode(_ text: [UInt8]) -> Bool {
    guard text.count == 18 else { return false }
    var sum = 0
    for (index, weight) in creditWeights.enumerated() {
      guard let value = creditAlphabet.firstIndex(of: text[index]) else { return false }
      sum += value * weight
    }
    return creditAlphabet[(31 - sum % 31) % 31] == text[17]
  }

  /// GB 11714-1997: 8 characters and a check character (10 = X).
  static func isOrganisationCode(_ text: [UInt8]) -> Bool {
    guard text.count == 9 else { return false }
    let weights = [3, 7, 9, 10, 5, 8, 4, 2]
    var sum = 0
    for (index, weight) in weights.enumerated() {
      switch text[index] {
      case 0x30...0x39: sum += (Int(text[index]) - 0x30) * weight
      case 0x41...0x5A: sum += (Int(text[index]) - 0x41 + 10) * weight
      default: return false
      }
    }
    let check = 11 - sum % 11
    let character: UInt8 = check == 10 ? 0x58 : (check == 11 ? 0x30 : 0x30 + UInt8(check))
    return text[8] == character
  }

  /// The 15-digit registration number of before 2015: ISO 7064, MOD 11,10.
  static func isRegistrationNumber(_ text: [UInt8]) -> Bool {
    guard let digits = digits(text), digits.count == 15 else { return false }
    var product = 10
    for digit in digits.dropLast() {
      var sum = (product + digit) % 10
      if sum == 0 { sum = 10 }
      product = sum * 2 % 11
    }
    return (product + digits[14]) % 10 == 1
  }

  /// GS1 article numbers of 8, 12, 13 or 14 digits: from the right 3, 1, 3 … and the check digit to a multiple of 10.
  static func isArticleNumber(_ text: [UInt8]) -> Bool {
    guard let digits = digits(text), [8, 12, 13, 14].contains(digits.count) else { return false }
    var sum = 0
    for (index, digit) in digits.reversed().enumerated() { sum += index % 2 == 0 ? digit : digit * 3 }
    return sum % 10 == 0
  }

  /// GB 11643-1999: 17 digits and a check character, MOD 11-2.
  static func isIdentityNumber(_ text: [UInt8]) -> Bool {
    guard text.count == 18, let digits = digits(Array(text.prefix(17))) else { return false }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    var sum = 0
    for (digit, weight) in zip(digits, weights) { sum += digit * weight }
    return Array("10X98765432".utf8)[sum % 11] == text[17]
  }

  /// What an enterprise's number is worth. `text` is folded and in upper case.
  static func checkEnterprise(_ text: String) -> Outcome {
    let bytes = Array(text.utf8).filter { $0 != 0x2D && $0 != 0x20 }
    switch bytes.count {
    case 18: return isCreditCode(bytes) || isIdentityNumber(bytes) ? .valid : .wrongCheckDigit
    case 9: return isOrganisationCode(bytes) ? .valid : .wrongCheckDigit
    case 15: return isRegistrationNumber(bytes) ? .valid : (digits(bytes) == nil ? .unknownForm : .wrongCheckDigit)
    default:
      // Food production licences (SC and 14 digits, earlier QS) carry no check digit that we know.
      let isLicence = bytes.starts(with: [0x53, 0x43]) || bytes.starts(with: [0x51, 0x53])
      return isLicence ? .valid : .unknownForm
    }
  }

  static func checkArticle(_ text: String) -> Outcome {
    let bytes = Array(text.utf8).filter { $0 != 0x20 }
    guard let digits = digits(bytes), [8, 12, 13, 14].contains(digits.count) else { return .unknownForm }
    return isArticleNumber(bytes) ? .valid : .wrongCheckDigit
  }

  /// `6.93217E+12`: a spreadsheet has eaten the last digits of an identifier; they cannot be had back.
  static func isScientific(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let mark = bytes.firstIndex(where: { $0 == 0x45 || $0 == 0x65 }), mark > 0, mark + 1 < bytes.count else {
      return false
    }
    let mantissa = bytes[..<mark]
    guard mantissa.contains(0x2E) || mantissa.count == 1,
      mantissa.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E })
    else { return false }
    var exponent = bytes[(mark + 1)...]
    guard exponent.first == 0x2B || (mantissa.contains(0x2E) && exponent.first != 0x2D) else { return false }
    if exponent.first == 0x2B { exponent = exponent.dropFirst() }
    return !exponent.isEmpty && exponent.count <= 3 && exponent.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// `=cmd|' /C calc'!A0`, `@SUM(A1)`: a text that a spreadsheet would run.
  static func isFormula(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count > 1 else { return false }
    switch first {
    case 0x3D, 0x40: return true
    case 0x2B, 0x2D:
      return (0x41...0x7A).contains(bytes[1]) && bytes.contains { $0 == 0x28 || $0 == 0x7C || $0 == 0x21 }
    default: return false
    }
  }

  /// `="0123"` and `'0123`, by which spreadsheets are told to leave an identifier alone, without the wrapping.
  static func unwrapped(_ text: String) -> String {
    if text.utf8.count >= 4, text.hasPrefix("=\""), text.hasSuffix("\"") { return String(text.dropFirst(2).dropLast()) }
    if text.utf8.count >= 2, text.hasPrefix("'") { return String(text.dropFirst()) }
    return text
  }

  private static func digits(_ text: [UInt8]) -> [Int]? {
    guard text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.map { Int($0) - 0x30 }
  }
}
