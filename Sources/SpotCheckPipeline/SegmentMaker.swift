import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// Makes segments of rows that stand in others already, and takes along what was said about them.
struct SegmentMaker {
  /// Rows of one segment that go into a new one.
  struct Piece {
    var stored: StoredSegment
    var rows: Range<Int>
  }

  private let layout: StoreLayout
  private let history: [String: [StoredSupersession]]
  private let marks: [String: [StoredMark]]

  /// - Parameters:
  ///   - snapshot: the newest.
  ///   - segments: those that pieces will be taken of; nil: any.
  init(_ catalogue: Catalogue, layout: StoreLayout, at snapshot: SnapshotNumber, of segments: [String]? = nil) throws {
    self.layout = layout
    history = Dictionary(grouping: try catalogue.history(at: snapshot, of: segments), by: \.rows.segment)
    marks = Dictionary(grouping: try catalogue.storedMarks(at: snapshot, of: segments), by: \.rows.segment)
  }

  /// Seals the pieces, one behind the other, as one segment, and adds it to the rearrangement.
  ///
  /// - Throws: ``StoreError``. Reading checks every checksum: damage is not passed on.
  func make(_ pieces: [Piece], into change: inout Rearrangement) throws {
    var tables = TablePair()
    var parts: [SegmentPart] = []
    var places: [(piece: Piece, first: Int)] = []
    for piece in pieces {
      let first = tables.samples.rowCount
      let segment = try Segment(try SegmentDescription(record: piece.stored.record), in: layout)
      tables.append(try segment.readTables(), rows: piece.rows)
      places.append((piece, first))
      for part in piece.stored.parts {
        let rows = part.rows.clamped(to: piece.rows)
        if rows.isEmpty { continue }
        SegmentMaker.append(
          SegmentPart(
            firstRow: first + rows.lowerBound - piece.rows.lowerBound, rowCount: rows.count, batch: part.batch,
            batchRow: part.batchRow + rows.lowerBound - part.firstRow), to: &parts)
      }
    }
    let description = try SegmentWriter.write(tables, into: layout)
    change.added.append(PlacedSegment(record: description.record, parts: parts))
    carry(places, to: description.id, &change)
  }

  private static func append(_ part: SegmentPart, to parts: inout [SegmentPart]) {
    if let last = parts.last, last.batch == part.batch, last.batchRow + last.rowCount == part.batchRow {
      parts[parts.count - 1].rowCount += part.rowCount
    } else {
      parts.append(part)
    }
  }

  private struct Saying: Hashable {
    var since: SnapshotNumber
    var until: SnapshotNumber?
    var batch: BatchID
    var what: String
  }

  /// Translates the numbers of rows; what was said at once about rows of several segments becomes one entry.
  private func carry(_ places: [(piece: Piece, first: Int)], to id: String, _ change: inout Rearrangement) {
    var closed: [Saying: [UInt32]] = [:]
    var marked: [Saying: [UInt32]] = [:]
    for (piece, first) in places {
      func translated(_ rows: [UInt32]) -> [UInt32] {
        rows.filter { piece.rows.contains(Int($0)) }.map { UInt32(Int($0) - piece.rows.lowerBound + first) }
      }
      for entry in history[piece.stored.record.id] ?? [] {
        let saying = Saying(
          since: entry.since, until: entry.until, batch: entry.batch, what: entry.rows.reason.rawValue)
        closed[saying, default: []] += translated(entry.rows.rows)
      }
      for entry in marks[piece.stored.record.id] ?? [] {
        let saying = Saying(since: entry.since, until: nil, batch: entry.batch, what: entry.rows.kind.rawValue)
        marked[saying, default: []] += translated(entry.rows.rows)
      }
    }
    for (saying, rows) in SegmentMaker.sorted(closed) {
      guard let reason = SupersessionReason(rawValue: saying.what), !rows.isEmpty else { continue }
      change.carried.append(
        StoredSupersession(
          rows: SupersededRows(segment: id, rows: rows, reason: reason), since: saying.since, until: saying.until,
          batch: saying.batch))
    }
    for (saying, rows) in SegmentMaker.sorted(marked) {
      guard let kind = MarkKind(rawValue: saying.what), !rows.isEmpty else { continue }
      change.carriedMarks.append(
        StoredMark(rows: MarkedRows(segment: id, rows: rows, kind: kind), since: saying.since, batch: saying.batch))
    }
  }

  /// In order of recording, whatever the order of a dictionary.
  private static func sorted(_ sayings: [Saying: [UInt32]]) -> [(Saying, [UInt32])] {
    sayings.sorted { left, right in
      (left.key.since, left.key.until ?? .max, left.key.batch, left.key.what)
        < (right.key.since, right.key.until ?? .max, right.key.batch, right.key.what)
    }.map { ($0.key, $0.value) }
  }
}
