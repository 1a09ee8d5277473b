import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

/// Counts the samples of a snapshot for the questions to come (decision 0017).
///
/// The counts of an earlier snapshot become those of a later one at the cost of what is different between them: segments
/// that came or went, and rows of which something else is said now.
struct SnapshotCounter {
  /// Combinations of all the words of a store, at most; more are not kept.
  private static let mostKinds = 1 << 18
  /// A larger sum than this is kept only if so many samples, on average, are alike.
  private static let smallKinds = 1 << 14
  private static let leastShare = 8

  let catalogue: Catalogue
  let layout: StoreLayout

  /// The counts of the newest snapshot; nil if they are kept already, or are not worth it.
  func missing() throws -> SnapshotCounts? {
    let newest = try catalogue.latestSnapshot()
    let base = try catalogue.countedSnapshot()
    if base == newest { return nil }
    let after = try rows(at: newest)
    var sum: CountSum?
    if let base, let kept = try catalogue.counts(at: base).flatMap({ SegmentCountTable(bytes: $0.bytes) }) {
      sum = try advanced(CountSum(kept), from: try rows(at: base), to: after)
    } else {
      sum = try advanced(CountSum(), from: [:], to: after)
    }
    guard let table = sum?.table(), isWorthIt(table, after) else { return nil }
    #if DEBUG
      // Every test of a run is a test of this.
      let read = try counted(at: newest)
      precondition(read == table, "the counts of snapshot \(newest) are not what its rows say")
    #endif
    return SnapshotCounts(snapshot: newest, bytes: table.bytes)
  }

  /// What is kept of a snapshot should be this: counted from the rows, whatever is kept with segments.
  func counted(at snapshot: SnapshotNumber) throws -> SegmentCountTable? {
    var sum = CountSum()
    for rows in try rows(at: snapshot).values.sorted(by: { $0.record.id < $1.record.id }) {
      try sum.add(try open(try SegmentDescription(record: rows.record)), rows.said)
    }
    return sum.table()
  }

  /// A segment, and what is said of its rows.
  private struct Rows {
    var record: SegmentRecord
    var said: RowsSaid
  }

  private func rows(at snapshot: SnapshotNumber) throws -> [String: Rows] {
    let closed = try catalogue.superseded(at: snapshot)
    let marks = try catalogue.marks(at: snapshot)
    var rows: [String: Rows] = [:]
    for stored in try catalogue.visibleSegments(at: snapshot) {
      let id = stored.record.id
      rows[id] = Rows(
        record: stored.record,
        said: RowsSaid(
          closed: closed[id] ?? [], pending: marks[id]?[.pending] ?? [], settled: marks[id]?[.settled] ?? []))
    }
    return rows
  }

  private func open(_ description: SegmentDescription) throws -> Segment { try Segment(description, in: layout) }

  /// Nil if a segment cannot be counted cheaply.
  private func advanced(_ sum: CountSum, from before: [String: Rows], to after: [String: Rows]) throws -> CountSum? {
    var sum = sum
    for id in Set(before.keys).union(after.keys).sorted() where before[id]?.said != after[id]?.said {
      guard let record = (after[id] ?? before[id])?.record else { continue }
      let description = try SegmentDescription(record: record)
      switch (before[id]?.said, after[id]?.said) {
      case (let said?, nil):
        guard try sum.add(description, said, sign: -1, open: { try open(description) }) else { return nil }
      case (nil, let said?):
        guard try sum.add(description, said, open: { try open(description) }) else { return nil }
      case (let old?, let new?): try sum.change(try open(description), from: old, to: new)
      case (nil, nil): break
      }
      if sum.kinds > SnapshotCounter.mostKinds { return nil }
    }
    return sum
  }

  private func isWorthIt(_ table: SegmentCountTable, _ rows: [String: Rows]) -> Bool {
    let samples = rows.values.reduce(0) { $0 + $1.record.samples }
    return table.rowCount <= max(SnapshotCounter.smallKinds, samples / SnapshotCounter.leastShare)
  }
}
