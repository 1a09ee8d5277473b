import Foundation
import GRDB
public import SpotCheckModel

extension Catalogue {
  /// Number of the newest snapshot.
  public func latestSnapshot() throws -> SnapshotNumber {
    try read { db in try Int64.fetchOne(db, sql: "SELECT max(number) FROM snapshots") ?? 0 }
  }

  /// All snapshots, oldest first, number 0 (the empty store) included.
  public func snapshots() throws -> [SnapshotRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT number, batch, run, time, label FROM snapshots ORDER BY number").map { row in
        SnapshotRecord(number: row[0], batch: row[1], runID: row[2], time: row[3], label: row[4])
      }
    }
  }

  /// The segments of a snapshot, in order of publication.
  public func visibleSegments(at snapshot: SnapshotNumber) throws -> [StoredSegment] {
    try read { db in
      let sql = """
        SELECT id, samples, items, bytes, first_day, last_day, description, ordinal, batch, added FROM segments
        WHERE added <= ? AND (removed IS NULL OR removed > ?) ORDER BY ordinal
        """
      return try Row.fetchAll(db, sql: sql, arguments: [snapshot, snapshot]).map { row in
        let (first, last): (Int32?, Int32?) = (row[4], row[5])
        let record = SegmentRecord(
          id: row[0], samples: row[1], items: row[2], bytes: row[3],
          firstDay: first.map { CalendarDay(daysSinceEpoch: $0) },
          lastDay: last.map { CalendarDay(daysSinceEpoch: $0) },
          description: row[6])
        return StoredSegment(record: record, ordinal: row[7], batch: row[8], added: row[9])
      }
    }
  }

  /// The rows that do not count in a snapshot, ascending, by segment id.
  public func superseded(at snapshot: SnapshotNumber) throws -> [String: [UInt32]] {
    var result: [String: [UInt32]] = [:]
    var isSeveral: Set<String> = []
    for entry in try supersessions(at: snapshot) {
      if result[entry.rows.segment] != nil { isSeveral.insert(entry.rows.segment) }
      result[entry.rows.segment, default: []].append(contentsOf: entry.rows.rows)
    }
    for segment in isSeveral { result[segment] = Set(result[segment] ?? []).sorted() }
    return result
  }

  /// The same with reasons, in order of recording.
  public func supersessions(at snapshot: SnapshotNumber) throws -> [StoredSupersession] {
    try read { db in
      let sql = """
        SELECT s.segment, s.since, s.batch, s.reason, s.rows FROM superseded s JOIN segments g ON g.id = s.segment
        WHERE s.since <= ? AND g.added <= ? AND (g.removed IS NULL OR g.removed > ?) ORDER BY s.id
        """
      return try Row.fetchAll(db, sql: sql, arguments: [snapshot, snapshot, snapshot]).map { row in
        let (data, reason): (Data, String) = (row[4], row[3])
        guard let rows = RowList.decode(data), let reason = SupersessionReason(rawValue: reason) else {
          throw damaged("a list of superseded rows")
        }
        return StoredSupersession(
          rows: SupersededRows(segment: row[0], rows: rows, reason: reason), since: row[1], batch: row[2])
      }
    }
  }

  /// The marks that hold in a snapshot: by segment id, the rows with each kind, ascending. A row has one mark, the
  /// newest; whether it counts at all is for ``superseded(at:)`` to say.
  public func marks(at snapshot: SnapshotNumber) throws -> [String: [MarkKind: [UInt32]]] {
    var newest: [String: [UInt32: MarkKind]] = [:]
    for entry in try markedRows(at: snapshot) {
      for row in entry.rows { newest[entry.segment, default: [:]][row] = entry.kind }
    }
    return newest.mapValues { rows in
      Dictionary(grouping: rows.keys.sorted()) { rows[$0] ?? .pending }
    }
  }

  private func markedRows(at snapshot: SnapshotNumber) throws -> [MarkedRows] {
    try read { db in
      // A catalogue of format 1, opened for reading, has none.
      guard try db.tableExists("marks") else { return [] }
      let sql = """
        SELECT m.segment, m.kind, m.rows FROM marks m JOIN segments g ON g.id = m.segment
        WHERE m.since <= ? AND g.added <= ? AND (g.removed IS NULL OR g.removed > ?) ORDER BY m.id
        """
      return try Row.fetchAll(db, sql: sql, arguments: [snapshot, snapshot, snapshot]).map { row in
        let (data, kind): (Data, String) = (row[2], row[1])
        guard let rows = RowList.decode(data), let kind = MarkKind(rawValue: kind) else {
          throw damaged("a list of marked rows")
        }
        return MarkedRows(segment: row[0], rows: rows, kind: kind)
      }
    }
  }

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

  /// Batches in order of recording; those accepted after `snapshot` are left out, refused ones are always there.
  public func batches(at snapshot: SnapshotNumber? = nil) throws -> [StoredBatch] {
    guard let snapshot else { return try batches(where: "1", []) }
    return try batches(where: "(s.number IS NULL OR s.number <= ?)", [snapshot])
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
    guard let state = BatchState(rawValue: row["state"]) else { throw damaged("a batch's state") }
    var record = BatchRecord(
      fileDigest: row["file_digest"], payloadDigest: row["payload_digest"], name: row["name"],
      fileBytes: row["file_bytes"], payloadBytes: row["payload_bytes"], bureau: row["bureau"],
      pipeline: row["pipeline"], layout: row["layout"], revision: row["revision"], state: state, runID: row["run"])
    record.duplicateOf = row["duplicate_of"]
    record.accounts = RowAccounts(
      read: row["rows_read"], accepted: row["rows_accepted"], rejected: row["rows_rejected"],
      duplicate: row["rows_duplicate"], blank: row["rows_blank"])
    record.samples = row["samples"]
    record.items = row["items"]
    record.refusalCode = row["refusal_code"]
    record.refusalMessage = row["refusal_message"]
    record.received = row["received"]
    record.imported = row["imported"]
    // A catalogue of an older format, opened for reading, has none of these.
    if row.hasColumn("delivery") {
      record.delivery = row["delivery"]
      record.place = row["place"]
      record.folder = row["folder"]
    }
    return StoredBatch(id: row["id"], record: record, snapshot: row["snapshot"])
  }

  /// Runs in order of their beginning.
  public func runs() throws -> [StoredRun] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM runs ORDER BY started, id").map { row in
        StoredRun(
          record: RunRecord(
            id: row["id"], command: row["command"], version: row["version"], state: row["state"],
            started: row["started"], ended: row["ended"], message: row["message"],
            details: row.hasColumn("details") ? row["details"] : "{}"),
          firstSnapshot: row["first_snapshot"], lastSnapshot: row["last_snapshot"])
      }
    }
  }

  /// Refused records in order of batch and line; the body returns false to stop. All batches if nil.
  ///
  /// Read a page at a time, so memory does not grow with their number and the body may ask the catalogue other questions.
  public func forEachReject(
    batch: BatchID? = nil, _ body: (_ batch: BatchID, _ reject: Reject) throws -> Bool
  ) throws {
    var last: (batch: BatchID, id: Int64) = (-1, -1)
    while true {
      let page = try rejectPage(batch: batch, after: last)
      guard let end = page.last else { return }
      for entry in page where try !body(entry.batch, entry.reject) { return }
      last = (end.batch, end.id)
    }
  }

  private func rejectPage(batch: BatchID?, after last: (batch: BatchID, id: Int64)) throws
    -> [(id: Int64, batch: BatchID, reject: Reject)]
  {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT id, batch, line, byte, raw_text FROM rejects
          WHERE (batch, id) > (?1, ?2) AND (?3 IS NULL OR batch = ?3) ORDER BY batch, id LIMIT 256
          """,
        arguments: [last.batch, last.id, batch])
      let problems = try db.makeStatement(
        sql: """
          SELECT code, severity, line, byte, field, field_name, message, message_zh, raw_text FROM diagnostics
          WHERE reject = ? ORDER BY id
          """)
      return try rows.map { row in
        let id: Int64 = row[0]
        let reject = Reject(
          position: SourcePosition(line: row[2], byteOffset: row[3]), rawText: row[4],
          diagnostics: try Row.fetchAll(problems, arguments: [id]).compactMap(diagnostic))
        return (id, row[1], reject)
      }
    }
  }

  /// Diagnostics of a batch that belong to no reject, in order of recording.
  public func diagnostics(batch: BatchID) throws -> [Diagnostic] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT code, severity, line, byte, field, field_name, message, message_zh, raw_text FROM diagnostics
          WHERE batch = ? AND reject IS NULL ORDER BY id
          """,
        arguments: [batch]
      ).compactMap(diagnostic)
    }
  }

  /// nil for a code that this version does not know (written by a newer one of the same format).
  private func diagnostic(_ row: Row) -> Diagnostic? {
    let (code, severity): (String, String) = (row[0], row[1])
    guard let code = DiagnosticCode(rawValue: code) else { return nil }
    return Diagnostic(
      code, at: SourcePosition(line: row[2], byteOffset: row[3], field: row[4], fieldName: row[5]), row[6], zh: row[7],
      rawText: row[8], severity: Severity(rawValue: severity))
  }

  /// Delivered texts in no table, by batch; those of refused files too. Ordered by batch, table and text.
  public func unmapped(at snapshot: SnapshotNumber? = nil) throws -> [(batch: BatchID, entry: UnmappedRecord)] {
    try read { db in
      let sql = """
        SELECT u.batch, u.code_table, u.text, u.count FROM unmapped u LEFT JOIN snapshots s ON s.batch = u.batch
        WHERE ?1 IS NULL OR s.number <= ?1 ORDER BY u.batch, u.code_table, u.text
        """
      return try Row.fetchAll(db, sql: sql, arguments: [snapshot]).map { row in
        (row[0], UnmappedRecord(table: row[1], text: row[2], count: row[3]))
      }
    }
  }

  /// The code tables in force at a snapshot, by name.
  public func tables(at snapshot: SnapshotNumber) throws -> [String: CodeTable] {
    try read { db in
      let sql = """
        SELECT c.name, x.text FROM code_tables c JOIN code_texts x ON x.digest = c.digest
        WHERE c.since = (SELECT max(since) FROM code_tables d WHERE d.name = c.name AND d.since <= ?)
        """
      var tables: [String: CodeTable] = [:]
      for row in try Row.fetchAll(db, sql: sql, arguments: [snapshot]) {
        let (name, text): (String, String) = (row[0], row[1])
        guard let table = CodeTableText.decode(text, name: name) else { throw damaged("the code table '\(name)'") }
        tables[name] = table
      }
      return tables
    }
  }

  /// One code table in force at a snapshot; nil if there was none.
  public func table(_ name: String, at snapshot: SnapshotNumber) throws -> CodeTable? {
    try read { db in
      let sql = """
        SELECT x.text FROM code_tables c JOIN code_texts x ON x.digest = c.digest
        WHERE c.name = ? AND c.since <= ? ORDER BY c.since DESC LIMIT 1
        """
      guard let text = try String.fetchOne(db, sql: sql, arguments: [name, snapshot]) else { return nil }
      guard let table = CodeTableText.decode(text, name: name) else { throw damaged("the code table '\(name)'") }
      return table
    }
  }

  func damaged(_ what: String) -> CatalogueError {
    CatalogueError(
      .corrupt, path: path, what + " cannot be read",
      advice: "Restore the catalogue from a backup, or rebuild the store.")
  }
}
