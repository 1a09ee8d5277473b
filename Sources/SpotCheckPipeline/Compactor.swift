public import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// What a compaction did.
public struct CompactionOutcome: Sendable, Hashable {
  /// The snapshot that it made.
  public var snapshot: SnapshotNumber
  /// Segments that were put together, and those that they became.
  public var from = 0
  public var to = 0
  /// Sample rows that were written anew.
  public var samples = 0
  public var items = 0
}

/// Puts small neighbouring segments together, so that a store of many small files is read as fast as one of few large
/// ones.
///
/// Rows keep their order of arrival and everything that was said about them; every query answers as before. The small
/// segments stay on disk for earlier snapshots. One transaction, one snapshot of the kind `compaction`; interrupted at any
/// moment it leaves the store as it was, and the next run sweeps what it had written.
public struct Compactor {
  private let run: ImportRun

  public init(_ run: ImportRun) { self.run = run }

  /// Compacts if there are enough small neighbours; costs next to nothing if not.
  ///
  /// - Returns: nil if nothing was to be done, or the run was asked to stop.
  @discardableResult
  public func compactIfNeeded() throws -> CompactionOutcome? {
    var total: CompactionOutcome?
    var plan = CompactionPlan()
    plan.rows = max(2, run.options.segmentRows)
    // What was put together may be enough neighbours of the next tier.
    while let done = try compact(plan.groups) {
      var sum = total ?? CompactionOutcome(snapshot: done.snapshot)
      sum.snapshot = done.snapshot
      sum.from += done.from
      sum.to += done.to
      sum.samples += done.samples
      sum.items += done.items
      total = sum
    }
    return total
  }

  /// Puts everything together that fits, however few segments there are.
  @discardableResult
  public func compactAll() throws -> CompactionOutcome? {
    var plan = CompactionPlan()
    plan.rows = max(2, run.options.segmentRows)
    return try compact(plan.allGroups)
  }

  private func compact(_ groups: ([Int]) -> [Range<Int>]) throws -> CompactionOutcome? {
    let memory = try run.rememberedStore()
    let segments = memory.state.segments
    let chosen = groups(segments.map { max($0.record.samples, $0.record.items) })
    if chosen.isEmpty { return nil }
    let base = memory.state.snapshot
    let maker = try SegmentMaker(
      run.catalogue, layout: run.layout, at: base, of: chosen.flatMap { segments[$0].map(\.record.id) })
    var change = Rearrangement(.compaction, base: base)
    change.runID = run.id
    var outcome = CompactionOutcome(snapshot: base)
    do {
      for group in chosen {
        if run.isStopped() {
          run.removeUnpublished(change.added)
          return nil
        }
        try maker.make(
          segments[group].map { SegmentMaker.Piece(stored: $0, rows: 0..<$0.record.samples) }, into: &change)
        change.removed += segments[group].map(\.record.id)
        outcome.from += group.count
      }
      outcome.to = change.added.count
      outcome.samples = change.added.reduce(0) { $0 + $1.record.samples }
      outcome.items = change.added.reduce(0) { $0 + $1.record.items }
      change.time = ImportRun.milliseconds()
      var note = JSONObject()
      note.set("from", outcome.from)
      note.set("to", outcome.to)
      note.set("samples", outcome.samples)
      change.note = note.text
      outcome.snapshot = try run.catalogue.publish(change)
    } catch {
      run.removeUnpublished(change.added)
      throw error
    }
    memory.apply(change, as: outcome.snapshot)
    #if DEBUG
      // What is remembered is what would be read; every test of anything that compacts asks it.
      let read = try StoreState(run.catalogue, at: outcome.snapshot)
      precondition(memory.state.agrees(with: read), "what is remembered of the store has drifted")
    #endif
    return outcome
  }
}

extension ImportRun {
  /// Removes the files of segments that were made and are not published. Failing to is harmless: the next run does.
  func removeUnpublished(_ segments: [PlacedSegment]) {
    guard !segments.isEmpty, let published = try? catalogue.segmentIDs() else { return }
    for segment in segments where !published.contains(segment.record.id) {
      _ = try? FileSystem.removeFile(layout.samplesFile(segment.record.id))
      _ = try? FileSystem.removeFile(layout.itemsFile(segment.record.id))
    }
  }
}
