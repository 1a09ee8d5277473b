import SpotCheckCuration
import SpotCheckModel
import SpotCheckPipeline
import Testing

struct PipelineExplainerTests {
  @Test func explainSaysWhereEverySettingComesFrom() throws {
    let plan = try #require(Fixture.compile(Fixture.pipeline).plan)
    let expected = """
      pipeline demo: 演示
      file p.yaml
      bureau nyncj
      revision \(plan.revision)
      tables analytes (2), bureaus (2), districts (4), levels (2), verdicts (4), units (1)

      layout items
        format = csv  # p.yaml:11
        encoding = auto  # p.yaml:4
        csv.delimiter = auto  # default
        csv.quote = '"'  # default
        shape = items  # p.yaml:13
        match.file = *.csv  # p.yaml:12
        match.header = [抽样编号, 检验项目]  # p.yaml:12
        header.mode = named  # default
        header.within = 30  # default
        header.rebinds = true  # default
        continuation = false  # default
        listing = false  # default
        fields.sampling_number.from = [抽样编号, 编号]  # p.yaml:6
        fields.sampling_number.required = true  # p.yaml:6
        fields.sampling_number.upper = true  # p.yaml:6
        fields.unit_district.from = 区县  # p.yaml:7
        fields.unit_district.table = districts  # default
        fields.sampled_day.from = 抽样日期  # p.yaml:8
        fields.sampled_day.order = y/m/d  # p.yaml:8
        fields.analyte.from = 检验项目  # p.yaml:15
        fields.analyte.table = analytes  # default
        fields.value.from = [结果, 检验结果]  # p.yaml:16
        fields.item_verdict.from = 判定  # p.yaml:17
        fields.item_verdict.table = verdicts  # default
        verdicts.without_items = undetermined  # default
        verdicts.without_limit = undetermined  # default
        verdicts.derive_items = true  # default
        verdicts.comparison = full  # default
        district = sampled_unit  # default

      """
    let text = PipelineExplainer.explain(plan)
    #expect(text.hasPrefix(expected), "\(text)")
    #expect(text.contains("\n  limits.max_reject_count = no limit  # default\n"))
    #expect(text.contains("\nlayout xml\n  format = xml  # p.yaml:19\n"))
    #expect(text.contains("\n  xml.record = /数据/样品  # p.yaml:21\n"))
  }

  @Test func explainShowsWhatWasWrittenBesideWhatItMeans() throws {
    let plan = try #require(Fixture.compile("unit_district: 区县", "unit_district: \"*区 县（必填）\"").plan)
    #expect(PipelineExplainer.explain(plan).contains("unit_district.from = 区县 (written: *区 县（必填）)  # p.yaml:7"))
  }

  @Test func planIsComplete() throws {
    let text = Fixture.pipeline.replacing(
      "shape: items",
      with: """
        shape: items
            header: { within: 5, rebinds: false }
            csv: { delimiter: tab }
            continuation: true
            district: producer
            verdicts: { without_limit: pass, derive_items: false, comparison: rounded }
            limits: { max_reject_rate: 0.25 }
            severity: { CELL_DATE: error }
            placeholders: [无, "——"]
            constants: { level: 市级 }
            rows:
              - { skip: footer, when: { 抽样编号: ["合计*"], 结果: "" } }
              - { section: section, only: ["#1"] }
        """)
    let compilation = Fixture.compile(text)
    let layout = try #require(compilation.plan?.layout("items"), "\(compilation.problems)")
    let plan = layout.curation
    #expect(layout.fullName == "demo/items" && plan.name == "demo/items" && plan.bureau == "nyncj")
    #expect(plan.shape == .items && plan.continuation && plan.districtRole == .producer)
    #expect(plan.header.within == 5 && !plan.header.rebinds && plan.header.mode == .named)
    #expect(plan.header.required == [["抽样编号"], ["检验项目"], ["抽样编号", "编号"]])
    #expect(plan.verdictRules.withoutLimit == .pass && !plan.verdictRules.derivesItems)
    #expect(plan.verdictRules.comparison == .roundedValue && plan.verdictRules.withoutItems == .undetermined)
    #expect(plan.severities == [.cellDate: .error] && plan.placeholders == ["无", "——"])
    #expect(layout.reading.delimiter == 9 && layout.gate.maximumRate == 0.25)
    #expect(plan.rowRules.count == 2 && plan.rowRules[0].meaning == .skip("footer"))
    #expect(plan.rowRules[0].when.map(\.patterns) == [["合计*"], []])
    #expect(plan.rowRules[1].onlyIn == [.position(0)] && plan.rowRules[1].meaning == .section(.section))
    let number = try #require(plan.fields.first { $0.target == .samplingNumber })
    #expect(number.required && number.steps == [.upper] && number.sources == [.name("抽样编号"), .name("编号")])
    #expect(plan.fields.first { $0.target == .level }?.constant == "市级")
    #expect(plan.fields.first { $0.target == .unitDistrict }?.table == "districts")
    #expect(plan.tables["districts"]?.entries.count == 4 && plan.tables.units.find("毫克/千克")?.unit == "mg/kg")
    #expect(compilation.plan?.layout("xml")?.curation.header.mode == .paths)
  }

  @Test func layoutFieldsReplaceCommonOnesWhole() throws {
    let plan = try #require(
      Fixture.compile("analyte: 检验项目", "analyte: 检验项目\n      sampling_number: { from: 编号 }").plan)
    let field = try #require(plan.layout("items")?.curation.fields.first { $0.target == .samplingNumber })
    #expect(!field.required && field.steps.isEmpty && field.sources == [.name("编号")])
    #expect(plan.layout("xml")?.curation.fields.first { $0.target == .samplingNumber }?.required == true)
  }

  @Test func revisionChangesWithPipelineAndTables() throws {
    let first = try #require(Fixture.compile(Fixture.pipeline).plan).revision
    #expect(first.count == 64 && first == Fixture.compile(Fixture.pipeline).plan?.revision)
    #expect(first != Fixture.compile("title: 演示", "title: 演 示").plan?.revision)
    var codes = Fixture.codes
    codes[2].bytes += Array("630199,某区,630100,2,,,,\n".utf8)
    let other = PipelineCompiler.compile(
      Array(Fixture.pipeline.utf8), file: "p.yaml", tables: CodeTableSet(files: codes, folder: "codes"))
    #expect(other.plan != nil && other.plan?.revision != first)
  }

  @Test func gateRefusesTooManyRejects() {
    var gate = RejectGate()
    var accounts = RowAccounts()
    (accounts.read, accounts.accepted, accounts.rejected, accounts.blank) = (12, 8, 2, 2)
    #expect(gate.breach(accounts) == nil)
    gate.maximumRate = 0.2
    #expect(gate.breach(accounts) == nil)
    gate.maximumRate = 0.19
    #expect(gate.breach(accounts)?.code == .gateRejects)
    gate = RejectGate()
    gate.maximumCount = 1
    #expect(gate.breach(accounts)?.severity == .fatal)
  }
}
