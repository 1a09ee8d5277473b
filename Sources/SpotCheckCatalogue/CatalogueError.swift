/// A failure of the catalogue itself (never of delivered data): what happened, where, and what to do about it.
public struct CatalogueError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    /// There is no catalogue at the path.
    case missing
    /// There already is one.
    case exists
    /// The file is a database of some other program, or none.
    case foreign
    /// Made by a newer version of this program: left untouched.
    case newerFormat = "newer_format"
    /// The file is damaged.
    case corrupt
    /// Another process holds the write lock.
    case busy
    /// A rule of the catalogue was broken by its caller (unknown segment, digest published twice …).
    case conflict
    /// `--as-of` names nothing.
    case unknownSnapshot = "unknown_snapshot"
    /// Disk full, permission, input/output …
    case io
  }

  public var kind: Kind
  public var path: String
  public var message: String
  public var advice: String
  /// SQLite's extended result code, 0 if it was not SQLite that failed.
  public var sqliteCode: Int32

  public init(_ kind: Kind, path: String, _ message: String, advice: String, sqliteCode: Int32 = 0) {
    self.kind = kind
    self.path = path
    self.message = message
    self.advice = advice
    self.sqliteCode = sqliteCode
  }

  public var description: String {
    path + ": " + message + (sqliteCode == 0 ? "" : " (SQLite code \(sqliteCode))") + ". " + advice
  }
}
