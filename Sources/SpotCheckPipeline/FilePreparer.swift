import SpotCheckCatalogue
import SpotCheckCuration
import SpotCheckDigest
import SpotCheckModel
import SpotCheckReading
import SpotCheckStore
import SpotCheckSystem
import Synchronization

/// Reads delivered files: bytes become sealed segments and a report, or the reason for a refusal. Asks no catalogue and
/// changes nothing that anybody sees, so that several files can be prepared at once.
struct FilePreparer: Sendable {
  var library: PipelineLibrary
  /// The pipeline that was asked for.
  var chosen: PipelinePlan?
  var options: ImportOptions
  var layout: StoreLayout
  var runID: String?
  /// Threads of the run; shared by all that prepare files for it.
  var threads = ReadingThreads(most: 1)

  /// Files of fewer bytes are read before a second thread has begun.
  static let leastBytesAhead = 256 << 10

  /// What preparing one file may ask and tell.
  struct Dealings {
    /// An accepted batch with these bytes. Nil: it is not to be asked.
    var known: ((_ fileDigest: String) throws -> StoredBatch?)?
    var isStopped: () -> Bool = { false }
    /// Whether a segment belongs to the store. Segments are named by their content: one that was sealed may be there.
    var isPublished: (_ segment: String) -> Bool = { _ in false }
    var hooks = TakeHooks()
  }

  /// - Throws: ``ImportError`` (`changed`, `stopped`), ``SystemError``, ``StoreError``; what was sealed until then is
  ///   removed.
  func prepare(_ delivery: Delivery, _ dealings: Dealings = Dealings()) throws -> PreparedFile {
    var file = try identified(delivery, dealings)
    try finish(&file, dealings)
    return file
  }

  /// The second half of preparing: reads what ``identified(_:_:)`` has left unread.
  func finish(_ file: inout PreparedFile, _ dealings: Dealings) throws {
    guard case .unread(let before?) = file.finding else { return }
    let start = Machine.monotonicSeconds
    threads.begin()
    defer { threads.giveBack() }
    do {
      file.finding = try examine(&file, since: before, dealings)
    } catch {
      file.removeSegments(from: layout, except: dealings.isPublished)
      throw error
    }
    if case .refused = file.finding { file.removeSegments(from: layout, except: dealings.isPublished) }
    file.seconds += Machine.monotonicSeconds - start
  }

  /// A delivery that is refused without asking what is in it. If not even its bytes can be read, its digest is zeros.
  func refused(_ delivery: Delivery, _ reason: Diagnostic, _ dealings: Dealings = Dealings()) throws -> PreparedFile {
    var file = begun(delivery)
    do throws(SystemError) {
      _ = try identify(&file)
    } catch {
      guard error.path == delivery.path, !error.isOfMachine else { throw error }
      file.batch.fileDigest = String(repeating: "0", count: 64)
    }
    try dealings.hooks.received(file.batch)
    file.finding = .refused(reason)
    return file
  }

  private func begun(_ delivery: Delivery) -> PreparedFile {
    var file = PreparedFile(delivery, runID: runID)
    file.batch.askedPipeline = options.pipeline ?? ""
    file.batch.received = ImportRun.milliseconds()
    return file
  }

  /// The first half of preparing: what can be told of a file without reading what is in it. It is `unread` then, or
  /// need not be read.
  func identified(_ delivery: Delivery, _ dealings: Dealings) throws -> PreparedFile {
    let start = Machine.monotonicSeconds
    var file = begun(delivery)
    file.finding = try look(at: &file, dealings)
    file.seconds = Machine.monotonicSeconds - start
    return file
  }

  private func look(at file: inout PreparedFile, _ dealings: Dealings) throws -> PreparedFile.Finding {
    let delivery = file.delivery
    let before: FileStatus
    do throws(SystemError) {
      before = try identify(&file)
    } catch {
      // A claimed file that cannot be read is the machine's failure, and is tried again.
      if delivery.id != nil, !error.isNotRegular, !error.isSymbolicLink { throw error }
      let code: DiagnosticCode = error.code == SystemError.notRegularCode ? .fileNotRegular : .fileUnreadable
      return .refused(Diagnostic(code, at: .file, error.description, zh: error.meaningZh))
    }
    try dealings.hooks.received(file.batch)
    if !PathText.isText(delivery.name) {
      file.report.add(
        Diagnostic(
          .fileNameInvalid, at: .file, "kept as '\(StoreLayout.safeName(delivery.name))'",
          zh: "存档时改名为“\(StoreLayout.safeName(delivery.name))”"))
    }
    if let mismatch = delivery.declared?.mismatch(bytes: file.batch.fileBytes, digest: file.batch.fileDigest) {
      return .refused(mismatch)
    }
    if before.byteCount > options.limits.fileBytes {
      return .refused(
        Diagnostic(
          .fileTooBig, at: .file, "\(before.byteCount) bytes; the limit is \(options.limits.fileBytes)",
          zh: "文件 \(before.byteCount) 字节，上限 \(options.limits.fileBytes) 字节"))
    }
    if let earlier = try dealings.known?(file.batch.fileDigest) { return .known(earlier) }
    return .unread(before)
  }

  private func examine(
    _ file: inout PreparedFile, since before: FileStatus, _ dealings: Dealings
  ) throws -> PreparedFile.Finding {
    let delivery = file.delivery
    let layout: LayoutPlan
    switch try choosePipeline(delivery) {
    case .layout(let found): layout = found
    case .refused(let diagnostic):
      // The beginning of a file that is still being written fits nothing.
      if delivery.id != nil, !(try isSame(since: before, &file)) { throw ImportError.changed(delivery.path) }
      return .refused(diagnostic)
    }
    file.layoutName = layout.fullName
    file.batch.bureau = layout.curation.bureau
    file.batch.pipeline = layout.pipeline
    file.batch.layout = layout.name
    file.batch.revision = layout.curation.revision

    // Our own copy is read once. What was claimed is hashed once more.
    let source = try FileSource(delivery.path, once: delivery.isPrivate)
    try read(source, layout, &file, dealings)
    // What reading needed, tables and all that is known of texts, is free now; comparing the segments needs other memory.
    if file.segments.count > 1 { Machine.giveBackMemory() }
    if !(try isUnchanged(source, since: before, &file)) {
      // Somebody is still writing what was given to us for good: it is taken when it is at rest.
      if delivery.id != nil { throw ImportError.changed(delivery.path) }
      file.report.add(Diagnostic(.fileChangedDuringRead, at: .file))
    }
    // A table that breaks off behind its header looks like an empty one: nobody can tell, so somebody is told.
    if file.report.fatal == nil, file.report.accounts.read == file.report.accounts.blank {
      file.report.add(Diagnostic(.fileWithoutRecords, at: .file))
    }
    if let fatal = file.report.fatal { return .refused(fatal) }
    if let breach = layout.gate.breach(file.report.accounts) { return .refused(breach) }
    if let mismatch = delivery.declared?.mismatch(rows: file.report.accounts) { return .refused(mismatch) }
    return .acceptable(layout)
  }

  /// Hashes the file's bytes: its identity, known before anything is parsed.
  private func identify(_ file: inout PreparedFile) throws(SystemError) -> FileStatus {
    let delivery = file.delivery
    let found: FileDigest
    if delivery.isPrivate, let told = delivery.identity {
      found = told
    } else {
      found = try FileDigest(of: delivery.path, followSymlinks: delivery.id == nil)
    }
    file.batch.fileDigest = found.digest.hex
    file.batch.fileBytes = Int(found.status.byteCount)
    return found.status
  }

  /// Whether what was parsed is what was hashed. A claimed file is hashed once more: renaming does not stop a writer
  /// that has it open, and a writer can set times back.
  private func isUnchanged(_ source: FileSource, since before: FileStatus, _ file: inout PreparedFile) throws -> Bool {
    guard try source.currentStatus().isUnwritten(since: before) else { return false }
    return try file.delivery.id == nil || isSame(since: before, &file)
  }

  private func isSame(since before: FileStatus, _ file: inout PreparedFile) throws -> Bool {
    guard !file.delivery.isPrivate else { return true }
    let first = file.batch.fileDigest
    let again = try identify(&file)
    return again.isUnwritten(since: before) && file.batch.fileDigest == first
  }

  private func choosePipeline(_ delivery: Delivery) throws -> PipelineMatch {
    if let chosen, chosen.layouts.count == 1 {
      return .layout(
        try PipelineMatcher.fitted(chosen.layouts[0], path: delivery.path, limits: options.limits) {
          try FileSource(delivery.path)
        })
    }
    let plans = (chosen.map { [$0] } ?? library.plans).filter {
      delivery.bureau == nil || $0.layouts.contains { $0.curation.bureau == delivery.bureau }
    }
    let matcher = PipelineMatcher(plans: plans, limits: options.limits)
    return try matcher.match(path: delivery.origin) { try FileSource(delivery.path) }
  }

  /// Reads, curates and seals, a chunk at a time.
  private func read(
    _ source: FileSource, _ plan: LayoutPlan, _ file: inout PreparedFile, _ dealings: Dealings
  ) throws {
    // Of a copy of our own the digest is known, and stands for the payload too if nothing is packed in it.
    let payload = PayloadHash(isFileKnown: file.delivery.isPrivate)
    let total = Int(source.status.byteCount)
    var open = OpenTables()
    let (name, limits) = (file.delivery.origin, options.limits)
    let records = { @Sendable in
      RecordSource(source, name: name, layout: plan, limits: limits, taps: payload.taps)
    }
    // A small file is read before another thread has begun.
    let readsAhead = total >= FilePreparer.leastBytesAhead && threads.take()
    defer { if readsAhead { threads.giveBack() } }
    var sealer = SegmentSealer(into: layout, isAhead: readsAhead)
    // Whatever was sealed when an error is thrown is the caller's to remove.
    defer { file.segments = sealer.settled() }
    var reader =
      readsAhead
      ? DeliveryReader(ahead: records, layout: plan, batch: file.batch.fileDigest)
      : DeliveryReader(records(), layout: plan, batch: file.batch.fileDigest)
    // What another thread seals it may also bring into columns: it has less to do than this one.
    reader.leavesItemColumns = readsAhead
    while try reader.step(into: &open.tables, report: &file.report) {
      drainRejects(&file)
      dealings.hooks.progress(file.report.accounts.read, reader.rawBytes, total)
      if file.report.fatal != nil {
        // Too much was refused. The digest is that of the whole payload nevertheless.
        try reader.stop()
        break
      }
      if dealings.isStopped() { throw ImportError.stopped(file.delivery.path) }
      if open.rowCount >= options.segmentRows {
        // Between two steps: the last sample is held back, because rows of it may still come.
        guard reader.canSeal else { continue }
        reader.prepareSeal(&open.tables, report: &file.report)
        try seal(&open, of: &reader, by: &sealer, &file)
        reader.didSeal()
      }
    }
    drainRejects(&file)
    if file.report.fatal == nil { try seal(&open, of: &reader, by: &sealer, &file) }
    try sealer.finish()
    file.batch.payloadBytes = reader.payloadBytes
    guard let digest = payload.digest(of: file.batch) else { throw ImportError.changed(file.delivery.path) }
    file.batch.payloadDigest = digest
  }

  /// The tables that rows are added to, and room for the item rows that are not in their columns yet.
  private struct OpenTables {
    var tables = TablePair()
    var rows = ItemRows()

    var rowCount: Int { max(tables.items.rowCount, tables.samples.rowCount) }
  }

  private func seal(
    _ open: inout OpenTables, of reader: inout DeliveryReader, by sealer: inout SegmentSealer,
    _ file: inout PreparedFile
  ) throws {
    guard !open.tables.isEmpty else { return }
    file.samples += open.tables.samples.rowCount
    file.items += open.tables.items.rowCount
    file.deliveredRows += open.tables.samples.deliveredRows.reduce(0) { $0 + Int($1) }
    if reader.leavesItemColumns { reader.swapItemRows(&open.rows) }
    try sealer.seal(&open.tables, &open.rows)
  }

  private func drainRejects(_ file: inout PreparedFile) {
    file.rejects += file.report.rejects
    file.report.rejects.removeAll(keepingCapacity: true)
    if file.rejects.count > options.maximumRejects, file.report.fatal == nil {
      file.report.add(
        Diagnostic(
          .gateRejects, at: .file, "more than \(options.maximumRejects) rows were rejected",
          zh: "被拒收的行超过 \(options.maximumRejects) 行"))
    }
  }
}

extension ImportError {
  static func changed(_ path: String) -> ImportError {
    ImportError(.changed, path: path, "the file changed while it was read; it will be tried again")
  }

  static func stopped(_ path: String) -> ImportError {
    ImportError(.stopped, path: path, "stopped; nothing of the file was recorded")
  }
}

/// Hashes payload blocks as they pass, unless they are the bytes of a file whose digest is known for good.
private final class PayloadHash: Sendable {
  private let hasher = Mutex(ContentHasher())
  private let isFileKnown: Bool

  init(isFileKnown: Bool) { self.isFileKnown = isFileKnown }

  var taps: PayloadTaps {
    PayloadTaps(payload: { bytes in self.hasher.withLock { $0.update(bytes) } }, seesPlain: !isFileKnown)
  }

  /// The digest of what has passed; nil if that should have been the whole file, and was not.
  func digest(of batch: BatchRecord) -> String? {
    hasher.withLock {
      guard isFileKnown, $0.byteCount == 0, batch.payloadBytes > 0 else { return $0.finalise().hex }
      return batch.payloadBytes == batch.fileBytes ? batch.fileDigest : nil
    }
  }
}
