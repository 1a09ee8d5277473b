import GRDB
public import SpotCheckModel

/// What those who run the store by night ask the catalogue.
extension Catalogue {
  /// Runs other than `run` that are recorded as running have ended without a word: whoever holds the store's lock knows
  /// that nobody else is at work. They are recorded as interrupted.
  ///
  /// - Returns: their ids, in order of their beginning.
  public func interruptRuns(except run: String) throws -> [String] {
    let left = try read { db in
      try String.fetchAll(
        db, sql: "SELECT id FROM runs WHERE state = 'running' AND id <> ? ORDER BY started, id", arguments: [run])
    }
    // A transaction that changes nothing would still be one.
    guard !left.isEmpty else { return [] }
    try write { db in
      try db.execute(
        sql: """
          UPDATE runs SET state = 'interrupted', message = 'ended without a word; found by ' || ?1,
            last_snapshot = coalesce((SELECT max(number) FROM snapshots WHERE run = runs.id), last_snapshot)
          WHERE state = 'running' AND id <> ?1
          """, arguments: [run])
    }
    return left
  }

  /// Records of the newest accepted batches of a layout, newest first.
  public func recentRecords(bureau: String, pipeline: String, layout: String, limit: Int) throws -> [Int] {
    try read { db in
      try Int.fetchAll(
        db,
        sql: """
          SELECT rows_read - rows_blank FROM batches
          WHERE state = 'accepted' AND bureau = ? AND pipeline = ? AND layout = ? ORDER BY id DESC LIMIT ?
          """, arguments: [bureau, pipeline, layout, max(0, limit)])
    }
  }

  /// SQLite's own check of the database file, without its indices: "ok" alone, or what is wrong.
  public func quickCheck() throws -> [String] {
    try read { db in try String.fetchAll(db, sql: "PRAGMA quick_check(20)") }
  }

  /// Files refused at this moment or later, by code. Milliseconds since 1970 UTC; nil: all.
  public func refusals(since time: Int64? = nil) throws -> [String: Int] {
    try counts(
      """
      SELECT refusal_code, count(*) FROM batches WHERE state = 'refused' AND (?1 IS NULL OR imported >= ?1) GROUP BY 1
      """, [time])
  }

  /// Sums over all files that were ever decided.
  public func totals() throws -> CatalogueTotals {
    var totals = CatalogueTotals()
    totals.files = try counts("SELECT state, count(*) FROM batches GROUP BY 1")
    totals.rejects = try counts(
      "SELECT name, sum(count) FROM batch_counts WHERE kind = 'diagnostic' GROUP BY 1")
    totals.lastReceived = try read { db in
      try Row.fetchAll(
        db, sql: "SELECT bureau, max(received) FROM batches WHERE bureau <> '' AND received IS NOT NULL GROUP BY 1"
      ).reduce(into: [:]) { $0[$1[0]] = $1[1] as Int64 }
    }
    totals.rows = try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT coalesce(sum(rows_accepted), 0), coalesce(sum(rows_rejected), 0), coalesce(sum(rows_duplicate), 0),
            coalesce(sum(rows_blank), 0) FROM batches
          """)
      return RowAccounts(
        accepted: row.map { $0[0] } ?? 0, rejected: row.map { $0[1] } ?? 0, duplicate: row.map { $0[2] } ?? 0,
        blank: row.map { $0[3] } ?? 0)
    }
    return totals
  }

  private func counts(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [String: Int] {
    try read { db in
      try Row.fetchAll(db, sql: sql, arguments: arguments).reduce(into: [:]) { $0[$1[0]] = $1[1] as Int }
    }
  }
}

/// Sums over all files that were ever decided: they only grow.
public struct CatalogueTotals: Sendable, Hashable {
  /// By ``BatchState``.
  public var files: [String: Int] = [:]
  /// `read` is not filled.
  public var rows = RowAccounts()
  /// How often each diagnostic was found.
  public var rejects: [String: Int] = [:]
  /// When each bureau last delivered: milliseconds since 1970 UTC.
  public var lastReceived: [String: Int64] = [:]
}
