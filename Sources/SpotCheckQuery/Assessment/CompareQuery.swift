public import SpotCheckModel
public import SpotCheckStatistics

/// Asks what changed from one period to another, and why: by how much with an interval, how much of it is rates and how
/// much is mix, and which groups differ from the common rate.
public struct CompareQuery: Sendable {
  /// Dimensions, filter, map, parks, day and pooling of both periods.
  public var rate: RateQuery
  /// The period looked at.
  public var period: PeriodSpan
  /// The period it is compared with.
  public var against: PeriodSpan

  /// - Throws: ``QueryError`` for a dimension by which a sample stands in several groups: such parts are no mix.
  public init(_ rate: RateQuery, period: PeriodSpan, against: PeriodSpan) throws {
    guard !rate.dimensions.contains(where: { $0.isItemBased }) else {
      throw QueryError(
        "analytes and hazards are no parts of the samples", advice: "Compare by dimensions of samples instead.")
    }
    self.rate = rate.plain
    self.period = period
    self.against = against
  }

  public func run(on source: QuerySource) throws -> CompareResult {
    var query = rate
    query.period = period
    let after = try query.run(on: source)
    query.period = against
    let before = try query.run(on: source)
    return CompareResult(query: self, before: before, after: after)
  }
}

/// One group in both periods.
public struct CompareRow: Sendable {
  public var codes: [String]
  public var names: [String]
  public var purpose: Purpose?
  public var before: RateRow
  public var after: RateRow
  /// This group's part of the change of its sum.
  public var part: RateDecomposition.Part?
  /// Its place in the funnel of failure rates of the later period.
  public var signal: FunnelSignals.Signal?
}

/// A sum over groups in both periods.
public struct CompareTotal: Sendable {
  public var codes: [String]
  public var names: [String]
  public var before: RateRow
  public var after: RateRow
  public var decomposition: RateDecomposition?
  /// The later rate at the earlier mix: direct standardisation. nil if a part with more than 5 % of the earlier samples
  /// has none in the later period.
  public var standardised: SurveyEstimate?
  public var funnel: FunnelSignals?
}

/// The answer to a ``CompareQuery``.
public struct CompareResult: Sendable {
  public var query: CompareQuery
  public var dimensions: [Dimension]
  public var snapshot: Int64
  /// Groups of either period, in order of their codes. Never ranked by rate.
  public var rows: [CompareRow] = []
  /// One a purpose; one in all if purposes are pooled or there is only one.
  public var totals: [CompareTotal] = []
  public var notes: [QueryNote] = []

  init(query: CompareQuery, before: RateResult, after: RateResult) {
    self.query = query
    dimensions = after.dimensions
    snapshot = after.snapshot
    let rows = CompareResult.paired(before, after)
    // Rates are compared within a purpose only, unless pooling was asked for.
    let column = dimensions.firstIndex { $0.kind == .purpose }
    var parts: [String: [Int]] = [:]
    for (index, row) in rows.enumerated() { parts[column.map { row.codes[$0] } ?? "", default: []].append(index) }
    self.rows = rows
    for code in parts.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      addTotal(code, parts[code] ?? [], column)
    }
    notes =
      after.notes.filter { $0.code != "purposes_not_pooled" && $0.code != "pending" } + [
        QueryNote(
          "periods", "\(query.period.text) against \(query.against.text)",
          zh: "\(query.period.nameZh)与\(query.against.nameZh)比较；变化以百分点计")
      ]
    addFunnelNotes()
  }

  private static func paired(_ before: RateResult, _ after: RateResult) -> [CompareRow] {
    var old: [[String]: RateRow] = [:]
    for row in before.rows { old[row.codes] = row }
    var rows: [CompareRow] = after.rows.map { row in
      let empty = RateRow(codes: row.codes, names: row.names, counts: RateCounts(), purpose: row.purpose)
      return CompareRow(
        codes: row.codes, names: row.names, purpose: row.purpose, before: old.removeValue(forKey: row.codes) ?? empty,
        after: row)
    }
    rows += old.values.map { row in
      let empty = RateRow(codes: row.codes, names: row.names, counts: RateCounts(), purpose: row.purpose)
      return CompareRow(codes: row.codes, names: row.names, purpose: row.purpose, before: row, after: empty)
    }
    return rows.sorted { left, right in
      for (one, other) in zip(left.codes, right.codes) where one != other {
        return one.utf8.lexicographicallyPrecedes(other.utf8)
      }
      return false
    }
  }

  private mutating func addTotal(_ purpose: String, _ members: [Int], _ column: Int?) {
    var codes = dimensions.map { _ in CodeBook.totalCode }
    var names = dimensions.map { _ in CodeBook.totalName }
    if let column, let first = members.first {
      codes[column] = purpose
      names[column] = rows[first].names[column]
    }
    let word = members.first.flatMap { rows[$0].purpose }
    func sum(_ counts: (CompareRow) -> RateCounts) -> RateRow {
      RateRow(
        codes: codes, names: names, counts: members.reduce(RateCounts()) { $0 + counts(rows[$1]) }, purpose: word)
    }
    var total = CompareTotal(
      codes: codes, names: names, before: sum { $0.before.counts }, after: sum { $0.after.counts })
    let old = members.map { rows[$0].before.proportion ?? CompareResult.nothing }.compactMap { $0 }
    let new = members.map { rows[$0].after.proportion ?? CompareResult.nothing }.compactMap { $0 }
    guard total.after.rateName != nil, old.count == members.count, new.count == members.count else {
      totals.append(total)
      return
    }
    total.decomposition = RateDecomposition.kitagawa(before: old, after: new)
    total.standardised = SurveyEstimate.stratified(new, weights: old.map { Double($0.total) })
    total.funnel = FunnelSignals.evaluate(new.map(\.complement))
    for (place, index) in members.enumerated() {
      rows[index].part = total.decomposition?.parts[place]
      rows[index].signal = total.funnel?.signals[place]
    }
    totals.append(total)
  }

  private static let nothing = Proportion(0, of: 0)

  private mutating func addFunnelNotes() {
    for total in totals {
      guard let funnel = total.funnel else { continue }
      let purpose = dimensions.firstIndex { $0.kind == .purpose }
      let nameZh = purpose.map { total.names[$0] } ?? CodeBook.totalName
      let name = purpose.map { EnglishWords.spaced(total.codes[$0]) } ?? "total"
      let dispersion = funnel.dispersion.map { NumberText.fixed($0, 2) } ?? "-"
      if funnel.isOverDispersed {
        notes.append(
          QueryNote(
            "over_dispersed",
            "\(name): groups scatter more than chance would have it (φ = \(dispersion)); the funnel allows for it. "
              + "Ask whether their mixes are comparable before naming one",
            zh: "\(nameZh)：各组差异大于随机波动（φ = \(dispersion)），漏斗限已放宽；点名之前请先核对构成是否可比"))
      }
      let marked = funnel.signals.count { $0.map { $0.position != .within } ?? false }
      notes.append(
        QueryNote(
          "signals", "\(name): \(marked) groups differ from the common rate (false discovery rate 10 %)",
          zh: "\(nameZh)：\(marked) 个组与总体有差异（错误发现率 10%）；不作名次"))
    }
  }
}
