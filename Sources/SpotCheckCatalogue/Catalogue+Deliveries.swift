import GRDB

/// What intake asks about deliveries.
extension Catalogue {
  /// Sample rows of earlier batches that a batch took the place of.
  public func supersededEarlier(by batch: BatchID) throws -> Int {
    try read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT coalesce(sum(s.count), 0) FROM superseded s JOIN segments g ON g.id = s.segment
          WHERE s.batch = ? AND g.batch <> s.batch AND s.reason IN ('superseded', 'objection')
          """,
        arguments: [batch]) ?? 0
    }
  }

  /// Whether a file with these bytes was ever recorded, whatever became of it.
  public func hasBatch(fileDigest: String) throws -> Bool {
    try read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM batches WHERE file_digest = ?)", arguments: [fileDigest]) ?? false
    }
  }

  /// Names of all files that ever came through a folder of the inbox.
  public func deliveredNames(folder: String) throws -> Set<String> {
    try read { db in
      try String.fetchSet(db, sql: "SELECT DISTINCT name FROM batches WHERE folder = ?", arguments: [folder])
    }
  }

  /// Takes down that a batch's file is kept elsewhere than was meant, because somebody else's file stood there.
  public func setPlace(_ place: String, of batch: BatchID) throws {
    try write { db in
      try db.execute(sql: "UPDATE batches SET place = ? WHERE id = ?", arguments: [place, batch])
    }
  }
}
