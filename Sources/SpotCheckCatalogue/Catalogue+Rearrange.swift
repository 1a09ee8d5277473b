import Foundation
import GRDB
import SpotCheckModel

extension Catalogue {
  /// Publishes a rearrangement. Segment files must be durable before.
  ///
  /// - Returns: the number of the new snapshot.
  /// - Throws: ``CatalogueError``: `conflict` if the store has changed since the base, or if the rearrangement names what
  ///   is not there.
  @discardableResult
  public func publish(_ change: Rearrangement) throws -> SnapshotNumber {
    try write { db in
      let newest = try Int64.fetchOne(db, sql: "SELECT max(number) FROM snapshots") ?? 0
      guard newest == change.base else {
        throw conflict("the store is at snapshot \(newest) and not at \(change.base) any more")
      }
      let snapshot = newest + 1
      try db.execute(
        sql: "INSERT INTO snapshots (number, batch, run, time, label, kind) VALUES (?, NULL, ?, ?, '', ?)",
        arguments: [snapshot, change.runID, change.time, change.kind.rawValue])
      for segment in change.removed {
        try db.execute(
          sql: "UPDATE segments SET removed = ? WHERE id = ? AND removed IS NULL", arguments: [snapshot, segment])
        guard db.changesCount == 1 else { throw conflict("there is no segment '\(segment)' to be removed") }
      }
      for segment in change.added { try insertSegment(db, segment, snapshot: snapshot) }
      for entry in change.carried { try insertSuperseded(db, entry) }
      for entry in change.carriedMarks { try insertMark(db, entry) }
      for (segment, rows) in change.reopened.sorted(by: { $0.key < $1.key }) {
        try reopen(db, rows, of: segment, at: snapshot)
      }
      for entry in change.closed {
        try insertSuperseded(db, StoredSupersession(rows: entry.rows, since: snapshot, batch: entry.batch))
      }
      for entry in change.marks {
        try insertMark(db, StoredMark(rows: entry.rows, since: snapshot, batch: entry.batch))
      }
      for batch in change.batches {
        try replaceRecord(db, batch: batch.id, with: batch.record, at: snapshot)
        try insertDetails(
          db, batch: batch.id, diagnostics: batch.diagnostics, unmapped: batch.unmapped, rejects: batch.rejects)
      }
      try insertTables(db, change.tables, snapshot: snapshot)
      var note = JSONObject()
      note.set("snapshot", snapshot)
      note.set("run", change.runID ?? "")
      note.set("detail", json: change.note)
      try appendJournal(db, JournalEntry(kind: change.kind.rawValue, body: note.text, time: change.time))
      return snapshot
    }
  }

  /// Ends what says that some rows do not count. An entry that names other rows as well goes on for those, as if it had
  /// always been said apart.
  private func reopen(_ db: Database, _ rows: [UInt32], of segment: String, at snapshot: SnapshotNumber) throws {
    let opened = Set(rows)
    let sql = "SELECT id, since, batch, reason, rows FROM superseded WHERE segment = ? AND until IS NULL ORDER BY id"
    for row in try Row.fetchAll(db, sql: sql, arguments: [segment]) {
      let (id, data, reason): (Int64, Data, String) = (row[0], row[4], row[3])
      guard let all = RowList.decode(data), let reason = SupersessionReason(rawValue: reason) else {
        throw damaged("a list of superseded rows")
      }
      let rest = all.filter { !opened.contains($0) }
      if rest.count == all.count { continue }
      try db.execute(sql: "UPDATE superseded SET until = ? WHERE id = ?", arguments: [snapshot, id])
      try insertSuperseded(
        db,
        StoredSupersession(
          rows: SupersededRows(segment: segment, rows: rest, reason: reason), since: row[1], batch: row[2]))
    }
  }

  func conflict(_ message: String) -> CatalogueError {
    CatalogueError(
      .conflict, path: path, message, advice: "Run again; if it happens again it is a defect: please report it.")
  }
}
