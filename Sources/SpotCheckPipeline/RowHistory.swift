import SpotCheckCatalogue
import SpotCheckModel

/// Everything that was ever said about the rows of one segment.
struct RowHistory {
  private struct Saying {
    var since: SnapshotNumber
    var until: SnapshotNumber?
    var reason: SupersessionReason
  }

  private var rows: [UInt32: [Saying]] = [:]

  /// Entries come in order of the snapshots that they hold since.
  mutating func add(_ entry: StoredSupersession) {
    let saying = Saying(since: entry.since, until: entry.until, reason: entry.rows.reason)
    for row in entry.rows.rows { rows[row, default: []].append(saying) }
  }

  /// Why rows did not count in a snapshot. Of several reasons the newest holds.
  func reasons(at snapshot: SnapshotNumber) -> [UInt32: SupersessionReason] {
    rows.compactMapValues { RowHistory.reason($0, at: snapshot) }
  }

  /// The same for some rows only.
  func reasons(at snapshot: SnapshotNumber, of wanted: Range<Int>) -> [UInt32: SupersessionReason] {
    var result: [UInt32: SupersessionReason] = [:]
    // Whichever is shorter: a segment of many batches is asked once a batch.
    if wanted.count < rows.count {
      for row in wanted {
        let row = UInt32(truncatingIfNeeded: row)
        result[row] = rows[row].flatMap { RowHistory.reason($0, at: snapshot) }
      }
    } else {
      for (row, sayings) in rows where wanted.contains(Int(row)) {
        result[row] = RowHistory.reason(sayings, at: snapshot)
      }
    }
    return result
  }

  private static func reason(_ sayings: [Saying], at snapshot: SnapshotNumber) -> SupersessionReason? {
    sayings.last { $0.since <= snapshot && ($0.until.map { $0 > snapshot } ?? true) }?.reason
  }
}

/// A code table over time: decoded once a version, however many snapshots ask for it.
struct TableHistory {
  private let name: String
  private let catalogue: Catalogue
  private var changes: [SnapshotNumber]?
  private var known: [SnapshotNumber: CodeTable] = [:]

  init(_ name: String, _ catalogue: Catalogue) {
    self.name = name
    self.catalogue = catalogue
  }

  mutating func table(at snapshot: SnapshotNumber) throws -> CodeTable? {
    let changes = try changes ?? catalogue.tableChanges(name)
    self.changes = changes
    guard let since = changes.last(where: { $0 <= snapshot }) else { return nil }
    if let table = known[since] { return table }
    let table = try catalogue.table(name, at: since)
    known[since] = table
    return table
  }
}
