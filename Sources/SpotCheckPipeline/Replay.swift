public import SpotCheckCatalogue
public import SpotCheckModel
import SpotCheckStore

/// Which batches are curated anew.
public struct ReplayOptions: Sendable {
  /// Only batches in which this was found.
  public var code: DiagnosticCode?
  /// Only batches received at this time (milliseconds since 1970 UTC) or later.
  public var since: Int64?
  /// Only these batches; empty: all.
  public var batches: Set<BatchID> = []
  /// Batches as well whose pipeline and code tables are the present ones: for a corrected program.
  public var everything = false
  /// Say what would change, and change nothing.
  public var isDryRun = false

  public init() {}
}

/// What a replay did, or would do.
public struct ReplayOutcome: Sendable {
  /// A batch whose rows, or whose fate, changed.
  public struct Change: Sendable, Hashable {
    public var batch: BatchID
    public var name: String
    public var before: BatchState
    public var after: BatchState
    /// Why it is refused now; empty if it is not.
    public var refusal = ""
    /// Samples that say something else now, came, or went.
    public var samples = 0
  }

  /// A batch that could not be curated anew, and why.
  public struct Unreadable: Sendable, Hashable {
    public var batch: BatchID
    public var name: String
    public var reason: String
  }

  /// Batches that were curated anew.
  public var examined = 0
  public var changes: [Change] = []
  public var unreadable: [Unreadable] = []
  /// Rates by category and district that change, as far as they were asked for.
  public var shifts: [RateShift] = []
  /// The snapshot that it made; nil if nothing was to be done, or nothing was to be changed.
  public var snapshot: SnapshotNumber?

  public init() {}
  public var samples: Int { changes.reduce(0) { $0 + $1.samples } }
}

/// Curates delivered files anew, from the bytes that were kept, after code tables or pipelines were corrected.
///
/// Only batches made with another revision are read, and only where their rows changed is anything replaced: their segments
/// leave the newest snapshot, others take their place in the order of arrival, and the stories of the samples concerned are
/// told again. The result is that of importing everything anew, in the recorded order, with the present pipelines; earlier
/// snapshots answer as before. One transaction; interrupted at any moment it leaves the store as it was.
public final class Replay {
  let run: ImportRun
  let options: ReplayOptions
  var outcome = ReplayOutcome()
  /// What becomes of batches that were curated anew, or whose original has another fate.
  var fates: [BatchID: Fate] = [:]
  /// Segments that belonged to the store when the replay began.
  var published: Set<String> = []
  /// Segments that were made on the way.
  var made: [PlacedSegment] = []

  /// What becomes of one batch.
  struct Fate {
    var stored: StoredBatch
    var state: BatchState
    var duplicateOf: BatchID?
    var refusal: Diagnostic?
    var file: PreparedFile?
    /// The batch's rows are other ones than before.
    var hasOtherRows = false
  }

  public init(_ run: ImportRun, options: ReplayOptions = ReplayOptions()) {
    self.run = run
    self.options = options
  }

  /// - Throws: ``ImportError`` (`stopped`, `unbalanced`), ``CatalogueError``, ``StoreError``, ``SystemError``. The store is
  ///   then as it was.
  public func replay() throws -> ReplayOutcome {
    do {
      try replayAll()
    } catch {
      removeUnpublished()
      throw error
    }
    removeUnpublished()
    return outcome
  }

  private func replayAll() throws {
    let memory = try run.rememberedStore()
    published = try run.catalogue.segmentIDs()
    try decideFates()
    guard !fates.isEmpty else { return }
    try compareRows(memory.state)
    var arrangement = try Arrangement(self, memory.state)
    // A delivery that cannot be put together is refused, as an import would; without its rows the rest is told again.
    while !arrangement.retold.split.isEmpty {
      for (batch, diagnostic) in arrangement.retold.split { refuse(batch, diagnostic) }
      arrangement = try Arrangement(self, memory.state)
    }
    try arrangement.reviseBatches()
    outcome.shifts = try RateShift.between(
      memory.state.segments.map { stored in
        RateShift.Rows(closed: memory.state.closed[stored.record.id]) { try memory.segment(stored) }
      }, try run.catalogue.table("purposes", at: memory.state.snapshot),
      arrangement.sources.map { RateShift.Rows(closed: $0.closed, open: $0.open) },
      arrangement.tables.first { $0.name == "purposes" }
        ?? run.catalogue.table("purposes", at: memory.state.snapshot),
      names: arrangement.tables)
    noteChanges()
    if options.isDryRun { return }
    if run.isStopped() { throw ImportError.stopped(run.layout.root) }
    var change = arrangement.change
    change.time = ImportRun.milliseconds()
    change.note = note()
    outcome.snapshot = try run.catalogue.publish(change)
    _ = try run.rememberedStore()
  }

  private func refuse(_ batch: BatchID, _ diagnostic: Diagnostic) {
    fates[batch]?.state = .refused
    fates[batch]?.refusal = diagnostic
  }

  private func noteChanges() {
    for (id, fate) in fates.sorted(by: { $0.key < $1.key }) {
      let before = fate.stored.record.state
      guard fate.hasOtherRows || fate.state != before else { continue }
      outcome.changes.append(
        ReplayOutcome.Change(
          batch: id, name: fate.stored.record.name, before: before, after: fate.state,
          refusal: fate.state == .refused ? fate.refusal?.code.rawValue ?? "" : "", samples: samplesChanged[id] ?? 0))
    }
  }

  /// For the journal.
  private func note() -> String {
    var note = JSONObject()
    note.set("examined", outcome.examined)
    note.set("changed", outcome.changes.count)
    note.set("samples", outcome.samples)
    note.set("batches", json: "[" + outcome.changes.map { String($0.batch) }.joined(separator: ",") + "]")
    return note.text
  }

  /// By batch: samples that say something else now, came, or went.
  var samplesChanged: [BatchID: Int] = [:]
  /// Keys of the samples whose stories must be told again.
  var keys: Set<UInt64> = []

  /// Files of segments that are not published are litter.
  private func removeUnpublished() {
    for id in fates.keys.sorted() {
      guard let file = fates[id]?.file else { continue }
      made += file.segments.map { PlacedSegment(record: $0.record, parts: []) }
    }
    run.removeUnpublished(made)
    made = []
  }
}
