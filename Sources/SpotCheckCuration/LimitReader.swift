import SpotCheckModel

/// A microbiological sampling plan of GB 4789.1: of n values at most c may lie above m, none above M.
struct MicrobialPlan: Sendable, Equatable {
  var n: Int
  var c: Int
  var m: ExactDecimal
  /// Nil in a plan of two classes.
  var upper: ExactDecimal?
}

/// A limit as delivered, taken apart.
struct LimitReading: Sendable, Equatable {
  var kind: LimitOperator = .none
  var low: ExactDecimal?
  var high: ExactDecimal?
  var plan: MicrobialPlan?
  /// Unit glued to the limit; empty if none.
  var unit = ""
  var flags: ItemFlags = []
  var notes: [Note] = []
}

/// Reads limits: operators in signs and words, ranges, plans, texts.
struct LimitReader: Sendable {
  private let units: UnitConversion

  init(units: UnitConversion) { self.units = units }

  private static let nothing: Set<String> = [
    "n.s.", "n.s", "ns", "n/a", "na", "mrln/a", "nomrl", "nolimit", "none", "null", "无", "—", "——", "-", "--", "---",
    "----", "/", "\\", "_", "、", "无限量", "无要求", "不作要求", "不做要求", "不作规定", "无规定", "未规定", "未制定", "不限", "不得检测",
  ]
  private static let forbidden = [
    "不得检出", "不得使用", "不得添加", "不得含有", "不得有", "不应检出", "不可检出", "不允许检出", "不得人为添加", "禁止使用", "禁止添加", "禁用",
    "未检出", "阴性", "mustnotbedetected", "notdetected",
  ]
  private static let requirement = [
    "符合", "应符合", "应有", "应具有", "具有", "应为", "按", "见", "合格", "正常", "无", "标准要求", "明示", "标签明示", "企业标准", "应",
  ]

  func read(_ text: String, isLowerBound: Bool = false) -> LimitReading {
    let folded = TextFolding.fold(text)
    let key = CodeTable.normalise(folded)
    var result = LimitReading()
    if key.isEmpty || LimitReader.nothing.contains(key) { return result }
    if key == "nd" || LimitReader.forbidden.contains(where: key.hasPrefix) {
      result.kind = .mustNotBeDetected
      return result
    }
    if let plan = plan(folded) { return plan }
    if let bounds = twoSided(folded) ?? range(folded) ?? single(folded, isLowerBound: isLowerBound) { return bounds }
    var start = ScalarCursor(folded)
    // `≤大概` promises a number and does not give one: that is no requirement in words.
    let promisesNumber = LimitReader.sign(&start) != nil
    let isInWords =
      LimitReader.requirement.contains(where: key.hasPrefix) || !key.unicodeScalars.contains(where: isNumeric)
    if isInWords, !promisesNumber {
      result.kind = .text
      return result
    }
    result.kind = .text
    result.flags.insert(.unreadLimit)
    result.notes = [Note(.cellLimit, "the limit cannot be read", zh: "标准值无法解读，不作判定")]
    return result
  }

  private func isNumeric(_ scalar: Unicode.Scalar) -> Bool { ScalarCursor.digit(scalar) != nil }

  // MARK: One bound

  private enum Sign { case atMost, lessThan, atLeast, greaterThan, equal }

  private static func sign(_ cursor: inout ScalarCursor) -> Sign? {
    cursor.skipBlanks()
    if cursor.take(
      anyOf: [
        "<=", "=<", "≤", "≯", "不大于", "不超过", "不高于", "不多于", "不得超过", "不得大于", "不得高于", "至多", "最大", "小于等于",
        "小于或等于", "max.", "max",
      ])
    {
      return .atMost
    }
    if cursor.take(
      anyOf: [
        ">=", "=>", "≥", "≮", "不小于", "不低于", "不少于", "不得低于", "不得小于", "不得少于", "至少", "最小", "大于等于", "大于或等于",
        "min.", "min",
      ])
    {
      return .atLeast
    }
    if cursor.take(anyOf: ["<", "小于", "低于"]) { return .lessThan }
    if cursor.take(anyOf: [">", "大于", "高于"]) { return .greaterThan }
    if cursor.take("=") { return .equal }
    return nil
  }

  private func single(_ folded: String, isLowerBound: Bool) -> LimitReading? {
    var cursor = ScalarCursor(folded)
    let sign = LimitReader.sign(&cursor)
    cursor.skipBlanks()
    if cursor.next == ":" { cursor.position += 1 }
    cursor.skipBlanks()
    guard let number = believed(&cursor) else { return nil }
    var result = LimitReading()
    cursor.skipBlanks()
    if cursor.next == "\u{B1}" {
      guard sign == nil else { return nil }
      cursor.position += 1
      cursor.skipBlanks()
      guard let spread = believed(&cursor), let bounds = LimitReader.around(number, spread) else { return nil }
      (result.kind, result.low, result.high) = (.between, bounds.low, bounds.high)
    } else {
      if cursor.next == "*" {
        cursor.position += 1
        result.flags.insert(.limitAtDetermination)
      }
      switch sign {
      case .atMost: (result.kind, result.high) = (.atMost, number)
      case .lessThan: (result.kind, result.high) = (.lessThan, number)
      case .atLeast: (result.kind, result.low) = (.atLeast, number)
      case .greaterThan: (result.kind, result.low) = (.greaterThan, number)
      case .equal: (result.kind, result.low, result.high) = (.equal, number, number)
      case nil:
        // A bare number is a maximum unless the column says that it is a minimum.
        if isLowerBound {
          (result.kind, result.low) = (.atLeast, number)
        } else {
          (result.kind, result.high) = (.atMost, number)
        }
      }
    }
    return finish(&cursor, result)
  }

  /// A number that is what it says: no lost superscript, no overflow.
  private func believed(_ cursor: inout ScalarCursor) -> ExactDecimal? {
    guard let number = DecimalReader.number(&cursor), !number.lostSuperscript else { return nil }
    return number.value
  }

  /// The unit and a remark such as `(以Pb计)` behind a bound.
  private func finish(_ cursor: inout ScalarCursor, _ reading: LimitReading) -> LimitReading? {
    cursor.skipBlanks()
    var unit = cursor.rest
    if unit.hasSuffix(")"), let open = unit.lastIndex(of: "("), units.read(unit).entry == nil {
      let remark = unit[open...]
      guard remark.hasPrefix("(以"), remark.hasSuffix("计)") || remark.hasSuffix("计算)") else { return nil }
      unit = TextFolding.trimmed(String(unit[..<open]))
    }
    if !unit.isEmpty, units.read(unit).entry == nil {
      // An unknown unit must at least look like one: no second number, no sentence.
      guard unit.unicodeScalars.count <= 16,
        !unit.unicodeScalars.contains(where: { "<>≤≥=~,;:\u{D7}\u{B1}^".unicodeScalars.contains($0) }),
        unit.contains("/") || !unit.unicodeScalars.contains(where: isNumeric),
        unit.unicodeScalars.filter({ $0.value >= 0x4E00 }).count <= 4, !unit.hasPrefix("以"), !unit.hasPrefix("-"),
        !unit.contains("月"), !unit.contains("日")
      else { return nil }
    }
    var result = reading
    result.unit = unit
    return result
  }

  /// a±b, exactly.
  static func around(_ middle: ExactDecimal, _ spread: ExactDecimal) -> (low: ExactDecimal, high: ExactDecimal)? {
    let scale = max(middle.scale, spread.scale)
    func raised(_ value: ExactDecimal) -> Int128? {
      var result = Int128(value.mantissa)
      for _ in 0..<max(0, Int(scale) - Int(value.scale)) { result *= 10 }
      return result
    }
    guard let centre = raised(middle), let width = raised(spread), let low = Int64(exactly: centre - width),
      let high = Int64(exactly: centre + width), low <= high
    else { return nil }
    return (ExactDecimal(mantissa: low, scale: scale), ExactDecimal(mantissa: high, scale: scale))
  }

  // MARK: Two bounds

  /// `a～b`, `a-b`, `a—b`, `a至b`.
  private func range(_ folded: String) -> LimitReading? {
    var cursor = ScalarCursor(folded)
    guard let low = believed(&cursor) else { return nil }
    cursor.skipBlanks()
    let firstUnit = cursor.position
    while let next = cursor.next, !["~", "-", "\u{2014}", "\u{2015}", "\u{81F3}", "\u{5230}"].contains(next) {
      guard ScalarCursor.digit(next) == nil else { return nil }
      cursor.position += 1
    }
    let unit = TextFolding.trimmed(cursor.text(from: firstUnit, to: cursor.position))
    guard unit.isEmpty || units.read(unit).entry != nil,
      cursor.take(anyOf: ["~", "\u{2014}\u{2014}", "\u{2014}", "\u{2015}", "--", "-", "\u{81F3}", "\u{5230}"])
    else { return nil }
    cursor.skipBlanks()
    guard let high = believed(&cursor), ExactDecimal.compare(low, high) <= 0 else { return nil }
    var result = LimitReading()
    (result.kind, result.low, result.high) = (.between, low, high)
    return finish(&cursor, result)
  }

  /// `≥6.0,≤8.5`, `≥6且≤8`.
  private func twoSided(_ folded: String) -> LimitReading? {
    var cursor = ScalarCursor(folded)
    guard let first = LimitReader.sign(&cursor), first == .atLeast || first == .atMost else { return nil }
    cursor.skipBlanks()
    guard let one = believed(&cursor) else { return nil }
    cursor.skipBlanks()
    guard cursor.take(anyOf: [",", ";", "且", "并", "和", "\u{3001}"]) else { return nil }
    guard let second = LimitReader.sign(&cursor), second == .atLeast || second == .atMost, second != first else {
      return nil
    }
    cursor.skipBlanks()
    guard let two = believed(&cursor) else { return nil }
    let (low, high) = first == .atLeast ? (one, two) : (two, one)
    guard ExactDecimal.compare(low, high) <= 0 else { return nil }
    var result = LimitReading()
    (result.kind, result.low, result.high) = (.between, low, high)
    return finish(&cursor, result)
  }

  // MARK: Plans

  /// `n=5,c=2,m=1000,M=10000`; the case of m and M matters.
  private func plan(_ folded: String) -> LimitReading? {
    var cursor = ScalarCursor(folded)
    var values: [Unicode.Scalar: ExactDecimal] = [:]
    var unit = ""
    while let name = cursor.next {
      guard ["n", "c", "m", "M", "N", "C"].contains(name), cursor.peek(1) == "=" || cursor.peek(1) == " " else {
        guard [" ", ",", ";", "\u{3001}", "(", ")"].contains(name) else { return nil }
        cursor.position += 1
        continue
      }
      cursor.position += 1
      cursor.skipBlanks()
      guard cursor.take("=") else { return nil }
      cursor.skipBlanks()
      guard let number = believedInList(&cursor) else { return nil }
      let key: Unicode.Scalar = name == "N" ? "n" : (name == "C" ? "c" : name)
      guard values.updateValue(number, forKey: key) == nil else { return nil }
      let start = cursor.position
      while let next = cursor.next, ![",", ";", "\u{3001}", " "].contains(next) { cursor.position += 1 }
      if cursor.position > start { unit = cursor.text(from: start, to: cursor.position) }
    }
    guard let n = values["n"], let c = values["c"], let m = values["m"], n.scale == 0, c.scale == 0,
      (1...1000).contains(n.mantissa), (0...1000).contains(c.mantissa)
    else { return nil }
    var result = LimitReading()
    result.kind = .plan
    result.plan = MicrobialPlan(n: Int(n.mantissa), c: Int(c.mantissa), m: m, upper: values["M"])
    (result.low, result.high) = (m, values["M"] ?? m)
    result.unit = unit
    return result
  }

  /// A comma ends the number here: `m=1000,M=10000`.
  private func believedInList(_ cursor: inout ScalarCursor) -> ExactDecimal? {
    guard let number = DecimalReader.number(&cursor, thousands: false), !number.lostSuperscript else { return nil }
    return number.value
  }
}
