import SpotCheck
import SpotCheckTestSupport
import Testing

/// Which version of a sample counts does not depend on the order of arrival.
@Suite struct VersionTests {
  private static let header = "序号,抽样编号,林产品类别,样品名称,被抽检单位,抽样日期,报告日期,不合格项目║检验结果║标准值,检验结论,报告类别\n"

  private static let deliveries = [
    // First reports: one fails, two pass.
    header + "1,L1,枸杞,枸杞,甲,2023-03-05,2023-03-20,吡虫啉║3mg/kg║≤1mg/kg,不合格,初检\n"
      + "2,L2,枸杞,枸杞,乙,2023-03-05,2023-03-20,/,合格,初检\n" + "3,L3,枸杞,枸杞,丙,2023-03-05,2023-03-20,/,合格,初检\n",
    // The failure passes its retest, a pass is corrected to a failure, the third report is withdrawn.
    header + "1,L1,枸杞,枸杞,甲,2023-03-05,2023-04-10,/,合格,复检\n",
    header + "1,L2,枸杞,枸杞,乙,2023-03-05,2023-04-15,吡虫啉║3mg/kg║≤1mg/kg,不合格,更正\n",
    header + "1,L3,枸杞,枸杞,丙,2023-03-05,2023-04-20,/,合格,撤回\n",
  ]

  private static func orders(_ rest: [Int]) -> [[Int]] {
    guard !rest.isEmpty else { return [[]] }
    return rest.flatMap { first in orders(rest.filter { $0 != first }).map { [first] + $0 } }
  }

  @Test func everyOrderGivesTheSameCounts() throws {
    for order in VersionTests.orders([0, 1, 2, 3]) {
      let store = try ScratchStore()
      for index in order {
        let path = try store.file("\(index).csv", Array(VersionTests.deliveries[index].utf8))
        let outcome = try #require(try store.importFiles([path]).files.first)
        #expect(outcome.state == .accepted, "\(order) \(String(describing: outcome.refusal))")
      }
      #expect(try store.rate("category").total.counts == RateCounts(passed: 1, failed: 1), "\(order)")
      let open = try OpenStore(store.root)
      var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
      #expect(try verifier.verify().isSound, "\(order)")
    }
  }

  /// Every earlier state stays visible, byte for byte.
  @Test func earlierSnapshotsKeepTheirAnswer() throws {
    let store = try ScratchStore()
    var answers: [String] = []
    for (index, text) in VersionTests.deliveries.enumerated() {
      _ = try store.importFiles([try store.file("\(index).csv", Array(text.utf8))])
      let now = try RateQuery(by: try Dimension.parse(list: "category,month")).run(on: try store.open())
      answers.append(try OutputFormat.json.emitter().text(now.report()))
    }
    for (index, answer) in answers.enumerated() {
      let then = try RateQuery(by: try Dimension.parse(list: "category,month")).run(
        on: try store.open(asOf: "v\(index + 1)"))
      #expect(try OutputFormat.json.emitter().text(then.report()) == answer)
    }
    #expect(Set(answers).count == answers.count)
  }
}
