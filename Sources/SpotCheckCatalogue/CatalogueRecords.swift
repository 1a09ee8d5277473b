public import SpotCheckModel

/// Number of a snapshot. 0 is the empty store; every publication adds one.
public typealias SnapshotNumber = Int64
/// A batch as the catalogue numbers it, in order of recording.
public typealias BatchID = Int64

/// What became of a delivered file.
public enum BatchState: String, Sendable, CaseIterable {
  /// Its rows count.
  case accepted
  /// Refused as a whole; nothing of it counts.
  case refused
  /// The very bytes, or the very payload, were accepted before.
  case duplicate
}

/// One delivered file.
public struct BatchRecord: Sendable, Hashable {
  /// SHA-256 of the file as delivered, in hex: the identity of the batch, and what the samples' `batch` column holds.
  public var fileDigest: String
  /// SHA-256 of the payload (after decompression), in hex.
  public var payloadDigest: String
  /// The file's name as delivered.
  public var name: String
  public var fileBytes: Int
  public var payloadBytes: Int
  public var bureau: String
  public var pipeline: String
  public var layout: String
  /// Digest of pipeline and code tables.
  public var revision: String
  public var state: BatchState
  public var runID: String?
  /// The delivery that the batch was made of: `<run>-<number>`. A delivery makes one batch, however often it is tried.
  public var delivery: String?
  /// Where the delivered bytes are kept, relative to the store; empty if they are not.
  public var place = ""
  /// The folder of the inbox that the file was dropped into; empty if it came another way.
  public var folder = ""
  /// The pipeline, and the bureau, that whoever gave the file asked for; empty: found by what the file is.
  public var askedPipeline = ""
  public var askedBureau = ""
  /// The batch that this one repeats, for ``BatchState/duplicate``.
  public var duplicateOf: BatchID?
  public var accounts = RowAccounts()
  public var samples = 0
  public var items = 0
  /// How often each diagnostic was found, kept whole or not.
  public var diagnosticCounts: [String: Int] = [:]
  /// Where the batch's samples went when it was published, counted from the sealed segments: those that counted by
  /// class …
  public var sampleAccounts: SampleAccounts?
  /// … and those that did not, by reason. Nil in batches of format 1.
  public var closedSamples: [SupersessionReason: Int]?
  /// Why the file was refused: a diagnostic code and its message.
  public var refusalCode = ""
  public var refusalMessage = ""
  /// Milliseconds since 1970 UTC. Attributes only: no number depends on them.
  public var received: Int64?
  public var imported: Int64?

  public init(
    fileDigest: String, payloadDigest: String, name: String, fileBytes: Int = 0, payloadBytes: Int = 0,
    bureau: String = "", pipeline: String = "", layout: String = "", revision: String = "",
    state: BatchState = .accepted, runID: String? = nil
  ) {
    self.fileDigest = fileDigest
    self.payloadDigest = payloadDigest
    self.name = name
    self.fileBytes = fileBytes
    self.payloadBytes = payloadBytes
    self.bureau = bureau
    self.pipeline = pipeline
    self.layout = layout
    self.revision = revision
    self.state = state
    self.runID = runID
  }
}

/// A batch as recorded.
public struct StoredBatch: Sendable, Hashable, Identifiable {
  public var id: BatchID
  public var record: BatchRecord
  /// The snapshot that made it visible; nil unless accepted.
  public var snapshot: SnapshotNumber?
  /// The snapshot of the replay that made this record; nil: it is that of the import.
  public var replayed: SnapshotNumber?

  /// The snapshot whose state its accounts of samples describe.
  public var accountedAt: SnapshotNumber? { replayed ?? snapshot }
}

/// A segment as the catalogue knows it: enough to find it, to leave it out, and to check it.
public struct SegmentRecord: Sendable, Hashable {
  /// Content digest: the segment's name on disk.
  public var id: String
  public var samples: Int
  public var items: Int
  public var bytes: Int
  /// First and last sampled day, nil if no sample has one.
  public var firstDay: CalendarDay?
  public var lastDay: CalendarDay?
  /// The Store's description of the segment, as JSON: checksums, code sets …
  public var description: String

  public init(
    id: String, samples: Int, items: Int, bytes: Int = 0, firstDay: CalendarDay? = nil, lastDay: CalendarDay? = nil,
    description: String = "{}"
  ) {
    self.id = id
    self.samples = samples
    self.items = items
    self.bytes = bytes
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.description = description
  }
}

/// Neighbouring rows of a segment that came from one batch.
public struct SegmentPart: Sendable, Hashable {
  /// Row of the segment's sample table.
  public var firstRow: Int
  public var rowCount: Int
  public var batch: BatchID
  /// The first row's place among all sample rows of the batch.
  public var batchRow: Int

  public init(firstRow: Int, rowCount: Int, batch: BatchID, batchRow: Int) {
    self.firstRow = firstRow
    self.rowCount = rowCount
    self.batch = batch
    self.batchRow = batchRow
  }

  public var rows: Range<Int> { firstRow..<firstRow + rowCount }
}

/// A segment with its place in the catalogue. Segments, and the rows of a store, stand in order of arrival: by batch,
/// and by place in the batch.
public struct StoredSegment: Sendable, Hashable {
  public var record: SegmentRecord
  /// Place in order of recording.
  public var ordinal: Int64
  /// Nil if it holds rows of several batches.
  public var batch: BatchID?
  public var added: SnapshotNumber
  /// Which rows came from which batch, in order; they cover the segment.
  public var parts: [SegmentPart]

  public init(
    record: SegmentRecord, ordinal: Int64, batch: BatchID?, added: SnapshotNumber, parts: [SegmentPart]
  ) {
    self.record = record
    self.ordinal = ordinal
    self.batch = batch
    self.added = added
    self.parts = parts
  }
}

/// Why a row no longer counts.
public enum SupersessionReason: String, Sendable, CaseIterable {
  /// A later version (correction, retest) took its place.
  case superseded
  /// Another row says the same.
  case duplicate
  /// The bureau took the sample back.
  case withdrawn
  /// The notice of an objection, without a conclusion of its own: the report that it objects to counts, marked.
  case objection
}

/// What later records say about a row that goes on counting, beyond its own flags.
public enum MarkKind: String, Sendable, CaseIterable {
  /// An objection, or a retest asked for, is open.
  case pending
  /// Nothing is open any more, whatever the row's own flag says.
  case settled
}

/// Sample rows of one segment with the same mark.
public struct MarkedRows: Sendable, Hashable {
  public var segment: String
  /// Row numbers in the segment's sample table.
  public var rows: [UInt32]
  public var kind: MarkKind

  public init(segment: String, rows: [UInt32], kind: MarkKind) {
    self.segment = segment
    self.rows = rows
    self.kind = kind
  }
}

/// Sample rows of one segment that no longer count.
public struct SupersededRows: Sendable, Hashable {
  public var segment: String
  /// Row numbers in the segment's sample table.
  public var rows: [UInt32]
  public var reason: SupersessionReason

  public init(segment: String, rows: [UInt32], reason: SupersessionReason) {
    self.segment = segment
    self.rows = rows
    self.reason = reason
  }
}

/// The same, as recorded.
public struct StoredSupersession: Sendable, Hashable {
  public var rows: SupersededRows
  public var since: SnapshotNumber
  /// From this snapshot on the rows count again; nil: they do not.
  public var until: SnapshotNumber?
  public var batch: BatchID

  public init(rows: SupersededRows, since: SnapshotNumber, until: SnapshotNumber? = nil, batch: BatchID) {
    self.rows = rows
    self.since = since
    self.until = until
    self.batch = batch
  }
}

/// Marked rows, as recorded.
public struct StoredMark: Sendable, Hashable {
  public var rows: MarkedRows
  public var since: SnapshotNumber
  public var batch: BatchID

  public init(rows: MarkedRows, since: SnapshotNumber, batch: BatchID) {
    self.rows = rows
    self.since = since
    self.batch = batch
  }
}

/// A delivered text that is in no code table, and how often it was met in a batch.
public struct UnmappedRecord: Sendable, Hashable {
  public var table: String
  public var text: String
  public var count: Int

  public init(table: String, text: String, count: Int) {
    self.table = table
    self.text = text
    self.count = count
  }
}

/// One execution of the importer.
public struct RunRecord: Sendable, Hashable {
  public var id: String
  public var command: String
  /// The program's version.
  public var version: String
  /// `running`, then what it ended as.
  public var state: String
  public var started: Int64?
  public var ended: Int64?
  public var message: String
  /// Arguments, host, counts of files by state: a JSON object.
  public var details: String

  public init(
    id: String, command: String, version: String = "", state: String = "running", started: Int64? = nil,
    ended: Int64? = nil, message: String = "", details: String = "{}"
  ) {
    self.id = id
    self.command = command
    self.version = version
    self.state = state
    self.started = started
    self.ended = ended
    self.message = message
    self.details = details
  }
}

/// A run as recorded, with the newest snapshot at its start and at its end.
public struct StoredRun: Sendable, Hashable {
  public var record: RunRecord
  public var firstSnapshot: SnapshotNumber
  public var lastSnapshot: SnapshotNumber
}

/// What made a snapshot.
public enum SnapshotKind: String, Sendable, CaseIterable {
  /// A delivered file was accepted (the empty store counts as one).
  case batch
  /// Small segments were put together: every answer is that of the snapshot before.
  case compaction
  /// Delivered files were curated anew.
  case replay
}

/// One published state of the store.
public struct SnapshotRecord: Sendable, Hashable {
  public var number: SnapshotNumber
  public var batch: BatchID?
  public var runID: String?
  public var time: Int64?
  public var label: String
  public var kind = SnapshotKind.batch
  /// It can no longer be read: segments of it were dropped.
  public var isExpired = false
}

/// Everything that one accepted batch adds to the store; published as a whole or not at all.
public struct Publication: Sendable {
  public var batch: BatchRecord
  public var segments: [SegmentRecord] = []
  /// Rows that stop counting, in segments published before or in this publication.
  public var superseded: [SupersededRows] = []
  /// Rows that go on counting, and what is to be known about them.
  public var marks: [MarkedRows] = []
  /// Diagnostics besides those of rejects.
  public var diagnostics: [Diagnostic] = []
  public var unmapped: [UnmappedRecord] = []
  /// The code tables that were in force. A table that has not changed since the last snapshot costs nothing.
  public var tables: [CodeTable] = []
  /// Milliseconds since 1970 UTC; an attribute.
  public var time: Int64?
  public var label = ""

  public init(batch: BatchRecord) { self.batch = batch }
}
