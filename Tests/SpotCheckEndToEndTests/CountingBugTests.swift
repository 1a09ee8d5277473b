import SpotCheck
import SpotCheckTestSupport
import Testing

/// The counting bugs that were found in a real system (domain reference 5), through the shipped pipelines: each test is
/// named after its bug and fails when the bug is put back. Those of queries and rates stand with the query engine.
@Suite struct CountingBugTests {
  private static let exportHeader = "抽样编号,样品名称,食品大类,被抽样单位名称,被抽样单位所在区县,抽样时间,检验项目,检验结果,结果单位,最大允许限,结果判定,结论\n"
  private static let failedHeader =
    "抽样编号,序号,标称生产企业名称,标称生产企业地址,被抽样单位名称,被抽样单位地址,食品名称,规格型号,商标,生产日期/批号,不合格项目║检验结果║标准值,分类,公告号,公告日期,任务来源/项目名称,检验机构,备注\n"

  private func market(_ samples: String) -> String { "<抽检数据>\(samples)</抽检数据>" }

  private func sample(_ number: String, _ conclusion: String, day: String = "2024-03-05", more: String = "") -> String {
    "<样品><抽样编号>\(number)</抽样编号><任务类别>监督抽检</任务类别><样品名称>醋</样品名称><产品大类>调味品</产品大类>"
      + "<被抽样单位所在区县>城东区</被抽样单位所在区县><抽样时间>\(day)</抽样时间><结论>\(conclusion)</结论>\(more)</样品>"
  }

  /// `合格` stands inside 不合格; `[^不]合格` finds 纯监测不判定合格样品.
  @Test func substringsOfAConclusionAreNoConclusion() throws {
    let words = ["不合格", "纯抽检不合格样品", "纯监测不判定合格样品", "不判定合格样品", "未检验样品", "合格", "基本合格", "合格率待定"]
    let text = market(words.enumerated().map { sample("SC\(1000 + $0)", $1) }.joined())
    let rows = try StoredRows(importing: text, as: "m.xml").rows
    let expected = [
      "fail", "fail", "undetermined", "undetermined", "not_tested", "pass", "undetermined", "undetermined",
    ]
    #expect(rows.map { $0[.verdict] } == expected)
    #expect(rows.filter { $0.sampleClass == .passed }.count == 1)
    // What is no word of the table is said.
    #expect(rows.map { $0.flags.contains(.unknownWord) } == [false, false, false, false, false, false, true, true])
  }

  /// 大通 is not 大通市, and 玉树 is a prefecture and a city: appending 市, 县 or 区 until something fits invents districts.
  @Test func noSuffixIsAppendedToADistrict() throws {
    let texts = [
      ("大通", "630121"), ("大通县", "630121"), ("大通回族土族自治县", "630121"), ("西宁", "630100"), ("平安", "630203"),
      ("互助", "630223"), ("玉树", "?"), ("城", "?"), ("西宁市大通", "630121"),
    ]
    let samples = texts.enumerated().map { index, text in
      sample("SC\(1000 + index)", "合格").replacing("<被抽样单位所在区县>城东区", with: "<被抽样单位所在区县>\(text.0)")
    }
    let rows = try StoredRows(importing: market(samples.joined()), as: "m.xml").rows
    for (row, text) in zip(rows, texts) {
      #expect(row[.unitDistrict] == text.1, "\(text.0)")
      #expect(row[.unitDistrictText] == text.0)
    }
  }

  /// What a form shows before anything is chosen is nothing: not a district, not a producer, not a lot.
  @Test(arguments: ["请选择", "/", "、", "-", "\\", "无", "／", "—", "_", "---", "——", "----", "－", "　", "———", "－－"])
  func aPlaceholderIsNoValue(_ placeholder: String) throws {
    let header = "抽样编号,任务级别,样品名称,食品大类,商标,样品规格,样品批号,标称生产企业名称,标称生产企业所在区县,被抽样单位名称,被抽样单位所在区县,任务来源,抽样时间,检验项目,检验结果,结果判定,结论\n"
    let cells = Array(repeating: placeholder, count: 11).joined(separator: ",")
    let text = header + "SC1001,\(cells),2024-03-05,铅,未检出,合格项,合格\n"
    let row = try #require(try StoredRows(importing: text, as: "e.csv").rows.first)
    for column in [
      SampleText.product, .category, .categoryText, .tradeMark, .specification, .lot, .producerName, .producerDistrict,
      .producerDistrictText, .unitName, .district, .unitDistrict, .unitDistrictText, .programme, .park,
    ] {
      #expect(row[column] == "", "\(column.name)")
    }
    #expect(row[.level] == "unknown" && row[.verdict] == "pass")
    #expect(row.flags.isDisjoint(with: [.unmappedCategory, .unmappedDistrict, .unknownWord]))
  }

  /// Which samples count is not to be settled by a list of numbers in a configuration file.
  @Test(arguments: ["exceptions", "exclude", "except", "exclude_samples", "sampling_numbers", "blacklist"])
  func thereIsNoListOfExceptions(_ key: String) throws {
    let yaml = """
      pipeline: mine
      title: 自备规则
      bureau: scjgj
      \(key): [SC1001, SC1002]
      fields: { sampling_number: No, verdict: Result }
      layouts:
        - { name: only, format: csv, match: { file: "*.csv" }, shape: samples }
      """
    let store = try ScratchStore()
    let pipeline = try store.file("mine.yaml", Array(yaml.utf8))
    let path = try store.file("list.csv", Array("No,Result\n1,合格\n".utf8))
    let error = #expect(throws: ImportError.self) { try store.importFiles([path]) { $0.pipeline = pipeline } }
    #expect(error?.message.contains("unknown key '\(key)'") == true, "\(error?.message ?? "")")
  }

  /// A workbook of 73 rows with 46 sampling numbers: the rows below a number are further failed items of it.
  @Test func continuationRowsAreNoSamples() throws {
    var lines: [String] = []
    var extra = 27
    for index in 0..<46 {
      lines.append(
        "GC2400\(1000 + index),\(index + 1),某厂,陕西省西安市,某店,西宁市城中区,蛋糕,散装,/,2024-02-01,酸价║6.0mg/g║≤5mg/g,糕点,2,2024-07-01,国抽,某院,/"
      )
      // One or two more items, until there are 27 of them.
      for item in ["铅║0.9mg/kg║≤0.5mg/kg", "镉║0.9mg/kg║≤0.1mg/kg"].prefix(index % 3) where extra > 0 {
        // Blank, or the number again: both are seen.
        let number = index % 2 == 0 ? "" : "GC2400\(1000 + index)"
        lines.append("\(number),,,,,,,,,,\(item),,,,,,")
        extra -= 1
      }
    }
    #expect(lines.count == 73)
    let text = CountingBugTests.failedHeader + lines.joined(separator: "\n") + "\n"
    let store = try ScratchStore()
    let outcome = try #require(try store.importFiles([try store.file("f.csv", Array(text.utf8))]).files.first)
    #expect(outcome.accounts.accepted == 73 && outcome.accounts.read == 74, "\(outcome.accounts)")
    #expect(outcome.samples == 46 && outcome.items == 73)
    #expect(try store.rate("bureau").total.counts == RateCounts(listed: 46))
  }

  /// A copy that is sent again with the collection date one day off is the same sample, corrected.
  @Test func aResubmissionOneDayOffIsNoSecondSample() throws {
    let store = try ScratchStore()
    let first = market(sample("SC1001", "不合格") + sample("SC1002", "合格"))
    let second = market(sample("SC1001", "不合格", day: "2024-03-06") + sample("SC1002", "合格"))
    for (index, text) in [first, second].enumerated() {
      let outcome = try #require(try store.importFiles([try store.file("\(index).xml", Array(text.utf8))]).files.first)
      #expect(outcome.superseded == index)
      #expect(outcome.accounts.duplicate == index)
    }
    #expect(try store.rate("bureau").total.counts == RateCounts(passed: 1, failed: 1))
    #expect(try store.rate("district").total.counts.samples == 2)
    #expect(try store.open(asOf: "v1").segments().count == 1)
  }

  /// An item with several detection limits is one item.
  @Test func severalDetectionLimitsDoNotMultiplyItems() throws {
    let item = """
      <检验项目><项目名称>铅</项目名称><检验结果>未检出</检验结果><结果单位>mg/kg</结果单位><标准方法检出限>0.02</标准方法检出限>\
      <方法检出限>0.005</方法检出限><方法检出限>0.01</方法检出限><检出限>0.03</检出限><最大允许限>0.5</最大允许限>\
      <结果判定>合格项</结果判定></检验项目>
      """
    let text = market(sample("SC1001", "合格", more: "<检验项目列表>\(item)</检验项目列表>"))
    let store = try ScratchStore()
    let outcome = try #require(try store.importFiles([try store.file("m.xml", Array(text.utf8))]).files.first)
    #expect(outcome.samples == 1 && outcome.items == 1, "\(outcome.counts)")
    #expect(try store.rate("bureau").total.counts == RateCounts(passed: 1))
    // As rows that differ in nothing but the limit: the item is contradictory, not two items, and the sample is one.
    let header = "抽样编号,样品名称,食品大类,被抽样单位所在区县,抽样时间,检验项目,检验结果,结果单位,方法检出限,最大允许限,结果判定\n"
    let line = "SBJ1001,醋,调味品,城东区,2024-04-02,铅,未检出,mg/kg"
    let rows = try StoredRows(importing: header + "\(line),0.005,0.5,合格项\n\(line),0.01,0.5,合格项\n", as: "e.csv").rows
    #expect(rows.count == 1 && rows[0].itemCount == 1)
  }

  /// A spreadsheet cuts long numbers to 6.3E+15: two different samples would become one, and nothing brings them back.
  @Test func numbersCutByASpreadsheetAreNotCounted() throws {
    let lines = ["6.30102E+15", "6.30102E+15", "6.30102e15", "SC24630102001"].enumerated().map {
      "\($1),醋\($0),调味品,某店,城东区,2024-04-02,铅,0.0\($0 + 1),mg/kg,0.5,合格项,合格\n"
    }
    let store = try ScratchStore()
    let path = try store.file("e.csv", Array((CountingBugTests.exportHeader + lines.joined()).utf8))
    // Three of four rows are more than the pipeline lets pass.
    let outcome = try #require(try store.importFiles([path]).files.first)
    #expect(outcome.state == .refused && outcome.refusal?.code == .gateRejects)
    #expect(outcome.counts[.cellExcelScientific] == 3)
    let more = (2...9).map { "SC2463010200\($0),醋,调味品,某店,城东区,2024-04-02,铅,0.01,mg/kg,0.5,合格项,合格\n" }
    let text = CountingBugTests.exportHeader + (lines + more).joined()
    let second = try #require(try store.importFiles([try store.file("f.csv", Array(text.utf8))]).files.first)
    #expect(second.accounts.rejected == 3 && second.samples == 9)
    #expect(try store.rate("bureau").total.counts == RateCounts(passed: 9))
    #expect(try store.rejects().allSatisfy { $0.diagnostics.contains { $0.code == .cellExcelScientific } })
  }
}
