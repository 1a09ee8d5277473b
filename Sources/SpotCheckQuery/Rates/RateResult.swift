public import SpotCheckStatistics

/// One group of samples.
public struct RateRow: Sendable, Hashable {
  /// One code a dimension; empty = not delivered, `?` = in no table, `*` = all.
  public var codes: [String]
  public var names: [String]
  public var counts: RateCounts
  /// False for a sum over several purposes that was not asked for: it has counts but no rate.
  public var hasRate = true

  public var proportion: Proportion? { hasRate ? Proportion(counts.passed, of: counts.inspected) : nil }
  /// passed ÷ inspected; nil without inspected samples.
  public var rate: Double? { proportion?.rate }
  /// Wilson's 95 % interval.
  public var interval: Interval? { proportion?.interval(.wilson) }
}

/// What was read to answer.
public struct ScanSummary: Sendable, Hashable {
  public var segments = 0
  /// Segments that could not hold a matching row and were not read.
  public var segmentsPruned = 0
  public var rowsRead = 0
  /// Superseded, repeated and withdrawn rows among them.
  public var rowsExcluded = 0
}

/// The answer to a ``RateQuery``.
public struct RateResult: Sendable {
  public var query: RateQuery
  public var dimensions: [Dimension]
  public var snapshot: Int64
  /// Sorted by codes, byte by byte, first dimension first.
  public var rows: [RateRow]
  /// One a purpose, when there are several and other dimensions too.
  public var purposeTotals: [RateRow]
  public var total: RateRow
  /// How many samples of which purpose the answer holds.
  public var purposeMix: [RateRow]
  public var notes: [QueryNote]
  public var scan: ScanSummary
}
