import SpotCheckCatalogue
import SpotCheckCuration
import SpotCheckDigest
import SpotCheckModel
import SpotCheckReading
import SpotCheckStore
import SpotCheckSystem

/// One delivered file on its way into the store: all of it in one transaction, or nothing.
final class ImportFile {
  let run: ImportRun
  let delivery: Delivery
  var path: String { delivery.path }
  private let hooks: TakeHooks
  var outcome: FileOutcome
  var batch: BatchRecord
  var segments: [SegmentDescription] = []
  private var rejects: [Reject] = []
  var report = CurationReport()
  /// Delivered rows that the sealed samples were made of.
  private var deliveredRows = 0

  init(run: ImportRun, delivery: Delivery, hooks: TakeHooks) {
    self.run = run
    self.delivery = delivery
    self.hooks = hooks
    outcome = FileOutcome(path: delivery.origin, state: .refused)
    batch = BatchRecord(fileDigest: "", payloadDigest: "", name: delivery.name, runID: run.id)
    batch.delivery = delivery.id
    batch.folder = delivery.folder
  }

  func importIt() throws -> FileOutcome { try whole(takeIn) }

  /// Records the file as refused without asking what is in it. If not even its bytes can be read, its digest is zeros.
  func refuseUnread(_ reason: Diagnostic) throws -> FileOutcome {
    try whole {
      do throws(SystemError) {
        _ = try identify()
      } catch {
        guard error.path == path, !error.isOfMachine else { throw error }
        batch.fileDigest = String(repeating: "0", count: 64)
      }
      try hooks.received(batch)
      try refuse(reason)
    }
  }

  private func whole(_ body: () throws -> Void) throws -> FileOutcome {
    let start = Machine.monotonicSeconds
    batch.received = ImportRun.milliseconds()
    do {
      try body()
    } catch {
      removeSegments()
      throw error
    }
    outcome.seconds = Machine.monotonicSeconds - start
    return outcome
  }

  private func takeIn() throws {
    let before: FileStatus
    do throws(SystemError) {
      before = try identify()
    } catch {
      // A claimed file that cannot be read is the machine's failure, and is tried again.
      if delivery.id != nil, !error.isNotRegular, !error.isSymbolicLink { throw error }
      let code: DiagnosticCode = error.code == SystemError.notRegularCode ? .fileNotRegular : .fileUnreadable
      return try refuse(Diagnostic(code, at: .file, error.description, zh: error.meaningZh))
    }
    try hooks.received(batch)
    if !PathText.isText(delivery.name) {
      report.add(
        Diagnostic(
          .fileNameInvalid, at: .file, "kept as '\(StoreLayout.safeName(delivery.name))'",
          zh: "存档时改名为“\(StoreLayout.safeName(delivery.name))”"))
    }
    if let mismatch = declaredMismatch() { return try refuse(mismatch) }
    if before.byteCount > run.options.limits.fileBytes {
      return try refuse(
        Diagnostic(
          .fileTooBig, at: .file, "\(before.byteCount) bytes; the limit is \(run.options.limits.fileBytes)",
          zh: "文件 \(before.byteCount) 字节，上限 \(run.options.limits.fileBytes) 字节"))
    }
    if let earlier = try run.catalogue.acceptedBatch(fileDigest: batch.fileDigest) {
      return try recordDuplicate(of: earlier, .fileDuplicate)
    }
    let choice = try choosePipeline()
    guard case .success(let layout) = choice else {
      guard case .failure(let problem) = choice else { return }
      // The beginning of a file that is still being written fits nothing.
      if delivery.id != nil, !(try isSame(since: before)) { throw changed }
      return try refuse(problem.diagnostic)
    }
    outcome.layout = layout.fullName
    batch.bureau = layout.curation.bureau
    batch.pipeline = layout.pipeline
    batch.layout = layout.name
    batch.revision = layout.curation.revision

    let source = try FileSource(path)
    try read(source, layout: layout)
    if !(try isUnchanged(source, since: before)) {
      // Somebody is still writing what was given to us for good: it is taken when it is at rest.
      if delivery.id != nil { throw changed }
      report.add(Diagnostic(.fileChangedDuringRead, at: .file))
    }
    // A table that breaks off behind its header looks like an empty one: nobody can tell, so somebody is told.
    if report.fatal == nil, report.accounts.read == report.accounts.blank {
      report.add(Diagnostic(.fileWithoutRecords, at: .file))
    }
    outcome.accounts = report.accounts
    outcome.counts = report.counts
    outcome.diagnostics = report.diagnostics
    if let fatal = report.fatal { return try refuse(fatal) }
    if let breach = layout.gate.breach(report.accounts) { return try refuse(breach) }
    if let mismatch = declaredRowMismatch() { return try refuse(mismatch) }
    if let earlier = try run.catalogue.acceptedBatch(payloadDigest: batch.payloadDigest) {
      return try recordDuplicate(of: earlier, .fileDuplicatePayload)
    }
    if let breach = try askGate(layout) { return try refuse(breach) }
    try publish(layout)
  }

  /// Whether what was parsed is what was hashed. A claimed file is hashed once more: renaming does not stop a writer
  /// that has it open, and a writer can set times back.
  private func isUnchanged(_ source: FileSource, since before: FileStatus) throws -> Bool {
    guard try source.currentStatus().isUnwritten(since: before) else { return false }
    return try delivery.id == nil || isSame(since: before)
  }

  private func isSame(since before: FileStatus) throws -> Bool {
    guard !delivery.isPrivate else { return true }
    let first = batch.fileDigest
    let again = try identify()
    return again.isUnwritten(since: before) && batch.fileDigest == first
  }

  private var changed: ImportError {
    ImportError(.changed, path: path, "the file changed while it was read; it will be tried again")
  }

  /// Hashes the file's bytes: its identity, known before anything is parsed.
  private func identify() throws(SystemError) -> FileStatus {
    let found = try FileDigest(of: path, followSymlinks: delivery.id == nil)
    batch.fileDigest = found.digest.hex
    batch.fileBytes = Int(found.status.byteCount)
    return found.status
  }

  private struct NoPipeline: Error {
    var diagnostic: Diagnostic
  }

  private func choosePipeline() throws -> Result<LayoutPlan, NoPipeline> {
    if let chosen = run.chosen, chosen.layouts.count == 1 {
      return .success(
        try PipelineMatcher.fitted(chosen.layouts[0], path: path, limits: run.options.limits) { try FileSource(path) })
    }
    let plans = (run.chosen.map { [$0] } ?? run.library.plans).filter {
      delivery.bureau == nil || $0.layouts.contains { $0.curation.bureau == delivery.bureau }
    }
    let matcher = PipelineMatcher(plans: plans, limits: run.options.limits)
    let match = try matcher.match(path: delivery.origin) { try FileSource(path) }
    switch match {
    case .layout(let layout): return .success(layout)
    case .refused(let diagnostic): return .failure(NoPipeline(diagnostic: diagnostic))
    }
  }

  /// Reads, curates and seals, a chunk at a time.
  private func read(_ source: FileSource, layout: LayoutPlan) throws {
    let payload = PayloadHash()
    let total = Int(source.status.byteCount)
    var tables = TablePair()
    var reader = DeliveryReader(
      source, name: delivery.origin, layout: layout, batch: batch.fileDigest, limits: run.options.limits,
      taps: PayloadTaps(payload: { payload.add($0) }))
    while try reader.step(into: &tables, report: &report) {
      drainRejects()
      hooks.progress(report.accounts.read, reader.rawBytes, total)
      if report.fatal != nil { break }
      try stopIfAsked()
      if tables.items.rowCount >= run.options.segmentRows || tables.samples.rowCount >= run.options.segmentRows {
        try seal(&tables, &reader)
      }
    }
    drainRejects()
    if report.fatal == nil { try write(&tables) }
    batch.payloadBytes = reader.payloadBytes
    outcome.payloadBytes = reader.payloadBytes
    batch.payloadDigest = payload.digest
  }

  /// Between two steps: the last sample is held back, because rows of it may still come.
  private func seal(_ tables: inout TablePair, _ reader: inout DeliveryReader) throws {
    guard reader.canSeal else { return }
    reader.prepareSeal(&tables, report: &report)
    try write(&tables)
    reader.didSeal()
  }

  private func write(_ tables: inout TablePair) throws {
    guard !tables.isEmpty else { return }
    outcome.samples += tables.samples.rowCount
    outcome.items += tables.items.rowCount
    deliveredRows += tables.samples.deliveredRows.reduce(0) { $0 + Int($1) }
    segments.append(try SegmentWriter.write(tables, into: run.layout))
    tables = TablePair()
  }

  private func drainRejects() {
    rejects += report.rejects
    report.rejects.removeAll(keepingCapacity: true)
    if rejects.count > run.options.maximumRejects, report.fatal == nil {
      report.add(
        Diagnostic(
          .gateRejects, at: .file, "more than \(run.options.maximumRejects) rows were rejected",
          zh: "被拒收的行超过 \(run.options.maximumRejects) 行"))
    }
  }

  /// What the run's gate says about the whole file, before anything of it is visible: the breach that refuses it, or
  /// nil; what is only worth knowing is reported with the file.
  private func askGate(_ layout: LayoutPlan) throws -> Diagnostic? {
    guard let gate = run.gate else { return nil }
    var subject = GateSubject(bureau: batch.bureau, pipeline: layout.pipeline, layout: layout.name)
    subject.accounts = report.accounts
    subject.counts = report.counts
    for (text, count) in report.unmapped { subject.unmapped[text.table, default: 0] += count }
    var breach: Diagnostic?
    for finding in try gate(subject) {
      report.add(finding)
      if finding.severity == .fatal { breach = breach ?? finding }
    }
    return breach
  }

  private func publish(_ layout: LayoutPlan) throws {
    let isWhole = deliveredRows == report.accounts.accepted
    let resolver = VersionResolver(
      catalogue: run.catalogue, layout: run.layout, mergesRows: layout.curation.shape == .items)
    let resolution = try resolver.resolve(segments)
    if let split = resolution.split { return try refuse(split) }
    for conflict in resolution.conflicts { report.add(conflict) }
    report.accounts.accepted -= resolution.duplicateRows
    report.accounts.duplicate += resolution.duplicateRows
    guard report.accounts.isBalanced, isWhole else {
      throw ImportError(
        .unbalanced, path: path,
        "rows do not add up: \(report.accounts), samples made of \(deliveredRows); nothing was published. This is a defect of SpotCheck: please report it"
      )
    }
    try reportPossibleDuplicates(resolution.rows)
    let samples = try countSamples(resolution.rows, purposes: layout.curation.tables["purposes"])
    outcome.accounts = report.accounts
    outcome.counts = report.counts
    outcome.diagnostics = report.diagnostics
    outcome.sampleAccounts = samples.accounts
    outcome.superseded = resolution.supersededEarlier
    var accepted = finishedBatch(.accepted)
    accepted.sampleAccounts = samples.accounts
    accepted.closedSamples = samples.closed
    accepted.place = try KeptPlace(run.layout, delivery, digest: batch.fileDigest).archived()
    outcome.place = accepted.place
    var publication = Publication(batch: accepted)
    publication.segments = segments.map(\.record)
    publication.superseded = resolution.rows
    publication.marks = resolution.marks
    publication.diagnostics = report.diagnostics
    publication.unmapped = unmapped()
    publication.tables = layout.curation.tables.tables.values.sorted { $0.name < $1.name }
    publication.time = ImportRun.milliseconds()
    try stopIfAsked()
    outcome.snapshot = try run.catalogue.publish(publication, rejects: rejects)
    outcome.batch = try run.catalogue.acceptedBatch(fileDigest: batch.fileDigest)?.id
    outcome.state = .accepted
  }

  /// The bytes against what was said about them.
  private func declaredMismatch() -> Diagnostic? {
    guard let declared = delivery.declared else { return nil }
    if let bytes = declared.bytes, bytes != batch.fileBytes {
      return Diagnostic(
        .manifestMismatch, at: .file, "\(batch.fileBytes) bytes; the manifest says \(bytes)",
        zh: "文件 \(batch.fileBytes) 字节，清单所列为 \(bytes) 字节")
    }
    if let digest = declared.digest, digest.lowercased() != batch.fileDigest {
      return Diagnostic(
        .manifestMismatch, at: .file, "SHA-256 \(batch.fileDigest); the manifest says \(digest.lowercased())",
        zh: "文件 SHA-256 为 \(batch.fileDigest)，清单所列为 \(digest.lowercased())")
    }
    return nil
  }

  private func declaredRowMismatch() -> Diagnostic? {
    let rows = report.accounts.read - report.accounts.blank
    guard let declared = delivery.declared?.rows, declared != rows else { return nil }
    return Diagnostic(
      .manifestRowCount, at: .file, "\(rows) rows; the manifest says \(declared)",
      zh: "文件有 \(rows) 行数据，清单所列为 \(declared) 行")
  }

  private func stopIfAsked() throws {
    if run.isStopped() { throw ImportError(.stopped, path: path, "stopped; nothing of the file was recorded") }
  }

  private func finishedBatch(_ state: BatchState) -> BatchRecord {
    var finished = batch
    finished.state = state
    outcome.fileDigest = batch.fileDigest
    outcome.payloadDigest = batch.payloadDigest
    outcome.fileBytes = batch.fileBytes
    outcome.bureau = batch.bureau
    finished.accounts = report.accounts
    finished.samples = outcome.samples
    finished.items = outcome.items
    finished.diagnosticCounts = Dictionary(
      uniqueKeysWithValues: report.counts.map { ($0.key.rawValue, $0.value) })
    finished.imported = ImportRun.milliseconds()
    return finished
  }

  private func unmapped() -> [UnmappedRecord] {
    var counts: [UnmappedText: Int] = [:]
    for (key, count) in report.unmapped {
      counts[UnmappedText(table: key.table, text: PersonalData.masked(key.text)), default: 0] += count
    }
    return counts.sorted { $0.key < $1.key }.map {
      UnmappedRecord(table: $0.key.table, text: $0.key.text, count: $0.value)
    }
  }

  /// Nothing of the file counts; that it came, and why it was refused, is kept.
  private func refuse(_ reason: Diagnostic) throws {
    removeSegments()
    if report.counts[reason.code] == nil { report.add(reason) }
    // No row of a refused file is accepted, whatever became of it before.
    report.accounts.rejected += report.accounts.accepted
    report.accounts.accepted = 0
    outcome.samples = 0
    outcome.items = 0
    outcome.accounts = report.accounts
    outcome.counts = report.counts
    outcome.diagnostics = report.diagnostics
    outcome.refusal = reason
    outcome.state = .refused
    var refused = finishedBatch(.refused)
    refused.refusalCode = reason.code.rawValue
    refused.refusalMessage = reason.message.isEmpty ? reason.code.text.title : reason.message
    refused.place = try KeptPlace(run.layout, delivery, digest: batch.fileDigest).refused(reason.code)
    outcome.place = refused.place
    outcome.batch = try run.catalogue.recordRefused(
      refused, diagnostics: report.diagnostics, unmapped: unmapped(), rejects: rejects)
  }

  private func recordDuplicate(of earlier: StoredBatch, _ code: DiagnosticCode) throws {
    removeSegments()
    report = CurationReport()
    report.add(
      Diagnostic(
        code, at: .file, "imported before as \(earlier.record.name) (batch \(earlier.id))",
        zh: "先前已作为 \(earlier.record.name) 导入（批号 \(earlier.id)）"))
    rejects = []
    outcome.accounts = report.accounts
    outcome.counts = report.counts
    outcome.diagnostics = report.diagnostics
    outcome.samples = 0
    outcome.items = 0
    outcome.state = .duplicate
    var record = finishedBatch(.duplicate)
    record.duplicateOf = earlier.id
    record.place = try KeptPlace(run.layout, delivery, digest: batch.fileDigest).archived()
    outcome.place = record.place
    outcome.duplicateOf = earlier
    outcome.batch = try run.catalogue.recordRefused(record, diagnostics: report.diagnostics)
  }

  /// Segments of a file that was not published are litter. Failing to remove them is harmless: the next run does.
  private func removeSegments() {
    for segment in segments {
      _ = try? FileSystem.removeFile(run.layout.samplesFile(segment.id))
      _ = try? FileSystem.removeFile(run.layout.itemsFile(segment.id))
    }
    segments = []
  }
}

/// Hashes payload blocks as they pass.
private final class PayloadHash {
  private var hasher = ContentHasher()
  func add(_ bytes: RawSpan) { hasher.update(bytes) }
  var digest: String { hasher.finalise().hex }
}
