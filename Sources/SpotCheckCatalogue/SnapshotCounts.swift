import Foundation
import GRDB

/// The samples of one snapshot, counted by what rates are usually asked by (decision 0017). What the bytes mean is for
/// those to know who count.
public struct SnapshotCounts: Sendable, Hashable {
  public var snapshot: SnapshotNumber
  public var bytes: [UInt8]

  public init(snapshot: SnapshotNumber, bytes: [UInt8]) {
    self.snapshot = snapshot
    self.bytes = bytes
  }
}

extension Catalogue {
  /// A table that any program may leave out, and that belongs to no format: what it says of a snapshot holds for ever, and a
  /// snapshot of which it says nothing is read. Made when it is first needed.
  private static let countsTable = """
    CREATE TABLE IF NOT EXISTS snapshot_counts (snapshot INTEGER PRIMARY KEY NOT NULL, counts BLOB NOT NULL)
    """

  private static func hasCounts(_ db: Database) throws -> Bool {
    try db.number("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'snapshot_counts'") == 1
  }

  /// What is kept about a snapshot; nil: nothing.
  public func counts(at snapshot: SnapshotNumber) throws -> SnapshotCounts? {
    try read { db in
      guard try Catalogue.hasCounts(db) else { return nil }
      let statement = try db.makeStatement(sql: "SELECT counts FROM snapshot_counts WHERE snapshot = ?")
      let data = try Data.fetchOne(statement, arguments: [snapshot])
      return data.map { SnapshotCounts(snapshot: snapshot, bytes: Array($0)) }
    }
  }

  /// The newest snapshot of which something is kept; nil: none, or its rows may be gone.
  public func countedSnapshot() throws -> SnapshotNumber? {
    let number = try read { db in
      try Catalogue.hasCounts(db) ? Int64.fetchOne(db, sql: "SELECT max(snapshot) FROM snapshot_counts") : nil
    }
    guard let number, try !isExpired(number) else { return nil }
    return number
  }

  /// Keeps the counts of the newest snapshot, and of no other: earlier ones are asked for rarely.
  func keep(_ db: Database, _ counts: SnapshotCounts) throws {
    // Only a run that holds the store's lock publishes; if another did all the same, these are of no use.
    guard try Int64.fetchOne(db, sql: "SELECT max(number) FROM snapshots") == counts.snapshot else { return }
    try db.execute(sql: Catalogue.countsTable)
    try db.execute(sql: "DELETE FROM snapshot_counts")
    try db.execute(
      sql: "INSERT INTO snapshot_counts (snapshot, counts) VALUES (?, ?)",
      arguments: [counts.snapshot, Data(counts.bytes)])
  }
}
