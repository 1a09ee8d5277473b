import SpotCheckModel
import Testing

@testable import SpotCheckCuration

/// One row an item.
@Suite struct CuratorItemsTests {
  private func plan(_ change: (inout CurationPlan) -> Void = { _ in }) -> CurationPlan {
    .make(
      .items,
      [
        (.samplingNumber, ["抽样编号"]), (.reportNumber, ["报告编号"]), (.product, ["样品名称"]), (.unitDistrict, ["区县"]),
        (.sampledDay, ["抽样日期"]), (.analyte, ["检验项目"]), (.value, ["检验结果"]), (.limit, ["标准值"]), (.itemVerdict, ["单项判定"]),
        (.sampleVerdict, ["结论"]),
      ], tables: ["districts": XiningCodes.districts, "parks": XiningCodes.parks]
    ) { plan in
      plan.field(.samplingNumber) { $0.required = true }
      plan.field(.analyte) { $0.required = true }
      change(&plan)
    }
  }
  private let header = ["抽样编号", "报告编号", "样品名称", "区县", "抽样日期", "检验项目", "检验结果", "标准值", "单项判定", "结论"]

  private func row(
    _ number: String, _ analyte: String, _ value: String, _ limit: String = "≤0.2", item: String = "",
    sample: String = "",
    product: String = "大米", district: String = "城东区", day: String = "2021-05-01", report: String = ""
  ) -> [String] { [number, report, product, district, day, analyte, value, limit, item, sample] }

  @Test func oneNumberIsOneSampleAdjacentOrNot() {
    let result = plan().run([
      header, row("SC0001", "铅", "0.1"), row("SC0002", "铅", "0.3"), row("SC0001", "镉", "0.05"),
      row("SC0003", "铅", "未检出"),
      row("SC0002", "镉", "0.1"),
    ])
    #expect(result.numbers() == ["SC0001", "SC0002", "SC0003"])
    #expect(result.samples(.verdict) == ["pass", "fail", "pass"])
    #expect(result.itemCounts() == [2, 2, 1])
    // Items of a sample stand together, in order of delivery.
    #expect(result.tables.items.sample == [0, 0, 1, 1, 2])
    #expect(result.items(.analyte) == ["铅", "镉", "铅", "镉", "铅"])
    #expect(result.value(4) == "")
    #expect(result.items(.qualifier) == ["=", "=", "=", "=", "nd"])
    #expect(result.tables.samples.firstItem == [0, 2, 4])
    #expect(result.accounts.accepted == 5)
    #expect(result.accounts.isBalanced)
    #expect(result.samples(.district) == ["630102", "630102", "630102"])
  }

  @Test func repetitionsAreDuplicatesAndContradictionsConflicts() {
    let result = plan().run([
      header, row("SC0001", "铅", "0.1"), row("SC0001", "铅", "0.1"), row("SC0001", "铅", "0.3"),
      row("SC0001", "镉", "0.1"),
    ])
    #expect(result.accounts.accepted == 2)
    #expect(result.accounts.duplicate == 1)
    #expect(result.accounts.rejected == 1)
    #expect(result.report.rejects.map { $0.diagnostics.map(\.code) } == [[.rowConflict]])
    let message = result.report.rejects.first?.diagnostics.first?.message ?? ""
    #expect(message.contains("line 2") && message.contains("line 4"))
    // The refused row leaves a mark: the sample stays, but nobody can say that it passed.
    #expect(result.numbers() == ["SC0001"])
    #expect(result.samples(.verdict) == ["undetermined"])
    #expect(result.flags(0).contains(.incomplete))
    #expect(result.codes() == ["ROW_CONFLICT", "ROW_INCOMPLETE_SAMPLE"])
  }

  @Test func anotherReportIsAnotherVersion() {
    let result = plan().run([
      header, row("SC0001", "铅", "0.3", report: "R1"), row("SC0001", "铅", "0.1", report: "R2"),
      row("SC0001", "镉", "0.1", report: "R1"),
    ])
    #expect(result.numbers() == ["SC0001", "SC0001"])
    #expect(result.samples(.verdict) == ["fail", "pass"])
    #expect(result.itemCounts() == [2, 1])
    #expect(result.tables.samples.keyHash[0] == result.tables.samples.keyHash[1])
    #expect(result.tables.samples.contentHashLow[0] != result.tables.samples.contentHashLow[1])
  }

  @Test func aRestatementIsAVersionAndASlipIsNot() {
    let restated = plan().run([
      header, row("SC0001", "铅", "0.3", sample: "不合格"), row("SC0001", "铅", "0.1", sample: "合格"),
    ])
    #expect(restated.samples(.reportedVerdict) == ["fail", "pass"])
    let slip = plan().run([header, row("SC0001", "铅", "0.3"), row("SC0001", "镉", "0.1", product: "大米粉")])
    #expect(slip.numbers() == ["SC0001"])
    #expect(slip.samples(.product) == ["大米"])
    #expect(slip.samples(.verdict) == ["fail"])
    #expect(slip.codes() == ["ROW_RULE"])
  }

  @Test func blanksFillAndAgree() {
    let result = plan().run([
      header, row("SC0001", "铅", "0.1", product: "", district: "/"), row("SC0001", "镉", "0.1", day: ""),
    ])
    #expect(result.numbers() == ["SC0001"])
    #expect(result.samples(.product) == ["大米"])
    #expect(result.samples(.district) == ["630102"])
    #expect(result.tables.samples[.sampled].day(0) == CalendarDay(iso: "2021-05-01"))
  }

  @Test func reportedVerdictsStandAndContradictionsAreListed() {
    let result = plan().run([
      header, row("SC0001", "铅", "0.3", item: "合格项", sample: "合格"), row("SC0002", "铅", "0.1", sample: "纯监测不判定合格样品"),
      row("SC0003", "铅", "0.1", sample: "差不多合格"),
    ])
    #expect(result.items(.verdict) == ["pass", "pass", "pass"])
    #expect(result.items(.derivedVerdict) == ["fail", "pass", "pass"])
    #expect(result.itemFlags(0) == .contradiction)
    #expect(result.samples(.verdict) == ["pass", "undetermined", "pass"])
    #expect(result.samples(.reportedVerdict) == ["pass", "undetermined", ""])
    #expect(result.flags(2).contains(.unknownWord))
    #expect(result.codes() == ["CODE_UNKNOWN_WORD", "ROW_CONTRADICTION"])
  }

  @Test func allProblemsOfARowAreCollectedWithTheirPlaces() {
    let result = plan { $0.field(.product) { $0.required = true } }.run([
      header, row("6.93217E+12", "", "0.1", product: "", day: "2021-02-30"),
    ])
    #expect(result.accounts.rejected == 1)
    let problems = result.report.rejects.first?.diagnostics ?? []
    #expect(problems.map(\.code) == [.cellExcelScientific, .cellDate, .cellRequired, .cellRequired])
    #expect(problems.first { $0.code == .cellDate }?.position.field == 4)
    #expect(problems.first { $0.code == .cellDate }?.position.fieldName == "抽样日期")
    #expect(problems.first { $0.code == .cellDate }?.rawText == "2021-02-30")
    let headerBytes = header.map { $0.utf8.count + 1 }.reduce(0, +)
    let before = ["6.93217E+12", "", "", "城东区"].map { $0.utf8.count + 1 }.reduce(0, +)
    #expect(problems.first { $0.code == .cellDate }?.position.byteOffset == headerBytes + before)
    #expect(result.numbers().isEmpty)
  }

  @Test func unknownCodesStayInsideTheTotal() {
    let result = plan().run([
      header, row("SC0001", "铅", "0.1", district: "柳州市城中区"), row("SC0002", "铅", "0.1", district: ""),
      row("SC0003", "铅", "0.1", district: "湟中县"), row("SC0004", "铅", "0.1", district: "请选择"),
      row("SC0005", "铅", "0.1", district: "东川工业园"),
    ])
    #expect(result.samples(.district) == ["?", "", "630106", "", "630102"])
    #expect(result.samples(.unitDistrictText) == ["柳州市城中区", "", "湟中县", "", "东川工业园"])
    #expect(result.samples(.park) == ["", "", "", "", "630102400"])
    #expect(result.flags(0) == .unmappedDistrict)
    #expect(result.flags(2) == .retiredCode)
    #expect(result.codes(.info) == ["CODE_RETIRED", "CODE_UNKNOWN_DISTRICT"])
    #expect(result.report.unmapped == [UnmappedText(table: "districts", text: "柳州市城中区"): 1])
  }

  @Test func continuationRowsFillForward() {
    let merged = plan { $0.continuation = true }
    let result = merged.run([
      header, row("", "铅", "0.1", product: "", district: "", day: ""), row("SC0001", "铅", "0.3"),
      row("", "镉", "0.1", product: "", district: "", day: ""),
      row("", "砷", "0.1", product: "面粉", district: "", day: ""),
      row("SC0002", "", "0.1"), row("", "镉", "0.1", product: "", district: "", day: ""),
    ])
    #expect(result.numbers() == ["SC0001"])
    #expect(result.itemCounts() == [2])
    #expect(result.accounts.rejected == 4)
    #expect(
      result.report.rejects.flatMap { $0.diagnostics.map(\.code) } == [
        .rowOrphan, .cellRequired, .cellRequired, .rowOrphan,
      ])
  }

  /// A workbook of the national system, flattened: 73 rows, 46 sampling numbers.
  @Test func seventyThreeRowsAreFortySixSamples() {
    var rows = [header]
    var left = 73 - 46
    for number in 1...46 {
      rows.append(row("XBJ2163010\(1000 + number)", "项目0", "0.3"))
      let more = min(left, number % 3 == 0 ? 2 : (number % 4 == 1 ? 1 : 0))
      for index in 0..<more { rows.append(row("", "项目\(index + 1)", "0.3", product: "", district: "", day: "")) }
      left -= more
    }
    var index = rows.count - 1
    while left > 0 {
      rows.append(row("", "余项\(index)", "0.3", product: "", district: "", day: ""))
      index += 1
      left -= 1
    }
    let result = plan { $0.continuation = true }.run(rows)
    #expect(rows.count == 74)
    #expect(result.accounts.accepted == 73)
    #expect(result.numbers().count == 46)
    #expect(result.samples(.verdict).count { $0 == "fail" } == 46)
    #expect(result.tables.items.rowCount == 73)
  }

  @Test func sealingInTheMiddleOfASampleLosesNothing() {
    var rows: [[String]] = []
    for number in 0..<40 {
      for item in 0..<(number % 5 + 1) {
        rows.append(
          row("SC\(1000 + number)", "项目\(item)", item == 3 ? "0.3" : "0.1", sample: number % 2 == 0 ? "合格" : ""))
      }
    }
    let whole = plan().run([header] + rows)
    for size in 1...7 {
      var curator = Curator(plan: plan())
      var tables = TablePair()
      var report = CurationReport()
      var pairs: [TablePair] = []
      curator.curate(Chunks.flat([header]), columnNames: [], into: &tables, report: &report)
      for start in stride(from: 0, to: rows.count, by: size) {
        let part = Array(rows[start..<min(start + size, rows.count)])
        curator.curate(Chunks.flat(part, firstLine: start + 2), columnNames: [], into: &tables, report: &report)
        if curator.canSeal {
          curator.prepareSeal(&tables, report: &report)
          pairs.append(tables)
          tables = TablePair()
          curator.didSeal()
        }
      }
      curator.finish(into: &tables, report: &report)
      pairs.append(tables)
      func all(_ column: SampleText) -> [String] { pairs.flatMap { Curated(tables: $0).samples(column) } }
      #expect(pairs.flatMap { Curated(tables: $0).numbers() } == whole.numbers())
      #expect(all(.verdict) == whole.samples(.verdict))
      #expect(all(.product) == whole.samples(.product))
      #expect(pairs.flatMap { Curated(tables: $0).itemCounts() } == whole.itemCounts())
      #expect(pairs.flatMap { Curated(tables: $0).items(.analyte) } == whole.items(.analyte))
      #expect(pairs.flatMap { $0.samples.contentHashLow } == whole.tables.samples.contentHashLow)
      #expect(pairs.flatMap { $0.samples.line } == whole.tables.samples.line)
      #expect(pairs.flatMap { Curated(tables: $0).items(.verdict) } == whole.items(.verdict))
      #expect(report.accounts == whole.accounts)
      #expect(report.counts == whole.report.counts)
    }
  }

  @Test func aSampleTornApartBySealingRefusesTheFile() {
    var curator = Curator(plan: plan())
    var tables = TablePair()
    var report = CurationReport()
    curator.curate(
      Chunks.flat([header, row("SC0001", "铅", "0.1"), row("SC0002", "铅", "0.1")]), columnNames: [], into: &tables,
      report: &report)
    curator.prepareSeal(&tables, report: &report)
    tables = TablePair()
    curator.didSeal()
    curator.curate(Chunks.flat([row("SC0001", "镉", "0.1")]), columnNames: [], into: &tables, report: &report)
    #expect(report.fatal?.code == .rowSplitSample)
  }

  @Test func batchIsPutInAfterwards() {
    var result = plan().run([header, row("SC0001", "铅", "0.1"), row("SC0002", "铅", "0.1")])
    #expect(result.samples(.batch) == [Curator.batchPlaceholder, Curator.batchPlaceholder])
    Curator.setBatch("abc", in: &result.tables)
    #expect(result.samples(.batch) == ["abc", "abc"])
  }

  @Test func orderOfColumnsAndRowsDoesNotChangeTheContent() {
    let one = plan().run([header, row("SC0001", "铅", "0.1"), row("SC0001", "镉", "0.2")])
    let reversed = plan().run([
      header.reversed(), row("SC0001", "镉", "0.2").reversed(), row("SC0001", "铅", "0.1").reversed(),
    ])
    #expect(one.tables.samples.contentHashLow == reversed.tables.samples.contentHashLow)
    #expect(one.tables.samples.contentHashHigh == reversed.tables.samples.contentHashHigh)
    let other = plan().run([header, row("SC0001", "铅", "0.1"), row("SC0001", "镉", "0.20")])
    #expect(one.tables.samples.contentHashLow != other.tables.samples.contentHashLow)
  }

  @Test func manyItemsOfOneSampleStayQuick() {
    var rows = [header]
    for index in 0..<3000 { rows.append(row("SC0001", "项目\(index)", "0.1")) }
    rows.append(row("SC0001", "项目7", "0.1"))
    rows.append(row("SC0001", "项目8", "0.2"))
    let result = plan().run(rows)
    #expect(result.accounts.accepted == 3000)
    #expect(result.accounts.duplicate == 1)
    #expect(result.accounts.rejected == 1)
  }
}
