import GRDB

/// Looking after the database file.
extension Catalogue {
  /// What SQLite finds wrong with the file, and references that lead nowhere; empty: nothing.
  public func integrityProblems() throws -> [String] {
    try read { db in
      // Several complaints may come in one text, below a line that only names the database.
      let pages = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").flatMap { $0.split(separator: "\n") }
        .map(String.init).filter { $0 != "ok" && !$0.hasPrefix("*** in database") }
      // Whoever follows references through damaged pages only learns that they are damaged.
      guard pages.isEmpty else { return pages }
      return try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(20).map { row in
        let (table, target): (String, String) = (row[0], row[2])
        return "a row of \(table) names a row of \(target) that does not exist"
      }
    }
  }

  /// Copies the catalogue as it is at one moment into a new file, while others read and write it.
  ///
  /// - Throws: ``CatalogueError`` (`exists` if there is a file already).
  public func copy(to target: String) throws {
    try Catalogue.guarded(target, isNew: true) {
      let copy = try DatabaseQueue(path: target)
      let tables = try copy.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0 }
      guard tables == 0 else {
        throw CatalogueError(.exists, path: target, "there is a database already", advice: "Choose another folder.")
      }
      try queue.backup(to: copy)
      // One file, complete by itself.
      try copy.writeWithoutTransaction { db in _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE") }
      try copy.close()
    }
  }

  /// Rows of the larger tables, by name, and the file's size in bytes under `bytes`.
  public func sizes() throws -> [(name: String, count: Int)] {
    try read { db in
      let tables = ["batches", "runs", "snapshots", "segments", "superseded", "rejects", "diagnostics", "unmapped"]
      var result = try tables.map { ($0, try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? 0) }
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      result.append(("bytes", pages &* (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)))
      return result
    }
  }
}
