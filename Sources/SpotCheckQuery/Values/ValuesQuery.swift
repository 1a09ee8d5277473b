import SpotCheckModel
import SpotCheckStatistics

/// A question for what was measured instead of whether it passed: medians, shares of non-detects, values near their limit,
/// and which items the failures come from.
public struct ValuesQuery: Sendable {
  /// Dimensions, filter, map, parks, day and pooling; at least one dimension is of items (`analyte`, `hazard`).
  public var rate: RateQuery
  /// Rows in order of failing items, with their share of all and the running sum: a Pareto table.
  public var isPareto = false

  /// - Throws: ``QueryError`` if no dimension is of items: values of different analytes have no common order.
  public init(_ rate: RateQuery) throws {
    guard rate.dimensions.contains(where: \.isItemBased) else {
      throw QueryError(
        "values of different items have no common order",
        advice: "Group by analyte or hazard as well: --by analyte,\(rate.by.map(\.text).joined(separator: ",")).")
    }
    self.rate = rate.plain
  }

  /// - Throws: ``QueryError``, `StoreError`.
  public func run(on source: QuerySource) throws -> ValuesResult {
    let engine = try RateEngine(rate, source)
    let scan = try engine.prepare()
    var units = KeySpace()
    var maps: [ValueScan.Maps] = []
    for entry in scan.prepared {
      maps.append(
        ValueScan.Maps(
          units: units.numbers(try entry.segment.entries(ItemText.unit)) { $0 },
          qualifiers: try entry.segment.entries(ItemText.qualifier).map { Qualifier(rawValue: $0) ?? .none }))
    }
    let (cardinalities, groups, prepared, ready) = (scan.cardinalities, scan.groups, scan.prepared, maps)
    let scans = try RateEngine.parallel(scan.parts, threads: scan.threads) {
      ValueScan(cardinalities: cardinalities, groups: groups)
    } body: { values, part in
      try values.count(prepared[part.segment], ready[part.segment], part.rows)
    }
    var all = ValueScan(cardinalities: cardinalities, groups: groups)
    for values in scans { all.merge(values) }

    let keys = GroupKeys(scan, shown: rate.dimensions.count)
    var rows: [[String]: ValueTally] = [:]
    for (key, tally) in all.tallies {
      // A pooled purpose stands behind the shown codes: its groups come together here.
      rows[keys.codes(key.group) + [units.keys[Int(key.unit)]], default: ValueTally()].merge(tally)
    }
    var result = ValuesResult(query: self, dimensions: rate.dimensions, snapshot: source.snapshot)
    result.notes = scan.plan.notes
    result.rows = rows.sorted {
      $0.key.lexicographicallyPrecedes($1.key) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    .map { codes, tally in
      ValuesRow(
        codes: Array(codes.dropLast()), names: zip(codes, rate.dimensions).map { engine.book.name($0, $1) },
        unit: codes.last ?? "", tally: tally)
    }
    result.order()
    return result
  }
}

/// One group in one unit.
public struct ValuesRow: Sendable {
  public var codes: [String]
  public var names: [String]
  /// Empty: without a unit.
  public var unit: String
  var tally: ValueTally
  /// Failing items of the rows down to this one; nil unless asked for.
  var failedSoFar: Int?

  init(codes: [String], names: [String], unit: String, tally: ValueTally) {
    self.codes = codes
    self.names = names
    self.unit = unit
    self.tally = tally
  }
}

/// The answer to a ``ValuesQuery``.
public struct ValuesResult: Sendable {
  public var query: ValuesQuery
  public var dimensions: [Dimension]
  public var snapshot: Int64
  /// In the order of their codes and units; of a Pareto table by failing items, most first.
  public var rows: [ValuesRow] = []
  public var notes: [QueryNote] = []

  init(query: ValuesQuery, dimensions: [Dimension], snapshot: Int64) {
    self.query = query
    self.dimensions = dimensions
    self.snapshot = snapshot
  }

  var failed: Int { rows.reduce(0) { $0 + $1.tally.failed } }

  fileprivate mutating func order() {
    guard query.isPareto else { return }
    // Stable: equals keep the order of their codes.
    rows = rows.filter { $0.tally.failed > 0 }.enumerated()
      .sorted { ($1.element.tally.failed, $0.offset) < ($0.element.tally.failed, $1.offset) }.map(\.element)
    var sum = 0
    for index in rows.indices {
      sum += rows[index].tally.failed
      rows[index].failedSoFar = sum
    }
  }
}
