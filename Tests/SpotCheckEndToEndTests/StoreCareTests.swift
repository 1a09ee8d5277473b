import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// Expiry, copies, rebuilding, and what verifying finds.
@Suite struct StoreCareTests {
  private func filled(_ seed: UInt64, files count: Int = 6) throws -> (KeepingStore, [(name: String, bytes: [UInt8])]) {
    let store = try KeepingStore()
    let files = RandomStories(seed: seed, files: count, isDecided: true).files
    for file in files { try store.take(file.name, file.bytes) }
    return (store, files)
  }

  /// The lock is given back when this returns.
  private func expire(
    _ store: KeepingStore, first: (ImportRun) throws -> Void = { _ in }
  ) throws -> (expiry: Expiry, isSwept: Bool) {
    let run = try store.run()
    try first(run)
    let result = try run.expire { _ in true }
    try run.end("done")
    return result
  }

  private func segments(_ root: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: root + "/segments").filter { $0.hasSuffix(".arrow") }.count
  }

  @Test func expiryKeepsWhatIsNeededAndWhatHasALabel() throws {
    let (store, _) = try filled(1)
    try store.compact()
    try store.take("last.csv", RandomStories(seed: 99, files: 1, isDecided: true).files[0].bytes)
    let now = try store.store.answers()
    let labelled = try store.store.answers(asOf: "v3")
    let (expiry, isSwept) = try expire(store) { try _ = $0.tag("半年报", asOf: "v3") }
    #expect(isSwept)
    // Segments 1 to 3 serve the label; 4 to 6 only older snapshots.
    #expect(expiry.segments.count == 3 && expiry.snapshots == [4, 5, 6])
    #expect(try segments(store.store.root) == 2 * (3 + 1 + 1))
    #expect(try store.store.answers() == now)
    #expect(try store.store.answers(asOf: "半年报") == labelled)
    for gone in ["v4", "6"] { #expect(throws: CatalogueError.self) { try store.store.open(asOf: gone) } }
    #expect(try store.store.open(asOf: "v2").segments().count == 2)
    #expect(try store.store.verify().findings == [])
    #expect(try expire(store).expiry == Expiry())
  }

  /// A reader that has begun keeps its segments; they go when it has ended.
  @Test func readersAreNotPulledTheRugFromUnder() throws {
    let (store, _) = try filled(2)
    try store.compact()
    let before = try store.store.answers(asOf: "v4")
    var reader: QuerySource? = try store.store.open(asOf: "v4")
    let (expiry, isSwept) = try expire(store)
    #expect(!isSwept && expiry.segments.count == 6)
    let source = try #require(reader)
    var report = try RateQuery(by: try Dimension.parse(list: "category,district")).run(on: source).report()
    report.snapshot = 0
    #expect(try OutputFormat.json.emitter().text(report) == before[0])
    #expect(try segments(store.store.root) == 14)
    reader = nil
    withExtendedLifetime(source) {}
  }

  @Test func expiredFilesGoWithTheNextRun() throws {
    let (store, _) = try filled(3)
    try store.compact()
    do {
      let reader = try OpenStore(store.store.root)
      #expect(try expire(store).isSwept == false)
      withExtendedLifetime(reader) {}
    }
    #expect(try segments(store.store.root) == 14)
    try store.run().end("done")
    #expect(try segments(store.store.root) == 2)
  }

  @Test(arguments: [true, false]) func rebuiltFromTheArchiveItIsTheSame(_ usesCatalogue: Bool) throws {
    let (store, files) = try filled(4)
    // A file that was refused, and one that came twice, are part of the story.
    try store.take("odd.csv", Array("甲,乙\n1,2\n".utf8))
    try store.take("again.csv", files[0].bytes)
    let digest = try store.store.digest()
    try store.compact()
    if !usesCatalogue { try FileManager.default.removeItem(atPath: store.store.root + "/catalogue.sqlite") }
    let target = store.store.folder + "/rebuilt"
    let rebuild = Rebuild(from: StoreLayout(root: store.store.root), library: try store.library())
    let (summary, missing) = try rebuild.rebuild(into: target, usesCatalogue: usesCatalogue)
    #expect(missing.isEmpty && summary.count(.accepted) == files.count && summary.count(.refused) == 1)
    let open = try OpenStore(target)
    let rebuilt = try StoreDigest(layout: open.layout, catalogue: open.catalogue)
    #expect(rebuilt.content == digest.content && rebuilt.provenance == digest.provenance)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    try verifier.verifyKeptFiles()
    #expect(try verifier.verify().findings == [])
    #expect(throws: ImportError.self) { try rebuild.rebuild(into: target) }
  }

  /// Found by the kill sweep: a rebuild that was cut short left a store that knew half of the files and said nothing.
  @Test func aRebuildThatIsCutShortLeavesNoStore() throws {
    let (store, files) = try filled(3)
    let target = store.store.folder + "/rebuilt"
    let rebuild = Rebuild(from: StoreLayout(root: store.store.root), library: try store.library())
    for call in [30, 80] {
      let plan = FaultPlan(mutation: call, .die)
      #expect(throws: (any Error).self) { try FaultPlan.with(plan) { try rebuild.rebuild(into: target) } }
      #expect(plan.hasDied)
      #expect(try !FileSystem.exists(target))
    }
    #expect(try rebuild.rebuild(into: target).summary.count(.accepted) == files.count)
    #expect(try OpenStore(target).catalogue.batches().count == files.count)
    #expect(try FileSystem.names(in: store.store.folder).allSatisfy { !$0.contains(".making") })
  }

  @Test func aCopyIsAStore() throws {
    let (store, _) = try filled(5)
    try store.compact()
    let target = store.store.folder + "/backup"
    let source = StoreLayout(root: store.store.root)
    let outcome = try StoreCopy(from: source, to: target).copy()
    #expect(outcome.snapshot == 7 && outcome.segments == 7)
    let open = try OpenStore(target)
    let copied = try StoreDigest(layout: open.layout, catalogue: open.catalogue)
    #expect(try copied == store.store.digest())
    #expect(try StoreDigest(layout: open.layout, catalogue: open.catalogue, at: 3) == store.store.digest(asOf: 3))
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    try verifier.verifyKeptFiles()
    let check = try verifier.verify()
    #expect(check.findings == [] && check.keptFiles == 6 && check.journalEntries == 7)
    #expect(throws: ImportError.self) { try StoreCopy(from: source, to: target).copy() }
    // It can be written to: no trace of how it was made is left.
    try ImportRun(store: target, library: try store.library()).end("done")
  }

  /// Found by the kill sweep: what a restore that was killed had left stood in the way of the next one.
  @Test func aCopyThatIsCutShortIsMadeAnew() throws {
    let (store, _) = try filled(3)
    let source = StoreLayout(root: store.store.root)
    let target = store.store.folder + "/copy"
    for call in [5, 20, 60] {
      let plan = FaultPlan(mutation: call, .die)
      #expect(throws: (any Error).self) { try FaultPlan.with(plan) { try StoreCopy(from: source, to: target).copy() } }
      #expect(plan.hasDied)
      #expect(try !FileSystem.exists(target))
    }
    _ = try StoreCopy(from: source, to: target).copy()
    let open = try OpenStore(target)
    #expect(try StoreDigest(layout: open.layout, catalogue: open.catalogue) == store.store.digest())
    #expect(try FileSystem.names(in: store.store.folder).allSatisfy { !$0.contains(".making") })
  }

  /// Found by the power-loss model.
  @Test func whatIsLeftOfAStoresMakingIsSweptByTheNextInit() throws {
    let store = try ScratchStore()
    let left = StoreLayout(root: store.root).catalogue + StoreLayout.unfinishedSuffix + "-shm"
    try Data([1]).write(to: URL(fileURLWithPath: left))
    #expect(try !ImportRun.createStore(store.root))
    #expect(try !FileSystem.exists(left))
  }

  @Test func damageOutsideTheSegmentsIsFound() throws {
    let (store, _) = try filled(6, files: 2)
    func findings() throws -> [String] {
      let open = try OpenStore(store.store.root)
      var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
      try verifier.verifyKeptFiles()
      return try verifier.verify().findings.filter(\.isDamage).map(\.message)
    }
    #expect(try findings() == [])
    let place = try #require(try OpenStore(store.store.root).catalogue.batches().first?.record.place)
    let path = store.store.root + "/" + place
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try Data(bytes + [10]).write(to: URL(fileURLWithPath: path))
    #expect(try findings().count == 1)
    try FileManager.default.removeItem(atPath: path)
    #expect(try findings().count == 1)
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(try findings() == [])
  }

  @Test("what the machine cannot do now is no damage, and a copy that cannot be made is no missing store")
  func theMachineIsToBlame() throws {
    let (store, _) = try filled(1)
    let root = store.store.root
    let layout = StoreLayout(root: root)
    for (operation, code) in [(FaultPlan.Operation.map, ENOMEM), (.open, EMFILE)] {
      for call in 1...3 {
        let open = try OpenStore(root)
        var verifier = StoreVerifier(layout: layout, catalogue: open.catalogue)
        #expect(throws: (any Error).self, "\(operation) \(call)") {
          try FaultPlan.with(FaultPlan(operation, call: call, .fail(code))) {
            try verifier.verifyKeptFiles()
            _ = try verifier.verify()
          }
        }
      }
    }
    let catalogue = try OpenStore(root).catalogue
    #expect { try catalogue.copy(to: root + "/nowhere/catalogue.sqlite") } throws: {
      ($0 as? CatalogueError)?.kind == .io
    }
  }
}
