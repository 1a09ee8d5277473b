import SpotCheckModel

/// The unweighted mean of the rates of a group's parts, beside the pooled rate.
///
/// Publishers differ: a 2014 bulletin gave 246 of 320 as "95.6 %", the mean of five category rates. Both are offered,
/// each under its own name; the pooled one is the rate.
struct MeanRates {
  private let query: RateQuery
  private let source: QuerySource

  init(_ query: RateQuery, _ source: QuerySource) {
    self.query = query
    self.source = source
  }

  /// - Throws: ``QueryError`` if the dimension is among those asked for.
  func add(over dimension: Dimension, to result: inout RateResult) throws {
    guard !query.by.contains(dimension), dimension.kind != .purpose else {
      throw QueryError(
        "the mean over \(dimension.text) needs parts, but each row is one already",
        advice: "Name a dimension that --by does not have.")
    }
    let parts = try means([dimension] + query.by, result)
    for index in result.rows.indices { result.rows[index].mean = parts[result.rows[index].codes] }
    let whole = try means([dimension], result)
    for index in result.purposeTotals.indices {
      let code = result.purposeCode(result.purposeTotals[index])
      result.purposeTotals[index].mean = whole[[code]]
    }
    if result.total.hasRate {
      let only = result.purposeMix.first?.codes.first ?? ""
      result.total.mean = whole[query.pool ? [] : [only]]
    }
    result.notes.append(
      QueryNote(
        "mean_of_rates",
        "mean_rate is the unweighted mean of the rates by \(dimension.text); the rate itself is pooled",
        zh: "“平均率”是按\(dimension.heading)各部分合格率的简单平均；“合格率”按样品合并计算"))
  }

  /// Means by the codes of the remaining dimensions. The first dimension is the one averaged over.
  private func means(_ by: [Dimension], _ result: RateResult) throws -> [[String]: MeanRate] {
    var inner = query.plain
    inner.by = by
    var sums: [[String]: (sum: Double, parts: Int)] = [:]
    for row in try inner.run(on: source).rows {
      guard let rate = row.rate else { continue }
      let key = Array(row.codes.dropFirst())
      let old = sums[key] ?? (0, 0)
      sums[key] = (old.sum + rate, old.parts + 1)
    }
    return sums.mapValues { MeanRate(rate: $0.sum / Double($0.parts), parts: $0.parts) }
  }
}
