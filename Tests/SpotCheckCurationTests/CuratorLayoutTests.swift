import SpotCheckModel
import Testing

@testable import SpotCheckCuration

@Suite struct CuratorLayoutTests {
  // MARK: A spreadsheet as it really looks

  private var british: CurationPlan {
    .make(
      .samples,
      [
        (.samplingNumber, ["Sample ID"]), (.sampledDay, ["Date of Sampling"]), (.product, ["Description"]),
        (.producerDistrict, ["Country of Origin"]), (.category, ["#1"]), (.section, ["#2"]),
        (.items, ["Pesticide residues found in mg/kg (MRL)"]),
      ]
    ) { plan in
      plan.field(.samplingNumber) { $0.required = true }
      plan.field(.category) { $0.steps = [.stripSuffix("_BNA")] }
      plan.field(.sampledDay) { $0.dateOrder = .dayFirst }
      plan.continuation = true
      plan.districtRole = .producer
      plan.verdictRules.withoutItems = .pass
      plan.verdictRules.withoutLimit = .undetermined
      var combined = CombinedPlan()
      combined.templates = [
        "{analyte} {value} (MRL = {limit})", "{analyte} {value} (No MRL)", "{analyte} {value} (MRL N/A)",
      ]
      combined.nothing = ["None were detected*"]
      combined.unit = "mg/kg"
      plan.combined = combined
      var others = RowRule(.skip("other"))
      others.unless = [CellCondition(column: .position(0), patterns: ["*_BNA"])]
      var titles = RowRule(.skip("title"))
      titles.when = [CellCondition(column: .position(1), patterns: ["Expert Committee on*"])]
      var sections = RowRule(.section(.section))
      sections.onlyIn = [.position(0), .position(1)]
      plan.rowRules = [others, titles, sections]
    }
  }

  @Test func britishResidues() {
    let blank = Array(repeating: "", count: 4)
    func sheet(_ name: String) -> [String] {
      [
        name, "Sample ID", "Date of Sampling", "Description", "Country of Origin",
        "Pesticide residues found in mg/kg (MRL)", "", "", "",
      ]
    }
    func sample(_ sheet: String, _ id: String, _ day: String, _ country: String, _ residue: String) -> [String] {
      [sheet, id, day, "Bramley Apples", country, residue, "", "", ""]
    }
    func more(_ sheet: String, _ residue: String) -> [String] { [sheet] + blank + [residue, "", "", ""] }
    let title = ["Apples_BNA", "Expert Committee on Pesticide Residues in Food   "] + blank + ["", "", ""]
    let result = british.run([
      ["Analyte_Detections", "captan (sum)", "12", "", "", "", "", "", ""], title, sheet("Apples_BNA"),
      ["Apples_BNA", "Cooking        "] + blank + ["", "", ""],
      sample("Apples_BNA", "1559/2019", "12/08/2019", "UK", "boscalid 0.04 (MRL = 2)"),
      more("Apples_BNA", "captan (sum) 0.03 (MRL = 10)"), more("Apples_BNA", "BAC (sum) 0.3 (MRL = 0.1*)"),
      sample("Apples_BNA", "1880/2019", "02/09/2019", "Ireland", "None were detected above the set RL"),
      ["Apples_Sum", "totals", "", "", "", "", "", "", ""],
      ["Bread_BNA", "Expert Committee on X"] + blank + ["", "", ""],
      sheet("Bread_BNA"), sample("Bread_BNA", "0046/2019 Organic", "24/05/2019", " UK", "2,4-D (sum) 0.2 (MRL = 0.2)"),
      more("Bread_BNA", "chlorate 5 (No MRL)"), sample("Bread_BNA", "0047/2019", "24/05/2019", "UK", "gibberish"),
      more("Bread_BNA", "boscalid 0.04 (MRL = 2)"),
    ])
    #expect(result.numbers() == ["1559/2019", "1880/2019", "0046/2019 Organic"])
    #expect(result.samples(.verdict) == ["fail", "pass", "pass"])
    #expect(result.samples(.category) == ["Apples", "Apples", "Bread"])
    #expect(result.samples(.section) == ["Cooking", "Cooking", ""])
    #expect(result.samples(.district) == ["UK", "Ireland", "UK"])
    #expect(result.itemCounts() == [3, 0, 2])
    #expect(result.items(.analyte) == ["boscalid", "captan (sum)", "BAC (sum)", "2,4-D (sum)", "chlorate"])
    #expect(result.items(.verdict) == ["pass", "pass", "fail", "pass", "undetermined"])
    #expect(result.itemFlags(2) == .limitAtDetermination)
    #expect(result.items(.unit) == Array(repeating: "mg/kg", count: 5))
    #expect(result.tables.samples[.sampled].day(0) == CalendarDay(iso: "2019-08-12"))
    #expect(result.accounts.blankByKind == ["other": 2, "title": 2, "header": 2, "section": 1])
    #expect(result.report.rejects.flatMap { $0.diagnostics.map(\.code) } == [.cellCombined, .rowOrphan])
    #expect(result.accounts.isBalanced)
  }

  // MARK: Lists of failures

  @Test func combinedCells() {
    let plan = CurationPlan.make(
      .samples, [(.samplingNumber, ["抽样编号"]), (.items, ["不合格项目║检验结果║标准值"]), (.category, ["分类"])]
    ) { plan in
      plan.field(.samplingNumber) { $0.required = true }
      plan.combined = CombinedPlan()
      plan.combined?.verdict = .fail
      plan.continuation = true
    }
    let result = plan.run([
      ["抽样编号", "不合格项目║检验结果║标准值", "分类"], ["SC0001", "铅║0.3mg/kg║≤0.2mg/kg；镉║0.1║≤0.05", "食用油、油脂及其制品"],
      ["", "菌落总数║1.9×105CFU/g,4.9×105CFU/g,2.4×105CFU/g,1.8×105CFU/g,1.2×104CFU/g║n=5,c=2,m=1000,M=10000", ""],
      ["SC0002", "标签|不符合 GB 7718-2011 条款", "饼干"],
    ])
    #expect(result.numbers() == ["SC0001", "SC0002"])
    #expect(result.itemCounts() == [3, 1])
    #expect(result.items(.verdict) == ["fail", "fail", "fail", "fail"])
    #expect(result.items(.derivedVerdict) == ["fail", "fail", "undetermined", "fail"])
    #expect(result.itemFlags(2).contains(.lostSuperscript))
    #expect(result.samples(.category) == ["食用油、油脂及其制品", "饼干"])
    #expect(result.codes() == ["CELL_SUPERSCRIPT"])
  }

  @Test func constantsOfItemsHoldInCombinedCells() {
    let plan = CurationPlan.make(
      .samples,
      [
        (.samplingNumber, ["编号"]), (.items, ["项目"]), (.hazard, []), (.limitUnit, []), (.valueUnit, []), (.method, []),
        (.itemVerdict, []),
      ]
    ) { plan in
      plan.field(.hazard) { $0.constant = "pesticide" }
      plan.field(.limitUnit) { $0.constant = "μg/kg" }
      plan.field(.valueUnit) { $0.constant = "mg/kg" }
      plan.field(.method) { $0.constant = "GB 1" }
      plan.field(.itemVerdict) { $0.constant = "不合格" }
      plan.combined = CombinedPlan()
    }
    let result = plan.run([["编号", "项目"], ["SC0001", "铅║0.3║200；镉║0.1║≤0.2mg/kg║g/kg"], ["SC0002", "/"]])
    #expect(result.items(.hazard) == ["pesticide", "pesticide"])
    #expect(result.items(.method) == ["GB 1", "GB 1"])
    #expect(result.items(.unit) == ["mg/kg", "g/kg"])
    #expect(result.itemFlags(0).contains(.unitConverted))
    #expect(result.items(.reportedVerdict) == ["fail", "fail"])
    // A constant alone is no item.
    #expect(result.itemCounts() == [2, 0])
  }

  @Test func analytesOfAVerbatimFieldHaveNoTable() {
    let analytes = CodeTable(
      name: "analytes", entries: [CodeEntry(code: "pb", name: "铅(以Pb计)", parent: "metal", aliases: ["铅"])])
    for table in [nil, "analytes"] {
      let plan = CurationPlan.make(
        .items, [(.samplingNumber, ["编号"]), (.analyte, ["项目"])], tables: ["analytes": analytes]
      ) { $0.field(.analyte) { $0.table = table } }
      let result = plan.run([["编号", "项目"], ["SC0001", "铅"]])
      #expect(result.items(.analyte) == [table == nil ? "铅" : "铅(以Pb计)"])
      #expect(result.items(.hazard) == [table == nil ? "" : "metal"])
    }
    // Combined cells and wide columns have no field of the plan; the table is the plan's.
    let combined = CurationPlan.make(
      .samples, [(.samplingNumber, ["编号"]), (.items, ["项目"])], tables: ["analytes": analytes])
    #expect(combined.run([["编号", "项目"], ["SC0001", "铅║1║2"]]).items(.analyte) == ["铅(以Pb计)"])
  }

  // MARK: Sections and continuations

  @Test func aColumnComesBeforeItsSection() {
    let plan = CurationPlan.make(
      .samples, [(.samplingNumber, ["编号"]), (.unitDistrict, ["区县", "地址"]), (.product, ["产品"])],
      tables: ["districts": XiningCodes.districts]
    ) { plan in
      var section = RowRule(.section(.unitDistrict))
      section.onlyIn = [.position(0)]
      plan.rowRules = [section]
    }
    let result = plan.run([
      ["编号", "区县", "地址", "产品"], ["城东区", "", "", ""], ["SC0001", "", "", "a"], ["SC0002", "城西区", "", "a"],
      ["SC0003", "/", "城北区x路", "a"], ["SC0004", "/", "", "a"], ["城中区", "", "", ""], ["SC0005", "", "", "a"],
    ])
    #expect(result.samples(.district) == ["630102", "630104", "630105", "630102", "630103"])
  }

  @Test func continuationRowsHaveNoDefaults() {
    let plan = CurationPlan.make(
      .items,
      [
        (.samplingNumber, ["编号"]), (.stage, ["环节"]), (.unitDistrict, ["区县"]), (.category, ["大类", "小类"]),
        (.analyte, ["项目"]), (.value, ["结果"]), (.valueUnit, ["单位"]),
      ]
    ) { plan in
      plan.continuation = true
      plan.field(.stage) { $0.fallback = "流通" }
      plan.field(.valueUnit) { $0.fallback = "mg/kg" }
      plan.field(.category) { $0.isPath = true }
      var section = RowRule(.section(.unitDistrict))
      section.onlyIn = [.position(0)]
      plan.rowRules = [section]
    }
    let result = plan.run([
      ["编号", "环节", "区县", "大类", "小类", "项目", "结果", "单位"], ["城东区", "", "", "", "", "", "", ""],
      ["SC0001", "生产", "城西区", "肉", "猪", "铅", "1", ""], ["", "", "", "", "", "镉", "2", ""],
      ["SC0002", "", "", "", "", "铅", "1", "g/kg"], ["", "/", "", "", "", "镉", "2", ""],
    ])
    #expect(result.report.rejects.isEmpty)
    #expect(result.itemCounts() == [2, 2])
    #expect(result.samples(.stage) == ["production", "distribution"])
    #expect(result.samples(.unitDistrictText) == ["城西区", "城东区"])
    #expect(result.items(.unit) == ["mg/kg", "mg/kg", "g/kg", "mg/kg"])
  }

  // MARK: Wide tables

  @Test func wideTables() {
    let plan = CurationPlan.make(.wide, [(.samplingNumber, ["编号"]), (.product, ["产品名称"])]) { plan in
      plan.field(.samplingNumber) { $0.required = true }
      var wide = WidePlan()
      wide.afterColumn = .name("产品名称")
      wide.unit = "mg/kg"
      wide.limits = ["甲胺磷": "0.05"]
      wide.limitRow = "限量"
      plan.wide = wide
    }
    let result = plan.run([
      ["编号", "产品名称", "甲胺磷", "2,4-滴(μg/kg)", "铝(以Al计)"], ["限量", "", "≤0.05", "≤0.1mg/kg", "100"],
      ["SC0001", "白菜", "0.01", "50", "-"], ["SC0002", "菠菜", "0.06", "200", ""], ["SC0003", "芹菜", "", "", ""],
    ])
    #expect(result.itemCounts() == [2, 2, 0])
    #expect(result.items(.analyte) == ["甲胺磷", "2,4-滴", "甲胺磷", "2,4-滴"])
    #expect(result.items(.verdict) == ["pass", "pass", "fail", "fail"])
    #expect(result.items(.unit) == ["mg/kg", "μg/kg", "mg/kg", "μg/kg"])
    #expect(result.itemFlags(3) == .unitConverted)
    #expect(result.samples(.verdict) == ["pass", "fail", "undetermined"])
    #expect(result.accounts.blankByKind == ["header": 1, "limits": 1])
    #expect(result.report.rejects.isEmpty)
  }

  // MARK: Nested XML

  private let paths = ["/r/样品/抽样编号", "/r/样品/结论", "/r/样品/项目/名称", "/r/样品/项目/结果", "/r/样品/项目/限量", "/r/样品/下限", "/r/样品/其他"]
  private var nested: CurationPlan {
    .make(
      .nested,
      [
        (.samplingNumber, ["抽样编号"]), (.sampleVerdict, ["结论"]), (.analyte, ["项目/名称"]), (.value, ["结果"]),
        (.limit, ["限量"]),
      ]
    ) { $0.field(.analyte) { $0.required = true } }
  }

  @Test func nestedRecords() {
    let result = nested.run(
      chunks: [
        Chunks.nested([
          (.record, [(0, "SC0001"), (1, "合格")]), (.item, [(2, "铅"), (3, "0.1"), (4, "≤0.2")]),
          (.item, [(2, "镉"), (3, "0.3"), (4, "≤0.2")]), (.record, [(0, "SC0002"), (6, "x")]),
          (.item, [(2, "铅"), (3, "未检出"), (4, "≤0.2")]),
          (.item, [(3, "0.1")]), (.record, [(1, "合格")]), (.item, [(2, "铅"), (3, "0.1")]),
          (.record, [(0, "SC0001"), (1, "合格")]),
          (.item, [(2, "镉"), (3, "0.3"), (4, "≤0.2")]), (.item, [(2, "铅"), (3, "0.1"), (4, "≤0.2")]),
          (.record, [(0, "SC0003")]),
          (.item, [(2, "铅"), (3, "0.1"), (4, "≤0.2")]), (.item, [(2, "铅"), (3, "0.1"), (4, "≤0.2")]),
          (.item, [(2, "铅"), (3, "0.4"), (4, "≤0.2")]),
        ])
      ], names: paths)
    #expect(result.numbers() == ["SC0001", "SC0002", "SC0003"])
    #expect(result.samples(.verdict) == ["pass", "undetermined", "undetermined"])
    #expect(result.samples(.derivedVerdict) == ["fail", "undetermined", "undetermined"])
    #expect(result.itemCounts() == [2, 1, 1])
    #expect(result.accounts.read == 15)
    #expect(result.accounts.rejected == 4)
    #expect(result.accounts.duplicate == 4)
    #expect(result.accounts.isBalanced)
    #expect(
      result.report.rejects.flatMap { $0.diagnostics.map(\.code) } == [
        .xmlMissingElement, .xmlMissingElement, .rowOrphan, .rowConflict,
      ])
    #expect(result.codes().contains("XML_UNKNOWN_ELEMENT"))
    #expect(result.codes().contains("ROW_CONTRADICTION"))
    #expect(result.report.rejects.first?.rawText == "/r/样品/项目/结果=0.1")
  }

  @Test func aBlankElementIsNotAnAbsentOne() {
    let result = nested.run(
      chunks: [Chunks.nested([(.record, [(1, "合格"), (0, " ")]), (.record, [(1, "合格")])])], names: paths)
    #expect(result.report.rejects.map { $0.diagnostics.map(\.code) } == [[.cellRequired], [.xmlMissingElement]])
    #expect(result.report.rejects.map { $0.diagnostics[0].position.byteOffset } == [7, 9])
  }

  /// An ignored name covers its element wherever it is, and all below it.
  @Test func ignoredElementsAreKnown() {
    var plan = nested
    plan.ignored = ["联系人", "@期间"]
    let names = paths + ["../@期间", "联系人/电话", "a/联系人", "联系人a", "电话"]
    let first = paths.count
    let result = plan.run(
      chunks: [Chunks.nested([(.record, [(0, "SC0001")] + (0..<5).map { (first + $0, "x") })])], names: names)
    let unknown = result.report.diagnostics.filter { $0.code == .xmlUnknownElement }
    #expect(unknown.map(\.rawText) == ["联系人a", "电话"])
    #expect(result.numbers() == ["SC0001"])
  }

  @Test func bothBoundsZeroMeanNothingMayBeFound() {
    let plan = CurationPlan.make(
      .items,
      [
        (.samplingNumber, ["编号"]), (.analyte, ["项目"]), (.value, ["结果"]), (.valueUnit, ["单位"]), (.limitLow, ["最小"]),
        (.limitHigh, ["最大"]), (.limitUnit, ["限量单位"]), (.detectionLimit, ["检出限"]),
      ])
    let result = plan.run([
      ["编号", "项目", "结果", "单位", "最小", "最大", "限量单位", "检出限"], ["SC0001", "a", "0.1", "mg/kg", "0", "0", "", ""],
      ["SC0001", "b", "未检出", "mg/kg", "0", "0", "", "0.01"], ["SC0001", "c", "7", "", "6.5", "8.5", "", ""],
      ["SC0001", "d", "6", "", "6.5", "8.5", "", ""], ["SC0001", "e", "6", "", "6.5", "-", "", ""],
      ["SC0001", "f", "60", "μg/kg", "/", "0.05", "mg/kg", ""],
      ["SC0001", "g", "未检出", "mg/kg", "-", "0.05", "mg/kg", "0.1"],
      ["SC0001", "h", "1", "怪单位", "", "2", "", ""],
    ])
    #expect(
      result.items(.derivedVerdict) == ["fail", "pass", "pass", "fail", "fail", "fail", "undetermined", "pass"])
    #expect(result.items(.limitOperator) == ["nd", "nd", "between", "between", ">=", "<=", "<=", "<="])
    #expect(result.value(1, .detectionLimit) == "0.01")
    #expect(result.value(1) == "")
    #expect(result.itemFlags(6) == .detectionAboveLimit)
    #expect(result.codes() == ["CELL_UNIT"])
  }
}
