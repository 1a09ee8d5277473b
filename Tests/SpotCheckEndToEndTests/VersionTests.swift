import SpotCheck
import SpotCheckTestSupport
import Testing

/// Which version of a sample counts, and whether an objection is open, does not depend on the order of arrival, nor on
/// whether versions share a file.
@Suite struct VersionTests {
  static let header = "序号,抽样编号,报告编号,林产品类别,样品名称,被抽检单位,抽样日期,报告日期,不合格项目║检验结果║标准值,检验结论,报告类别,备注\n"

  /// One line of a delivery.
  static func line(
    _ number: String, report: String, day: String, _ kind: String, _ conclusion: String, remark: String = "/"
  ) -> String {
    let item = conclusion == "不合格" ? "吡虫啉║3mg/kg║≤1mg/kg" : "/"
    return "1,\(number),\(report),枸杞,枸杞,甲,2023-03-05,\(day),\(item),\(conclusion),\(kind),\(remark)\n"
  }

  /// Five stories, cut into five deliveries so that every kind of version meets every other in every order.
  private static let deliveries: [[String]] = [
    [
      line("L1", report: "A1", day: "2023-03-20", "初检", "不合格"), line("L2", report: "A2", day: "2023-03-20", "初检", "合格"),
      line("L3", report: "A3", day: "2023-03-20", "初检", "合格"), line("L4", report: "A4", day: "2023-03-20", "初检", "不合格"),
      line("L5", report: "A5", day: "2023-03-20", "初检", "不合格"), line("L6", report: "A6", day: "2023-03-20", "初检", "合格"),
    ],
    // Objections: notices without a conclusion, and the whole record again.
    [
      line("L1", report: "O1", day: "2023-03-28", "异议", ""), line("L3", report: "O3", day: "2023-03-28", "异议", ""),
      line("L4", report: "O4", day: "", "异议处置中", ""),
      line("L5", report: "A5", day: "2023-03-20", "初检", "不合格", remark: "异议处置中"),
    ],
    // The failure passes its retest; what was objected to in L5 turns out to be nothing.
    [
      line("L1", report: "B1", day: "2023-04-10", "复检", "合格"),
      line("L5", report: "A5", day: "2023-03-20", "初检", "不合格", remark: "经核查异议不认可"),
    ],
    [line("L2", report: "C2", day: "2023-04-15", "更正", "不合格")],
    [line("L3", report: "D3", day: "2023-04-20", "撤回", "合格")],
  ]

  private static func orders(_ rest: [Int]) -> [[Int]] {
    guard !rest.isEmpty else { return [[]] }
    return rest.flatMap { first in orders(rest.filter { $0 != first }).map { [first] + $0 } }
  }

  /// L1 passes its retest, L2 is corrected to a failure, L3 is gone, L4 fails and is pending, L5 fails, L6 passes.
  private static func check(_ store: ScratchStore, _ order: [Int]) throws {
    #expect(try store.rate("category").total.counts == RateCounts(passed: 2, failed: 3, pending: 1), "\(order)")
    #expect(try store.open().pendingNumbers() == ["L4"], "\(order)")
    let open = try OpenStore(store.root)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    let outcome = try verifier.verify()
    #expect(outcome.isSound, "\(order) \(outcome.findings)")
  }

  @Test func everyOrderOfFilesGivesTheSameCounts() throws {
    for order in VersionTests.orders(Array(0..<5)) {
      let store = try ScratchStore()
      for index in order {
        let text = VersionTests.header + VersionTests.deliveries[index].joined()
        let path = try store.file("\(index).csv", Array(text.utf8))
        let outcome = try #require(try store.importFiles([path]).files.first)
        #expect(outcome.state == .accepted, "\(order) \(String(describing: outcome.refusal))")
      }
      try VersionTests.check(store, order)
    }
  }

  @Test(arguments: [1_000_000, 4]) func everyOrderInOneFileGivesTheSameCounts(_ segmentRows: Int) throws {
    for order in VersionTests.orders(Array(0..<5)) where segmentRows > 4 || order[0] < 2 {
      let store = try ScratchStore()
      let text = VersionTests.header + order.flatMap { VersionTests.deliveries[$0] }.joined()
      let path = try store.file("all.csv", Array(text.utf8))
      let outcome = try #require(try store.importFiles([path]) { $0.segmentRows = segmentRows }.files.first)
      #expect(outcome.state == .accepted, "\(order) \(String(describing: outcome.refusal))")
      #expect(outcome.counts[.rowConflict] == nil, "\(order)")
      try VersionTests.check(store, order)
    }
  }

  /// Every earlier state stays visible, byte for byte, and so does what was pending then.
  @Test func earlierSnapshotsKeepTheirAnswer() throws {
    let store = try ScratchStore()
    var answers: [String] = []
    var pending: [[String]] = []
    for (index, lines) in VersionTests.deliveries.enumerated() {
      let text = VersionTests.header + lines.joined()
      _ = try store.importFiles([try store.file("\(index).csv", Array(text.utf8))])
      let now = try RateQuery(by: try Dimension.parse(list: "category,month")).run(on: try store.open())
      answers.append(try OutputFormat.json.emitter().text(now.report()))
      pending.append(try store.open().pendingNumbers())
    }
    #expect(pending == [[], ["L1", "L3", "L4", "L5"], ["L3", "L4"], ["L3", "L4"], ["L4"]])
    for (index, answer) in answers.enumerated() {
      let source = try store.open(asOf: "v\(index + 1)")
      let then = try RateQuery(by: try Dimension.parse(list: "category,month")).run(on: source)
      #expect(try OutputFormat.json.emitter().text(then.report()) == answer)
      #expect(try source.pendingNumbers() == pending[index])
    }
  }

  /// An objection takes no verdict away; alone it is a sample of which nothing is known yet.
  @Test func aNoticeAloneIsUndeterminedUntilTheReportArrives() throws {
    let store = try ScratchStore()
    func arrive(_ name: String, _ lines: String) throws -> FileOutcome {
      let path = try store.file(name, Array((VersionTests.header + lines).utf8))
      return try #require(try store.importFiles([path]).files.first)
    }
    _ = try arrive("1.csv", VersionTests.line("L1", report: "O1", day: "2023-03-28", "异议", ""))
    #expect(try store.rate("category").total.counts == RateCounts(undetermined: 1, pending: 1))
    #expect(try store.open().pendingNumbers() == ["L1"])
    let late = try arrive("2.csv", VersionTests.line("L1", report: "A1", day: "2023-03-20", "初检", "不合格"))
    #expect(late.superseded == 1)
    #expect(try store.rate("category").total.counts == RateCounts(failed: 1, pending: 1))
    #expect(try store.open().pendingNumbers() == ["L1"])
    // A corrected copy of the first report is still a first report: the objection stands against it too.
    _ = try arrive("3.csv", VersionTests.line("L1", report: "A1", day: "2023-03-21", "初检", "不合格"))
    #expect(try store.open().pendingNumbers() == ["L1"])
    _ = try arrive("4.csv", VersionTests.line("L1", report: "O2", day: "2023-04-02", "异议", "", remark: "异议不认可"))
    #expect(try store.rate("category").total.counts == RateCounts(failed: 1))
    #expect(try store.open().pendingNumbers().isEmpty)
    #expect(try store.open(asOf: "v3").pendingNumbers() == ["L1"])
    // A further objection, raised later.
    _ = try arrive("5.csv", VersionTests.line("L1", report: "O3", day: "2023-04-05", "异议", ""))
    #expect(try store.open().pendingNumbers() == ["L1"])
    _ = try arrive("6.csv", VersionTests.line("L1", report: "B1", day: "2023-04-20", "复检", "合格"))
    #expect(try store.rate("category").total.counts == RateCounts(passed: 1))
    #expect(try store.open().pendingNumbers().isEmpty)
    // What comes late about the objection changes nothing any more.
    _ = try arrive("7.csv", VersionTests.line("L1", report: "O4", day: "2023-04-03", "异议", ""))
    #expect(try store.rate("category").total.counts == RateCounts(passed: 1))
    #expect(try store.open().pendingNumbers().isEmpty)
  }

  /// An old file that is sent once more, in another packing and with something new in it, does not undo what came after.
  @Test func whatWasSaidBeforeIsNoNews() throws {
    let store = try ScratchStore()
    let first = VersionTests.line("L1", report: "A1", day: "", "更正", "不合格")
    let second = VersionTests.line("L1", report: "A1", day: "", "更正", "合格")
    let other = VersionTests.line("L2", report: "A2", day: "", "初检", "合格")
    for (index, lines) in [first, second, first + other].enumerated() {
      let path = try store.file("\(index).csv", Array((VersionTests.header + lines).utf8))
      let outcome = try #require(try store.importFiles([path]).files.first)
      #expect(outcome.accounts.duplicate == (index == 2 ? 1 : 0))
    }
    #expect(try store.rate("category").total.counts == RateCounts(passed: 2))
  }
}

extension QuerySource {
  /// Sampling numbers of the samples that count and are pending, as a query sees them.
  func pendingNumbers() throws -> [String] {
    var numbers: [String] = []
    for visible in try segments() {
      let segment = try visible.open()
      var flags = [UInt32](repeating: 0, count: segment.sampleRows)
      try segment.readNumbers(SampleNumber.flags, 0..<segment.sampleRows, into: &flags)
      let texts = try segment.plainTexts(.samplingNumber, 0..<segment.sampleRows)
      let (closed, pending, settled) =
        (Set(visible.excludedRows), Set(visible.pendingRows), Set(visible.settledRows))
      #expect(closed.isDisjoint(with: pending) && closed.isDisjoint(with: settled) && pending.isDisjoint(with: settled))
      for row in 0..<segment.sampleRows {
        let (place, own) = (UInt32(row), SampleFlags(rawValue: flags[row]).contains(.pending))
        if closed.contains(place) { continue }
        if pending.contains(place) || (own && !settled.contains(place)) { numbers.append(texts[row]) }
      }
    }
    return numbers.sorted()
  }
}
