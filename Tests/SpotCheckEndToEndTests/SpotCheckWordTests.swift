import SpotCheck
import SpotCheckTestSupport
import Testing

/// Every word of the national system (domain reference 2.1) through the shipped pipelines: what verdict it is, and
/// where its sample counts.
@Suite struct SpotCheckWordTests {
  private func rows(_ text: String, _ name: String) throws -> [StoredRows.Row] {
    try StoredRows(importing: text, as: name).rows
  }

  /// Conclusion → verdict, class when the task is 监督抽检.
  private static let conclusions: [(String, Verdict, SampleClass)] = [
    ("纯抽检合格样品", .pass, .passed), ("纯抽检不合格样品", .fail, .failed), ("抽检合格样品并监测问题样品", .pass, .passed),
    ("抽检合格样品并监测不判定样品", .pass, .passed), ("抽检不合格样品并监测问题样品", .fail, .failed),
    ("抽检不合格样品并监测不判定样品", .fail, .failed), ("纯监测问题样品", .undetermined, .riskMonitoring),
    ("纯监测不判定合格样品", .undetermined, .riskMonitoring), ("未检验样品", .notTested, .notTested),
    ("合格报告", .pass, .passed), ("一般不合格报告", .fail, .failed), ("一般问题报告", .undetermined, .undetermined),
    ("一般不合格（问题）报告", .fail, .failed), ("24小时限时报告", .fail, .failed), ("合格", .pass, .passed),
    ("不合格", .fail, .failed), ("拒检", .notTested, .refused), ("拒绝抽检", .notTested, .refused),
    ("涉嫌无证", .notTested, .unlicensed), ("涉嫌无证（移送）", .notTested, .unlicensed), ("停产", .notTested, .notTested),
    ("未抽到样品", .notTested, .notTested), ("不判定", .undetermined, .undetermined), ("", .undetermined, .undetermined),
  ]

  private func market(_ task: String) -> String {
    let samples = SpotCheckWordTests.conclusions.enumerated().map { index, row in
      "<样品><抽样编号>SC2463\(1000 + index)</抽样编号><任务类别>\(task)</任务类别><样品名称>醋</样品名称><产品大类>调味品</产品大类>"
        + "<被抽样单位所在区县>城东区</被抽样单位所在区县><抽样时间>2024-03-05</抽样时间><结论>\(row.0)</结论></样品>"
    }
    return "<抽检数据>\(samples.joined())</抽检数据>"
  }

  @Test(arguments: ["监督抽检", "抽检监测"]) func everyConclusionOfASpotCheck(_ task: String) throws {
    for (row, expected) in zip(try rows(market(task), "m.xml"), SpotCheckWordTests.conclusions) {
      #expect(row[.verdict] == expected.1.rawValue, "\(expected.0)")
      #expect(row.sampleClass == expected.2, "\(expected.0)")
      #expect(row.flags.contains(.riskMonitoring) == (expected.2 == .riskMonitoring), "\(expected.0)")
    }
  }

  /// Whatever it found, what the task monitors is in no rate; what was not tested was not monitored.
  @Test func everyConclusionOfRiskMonitoring() throws {
    for (row, expected) in zip(try rows(market("风险监测"), "m.xml"), SpotCheckWordTests.conclusions) {
      let isTested = expected.1 != .notTested
      #expect(row.sampleClass == (isTested ? .riskMonitoring : expected.2), "\(expected.0)")
      #expect(row[.verdict] == (isTested ? "undetermined" : "not_tested"), "\(expected.0)")
    }
  }

  @Test func everyWordOfAnItem() throws {
    let words: [(String, Verdict, SampleClass)] = [
      ("合格项", .pass, .passed), ("不合格项", .fail, .failed), ("问题项", .undetermined, .undetermined),
      ("不判定项", .undetermined, .undetermined), ("未检验", .notTested, .notTested),
    ]
    let header = "抽样编号,样品名称,食品大类,被抽样单位所在区县,抽样时间,检验项目,检验结果,结果单位,最大允许限,结果判定\n"
    let lines = words.enumerated().map { "SBJ\(1000 + $0),醋,调味品,城东区,2024-04-02,总酸,/,g/100mL,/,\($1.0)\n" }
    for (row, expected) in zip(try rows(header + lines.joined(), "e.csv"), words) {
      #expect(row[.verdict] == expected.1.rawValue, "\(expected.0)")
      #expect(row.sampleClass == expected.2, "\(expected.0)")
    }
  }

  /// 农产品质量安全监测管理办法 art. 3 calls 例行监测 a kind of risk monitoring; it is published as a rate all the same,
  /// and 风险监测 is not. Screening is apart from both.
  @Test func theTasksOfAgriculture() throws {
    let tasks: [(String, SampleClass)] = [
      ("例行监测", .passed), ("LXJC", .passed), ("监督抽查", .passed), ("JDCC", .passed), ("专项监测", .passed),
      ("风险监测", .riskMonitoring), ("普查", .passed), ("快速检测", .screening), ("定性检测", .screening),
    ]
    let header = "抽样编号,监测类型,监测环节,产品大类,样品名称,受检单位,县区,抽样时间,检测项目,检测结果,计量单位,最大残留限量,单项判定,综合判定\n"
    let lines = tasks.enumerated().map {
      "NC\(1000 + $0),\($1.0),种植基地,蔬菜,芹菜,某场,城北区,2024-04-02,毒死蜱,0.01,mg/kg,0.05,合格,合格\n"
    }
    for (row, expected) in zip(try rows(header + lines.joined(), "a.csv"), tasks) {
      #expect(row.sampleClass == expected.1, "\(expected.0)")
    }
    let rapid =
      "样品编号,产品类别,样品名称,受检单位,县区,检测日期,抑制率,判定结果\nKJ1001,蔬菜,芹菜,某场,城北区,2024-04-02,12,阴性\nKJ1002,蔬菜,韭菜,某场,城北区,2024-04-02,71,阳性\n"
    #expect(try rows(rapid, "k.csv").map(\.sampleClass) == [.screening, .screening])
  }
}
