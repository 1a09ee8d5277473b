import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckPipeline
import SpotCheckStore
import SpotCheckSystem

/// Finishes what earlier runs have left half done, at the beginning of a pass and under the lock (ING-07).
///
/// Where the catalogue has the file, only what follows the commit is left to do. Where it has not, nothing of the file
/// counts, and the claim is tried again.
struct Recovery {
  let run: ImportRun
  let room: ProcessingRoom
  let settlement: Settlement
  /// Where a lonely done file goes back to.
  let putBack: PutBack

  struct Result {
    /// To be tried again.
    var retries: [FoundClaim] = []
    var notes: [IntakeNote] = []
  }

  /// - Parameter finished: told of every file that was recorded and is now where it belongs.
  func recover(_ finished: (DeliveryOutcome) -> Void) throws -> Result {
    var result = Result()
    for found in try FoundClaim.all(in: run.layout, notes: &result.notes) {
      let batch = try run.catalogue.batch(delivery: found.name.delivery)
      try sweep(found, batch)
      if let batch {
        let outcome = try finish(found, batch)
        if !found.name.isDirect { finished(outcome) }
      } else if found.name.isDirect {
        try dropCopy(found)
      } else if found.file == nil {
        try putBack.done(of: found, room: room)
      } else {
        result.retries.append(found)
      }
      FoundClaim.removeRun(found.run, in: run.layout)
    }
    return result
  }

  private func finish(_ found: FoundClaim, _ batch: StoredBatch) throws -> DeliveryOutcome {
    // Its file may be gone already: then the catalogue knows its name.
    let claim = try room.open(found, file: found.name.isDirect ? Claim.directFile : batch.record.name)
    let receipt = try settlement.settle(claim, as: batch)
    let stored = try run.catalogue.batch(batch.id) ?? batch
    var outcome = DeliveryOutcome(claim, FileOutcome(stored, origin: ClaimedImport.origin(claim)), receipt: receipt)
    outcome.isRecovered = true
    return outcome
  }

  /// A copy that `spotcheck import` had made: the original is still where it was.
  private func dropCopy(_ found: FoundClaim) throws {
    let claim = try room.open(found)
    if let file = found.file { try claim.folder.removeFile(file) }
    try claim.close()
  }

  /// Temporary files can only be where the claim's steps write.
  private func sweep(_ found: FoundClaim, _ batch: StoredBatch?) throws {
    if !found.name.isDirect {
      let receipt = StoreLayout.receipt(.json, folder: found.name.folder, name: "", delivery: "")
      try FoundClaim.sweep(run.layout.path(of: PathText.folder(of: receipt)))
    }
    if let place = batch?.record.place, !place.isEmpty {
      try FoundClaim.sweep(run.layout.path(of: PathText.folder(of: place)))
    }
  }
}

/// Takes claims back into the inbox, as if they had never been made.
struct PutBack {
  let run: ImportRun
  let room: ProcessingRoom
  let desk: ReceiptDesk

  /// The file goes back under its name. If somebody has dropped another file of that name meanwhile, it stays claimed,
  /// its attempt not counted, and is tried again like that.
  func file(of claim: Claim) throws {
    try desk.withdraw(name: claim.file, claim: claim.name)
    let isBack = try withInbox(claim.name.folder) { inbox in
      do throws(SystemError) {
        try claim.folder.move(claim.file, to: inbox, as: claim.file)
      } catch {
        guard error.isExisting else { throw error }
        return false
      }
      if claim.hasDone { try done(claim, inbox) }
      return true
    }
    if isBack { try claim.close() } else { room.takeBack(claim) }
  }

  /// What is left of a claim whose file never came: its done file, or nothing.
  func done(of found: FoundClaim, room: ProcessingRoom) throws {
    let file = found.lonelyDone.map { String($0.dropLast(StoreLayout.doneSuffix.count)) }
    let claim = try room.open(found, file: file)
    if file != nil { try withInbox(found.name.folder) { inbox in try done(claim, inbox) } }
    try claim.close()
  }

  /// A done file of that name that came meanwhile says the same about the same name.
  private func done(_ claim: Claim, _ inbox: borrowing OpenFolder) throws(SystemError) {
    do throws(SystemError) {
      try claim.folder.move(claim.doneName, to: inbox, as: claim.doneName)
    } catch {
      guard error.isExisting else { throw error }
      try claim.folder.removeFile(claim.doneName)
    }
  }

  private func withInbox<R>(_ folder: String, _ body: (borrowing OpenFolder) throws -> R) throws -> R {
    let inbox = try OpenFolder(run.layout.inbox)
    if folder.isEmpty { return try body(inbox) }
    do throws(SystemError) {
      try inbox.createFolder(folder)
    } catch {
      guard error.isExisting else { throw error }
    }
    let inner = try inbox.folder(folder)
    return try body(inner)
  }
}
