import SpotCheckModel
import SpotCheckStore

/// What the codes and days of one segment are worth in a ``DenseLayout``, and as much of the filter as can be told by them.
struct DenseTerms {
  /// What is summed up before rows are counted.
  enum Wide {
    case codes(SampleText, [UInt32])
    case codesOrPark(SampleText, [UInt32], parks: [UInt32])
    case days(SampleDay, first: Int32, [UInt32])
  }

  private static let verdict = CodeCounting.columns - 1
  /// Columns that are looked up by bytes; the last is the verdict.
  private(set) var columns: [SampleText] = []
  private(set) var worth = CodeWorth()
  /// The column that ``worth`` has days of.
  private(set) var days: SampleDay?
  private(set) var wide: [Wide] = []
  /// What of the filter is left to be asked of each row.
  private(set) var rest = SegmentTest.constant(true)

  /// Nil if the segment has too many different codes for bytes.
  /// - Precondition: its rows are samples, one each.
  init?(_ prepared: PreparedSegment, _ layout: DenseLayout) {
    precondition(prepared.weights == nil, "kept counts are no rows")
    for (dimension, reader) in prepared.readers.enumerated() {
      let step = UInt32(truncatingIfNeeded: layout.worth(dimension))
      // A code that is in no dictionary is a missing text: number 0.
      func table(_ map: [UInt32]) -> [UInt32] { map.map { $0 * step } }
      switch reader {
      case nil: return nil
      case .codes(let column, let map) where layout.narrow.contains(dimension):
        guard columns.count < DenseTerms.verdict,
          setColumn(column, table(map).map { UInt16(truncatingIfNeeded: $0) }, others: 0)
        else { return nil }
      case .codes(let column, let map): wide.append(.codes(column, table(map)))
      case .codesOrPark(let column, let map, let parks):
        wide.append(.codesOrPark(column, table(map), parks: table(parks)))
      case .days(let column, let first, let map): wide.append(.days(column, first: first, table(map)))
      }
    }
    if case .days(let column, let first, let table)? = wide.first, wide.count == 1 {
      wide = []
      days = column
      worth.firstDay = first
      worth.days = table + [0]
    }
    let verdicts = prepared.classifier.verdicts
    rest = fold(prepared.test)
    while columns.count < DenseTerms.verdict { columns.append(.verdict) }
    guard setColumn(.verdict, verdicts.map { layout.worth(verdict: $0) }, others: layout.worth(verdict: nil)) else {
      return nil
    }
  }

  /// - Returns: false if the column has too many entries.
  private mutating func setColumn(_ column: SampleText, _ entries: [UInt16], others: UInt16) -> Bool {
    guard entries.count < CodeCounting.codes else { return false }
    let start = columns.count * CodeCounting.codes
    for code in 0..<CodeCounting.codes { worth.codes[start + code] = code < entries.count ? entries[code] : others }
    columns.append(column)
    return true
  }
}

// MARK: The filter

extension DenseTerms {
  /// Takes what it can of a filter into what codes and days are worth.
  /// - Returns: the rest.
  private mutating func fold(_ test: SegmentTest) -> SegmentTest {
    let parts = if case .all(let parts) = test { parts } else { [test] }
    var left: [SegmentTest] = []
    for part in parts where !takes(part) { left.append(part) }
    return left.isEmpty ? .constant(true) : left.count == 1 ? left[0] : .all(left)
  }

  private mutating func takes(_ test: SegmentTest) -> Bool {
    switch test {
    case .constant(true): return true
    case .codes(let column, let matching): return takes(column, matching)
    case .days(let column, let matcher):
      guard days == nil || days == column, worth.dayRange == nil, let range = matcher.onlyRange else { return false }
      days = column
      worth.dayRange = range
      return true
    default: return false
    }
  }

  /// By a column that is looked up anyway, or by one there is still a place for.
  private mutating func takes(_ column: SampleText, _ matching: [UInt8]) -> Bool {
    guard matching.count < CodeCounting.codes else { return false }
    if columns.firstIndex(of: column) == nil {
      guard columns.count < DenseTerms.verdict, setColumn(column, [], others: 0) else { return false }
    }
    guard let place = columns.firstIndex(of: column) else { return false }
    for code in 0..<CodeCounting.codes where code >= matching.count || matching[code] == 0 {
      worth.codes[place * CodeCounting.codes + code] = CodeCounting.never
    }
    return true
  }
}
