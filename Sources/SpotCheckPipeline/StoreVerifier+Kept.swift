import SpotCheckCatalogue
import SpotCheckDigest
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

extension StoreVerifier {
  /// Hashes every delivered file that is kept: it is there, and holds the bytes that were delivered. One that an
  /// interrupted run has yet to move to its place is said, and is no damage.
  ///
  /// What is kept is then asked what the catalogue should know.
  public mutating func verifyKeptFiles() throws {
    let witnesses = try Witnesses(layout, sealKey)
    for batch in try catalogue.batches() where !batch.record.place.isEmpty {
      let record = batch.record
      let path = layout.path(of: record.place)
      guard try FileSystem.exists(path) else {
        if let delivery = record.delivery, try isClaimed(delivery, run: record.runID) {
          note("batch \(batch.id): \(record.place) is not there yet; the next run moves it")
        } else {
          expect(false, "batch \(batch.id) (\(record.name)): \(record.place) is missing")
        }
        continue
      }
      outcome.keptFiles += 1
      do throws(SystemError) {
        let digest = try FileDigest(of: path).digest.hex
        expect(
          digest == record.fileDigest,
          "batch \(batch.id) (\(record.name)): \(record.place) does not hold the bytes that were delivered")
      } catch {
        if error.isOfMachine { throw error }
        expect(false, "batch \(batch.id) (\(record.name)): \(error)")
      }
    }
    try hear(witnesses)
  }

  /// Whether the delivery still lies where a run claimed it.
  private func isClaimed(_ delivery: String, run: String?) throws -> Bool {
    guard try FileSystem.exists(layout.processing) else { return false }
    for folder in try FileSystem.names(in: layout.processing) {
      let path = PathText.join(layout.processing, folder)
      guard try FileSystem.status(path, followSymlinks: false).kind == .folder else { continue }
      if try FileSystem.names(in: path).contains(where: { $0.hasPrefix(delivery + ".") }) { return true }
    }
    return false
  }

  /// The database itself, and the chain of the journal.
  mutating func verifyCatalogue() throws {
    for problem in try catalogue.integrityProblems() { expect(false, "catalogue: \(problem)") }
    switch try catalogue.checkJournal() {
    case .intact(let count, let head):
      outcome.journalEntries = Int(count)
      outcome.journalHead = head
    case .broken(let number): expect(false, "journal: entry \(number) is not what was written there")
    }
  }
}
