import GRDB
import SpotCheckModel

/// Tags: names for snapshots from which something was published. A tagged snapshot is never expired, and its tag can be
/// asked for (``resolve(asOf:)``). Each tagging is an entry of the journal.
extension Catalogue {
  /// More bytes are no name.
  static let tagLimit = 100

  /// Gives a snapshot its tag.
  ///
  /// - Parameter time: milliseconds since 1970 UTC, for the journal.
  /// - Throws: ``CatalogueError`` (`conflict`) for a tag that could be taken for something else or that another snapshot
  ///   has, and for a snapshot that has another tag: what was published under a name stays.
  public func tag(_ snapshot: SnapshotNumber, _ tag: String, time: Int64?) throws {
    if let problem = Catalogue.problem(ofTag: tag) {
      throw tagConflict("'\(DisplayWidth.harmless(tag))' is no tag: \(problem)")
    }
    try write { db in
      let owner = try Int64.fetchOne(db, sql: "SELECT number FROM snapshots WHERE label = ?", arguments: [tag])
      if owner == snapshot { return }
      if let owner { throw tagConflict("v\(owner) is called '\(DisplayWidth.harmless(tag))'") }
      guard
        let present = try String.fetchOne(
          db, sql: "SELECT label FROM snapshots WHERE number = ?", arguments: [snapshot])
      else { throw unknownSnapshot(String(snapshot)) }
      guard present.isEmpty else {
        throw tagConflict("v\(snapshot) is called '\(DisplayWidth.harmless(present))' already")
      }
      try set(db, snapshot, tag)
      try note(db, "tag", snapshot, tag, time)
    }
  }

  /// Takes a tag away.
  ///
  /// - Returns: the snapshot that had it.
  public func untag(_ tag: String, time: Int64?) throws -> SnapshotNumber {
    try write { db in
      let number = try Int64.fetchOne(
        db, sql: "SELECT number FROM snapshots WHERE label = ? AND label <> '' AND number > 0", arguments: [tag])
      guard let number else { throw unknownSnapshot(tag) }
      try set(db, number, "")
      try note(db, "untag", number, tag, time)
      return number
    }
  }

  /// Why a text cannot be a tag; nil: it can.
  static func problem(ofTag tag: String) -> String? {
    if tag.isEmpty { return "it is empty" }
    if tag.utf8.count > tagLimit { return "it is longer than \(tagLimit) bytes" }
    if tag.unicodeScalars.contains(where: { $0.value < 0x21 || $0.value == 0x7F || $0.properties.isBidiControl }) {
      return "it holds a blank or a control character"
    }
    let digits = tag.hasPrefix("v") ? tag.dropFirst() : tag[...]
    if !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) {
      return "it could be the number of a snapshot"
    }
    if Moment.lastMillisecond(of: tag) != nil || tag == "latest" || tag == "empty" {
      return "it means something already"
    }
    return nil
  }

  private func tagConflict(_ message: String) -> CatalogueError {
    CatalogueError(.conflict, path: path, message, advice: "Choose another tag; 'store snapshots' lists them.")
  }

  private func set(_ db: Database, _ snapshot: SnapshotNumber, _ tag: String) throws {
    try db.execute(sql: "UPDATE snapshots SET label = ? WHERE number = ?", arguments: [tag, snapshot])
  }

  private func note(_ db: Database, _ kind: String, _ snapshot: SnapshotNumber, _ tag: String, _ time: Int64?) throws {
    var body = JSONObject()
    body.set("snapshot", snapshot)
    body.set("tag", tag)
    try appendJournal(db, JournalEntry(kind: kind, body: body.text, time: time))
  }
}
