import SpotCheckCatalogue
import SpotCheckCuration
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// A prepared file on its way into the store: all of it in one transaction, or nothing.
final class ImportFile {
  let run: ImportRun
  var file: PreparedFile
  var path: String { file.delivery.path }
  var outcome: FileOutcome

  init(run: ImportRun, _ file: PreparedFile) {
    self.run = run
    self.file = file
    outcome = FileOutcome(path: file.delivery.origin, state: .refused)
    outcome.layout = file.layoutName
    outcome.payloadBytes = file.batch.payloadBytes
    outcome.samples = file.samples
    outcome.items = file.items
  }

  func publishIt() throws -> FileOutcome {
    let start = Machine.monotonicSeconds
    do {
      try decide()
    } catch {
      removeSegments()
      throw error
    }
    outcome.seconds = file.seconds + Machine.monotonicSeconds - start
    return outcome
  }

  private func decide() throws {
    // Another file may have been published since this one was prepared.
    if let earlier = try run.catalogue.acceptedBatch(fileDigest: file.batch.fileDigest) {
      return try recordDuplicate(of: earlier, .fileDuplicate)
    }
    switch file.finding {
    case .known(let earlier): return try recordDuplicate(of: earlier, .fileDuplicate)
    case .refused(let reason): return try refuse(reason)
    case .unread: preconditionFailure("a file that was not read cannot be published")
    case .acceptable(let layout):
      if let earlier = try run.catalogue.acceptedBatch(payloadDigest: file.batch.payloadDigest) {
        return try recordDuplicate(of: earlier, .fileDuplicatePayload)
      }
      if let breach = try run.askGate(layout, &file) { return try refuse(breach) }
      try publish(layout)
    }
  }

  private func publish(_ layout: LayoutPlan) throws {
    let isWhole = file.deliveredRows == file.report.accounts.accepted
    let memory = try run.rememberedStore()
    let resolver = VersionResolver(memory: memory, layout: run.layout, mergesRows: layout.curation.shape == .items)
    let resolution = try resolver.resolve(file.segments)
    if let split = resolution.split { return try refuse(split) }
    for conflict in resolution.conflicts { file.report.add(conflict) }
    file.report.accounts.accepted -= resolution.duplicateRows
    file.report.accounts.duplicate += resolution.duplicateRows
    guard file.report.accounts.isBalanced, isWhole else {
      throw ImportError(
        .unbalanced, path: path,
        "rows do not add up: \(file.report.accounts), samples made of \(file.deliveredRows); nothing was published. This is a defect of SpotCheck: please report it"
      )
    }
    try reportPossibleDuplicates(resolution.rows, memory)
    let samples = try countSamples(resolution.rows, purposes: layout.curation.tables["purposes"])
    tellReport()
    outcome.sampleAccounts = samples.accounts
    outcome.superseded = resolution.supersededEarlier
    var accepted = finishedBatch(.accepted)
    accepted.sampleAccounts = samples.accounts
    accepted.closedSamples = samples.closed
    accepted.place = try KeptPlace(run.layout, file.delivery, digest: file.batch.fileDigest).archived()
    outcome.place = accepted.place
    var publication = Publication(batch: accepted)
    publication.segments = file.segments.map(\.record)
    publication.superseded = resolution.rows
    publication.marks = resolution.marks
    publication.diagnostics = file.report.diagnostics
    publication.unmapped = file.unmapped
    publication.tables = run.unpublishedTables(layout)
    publication.time = ImportRun.milliseconds()
    if run.isStopped() { throw ImportError.stopped(path) }
    let snapshot = try run.catalogue.publish(publication, rejects: file.rejects)
    outcome.snapshot = snapshot
    outcome.batch = try run.catalogue.acceptedBatch(fileDigest: file.batch.fileDigest)?.id
    outcome.state = .accepted
    run.didPublish(publication, sorted: resolution.sorted, batch: outcome.batch ?? 0, snapshot: snapshot)
  }

  private func tellReport() {
    outcome.accounts = file.report.accounts
    outcome.counts = file.report.counts
    outcome.diagnostics = file.report.diagnostics
  }

  private func finishedBatch(_ state: BatchState) -> BatchRecord {
    var finished = file.batch
    finished.state = state
    outcome.fileDigest = finished.fileDigest
    outcome.payloadDigest = finished.payloadDigest
    outcome.fileBytes = finished.fileBytes
    outcome.bureau = finished.bureau
    finished.accounts = file.report.accounts
    finished.samples = outcome.samples
    finished.items = outcome.items
    finished.diagnosticCounts = Dictionary(
      uniqueKeysWithValues: file.report.counts.map { ($0.key.rawValue, $0.value) })
    finished.imported = ImportRun.milliseconds()
    return finished
  }

  /// Nothing of the file counts; that it came, and why it was refused, is kept.
  private func refuse(_ reason: Diagnostic) throws {
    removeSegments()
    file.report.refuse(reason)
    outcome.samples = 0
    outcome.items = 0
    tellReport()
    outcome.refusal = reason
    outcome.state = .refused
    var refused = finishedBatch(.refused)
    refused.refusalCode = reason.code.rawValue
    refused.refusalMessage = reason.message.isEmpty ? reason.code.text.title : reason.message
    refused.place = try KeptPlace(run.layout, file.delivery, digest: file.batch.fileDigest).refused(reason.code)
    outcome.place = refused.place
    outcome.batch = try run.catalogue.recordRefused(
      refused, diagnostics: file.report.diagnostics, unmapped: file.unmapped, rejects: file.rejects)
  }

  private func recordDuplicate(of earlier: StoredBatch, _ code: DiagnosticCode) throws {
    removeSegments()
    file.report = CurationReport()
    file.report.add(
      Diagnostic(
        code, at: .file, "imported before as \(earlier.record.name) (batch \(earlier.id))",
        zh: "先前已作为 \(earlier.record.name) 导入（批号 \(earlier.id)）"))
    file.rejects = []
    tellReport()
    outcome.samples = 0
    outcome.items = 0
    outcome.state = .duplicate
    var record = finishedBatch(.duplicate)
    record.duplicateOf = earlier.id
    record.place = try KeptPlace(run.layout, file.delivery, digest: file.batch.fileDigest).archived()
    outcome.place = record.place
    outcome.duplicateOf = earlier
    outcome.batch = try run.catalogue.recordRefused(record, diagnostics: file.report.diagnostics)
  }

  private func removeSegments() {
    guard !file.segments.isEmpty else { return }
    // Segments are named by their content: the very ones may be published as another batch's.
    guard let published = try? run.catalogue.segmentIDs() else { return }
    file.removeSegments(from: run.layout, except: published.contains)
  }
}

extension CurationReport {
  /// Makes it the report of a refused file: no row of it is accepted, whatever became of it before.
  mutating func refuse(_ reason: Diagnostic) {
    if counts[reason.code] == nil { add(reason) }
    accounts.rejected += accounts.accepted
    accounts.accepted = 0
  }
}

extension ImportRun {
  /// What the run's gate says about the whole file, before anything of it is visible: the breach that refuses it, or
  /// nil; what is only worth knowing is reported with the file.
  func askGate(_ layout: LayoutPlan, _ file: inout PreparedFile) throws -> Diagnostic? {
    guard let gate else { return nil }
    var subject = GateSubject(bureau: file.batch.bureau, pipeline: layout.pipeline, layout: layout.name)
    subject.accounts = file.report.accounts
    subject.counts = file.report.counts
    for (text, count) in file.report.unmapped { subject.unmapped[text.table, default: 0] += count }
    var breach: Diagnostic?
    for finding in try gate(subject) {
      file.report.add(finding)
      if finding.severity == .fatal { breach = breach ?? finding }
    }
    return breach
  }
}

extension DiagnosticCode {
  /// A file with this code was refused for how it came, whatever its bytes say.
  var isOfDelivery: Bool {
    switch self {
    case .filePoison, .manifestMissing, .manifestMismatch, .manifestRowCount, .fileUnreadable, .fileNotRegular,
      .fileSymbolicLink, .fileHardLink:
      true
    default: false
    }
  }
}
