import SpotCheckCatalogue
import SpotCheckDigest
import SpotCheckModel
import SpotCheckPipeline
import SpotCheckReceipts
import SpotCheckStore
import SpotCheckSystem

/// What is left to do for a file that the catalogue has recorded: put it where it is kept, write its receipts, end its
/// claim. Every step can be done again, and what is made of it depends on the catalogue alone: it does not matter which
/// run does it, or how often.
struct Settlement {
  let run: ImportRun
  let folders: KeptFolders
  let desk: ReceiptDesk

  /// - Parameter superseded: samples of earlier batches that the file took the place of, if the caller knows.
  /// - Returns: path of the receipt, relative to the store; empty for a file that was not dropped.
  func settle(_ claim: Claim, as batch: StoredBatch, superseded: Int? = nil) throws -> String {
    var batch = batch
    if try claim.folder.holds(claim.file) { batch = try keep(claim, batch) }
    if claim.hasDone, try claim.folder.holds(claim.doneName) { try keepDone(claim, batch.record) }
    let receipt = claim.name.isDirect ? "" : try desk.decided(batch, claim: claim.name, superseded: superseded)
    try claim.close()
    return receipt
  }

  private func keep(_ claim: Claim, _ batch: StoredBatch) throws -> StoredBatch {
    var batch = batch
    let record = batch.record
    let places = [record.place] + longerPlaces(record)
    for place in places where !place.isEmpty {
      // The reason first: no file in quarantine is ever without it.
      if record.state == .refused, try mayStand(at: place, record) { try writeReason(claim, batch, place: place) }
      guard try folders.keep(claim.file, of: claim.folder, at: place, digest: record.fileDigest) else { continue }
      if place != record.place {
        try run.catalogue.setPlace(place, of: batch.id)
        batch.record.place = place
      }
      return batch
    }
    throw ImportError(
      .unbalanced, path: claim.path, "there is no free name to keep it under; it was recorded and is left here")
  }

  /// Somebody else's file has come to stand at the place that was meant, since it was chosen.
  private func longerPlaces(_ record: BatchRecord) -> [String] {
    let day = StoreDay.of(milliseconds: record.imported ?? 0)
    return [16, 32, 64].map { digits in
      record.state == .refused
        ? StoreLayout.quarantined(
          code: record.refusalCode, day: day, digest: record.fileDigest, name: record.name, digits: digits)
        : StoreLayout.archived(day: day, digest: record.fileDigest, name: record.name, digits: digits)
    }
  }

  private func mayStand(at place: String, _ record: BatchRecord) throws -> Bool {
    let path = run.layout.path(of: place)
    return try !FileSystem.exists(path) || (try? FileDigest(of: path).digest.hex) == record.fileDigest
  }

  private func writeReason(_ claim: Claim, _ batch: StoredBatch, place: String) throws {
    let record = batch.record
    try folders.make(PathText.folder(of: place))
    let found = try run.catalogue.diagnostics(batch: batch.id).first { $0.code.rawValue == record.refusalCode }
    let text = DiagnosticCode(rawValue: record.refusalCode)?.text
    var json = JSONObject()
    json.set("code", record.refusalCode)
    json.set("message", record.refusalMessage)
    json.set("message_zh", found.flatMap { $0.messageZh.isEmpty ? nil : $0.messageZh } ?? text?.titleZh ?? "")
    json.set("remedy", text?.remedy ?? "")
    json.set("remedy_zh", text?.remedyZh ?? "")
    json.set("name", PathText.printable(record.name))
    json.set("folder", PathText.printable(record.folder))
    json.set("sha256", record.fileDigest)
    json.set("bytes", record.fileBytes)
    json.set("delivery", claim.name.delivery)
    json.set("attempt", claim.name.attempt)
    json.set("run", record.runID ?? "")
    json.set("batch", batch.id)
    try DurableWriter.write(
      Array((json.text + "\n").utf8), to: run.layout.path(of: place) + StoreLayout.reasonSuffix)
  }

  /// The done file is kept beside its file.
  private func keepDone(_ claim: Claim, _ record: BatchRecord) throws {
    let digest = try FileDigest(of: PathText.join(claim.folder.path, claim.doneName)).digest.hex
    let place = record.place + StoreLayout.doneSuffix
    _ = try folders.keep(
      claim.doneName, of: claim.folder,
      places: [place, "\(record.place).\(claim.name.delivery)" + StoreLayout.doneSuffix],
      digest: digest)
  }
}

/// The day in whose folder something is kept: China's, wherever the machine's clock thinks that it is.
enum StoreDay {
  /// - Parameter milliseconds: since 1970 UTC.
  static func of(milliseconds: Int64) -> String { String(TimeStamp(milliseconds: milliseconds).text.prefix(10)) }

  static var today: String { of(milliseconds: Machine.wallClockNanoseconds / 1_000_000) }
}
