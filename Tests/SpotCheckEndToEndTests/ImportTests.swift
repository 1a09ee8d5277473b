import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

@Suite struct ImportTests {
  /// One small delivery of the generator.
  private func delivery(_ bureau: GeneratedBureau, in store: ScratchStore, seed: UInt64 = 1) throws -> String {
    var options = GeneratorOptions()
    options.bureaus = [bureau]
    options.quarters = 1
    options.samplesPerFile = [bureau: 6]
    options.seed = seed
    options.plainXMLQuarters = 0
    return try #require(try Generator.run(options, into: store.folder + "/made").first).path
  }

  /// Found by the kill sweep: a store whose making was cut short was "not made by SpotCheck" for ever.
  @Test func aStoreThatWasHalfMadeIsMadeAnew() throws {
    let store = try ScratchStore()
    let root = store.folder + "/half"
    let layout = StoreLayout(root: root)
    #expect(throws: SystemError.self) {
      try FaultPlan.with(FaultPlan(.rename, call: 1, .fail(EIO))) { try ImportRun.createStore(root) }
    }
    #expect(try !FileSystem.exists(layout.catalogue))
    try DurableWriter.write([1, 2, 3], to: layout.catalogue + StoreLayout.unfinishedSuffix)
    #expect(try ImportRun.createStore(root))
    #expect(try OpenStore(root).snapshot().segments().isEmpty)
    #expect(try FileSystem.names(in: root).allSatisfy { !$0.contains(StoreLayout.unfinishedSuffix) })
    #expect(try !ImportRun.createStore(root))
  }

  /// Found by the kill sweep: they stayed for ever.
  @Test func whatAKilledRunLeftHalfWrittenIsSwept() throws {
    let store = try ScratchStore()
    let segments = StoreLayout(root: store.root).segments
    for name in [".new.1a2b3c" + DurableWriter.temporarySuffix, "somebody's.txt"] {
      try DurableWriter.write([1], to: PathText.join(segments, name))
    }
    _ = try store.importFiles([])
    #expect(try FileSystem.names(in: segments) == ["somebody's.txt"])
  }

  @Test(arguments: GeneratedBureau.allCases) func aGzipCutAnywhereNeverShowsARow(_ bureau: GeneratedBureau) throws {
    let store = try ScratchStore()
    let whole = try bytes(of: try delivery(bureau, in: store))
    // Every byte of the smallest; a spread of the others. The readers' own tests cut at every byte of each.
    let step = bureau == .forestry ? 1 : max(1, whole.count / 150)
    for end in Array(stride(from: 0, to: whole.count, by: step)) + [whole.count - 1] {
      let cut = try store.file("cut.gz", Array(whole[..<end]))
      let outcome = try #require(try store.importFiles([cut]).files.first)
      #expect(outcome.state == .refused, "cut at \(end)")
      #expect(try store.open().segments().isEmpty, "cut at \(end)")
    }
    let accepted = try #require(try store.importFiles([try store.file("whole.gz", whole)]).files.first)
    #expect(accepted.state == .accepted)
    #expect(accepted.samples == 6)
  }

  @Test func theSameFileOrPayloadTwiceChangesNothing() throws {
    let store = try ScratchStore()
    let path = try delivery(.agriculture, in: store)
    #expect(try store.importFiles([path]).files.first?.state == .accepted)
    let before = try store.rate("category,district")
    let renamed = try store.file("another-name.csv.gz", try bytes(of: path))
    let again = try store.importFiles([path, renamed])
    #expect(again.files.map(\.state) == [.duplicate, .duplicate])
    #expect(again.files.allSatisfy { $0.counts[.fileDuplicate] == 1 })
    // Another gzip of the same payload: an empty member in front.
    let empty: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let repacked = try store.file("repacked.csv.gz", empty + (try bytes(of: path)))
    let third = try #require(try store.importFiles([repacked]).files.first)
    #expect(third.state == .duplicate)
    #expect(third.counts[.fileDuplicatePayload] == 1)
    let after = try store.rate("category,district")
    #expect(after.rows == before.rows && after.total == before.total && after.snapshot == before.snapshot)
  }

  @Test func theSameDeliveryGivesTheSameSegments() throws {
    var names: Set<[String]> = []
    for rows in [1_000_000, 1_000_000] {
      let store = try ScratchStore()
      let path = try delivery(.market, in: store)
      _ = try store.importFiles([path]) { $0.segmentRows = rows }
      names.insert(try FileManager.default.contentsOfDirectory(atPath: store.root + "/segments").sorted())
    }
    #expect(names.count == 1)
  }

  /// However the tables are cut into segments, the answers are the same.
  @Test(arguments: GeneratedBureau.allCases) func segmentSizeChangesNoAnswer(_ bureau: GeneratedBureau) throws {
    var answers: [RateResult] = []
    for rows in [1_000_000, 16] {
      let store = try ScratchStore()
      let folder = store.folder + "/made"
      var options = GeneratorOptions()
      options.bureaus = [bureau]
      options.quarters = 2
      options.samplesPerFile = [bureau: 60]
      let files = try Generator.run(options, into: folder)
      let summary = try store.importFiles(files.map(\.path)) { $0.segmentRows = rows }
      #expect(summary.files.allSatisfy { $0.state == .accepted }, "\(summary.files.map(\.refusal))")
      answers.append(try store.rate("category,district,quarter"))
    }
    #expect(answers[0].rows == answers[1].rows)
    #expect(answers[0].total == answers[1].total)
  }

  /// One number for two different samples is no correction: the later one counts, and it is said.
  @Test func aNumberGivenTwiceWithOtherContentIsReported() throws {
    let store = try ScratchStore()
    let header = "序号,抽样编号,林产品类别,样品名称,被抽检单位,抽样日期,不合格项目║检验结果║标准值,检验结论\n"
    let text =
      header + "1,LCP-1,枸杞,枸杞,甲商店,2023-03-05,/,合格\n" + "2,LCP-2,枸杞,枸杞,乙商店,2023-03-05,/,合格\n"
      + "3,LCP-1,核桃,核桃,丙商店,2023-03-06,/,不合格\n"
    let path = try store.file("twice.csv", Array(text.utf8))
    let outcome = try #require(try store.importFiles([path]).files.first)
    #expect(outcome.state == .accepted, "\(String(describing: outcome.refusal))")
    let conflict = try #require(outcome.diagnostics.first { $0.code == .rowConflict })
    #expect(conflict.position.line == 4)
    #expect(conflict.severity == .warning)
    #expect(try store.rate("bureau").total.counts == RateCounts(passed: 1, failed: 1))
  }

  /// `--pipeline` takes a name, one layout of it, or a YAML file anywhere.
  @Test func thePipelineCanBeNamed() throws {
    let yaml = """
      pipeline: mine
      title: 自备规则
      bureau: scjgj
      fields:
        sampling_number: { from: No, required: true }
        category: { from: Kind, table: verbatim }
        verdict: { from: Result, words: { good: pass, bad: fail } }
      layouts:
        - { name: only, format: csv, match: { file: "*.never" }, shape: samples }
      """
    let store = try ScratchStore()
    let pipeline = try store.file("mine.yaml", Array(yaml.utf8))
    let path = try store.file("list.csv", Array("No,Kind,Result\n1,tea,good\n2,tea,bad\n".utf8))
    #expect(try store.importFiles([path]).files.first?.refusal?.code == .pipelineNone)
    let outcome = try #require(try store.importFiles([path]) { $0.pipeline = pipeline }.files.first)
    #expect(outcome.layout == "mine/only", "\(String(describing: outcome.refusal))")
    #expect(try store.rate("category").total.counts == RateCounts(passed: 1, failed: 1))

    let delivery = try delivery(.forestry, in: store)
    let named = try store.importFiles([delivery]) { $0.pipeline = "forestry/samples" }
    #expect(named.files.first?.layout == "forestry/samples")
    #expect(throws: ImportError.self) { try store.importFiles([path]) { $0.pipeline = "forestrie" } }
    let broken = try store.file("broken.yaml", Array("pipeline: x\nfeilds: 3\n".utf8))
    #expect(throws: ImportError.self) { try store.importFiles([path]) { $0.pipeline = broken } }
  }

  @Test func aSecondRunIsToldThatTheStoreIsHeld() throws {
    let store = try ScratchStore()
    let first = try ImportRun(store: store.root, library: try Repository.library.get())
    #expect(throws: ImportError.self) { try ImportRun(store: store.root, library: try Repository.library.get()) }
    _ = try first.run([])
  }

  @Test func aFolderThatIsNoStoreIsNamed() throws {
    let store = try ScratchStore()
    #expect(throws: ImportError.self) { try ImportRun(store: store.folder, library: try Repository.library.get()) }
  }
}
