import Foundation
import GRDB
import SpotCheckModel

/// Which rows a snapshot consists of.
extension Catalogue {
  /// Every segment that any snapshot has ever shown and that was not swept: what on disk is not litter.
  public func segmentIDs() throws -> Set<String> {
    try read { db in try Set(String.fetchAll(db, sql: "SELECT id FROM segments")) }
  }

  /// Whether segment `g` belongs to snapshot ?1.
  private static func isVisible(format: Int32) -> String {
    let plain = "g.added <= ?1 AND (g.removed IS NULL OR g.removed > ?1)"
    guard format >= 3 else { return plain }
    return plain
      + " AND NOT EXISTS (SELECT 1 FROM segment_gaps x WHERE x.segment = g.id AND x.since <= ?1 AND x.until > ?1)"
  }

  /// The segments of a snapshot, in order of arrival of their rows.
  public func visibleSegments(at snapshot: SnapshotNumber) throws -> [StoredSegment] {
    try read { db in
      let format = try Catalogue.format(db)
      let order = format >= 3 ? "g.arrival, g.arrival_row, g.ordinal" : "g.ordinal"
      let sql = "SELECT g.* FROM segments g WHERE \(Catalogue.isVisible(format: format)) ORDER BY \(order)"
      var segments: [StoredSegment] = []
      var before: (batch: BatchID?, rows: Int) = (nil, 0)
      for row in try Row.fetchAll(db, sql: sql, arguments: [snapshot]) {
        var segment = Catalogue.segment(row)
        if format >= 3 {
          segment.parts[0].batch = row["arrival"]
          segment.parts[0].batchRow = row["arrival_row"]
        } else {
          if before.batch == segment.batch { segment.parts[0].batchRow = before.rows }
          before = (segment.batch, segment.parts[0].batchRow + segment.record.samples)
        }
        segments.append(segment)
      }
      guard format >= 3 else { return segments }
      let parts = try parts(db, at: snapshot)
      if parts.isEmpty { return segments }
      for index in segments.indices {
        if let several = parts[segments[index].record.id] { segments[index].parts = several }
      }
      return segments
    }
  }

  /// A segment, with all its rows of one batch.
  private static func segment(_ row: Row) -> StoredSegment {
    let (first, last): (Int32?, Int32?) = (row["first_day"], row["last_day"])
    let record = SegmentRecord(
      id: row["id"], samples: row["samples"], items: row["items"], bytes: row["bytes"],
      firstDay: first.map { CalendarDay(daysSinceEpoch: $0) }, lastDay: last.map { CalendarDay(daysSinceEpoch: $0) },
      description: row["description"])
    let batch: BatchID? = row["batch"]
    return StoredSegment(
      record: record, ordinal: row["ordinal"], batch: batch, added: row["added"],
      parts: [SegmentPart(firstRow: 0, rowCount: record.samples, batch: batch ?? 0, batchRow: 0)])
  }

  /// The parts of segments with rows of several batches.
  private func parts(_ db: Database, at snapshot: SnapshotNumber) throws -> [String: [SegmentPart]] {
    let sql = """
      SELECT p.segment, p.first_row, p.row_count, p.batch, p.batch_row FROM segment_parts p
      JOIN segments g ON g.id = p.segment WHERE \(Catalogue.isVisible(format: 3)) ORDER BY p.segment, p.first_row
      """
    var parts: [String: [SegmentPart]] = [:]
    for row in try Row.fetchAll(db, sql: sql, arguments: [snapshot]) {
      parts[row[0], default: []].append(
        SegmentPart(firstRow: row[1], rowCount: row[2], batch: row[3], batchRow: row[4]))
    }
    return parts
  }

  /// The rows that do not count in a snapshot, ascending, by segment id.
  public func superseded(at snapshot: SnapshotNumber) throws -> [String: [UInt32]] {
    var result: [String: [UInt32]] = [:]
    var isSeveral: Set<String> = []
    for entry in try supersessions(at: snapshot) {
      if result[entry.rows.segment] != nil { isSeveral.insert(entry.rows.segment) }
      result[entry.rows.segment, default: []].append(contentsOf: entry.rows.rows)
    }
    for segment in isSeveral { result[segment] = Set(result[segment] ?? []).sorted() }
    return result
  }

  /// The same with reasons, in order of the snapshots that they hold since: of several reasons of one row the last holds.
  public func supersessions(at snapshot: SnapshotNumber) throws -> [StoredSupersession] {
    try history(at: snapshot).filter { $0.since <= snapshot && ($0.until.map { $0 > snapshot } ?? true) }
  }

  /// Everything that was ever said about the rows of a snapshot's segments, before and after it, in order of since when.
  ///
  /// - Parameter segments: only about the rows of these; nil: of all.
  public func history(at snapshot: SnapshotNumber, of segments: [String]? = nil) throws -> [StoredSupersession] {
    try read { db in
      let format = try Catalogue.format(db)
      let sql = """
        SELECT s.segment, s.since, s.batch, s.reason, s.rows, \(format >= 3 ? "s.until" : "NULL") FROM superseded s
        JOIN segments g ON g.id = s.segment WHERE \(Catalogue.isVisible(format: format))
        \(Catalogue.isOne("s.segment", of: segments)) ORDER BY s.since, s.id
        """
      return try Row.fetchAll(db, sql: sql, arguments: Catalogue.arguments(snapshot, segments)).map { row in
        let (data, reason): (Data, String) = (row[4], row[3])
        guard let rows = RowList.decode(data), let reason = SupersessionReason(rawValue: reason) else {
          throw damaged("a list of superseded rows")
        }
        return StoredSupersession(
          rows: SupersededRows(segment: row[0], rows: rows, reason: reason), since: row[1], until: row[5],
          batch: row[2])
      }
    }
  }

  /// The marks that hold in a snapshot: by segment id, the rows with each kind, ascending. A row has one mark, the
  /// newest; whether it counts at all is for ``superseded(at:)`` to say.
  public func marks(at snapshot: SnapshotNumber) throws -> [String: [MarkKind: [UInt32]]] {
    var newest: [String: [UInt32: MarkKind]] = [:]
    for entry in try storedMarks(at: snapshot) {
      for row in entry.rows.rows { newest[entry.rows.segment, default: [:]][row] = entry.rows.kind }
    }
    return newest.mapValues { rows in
      Dictionary(grouping: rows.keys.sorted()) { rows[$0] ?? .pending }
    }
  }

  /// The same as recorded, in order of since when.
  ///
  /// - Parameter segments: only those of rows of these; nil: of all.
  public func storedMarks(at snapshot: SnapshotNumber, of segments: [String]? = nil) throws -> [StoredMark] {
    try read { db in
      // A catalogue of format 1, opened for reading, has none.
      let format = try Catalogue.format(db)
      guard format >= 2 else { return [] }
      let sql = """
        SELECT m.segment, m.kind, m.rows, m.since, m.batch FROM marks m JOIN segments g ON g.id = m.segment
        WHERE m.since <= ?1 \(format >= 3 ? "AND (m.until IS NULL OR m.until > ?1)" : "")
          AND \(Catalogue.isVisible(format: format)) \(Catalogue.isOne("m.segment", of: segments))
        ORDER BY m.since, m.id
        """
      return try Row.fetchAll(db, sql: sql, arguments: Catalogue.arguments(snapshot, segments)).map { row in
        let (data, kind): (Data, String) = (row[2], row[1])
        guard let rows = RowList.decode(data), let kind = MarkKind(rawValue: kind) else {
          throw damaged("a list of marked rows")
        }
        return StoredMark(rows: MarkedRows(segment: row[0], rows: rows, kind: kind), since: row[3], batch: row[4])
      }
    }
  }

  /// A condition for a column, and the arguments of a query with it. One argument however many there are.
  private static func isOne(_ column: String, of segments: [String]?) -> String {
    segments == nil ? "" : "AND \(column) IN (SELECT value FROM json_each(?2))"
  }

  private static func arguments(_ snapshot: SnapshotNumber, _ segments: [String]?) -> StatementArguments {
    guard let segments else { return [snapshot] }
    return [snapshot, "[" + segments.map(JSONText.quoted).joined(separator: ",") + "]"]
  }

  // MARK: Writing

  func insertSuperseded(_ db: Database, _ entry: StoredSupersession) throws {
    guard !entry.rows.rows.isEmpty else { return }
    let rows = try checkedRows(db, entry.rows.rows, of: entry.rows.segment, "superseded rows")
    try db.execute(
      sql: "INSERT INTO superseded (segment, since, until, batch, reason, count, rows) VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        entry.rows.segment, entry.since, entry.until, entry.batch, entry.rows.reason.rawValue, rows.count,
        RowList.encode(rows),
      ])
  }

  func insertMark(_ db: Database, _ entry: StoredMark) throws {
    guard !entry.rows.rows.isEmpty else { return }
    let rows = try checkedRows(db, entry.rows.rows, of: entry.rows.segment, "marked rows")
    try db.execute(
      sql: "INSERT INTO marks (segment, since, batch, kind, count, rows) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        entry.rows.segment, entry.since, entry.batch, entry.rows.kind.rawValue, rows.count, RowList.encode(rows),
      ])
  }

  /// Makes a segment visible from a snapshot on. One that was there before, and was removed, comes back: nothing that
  /// was said about its rows then is taken over.
  func insertSegment(_ db: Database, _ placed: PlacedSegment, snapshot: SnapshotNumber) throws {
    let record = placed.record
    guard let first = placed.parts.first, placed.parts.reduce(0, { $0 + $1.rowCount }) == record.samples else {
      throw CatalogueError(
        .conflict, path: path, "the parts of segment '\(record.id)' are not its rows",
        advice: "This is a defect of the program: please report it.")
    }
    let batch = Set(placed.parts.map(\.batch)).count == 1 ? first.batch : nil
    if let removed = try Int64.fetchOne(
      db, sql: "SELECT removed FROM segments WHERE id = ? AND removed IS NOT NULL", arguments: [record.id])
    {
      try db.execute(
        sql: "INSERT INTO segment_gaps (segment, since, until) VALUES (?, ?, ?)",
        arguments: [record.id, removed, snapshot])
      for table in ["superseded", "marks"] {
        try db.execute(
          sql: "UPDATE \(table) SET until = ? WHERE segment = ? AND until IS NULL", arguments: [snapshot, record.id])
      }
      try db.execute(sql: "DELETE FROM segment_parts WHERE segment = ?", arguments: [record.id])
      try db.execute(
        sql: "UPDATE segments SET removed = NULL, batch = ?, arrival = ?, arrival_row = ? WHERE id = ?",
        arguments: [batch, first.batch, first.batchRow, record.id])
    } else {
      let ordinal = (try Int64.fetchOne(db, sql: "SELECT max(ordinal) FROM segments") ?? 0) + 1
      try db.execute(
        sql: """
          INSERT INTO segments (id, ordinal, batch, added, removed, samples, items, bytes, first_day, last_day,
            description, arrival, arrival_row) VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          record.id, ordinal, batch, snapshot, record.samples, record.items, record.bytes,
          record.firstDay?.daysSinceEpoch, record.lastDay?.daysSinceEpoch, record.description, first.batch,
          first.batchRow,
        ])
    }
    guard placed.parts.count > 1 else { return }
    let statement = try db.makeStatement(
      sql: "INSERT INTO segment_parts (segment, first_row, row_count, batch, batch_row) VALUES (?, ?, ?, ?, ?)")
    for part in placed.parts {
      try statement.execute(arguments: [record.id, part.firstRow, part.rowCount, part.batch, part.batchRow])
    }
  }
}
