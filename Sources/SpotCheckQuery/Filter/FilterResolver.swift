import SpotCheckModel

/// Turns what a filter says into codes, days and bits.
struct FilterResolver {
  let source: String
  let book: CodeBook
  let periodBy: SampleDay
  var notes: [QueryNote] = []

  init(source: String, book: CodeBook, periodBy: SampleDay) {
    self.source = source
    self.book = book
    self.periodBy = periodBy
  }

  mutating func resolve(_ node: FilterNode) throws -> FilterPlan.Node {
    switch node {
    case .all(let parts):
      var nodes: [FilterPlan.Node] = []
      for part in parts { nodes.append(try resolve(part)) }
      noteContradiction(parts, nodes, .equal)
      return .all(nodes)
    case .any(let parts):
      var nodes: [FilterPlan.Node] = []
      for part in parts { nodes.append(try resolve(part)) }
      noteContradiction(parts, nodes, .notEqual)
      return .any(nodes)
    case .not(let part): return .not(try resolve(part))
    case .comparison(let term): return try resolve(term)
    }
  }

  private func unknown(_ unit: String, at position: Int, _ units: UnitLookup) -> QueryError {
    QueryError(
      "'\(unit)' is no known unit", source: source, position: position,
      advice: NearestName.of(unit, among: units.texts).map { "Did you mean '\($0)'?" }
        ?? "A unit that is in no table is compared as it stands: value > 0.5 and unit = '\(unit)'.")
  }

  private mutating func resolve(_ term: FilterTerm) throws -> FilterPlan.Node {
    switch term.column {
    case .sample(let column): return .text(column, try matcher(term))
    case .item(let column): return .itemText(column, try matcher(term))
    case .decimal(let column):
      if term.values.contains(where: { $0.unit != nil }) {
        let units = UnitLookup(book.tables)
        let quantities = try term.values.compactMap { value -> Quantity? in
          guard let number = ExactDecimal(plain: value.text), let unit = value.unit else { return nil }
          guard units.isKnown(unit) else { throw unknown(unit, at: value.unitPosition, units) }
          return Quantity(number: number, unit: unit)
        }
        return .quantities(
          column, QuantityMatcher(comparison: term.comparison, values: quantities, units: units))
      }
      return .decimals(
        column, DecimalMatcher(comparison: term.comparison, values: term.values.map { ExactDecimal(plain: $0.text) }))
    case .plain(let column):
      if term.comparison == .like { return .plain(column, like(term)) }
      return .plain(column, TextMatcher(comparison: term.comparison, values: Set(term.values.map(\.text))))
    case .day(let column):
      let days = term.values.map { value in
        CalendarDay(iso: value.text).map { $0.daysSinceEpoch...$0.daysSinceEpoch }
      }
      return .days(column, DayMatcher(term.comparison, days))
    case .period(let period):
      return .days(periodBy, DayMatcher(term.comparison, term.values.map { period.days($0.text) }))
    case .line:
      return .line(NumberMatcher(comparison: term.comparison, values: term.values.compactMap { Int64($0.text) }))
    case .flag:
      return .flags(mask: mask(term, FlagNames.samples), isSet: term.comparison == .equal)
    case .itemFlag:
      return .itemFlags(mask: mask(term, FlagNames.items), isSet: term.comparison == .equal)
    case .cell: return .constant(true)
    }
  }

  private func mask(_ term: FilterTerm, _ names: [(name: String, bit: UInt32)]) -> UInt32 {
    term.values.reduce(0) { bits, value in bits | (names.first { $0.name == value.text }?.bit ?? 0) }
  }

  /// A pattern is compared with what is stored, and with the name of a code.
  private func like(_ term: FilterTerm) -> TextMatcher {
    var name: (@Sendable (String) -> String)?
    if let kind = term.column.kind {
      let book = book
      name = { text in book.name(book.mapped(text, kind), Dimension(kind)) }
    }
    return TextMatcher(
      comparison: .like, values: [], patterns: term.values.map { LikePattern($0.text) }, name: name)
  }

  private mutating func matcher(_ term: FilterTerm) throws -> TextMatcher {
    if term.comparison == .like { return like(term) }
    guard let kind = term.column.kind else {
      return TextMatcher(comparison: term.comparison, values: Set(term.values.map(\.text)))
    }
    var values: Set<String> = []
    for value in term.values { values.formUnion(try codes(value, kind, term.comparison)) }
    var lineage: (@Sendable (String) -> [String])?
    if kind.hasLevels, term.comparison == .equal || term.comparison == .notEqual {
      let book = book
      lineage = { text in book.lineage(book.mapped(text, kind), kind) }
    } else if book.onMap == .today, kind == .park {
      let book = book
      lineage = { text in [book.mapped(text, kind)] }
    }
    return TextMatcher(comparison: term.comparison, values: values, lineage: lineage)
  }

  /// The codes that a written value means in a column.
  private mutating func codes(_ value: FilterValue, _ kind: DimensionKind, _ comparison: FilterComparison) throws
    -> [String]
  {
    let text = value.text
    switch text {
    case "", CodeTable.unmappedCode: return [text]
    case "-", CodeBook.missingName: return [""]
    case CodeTable.unmappedName: return [CodeTable.unmappedCode]
    default: break
    }
    if kind == .batch {
      let named = book.batchNames.filter { $0.value == text }.map(\.key)
      return named.isEmpty ? [text] : named
    }
    let words = CodeBook.words(kind)
    if let word = words.first(where: { $0.code == text || $0.name == text }) { return [word.code] }
    guard let table = book.table(kind) else {
      if words.isEmpty || comparison != .equal && comparison != .notEqual { return [text] }
      throw unknown(value, kind, words.map { $0.code + " " + $0.name })
    }
    // Only equality asks for meaning; "less than" compares codes as they are written.
    guard comparison == .equal || comparison == .notEqual, table.entry(text) == nil else {
      return [book.mapped(text, kind)]
    }
    switch table.resolve(text, on: nil) {
    case .code(let code), .retired(let code): return [book.mapped(code, kind)]
    case .ambiguous(let codes):
      let list = codes.map { code in
        let parent = table.entry(code).flatMap { table.name(of: $0.parent) }
        return code + (parent.map { " (" + $0 + ")" } ?? "")
      }
      throw QueryError(
        "'\(text)' can mean several codes of \(kind.rawValue)", source: source, position: value.position,
        advice: "Write one of the codes: " + list.joined(separator: ", ") + ".")
    case .unknown:
      if !words.isEmpty { throw unknown(value, kind, words.map { $0.code + " " + $0.name }) }
      notes.append(
        QueryNote(
          "unknown_value", "no \(kind.rawValue) is called '\(text)' in the code table; compared as it is written",
          zh: "代码表中没有名为“\(text)”的\(kind.heading)，按原文比较", isWarning: true))
      return [text]
    }
  }

  private func unknown(_ value: FilterValue, _ kind: DimensionKind, _ words: [String]) -> QueryError {
    QueryError(
      "'\(value.text)' is no \(kind.rawValue)", source: source, position: value.position,
      advice: "Known: " + words.joined(separator: ", ") + ".")
  }

  /// `a != x or a != y` holds for everything and `a = x and a = y` for nothing, unless a text can be both. A real system
  /// asked the first for "qualified" and got the failures, too.
  private mutating func noteContradiction(
    _ parts: [FilterNode], _ nodes: [FilterPlan.Node], _ comparison: FilterComparison
  ) {
    for (index, node) in nodes.enumerated() {
      for (place, other) in nodes.enumerated() where place > index {
        guard let (one, column) = FilterResolver.matcher(node, comparison),
          let (two, sameColumn) = FilterResolver.matcher(other, comparison), column == sameColumn,
          let first = FilterResolver.term(parts[index]), let second = FilterResolver.term(parts[place]),
          !canBeBoth(one, two, first.column.kind)
        else { continue }
        let text =
          FilterResolver.text(first, comparison) + (comparison == .equal ? " and " : " or ")
          + FilterResolver.text(second, comparison)
        notes.append(
          comparison == .equal
            ? QueryNote(
              "never_true", "'\(text)' holds for no row; did you mean 'or'?", zh: "条件“\(text)”对任何行都不成立，是否应为 or？",
              isWarning: true)
            : QueryNote(
              "always_true", "'\(text)' holds for every row; did you mean 'and'?", zh: "条件“\(text)”对所有行都成立，是否应为 and？",
              isWarning: true))
      }
    }
  }

  private static func matcher(_ node: FilterPlan.Node, _ comparison: FilterComparison) -> (TextMatcher, FilterColumn)? {
    switch node {
    case .text(let column, let matcher) where matcher.comparison == comparison: (matcher, .sample(column))
    case .itemText(let column, let matcher) where matcher.comparison == comparison: (matcher, .item(column))
    case .plain(let column, let matcher) where matcher.comparison == comparison: (matcher, .plain(column))
    // `not a in (x)` says what `a != x` says.
    case .not(let inner) where comparison == .notEqual: matcher(inner, .equal)
    default: nil
    }
  }

  private static func term(_ node: FilterNode) -> FilterTerm? {
    switch node {
    case .comparison(let term): term
    case .not(let inner): term(inner)
    default: nil
    }
  }

  /// Whether a text can be among the values of both: by itself, or as a code below both.
  private func canBeBoth(_ one: TextMatcher, _ two: TextMatcher, _ kind: DimensionKind?) -> Bool {
    if !one.values.isDisjoint(with: two.values) { return true }
    guard one.lineage != nil, let kind, let table = book.table(kind) else { return false }
    return table.entries.contains { entry in
      let lineage = Set(book.lineage(book.mapped(entry.code, kind), kind))
      return !lineage.isDisjoint(with: one.values) && !lineage.isDisjoint(with: two.values)
    }
  }

  private static func text(_ term: FilterTerm, _ comparison: FilterComparison) -> String {
    let name = FilterColumn.all.filter { $0.value == term.column }.map(\.key).sorted().first ?? "column"
    let values = term.values.map { $0.text.isEmpty ? "''" : $0.text }
    guard values.count > 1 else { return name + " " + comparison.rawValue + " " + (values.first ?? "''") }
    return name + (comparison == .equal ? " in (" : " not in (") + values.joined(separator: ", ") + ")"
  }
}
