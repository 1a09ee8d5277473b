import Foundation
import GRDB
public import SpotCheckModel

extension Catalogue {
  /// Number of the newest snapshot.
  public func latestSnapshot() throws -> SnapshotNumber {
    try read { db in try db.number("SELECT max(number) FROM snapshots") ?? 0 }
  }

  /// All snapshots, oldest first, number 0 (the empty store) included.
  public func snapshots() throws -> [SnapshotRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM snapshots ORDER BY number").map { row in
        var record = SnapshotRecord(
          number: row["number"], batch: row["batch"], runID: row["run"], time: row["time"], label: row["label"])
        if row.hasColumn("kind") {
          record.kind = SnapshotKind(rawValue: row["kind"]) ?? .batch
          record.isExpired = row["is_expired"]
        }
        return record
      }
    }
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

  /// The code tables in force at a snapshot, for those who mostly ask for names of codes. That they are whole is seen at
  /// once, by the digests of their texts; what they say is read when it is asked for.
  public func tables(at snapshot: SnapshotNumber) throws -> StoredCodeTables {
    try read { db in
      let sql = """
        SELECT c.name, x.text, c.digest FROM code_tables c JOIN code_texts x ON x.digest = c.digest
        WHERE c.since = (SELECT max(since) FROM code_tables d WHERE d.name = c.name AND d.since <= ?)
        """
      var makers: [String: @Sendable () -> CodeTable] = [:]
      let rows = try Row.fetchCursor(try db.makeStatement(sql: sql), arguments: [snapshot])
      while let row = try rows.next() {
        // Bytes: whether they are UTF-8 is asked of the texts that are read.
        let (name, data, digest): (String, Data, String) = (row[0], row[1], row[2])
        let text = Array(data)
        guard digest.utf8.starts(with: CodeTableText.key(text).utf8) else { throw damaged("the code table '\(name)'") }
        makers[name] = {
          if let lines = CodeTableLines(text, name: name) { return CodeTable(name: name, source: lines) }
          guard let entries = CodeTableText.entries(text) else { CodeTableText.unreadable(name) }
          return CodeTable(name: name, entries: entries, resolves: false)
        }
      }
      return StoredCodeTables(makers: makers)
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

  /// The snapshots that brought a new version of a code table, ascending.
  public func tableChanges(_ name: String) throws -> [SnapshotNumber] {
    try read { db in
      try Int64.fetchAll(db, sql: "SELECT since FROM code_tables WHERE name = ? ORDER BY since", arguments: [name])
    }
  }

  func damaged(_ what: String) -> CatalogueError {
    CatalogueError(
      .corrupt, path: path, what + " cannot be read",
      advice: "Restore the catalogue from a backup, or rebuild the store.")
  }
}
