public import SpotCheckCatalogue
public import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem
import Synchronization

/// Shows refused rows as they were delivered. The catalogue keeps them masked; the whole row stands in the file that the
/// archive keeps, and is read there, at the recorded place, by the layout that read it before. Every use is recorded in
/// the store's journal before anything is shown.
public final class RejectRevealer: Sendable {
  private let layout: StoreLayout
  private let library: PipelineLibrary
  private let catalogue: Catalogue
  /// Of one batch at a time: rows come batch by batch.
  private let texts = Mutex<(batch: BatchID, rows: [Int: String])>((-1, [:]))

  /// Opens the store and records who wants to see what, and why.
  ///
  /// - Parameters:
  ///   - question: which rows, as asked for.
  ///   - person: the account that asks, as the system calls it.
  /// - Throws: ``CatalogueError``, ``SystemError``.
  public init(store root: String, library: PipelineLibrary, reason: String, question: String, person: String) throws {
    layout = StoreLayout(root: root)
    self.library = library
    catalogue = try Catalogue.open(path: layout.catalogue)
    var body = JSONObject()
    body.set("list", "rejects")
    body.set("reason", reason)
    body.set("where", question)
    body.set("by", person)
    try catalogue.appendJournal(JournalEntry(kind: "reveal", body: body.text, time: ImportRun.milliseconds()))
  }

  /// The row as delivered, cut to ``Diagnostic/rawTextLimit``; nil if the file was not kept, its layout is not there any
  /// more, or the row is not where it was.
  ///
  /// - Throws: what reading the file throws.
  public func text(of reject: Reject, in batch: StoredBatch) throws -> String? {
    try texts.withLock { known in
      if known.batch != batch.id { known = (batch.id, try read(batch)) }
      return known.rows[reject.position.byteOffset]
    }
  }

  private func read(_ batch: StoredBatch) throws -> [Int: String] {
    guard let file = KeptFile(batch.record, layout, library) else { return [:] }
    var wanted: Set<Int> = []
    try catalogue.forEachReject(batch: batch.id) { _, reject in
      wanted.insert(reject.position.byteOffset)
      return true
    }
    var reader = try file.reader()
    let found = FoundRows(wanted)
    reader.observer = { chunk, names, _ in found.look(chunk, names) }
    _ = try KeptFile.pass(&reader)
    return found.texts
  }
}

/// Takes the wanted rows out of the chunks as they pass.
private final class FoundRows {
  private let wanted: Set<Int>
  private(set) var texts: [Int: String] = [:]

  init(_ wanted: Set<Int>) { self.wanted = wanted }

  func look(_ chunk: RecordChunk, _ names: [String]) {
    for row in chunk.rows where wanted.contains(row.byteOffset) && texts[row.byteOffset] == nil {
      let text =
        chunk.rawText(of: row)
        ?? chunk.cells(of: row).map { cell in
          (Int(cell.column) < names.count ? names[Int(cell.column)] : "#\(cell.column + 1)") + "="
            + chunk.text(of: cell)
        }.joined(separator: "\n")
      texts[row.byteOffset] = Diagnostic.cut(text)
    }
  }
}
