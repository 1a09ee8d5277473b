import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

/// Where the samples of one batch went: those that count, by class, and those that do not, by reason.
///
/// `sealed == inspected + excluded by class + closed by reason`, for every batch, at its own snapshot and at any later one.
struct BatchSamples: Equatable {
  var accounts = SampleAccounts()
  var closed: [SupersessionReason: Int] = [:]

  var closedCount: Int { closed.values.reduce(0, &+) }

  /// - Parameter sealed: sample rows of the batch's segments.
  func isBalanced(sealed: Int) -> Bool { accounts.isBalanced && accounts.samples &+ closedCount == sealed }

  /// Adds one segment of the batch, counted from its bytes.
  ///
  /// - Parameters:
  ///   - part: the rows that are the batch's; nil: all.
  ///   - closed: rows that do not count, each with one reason; those that are not the batch's change nothing.
  mutating func add(
    _ segment: Segment, part: Range<Int>? = nil, closed rows: [UInt32: SupersessionReason], purposes: CodeTable?
  ) throws {
    accounts.add(
      try segment.sampleAccounts(of: part, leavingOut: rows.keys) {
        SampleClass.isScreening(purpose: $0, in: purposes)
      })
    for (row, reason) in rows where part?.contains(Int(row)) ?? true { closed[reason, default: 0] += 1 }
  }

  /// What differs from another account of the same samples, in words; empty: nothing.
  func differences(from recorded: BatchSamples) -> [String] {
    var result: [String] = []
    for sampleClass in SampleClass.allCases where accounts[sampleClass] != recorded.accounts[sampleClass] {
      result.append(
        "\(sampleClass.rawValue): \(recorded.accounts[sampleClass]) recorded, \(accounts[sampleClass]) found")
    }
    for reason in SupersessionReason.allCases where closed[reason] ?? 0 != recorded.closed[reason] ?? 0 {
      result.append("\(reason.rawValue): \(recorded.closed[reason] ?? 0) recorded, \(closed[reason] ?? 0) found")
    }
    return result
  }
}

/// Which rows of which segment do not count, and why. Of several reasons the newest holds.
struct ClosedRows: Equatable {
  private var reasons: [String: [UInt32: SupersessionReason]] = [:]

  mutating func add(_ entry: SupersededRows) {
    for row in entry.rows { reasons[entry.segment, default: [:]][row] = entry.reason }
  }

  mutating func forget(_ segment: String) { reasons[segment] = nil }

  subscript(_ segment: String) -> [UInt32: SupersessionReason] { reasons[segment] ?? [:] }
}
