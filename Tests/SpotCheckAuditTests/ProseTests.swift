import Testing

@testable import SpotCheckAudit

@Suite struct ProseTests {
  /// What a text is understood as.
  struct Case {
    var text: String
    var claims: Int
    var codes: [AuditCode]
    var notUnderstood: Int
    init(_ text: String, _ claims: Int, _ codes: [AuditCode] = [], notUnderstood: Int = 0) {
      self.text = text
      self.claims = claims
      self.codes = codes
      self.notUnderstood = notUnderstood
    }
  }

  static let cases: [Case] = [
    // The wordings of bulletins.
    Case("抽检812批次，不合格47批次，合格率为98.1%", 2, [.percent]),
    Case("抽检812批次，不合格47批次，合格率为94.21%", 2),
    Case("共抽检6474批次,其中不合格188批次,不合格率2.90%", 2),
    Case("生产环节抽检10批次，不合格2批次，合格率为20%", 2, [.rateName]),
    Case("监督抽检1166批次，检出不合格样品140批次，问题发现率为12.01%", 2),
    Case("评价性抽检629批次，合格 624 批次，合格率 99.21％", 2),
    Case("共监督抽检食品食用农产品共2344批次，合格2317批次，合格率为98.85%；检出不合格食品和食用农产品27批次，不合格率为1.15%。", 3),
    Case("西宁市(含五区二县)抽检475批次,检出12批次不合格食品,不合格率为2.53%", 2),
    Case("共完成并公布150626批次食品监督抽检结果，合格148009批次，不合格2617批次，总体合格率为98.26%", 2),
    Case("检验项目合格的样品24113批次、不合格样品1442批次，样品总体合格率为94.36%", 1),
    Case("全年组织抽查检验26472家企业生产经营的28265批次产品，发现3302家企业的3476批次产品不合格，抽查不合格率为12.3%", 2),
    Case("共抽查5468家企业生产的5594批次产品，对5447家企业生产的5573批次产品进行检验，检出687批次产品不合格，不合格发现率为12.3%", 3),
    Case("完成抽检2921763批次，依据有关食品安全国家标准等进行检验，发现不合格样品70174批次，不合格率为2.40%", 2),
    Case("抽检812批次。其中不合格47批次，合格率94.21%。", 2),
    Case("抽检812批次（不合格率5.79%），不合格47批次", 2),
    Case("抽检样品 1,166 批次,不合格 140 批次", 1),
    Case("抽检１１６６批次，不合格１４０批次，不合格率１２．０１％", 2),
    Case("抽检699.74万批次，不合格19.09万批次，不合格率2.73%", 2),
    Case("西宁市抽检9505\n批次，不合格132\n批次，不合格率1.39%", 2),
    Case("共抽查了全国2734家企业生产的2747批次产品，检出266批次不合格品，不合格产品检出率为9.7%，抽查合格率为90.3%", 3),
    // Changes.
    Case("合格率98.26%，比2018年同期97.65%提高了0.61个百分点", 1),
    Case("合格率98.26%，比2018年同期97.65%提高了1.61个百分点", 1, [.change]),
    Case("不合格率由2.86%下降到2.73%，下降0.13个百分点", 1),
    Case("不合格率由2.86%下降到2.73%，上升0.13个百分点", 1, [.change]),
    // What belongs to something else is left alone.
    Case("抽检812批次，不合格47批次，蔬菜合格率为98.1%", 1, notUnderstood: 1),
    Case("抽检812批次，其中蔬菜120批次，不合格47批次，合格率98.1%", 0, notUnderstood: 1),
    Case("抽检812批次其中蔬菜120批次不合格47批次，合格率98.1%", 0, notUnderstood: 1),
    Case("抽检1000余批次，不合格47批次，合格率98.1%", 0, notUnderstood: 1),
    Case("抽检约1000批次，不合格47批次，合格率98.1%", 0, notUnderstood: 1),
    Case("蔬菜、水果抽检100批次，合格率分别为98%和96%", 0, notUnderstood: 1),
    Case("抽检812批次，不合格47批次，合格率低于98.1%", 1, notUnderstood: 1),
    Case("抽检812批次，不合格47批次，合格率达到98%以上", 1, notUnderstood: 1),
    Case("抽检812批次，不合格47批次，企业合格率98.1%", 1, notUnderstood: 1),
    Case("不合格率为2.40%，较上年同期下降0.11个百分点", 0, notUnderstood: 1),
    Case("不合格项目中，农药残留占42.98%，微生物占14.67%", 0, notUnderstood: 1),
    Case("抽检812批次，检测2000项次，不合格47项次，合格率97.65%", 0, notUnderstood: 1),
    Case("抽查222家企业的233批次产品，206家合格，合格率92.8%", 0, notUnderstood: 1),
    Case("抽检100批次（其中未检2批次），不合格5批次，合格率94.90%", 0, notUnderstood: 1),
    Case("抽检100批次（含蔬菜20批次），不合格5批次，合格率95%", 2, notUnderstood: 1),
    Case("抽检量达到5.36批次/千人", 0),
    Case("依据GB2762-2012检出2,4-滴，2015年第3期，罚款12万元", 0),
    Case("抽检99999999999999999999999999批次，不合格1批次，合格率99%", 0, notUnderstood: 1),
    Case("玉树州抽检375批次，不合格1批次。总体合格率97.1%。", 1, notUnderstood: 1),
  ]

  @Test(arguments: cases.indices) func sentencesAreUnderstood(_ index: Int) throws {
    let wanted = ProseTests.cases[index]
    let source = SourceText(wanted.text)
    let prose = ProseReader.read(source, lines: source.lines)
    var bulletin = Bulletin()
    bulletin.statements = prose.statements.map(\.figures)
    bulletin.changes = prose.changes
    var check = BulletinCheck(bulletin, targets: [])
    check.run()
    let report = check.log.report(.text, title: "", notUnderstood: prose.notUnderstood)
    #expect(report.findings.map(\.code) == wanted.codes, "\(wanted.text)")
    #expect(report.claims == wanted.claims, "\(wanted.text) \(report.checkedInOrder)")
    #expect(report.notUnderstood == wanted.notUnderstood, "\(wanted.text)")
  }

  @Test func findingsHaveThePlaceOfThePrintedNumber() throws {
    let finding = try #require(try Audit.report("标题\n\n  抽检812批次，不合格47批次，合格率为98.1%。").findings.first)
    #expect(finding.position == AuditPosition(line: 3, column: 23))
  }

  @Test func aNumberThatIsNotCheckedIsSaid() throws {
    let report = try Audit.report("抽检812批次，不合格47批次。蔬菜合格率98%。水果合格率97%。今天是2024年5月1日。")
    #expect(report.claims == 1)
    #expect(report.notUnderstood == 2)
    #expect(AuditText(.en).summary(report).hasSuffix("2 sentences with numbers not understood"))
    #expect(AuditText(.zh).summary(report).hasSuffix("2 句含数字而未能核对"))
  }

  @Test func silenceIsNotTakenForACleanBill() throws {
    for text in ["今天天气很好。", "蔬菜合格率98%，水果合格率97%。", "   \n\n"] {
      let refusal = try #require(Audit.refusal(text))
      #expect(refusal.problems.first?.message.contains("nothing could be checked") == true, "\(text)")
    }
  }

  static let total = "全省共抽检709批次，不合格12批次。\n\n"

  @Test func paragraphsThatGoThroughTheWholeAreAddedUp() throws {
    func codes(_ rows: String) throws -> [String] {
      try Audit.report(ProseTests.total + rows).findings.map { "\($0.severity.rawValue) \($0.code.rawValue)" }
    }
    #expect(try codes("市、州抽检226批次，不合格2批次；区、县抽检483批次，不合格10批次。") == [])
    // All batches, not all failures: a contradiction. All failures, not all batches: perhaps a row was left out.
    #expect(try codes("市、州抽检226批次，不合格2批次；区、县抽检483批次，不合格9批次。") == ["error MARGIN_FAILED"])
    #expect(try codes("市、州抽检226批次，不合格2批次；区、县抽检480批次，不合格10批次。") == ["warning MARGIN_INSPECTED"])
    #expect(try codes("市、州抽检226批次，不合格2批次；区、县抽检490批次，不合格10批次。") == ["error MARGIN_INSPECTED"])
    // Neither closes: a choice of rows.
    #expect(try codes("市、州抽检226批次，不合格2批次；西宁抽检48批次，不合格1批次。") == [])
  }
}

@Suite struct TableTests {
  static let table = """
    # 抽检情况

    全省共抽检709批次，不合格12批次。西宁市抽检226批次，不合格2批次，不合格率0.88%。

    | 地区 | 抽检批次 | 不合格批次 | 不合格率(%) |
    |---|---:|---:|---:|
    | 西宁市 | 226 | 2 | 0.88 |
    | 海东市 | 483 | 10 | 2.07 |
    | 合计 | 709 | 12 | 1.69 |
    """

  @Test func aRightTableIsSilent() throws {
    let report = try Audit.report(TableTests.table)
    #expect(report.findings.isEmpty)
    #expect(report.checked[.sums] == 2)
    #expect(report.checked[.agreement] == 2)
    #expect(report.notUnderstood == 0)
  }

  @Test(arguments: [
    ("| 海东市 | 483 | 10 |", "| 海东市 | 484 | 10 |", [AuditCode.marginInspected]),
    ("| 海东市 | 483 | 10 |", "| 海东市 | 483 | 11 |", [.marginFailed, .percent]),
    ("| 2.07 |", "| 2.17 |", [.percent]),
    ("| 2.07 |", "| 97.93 |", [.rateName]),
    ("不合格2批次", "不合格3批次", [.textTable, .percent]),
    ("全省共抽检709批次，不合格12批次", "全省共抽检709批次，不合格13批次", [.textTable]),
    ("| 合计 | 709 | 12 | 1.69 |", "| 合计 | 709 | 12 | 1.48 |", [.meanOfRates]),
  ])
  func whatIsWrongIsFound(_ old: String, _ new: String, _ codes: [AuditCode]) throws {
    let text = TableTests.table.replacing(old, with: new)
    #expect(text != TableTests.table)
    let found = Set(try Audit.codes(text))
    #expect(Set(codes).isSubset(of: found), "\(found)")
  }

  @Test func otherShapesOfTables() throws {
    let rows = [
      ["抽样环节", "抽检批次", "不合格批次", "不合格率"], ["西宁市", "226", "2", "0.88%"], ["海东市", "483", "11", "2.28%"],
      ["合计", "709", "12", "1.69%"],
    ]
    for separator in ["\t", ",", "   ", " | "] {
      let text = rows.map { $0.joined(separator: separator) }.joined(separator: "\n")
      #expect(try Audit.codes(text) == [.marginFailed], "\(separator)")
    }
  }

  @Test func subordinateRowsAreNotAddedUp() throws {
    let text = """
      | 序号 | 食品种类 | 抽检批次 | 不合格批次 | 不合格率 |
      | 1 | 餐饮食品 | 694245 | 56047 | 8.07% |
      |  | 其中:餐饮具 | 257017 | 48229 | 18.76% |
      | 2 | 酒类 | 215191 | 3619 | 1.68% |
      |  | 合计 | 909436 | 59666 | 6.56% |
      """
    #expect(try Audit.codes(text) == [])
    #expect(try Audit.codes(text.replacing("18.76%", with: "17.76%")) == [.percent])
  }

  @Test func rowsWithUnjudgedSamplesHaveRatesOfTheJudged() throws {
    let text = "| 地区 | 抽检批次 | 合格 | 不合格 | 未检 | 合格率 |\n| 西宁 | 100 | 93 | 5 | 2 | 94.90% |\n"
    #expect(try Audit.codes(text) == [])
    #expect(try Audit.codes(text.replacing("94.90", with: "95.00")) == [.percent])
    #expect(Audit.refusal("| 地区 | 抽检批次 | 不合格 | 未检 | 合格率 |\n| 西宁 | 100 | 5 | 2 | 94.90% |\n") == nil)
  }

  @Test func severalSumsAreNoTotal() throws {
    let text = """
      | 地区 | 抽检目的 | 抽检批次 | 不合格批次 |
      | 西宁 | 监督抽检 | 10 | 1 |
      | 海东 | 评价性抽检 | 20 | 2 |
      | 合计 | 监督抽检 | 10 | 1 |
      | 合计 | 评价性抽检 | 20 | 2 |
      | 合计 | 全部 | 30 | 3 |
      """
    #expect(try Audit.codes(text) == [])
  }

  @Test func namesWithoutAFigureInCommonMayMeanTwoThings() throws {
    func severities(_ sentence: String) throws -> [String] {
      try Audit.report("| 地区 | 抽检批次 | 不合格批次 |\n| 西宁市 | 226 | 2 |\n| 合计 | 226 | 2 |\n\n" + sentence).findings
        .map { "\($0.severity.rawValue) \($0.code.rawValue)" }
    }
    #expect(try severities("西宁市抽检226批次，不合格3批次。") == ["error TEXT_TABLE"])
    #expect(try severities("西宁市抽检60批次，不合格1批次。") == ["warning TEXT_TABLE"])
    // Two totals even more so: another programme, another year.
    #expect(try severities("共抽检60批次，不合格1批次。") == [])
    #expect(try severities("共抽检226批次，不合格1批次。") == ["error TEXT_TABLE"])
  }

  @Test func oneAgreementSettlesAName() throws {
    // The year in the table, the year and a quarter in the text.
    let text = TableTests.table + "\n\n第四季度，西宁市抽检60批次，不合格1批次。"
    #expect(try Audit.codes(text) == [])
  }

  @Test func theSumMaySpanTheNumbers() throws {
    let text = """
      序号 | 食品种类 | 样品抽检 数量/批次 | 合格样品 数量/批次 | 不合格样品 数量/批次 | 样品 不合格率 |
      1 | 粮食加工品 | 2030 | 2021 | 9 | 0.44% |
      2 | 罐头 | 159 | 159 | 0 | 0 |
      总计 | 2189 | 2180 | 9 | 0.41% |
      """
    #expect(try Audit.report(text).checked[.sums] == 3)
    #expect(try Audit.codes(text) == [])
    #expect(try Audit.codes(text.replacing("| 2189 |", with: "| 2190 |")).contains(.marginInspected))
  }

  @Test func sentencesAreNoTables() throws {
    let text = "据消息,全国部门坚持以问题为导向,完成抽检2921763批次,依据标准进行检验,发现不合格样品70174批次,不合格率为2.40%。"
    #expect(try Audit.report(text).claims == 2)
  }
}
