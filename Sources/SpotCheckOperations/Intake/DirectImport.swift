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

  public init(run: ImportRun) {
    self.run = run
    room = ProcessingRoom(layout: run.layout, run: run.id)
    let folders = KeptFolders(layout: run.layout)
    settlement = Settlement(run: run, folders: folders, desk: ReceiptDesk(run: run, folders: folders))
  }

  /// Imports the files in the order given. A file that is refused does not stop the next one; failing machinery does.
  public func run(_ paths: [String], progress: ((ImportProgress) -> Void)? = nil) throws -> ImportSummary {
    let start = Machine.monotonicSeconds
    var summary = ImportSummary()
    do {
      try recover()
      for (index, path) in paths.enumerated() {
        let hooks = TakeHooks(progress: { rows, read, total in
          progress?(
            ImportProgress(
              fileIndex: index, fileCount: paths.count, path: path, rows: rows, bytesRead: read, bytesTotal: total))
        })
        summary.files.append(try take(path, hooks))
        if run.options.compacts { try Compactor(run).compactIfNeeded() }
      }
      room.close()
    } catch {
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

  private func take(_ path: String, _ hooks: TakeHooks) throws -> FileOutcome {
    let claim = try room.claimDirect()
    let original = Delivery(path: path, name: PathText.name(of: path))
    do throws(SystemError) {
      try FileSystem.copyFile(from: path, to: claim.path, followSymlinks: true)
    } catch {
      try claim.close()
      guard error.path == path, !error.isOfMachine else { throw error }
      if error.isChanged { return try run.refuse(original, Diagnostic(.fileChangedDuringRead, at: .file), hooks) }
      // What cannot be copied cannot be read: the import of the original says it in the usual words.
      return try run.take(original, hooks)
    }
    var delivery = original
    delivery.path = claim.path
    delivery.id = claim.name.delivery
    delivery.day = StoreDay.today
    delivery.isPrivate = true
    let outcome: FileOutcome
    do {
      outcome = try run.take(delivery, hooks)
    } catch {
      _ = try? claim.folder.removeFile(claim.file)
      _ = try? claim.close()
      throw error
    }
    if let batch = try run.catalogue.batch(delivery: claim.name.delivery) {
      _ = try settlement.settle(claim, as: batch)
    }
    return outcome
  }
}
