import SpotCheck
import SpotCheckTestSupport
import Testing

/// The logical digest is that of what counts, and of nothing else.
@Suite struct StoreDigestTests {
  private func store(_ files: [(name: String, bytes: [UInt8])], segmentRows: Int = 1_000_000) throws -> StoreDigest {
    let store = try ScratchStore()
    for file in files {
      let summary = try store.importFiles([try store.file(file.name, file.bytes)]) { $0.segmentRows = segmentRows }
      #expect(summary.count(.accepted) == 1)
    }
    return try store.digest()
  }

  @Test(arguments: Array(1...6) as [UInt64]) func orderAndSegmentsDoNotMatter(_ seed: UInt64) throws {
    let stories = RandomStories(seed: seed, isDecided: true)
    let first = try store(stories.files)
    var random = SeededNumbers(state: seed)
    for segmentRows in [1_000_000, 3] {
      let other = try store(stories.files.shuffled(using: &random), segmentRows: segmentRows)
      #expect(other.content == first.content && other.provenance == first.provenance)
      #expect(other.samples == first.samples && other.items == first.items)
    }
  }

  /// Every change of what a sample says shows; where it came from shows in the second digest only.
  @Test func everyFieldCounts() throws {
    let line = VersionTests.line("L1", report: "A1", day: "2023-03-20", "初检", "不合格")
    func digest(_ text: String) throws -> StoreDigest {
      try store([("a.csv", Array((VersionTests.header + text).utf8))])
    }
    let base = try digest(line)
    #expect(base.samples == 1 && base.items == 1)
    for (from, to) in [
      ("枸杞,枸杞", "核桃,枸杞"), ("枸杞,枸杞", "枸杞,核桃"), ("A1", "A2"), ("甲", "乙"), ("03-05", "03-06"), ("03-20", "03-21"),
      ("3mg", "4mg"), ("≤1mg", "≤2mg"), ("吡虫啉", "啶虫脒"), ("/\n", "异议处置中\n"),
    ] {
      #expect(try digest(line.replacing(from, with: to)).content != base.content, "\(from) → \(to)")
    }
    let moved = try digest(",,,,,,,,,,,\n" + line)
    #expect(moved.content == base.content && moved.provenance != base.provenance)
    // A row that does not count has no part in it.
    let withdrawn = try digest(
      line + VersionTests.line("L2", report: "B", day: "2023-03-20", "初检", "合格")
        + VersionTests.line("L2", report: "C", day: "2023-03-21", "撤回", "合格"))
    #expect(withdrawn.content == base.content)
  }

  /// A mark of the catalogue and a flag of the row are one thing.
  @Test func pendingIsPending() throws {
    let report = VersionTests.line("L1", report: "A1", day: "2023-03-20", "初检", "不合格")
    let notice = VersionTests.line("L1", report: "O1", day: "2023-03-28", "异议", "")
    let head = VersionTests.header
    let calm = try store([("a.csv", Array((head + report).utf8))])
    let pending = try store([("a.csv", Array((head + report).utf8)), ("b.csv", Array((head + notice).utf8))])
    let together = try store([("a.csv", Array((head + notice + report).utf8))])
    #expect(calm.content != pending.content && pending.content == together.content)
  }
}
