import GRDB
import SpotCheckModel

/// What is known of delivered files. A replay writes a batch's record anew and keeps the one before, so that every snapshot
/// tells its own.
extension Catalogue {
  /// The accepted batch with these file bytes, if any.
  public func acceptedBatch(fileDigest: String) throws -> StoredBatch? {
    try batches(where: "b.state = 'accepted' AND b.file_digest = ?", [fileDigest]).first
  }

  /// The first accepted batch with this payload, if any (the same rows in another wrapping).
  public func acceptedBatch(payloadDigest: String) throws -> StoredBatch? {
    try batches(where: "b.state = 'accepted' AND b.payload_digest = ?", [payloadDigest]).first
  }

  /// The batch that a delivery was recorded as, if it was.
  public func batch(delivery: String) throws -> StoredBatch? {
    guard try hasFormat(3) else { return nil }
    return try batches(where: "b.delivery = ?", [delivery]).first
  }

  /// A batch by its number.
  public func batch(_ id: BatchID) throws -> StoredBatch? { try batches(where: "b.id = ?", [id]).first }

  /// Batches of a run, in order of recording.
  public func batches(run: String) throws -> [StoredBatch] { try batches(where: "b.run = ?", [run]) }

  /// Batches in order of recording, as recorded at a snapshot (nil: now); those accepted after it are left out, refused
  /// ones are always there.
  public func batches(at snapshot: SnapshotNumber? = nil) throws -> [StoredBatch] {
    guard let snapshot else { return try batches(where: "1", []) }
    let past = try pastRecords(at: snapshot)
    return try batches(where: "1", []).compactMap { batch in
      var batch = batch
      if let earlier = past[batch.id] { earlier.apply(to: &batch) }
      guard batch.record.state == .accepted, let published = batch.snapshot, published > snapshot else { return batch }
      return nil
    }
  }

  /// File names of the batches that are accepted in a snapshot, by digest.
  public func batchNames(at snapshot: SnapshotNumber) throws -> [String: String] {
    var names: [String: String] = [:]
    for batch in try batches(at: snapshot) where batch.record.state == .accepted {
      names[batch.record.fileDigest] = batch.record.name
    }
    return names
  }

  private func batches(where condition: String, _ arguments: StatementArguments) throws -> [StoredBatch] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT b.*, s.number AS snapshot FROM batches b LEFT JOIN snapshots s ON s.batch = b.id
          WHERE \(condition) ORDER BY b.id
          """,
        arguments: arguments)
      let counts = try db.makeStatement(sql: "SELECT kind, name, count FROM batch_counts WHERE batch = ?")
      return try rows.map { row in
        var batch = try storedBatch(row)
        for count in try Row.fetchAll(counts, arguments: [batch.id]) {
          batch.record.setCount(kind: count[0], name: count[1], count[2])
        }
        return batch
      }
    }
  }

  private func storedBatch(_ row: Row) throws -> StoredBatch {
    var record = BatchRecord(
      fileDigest: row["file_digest"], payloadDigest: row["payload_digest"], name: row["name"],
      fileBytes: row["file_bytes"], payloadBytes: row["payload_bytes"], runID: row["run"])
    try readOutcome(row, into: &record)
    record.received = row["received"]
    record.imported = row["imported"]
    // A catalogue of an older format, opened for reading, has none of these.
    if row.hasColumn("delivery") {
      record.delivery = row["delivery"]
      record.place = row["place"]
      record.folder = row["folder"]
      record.askedPipeline = row["asked_pipeline"]
      record.askedBureau = row["asked_bureau"]
    }
    let replayed: SnapshotNumber? = row.hasColumn("since") ? row["since"] : nil
    // A file that was refused at first, and accepted by a replay, has no snapshot of its own.
    let published: SnapshotNumber? = row["snapshot"] ?? replayed
    return StoredBatch(
      id: row["id"], record: record, snapshot: record.state == .accepted ? published : nil, replayed: replayed)
  }

  /// What curating the file came to: the columns that `batches` and `batch_past` share.
  private func readOutcome(_ row: Row, into record: inout BatchRecord) throws {
    guard let state = BatchState(rawValue: row["state"]) else { throw damaged("a batch's state") }
    record.state = state
    record.payloadDigest = row["payload_digest"]
    record.payloadBytes = row["payload_bytes"]
    record.bureau = row["bureau"]
    record.pipeline = row["pipeline"]
    record.layout = row["layout"]
    record.revision = row["revision"]
    record.duplicateOf = row["duplicate_of"]
    record.accounts = RowAccounts(
      read: row["rows_read"], accepted: row["rows_accepted"], rejected: row["rows_rejected"],
      duplicate: row["rows_duplicate"], blank: row["rows_blank"])
    record.samples = row["samples"]
    record.items = row["items"]
    record.refusalCode = row["refusal_code"]
    record.refusalMessage = row["refusal_message"]
  }

  // MARK: Records that a replay replaced

  private struct PastRecord {
    var until: SnapshotNumber
    var since: SnapshotNumber?
    var record: BatchRecord
    var published: SnapshotNumber?

    /// Puts back what a replay may change.
    func apply(to batch: inout StoredBatch) {
      var earlier = record
      earlier.fileDigest = batch.record.fileDigest
      earlier.name = batch.record.name
      earlier.fileBytes = batch.record.fileBytes
      earlier.runID = batch.record.runID
      earlier.received = batch.record.received
      earlier.imported = batch.record.imported
      earlier.delivery = batch.record.delivery
      earlier.place = batch.record.place
      earlier.folder = batch.record.folder
      earlier.askedPipeline = batch.record.askedPipeline
      earlier.askedBureau = batch.record.askedBureau
      batch.record = earlier
      batch.replayed = since
      batch.snapshot = earlier.state == .accepted ? published ?? since : nil
    }
  }

  /// For every batch that was replayed after a snapshot, the record that held then.
  private func pastRecords(at snapshot: SnapshotNumber) throws -> [BatchID: PastRecord] {
    guard try hasFormat(3) else { return [:] }
    return try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT p.*, s.number AS snapshot FROM batch_past p LEFT JOIN snapshots s ON s.batch = p.batch
          WHERE p.until = (SELECT min(q.until) FROM batch_past q WHERE q.batch = p.batch AND q.until > ?)
          """,
        arguments: [snapshot])
      var result: [BatchID: PastRecord] = [:]
      for row in rows {
        var past = PastRecord(
          until: row["until"], since: row["since"], record: BatchRecord(fileDigest: "", payloadDigest: "", name: ""),
          published: row["snapshot"])
        try readOutcome(row, into: &past.record)
        let batch: BatchID = row["batch"]
        let counts = try Row.fetchAll(
          db, sql: "SELECT kind, name, count FROM batch_counts_past WHERE batch = ? AND until = ?",
          arguments: [batch, past.until])
        for count in counts { past.record.setCount(kind: count[0], name: count[1], count[2]) }
        result[batch] = past
      }
      return result
    }
  }

  /// Keeps what is recorded about a batch as what held before a snapshot, and writes the new record in its place.
  func replaceRecord(_ db: Database, batch: BatchID, with record: BatchRecord, at snapshot: SnapshotNumber) throws {
    try db.execute(
      sql: """
        INSERT INTO batch_past (batch, until, since, payload_digest, payload_bytes, bureau, pipeline, layout, revision,
          state, duplicate_of, rows_read, rows_accepted, rows_rejected, rows_duplicate, rows_blank, samples, items,
          refusal_code, refusal_message, place)
        SELECT id, ?, since, payload_digest, payload_bytes, bureau, pipeline, layout, revision, state, duplicate_of,
          rows_read, rows_accepted, rows_rejected, rows_duplicate, rows_blank, samples, items, refusal_code,
          refusal_message, place FROM batches WHERE id = ?
        """,
      arguments: [snapshot, batch])
    for (from, to, columns) in [
      ("batch_counts", "batch_counts_past", "kind, name, count"),
      ("unmapped", "unmapped_past", "code_table, text, count"),
    ] {
      try db.execute(
        sql: "INSERT INTO \(to) (batch, until, \(columns)) SELECT batch, ?, \(columns) FROM \(from) WHERE batch = ?",
        arguments: [snapshot, batch])
      try db.execute(sql: "DELETE FROM \(from) WHERE batch = ?", arguments: [batch])
    }
    for table in ["rejects", "diagnostics"] {
      try db.execute(
        sql: "UPDATE \(table) SET until = ? WHERE batch = ? AND until IS NULL", arguments: [snapshot, batch])
    }
    let accounts = record.accounts
    try db.execute(
      sql: """
        UPDATE batches SET since = ?, payload_digest = ?, payload_bytes = ?, bureau = ?, pipeline = ?, layout = ?,
          revision = ?, state = ?, duplicate_of = ?, rows_read = ?, rows_accepted = ?, rows_rejected = ?,
          rows_duplicate = ?, rows_blank = ?, samples = ?, items = ?, refusal_code = ?, refusal_message = ? WHERE id = ?
        """,
      arguments: [
        snapshot, record.payloadDigest, record.payloadBytes, record.bureau, record.pipeline, record.layout,
        record.revision, record.state.rawValue, record.duplicateOf, accounts.read, accounts.accepted,
        accounts.rejected, accounts.duplicate, accounts.blank, record.samples, record.items, record.refusalCode,
        record.refusalMessage, batch,
      ])
    guard db.changesCount == 1 else {
      throw CatalogueError(
        .conflict, path: path, "there is no batch \(batch)",
        advice: "This is a defect of the program: please report it.")
    }
    try insertCounts(db, record, id: batch)
  }
}
