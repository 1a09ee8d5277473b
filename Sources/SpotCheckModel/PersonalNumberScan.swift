/// Looks for telephone numbers, identity numbers and addresses of electronic mail in one text.
///
/// Digits may be full-width, and single blanks, hyphens or dots may stand between them. Letters right before or behind
/// make a code of the digits (`GC16630122001`), unless they say that a number follows (`tel13912345678`).
struct PersonalNumberScan {
  /// What is looked for has at least so many digits.
  static let fewestDigits = 7

  private let scalars: [Unicode.Scalar]
  private var findings: [PersonalData.Finding] = []

  /// A run of digits, perhaps with separators: places of its digits, and how many digits stand before each separator.
  private struct Token {
    var places: [Int] = []
    var values: [UInt8] = []
    /// Digit counts at which a group begins; the first is 0, and the token's length ends it.
    var borders: [Int] = [0]
  }

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// The text with the findings hidden.
  func masked(_ findings: [PersonalData.Finding]) -> String {
    var out = scalars
    for finding in findings {
      if finding.kind == .mail {
        let local = finding.range.prefix { !Self.isAt(scalars[$0]) }
        for place in local.count > 1 ? local.dropFirst() : local { out[place] = "*" }
      } else {
        let places = finding.range.filter { Self.digit(out[$0]) != nil || Self.isX(out[$0]) }
        for place in places.dropFirst(3).dropLast(2) { out[place] = "*" }
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: out)
    return String(view)
  }

  mutating func run() -> [PersonalData.Finding] {
    findMail()
    var index = 0
    while index < scalars.count {
      guard PersonalNumberScan.digit(scalars[index]) != nil else {
        index += 1
        continue
      }
      // Dates and amounts are everywhere.
      let (end, digits) = extent(from: index)
      if digits >= PersonalNumberScan.fewestDigits { examine(readToken(index..<end, digits)) }
      index = end
    }
    return findings.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  // MARK: Reading

  /// A token holds no more digits: the rest is another.
  private static let mostDigits = 64

  /// Where the token that begins here ends (behind its last digit), and how many digits it has.
  private func extent(from start: Int) -> (end: Int, digits: Int) {
    var index = start
    var end = start
    var digits = 0
    while index < scalars.count, digits < PersonalNumberScan.mostDigits {
      if PersonalNumberScan.digit(scalars[index]) != nil {
        digits += 1
        end = index + 1
      } else if index + 1 >= scalars.count || PersonalNumberScan.digit(scalars[index + 1]) == nil
        || !PersonalNumberScan.isSeparator(scalars[index])
      {
        break
      }
      index += 1
    }
    return (end, digits)
  }

  private func readToken(_ extent: Range<Int>, _ digits: Int) -> Token {
    var token = Token()
    token.places.reserveCapacity(digits)
    token.values.reserveCapacity(digits)
    for index in extent {
      if let value = PersonalNumberScan.digit(scalars[index]) {
        token.places.append(index)
        token.values.append(value)
      } else {
        token.borders.append(token.places.count)
      }
    }
    return token
  }

  /// Tries every group of the token as a beginning; what was found is not looked at again.
  private mutating func examine(_ token: Token) {
    var ends = token.borders
    ends.append(token.places.count)
    ends.removeFirst()
    var index = 0
    while index < token.borders.count {
      let start = token.borders[index]
      guard let (kind, from, to) = match(token, start, ends) else {
        index += 1
        continue
      }
      var upper = token.places[to - 1] + 1
      if kind == .identity, upper < scalars.count, Self.isX(scalars[upper]), to - from == 17 { upper += 1 }
      let range = token.places[from]..<upper
      if !findings.contains(where: { $0.range.overlaps(range) }) {
        findings.append(PersonalData.Finding(kind: kind, range: range))
      }
      while index < token.borders.count, token.borders[index] < to { index += 1 }
    }
  }

  private func match(_ token: Token, _ start: Int, _ ends: [Int]) -> (PersonalData.Kind, Int, Int)? {
    guard isOpen(token.places[start]) else { return nil }
    let values = token.values
    for length in [18, 17, 15] where ends.contains(start + length) {
      if length == 17, !endsInX(token, start + 17) { continue }
      if isIdentity(token, start, length) { return (.identity, start, start + length) }
    }
    // +86, 0086 or a long-distance 0 may stand in front.
    for skipped in [0, 1, 2, 4] where start + skipped + 11 <= values.count {
      let from = start + skipped
      let prefix = Array(values[start..<from])
      guard [[], [0], [8, 6], [0, 0, 8, 6]].contains(prefix), ends.contains(from + 11), values[from] == 1,
        values[from + 1] >= 3, hasMobileGroups(token, from), isClosed(token.places[from + 10])
      else { continue }
      return (.mobile, from, from + 11)
    }
    return landline(token, start, ends)
  }

  /// Mobile numbers are written 3-4-4, 3-8, 3-3-5 …: no group of one digit, at least three in the first.
  private func hasMobileGroups(_ token: Token, _ from: Int) -> Bool {
    var inside = token.borders.filter { $0 > from && $0 < from + 11 }
    if inside.isEmpty { return true }
    if let first = inside.first, first - from < 3 { return false }
    inside.append(from + 11)
    return zip(inside, inside.dropFirst()).allSatisfy { $1 - $0 >= 2 }
  }

  /// `0971-6123456`, `(0971)6123456`, `010 62345678`; without an area code, or without a sign behind it, only where the
  /// words in front say that it is a telephone number.
  private func landline(_ token: Token, _ start: Int, _ ends: [Int]) -> (PersonalData.Kind, Int, Int)? {
    let values = token.values
    // Looked for only where the rest would make it a number: dates and amounts are everywhere.
    guard values.count - start >= PersonalNumberScan.fewestDigits else { return nil }
    let isSaid = isLabelled(token.places[start])
    if values[start] == 0, start + 2 < values.count {
      let area = values[start + 1] <= 2 && values[start + 1] >= 1 ? 3 : 4
      guard values[start + 1] != 0, isSaid || token.borders.contains(start + area) else { return nil }
      for length in [8, 7] where ends.contains(start + area + length) {
        let end = start + area + length
        let inside = token.borders.filter { $0 > start && $0 < end && $0 != start + area }
        guard (2...8).contains(values[start + area]), isClosed(token.places[end - 1]),
          inside.allSatisfy({ $0 >= start + area + 3 && $0 <= end - 3 })
        else { continue }
        return (.landline, start, start + area + length)
      }
      return nil
    }
    guard isSaid, (2...8).contains(values[start]) else { return nil }
    for length in [8, 7] where ends.contains(start + length) {
      // A day is no number: one of this century begins with 20.
      if length == 8, values[start] == 2, values[start + 1] == 0 { continue }
      return (.landline, start, start + length)
    }
    return nil
  }

  // MARK: Identity numbers

  private func endsInX(_ token: Token, _ end: Int) -> Bool {
    let place = token.places[end - 1] + 1
    return place < scalars.count && PersonalNumberScan.isX(scalars[place])
  }

  private func isIdentity(_ token: Token, _ start: Int, _ length: Int) -> Bool {
    let digits = token.values[start..<(start + length)].map { Int($0) }
    let province = digits[0] * 10 + digits[1]
    guard (11...65).contains(province) || [71, 81, 82, 83].contains(province) else { return false }
    let isOld = length == 15
    let year = isOld ? 1900 + digits[6] * 10 + digits[7] : digits[6..<10].reduce(0) { $0 * 10 + $1 }
    let at = isOld ? 8 : 10
    let month = digits[at] * 10 + digits[at + 1]
    let day = digits[at + 2] * 10 + digits[at + 3]
    guard (1900...2100).contains(year), CalendarDay(year: year, month: month, day: day) != nil else { return false }
    if isOld { return isClosed(token.places[start + 14]) }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(weights, digits).reduce(0) { $0 + $1.0 * $1.1 }
    let wanted = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2][sum % 11]
    // A wrong check character is a slip of the pen where the words in front say what it is.
    return (length == 17 ? 10 : digits[17]) == wanted || isLabelled(token.places[start], words: Self.identityLabels)
  }

  // MARK: Mail

  private mutating func findMail() {
    for place in scalars.indices where PersonalNumberScan.isAt(scalars[place]) {
      var start = place
      while start > 0, Self.isLocal(scalars[start - 1]) { start -= 1 }
      var end = place + 1
      while end < scalars.count, Self.isLocal(scalars[end]) { end += 1 }
      let domain = scalars[(place + 1)..<end]
      guard start < place, let dot = domain.firstIndex(of: "."), dot > place + 1, dot < end - 1 else { continue }
      findings.append(PersonalData.Finding(kind: .mail, range: start..<end))
    }
  }

  // MARK: Borders

  /// No letter or digit stands right before, or letters that say that a number follows.
  private func isOpen(_ place: Int) -> Bool {
    guard place > 0, PersonalNumberScan.isLatin(scalars[place - 1]) else { return true }
    return isLabelled(place)
  }

  private func isClosed(_ place: Int) -> Bool {
    place + 1 >= scalars.count || !PersonalNumberScan.isLatin(scalars[place + 1])
  }

  /// Whether one of the words stands right before, perhaps with a colon, an equals sign, a bracket or blanks between.
  private func isLabelled(_ place: Int, words: Words = labels) -> Bool {
    var end = place
    while end > 0, place - end < 4, Self.fillers.contains(scalars[end - 1]) { end -= 1 }
    guard end > 0, let candidates = words.byLast[Self.folded(scalars[end - 1])] else { return false }
    for letters in candidates where end >= letters.count {
      var count = 1
      while count < letters.count, Self.folded(scalars[end - 1 - count]) == letters[letters.count - 1 - count] {
        count += 1
      }
      if count == letters.count { return true }
    }
    return false
  }

  /// Words by their last letter: the letter before a number is nearly always none of these.
  private struct Words {
    let byLast: [Unicode.Scalar: [[Unicode.Scalar]]]

    init(_ words: String...) {
      byLast = Dictionary(grouping: words.map { Array($0.unicodeScalars) }.filter { !$0.isEmpty }) { $0[$0.count - 1] }
    }
  }

  private static let labels = Words(
    "电话", "手机", "座机", "传真", "联系方式", "号码", "tel", "phone", "mobile", "mob", "cell", "fax", "手机号", "电话号码")
  private static let identityLabels = Words("身份证", "身份证号", "身份证号码", "证件号", "证件号码", "公民身份号码")
  private static let fillers = Set(":：=＝ \t(（+＋\"是为,，\u{A0}\u{3000}".unicodeScalars)

  /// Stands between the groups of one number; the brackets as in (0971)6123456.
  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "-", ".", "·", "–", "—", "‐", "－", "　", "\u{A0}", "_", "/", ")", "）": true
    default: false
    }
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar
  }

  static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar.value {
    case 0x30...0x39: UInt8(scalar.value - 0x30)
    case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10)
    default: nil
    }
  }

  private static func isX(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "x" || scalar == "X" || scalar == "ｘ" || scalar == "Ｘ"
  }
  private static func isAt(_ scalar: Unicode.Scalar) -> Bool { scalar == "@" || scalar == "＠" }
  private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
    (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
  }
  private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
    isLatin(scalar) || (0x30...0x39).contains(scalar.value) || "._%+-".unicodeScalars.contains(scalar)
  }
}
