public import SpotCheckModel

/// A segment with where its rows came from.
public struct PlacedSegment: Sendable, Hashable {
  public var record: SegmentRecord
  /// In order; they cover the segment's rows.
  public var parts: [SegmentPart]

  public init(record: SegmentRecord, parts: [SegmentPart]) {
    self.record = record
    self.parts = parts
  }
}

/// A batch that was curated anew.
public struct RevisedBatch: Sendable {
  public var id: BatchID
  /// What is now known of it; identity, name, times and place stay as they were.
  public var record: BatchRecord
  public var diagnostics: [Diagnostic] = []
  public var unmapped: [UnmappedRecord] = []
  public var rejects: [Reject] = []

  public init(id: BatchID, record: BatchRecord) {
    self.id = id
    self.record = record
  }
}

/// A change of the store in which no new file takes part: all of it in one transaction, as one snapshot.
public struct Rearrangement: Sendable {
  public var kind: SnapshotKind
  /// The snapshot that it was made from; if another one has been published since, it is refused.
  public var base: SnapshotNumber
  public var runID: String?
  /// Milliseconds since 1970 UTC; an attribute.
  public var time: Int64?
  /// Segments of the base that are not visible any more. Their files are kept for earlier snapshots.
  public var removed: [String] = []
  public var added: [PlacedSegment] = []
  /// What had been said about rows that now stand in ``added`` segments: since when, as it was.
  public var carried: [StoredSupersession] = []
  public var carriedMarks: [StoredMark] = []
  /// Rows that stop counting now, by the batch that they came from …
  public var closed: [(batch: BatchID, rows: SupersededRows)] = []
  /// … rows that count again, by segment …
  public var reopened: [String: [UInt32]] = [:]
  /// … and rows of which something else is to be known.
  public var marks: [(batch: BatchID, rows: MarkedRows)] = []
  public var batches: [RevisedBatch] = []
  /// The code tables that are now in force.
  public var tables: [CodeTable] = []
  /// What the journal says about it: a JSON object.
  public var note = "{}"

  public init(_ kind: SnapshotKind, base: SnapshotNumber) {
    self.kind = kind
    self.base = base
  }
}
