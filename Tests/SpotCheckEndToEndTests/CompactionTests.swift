import SpotCheck
import SpotCheckTestSupport
import Testing

/// Small segments put together answer as they did apart.
@Suite struct CompactionTests {
  private func compactAll(_ store: ScratchStore, rows: Int = 250_000) throws -> CompactionOutcome? {
    var options = ImportOptions()
    options.segmentRows = rows
    options.command = "compact"
    let run = try ImportRun(store: store.root, library: try Repository.library.get(), options: options)
    defer { try? run.end("done") }
    return try Compactor(run).compactAll()
  }

  @Test(arguments: Array(1...8) as [UInt64]) func everyAnswerStaysAndSoDoesThePast(_ seed: UInt64) throws {
    let stories = RandomStories(seed: seed, files: 8, isDecided: false)
    let store = try ScratchStore()
    let half = stories.files.count / 2
    for file in stories.files[..<half] { _ = try store.importFiles([try store.file(file.name, file.bytes)]) }
    let then = try store.answers()
    let digest = try store.digest()
    // Small enough, in some runs, that several segments are made and batches are cut.
    let outcome = try #require(try compactAll(store, rows: seed % 2 == 0 ? 16 : 250_000))
    #expect(outcome.snapshot == SnapshotNumber(half + 1) && outcome.from > outcome.to)
    #expect(try store.answers() == then)
    #expect(try store.answers(asOf: "v\(half)") == then)
    let after = try store.digest()
    #expect(after.content == digest.content && after.provenance == digest.provenance)
    #expect(try store.verify().findings == [])

    // What comes later finds the versions in merged segments, and the same store arises as without compaction.
    let plain = try ScratchStore()
    for file in stories.files { _ = try plain.importFiles([try plain.file(file.name, file.bytes)]) }
    for file in stories.files[half...] { _ = try store.importFiles([try store.file(file.name, file.bytes)]) }
    _ = try compactAll(store, rows: seed % 3 == 0 ? 24 : 250_000)
    #expect(try store.answers() == plain.answers())
    #expect(try store.digest().provenance == plain.digest().provenance)
    #expect(try store.answers(asOf: "v\(half)") == then)
    #expect(try store.answers(asOf: "v\(half + 1)") == then)
    #expect(try store.verify().findings == [])
    let kinds = try OpenStore(store.root).catalogue.snapshots().map(\.kind)
    #expect(kinds.count { $0 == .compaction } == 2)
  }

  /// Many small files in one run: their segments do not pile up.
  @Test func manySmallFilesBecomeFewSegments() throws {
    let store = try ScratchStore()
    var paths: [String] = []
    for index in 0..<100 {
      let line = VersionTests.line("M\(index)", report: "R", day: "2023-03-20", "初检", index % 7 == 0 ? "不合格" : "合格")
      paths.append(try store.file("\(index).csv", Array((VersionTests.header + line).utf8)))
    }
    let summary = try store.importFiles(paths)
    #expect(summary.count(.accepted) == 100)
    let catalogue = try OpenStore(store.root).catalogue
    #expect(try catalogue.visibleSegments(at: try catalogue.latestSnapshot()).count < 40)
    #expect(try store.rate("category").total.counts == RateCounts(passed: 85, failed: 15))
    let plain = try ScratchStore()
    _ = try plain.importFiles(paths) { $0.compacts = false }
    #expect(try plain.digest().provenance == store.digest().provenance)
    #expect(try plain.answers() == store.answers())
    #expect(try store.verify().findings == [])
  }

  @Test func groupsAreNeighboursAndBounded() {
    var random = SeededNumbers(state: 7)
    for _ in 0..<300 {
      var plan = CompactionPlan()
      plan.neighbours = Int.random(in: 2...6, using: &random)
      plan.rows = Int.random(in: 4...200, using: &random)
      var weights = (0..<Int.random(in: 0...60, using: &random)).map { _ in Int.random(in: 1...60, using: &random) }
      let total = weights.reduce(0, +)
      var rounds = 0
      while true {
        let groups = plan.groups(weights)
        if groups.isEmpty { break }
        rounds += 1
        #expect(rounds < 100)
        var next: [Int] = []
        var end = 0
        for group in groups {
          #expect(group.lowerBound >= end && group.count > 1)
          let sum = weights[group].reduce(0, +)
          #expect(sum <= plan.rows)
          next += weights[end..<group.lowerBound] + [sum]
          end = group.upperBound
        }
        weights = next + weights[end...]
      }
      #expect(weights.reduce(0, +) == total)
    }
    // As many small files as a busy night brings.
    for rows in [1, 30] {
      var weights: [Int] = []
      var written = 0
      for _ in 0..<20_000 {
        weights.append(rows)
        while case let groups = CompactionPlan().groups(weights), let group = groups.first {
          let sum = weights[group].reduce(0, +)
          written += sum
          weights.replaceSubrange(group, with: [sum])
        }
      }
      #expect(weights.count < 150)
      // Once a tier; found by the burst of 20,000 files, in which it had been 323 times.
      #expect(written <= 4 * 20_000 * rows)
    }
  }
}
