import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

@testable import SpotCheckQuery

/// Debug builds compare kept counts with the rows whenever a run ends and whenever a question is asked, so that every test
/// of a store is a test of them. Here: that there are any, and what becomes of them.
@Suite("Counts kept of a store")
struct KeptCountsTests {
  private func samples() throws -> [(name: String, bytes: [UInt8])] {
    let folder = Repository.path("samples/deliveries")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try names.filter { $0.contains("2024Q") }.prefix(6).map { ($0, try bytes(of: folder + "/" + $0)) }
  }

  private func isCounted(_ store: ScratchStore) throws -> Bool {
    let opened = try OpenStore(store.root)
    let newest = try opened.catalogue.latestSnapshot()
    let counted = try opened.catalogue.countedSnapshot()
    let used = try opened.snapshot().counts()
    return counted == newest && used != nil
  }

  @Test("after every run: import, replay, compaction")
  func everyRun() throws {
    let keeping = try KeepingStore()
    for file in try samples() {
      try keeping.take(file.name, file.bytes)
      #expect(try isCounted(keeping.store))
    }
    try keeping.compact()
    #expect(try isCounted(keeping.store))
    try keeping.replay { $0.everything = true }
    #expect(try isCounted(keeping.store))
    let opened = try OpenStore(keeping.store.root)
    #expect(try opened.snapshot(asOf: "1").counts() == nil, "earlier snapshots are read")
    var verifier = StoreVerifier(layout: opened.layout, catalogue: opened.catalogue)
    #expect(try verifier.verify().findings.filter(\.isDamage).isEmpty)
  }

  @Test("verify counts again, and damaged counts are not used")
  func damage() throws {
    let keeping = try KeepingStore()
    for file in try samples() { try keeping.take(file.name, file.bytes) }
    let opened = try OpenStore(keeping.store.root)
    let newest = try opened.catalogue.latestSnapshot()
    let right = try #require(try opened.catalogue.counts(at: newest))
    func replace(_ bytes: [UInt8]) throws {
      let run = try keeping.run()
      try run.catalogue.endRun(
        run.id, state: "done", ended: nil, counts: SnapshotCounts(snapshot: newest, bytes: bytes))
    }
    func damages() throws -> [String] {
      let store = try OpenStore(keeping.store.root)
      var verifier = StoreVerifier(layout: store.layout, catalogue: store.catalogue)
      return try verifier.verify().findings.filter(\.isDamage).map(\.message)
    }
    #expect(try damages() == [])
    var flipped = right.bytes
    flipped[flipped.count / 2] ^= 4
    try replace(flipped)
    #expect(try OpenStore(keeping.store.root).snapshot().counts() == nil)
    #expect(try keeping.store.rate("district").rows.isEmpty == false)
    #expect(try damages().count == 1)
    // Bytes that are sound and say something else.
    try replace(try #require(CountSum().table()).bytes)
    #expect(try damages().count == 1)
  }
}
