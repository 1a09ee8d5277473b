import SpotCheckCatalogue
import SpotCheckStore

/// The rows of one snapshot: its segments in order of arrival, which rows do not count and why, and what is marked.
struct StoreState {
  var snapshot: SnapshotNumber
  var segments: [StoredSegment]
  var closed = ClosedRows()
  /// By segment: the newest mark of each row.
  var marks: [String: [UInt32: MarkKind]] = [:]

  init(_ catalogue: Catalogue, at snapshot: SnapshotNumber) throws {
    self.snapshot = snapshot
    segments = try catalogue.visibleSegments(at: snapshot)
    for entry in try catalogue.supersessions(at: snapshot) { closed.add(entry.rows) }
    for entry in try catalogue.storedMarks(at: snapshot) { mark(entry.rows) }
  }

  mutating func mark(_ entry: MarkedRows) {
    for row in entry.rows { marks[entry.segment, default: [:]][row] = entry.kind }
  }
}
