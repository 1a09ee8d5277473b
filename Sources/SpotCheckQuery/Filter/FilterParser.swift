import SpotCheckModel

/// Recursive descent over the tokens of a filter.
struct FilterParser {
  /// Deeper nesting is refused: the parser must not run out of stack.
  static let deepest = 100

  let text: String
  let tokens: [FilterToken]
  let columns: [String: FilterColumn]
  private var index = 0
  private var depth = 0

  init(text: String, tokens: [FilterToken], columns: [String: FilterColumn]) {
    self.text = text
    self.tokens = tokens
    self.columns = columns
  }

  private var token: FilterToken { tokens[index] }

  mutating func parse() throws -> FilterNode {
    if token.kind == .end { throw error("the filter is empty") }
    let node = try condition()
    if token.kind == .close { throw error("there is no '(' for this ')'") }
    guard token.kind == .end else {
      throw error("expected 'and', 'or' or the end", advice: "Texts with blanks or signs are written in quotes: 'a b'.")
    }
    return node
  }

  private mutating func condition() throws -> FilterNode {
    var parts = [try term()]
    while takeKeyword("or") { parts.append(try term()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func term() throws -> FilterNode {
    var parts = [try factor()]
    while takeKeyword("and") { parts.append(try factor()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func factor() throws -> FilterNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= FilterParser.deepest else { throw error("nested more than \(FilterParser.deepest) deep") }
    if takeKeyword("not") { return .not(try factor()) }
    if token.kind == .open {
      let start = token.position
      index += 1
      let node = try condition()
      guard token.kind == .close else {
        throw QueryError("'(' is not closed", source: text, position: start)
      }
      index += 1
      return node
    }
    return try comparison()
  }

  private mutating func comparison() throws -> FilterNode {
    guard case .word(let name) = token.kind else { throw error("expected a column name") }
    let column = try column(name)
    index += 1
    if takeKeyword("is") { return try missing(column) }
    if let node = try worded(column) { return node }
    if takeKeyword("not") {
      guard let node = try worded(column) else { throw error("expected 'in', 'between' or 'like' after 'not'") }
      return .not(node)
    }
    guard case .comparison(let comparison) = token.kind else {
      throw error("expected =, !=, <, <=, >, >=, in, between, like or is")
    }
    index += 1
    return .comparison(try checked(column, comparison, [try value(of: column)]))
  }

  /// `in (…)`, `between … and …`, `like …`; nil if none of them follows.
  private mutating func worded(_ column: FilterColumn) throws -> FilterNode? {
    if takeKeyword("in") { return .comparison(try checked(column, .equal, try list(of: column))) }
    if takeKeyword("like") { return .comparison(try checked(column, .like, [try value(of: column)])) }
    guard takeKeyword("between") else { return nil }
    var low = try value(of: column)
    guard takeKeyword("and") else { throw error("expected 'and' between the two ends of 'between'") }
    let high = try value(of: column)
    // `between 10 and 50 μg/kg`: the unit is said once and meant twice.
    if low.unit == nil, ExactDecimal(plain: low.text) != nil { low.unit = high.unit }
    if low.unit != nil, high.unit == nil { throw mixed(high) }
    return .all([
      .comparison(try checked(column, .greaterOrEqual, [low])),
      .comparison(try checked(column, .lessOrEqual, [high])),
    ])
  }

  /// `is null`, `is not null`: nothing was delivered, or something.
  private mutating func missing(_ column: FilterColumn) throws -> FilterNode {
    let start = token.position
    let isNegated = takeKeyword("not")
    guard takeKeyword("null") || takeKeyword("missing") else { throw error("expected 'null' or 'not null' after 'is'") }
    switch column {
    case .line, .flag, .itemFlag:
      throw QueryError("this column is never missing", source: text, position: start)
    default: break
    }
    let nothing = [FilterValue(text: "", position: start)]
    return .comparison(try checked(column, isNegated ? .notEqual : .equal, nothing))
  }

  private mutating func list(of column: FilterColumn) throws -> [FilterValue] {
    guard token.kind == .open else { throw error("expected '(' after 'in'") }
    let start = token.position
    index += 1
    var values = [try value(of: column)]
    while token.kind == .comma {
      index += 1
      values.append(try value(of: column))
    }
    guard token.kind == .close else {
      if token.kind == .end { throw QueryError("'(' is not closed", source: text, position: start) }
      throw error("expected ',' or ')'")
    }
    index += 1
    if let first = values.first, let other = values.first(where: { ($0.unit == nil) != (first.unit == nil) }) {
      throw mixed(first.unit == nil ? first : other)
    }
    return values
  }

  private mutating func value(of column: FilterColumn) throws -> FilterValue {
    switch token.kind {
    case .word(let word), .quoted(let word):
      let position = token.position
      var start = position
      if case .quoted = token.kind { start += 1 }
      index += 1
      if case .decimal = column { return try quantity(word, position, start) }
      return FilterValue(text: word, position: position)
    default: throw error("expected a value")
    }
  }

  /// A number and perhaps its unit: `0.05`, `0.05mg/kg`, `'0.05 mg/kg'`, or the unit is the next word.
  /// - Parameter start: where the text begins, behind its quote.
  private mutating func quantity(_ text: String, _ position: Int, _ start: Int) throws -> FilterValue {
    let isNumber: (Character) -> Bool = { ("0"..."9").contains($0) || $0 == "." || $0 == "-" }
    let number = text.prefix(while: isNumber)
    let glued = text.dropFirst(number.count).drop { $0 == " " }
    var value = FilterValue(text: String(number), position: position)
    guard ExactDecimal(plain: value.text) != nil else { return FilterValue(text: text, position: position) }
    if !glued.isEmpty {
      let before = text.unicodeScalars.count - String(glued).unicodeScalars.count
      (value.unit, value.unitPosition) = (String(glued), start + before)
    } else if let word = nextUnit() {
      (value.unit, value.unitPosition) = (word, token.position)
      index += 1
    }
    return value
  }

  /// The next token if it can be meant as a unit: a word that is no keyword and no column.
  private func nextUnit() -> String? {
    switch token.kind {
    case .quoted(let text): text
    case .word(let word) where ["and", "or", "not", "in", "is"].contains(word.lowercased()): nil
    case .word(let word): columns[word] == nil && columns[word.lowercased()] == nil ? word : nil
    default: nil
    }
  }

  private func mixed(_ value: FilterValue) -> QueryError {
    QueryError(
      "numbers with and without a unit are compared differently", source: text, position: value.position,
      advice: "Give each its unit, or none.")
  }

  private func column(_ name: String) throws -> FilterColumn {
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    let plain = parts.first ?? ""
    if let column = columns[plain] ?? columns[plain.lowercased()] {
      // category:1 = 10 means the same as category = 10: descendants are included.
      if parts.count == 1 || (column.kind?.hasLevels == true && Int(parts[1]) != nil) { return column }
      throw error("column '\(plain)' has no levels")
    }
    let nearest = NearestName.of(plain.lowercased(), among: columns.keys.sorted())
    throw error(
      "unknown column '\(plain)'",
      advice: nearest.map { "Did you mean '\($0)'?" }
        ?? "Columns: " + columns.keys.filter { $0.utf8.allSatisfy { $0 < 128 } }.sorted().joined(separator: ", ") + ".")
  }

  /// Finds out now what can be known without data: dates, periods, numbers, flags.
  private func checked(_ column: FilterColumn, _ comparison: FilterComparison, _ values: [FilterValue]) throws
    -> FilterTerm
  {
    for value in values {
      if comparison == .like, !column.isText {
        throw QueryError(
          "'like' compares texts, and this column holds none", source: text, position: value.position,
          advice: "Write =, <, > or between.")
      }
      func wrong(_ message: String, _ advice: String) -> QueryError {
        QueryError(message, source: text, position: value.position, advice: advice)
      }
      switch column {
      case .day where CalendarDay(iso: value.text) == nil && !value.text.isEmpty:
        throw wrong("'\(value.text)' is no day", "Days are written 2024-03-05.")
      case .period(let period) where period.days(value.text) == nil && !value.text.isEmpty:
        let example = [Period.year: "2024", .quarter: "2024Q1", .month: "2024-03"][period] ?? ""
        throw wrong("'\(value.text)' is no \(period.rawValue)", "Written like \(example).")
      case .decimal where ExactDecimal(plain: value.text) == nil && !value.text.isEmpty:
        throw wrong(
          "'\(value.text)' is no number", "Numbers are written 0.05, or with their unit 0.05 mg/kg.")
      case .line where Int64(value.text) == nil: throw wrong("'\(value.text)' is no number", "")
      case .flag, .itemFlag:
        let names = (column == .flag ? FlagNames.samples : FlagNames.items).map(\.name)
        guard names.contains(value.text) else {
          let nearest = NearestName.of(value.text, among: names)
          throw wrong(
            "unknown flag '\(value.text)'",
            nearest.map { "Did you mean '\($0)'?" } ?? "Flags: " + names.joined(separator: ", ") + ".")
        }
        guard comparison == .equal || comparison == .notEqual else {
          throw wrong("flags are compared by = and != only", "")
        }
      default: break
      }
    }
    return FilterTerm(column: column, comparison: comparison, values: values)
  }

  private mutating func takeKeyword(_ keyword: String) -> Bool {
    guard case .word(let word) = token.kind, word.lowercased() == keyword else { return false }
    index += 1
    return true
  }

  private func error(_ message: String, advice: String = "") -> QueryError {
    var found = message
    if token.kind == .end, token.position > 0 { found += " but the filter ends here" }
    return QueryError(found, source: text, position: token.position, advice: advice)
  }
}
