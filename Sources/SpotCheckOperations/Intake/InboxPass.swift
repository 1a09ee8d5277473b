import SpotCheckCatalogue
import SpotCheckModel
public import SpotCheckPipeline
import SpotCheckStore
public import SpotCheckSystem

/// Something that happened during a pass, for logs and progress lines.
public enum IntakeEvent {
  /// A file was taken out of the inbox and is about to be read.
  case claimed(delivery: String, folder: String, name: String, attempt: Int)
  /// Rows and bytes read, bytes in all, of the file at work.
  case progress(delivery: String, rows: Int, bytes: Int, total: Int)
  case finished(DeliveryOutcome)
  case noted(IntakeNote)
}

/// One pass over the inbox: what was left half done is finished, what is ready is taken in, file by file, each wholly or
/// not at all, and every file that was seen is accounted for.
///
/// The order of one delivery is that of <doc:Intake>: claim, hash, receipt, parse, seal, commit, keep, receipt. A
/// program that ends anywhere in it leaves the file in the inbox, in `processing/`, or where it is kept, and the next
/// pass goes on from there.
public final class InboxPass {
  let run: ImportRun
  let settings: OperationSettings
  let room: ProcessingRoom
  let folders: KeptFolders
  private let desk: ReceiptDesk
  private let putBack: PutBack
  private let settlement: Settlement
  private let importing: ClaimedImport
  private let queue: ImportQueue
  /// What is in the queue, in its order.
  private var pending: [Pending] = []
  private let report: (IntakeEvent) -> Void
  private var stop: () -> Bool = { false }
  /// What was done so far; also after ``run(stop:)`` has thrown.
  public private(set) var outcome = PassOutcome()

  /// A claimed file that is being read.
  private struct Pending {
    var claim: Claim
    /// Where it lay; nil for one that an earlier run claimed.
    var entry: InboxEntry?
  }

  /// - Parameter report: told of everything as it happens.
  public init(run: ImportRun, settings: OperationSettings, report: @escaping (IntakeEvent) -> Void = { _ in }) {
    self.run = run
    self.settings = settings
    self.report = report
    room = ProcessingRoom(layout: run.layout, run: run.id)
    folders = KeptFolders(layout: run.layout)
    desk = ReceiptDesk(run: run, folders: folders) { try settings.seal.map(SealKeyFile.load) }
    putBack = PutBack(run: run, room: room, desk: desk)
    settlement = Settlement(run: run, folders: folders, desk: desk)
    queue = ImportQueue(run)
    importing = ClaimedImport(run: run, settings: settings, desk: desk, room: room, queue: queue)
  }

  /// A pass that stands alone: it looks, waits until files can have come to rest, and looks again.
  ///
  /// - Parameter stop: asked often; true ends the pass in good order, with the file at work back in the inbox.
  /// - Throws: ``SystemError``, ``CatalogueError`` … if the machine fails. Nothing is lost or half done then: the next
  ///   pass goes on.
  public func run(stop: @escaping () -> Bool = { StopSignal.requested != nil }) throws -> PassOutcome {
    var readiness = Readiness()
    return try pass(&readiness, isAlone: true, stop: stop)
  }

  /// A pass of many: what was observed by earlier ones counts, and nothing is waited for.
  public func run(
    observing readiness: inout Readiness, stop: @escaping () -> Bool = { StopSignal.requested != nil }
  ) throws -> PassOutcome {
    try pass(&readiness, isAlone: false, stop: stop)
  }

  private func pass(_ readiness: inout Readiness, isAlone: Bool, stop: @escaping () -> Bool) throws -> PassOutcome {
    self.stop = stop
    run.isStopped = stop
    let retries = try recover(readiness)
    try makeFolders()
    let survey =
      isAlone
      ? try InboxSurvey.afterRest(run.layout, settings, observing: &readiness, stop: stop)
      : try InboxSurvey(run.layout, settings, observing: &readiness)
    let (scan, sidecars) = (survey.scan, survey.sidecars)
    outcome.seen += scan.count
    outcome.ignored = scan.ignored
    outcome.sidecars = scan.sidecars.count
    for note in scan.notes + sidecars.notes { self.note(note) }

    var left = InboxLeft(readiness: readiness, now: survey.moment)
    left.add(contentsOf: survey.waiting)
    outcome.waiting += survey.waiting.count
    try work(
      through: Backlog(fresh: survey.ready, retries: retries), sidecars: sidecars, readiness: &readiness, left: &left)
    try ManifestKeeping(run: run, folders: folders).keepFinished(sidecars, left: left.names)
    for note in overdue(scan, sidecars, left) { self.note(note) }
    room.close()
    outcome.oldestPending = left.oldest
    guard outcome.isBalanced else {
      throw ImportError(
        .unbalanced, path: run.layout.inbox,
        "\(outcome.seen) files were seen and \(outcome.accounted) accounted for. This is a defect of SpotCheck: please report it"
      )
    }
    return outcome
  }

  /// Finishes what is recorded. The rest is to be tried again, if it is time.
  private func recover(_ readiness: Readiness) throws -> [FoundClaim] {
    let recovery = Recovery(run: run, room: room, settlement: settlement, putBack: putBack)
    let result = try recovery.recover { [self] in
      outcome.seen += 1
      finish($0)
    }
    for note in result.notes { self.note(note) }
    outcome.seen += result.retries.count
    let now = Machine.monotonicSeconds
    let due = result.retries.filter { readiness.mayRetry($0.name.delivery, at: now) }
    outcome.waiting += result.retries.count - due.count
    return due
  }

  /// Every bureau that has a pipeline finds its folder.
  private func makeFolders() throws(SystemError) {
    for bureau in run.bureaus { try FileSystem.createFolder(run.layout.inbox(bureau: bureau)) }
  }

  // MARK: Work

  private func work(
    through all: Backlog, sidecars: Sidecars, readiness: inout Readiness, left: inout InboxLeft
  ) throws {
    do {
      try workThrough(all, sidecars, &readiness, &left)
    } catch {
      // The files at work had no part in it: they are tried again, as if for the first time.
      queue.abandon()
      for pending in pending { room.takeBack(pending.claim) }
      pending = []
      throw error
    }
  }

  private func workThrough(
    _ all: Backlog, _ sidecars: Sidecars, _ readiness: inout Readiness, _ left: inout InboxLeft
  ) throws {
    var backlog = all
    var budget = Budget(settings, layout: run.layout, largest: backlog.largest)
    while true {
      guard let item = backlog.next, hasRoom(for: item) else {
        if pending.isEmpty { return }
        try finishOldest(&readiness, &left)
        continue
      }
      if let reason = try stop() ? "stopped" : budget.refusal(of: item.size) {
        outcome.deferred[reason, default: 0] += backlog.remaining.count
        for case .fresh(let entry, _) in backlog.remaining { left.add(entry) }
        backlog.end()
        continue
      }
      backlog.advance()
      budget.take(item.size)
      switch item {
      case .fresh(let entry, let verdict):
        if try !take(entry, verdict) { left.add(entry) }
      case .retry(let found):
        let claim = try room.takeOver(found, attempt: found.name.attempt + 1)
        try begin(claim, sidecars.declared(folder: claim.name.folder, name: claim.file))
      }
    }
  }

  /// Whether a file may be begun beside those at work. One that was at work when a program ended is tried alone: if that
  /// was its fault, no other file takes part in it.
  private func hasRoom(for item: Backlog.Item) -> Bool {
    let isSuspect = pending.contains { $0.claim.name.attempt > 1 } || item.isSuspect
    return isSuspect ? pending.isEmpty : !queue.isFull
  }

  /// - Returns: false if the file has to stay where it is.
  private func take(_ entry: InboxEntry, _ verdict: Sidecars.Verdict) throws -> Bool {
    guard case .ready(let declared, let hasDone) = verdict else { return false }
    let claim: Claim
    do throws(SystemError) {
      let inbox = try OpenFolder(run.layout.inbox)
      if entry.folder.isEmpty {
        guard let made = try self.claim(entry, hasDone, inbox) else { return false }
        claim = made
      } else {
        let folder = try inbox.folder(entry.folder)
        guard let made = try self.claim(entry, hasDone, folder) else { return false }
        claim = made
      }
    } catch {
      if error.isNotFound || error.isSymbolicLink {
        outcome.vanished += 1
        return true
      }
      if error.isChanged {
        outcome.waiting += 1
        return false
      }
      // Its folder does not let us, or its bytes cannot be copied: the others need not wait for that.
      guard isAbout(entry, error), !error.isOfMachine else { throw error }
      outcome.deferred["unmovable", default: 0] += 1
      note(IntakeNote(.fileUnreadable, folder: entry.folder, name: entry.name, error.description))
      return false
    }
    // What was moved is what had the name then: it may be something else than what was looked at.
    guard try claim.folder.status(of: claim.file).isWhatWasSeen(entry.status) else {
      try putBack.file(of: claim)
      finish(DeliveryOutcome(claim, returned: "the file changed before it was claimed"))
      return false
    }
    // Whoever dropped it need not have made it durable; what counts rests on it.
    try FileSystem.syncFile(claim.path)
    try begin(claim, declared, from: entry)
    return true
  }

  /// Nil if somebody is still writing to the file.
  private func claim(
    _ entry: InboxEntry, _ hasDone: Bool, _ inbox: borrowing OpenFolder
  ) throws(SystemError) -> Claim? {
    if settings.asksForLease, try inbox.isBeingWritten(entry.name) {
      outcome.waiting += 1
      return nil
    }
    return try room.claim(entry, hasDone: hasDone, from: inbox)
  }

  /// Whether an error speaks of the delivered file and not of the store.
  private func isAbout(_ entry: InboxEntry, _ error: SystemError) -> Bool {
    error.path.hasPrefix(PathText.join(run.layout.inbox, ""))
  }

  private func begin(_ claim: Claim, _ declared: DeclaredContent?, from entry: InboxEntry? = nil) throws {
    let name = claim.name
    report(.claimed(delivery: name.delivery, folder: name.folder, name: claim.file, attempt: name.attempt))
    let report = report
    try importing.begin(claim, declared: declared) { rows, bytes, total in
      report(.progress(delivery: name.delivery, rows: rows, bytes: bytes, total: total))
    }
    pending.append(Pending(claim: claim, entry: entry))
  }

  private func finishOldest(_ readiness: inout Readiness, _ left: inout InboxLeft) throws {
    let (claim, entry) = { ($0.claim, $0.entry) }(pending.removeFirst())
    let name = claim.name
    switch try importing.finishOldest(claim) {
    case .recorded(let file):
      readiness.forget(name.delivery)
      guard let batch = try run.catalogue.batch(delivery: name.delivery) else {
        throw ImportError(.unbalanced, path: claim.path, "it was recorded, and its record is not there")
      }
      let receipt = try settlement.settle(claim, as: batch, superseded: file.superseded)
      finish(DeliveryOutcome(claim, file, receipt: receipt))
      // A burst of small files must not be read as one segment a file by those that come after.
      if settings.compacts { try Compactor(run).compactIfNeeded() }
    case .returned(let reason):
      try putBack.file(of: claim)
      finish(DeliveryOutcome(claim, returned: reason))
      if let entry { left.add(entry) }
    case .failed(let reason):
      note(IntakeNote(.fileUnreadable, folder: name.folder, name: claim.file, reason))
      finish(DeliveryOutcome(claim, returned: reason))
      readiness.holdBack(name.delivery, until: Machine.monotonicSeconds + InboxPass.pause(after: name.attempt))
    }
  }

  /// Seconds until a file that could not be read is tried again: 1, 4, 16 minutes …
  static func pause(after attempt: Int) -> Double {
    60 * (0..<min(max(0, attempt - 1), 5)).reduce(1.0) { pause, _ in pause * 4 }
  }

  // MARK: Words

  private func finish(_ delivery: DeliveryOutcome) {
    outcome.deliveries.append(delivery)
    report(.finished(delivery))
  }

  private func note(_ note: IntakeNote) {
    outcome.notes.append(note)
    report(.noted(note))
  }

  /// What came without its other half, too long ago (ING-06).
  private func overdue(_ scan: InboxScan, _ sidecars: Sidecars, _ left: InboxLeft) -> [IntakeNote] {
    var notes: [IntakeNote] = []
    let names = Set(scan.files.map(\.key))
    for entry in scan.files where left.names.contains(entry.key) {
      guard sidecars.verdict(entry, rule: settings.doneRule(folder: entry.folder)) == .waits else { continue }
      if left.age(entry) >= settings.doneTimeout {
        notes.append(IntakeNote(.manifestMissing, folder: entry.folder, name: entry.name, "it waits for its done file"))
      }
    }
    for entry in scan.sidecars where left.age(entry) >= settings.doneTimeout {
      if entry.name == StoreLayout.manifestName {
        notes.append(
          IntakeNote(.manifestMissing, folder: entry.folder, name: entry.name, "files that it lists have not come"))
      } else if !names.contains(String(entry.key.dropLast(StoreLayout.doneSuffix.count))) {
        notes.append(
          IntakeNote(.manifestMissing, folder: entry.folder, name: entry.name, "its file has not come"))
      }
    }
    return notes
  }
}

/// Files that stay in the inbox after a pass.
struct InboxLeft {
  private let readiness: Readiness
  private let now: Double
  private(set) var names: Set<String> = []
  private(set) var oldest: [String: Double] = [:]

  init(readiness: Readiness, now: Double) {
    self.readiness = readiness
    self.now = now
  }

  mutating func add(_ entry: InboxEntry) {
    names.insert(entry.key)
    oldest[entry.folder] = max(oldest[entry.folder] ?? 0, age(entry))
  }

  mutating func add(contentsOf entries: [InboxEntry]) {
    for entry in entries { add(entry) }
  }

  func age(_ entry: InboxEntry) -> Double { readiness.age(entry, at: now) }
}

extension FileStatus {
  /// A regular file with one name, and the content that was looked at. A copy from another file system was compared
  /// when it was made.
  fileprivate func isWhatWasSeen(_ seen: FileStatus) -> Bool {
    isRegular && linkCount == 1 && (device != seen.device || isUnwritten(since: seen))
  }
}
