import SpotCheckCatalogue
import SpotCheckDigest
import SpotCheckModel
import SpotCheckPipeline
import SpotCheckReceipts
import SpotCheckStore
import SpotCheckSystem

/// Writes what the bureaus get back (ING-14): `received` as soon as a file is claimed and hashed, and what became of it
/// once it is recorded and kept. The second one is made from the catalogue alone, so that a run that was cut short can
/// write it as well.
final class ReceiptDesk {
  private let run: ImportRun
  private let folders: KeptFolders
  /// The key with which receipts are sealed; nil: the store has none. Asked for when the first one is written.
  private let key: () throws -> SealKey?
  private lazy var loadedKey = Result { try key() }

  init(run: ImportRun, folders: KeptFolders, key: @escaping () throws -> SealKey?) {
    self.run = run
    self.folders = folders
    self.key = key
  }

  /// Stage one.
  func received(_ batch: BatchRecord, claim: ClaimName) throws {
    let receipt = self.receipt(.received, batch, claim)
    let path = StoreLayout.receipt(.received, folder: claim.folder, name: batch.name, delivery: claim.delivery)
    try folders.make(PathText.folder(of: path))
    // Not synced with its folder: the second receipt is, and takes its place.
    var writer = try DurableWriter(run.layout.path(of: path))
    try writer.write(receipt.json)
    try writer.publish(syncFolder: false)
  }

  /// Takes stage one back: the file is in the inbox again.
  func withdraw(name: String, claim: ClaimName) throws {
    let path = StoreLayout.receipt(.received, folder: claim.folder, name: name, delivery: claim.delivery)
    try FileSystem.removeFile(run.layout.path(of: path))
  }

  /// Stage two, all its files.
  ///
  /// - Returns: the path of the JSON, relative to the store.
  func decided(_ batch: StoredBatch, claim: ClaimName, superseded: Int?) throws -> String {
    let record = batch.record
    let diagnostics = try run.catalogue.diagnostics(batch: batch.id) + firstRejects(batch)
    let counts = Dictionary(
      record.diagnosticCounts.compactMap { name, count in DiagnosticCode(rawValue: name).map { ($0, count) } },
      uniquingKeysWith: +)
    let problems = ReceiptProblem.list(counts: counts, diagnostics: diagnostics)
    let stage: ReceiptStage =
      switch record.state {
      case .accepted: Receipt.stage(rows: record.accounts, problems: problems)
      case .duplicate: .duplicate
      case .refused: .rejected
      }
    var receipt = self.receipt(stage, record, claim)
    receipt.decided = record.imported.map { TimeStamp(milliseconds: $0) }
    receipt.batch = batch.id
    receipt.snapshot = batch.snapshot
    receipt.layout = record.layout.isEmpty ? "" : "\(record.pipeline)/\(record.layout)"
    receipt.revision = record.revision
    receipt.rows = record.accounts
    receipt.samples = record.samples
    receipt.items = record.items
    receipt.superseded = try superseded ?? run.catalogue.supersededEarlier(by: batch.id)
    receipt.sampleAccounts = record.sampleAccounts
    receipt.problems = problems
    receipt.refusal = refusal(record, diagnostics)
    receipt.earlier = try earlier(record)
    receipt.place = record.place
    receipt.journalHead = try run.catalogue.journalHead()?.hash
    return try write(&receipt, record, claim)
  }

  /// The table of refused rows first: the receipt speaks of it.
  private func write(_ receipt: inout Receipt, _ record: BatchRecord, _ claim: ClaimName) throws -> String {
    func path(_ file: StoreLayout.ReceiptFile) -> String {
      StoreLayout.receipt(file, folder: claim.folder, name: record.name, delivery: claim.delivery)
    }
    func write(_ file: StoreLayout.ReceiptFile, _ bytes: [UInt8]) throws {
      var writer = try DurableWriter(run.layout.path(of: path(file)))
      try writer.write(bytes)
      try writer.publish(syncFolder: false)
    }
    let folder = PathText.folder(of: path(.json))
    try folders.make(folder)
    if let table = try refusedRows(record) {
      try write(.refusedRows, table.csv)
      receipt.refusedRowsFile = PathText.name(of: path(.refusedRows))
    }
    try write(.text, receipt.text)
    receipt.seal = nil
    if let key = try loadedKey.get() { receipt.seal = ReceiptSeal.seal(receipt.json, key) }
    try write(.json, receipt.json)
    try FileSystem.syncFolder(run.layout.path(of: folder))
    return path(.json)
  }

  /// The rows to be mended, from the file as it is kept now; nil if there are none, or none that a table could hold.
  private func refusedRows(_ record: BatchRecord) throws -> RefusedRowsTable? {
    let isWhole = record.state == .refused && record.refusalCode == DiagnosticCode.gateRejects.rawValue
    guard isWhole || record.state == .accepted, record.accounts.rejected > 0,
      let layout = run.library.pipeline(record.pipeline)?.layout(record.layout)
    else { return nil }
    let rows = RefusedRows(
      path: run.layout.path(of: record.place), name: record.name, layout: layout, limits: run.options.limits,
      segmentRows: run.options.segmentRows)
    do {
      return try rows.table(isWhole: isWhole)
    } catch let error as SystemError where !error.isOfMachine {
      // The receipt does without. It must not be the reason why this file is never finished.
      return nil
    }
  }

  private func receipt(_ stage: ReceiptStage, _ batch: BatchRecord, _ claim: ClaimName) -> Receipt {
    let bureau = claim.folder.isEmpty ? batch.bureau : claim.folder
    var receipt = Receipt(
      stage: stage, delivery: claim.delivery,
      bureau: ReceiptBureau(code: bureau, name: run.bureauName(bureau)),
      file: ReceiptFile(
        name: PathText.printable(batch.name), bytes: batch.fileBytes, digest: batch.fileDigest,
        payloadDigest: batch.payloadDigest,
        payloadBytes: batch.payloadDigest.isEmpty ? nil : batch.payloadBytes),
      run: batch.runID ?? run.id, received: batch.received.map { TimeStamp(milliseconds: $0) })
    receipt.attempt = max(1, claim.attempt)
    receipt.program = "spotcheck " + run.options.version
    return receipt
  }

  private func refusal(_ record: BatchRecord, _ diagnostics: [Diagnostic]) -> ReceiptRefusal? {
    guard record.state == .refused else { return nil }
    if let diagnostic = diagnostics.first(where: { $0.code.rawValue == record.refusalCode }) {
      return ReceiptRefusal(diagnostic)
    }
    let text = DiagnosticCode(rawValue: record.refusalCode)?.text
    return ReceiptRefusal(
      code: record.refusalCode, message: record.refusalMessage, messageZh: text?.titleZh ?? record.refusalMessage,
      remedy: text?.remedy ?? "", remedyZh: text?.remedyZh ?? "")
  }

  private func earlier(_ record: BatchRecord) throws -> ReceiptEarlier? {
    guard let id = record.duplicateOf, let batch = try run.catalogue.batch(id) else { return nil }
    return ReceiptEarlier(
      batch: id, name: PathText.printable(batch.record.name),
      imported: batch.record.imported.map { TimeStamp(milliseconds: $0) })
  }

  /// Enough rejected rows to name some places of every code.
  private func firstRejects(_ batch: StoredBatch) throws -> [Diagnostic] {
    guard batch.record.accounts.rejected > 0 else { return [] }
    var diagnostics: [Diagnostic] = []
    var kept: [DiagnosticCode: Int] = [:]
    try run.catalogue.forEachReject(batch: batch.id) { _, reject in
      for diagnostic in reject.diagnostics where kept[diagnostic.code, default: 0] < ReceiptProblem.examplesPerCode {
        kept[diagnostic.code, default: 0] += 1
        diagnostics.append(diagnostic)
      }
      return true
    }
    return diagnostics
  }
}
