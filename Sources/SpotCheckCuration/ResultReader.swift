import SpotCheckModel

/// One of several values of a microbiological result.
struct MeasuredValue: Sendable, Equatable {
  var qualifier: Qualifier
  /// Nil for 未检出 without a number.
  var value: ExactDecimal?
}

/// A result as delivered, taken apart. A non-detect is never zero.
struct ResultReading: Sendable, Equatable {
  enum Conclusion: Sendable { case conforms, doesNot, notTested }

  var qualifier: Qualifier = .none
  var value: ExactDecimal?
  /// From `未检出(检出限: 0.01 mg/kg)`.
  var detectionLimit: ExactDecimal?
  /// Unit glued to the value or to its detection limit; empty if none.
  var unit = ""
  /// The n values of a microbiological plan, if the text is a list.
  var list: [MeasuredValue] = []
  /// 符合 / 不符合 instead of a measurement.
  var conclusion: Conclusion?
  var flags: ItemFlags = []
  var notes: [Note] = []
}

/// Reads the spellings of results that laboratories deliver (domain reference, non-detects).
struct ResultReader: Sendable {
  private let units: UnitConversion

  init(units: UnitConversion) { self.units = units }

  private static let notDetected: Set<String> = [
    "未检出", "未检测出", "没检出", "未检到", "nd", "n.d.", "n.d", "n/d", "notdetected", "nonedetected", "<lod", "<loq",
    "<mdl", "<rl", "<ql", "<mql", "<检出限", "<定量限", "≤lod", "小于检出限", "低于检出限", "小于定量限", "低于定量限",
    "未检出(<lod)", "未检出(<loq)", "bpql", "bql", "bdl", "blq", "bloq", "belowpql", "belowdetectionlimit",
    "presentbelowquantificationlimit", "belowreportinglimit", "阴性", "阴性(-)", "(-)", "negative", "neg",
  ]
  private static let detected: Set<String> = [
    "检出", "阳性", "阳性(+)", "(+)", "+", "positive", "pos", "detected", "detectednotquantified",
  ]
  private static let conforms: Set<String> = [
    "符合", "合格", "通过", "pass", "符合要求", "符合规定", "符合标准", "符合标准要求", "符合标准规定", "conforms", "合格项",
  ]
  private static let doesNot: Set<String> = [
    "不符合", "不合格", "不通过", "fail", "不符合要求", "不符合规定", "不符合标准", "不符合标准要求", "不合格项",
  ]
  private static let notTested: Set<String> = ["未检", "未检验", "未检测", "未测", "nottested", "notanalyzed"]
  private static let damage: Set<String> = [
    "#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#spill!",
  ]

  func read(_ text: String) -> ResultReading {
    let folded = TextFolding.fold(text)
    let key = CodeTable.normalise(folded)
    if key.isEmpty { return ResultReading() }
    if let word = ResultReader.word(key) { return word }
    if ResultReader.damage.contains(key) || (key.count > 1 && key.allSatisfy { $0 == "#" }) {
      return ResultReader.damaged("the spreadsheet delivered an error instead of a value")
    }
    if let reading = nonDetectWithLimit(folded) { return reading }
    if let reading = number(folded) { return reading }
    if let reading = list(folded) { return reading }
    return ResultReader.text(key)
  }

  private static func word(_ key: String) -> ResultReading? {
    var result = ResultReading()
    if notDetected.contains(key) {
      result.qualifier = .notDetected
    } else if detected.contains(key) {
      result.qualifier = .detected
    } else if conforms.contains(key) {
      (result.qualifier, result.conclusion) = (.text, .conforms)
    } else if doesNot.contains(key) {
      (result.qualifier, result.conclusion) = (.text, .doesNot)
    } else if notTested.contains(key) {
      (result.qualifier, result.conclusion) = (.text, .notTested)
    } else {
      return nil
    }
    return result
  }

  private static func damaged(_ message: String) -> ResultReading {
    var result = ResultReading()
    result.qualifier = .text
    result.flags.insert(.spreadsheetDamage)
    result.notes = [Note(.cellNumber, message, zh: "表格软件损坏了这个数值")]
    return result
  }

  /// Free text. Only what *begins* with 不符合 or 符合 is a conclusion; 合格 inside another word is not.
  private static func text(_ key: String) -> ResultReading {
    var result = ResultReading()
    result.qualifier = .text
    if key.hasPrefix("不符合") {
      result.conclusion = .doesNot
    } else if key.hasPrefix("符合") {
      result.conclusion = .conforms
    } else if let first = key.unicodeScalars.first, "0123456789.-+<>≤≥=".unicodeScalars.contains(first) {
      result.notes = [Note(.cellNumber, "the result begins like a number but is none", zh: "检验结果不是可读的数值")]
      if isSpreadsheetDate(key) { result.flags.insert(.spreadsheetDamage) }
    }
    return result
  }

  /// `5月1日`, `2021/5/1`, `1-May`: a spreadsheet made a date of `5-1`.
  private static func isSpreadsheetDate(_ key: String) -> Bool {
    if DateReader.read(key).day != nil { return true }
    if key.hasSuffix("日"), key.contains("月") { return true }
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    return key.contains("-") && months.contains { key.hasSuffix($0) }
  }

  /// `未检出(<0.01)`, `未检出(检出限: 0.01 mg/kg)`, `ND<0.01`, `N.D.(LOD=0.01)`.
  private func nonDetectWithLimit(_ folded: String) -> ResultReading? {
    var cursor = ScalarCursor(folded)
    guard cursor.take(anyOf: ["未检出", "未检测出", "N.D.", "N.D", "ND", "not detected", "阴性"]) else { return nil }
    // `NDMA 0.1` is a name and a value, not a non-detect.
    if let next = cursor.next, next.isASCII, next.properties.isAlphabetic { return nil }
    while let next = cursor.next, ScalarCursor.digit(next) == nil {
      // Only signs and the words around a detection limit may stand before the number.
      let allowed = " (<≤=:,;[\u{3001}检出限定量方法最低为/".unicodeScalars
      guard allowed.contains(next) || next.properties.isAlphabetic && next.isASCII else { return nil }
      cursor.position += 1
    }
    guard let limit = DecimalReader.number(&cursor), let value = limit.value, !limit.lostSuperscript else {
      return nil
    }
    cursor.skipBlanks()
    var unit = cursor.rest
    while let last = unit.last, last == ")" || last == "]" || last == " " { unit.removeLast() }
    var result = ResultReading()
    result.qualifier = .notDetected
    result.detectionLimit = value
    result.unit = unit
    return isUnit(unit) ? result : nil
  }

  /// An optional sign of comparison, a number, an optional uncertainty, an optional unit.
  private func number(_ folded: String) -> ResultReading? {
    var cursor = ScalarCursor(folded)
    var result = ResultReading()
    result.qualifier = ResultReader.qualifier(&cursor)
    cursor.skipBlanks()
    guard let number = DecimalReader.number(&cursor) else { return nil }
    result.value = number.value
    cursor.skipBlanks()
    if cursor.next == "\u{B1}" {
      cursor.position += 1
      cursor.skipBlanks()
      guard DecimalReader.number(&cursor) != nil else { return nil }
      cursor.skipBlanks()
    }
    if cursor.take("(\u{B1}") {
      guard DecimalReader.number(&cursor) != nil, cursor.take(")") else { return nil }
      cursor.skipBlanks()
    }
    let unit = cursor.rest
    guard isUnit(unit) else { return nil }
    result.unit = unit
    if number.lostSuperscript {
      result.value = nil
      result.flags.insert(.lostSuperscript)
      result.notes = [
        Note(.cellSuperscript, "a superscript was lost (10^5 became 105); the value is not believed", zh: "上标丢失，数值不予采信")
      ]
    } else if number.value == nil {
      result.qualifier = .text
      result.notes = [Note(.cellNumber, "the number is too long", zh: "数值超出可存储范围")]
    } else if number.spreadsheetNoise {
      result.flags.insert(.spreadsheetDamage)
      result.notes = [
        Note(
          .cellNumber, "more digits than a spreadsheet can hold; rounded to \(DecimalReader.spreadsheetDigits)",
          zh: "表格软件的浮点误差，已修约到15位有效数字")
      ]
    }
    return result
  }

  private static func qualifier(_ cursor: inout ScalarCursor) -> Qualifier {
    cursor.skipBlanks()
    if cursor.take(anyOf: ["<=", "=<", "≤", "<", "小于等于", "小于", "低于", "不大于"]) { return .below }
    if cursor.take(anyOf: [">=", "=>", "≥", ">", "大于等于", "大于", "高于", "多于"]) { return .above }
    _ = cursor.take("=")
    return .equal
  }

  /// Several values, as a microbiological plan has them; `1,900` alone stays a number.
  private func list(_ folded: String) -> ResultReading? {
    let parts = ResultReader.split(folded)
    guard parts.count >= 2, parts.count <= 60 else { return nil }
    var result = ResultReading()
    result.qualifier = .text
    for part in parts {
      let key = CodeTable.normalise(part)
      if ResultReader.notDetected.contains(key) {
        result.list.append(MeasuredValue(qualifier: .notDetected, value: nil))
        continue
      }
      guard let reading = number(part) else { return nil }
      result.flags.formUnion(reading.flags)
      for note in reading.notes where !result.notes.contains(note) { result.notes.append(note) }
      if !reading.unit.isEmpty { result.unit = reading.unit }
      result.list.append(MeasuredValue(qualifier: reading.qualifier, value: reading.value))
    }
    return result
  }

  /// The parts of a list, by its separators.
  static func split(_ text: String) -> [String] {
    text.split(whereSeparator: { [",", "\u{3001}", ";"].contains($0) }).map { TextFolding.trimmed(String($0)) }
      .filter { !$0.isEmpty }
  }

  /// The same text read as a list of values, for a plan whose n says so: `100,200,300` may be both.
  func values(_ text: String) -> [MeasuredValue] { list(TextFolding.fold(text))?.list ?? [] }

  private func isUnit(_ text: String) -> Bool {
    if text.isEmpty || units.read(text).entry != nil { return true }
    let scalars = Array(text.unicodeScalars)
    guard scalars.count <= 20, let first = scalars.first else { return false }
    let starts = first.properties.isAlphabetic || "%‰°℃/(个".unicodeScalars.contains(first)
    guard starts else { return false }
    var isPerAmount = false
    for scalar in scalars {
      if scalar == "/" || scalar == "(" { isPerAmount = true }
      if ScalarCursor.digit(scalar) != nil, !isPerAmount { return false }
      if [",", ";", ":", "=", "<", ">", "~", "\u{D7}", "\u{6708}", "\u{65E5}"].contains(scalar) { return false }
    }
    return true
  }
}
