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

  /// Becomes the snapshot that a compaction made of this one: the same rows in other segments.
  ///
  /// - Precondition: the compaction was published on this snapshot.
  mutating func apply(_ compaction: Rearrangement, as number: SnapshotNumber) {
    precondition(compaction.base == snapshot && compaction.kind == .compaction, "a compaction of another snapshot")
    let gone = Set(compaction.removed)
    var last = segments.map(\.ordinal).max() ?? 0
    segments.removeAll { gone.contains($0.record.id) }
    for id in gone {
      closed.forget(id)
      marks[id] = nil
    }
    for placed in compaction.added {
      last += 1
      let batches = Set(placed.parts.map(\.batch))
      segments.append(
        StoredSegment(
          record: placed.record, ordinal: last, batch: batches.count == 1 ? batches.first : nil, added: number,
          parts: placed.parts))
    }
    segments.sort { StoreState.arrival($0) < StoreState.arrival($1) }
    for entry in compaction.carried where entry.since <= number && entry.until == nil { closed.add(entry.rows) }
    for entry in compaction.carriedMarks { mark(entry.rows) }
    snapshot = number
  }

  /// The order in which the catalogue lists segments.
  private static func arrival(_ segment: StoredSegment) -> (BatchID, Int, Int64) {
    (segment.parts.first?.batch ?? 0, segment.parts.first?.batchRow ?? 0, segment.ordinal)
  }

  /// Whether it says the same, segment by segment and row by row.
  func agrees(with other: StoreState) -> Bool {
    let same = zip(segments, other.segments).allSatisfy { $0.record.id == $1.record.id && $0.parts == $1.parts }
    return snapshot == other.snapshot && segments.count == other.segments.count && same && marks == other.marks
      && closed == other.closed
  }

  mutating func mark(_ entry: MarkedRows) {
    for row in entry.rows { marks[entry.segment, default: [:]][row] = entry.kind }
  }
}
