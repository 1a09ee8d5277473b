import SpotCheckModel
import Testing

@testable import SpotCheckCuration

@Suite struct CuratorFramingTests {
  private func plan(_ change: (inout CurationPlan) -> Void = { _ in }) -> CurationPlan {
    .make(
      .samples,
      [
        (.samplingNumber, ["抽样编号", "抽样单编号"]), (.product, ["样品名称", "食品名称"]), (.sampleVerdict, ["结论"]), (.remark, ["备注"]),
      ],
      change: { plan in
        plan.field(.samplingNumber) { $0.required = true }
        plan.field(.product) { $0.required = true }
        change(&plan)
      })
  }

  @Test func headersAreFoundBelowTitlesWhateverTheirDress() {
    let result = plan().run([
      ["西宁市2021年食品抽检结果", "", "", ""], ["", "", "", ""], ["公告日期：2021年", "", "", ""],
      ["*抽样单\n编号（必填）", "食品\u{A0}名称 ", "＊结 论", "备注"], ["SC0001", "大米", "合格", ""],
    ])
    #expect(result.numbers() == ["SC0001"])
    #expect(result.accounts.blankByKind == ["title": 2, "blank": 1, "header": 1])
    #expect(result.codes(.info) == ["CSV_TITLE_ROW"])
    #expect(result.report.diagnostics.first?.message.contains("lines 1, 3") == true)
    #expect(result.accounts.isBalanced)
  }

  @Test func aMissingHeaderIsFatalAndNamesWhatIsMissing() {
    let result = plan().run([["抽样编号", "甲"], ["SC0001", "乙"]])
    #expect(result.report.fatal?.code == .csvHeaderMissing)
    #expect(result.report.fatal?.message.contains("样品名称") == true)
    #expect(result.report.fatal?.message.contains("抽样编号") == false)
    let many = plan { $0.header.within = 3 }.run((0..<9).map { ["行\($0)"] })
    #expect(many.report.fatal?.code == .csvHeaderMissing)
    #expect(many.accounts.read == 9)
    #expect(many.accounts.isBalanced)
  }

  @Test func headerTrouble() {
    let double = plan().run([["抽样编号", "样品名称", "结论", "结论"], ["SC0001", "大米", "合格", "不合格"]])
    #expect(double.report.fatal?.code == .csvHeaderDuplicate)
    let harmless = plan().run([["抽样编号", "样品名称", "电话", "电话", "", "结论"], ["SC0001", "大米", "1", "2", "x", "合格"]])
    #expect(harmless.report.fatal == nil)
    #expect(harmless.codes() == ["CSV_HEADER_BLANK", "CSV_HEADER_UNKNOWN"])
    #expect(harmless.numbers() == ["SC0001"])
    let blank = harmless.report.diagnostics.first { $0.code == .csvHeaderBlank }
    #expect(blank?.position.line == 1)
    #expect(blank?.position.field == 4)
    #expect(blank?.rawText == "x")
    let empty = plan().run([["抽样编号", "样品名称", "", "结论", ""], ["SC0001", "大米", "", "合格", " "]])
    #expect(empty.codes(.info) == [])
  }

  @Test func ignoredColumnsAreKnownAndNotRead() {
    let result = plan { $0.ignored = ["电话"] }.run([
      ["抽样编号", "样品名称", "电话*", "传真", "结论", "备注"], ["SC0001", "大米", "1", "2", "合格", ""],
    ])
    #expect(result.codes(.info) == ["CSV_HEADER_UNKNOWN"])
    #expect(result.report.diagnostics.first?.rawText == "传真")
  }

  @Test func blankRowsAmongTheDataAreNoted() {
    let result = plan().run([
      ["", "", "", ""], ["抽样编号", "样品名称", "结论", "备注"], ["SC0001", "大米", "合格", ""], ["", " ", "", ""],
      ["SC0002", "面粉", "合格", ""],
    ])
    #expect(result.codes(.info) == ["CSV_BLANK_ROW"])
    #expect(result.report.diagnostics.first?.position.line == 4)
    #expect(result.accounts.blankByKind == ["blank": 2, "header": 1])
    let many = plan().run([["抽样编号", "样品名称", "结论", "备注"]] + Array(repeating: [""], count: 500))
    #expect(many.report.counts[.csvBlankRow] == 500)
    #expect(many.report.diagnostics.map(\.position.line) == Array(2...21))
  }

  @Test func repeatedHeadersBindAnew() {
    let result = plan().run([
      ["抽样编号", "样品名称", "结论", "备注"], ["SC0001", "大米", "合格", ""], ["抽样编号", "样品名称", "结论", "备注"],
      ["SC0002", "面粉", "不合格", ""], ["结论", "抽样编号", "样品名称", "备注"], ["合格", "SC0003", "食盐", ""],
    ])
    #expect(result.numbers() == ["SC0001", "SC0002", "SC0003"])
    #expect(result.samples(.product) == ["大米", "面粉", "食盐"])
    #expect(result.samples(.verdict) == ["pass", "fail", "pass"])
    #expect(result.codes(.info) == ["CSV_HEADER_REORDERED", "CSV_HEADER_REPEATED", "CSV_HEADER_REPEATED"])
    #expect(result.accounts.blankByKind == ["header": 3])
  }

  @Test func footersAndRaggedRows() {
    let result = plan().run([
      ["抽样编号", "样品名称", "结论", "备注"], ["SC0001", "大米", "合格", "", "", ""], ["SC0002", "面粉", "合格"],
      ["SC0003", "食盐", "合格", "", "多"], ["合计", "", "", "3"], ["", "填表人：张三", "", ""], ["　", "\u{A0}"],
    ])
    #expect(result.numbers() == ["SC0001"])
    #expect(result.report.rejects.flatMap { $0.diagnostics.map(\.code) } == [.csvFewColumns, .csvManyColumns])
    #expect(result.accounts.blankByKind == ["header": 1, "footer": 2, "blank": 1])
    #expect(result.accounts.isBalanced)
  }

  @Test func damagedRowsAreRefused() {
    var chunk = Chunks.flat([["抽样编号", "样品名称", "结论", "备注"], ["SC0001", "大米", "合格", ""], ["SC0002", "面粉", "合格", ""]])
    chunk.rows[1].isDamaged = true
    let result = plan().run(chunks: [chunk])
    #expect(result.numbers() == ["SC0002"])
    #expect(result.accounts.rejected == 1)
    #expect(result.report.rejects.first?.rawText.contains("SC0001") == true)
  }

  @Test func remarksAndPurposes() {
    var plan = CurationPlan.make(
      .samples, [(.samplingNumber, ["编号"]), (.purpose, ["任务"]), (.sampleVerdict, ["结论"]), (.remark, ["备注"])])
    plan.field(.samplingNumber) { $0.required = true }
    let result = plan.run([
      ["编号", "任务", "结论", "备注"], ["SC0001", "监督抽检", "不合格", "企业提出真实性异议"], ["SC0002", "风险监测", "合格", ""],
      ["SC0003", "例行监测", "合格", ""], ["SC0004", "监督抽检", "", "涉嫌无证，已移送"], ["SC0005", "没听说过", "合格", ""],
      ["SC0006", "", "合格", ""],
    ])
    #expect(result.samples(.purpose) == ["selective", "objective", "objective", "selective", "unknown", "unknown"])
    #expect(result.samples(.verdict) == ["fail", "undetermined", "pass", "not_tested", "pass", "pass"])
    #expect(result.flags(0).contains(.pending))
    #expect(result.flags(1).contains(.riskMonitoring))
    #expect(result.samples(.reportedVerdict)[1] == "pass")
    #expect(result.flags(4).contains(.unknownWord))
    #expect(result.codes() == ["CODE_UNKNOWN_WORD"])
  }

  @Test func duplicatesAndVersionsOfWholeSamples() {
    let result = plan().run([
      ["抽样编号", "样品名称", "结论", "备注"], ["SC0001", "大米", "不合格", ""], ["SC0001", "大米", "不合格", ""],
      ["SC0001", "大米", "合格", ""], ["ＳＣ０００１", "大米", "合格", ""],
    ])
    #expect(result.numbers() == ["SC0001", "SC0001"])
    #expect(result.accounts.duplicate == 2)
    #expect(Set(result.tables.samples.keyHash).count == 1)
    #expect(result.samples(.reportedVerdict).first == "fail")
    #expect(result.samples(.reportedVerdict).last == "pass")
  }

  @Test func identifiersFormulasAndDates() {
    var plan = CurationPlan.make(
      .samples,
      [
        (.samplingNumber, ["编号"]), (.unitCode, ["统一代码"]), (.barcode, ["条码"]), (.product, ["名称"]), (.sampledDay, ["抽样"]),
        (.reportedDay, ["报告"]),
      ])
    plan.field(.samplingNumber) { $0.required = true }
    let result = plan.run([
      ["编号", "统一代码", "条码", "名称", "抽样", "报告"],
      ["SC0001", "91110000802100433b", "6901234567892", "大米", "44197", "2021-01-05"],
      ["SC0002", "91110000802100433X", "6901234567891", "=cmd|'/C calc'!A0", "2021-04-31", "2021-05-01"],
      ["SC0003", "/", "6.93217E+12", "大米", "2021-05-01", "2021-05-02"],
      ["SC0004", "D2143569-X", "=\"6901234567892\"", "大米", "2021-05-02", "2021-05-01"],
    ])
    #expect(result.numbers() == ["SC0001", "SC0002", "SC0004"])
    #expect(result.samples(.unitCode) == ["91110000802100433B", "91110000802100433X", "D2143569-X"])
    #expect(result.samples(.barcode) == ["6901234567892", "6901234567891", "6901234567892"])
    #expect(
      result.codes() == [
        "CELL_CHECKDIGIT", "CELL_CHECKDIGIT", "CELL_DATE", "CELL_EXCEL_DATE", "CELL_EXCEL_SCI", "CELL_FORMULA",
        "ROW_DATE_ORDER",
      ])
    #expect(result.tables.samples[.sampled].day(0) == CalendarDay(iso: "2021-01-01"))
    #expect(result.flags(1) == [.checkDigit, .dateProblem])
    #expect(result.flags(2) == .dateProblem)
  }
}
