/// Finds and hides what belongs to persons in delivered text, before it is shown or kept outside the segments.
///
/// Numbers are found wherever they stand (``masked(_:)``). Names cannot be told from other words, so they are hidden by
/// place: columns that a pipeline tags (``maskedName(_:)``), and fields that may hold a person instead of an
/// organisation (``maskedIfPerson(_:)``). A mask keeps the first three and the last two digits of a number, the first
/// character of a name, and never the whole; masking twice changes nothing.
public enum PersonalData {
  /// What was found.
  public enum Kind: String, Sendable, CaseIterable {
    /// `1[3-9]` and nine digits, with +86 or a long-distance 0 in front if need be.
    case mobile
    /// Area code and number, or a number behind the word 电话.
    case landline
    /// 18 characters of GB 11643-1999 with a possible birthday and a right check character, or 15 of the older form.
    case identity
    case mail
  }

  /// One place in the Unicode scalars of a text.
  public struct Finding: Sendable, Hashable {
    public var kind: Kind
    public var range: Range<Int>
  }

  /// The text with such numbers as `139******78`, addresses as `z***@example.com`.
  public static func masked(_ text: String) -> String {
    guard mayHoldNumbers(text) else { return text }
    var scan = PersonalNumberScan(text)
    let findings = scan.run()
    guard !findings.isEmpty else { return text }
    return scan.masked(findings)
  }

  /// Everything found, in order.
  public static func find(in text: String) -> [Finding] {
    guard mayHoldNumbers(text) else { return [] }
    var scan = PersonalNumberScan(text)
    return scan.run()
  }

  /// The name as `张*`: its first letter, and a star for every other letter or digit; a single letter is hidden.
  public static func maskedName(_ name: String) -> String {
    var out = String.UnicodeScalarView()
    var isFirst = name.unicodeScalars.count { isWordCharacter($0) || $0 == "*" } > 1
    for scalar in name.unicodeScalars {
      if !isWordCharacter(scalar) {
        out.append(scalar)
      } else {
        out.append(isFirst ? scalar : "*")
        isFirst = false
      }
    }
    return String(out)
  }

  /// A number of which nothing but its place is known (a tagged column): first three and last two characters if it has
  /// eight or more, else none of it.
  public static func maskedNumber(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    let words = scalars.indices.filter { isWordCharacter(scalars[$0]) }
    var out = scalars
    let hidden = words.count >= 8 ? words.dropFirst(3).dropLast(2) : words[...]
    for index in hidden { out[index] = "*" }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: out)
    return String(view)
  }

  static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  /// A quick no: fewer than seven digits (of either width) and no `@`.
  private static func mayHoldNumbers(_ text: String) -> Bool {
    let utf8 = text.utf8
    let bytes = utf8.span
    var digits = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      // 0xBC is the second byte of full-width digits and of ＠ (EF BC 90…99, EF BC A0).
      if byte == 0x40 || byte == 0xBC { return true }
      if byte &- 0x30 < 10 { digits += 1 }
    }
    return digits >= PersonalNumberScan.fewestDigits
  }
}
