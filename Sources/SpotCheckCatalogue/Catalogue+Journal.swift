import GRDB
import SpotCheckDigest

/// The journal: entries are only ever appended, in the transaction of what they speak of, each with a hash over itself
/// and the one before. Changing, removing, inserting or exchanging entries breaks the chain. Cutting off its end, or
/// writing all of it anew, does not: that shows only against a head that was kept elsewhere, as every receipt does.
extension Catalogue {
  /// Appends an entry that stands for itself, in a transaction of its own.
  @discardableResult
  public func appendJournal(_ entry: JournalEntry) throws -> StoredJournalEntry {
    try write { db in try appendJournal(db, entry) }
  }

  @discardableResult
  func appendJournal(_ db: Database, _ entry: JournalEntry) throws -> StoredJournalEntry {
    let last = try Row.fetchOne(db, sql: "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1")
    let number = (last.map { $0[0] as Int64 } ?? 0) + 1
    let hash = Catalogue.journalHash(previous: last.map { $0[1] as String } ?? "", number: number, entry)
    try db.execute(
      sql: "INSERT INTO journal (number, time, kind, body, hash) VALUES (?, ?, ?, ?, ?)",
      arguments: [number, entry.time, entry.kind, entry.body, hash])
    return StoredJournalEntry(number: number, entry: entry, hash: hash)
  }

  /// Entries after a number, in order.
  public func journal(after number: Int64 = 0, limit: Int = .max) throws -> [StoredJournalEntry] {
    guard try hasFormat(3) else { return [] }
    return try read { db in
      try Row.fetchAll(
        db, sql: "SELECT number, time, kind, body, hash FROM journal WHERE number > ? ORDER BY number LIMIT ?",
        arguments: [number, limit]
      ).map { row in
        StoredJournalEntry(
          number: row[0], entry: JournalEntry(kind: row[2], body: row[3], time: row[1]), hash: row[4])
      }
    }
  }

  /// The last entry's number and hash; nil for an empty journal.
  public func journalHead() throws -> StoredJournalEntry? {
    guard try hasFormat(3) else { return nil }
    return try read { db in
      try Row.fetchOne(db, sql: "SELECT number, time, kind, body, hash FROM journal ORDER BY number DESC LIMIT 1").map {
        StoredJournalEntry(number: $0[0], entry: JournalEntry(kind: $0[2], body: $0[3], time: $0[1]), hash: $0[4])
      }
    }
  }

  /// The hash of every entry.
  public func journalHashes() throws -> [String: Int64] {
    guard try hasFormat(3) else { return [:] }
    return try read { db in
      var numbers: [String: Int64] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT number, hash FROM journal") { numbers[row["hash"]] = row["number"] }
      return numbers
    }
  }

  /// Follows the chain from its beginning, a page at a time.
  public func checkJournal() throws -> JournalState {
    var previous = ""
    var count: Int64 = 0
    while true {
      let page = try journal(after: count, limit: 1024)
      if page.isEmpty { return .intact(count: count, head: previous) }
      for stored in page {
        guard stored.number == count + 1,
          stored.hash == Catalogue.journalHash(previous: previous, number: stored.number, stored.entry)
        else { return .broken(at: count + 1) }
        previous = stored.hash
        count = stored.number
      }
    }
  }

  /// SHA-256 in hex over `previous`, number, time, kind and body, each as text behind its length in bytes, so that no
  /// two different entries have the same bytes.
  public static func journalHash(previous: String, number: Int64, _ entry: JournalEntry) -> String {
    var hasher = ContentHasher()
    for part in [previous, String(number), entry.time.map(String.init) ?? "", entry.kind, entry.body] {
      let bytes = Array("\(part.utf8.count):\(part)".utf8)
      hasher.update(bytes.span)
    }
    return hasher.finalise().hex
  }
}
