import SpotCheckCuration
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// Seals the segments of one file, in order. With a thread of its own a segment is written while the rows behind it are
/// curated; then at most two segments are in memory, the one that is written and the one that is filled.
struct SegmentSealer: ~Copyable {
  private let layout: StoreLayout
  private let isAhead: Bool
  private var atWork: BackgroundWork<SegmentDescription>?
  private var segments: [SegmentDescription] = []
  private let spare = Handover<Work>()

  /// What becomes a segment: the tables, and item rows that are not in their columns yet.
  private struct Work: Sendable {
    var tables = TablePair()
    var rows = ItemRows()

    mutating func write(into layout: StoreLayout) throws -> SegmentDescription {
      rows.write(into: &tables.items)
      return try SegmentWriter.write(tables, into: layout)
    }

    mutating func removeAll() {
      tables.removeAll()
      rows.removeAll()
    }
  }

  /// - Parameter isAhead: writes on another thread.
  init(into layout: StoreLayout, isAhead: Bool) {
    self.layout = layout
    self.isAhead = isAhead
  }

  /// Seals the tables with the rows, or begins to, and puts empty ones in their place.
  ///
  /// - Throws: ``StoreError``, of these tables or of those before.
  mutating func seal(_ tables: inout TablePair, _ rows: inout ItemRows) throws {
    try finish()
    var work = Work()
    swap(&work.tables, &tables)
    swap(&work.rows, &rows)
    guard isAhead else {
      segments.append(try work.write(into: layout))
      work.removeAll()
      (tables, rows) = (work.tables, work.rows)
      return
    }
    let empty = spare.take() ?? Work()
    (tables, rows) = (empty.tables, empty.rows)
    // Handed over, so that they have one owner when they are emptied.
    let full = Handover(work)
    atWork = BackgroundWork { [layout, spare] in
      guard var work = full.take() else { preconditionFailure("tables are sealed once") }
      let description = try work.write(into: layout)
      work.removeAll()
      spare.put(work)
      return description
    }
  }

  /// Waits until all is sealed.
  ///
  /// - Throws: ``StoreError``, of the tables that were handed in last.
  mutating func finish() throws {
    guard let work = atWork else { return }
    atWork = nil
    segments.append(try work.result().get())
  }

  /// What has become a segment, also where another has failed: nothing is being written any more when this returns.
  mutating func settled() -> [SegmentDescription] {
    // Whoever asked to finish has heard of the failure; all others are on their way out with another one.
    _ = try? finish()
    return segments
  }
}
