import GRDB
import Testing

@testable import SpotCheckCatalogue

@Suite("Counts kept of a snapshot")
struct SnapshotCountsTests {
  private func begun(_ folder: CatalogueFolder) throws -> Catalogue {
    let catalogue = try Catalogue.create(path: folder.path)
    try catalogue.beginRun(RunRecord(id: "run-1", command: "import", started: 1))
    return catalogue
  }

  @Test("are those of the newest snapshot, and of no other")
  func newest() throws {
    let folder = try CatalogueFolder()
    let catalogue = try begun(folder)
    #expect(try catalogue.countedSnapshot() == nil && catalogue.counts(at: 0) == nil)
    try catalogue.endRun("run-1", state: "done", ended: 2, counts: SnapshotCounts(snapshot: 0, bytes: [1, 2, 3]))
    #expect(try catalogue.countedSnapshot() == 0)
    #expect(try catalogue.counts(at: 0)?.bytes == [1, 2, 3])
    try catalogue.endRun("run-1", state: "done", ended: 3)
    #expect(try catalogue.counts(at: 0)?.bytes == [1, 2, 3], "nothing new: what is kept stays")
    // Somebody has published meanwhile, or has not yet: they are of no use.
    try catalogue.endRun("run-1", state: "done", ended: 4, counts: SnapshotCounts(snapshot: 1, bytes: [4]))
    #expect(try catalogue.countedSnapshot() == 0 && catalogue.counts(at: 1) == nil)
    _ = try catalogue.publish(Publication(batch: BatchRecord(fileDigest: "f", payloadDigest: "p", name: "f.csv")))
    #expect(try catalogue.counts(at: 1) == nil, "a snapshot of which nothing is kept is read")
    try catalogue.endRun("run-1", state: "done", ended: 5, counts: SnapshotCounts(snapshot: 1, bytes: [5]))
    #expect(try catalogue.counts(at: 1)?.bytes == [5] && catalogue.counts(at: 0) == nil)
  }

  @Test("a catalogue without the table, made by an earlier program and only read, keeps nothing")
  func older() throws {
    let folder = try CatalogueFolder()
    try begun(folder).close()
    let catalogue = try Catalogue.open(path: folder.path, access: .readOnly)
    #expect(try catalogue.countedSnapshot() == nil && catalogue.counts(at: 0) == nil)
    // The table belongs to no format: an earlier program goes on reading and writing.
    #expect(CatalogueSchema.formatVersion == 3)
  }
}
