import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// A store whose deliveries are kept, and pipelines that can be changed.
final class KeepingStore {
  let store: ScratchStore
  private let folder: String
  private var count = 0

  init(_ store: ScratchStore? = nil) throws {
    self.store = try store ?? ScratchStore()
    folder = self.store.folder + "/pipelines"
    try FileManager.default.copyItem(atPath: Repository.path("pipelines"), toPath: folder)
  }

  func library() throws -> PipelineLibrary {
    let library = try PipelineLibrary.load(folder: folder)
    #expect(library.problems.filter { $0.severity == .error } == [])
    return library
  }

  /// Changes a code table, as an editor would.
  func edit(_ table: String, _ change: (String) -> String) throws {
    let path = folder + "/codes/\(table).csv"
    let before = try String(contentsOfFile: path, encoding: .utf8)
    let after = change(before)
    #expect(before != after)
    try Data(after.utf8).write(to: URL(fileURLWithPath: path))
  }

  func run(_ change: (inout ImportOptions) -> Void = { _ in }) throws -> ImportRun {
    var options = ImportOptions()
    change(&options)
    return try ImportRun(store: store.root, library: try library(), options: options)
  }

  /// Takes one file in and keeps its bytes where the catalogue says.
  @discardableResult
  func take(
    _ name: String, _ bytes: [UInt8], refusing reason: Diagnostic? = nil,
    _ change: (inout ImportOptions) -> Void = { _ in }
  ) throws -> FileOutcome {
    count += 1
    let run = try run(change)
    var delivery = Delivery(path: try store.file("claim-\(count)", bytes), name: name, id: "\(run.id)-\(count)")
    delivery.day = "2024-05-0\(1 + count % 9)"
    let outcome = try reason.map { try run.refuse(delivery, $0) } ?? run.take(delivery)
    let place = run.layout.path(of: outcome.place)
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    if !FileManager.default.fileExists(atPath: place) { try Data(bytes).write(to: URL(fileURLWithPath: place)) }
    try run.end("done")
    return outcome
  }

  @discardableResult
  func replay(_ change: (inout ReplayOptions) -> Void = { _ in }) throws -> ReplayOutcome {
    var options = ReplayOptions()
    change(&options)
    let run = try run { $0.command = "replay" }
    defer { try? run.end("done") }
    return try Replay(run, options: options).replay()
  }

  func compact(rows: Int = 250_000) throws {
    let run = try run { $0.segmentRows = rows }
    try Compactor(run).compactAll()
    try run.end("done")
  }

  /// A new store of the same files with the present tables.
  func cleanImport(_ files: [(name: String, bytes: [UInt8])]) throws -> KeepingStore {
    let clean = try KeepingStore()
    try FileManager.default.removeItem(atPath: clean.folder)
    try FileManager.default.copyItem(atPath: folder, toPath: clean.folder)
    for file in files { try clean.take(file.name, file.bytes) }
    return clean
  }

  func segmentFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: store.root + "/segments").sorted()
  }
}

/// Replay is the same as importing everything anew.
@Suite struct ReplayTests {
  @Test(arguments: Array(1...10) as [UInt64]) func replayIsCleanImport(_ seed: UInt64) throws {
    var random = SeededNumbers(state: seed)
    let files = RandomStories(seed: seed, samples: 14, files: 7, isDecided: seed % 2 == 0).files
    let store = try KeepingStore()
    for (index, file) in files.enumerated() {
      let outcome = try store.take(file.name, file.bytes) { $0.segmentRows = random.chance(30) ? 3 : 250_000 }
      #expect(outcome.state == .accepted)
      if index == 3, random.chance(50) { try store.compact(rows: random.chance(50) ? 6 : 250_000) }
    }
    if random.chance(50) { try store.compact(rows: random.chance(50) ? 6 : 250_000) }
    let then = try store.store.answers()
    let before = try store.store.open().snapshot
    let oldDigest = try store.store.digest()

    try store.edit("categories") { $0 + "9901,神秘果,,1,,,,\n" }
    // What was an objection is a correction now: other versions count, and rows come back that did not.
    try store.edit("versions") { table in
      table.replacing("objection_closed,异议不认可,", with: "objection_closed,异议不认可甲,")
        .replacing("更正,,1,,,,", with: "更正,,1,,,,异议不认可|")
    }
    let dry = try store.replay { $0.isDryRun = true }
    let files0 = try store.segmentFiles()
    #expect(dry.snapshot == nil && dry.examined == files.count)
    #expect(try store.store.digest() == oldDigest)

    let outcome = try store.replay()
    #expect(outcome.changes == dry.changes && outcome.shifts == dry.shifts)
    #expect(outcome.snapshot == before + 1)
    #expect(outcome.unreadable.isEmpty)
    let clean = try store.cleanImport(files)
    let replayed = try store.store.digest()
    let imported = try clean.store.digest()
    #expect(replayed.content == imported.content && replayed.provenance == imported.provenance, "seed \(seed)")
    #expect(try store.store.answers() == clean.store.answers())
    #expect(try store.store.verify().findings == [])
    // The past stays, and doing it again changes nothing.
    #expect(try store.store.answers(asOf: "v\(before)") == then)
    #expect(try store.store.digest(asOf: before).provenance == oldDigest.provenance)
    let again = try store.replay()
    #expect(again.examined == 0 && again.snapshot == nil)
    #expect(files0.isEmpty == false)

    // Accounts of batches are those of a clean import too.
    let catalogue = try OpenStore(store.store.root).catalogue
    let other = try OpenStore(clean.store.root).catalogue
    for (left, right) in zip(try catalogue.batches(), try other.batches()) {
      #expect(left.record.state == right.record.state && left.record.accounts == right.record.accounts)
      #expect(left.record.samples == right.record.samples && left.record.revision == right.record.revision)
    }
    #expect(try catalogue.unmapped().map(\.entry) == other.unmapped().map(\.entry))
    // Before the replay they were what they were.
    let past = try catalogue.batches(at: before)
    #expect(past.allSatisfy { $0.record.revision != catalogue.latestRevision })
    #expect(try catalogue.unmapped(at: before).contains { $0.entry.text == "神秘果" })

    // Compacted, and imported into, it goes on as one store.
    try store.compact()
    #expect(try store.store.digest().provenance == imported.provenance)
    let more = RandomStories(seed: seed, samples: 14, files: 2, isDecided: seed % 2 == 0).files
    for (index, file) in more.enumerated() {
      try store.take("more-\(index).csv", file.bytes)
      try clean.take("more-\(index).csv", file.bytes)
    }
    #expect(try store.store.digest().provenance == clean.store.digest().provenance)
    #expect(try store.store.verify().findings == [])

    // And back: what was removed comes again.
    try store.edit("categories") { $0.replacing("9901,神秘果,,1,,,,\n", with: "") }
    try store.edit("versions") { table in
      table.replacing("异议不认可甲", with: "异议不认可").replacing("异议不认可|", with: "")
    }
    try store.replay()
    let all = files + more.enumerated().map { (name: "more-\($0).csv", bytes: $1.bytes) }
    #expect(try store.store.digest().provenance == store.cleanImport(all).store.digest().provenance)
    #expect(try store.store.verify().findings == [])
    #expect(try store.store.answers(asOf: "v\(before)") == then)
  }

  /// A refused file that would now be accepted is; its rows stand where they would have stood.
  @Test func refusedFilesAreAcceptedAndTheReverse() throws {
    let store = try KeepingStore()
    let good = VersionTests.header + VersionTests.line("L1", report: "A1", day: "2023-03-20", "初检", "不合格")
    let odd = "林产品类别甲,抽样编号,样品名称,抽样日期,检验结论\n枸杞,L2,枸杞,2023-03-05,合格\n"
    let late = VersionTests.header + VersionTests.line("L1", report: "B1", day: "2023-04-20", "复检", "合格")
    #expect(try store.take("1.csv", Array(good.utf8)).state == .accepted)
    let refused = try store.take("2.csv", Array(odd.utf8))
    #expect(refused.state == .refused && refused.place.hasPrefix("quarantine/"))
    #expect(try store.take("3.csv", Array(late.utf8)).state == .accepted)
    try store.compact()
    let before = try store.store.open().snapshot
    try store.teachOddLayout()
    let outcome = try store.replay()
    #expect(outcome.changes.map(\.batch) == [2] && outcome.changes.map(\.after) == [.accepted])
    #expect(try store.store.rate("category").total.counts == RateCounts(passed: 2))
    let files = [("1.csv", Array(good.utf8)), ("2.csv", Array(odd.utf8)), ("3.csv", Array(late.utf8))]
    let clean = try store.cleanImport(files.map { (name: $0.0, bytes: $0.1) })
    #expect(try store.store.digest().provenance == clean.store.digest().provenance)
    #expect(try store.store.answers() == clean.store.answers())
    #expect(try store.store.verify().findings == [])
    let catalogue = try OpenStore(store.store.root).catalogue
    #expect(try catalogue.batches(at: before).map(\.record.state) == [.accepted, .refused, .accepted])
    #expect(try catalogue.batches().map(\.record.state) == [.accepted, .accepted, .accepted])

    try store.forgetOddLayout()
    let back = try store.replay()
    #expect(back.changes.map(\.after) == [.refused])
    #expect(try store.store.rate("category").total.counts == RateCounts(passed: 1))
    #expect(try store.store.verify().findings == [])
    #expect(try catalogue.batches().map(\.record.state) == [.accepted, .refused, .accepted])
    #expect(try catalogue.batches(at: before + 1).map(\.record.state) == [.accepted, .accepted, .accepted])
  }

  /// A file that killed the program, and one that the operator's gate does not let pass.
  @Test func whatItsBytesDoNotDecideIsNotReplayed() throws {
    let store = try KeepingStore()
    let good = VersionTests.header + VersionTests.line("L1", report: "A1", day: "2023-03-20", "初检", "不合格")
    let odd = "林产品类别甲,抽样编号,样品名称,抽样日期,检验结论\n枸杞,L2,枸杞,2023-03-05,合格\n"
    try store.take("1.csv", Array(good.utf8), refusing: Diagnostic(.filePoison, at: .file))
    try store.take("2.csv", Array(odd.utf8))
    try store.teachOddLayout()
    let run = try store.run()
    run.gate = { _ in [Diagnostic(.gateUnmapped, at: .file, "no")] }
    let outcome = try Replay(run).replay()
    try run.end("done")
    #expect(outcome.examined == 1 && outcome.changes.isEmpty)
    let batches = try OpenStore(store.store.root).catalogue.batches().map(\.record)
    #expect(batches.map(\.state) == [.refused, .refused])
    #expect(batches.map(\.refusalCode) == ["POISON", "SET_UNMAPPED_SHARE"])
    #expect(try store.store.verify().findings == [])
  }

  /// Bytes that are gone, or are others, are said, and the batch stays as it is.
  @Test func whatWasNotKeptStays() throws {
    let store = try KeepingStore()
    let text = VersionTests.header + VersionTests.line("L1", report: "A1", day: "2023-03-20", "初检", "不合格")
    let outcome = try store.take("1.csv", Array(text.utf8))
    let digest = try store.store.digest()
    try store.edit("categories") { $0.replacing("枸杞", with: "枸杞甲") }
    let place = store.store.root + "/" + outcome.place
    try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: place))
    #expect(try store.replay().unreadable.map(\.batch) == [1])
    try FileManager.default.removeItem(atPath: place)
    #expect(try store.replay().unreadable.map(\.batch) == [1])
    #expect(try store.store.digest() == digest)
  }
}

extension KeepingStore {
  /// A further layout, for a file that no pipeline knew.
  func teachOddLayout() throws {
    try edit(pipeline: "forestry") {
      $0 + """

          - name: odd
            format: csv
            match: { header: [林产品类别甲, 抽样编号] }
            shape: samples
            fields:
              category: { path: [林产品类别甲] }
        """ + "\n"
    }
  }

  func forgetOddLayout() throws {
    try edit(pipeline: "forestry") { $0.components(separatedBy: "\n  - name: odd")[0] + "\n" }
  }

  func edit(pipeline: String, _ change: (String) -> String) throws {
    let path = store.folder + "/pipelines/\(pipeline).yaml"
    let after = change(try String(contentsOfFile: path, encoding: .utf8))
    try Data(after.utf8).write(to: URL(fileURLWithPath: path))
  }
}

extension Catalogue {
  /// The revision of the newest batch.
  fileprivate var latestRevision: String { (try? batches().last?.record.revision) ?? "" }
}
