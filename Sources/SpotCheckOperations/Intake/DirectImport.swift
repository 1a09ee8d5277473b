import SpotCheckCatalogue
import SpotCheckModel
public import SpotCheckPipeline
import SpotCheckStore
import SpotCheckSystem

/// Imports files that somebody names on the command line, the way that dropped ones go: a copy of each is claimed, taken
/// in, and kept in the archive or in quarantine, so that the archive is enough to rebuild the store. The originals are
/// left where they are, and no receipts are written.
public final class DirectImport {
  private let run: ImportRun
  private let room: ProcessingRoom
  private let settlement: Settlement
  private let queue: ImportQueue
  /// The claims of what is in the queue; nil for a file that is read where it lies.
  private var pending: [Claim?] = []

  public init(run: ImportRun) {
    self.run = run
    room = ProcessingRoom(layout: run.layout, run: run.id)
    queue = ImportQueue(run)
    let folders = KeptFolders(layout: run.layout)
    // Only for what an unattended run has left: its receipts are those of the store.
    let desk = ReceiptDesk(run: run, folders: folders) {
      try OperationSettingsFile.load(run.layout).settings.seal.map(SealKeyFile.load)
    }
    settlement = Settlement(run: run, folders: folders, desk: desk)
  }

  /// Imports the files in the order given. A file that is refused does not stop the next one; failing machinery does.
  public func run(_ paths: [String], progress: ((ImportProgress) -> Void)? = nil) throws -> ImportSummary {
    let start = Machine.monotonicSeconds
    var summary = ImportSummary()
    do {
      try recover()
      var next = 0
      while next < paths.count || !pending.isEmpty {
        if next < paths.count, !queue.isFull {
          try begin(paths[next], ImportProgress.hooks(file: next, of: paths, progress))
          next += 1
        } else {
          summary.files.append(try finishOldest())
          if run.options.compacts { try Compactor(run).compactIfNeeded() }
        }
      }
      room.close()
    } catch {
      queue.abandon()
      for claim in pending { withdraw(claim) }
      pending = []
      room.close()
      try? run.end("failed", message: "\(error)")
      throw error
    }
    summary.seconds = Machine.monotonicSeconds - start
    try run.end(summary.isClean ? "done" : "done_with_rejects")
    return summary
  }

  /// Copies that an earlier run has left: those that were recorded are kept, the others dropped. What came through the
  /// inbox is left to the next pass over it.
  private func recover() throws {
    var notes: [IntakeNote] = []
    for found in try FoundClaim.all(in: run.layout, notes: &notes) where found.name.isDirect {
      let claim = try room.open(found, file: Claim.directFile)
      if let batch = try run.catalogue.batch(delivery: found.name.delivery) {
        try FoundClaim.sweep(run.layout.path(of: PathText.folder(of: batch.record.place)))
        _ = try settlement.settle(claim, as: batch)
      } else {
        try claim.folder.removeFile(Claim.directFile)
        try claim.close()
      }
      FoundClaim.removeRun(found.run, in: run.layout)
    }
  }

  /// Copies a file into a claim of its own and begins to read it.
  private func begin(_ path: String, _ hooks: TakeHooks) throws {
    let claim = try room.claimDirect()
    let original = Delivery(path: path, name: PathText.name(of: path))
    let identity: FileDigest
    do throws(SystemError) {
      identity = try FileDigest(copying: path, to: claim.path, followSymlinks: true, besides: run.options.jobs > 1)
    } catch {
      try claim.close()
      guard error.path == path, !error.isOfMachine else { throw error }
      if error.isChanged {
        queue.begin(refusing: original, Diagnostic(.fileChangedDuringRead, at: .file), hooks)
      } else {
        // What cannot be copied cannot be read: the import of the original says it in the usual words.
        queue.begin(original, hooks)
      }
      pending.append(nil)
      return
    }
    var delivery = original
    delivery.path = claim.path
    delivery.id = claim.name.delivery
    delivery.day = StoreDay.today
    delivery.isPrivate = true
    delivery.identity = identity
    queue.begin(delivery, hooks)
    pending.append(claim)
  }

  private func finishOldest() throws -> FileOutcome {
    let claim = pending.removeFirst()
    let outcome: FileOutcome
    do {
      outcome = try queue.finishOldest()
    } catch {
      withdraw(claim)
      throw error
    }
    if let claim, let batch = try run.catalogue.batch(delivery: claim.name.delivery) {
      _ = try settlement.settle(claim, as: batch)
    }
    return outcome
  }

  /// Drops a copy that nothing came of, as well as it can: the next run does.
  private func withdraw(_ claim: Claim?) {
    guard let claim else { return }
    _ = try? claim.folder.removeFile(claim.file)
    _ = try? claim.close()
  }
}
