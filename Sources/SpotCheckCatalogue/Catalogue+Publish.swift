import GRDB
public import SpotCheckModel

extension Catalogue {
  /// Publishes an accepted batch: all of it in one transaction, or nothing. Segment files must be durable before.
  ///
  /// - Parameter rejects: read once, row by row, while the transaction runs; never held in memory as a whole. It must
  ///   not ask this catalogue anything meanwhile.
  /// - Returns: the number of the new snapshot.
  /// - Throws: ``CatalogueError``: `conflict` if the file digest is accepted already, a segment is known already, or
  ///   superseded rows name an unknown segment or a row outside it.
  public func publish(
    _ publication: Publication, rejects: some Sequence<Reject> = EmptyCollection<Reject>()
  ) throws -> SnapshotNumber {
    try write { db in
      var batch = publication.batch
      batch.state = .accepted
      if try Int64.fetchOne(
        db, sql: "SELECT id FROM batches WHERE file_digest = ? AND state = 'accepted'", arguments: [batch.fileDigest])
        != nil
      {
        throw CatalogueError(
          .conflict, path: path, "the file \(batch.fileDigest) is accepted already",
          advice: "Record it as a duplicate instead.")
      }
      let batchID = try insertBatch(db, batch)
      let snapshot = (try Int64.fetchOne(db, sql: "SELECT max(number) FROM snapshots") ?? 0) + 1
      try db.execute(
        sql: "INSERT INTO snapshots (number, batch, run, time, label) VALUES (?, ?, ?, ?, ?)",
        arguments: [snapshot, batchID, batch.runID, publication.time, publication.label])
      try insertSegments(db, publication.segments, batch: batchID, snapshot: snapshot)
      try insertSuperseded(db, publication.superseded, batch: batchID, snapshot: snapshot)
      try insertMarks(db, publication.marks, batch: batchID, snapshot: snapshot)
      try insertDetails(
        db, batch: batchID, diagnostics: publication.diagnostics, unmapped: publication.unmapped, rejects: rejects)
      try insertTables(db, publication.tables, snapshot: snapshot)
      try appendJournal(db, JournalEntry.batch(batch, id: batchID, snapshot: snapshot))
      return snapshot
    }
  }

  /// Records a file of which nothing counts: refused, or a duplicate. No snapshot is made.
  public func recordRefused(
    _ batch: BatchRecord, diagnostics: [Diagnostic] = [], unmapped: [UnmappedRecord] = [],
    rejects: some Sequence<Reject> = EmptyCollection<Reject>()
  ) throws -> BatchID {
    guard batch.state != .accepted else {
      throw CatalogueError(
        .conflict, path: path, "an accepted batch must be published", advice: "Give the state refused or duplicate.")
    }
    return try write { db in
      let id = try insertBatch(db, batch)
      try insertDetails(db, batch: id, diagnostics: diagnostics, unmapped: unmapped, rejects: rejects)
      try appendJournal(db, JournalEntry.batch(batch, id: id, snapshot: nil))
      return id
    }
  }

  /// Records that a run has begun.
  public func beginRun(_ run: RunRecord) throws {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO runs (id, command, version, state, started, ended, first_snapshot, last_snapshot, message, details)
          VALUES (?, ?, ?, ?, ?, ?, (SELECT max(number) FROM snapshots), (SELECT max(number) FROM snapshots), ?, ?)
          """,
        arguments: [
          run.id, run.command, run.version, run.state, run.started, run.ended, run.message, run.details,
        ])
    }
  }

  /// Records how a run ended.
  ///
  /// - Parameter counts: what is kept to answer questions about the newest snapshot; nil: what is kept already.
  public func endRun(
    _ id: String, state: String, ended: Int64?, message: String = "", details: String? = nil,
    counts: SnapshotCounts? = nil
  ) throws {
    try write { db in
      try db.execute(
        sql: """
          UPDATE runs SET state = ?, ended = ?, message = ?, details = coalesce(?, details),
            last_snapshot = (SELECT max(number) FROM snapshots)
          WHERE id = ?
          """,
        arguments: [state, ended, message, details, id])
      guard db.changesCount == 1 else {
        throw CatalogueError(.conflict, path: path, "there is no run '\(id)'", advice: "Begin the run first.")
      }
      if let counts { try keep(db, counts) }
    }
  }

  private func insertBatch(_ db: Database, _ batch: BatchRecord) throws -> BatchID {
    try db.execute(
      sql: """
        INSERT INTO batches (file_digest, payload_digest, name, file_bytes, payload_bytes, bureau, pipeline, layout,
          revision, state, run, duplicate_of, rows_read, rows_accepted, rows_rejected, rows_duplicate, rows_blank,
          samples, items, refusal_code, refusal_message, received, imported, delivery, place, folder, asked_pipeline,
          asked_bureau)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        batch.fileDigest, batch.payloadDigest, batch.name, batch.fileBytes, batch.payloadBytes, batch.bureau,
        batch.pipeline, batch.layout, batch.revision, batch.state.rawValue, batch.runID, batch.duplicateOf,
        batch.accounts.read, batch.accounts.accepted, batch.accounts.rejected, batch.accounts.duplicate,
        batch.accounts.blank, batch.samples, batch.items, batch.refusalCode, batch.refusalMessage, batch.received,
        batch.imported, batch.delivery, batch.place, batch.folder, batch.askedPipeline, batch.askedBureau,
      ])
    let id = db.lastInsertedRowID
    try insertCounts(db, batch, id: id)
    return id
  }

  func insertCounts(_ db: Database, _ batch: BatchRecord, id: BatchID) throws {
    let statement = try db.makeStatement(
      sql: "INSERT INTO batch_counts (batch, kind, name, count) VALUES (?, ?, ?, ?)")
    for (kind, counts) in batch.countsByKind {
      for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
        try statement.execute(arguments: [id, kind, name, count])
      }
    }
  }

  private func insertSegments(
    _ db: Database, _ segments: [SegmentRecord], batch: BatchID, snapshot: SnapshotNumber
  ) throws {
    var row = 0
    for segment in segments {
      let part = SegmentPart(firstRow: 0, rowCount: segment.samples, batch: batch, batchRow: row)
      try insertSegment(db, PlacedSegment(record: segment, parts: [part]), snapshot: snapshot)
      row += segment.samples
    }
  }

  private func insertSuperseded(
    _ db: Database, _ superseded: [SupersededRows], batch: BatchID, snapshot: SnapshotNumber
  ) throws {
    for entry in superseded {
      try insertSuperseded(db, StoredSupersession(rows: entry, since: snapshot, batch: batch))
    }
  }

  private func insertMarks(
    _ db: Database, _ marks: [MarkedRows], batch: BatchID, snapshot: SnapshotNumber
  ) throws {
    for entry in marks { try insertMark(db, StoredMark(rows: entry, since: snapshot, batch: batch)) }
  }

  /// The rows in ascending order, if they are rows of the segment.
  func checkedRows(_ db: Database, _ rows: [UInt32], of segment: String, _ what: String) throws -> [UInt32] {
    let size = try Int.fetchOne(db, sql: "SELECT samples FROM segments WHERE id = ?", arguments: [segment])
    guard let size, let last = rows.max(), Int(last) < size else {
      throw CatalogueError(
        .conflict, path: path,
        size == nil ? "\(what) name the unknown segment '\(segment)'" : "\(what) lie outside segment '\(segment)'",
        advice: "This is a defect of the program: please report it.")
    }
    return rows.sorted()
  }

  func insertDetails(
    _ db: Database, batch: BatchID, diagnostics: [Diagnostic], unmapped: [UnmappedRecord],
    rejects: some Sequence<Reject>
  ) throws {
    let problem = try db.makeStatement(
      sql: """
        INSERT INTO diagnostics (batch, reject, code, severity, line, byte, field, field_name, message, message_zh,
          raw_text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    func insert(_ diagnostic: Diagnostic, reject: Int64?) throws {
      let position = diagnostic.position
      try problem.execute(arguments: [
        batch, reject, diagnostic.code.rawValue, diagnostic.severity.rawValue, position.line, position.byteOffset,
        position.field, position.fieldName, diagnostic.message, diagnostic.messageZh, diagnostic.rawText,
      ])
    }
    for diagnostic in diagnostics { try insert(diagnostic, reject: nil) }
    let row = try db.makeStatement(
      sql: "INSERT INTO rejects (batch, line, byte, code, raw_text) VALUES (?, ?, ?, ?, ?)")
    for reject in rejects {
      try row.execute(arguments: [
        batch, reject.position.line, reject.position.byteOffset, reject.cause?.code.rawValue ?? "", reject.rawText,
      ])
      let id = db.lastInsertedRowID
      for diagnostic in reject.diagnostics { try insert(diagnostic, reject: id) }
    }
    let text = try db.makeStatement(
      sql: """
        INSERT INTO unmapped (batch, code_table, text, count) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count
        """)
    for entry in unmapped { try text.execute(arguments: [batch, entry.table, entry.text, entry.count]) }
  }

  func insertTables(_ db: Database, _ tables: [CodeTable], snapshot: SnapshotNumber) throws {
    for table in tables {
      let text = CodeTableText.encode(table)
      var digest = CodeTableText.key(Array(text.utf8))
      while let known = try String.fetchOne(
        db, sql: "SELECT text FROM code_texts WHERE digest = ?", arguments: [digest]), known != text
      {
        digest += "x"
      }
      let current = try String.fetchOne(
        db, sql: "SELECT digest FROM code_tables WHERE name = ? ORDER BY since DESC LIMIT 1", arguments: [table.name])
      if current == digest { continue }
      try db.execute(
        sql: "INSERT INTO code_texts (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING", arguments: [digest, text])
      try db.execute(
        sql: "INSERT INTO code_tables (name, since, digest) VALUES (?, ?, ?)",
        arguments: [table.name, snapshot, digest])
    }
  }
}
