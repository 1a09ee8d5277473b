import SpotCheckModel

/// A delivered date: the day, and what had to be said about it.
struct DateReading: Sendable, Equatable {
  /// Nil if the text names no day.
  var day: CalendarDay?
  var note: Note?
}

/// Reads the spellings of a day that bureaus deliver. A time of day behind it is ignored and never shifts the day.
enum DateReader {
  /// Days as a spreadsheet counts them. In the 1900 system serial 60 is the 29th of February 1900, a day that never
  /// was, so serials above it count from 1899-12-30.
  static let spreadsheetSerials = 20_000...60_000
  private static let spreadsheetEpoch: Int32 = -25_569
  /// Years outside are typing errors.
  private static let plausibleYears = 1900...2100

  static func read(_ text: String, order: DateOrder = .yearFirst) -> DateReading {
    var cursor = ScalarCursor(TextFolding.fold(text))
    skipLabel(&cursor)
    let start = cursor.position
    guard let first = group(&cursor) else { return problem("no date") }
    if first.count >= 5 {
      if let reading = run(first, cursor, start) { return reading }
      return problem("\(first.count) digits are no date")
    }
    guard let separator = separator(&cursor) else {
      return problem(first.count == 4 ? "the month and the day are missing" : "no date")
    }
    guard let second = group(&cursor), second.count <= 2 else { return problem("the month cannot be read") }
    guard let other = self.separator(&cursor), let third = group(&cursor) else {
      return problem("the day is missing")
    }
    guard agrees(separator, other) else { return problem("the date's separators differ") }
    let parts: (year: Group, month: Group, day: Group)
    if first.count == 4 || separator == "\u{5E74}" {
      parts = (first, second, third)
    } else {
      switch order {
      case .yearFirst: parts = (first, second, third)
      case .dayFirst: parts = (third, second, first)
      case .monthFirst: parts = (third, first, second)
      }
    }
    guard parts.year.count == 4 else { return problem("the year needs four digits") }
    guard parts.month.count <= 2, parts.day.count <= 2 else { return problem("no such date") }
    if cursor.next == "\u{65E5}" || cursor.next == "\u{53F7}" { cursor.position += 1 }
    guard isTimeOfDay(cursor) else { return problem("there is text behind the date") }
    return day(parts.year.value, parts.month.value, parts.day.value)
  }

  private struct Group {
    var value: Int
    var count: Int
  }

  /// `购进日期:2021-05-01`: a label without digits.
  private static func skipLabel(_ cursor: inout ScalarCursor) {
    var index = cursor.position
    while index < cursor.scalars.count, ScalarCursor.digit(cursor.scalars[index]) == nil {
      if cursor.scalars[index] == ":" { cursor.position = index + 1 }
      index += 1
    }
    cursor.skipBlanks()
    if cursor.next == "'" { cursor.position += 1 }
  }

  private static func group(_ cursor: inout ScalarCursor) -> Group? {
    cursor.skipBlanks()
    var result = Group(value: 0, count: 0)
    while let digit = ScalarCursor.digit(cursor.next) {
      result.value = min(result.value * 10 + digit, 1_000_000_000_000_000)
      result.count += 1
      cursor.position += 1
    }
    return result.count > 0 ? result : nil
  }

  private static func separator(_ cursor: inout ScalarCursor) -> Unicode.Scalar? {
    let start = cursor.position
    cursor.skipBlanks()
    if let next = cursor.next, ["-", "/", ".", "\u{5E74}", "\u{6708}", "\u{3002}"].contains(next) {
      cursor.position += 1
      return next
    }
    cursor.position = start
    return nil
  }

  private static func agrees(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
    first == "\u{5E74}" ? second == "\u{6708}" : first == second
  }

  /// Digits without separators: yyyyMMdd, yyyyMMddHHmmss, or a spreadsheet's serial number.
  private static func run(_ digits: Group, _ cursor: ScalarCursor, _ start: Int) -> DateReading? {
    if digits.count == 5, spreadsheetSerials.contains(digits.value) {
      var rest = cursor
      if rest.next == "." {
        rest.position += 1
        _ = group(&rest)
      }
      guard rest.isAtEnd else { return nil }
      let day = CalendarDay(daysSinceEpoch: spreadsheetEpoch + Int32(digits.value))
      let note = Note(
        .cellExcelDate, "a spreadsheet's serial number; read as \(day)", zh: "表格软件的日期序号，已按 \(day) 读取")
      return DateReading(day: day, note: note)
    }
    guard digits.count == 8 || digits.count == 12 || digits.count == 14 else { return nil }
    guard digits.count > 8 || isTimeOfDay(cursor) else { return nil }
    guard digits.count == 8 || cursor.isAtEnd else { return nil }
    let number = Int(cursor.text(from: start, to: start + 8)) ?? 0
    return day(number / 10_000, number / 100 % 100, number % 100)
  }

  /// Nothing, a time, a weekday or a remark in brackets: what may follow a day.
  private static func isTimeOfDay(_ from: ScalarCursor) -> Bool {
    var cursor = from
    cursor.skipBlanks()
    if cursor.isAtEnd { return true }
    if cursor.next == "(" { return cursor.scalars.last == ")" }
    if cursor.take(anyOf: ["\u{661F}\u{671F}", "\u{5468}"]) { return cursor.scalars.count - cursor.position == 1 }
    if let mark = cursor.next, mark == "T" || mark == "t", ScalarCursor.digit(cursor.peek(1)) != nil {
      cursor.position += 1
    }
    let allowed = "0123456789:.+- \u{65F6}\u{5206}\u{79D2}\u{4E0A}\u{4E0B}\u{5348}".unicodeScalars
    var hasDigit = false
    while let next = cursor.next {
      if hasDigit, cursor.take(anyOf: ["am", "pm", "Z"]) { continue }
      guard allowed.contains(next) else { return false }
      if ScalarCursor.digit(next) != nil { hasDigit = true }
      cursor.position += 1
    }
    // A digit glued to the day would be a longer number, not a time.
    return hasDigit && ScalarCursor.digit(from.next) == nil
  }

  private static func day(_ year: Int, _ month: Int, _ day: Int) -> DateReading {
    guard plausibleYears.contains(year) else { return problem("the year \(year) is not plausible") }
    guard let result = CalendarDay(year: year, month: month, day: day) else {
      return problem("there is no day \(year)-\(month)-\(day)")
    }
    return DateReading(day: result, note: nil)
  }

  private static func problem(_ message: String) -> DateReading {
    DateReading(day: nil, note: Note(.cellDate, message))
  }
}
