import GRDB
public import SpotCheckModel

/// Rejects, diagnostics and unmapped texts of batches, as recorded at a snapshot.
extension Catalogue {
  /// Picks the rows of a table with `batch` and `until` that held at snapshot ?1 (null: now).
  private static func held(_ table: String, format: Int32) -> String {
    guard format >= 3 else { return "1" }
    return """
      \(table).until IS (SELECT min(p.until) FROM batch_past p
        WHERE ?1 IS NOT NULL AND p.batch = \(table).batch AND p.until > ?1)
      """
  }

  /// Refused records in order of batch and line; the body returns false to stop. All batches if nil.
  ///
  /// Read a page at a time, so memory does not grow with their number and the body may ask the catalogue other questions.
  public func forEachReject(
    batch: BatchID? = nil, at snapshot: SnapshotNumber? = nil,
    _ body: (_ batch: BatchID, _ reject: Reject) throws -> Bool
  ) throws {
    var last: (batch: BatchID, id: Int64) = (-1, -1)
    while true {
      let page = try rejectPage(batch: batch, at: snapshot, after: last)
      guard let end = page.last else { return }
      for entry in page where try !body(entry.batch, entry.reject) { return }
      last = (end.batch, end.id)
    }
  }

  private func rejectPage(batch: BatchID?, at snapshot: SnapshotNumber?, after last: (batch: BatchID, id: Int64)) throws
    -> [(id: Int64, batch: BatchID, reject: Reject)]
  {
    try read { db in
      let held = Catalogue.held("r", format: try Catalogue.format(db))
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT id, batch, line, byte, raw_text FROM rejects r
          WHERE (?1 IS NULL OR 1) AND (batch, id) > (?2, ?3) AND (?4 IS NULL OR batch = ?4) AND \(held)
          ORDER BY batch, id LIMIT 256
          """,
        arguments: [snapshot, last.batch, last.id, batch])
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
  public func diagnostics(batch: BatchID, at snapshot: SnapshotNumber? = nil) throws -> [Diagnostic] {
    try read { db in
      let held = Catalogue.held("d", format: try Catalogue.format(db))
      return try Row.fetchAll(
        db,
        sql: """
          SELECT code, severity, line, byte, field, field_name, message, message_zh, raw_text FROM diagnostics d
          WHERE (?1 IS NULL OR 1) AND batch = ?2 AND reject IS NULL AND \(held) ORDER BY id
          """,
        arguments: [snapshot, batch]
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

  /// Delivered texts in no table, by batch. Without a snapshot those of refused files too; with one, those of the files
  /// that were accepted then. Ordered by batch, table and text.
  public func unmapped(at snapshot: SnapshotNumber? = nil) throws -> [(batch: BatchID, entry: UnmappedRecord)] {
    let accepted = try snapshot.map { number in
      Set(try batches(at: number).filter { $0.record.state == .accepted }.map(\.id))
    }
    return try read { db in
      let isPlain = try Catalogue.format(db) < 3
      let now = "SELECT batch, code_table, text, count, NULL AS until FROM unmapped"
      let all = isPlain ? now : now + " UNION ALL SELECT batch, code_table, text, count, until FROM unmapped_past"
      let sql = """
        SELECT u.batch, u.code_table, u.text, u.count FROM (\(all)) u
        WHERE (?1 IS NULL OR 1) AND \(Catalogue.held("u", format: isPlain ? 2 : 3))
        ORDER BY u.batch, u.code_table, u.text
        """
      return try Row.fetchAll(db, sql: sql, arguments: [snapshot]).compactMap { row in
        guard accepted?.contains(row[0]) ?? true else { return nil }
        return (row[0], UnmappedRecord(table: row[1], text: row[2], count: row[3]))
      }
    }
  }
}
