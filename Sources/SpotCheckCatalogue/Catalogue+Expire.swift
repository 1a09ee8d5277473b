import GRDB
import SpotCheckModel

/// What an expiry took away.
public struct Expiry: Sendable, Hashable {
  /// Snapshots that cannot be read any more.
  public var snapshots: [SnapshotNumber] = []
  /// Segments that no snapshot needs any more; their files may be removed.
  public var segments: [String] = []
  public init() {}
}

extension Catalogue {
  /// Forgets the segments that only old snapshots need. The newest snapshot and those with a label keep theirs, and so do
  /// old ones that consist of segments which are needed anyway.
  ///
  /// The files are to be removed afterwards, when nobody reads them.
  /// - Parameter isOld: whether a snapshot may go.
  public func expire(time: Int64? = nil, isOld: (SnapshotRecord) -> Bool) throws -> Expiry {
    let all = try snapshots()
    guard let newest = all.last?.number else { return Expiry() }
    let old = Set(all.filter { $0.number != newest && $0.label.isEmpty && isOld($0) }.map(\.number))
    let kept = all.map(\.number).filter { !old.contains($0) }
    return try write { db in
      var expiry = Expiry()
      var gaps: [String: [(SnapshotNumber, SnapshotNumber)]] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT segment, since, until FROM segment_gaps") {
        gaps[row[0], default: []].append((row[1], row[2]))
      }
      var lost: Set<SnapshotNumber> = []
      let sql = "SELECT id, added, removed FROM segments WHERE removed IS NOT NULL ORDER BY ordinal"
      for row in try Row.fetchAll(db, sql: sql) {
        let (id, added, removed): (String, SnapshotNumber, SnapshotNumber) = (row[0], row[1], row[2])
        func shows(_ number: SnapshotNumber) -> Bool {
          added <= number && number < removed
            && !(gaps[id]?.contains { $0.0 <= number && number < $0.1 } ?? false)
        }
        if kept.contains(where: shows) { continue }
        for table in ["superseded", "marks", "segment_parts", "segment_gaps"] {
          try db.execute(sql: "DELETE FROM \(table) WHERE segment = ?", arguments: [id])
        }
        try db.execute(sql: "DELETE FROM segments WHERE id = ?", arguments: [id])
        expiry.segments.append(id)
        lost.formUnion(old.filter(shows))
      }
      expiry.snapshots = lost.sorted()
      for number in expiry.snapshots {
        try db.execute(sql: "UPDATE snapshots SET is_expired = 1 WHERE number = ?", arguments: [number])
      }
      guard !expiry.segments.isEmpty else { return expiry }
      var note = JSONObject()
      note.set("snapshots", expiry.snapshots.count)
      note.set("segments", expiry.segments.count)
      if let last = expiry.snapshots.last { note.set("last", last) }
      try appendJournal(db, JournalEntry(kind: "expire", body: note.text, time: time))
      return expiry
    }
  }

  /// The first millisecond (since 1970 UTC) of a day, minute or second as people write it after `--as-of`; nil: it is
  /// none.
  public static func firstMillisecond(of text: String) -> Int64? { Moment.span(of: text)?.lowerBound }
}
