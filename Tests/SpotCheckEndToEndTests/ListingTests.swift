import SpotCheck
import SpotCheckTestSupport
import Testing

/// Lists that name samples by their outcome have no denominator (decision 0010).
@Suite struct ListingTests {
  private static let failed =
    "抽样编号,序号,标称生产企业名称,被抽样单位名称,被抽样单位地址,食品名称,生产日期/批号,不合格项目║检验结果║标准值,分类,公告号,公告日期,任务来源/项目名称,检验机构\n"
    + (1...5).map {
      "SC100\($0),\($0),甲厂,乙店,青海省西宁市城东区1号,挂面,2024-03-01/A\($0),铅║0.9mg/kg║≤0.2mg/kg,挂面,1,2024-04-01,省抽,甲所\n"
    }
    .joined()
  private static let passed =
    "抽样编号,序号,标称生产企业名称,被抽样单位名称,被抽样单位所在省份,食品名称,生产日期/批号,分类,公告号,公告日期,任务来源/项目名称,公告网址链接\n"
    + (11...13).map { "SC10\($0),\($0),甲厂,乙店,青海,挂面,2024-03-01/B,挂面,1,2024-04-01,省抽,http://example.invalid\n" }.joined()
  /// Full reports of two of the listed samples, one of which passed in the end, and of a third sample.
  private static let reports =
    "抽样编号,任务类别,食品大类,样品名称,抽样时间,检验项目,检验结果,结果判定,结论\n"
    + "SC1001,监督抽检,挂面,挂面,2024-03-05,铅,0.9,不合格项,不合格\nSC1002,监督抽检,挂面,挂面,2024-03-05,铅,0.1,合格项,合格\n"
    + "SC2000,监督抽检,挂面,挂面,2024-03-05,铅,0.1,合格项,合格\n"

  @Test func aListIsCountedAndInNoRate() throws {
    let store = try ScratchStore()
    let paths = [
      try store.file("failed.csv", Array(ListingTests.failed.utf8)),
      try store.file("passed.csv", Array(ListingTests.passed.utf8)),
    ]
    let summary = try store.importFiles(paths)
    #expect(summary.files.allSatisfy { $0.state == .accepted }, "\(summary.files.compactMap(\.refusal))")
    let result = try store.rate("verdict")
    #expect(result.total.counts == RateCounts(listed: 8) && result.total.rate == nil)
    #expect(result.rows.map { $0.codes[0] } == ["fail", "pass"])
    #expect(try store.rate("purpose") { $0.filter = try Filter("flag = listed") }.total.counts.samples == 8)
  }

  @Test(arguments: [[0, 1, 2], [2, 0, 1], [0, 2, 1], [1, 2, 0]])
  func aReportTakesTheListsPlaceInAnyOrder(_ order: [Int]) throws {
    let store = try ScratchStore()
    let texts = [ListingTests.failed, ListingTests.passed, ListingTests.reports]
    for index in order {
      let path = try store.file("\(index).csv", Array(texts[index].utf8))
      #expect(try store.importFiles([path]).files.allSatisfy { $0.state == .accepted && $0.accounts.isBalanced })
    }
    #expect(try store.rate("category").total.counts == RateCounts(passed: 2, failed: 1, listed: 6), "\(order)")
    let open = try OpenStore(store.root)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    #expect(try verifier.verify().isSound, "\(order)")
  }
}
