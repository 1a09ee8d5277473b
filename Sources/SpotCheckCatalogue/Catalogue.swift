import Foundation
import GRDB

/// The transactional memory of a store: batches, runs, segments, superseded rows, rejects, code tables, snapshots.
///
/// A SQLite database in WAL mode: one writer at a time, and readers that never wait for it. Every publication is one
/// transaction, durable when it returns (synchronous = FULL); a crash leaves the state before or after it.
public final class Catalogue: Sendable {
  public enum Access: Sendable {
    case readOnly
    case readWrite
  }

  public let path: String
  let queue: DatabaseQueue
  private let isReadOnly: Bool
  /// Asked before every write transaction and again before its commit; what it throws undoes the transaction.
  private let gate: @Sendable () throws -> Void

  private init(path: String, queue: DatabaseQueue, gate: @escaping @Sendable () throws -> Void = {}) {
    self.path = path
    self.queue = queue
    isReadOnly = queue.configuration.readonly
    self.gate = gate
  }

  /// Makes an empty catalogue with snapshot 0.
  ///
  /// - Parameter time: milliseconds since 1970 UTC, recorded with snapshot 0.
  /// - Throws: ``CatalogueError`` (`exists` if there is a file already).
  public static func create(path: String, time: Int64? = nil) throws -> Catalogue {
    try guarded(path, isNew: true) {
      let queue = try openQueue(path: path, access: .readWrite)
      try queue.inTransaction(.immediate) { db in
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard tables == 0 else {
          throw CatalogueError(
            .exists, path: path, "there is a database already", advice: "Use it, or choose another folder.")
        }
        for statement in CatalogueSchema.statements { try db.execute(sql: statement) }
        try db.execute(
          sql: "INSERT INTO snapshots (number, batch, run, time, label) VALUES (0, NULL, NULL, ?, 'empty')",
          arguments: [time])
        try db.execute(sql: "PRAGMA application_id = \(CatalogueSchema.applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(CatalogueSchema.formatVersion)")
        return .commit
      }
      return Catalogue(path: path, queue: queue)
    }
  }

  /// Opens an existing catalogue. A newer format is refused and nothing is written; an older one is brought up to date
  /// when it is opened for writing.
  ///
  /// - Parameter gate: may forbid a write transaction, before it begins and before it is committed: how tests stop a
  ///   program at any moment.
  /// - Throws: ``CatalogueError`` (`missing`, `foreign`, `newerFormat`, `corrupt`, `io`).
  public static func open(
    path: String, access: Access = .readWrite, gate: @escaping @Sendable () throws -> Void = {}
  ) throws -> Catalogue {
    try guarded(path) {
      // Looking first through a read-only connection: a file that is not ours is not touched.
      let reader = Catalogue(path: path, queue: try openQueue(path: path, access: .readOnly))
      try reader.read { db in try check(db, path: path) }
      if access == .readOnly { return reader }
      try reader.close()
      let queue = try openQueue(path: path, access: .readWrite)
      try gate()
      try migrate(queue, path: path)
      return Catalogue(path: path, queue: queue, gate: gate)
    }
  }

  /// Moves everything from the log into the one file, so that it may be renamed or copied alone.
  ///
  /// - Throws: ``CatalogueError`` if that could not be done, for which closing has no words: a full disk.
  public func settle() throws {
    try Catalogue.guarded(path) { _ = try queue.inDatabase { db in try db.checkpoint(.truncate) } }
  }

  /// Closes the database. Reads and writes after it fail.
  public func close() throws {
    try Catalogue.guarded(path) { try queue.close() }
  }

  private static func check(_ db: Database, path: String) throws {
    let application = try db.number("PRAGMA application_id") ?? 0
    let version = try format(db)
    guard application == Int64(CatalogueSchema.applicationID) else {
      throw CatalogueError(
        .foreign, path: path, "this database was not made by SpotCheck",
        advice: "Name the folder of a store, or make one with 'spotcheck init'.")
    }
    guard version <= CatalogueSchema.formatVersion else {
      throw CatalogueError(
        .newerFormat, path: path, "format \(version) is newer than this program's \(CatalogueSchema.formatVersion)",
        advice: "Use the newer program; nothing was changed.")
    }
    guard version >= 1 else {
      throw CatalogueError(
        .corrupt, path: path, "format \(version) does not exist", advice: "Restore the catalogue from a backup.")
    }
  }

  /// Whether the file has at least this format: one that is only read is not brought up to date.
  func hasFormat(_ version: Int32) throws -> Bool {
    try read { db in try Catalogue.format(db) >= version }
  }

  static func format(_ db: Database) throws -> Int32 {
    try db.number("PRAGMA user_version").flatMap { Int32(exactly: $0) } ?? 0
  }

  /// Brings a catalogue of an older format up to date, all of it or nothing. Programs of the older format refuse it
  /// from then on; a catalogue that is only read is left as it is.
  private static func migrate(_ queue: DatabaseQueue, path: String) throws {
    try queue.inTransaction(.immediate) { db in
      // Asked inside the transaction: another program may have done it meanwhile.
      try check(db, path: path)
      var version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      guard version < CatalogueSchema.formatVersion else { return .rollback }
      while version < CatalogueSchema.formatVersion {
        for statement in CatalogueSchema.migrations[version] ?? [] { try db.execute(sql: statement) }
        version += 1
      }
      try db.execute(sql: "PRAGMA user_version = \(version)")
      return .commit
    }
  }

  private static func openQueue(path: String, access: Access) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "SpotCheck catalogue"
    configuration.readonly = access == .readOnly
    // Where nothing is written there is nothing to keep together.
    configuration.foreignKeysEnabled = access == .readWrite
    configuration.busyMode = .timeout(30)
    configuration.maximumReaderCount = 1
    // GRDB's queue and SQLite's own defaults would leave the rollback journal and synchronous = NORMAL in WAL mode.
    if access == .readWrite { configuration.journalMode = .wal }
    configuration.prepareDatabase { db in
      try db.makeStatement(sql: "PRAGMA trusted_schema = OFF").execute()
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    if access == .readWrite {
      // Not before: when it turns on WAL, GRDB sets NORMAL, with which a commit is not synced until the next checkpoint.
      let level = try queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA synchronous = FULL")
        return try Int.fetchOne(db, sql: "PRAGMA synchronous")
      }
      precondition(level == 2, "commits would not be durable")
    }
    return queue
  }

  /// A read transaction: everything inside it sees one state.
  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try Catalogue.guarded(path) {
      guard isReadOnly else { return try queue.read(body) }
      // The same with statements of our own (see `number`), and without a guard against writing, which nobody can here.
      return try queue.unsafeRead { db in
        do {
          try db.makeStatement(sql: "BEGIN").execute()
          let result = try body(db)
          try db.makeStatement(sql: "COMMIT").execute()
          return result
        } catch {
          try? db.rollback()
          throw error
        }
      }
    }
  }

  /// One immediate write transaction: all or nothing.
  func write<T>(_ body: (Database) throws -> T) throws -> T {
    try Catalogue.guarded(path) {
      var result: T?
      try gate()
      try queue.inTransaction(.immediate) { db in
        result = try body(db)
        try gate()
        return .commit
      }
      guard let result else {
        throw CatalogueError(.io, path: path, "the transaction did not run", advice: "Run again.")
      }
      return result
    }
  }

  /// Turns SQLite's errors into ours.
  ///
  /// - Parameter isNew: the file is being made: that it is missing is no news.
  static func guarded<T>(_ path: String, isNew: Bool = false, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw translate(error, path: path, isNew: isNew)
    }
  }

  /// Whether it is certain that there is no such file; a disk that does not answer leaves that open.
  private static func isAbsent(_ path: String) -> Bool {
    do {
      _ = try FileManager.default.attributesOfItem(atPath: path)
      return false
    } catch let error as CocoaError {
      return error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile
    } catch {
      return false
    }
  }

  private static func translate(_ error: DatabaseError, path: String, isNew: Bool) -> CatalogueError {
    let kind: CatalogueError.Kind
    let advice: String
    switch error.resultCode {
    case .SQLITE_CANTOPEN where isNew || !isAbsent(path):
      (kind, advice) = (.io, "Check who owns the store's folder, and who may read and write there.")
    case .SQLITE_CANTOPEN: (kind, advice) = (.missing, "Name the folder of a store, or make one with 'spotcheck init'.")
    case .SQLITE_NOTADB: (kind, advice) = (.foreign, "Name the folder of a store, or make one with 'spotcheck init'.")
    case .SQLITE_CORRUPT: (kind, advice) = (.corrupt, "Restore the catalogue from a backup, or rebuild the store.")
    case .SQLITE_BUSY, .SQLITE_LOCKED: (kind, advice) = (.busy, "Wait until the other run has ended, then try again.")
    case .SQLITE_FULL: (kind, advice) = (.io, "The disk is full: make room, then run again; nothing was lost.")
    case .SQLITE_CONSTRAINT: (kind, advice) = (.conflict, "This is a defect of the program: please report it.")
    case .SQLITE_READONLY, .SQLITE_PERM:
      (kind, advice) = (.io, "Check who owns the store's folder and may write to it.")
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
      // The index of the log is a file that readers need too.
      (kind, advice) = (.io, "Even reading needs some room on the disk (32 KiB): make room, then run again.")
    default: (kind, advice) = (.io, "Check the disk, then run again.")
    }
    return CatalogueError(
      kind, path: path, error.message ?? "database error", advice: advice,
      sqliteCode: error.extendedResultCode.rawValue)
  }
}

extension Database {
  /// The one number that a statement without arguments says.
  ///
  /// What every question asks of the catalogue goes through prepared statements: for an SQL text with arguments GRDB makes a
  /// request, and the first one costs as much as asking the question (the runtime looks for its conformances).
  func number(_ sql: String) throws -> Int64? { try Int64.fetchOne(try makeStatement(sql: sql)) }
}
