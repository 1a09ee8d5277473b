public import SpotCheckCatalogue
import SpotCheckCuration
public import SpotCheckModel
public import SpotCheckReading
public import SpotCheckStore
import SpotCheckSystem

/// How an import is done.
public struct ImportOptions: Sendable {
  /// Tables are sealed as a segment when they hold this many item or sample rows.
  public var segmentRows = 250_000
  /// More rejected rows than this refuse the file: whoever has to mend them cannot read more either, and memory has
  /// a bound.
  public var maximumRejects = 50_000
  public var limits = ReadingLimits()
  /// Small neighbouring segments are put together while files are imported.
  public var compacts = true
  /// Name of a pipeline, `name/layout`, or a YAML file; nil: found by what each file is. A pipeline with one layout,
  /// asked for by name, is taken without looking at its match conditions.
  public var pipeline: String?
  /// The program's version, recorded with the run.
  public var version = ""
  /// The command that the run is recorded as.
  public var command = "import"
  /// Files that are read at once, at most; they are recorded one after the other, in order. Each needs memory of its
  /// own.
  public var jobs = 1
  /// Arguments and host, recorded with the run: a JSON object.
  public var details = "{}"
  public init() {}

  /// One a core, four at most: more would need memory rather than save time.
  public static var usualJobs: Int { min(4, Machine.coreCount) }
}

/// One execution of the importer: files in, one snapshot for each accepted file.
///
/// The only loop over the rooms. Holds the store's lock while it lives; readers are never blocked.
public final class ImportRun {
  public let layout: StoreLayout
  public let catalogue: Catalogue
  public let library: PipelineLibrary
  /// The pipeline that was asked for.
  let chosen: PipelinePlan?
  public let options: ImportOptions
  public let id: String
  private let lock: FileLock
  private let threads: ReadingThreads
  private var memory: StoreMemory?
  private var publishedTables: Set<String> = []
  /// Asked between two chunks and before anything is recorded; true ends the file at work with
  /// ``ImportError/Kind/stopped``.
  public var isStopped: () -> Bool = { false }

  /// Asked about every file that is about to be published; a finding of severity `fatal` refuses the file, others are
  /// reported with it. Nil: no file is refused for what it is as a whole, beyond what its pipeline says.
  public var gate: ((GateSubject) throws -> [Diagnostic])?

  /// Makes an empty store, unless there is one already.
  ///
  /// - Returns: true if a store was made.
  public static func createStore(_ root: String) throws -> Bool {
    let layout = StoreLayout(root: root)
    if try FileSystem.exists(layout.catalogue) {
      try Catalogue.open(path: layout.catalogue).close()
      // What a power cut left of its making; whoever holds the lock may be making another.
      if let lock = try FileLock.acquire(layout.lockFile) {
        try withExtendedLifetime(lock) { try removeUnfinished(layout) }
      }
      return false
    }
    try layout.createFolders()
    guard let lock = try FileLock.acquire(layout.lockFile) else {
      throw ImportError(
        .locked, path: root, "another run is making this store (\(FileLock.holder(of: layout.lockFile)))")
    }
    defer { withExtendedLifetime(lock) {} }
    // Made whole under another name: a catalogue that is half made is never found under its own.
    let unfinished = layout.catalogue + StoreLayout.unfinishedSuffix
    try removeUnfinished(layout)
    let made = try Catalogue.create(path: unfinished, time: ImportRun.milliseconds())
    try made.settle()
    try made.close()
    // SQLite does not say when it could not remove what stood beside its file: nothing of that name may outlive it.
    for suffix in sidecarSuffixes { _ = try FileSystem.removeFile(unfinished + suffix) }
    try FileSystem.syncFile(unfinished)
    try FileSystem.rename(unfinished, to: layout.catalogue, replacing: false)
    try FileSystem.syncFolder(root)
    return true
  }

  /// What SQLite puts beside its file.
  private static let sidecarSuffixes = ["-journal", "-wal", "-shm"]

  /// Removes a catalogue that was never given its name. The lock is held.
  private static func removeUnfinished(_ layout: StoreLayout) throws(SystemError) {
    for suffix in [""] + sidecarSuffixes {
      _ = try FileSystem.removeFile(layout.catalogue + StoreLayout.unfinishedSuffix + suffix)
    }
  }

  /// Takes the store's lock and opens its catalogue.
  ///
  /// - Throws: ``ImportError`` (`locked`, `noStore`), ``CatalogueError``, ``SystemError``.
  public init(store root: String, library: PipelineLibrary, options: ImportOptions = ImportOptions()) throws {
    layout = StoreLayout(root: root)
    guard try FileSystem.exists(layout.catalogue) else {
      throw ImportError(.noStore, path: root, "there is no store here; make one with 'spotcheck init \(root)'")
    }
    chosen = try options.pipeline.map { try ImportRun.find($0, in: library) }
    guard let lock = try FileLock.acquire(layout.lockFile) else {
      let holder = FileLock.holder(of: layout.lockFile)
      throw ImportError(.locked, path: root, "another run holds the store (\(holder)); wait for it, or stop it")
    }
    self.lock = lock
    threads = ReadingThreads(most: max(1, options.jobs))
    self.library = library
    self.options = options
    catalogue = try Catalogue.open(path: layout.catalogue) { try FaultPlan.checkpoint("the catalogue") }
    id = try ImportRun.begin(catalogue, options)
    try removeLitter()
  }

  /// Records the run under a name of its own: two of one process may begin in the same millisecond.
  private static func begin(_ catalogue: Catalogue, _ options: ImportOptions) throws -> String {
    let started = milliseconds()
    var number = 1
    while true {
      let id = "r\(started)-\(Machine.processID)" + (number == 1 ? "" : "-\(number)")
      do {
        try catalogue.beginRun(
          RunRecord(
            id: id, command: options.command, version: options.version, started: started, details: options.details))
        return id
      } catch let error as CatalogueError where error.kind == .conflict && number < 1000 {
        number += 1
      }
    }
  }

  /// A pipeline by name, by file, or one layout of it.
  static func find(_ name: String, in library: PipelineLibrary) throws -> PipelinePlan {
    if let compilation = try library.find(name) {
      let errors = compilation.problems.filter { $0.severity == .error }
      guard let plan = compilation.plan, errors.isEmpty else {
        throw ImportError(.pipeline, path: name, errors.map(\.description).joined(separator: "\n"))
      }
      return plan
    }
    if let slash = name.lastIndex(of: "/"), var plan = library.pipeline(String(name[..<slash])),
      let layout = plan.layout(String(name[name.index(after: slash)...]))
    {
      plan.layouts = [layout]
      return plan
    }
    throw ImportError(.pipeline, path: name, library.notFound(name))
  }

  /// Imports the files in the order given, each where it lies. A file that is refused does not stop the next one;
  /// failing machinery does.
  public func run(_ paths: [String], progress: ((ImportProgress) -> Void)? = nil) throws -> ImportSummary {
    let start = Machine.monotonicSeconds
    var summary = ImportSummary()
    do {
      let queue = ImportQueue(self)
      defer { queue.abandon() }
      var next = 0
      while next < paths.count || !queue.isEmpty {
        if next < paths.count, !queue.isFull {
          queue.begin(
            Delivery(path: paths[next], name: PathText.name(of: paths[next])),
            ImportProgress.hooks(file: next, of: paths, progress))
          next += 1
        } else {
          summary.files.append(try queue.finishOldest())
          if options.compacts { try Compactor(self).compactIfNeeded() }
        }
      }
    } catch {
      try? end("failed", message: "\(error)")
      throw error
    }
    summary.seconds = Machine.monotonicSeconds - start
    try end(summary.isClean ? "done" : "done_with_rejects")
    return summary
  }

  /// Takes in one delivery: everything up to its record in the catalogue, which is durable when this returns. The file
  /// itself is left where it is.
  ///
  /// - Throws: ``ImportError`` (`changed`, `stopped`: nothing was recorded; the file may be tried again),
  ///   ``CatalogueError``, ``SystemError``, and what the hooks throw.
  public func take(_ delivery: Delivery, _ hooks: TakeHooks = TakeHooks()) throws -> FileOutcome {
    try publish(try preparer.prepare(delivery, dealings(hooks)))
  }

  /// Records a delivery as refused without asking what is in it.
  public func refuse(_ delivery: Delivery, _ reason: Diagnostic, _ hooks: TakeHooks = TakeHooks()) throws
    -> FileOutcome
  {
    try publish(try preparer.refused(delivery, reason, dealings(hooks)))
  }

  /// Codes of the bureaus that have pipelines, sorted.
  public var bureaus: [String] {
    Set(library.plans.map(\.bureau)).sorted()
  }

  /// A bureau's name; empty if the code is in no table.
  public func bureauName(_ code: String) -> String {
    library.tables.tables["bureaus"]?.table.name(of: code) ?? ""
  }

  /// What reads files, without asking the store anything but whether their bytes are known.
  var preparer: FilePreparer {
    FilePreparer(library: library, chosen: chosen, options: options, layout: layout, runID: id, threads: threads)
  }

  func dealings(_ hooks: TakeHooks = TakeHooks()) -> FilePreparer.Dealings {
    FilePreparer.Dealings(
      known: { [catalogue] in try catalogue.acceptedBatch(fileDigest: $0) }, isStopped: isStopped,
      isPublished: isPublished, hooks: hooks)
  }

  /// Whether a segment belongs to the store; in doubt it does.
  var isPublished: @Sendable (_ segment: String) -> Bool {
    { [catalogue] in (try? catalogue.segmentIDs().contains($0)) ?? true }
  }

  func publish(_ file: PreparedFile) throws -> FileOutcome { try ImportFile(run: self, file).publishIt() }

  // MARK: What is known of the store

  /// The newest snapshot, as this run has left it.
  func rememberedStore() throws -> StoreMemory {
    if let memory {
      try memory.refresh(catalogue)
      return memory
    }
    let fresh = try StoreMemory(catalogue, layout: layout)
    memory = fresh
    return fresh
  }

  /// - Parameter sorted: keys of its segments, by name, that are sorted already.
  func didPublish(
    _ publication: Publication, sorted: [String: SegmentKeys], batch: BatchID, snapshot: SnapshotNumber
  ) {
    memory?.add(publication, sorted: sorted, batch: batch, snapshot: snapshot)
    publishedTables.formUnion(publication.tables.map(\.name))
  }

  /// The code tables of a plan that this run has not published yet. A library has one table of a name.
  func unpublishedTables(_ layout: LayoutPlan) -> [CodeTable] {
    layout.curation.tables.all.filter { !publishedTables.contains($0.name) }.sorted { $0.name < $1.name }
  }

  /// Records how the run ended, and what questions about the store as it is now will ask for.
  public func end(_ state: String, message: String = "", details: String? = nil) throws {
    // They make answers faster, and change none: a run is not undone because something could not be counted.
    let counts = state == "failed" ? nil : try? SnapshotCounter(catalogue: catalogue, layout: layout).missing()
    try catalogue.endRun(
      id, state: state, ended: ImportRun.milliseconds(), message: message, details: details, counts: counts)
  }

  /// Removes segment files that no snapshot needs: left over from a run that was cut short, or expired. The lock is
  /// held, so nobody else can be writing them.
  ///
  /// - Returns: false if somebody may still read expired ones; a later run removes them.
  @discardableResult
  func removeLitter() throws -> Bool {
    let known = try catalogue.segmentIDs()
    let found = try layout.listSegments()
    // Nobody reads a file that was never given its name.
    for name in found.others where DurableWriter.isTemporary(name) {
      _ = try FileSystem.removeFile(PathText.join(layout.segments, name))
    }
    let litter = (found.whole + found.halves).filter { !known.contains($0) }
    if litter.isEmpty { return true }
    guard let alone = try FileLock.acquire(layout.readersLock) else { return false }
    try withExtendedLifetime(alone) {
      for id in litter {
        _ = try FileSystem.removeFile(layout.samplesFile(id))
        _ = try FileSystem.removeFile(layout.itemsFile(id))
      }
    }
    return true
  }

  /// Forgets old snapshots and removes what only they needed.
  ///
  /// - Parameter isOld: whether a snapshot may go; the newest and those with a label never do.
  /// - Returns: what was forgotten, and whether its files are gone: they stay while somebody reads.
  public func expire(isOld: (SnapshotRecord) -> Bool) throws -> (expiry: Expiry, isSwept: Bool) {
    let expiry = try catalogue.expire(time: ImportRun.milliseconds(), isOld: isOld)
    return (expiry, try removeLitter())
  }

  static func milliseconds() -> Int64 { Machine.wallClockNanoseconds / 1_000_000 }
}

/// What is called while a file is taken in.
public struct TakeHooks {
  /// Its name, size and digest are known, and nothing else yet.
  public var received: (BatchRecord) throws -> Void
  /// Rows, bytes read, bytes in all.
  public var progress: (Int, Int, Int) -> Void

  public init(
    received: @escaping (BatchRecord) throws -> Void = { _ in },
    progress: @escaping (Int, Int, Int) -> Void = { _, _, _ in }
  ) {
    self.received = received
    self.progress = progress
  }
}
