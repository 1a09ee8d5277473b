import SpotCheckModel

/// 同比: every row beside the same group in the same period of the year before.
struct YearOnYear {
  private let query: RateQuery
  private let source: QuerySource

  init(_ query: RateQuery, _ source: QuerySource) {
    self.query = query
    self.source = source
  }

  /// - Throws: ``QueryError`` if nothing says which period is meant.
  func add(to result: inout RateResult) throws {
    let periods = result.dimensions.indices.filter { index in
      if case .period = result.dimensions[index].kind.source { return true }
      return false
    }
    guard query.period != nil || !periods.isEmpty else {
      throw QueryError(
        "the same period last year: of which period?",
        advice: "Add --period 2024 (or 2024Q1, 2024-03), or group by year, quarter or month.")
    }
    var inner = query.plain
    if let period = query.period {
      guard let earlier = period.earlier() else { throw QueryError("there is no year before \(period.text)") }
      inner.period = earlier
    }
    let before = query.period == nil ? result : try inner.run(on: source)
    var counts: [[String]: RateCounts] = [:]
    for row in before.rows { counts[row.codes] = row.counts }
    for index in result.rows.indices {
      var codes = result.rows[index].codes
      for place in periods { codes[place] = YearOnYear.yearBefore(codes[place]) }
      result.rows[index].before = counts[codes] ?? RateCounts()
    }
    // Sums over several periods have no year before, unless the periods are one that was named.
    guard query.period != nil else { return }
    for index in result.purposeTotals.indices {
      let code = result.purposeCode(result.purposeTotals[index])
      result.purposeTotals[index].before = before.purposeMix.first { $0.codes == [code] }?.counts ?? RateCounts()
    }
    result.total.before = before.total.counts
    if let earlier = inner.period {
      result.notes.append(
        QueryNote(
          "year_on_year", "compared with \(earlier.text)", zh: "同比期为\(earlier.nameZh)；变化以百分点计"))
    }
  }

  /// `2024Q1` becomes `2023Q1`; what is no period stays.
  private static func yearBefore(_ code: String) -> String {
    guard code.utf8.count >= 4, let year = Int(code.prefix(4)), year > 1 else { return code }
    let digits = String(year - 1)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits + code.dropFirst(4)
  }
}
