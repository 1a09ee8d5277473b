import SpotCheckModel
import SpotCheckPipeline
import Testing

/// Every kind of problem: one case each with place and words.
struct PipelineProblemTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    /// `line:column: severity: beginning of the message`
    var expected: String
    /// How the message goes on somewhere.
    var mentions = ""
    var testDescription: String { expected }
  }

  static let cases: [Case] = [
    // Keys
    Case(
      old: "fields:\n  sampling", new: "feilds:\n  sampling",
      expected: "5:1: error: unknown key 'feilds'; did you mean 'fields'?"),
    Case(
      old: "required: true", new: "requierd: true",
      expected: "6:40: error: unknown key 'requierd' in 'fields.sampling_number'; did you mean 'required'?"),
    Case(old: "title: 演示\n", new: "", expected: "1:1: error: missing key 'title'"),
    Case(old: "    format: csv\n", new: "", expected: "10:5: error: missing key 'format' in 'layouts[]'"),
    Case(
      old: "title: 演示\n", new: "title: 演示\ntitle: 又\n", expected: "3:1: error: duplicate key 'title' (first on line 2)"),
    Case(
      old: "unit_district: 区县", new: "unit_distrct: 区县",
      expected: "7:3: error: unknown field 'unit_distrct' in 'fields'; did you mean 'unit_district'?"),
    // Types
    Case(
      old: "required: true", new: "required: yes",
      expected: "6:50: error: 'fields.sampling_number.required' must be true or false, found 'yes'"),
    Case(old: "title: 演示", new: "title: [演示]", expected: "2:8: error: 'title' must be a text, found a list"),
    Case(old: "title: 演示", new: "title:", expected: "2:1: error: 'title' has no value; expected a text"),
    Case(old: "title: 演示", new: "title: \"\"", expected: "2:8: error: 'title' must not be empty"),
    Case(
      old: "encoding: auto", new: "limits: { max_reject_rate: 2 }",
      expected: "4:28: error: 'limits.max_reject_rate' must lie in 0 … 1, found 2"),
    Case(
      old: "shape: items", new: "header: { within: 0 }\n    shape: items",
      expected: "13:23: error: 'layouts[].header.within' must lie in 1 … 10000, found 0"),
    Case(
      old: "shape: items", new: "header: { within: many }\n    shape: items",
      expected: "13:23: error: 'layouts[].header.within' must be a whole number, found 'many'"),
    Case(old: "layouts:", new: "layouts: 3\nlimits:", expected: "9:10: error: 'layouts' must be a list, found '3'"),
    Case(old: "encoding: auto", new: "verdicts: [pass]", expected: "4:11: error: expected keys (without_items"),
    // Ignored columns
    Case(
      old: "encoding: auto", new: "ignore: [联系人, \"*编号\"]",
      expected: "4:15: error: '*编号' is ignored, but 'sampling_number' of this layout reads it"),
    Case(
      old: "shape: items", new: "shape: items\n    ignore: [结果]",
      expected: "14:14: error: '结果' is ignored, but 'value' of this layout reads it"),
    Case(
      old: "encoding: auto", new: "ignore: [联系人, 联 系 人]",
      expected: "4:15: error: the column name '联 系 人' is named twice"),
    Case(
      old: "shape: items", new: "shape: items\n    ignore: \"#3\"",
      expected: "14:13: error: 'ignore' takes names, not '#3'"),
    // Columns of persons
    Case(
      old: "encoding: auto", new: "personal: { names: [联系人, \"*编号\"] }",
      expected:
        "4:26: error: '*编号' is personal and not imported, but 'sampling_number' of this layout reads it"),
    Case(
      old: "shape: items", new: "shape: items\n    personal: { phones: 结果 }",
      expected: "14:25: error: '结果' is personal and not imported, but 'value' of this layout reads it"),
    Case(
      old: "encoding: auto", new: "personal: [联系人]",
      expected: "4:11: error: expected keys (names, phones, identities"),
    // Words
    Case(
      old: "shape: items", new: "shape: item",
      expected: "13:12: error: unknown word 'item' for 'layouts[].shape'; did you mean 'items'?"),
    Case(
      old: "order: y/m/d", new: "order: y-m-d",
      expected: "8:37: error: unknown word 'y-m-d' for 'fields.sampled_day.order'", mentions: "expected one of: y/m/d"),
    Case(
      old: "encoding: auto", new: "encoding: gb2321",
      expected: "4:11: error: unknown word 'gb2321' for 'encoding'; did you mean 'gb2312'?"),
    Case(
      old: "encoding: auto", new: "severity: { CELL_DAET: info }",
      expected: "4:13: error: unknown diagnostic code 'CELL_DAET' in 'severity'; did you mean 'CELL_DATE'?"),
    Case(
      old: "encoding: auto", new: "severity: { GZ_CRC: info }",
      expected: "4:21: error: GZ_CRC refuses the file (fatal) and cannot be lowered"),
    // Tables and values
    Case(
      old: "bureau: nyncj", new: "bureau: nyncy", expected: "3:9: error: unknown bureau 'nyncy'; did you mean 'nyncj'?"),
    Case(
      old: "unit_district: 区县", new: "unit_district: { from: 区县, table: distircts }",
      expected: "7:37: error: unknown table 'distircts'; did you mean 'districts'?"),
    Case(
      old: "encoding: auto", new: "tables: { districts: distrcts }",
      expected: "4:22: error: there is no table 'codes/distrcts.csv'; did you mean 'districts'?"),
    Case(
      old: "unit_district: 区县", new: "stage: 环节",
      expected: "7:3: error: field 'stage' needs the table 'codes/stages.csv', which does not exist"),
    Case(
      old: "encoding: auto", new: "constants: { level: muncipal }",
      expected: "4:21: error: 'muncipal' is neither a code nor a name of the table 'levels'; did you mean 'municipal'?"),
    Case(
      old: "encoding: auto", new: "constants: { sampled_day: 2024-02-30 }",
      expected: "4:14: error: field 'sampled_day' stands in 'fields' and in 'constants'"),
    Case(
      old: "encoding: auto", new: "constants: { reported_day: 2024-02-30 }",
      expected: "4:28: error: '2024-02-30' is no date; expected 2024-03-05"),
    Case(
      old: "item_verdict: 判定", new: "item_verdict: { from: 判定, words: { 好: pas } }",
      expected: "17:45: error: 'pas' is no code of the table 'verdicts'; did you mean 'pass'?"),
    Case(
      old: "encoding: auto", new: "tables: { distircts: districts }",
      expected: "4:11: warning: table 'distircts' is never used; did you mean 'districts'?"),
    // Fields
    Case(
      old: "unit_district: 区县", new: "unit_district: { required: true }",
      expected: "7:3: error: field 'unit_district' has no source"),
    Case(
      old: "unit_district: 区县", new: "unit_district: { path: [市, 县] }",
      expected: "7:20: error: 'path' is for the field category only"),
    Case(
      old: "unit_district: 区县", new: "unit_district: { from: a, constant: 城东区 }",
      expected: "7:29: error: 'constant' leaves no use for columns"),
    Case(
      old: "unit_district: 区县", new: "product: { from: a, order: y/m/d }",
      expected: "7:23: error: 'order' is for days only; 'product' is none"),
    Case(
      old: "unit_district: 区县", new: "product: { from: a, join: x }",
      expected: "7:23: warning: 'join' has nothing to join"),
    Case(old: "unit_district: 区县", new: "product: [a, a]", expected: "7:16: error: the column 'a' is named twice"),
    Case(
      old: "unit_district: 区县", new: "product: \"#0\"",
      expected: "7:12: error: columns count from #1 to #4096, found '#0'"),
    Case(old: "unit_district: 区县", new: "product: \"#3\"", expected: "7:12: error: '#3' cannot match: XML has names"),
    Case(
      old: "unit_district: 区县", new: "product: { from: a, steps: [{ replace: [a] }] }",
      expected: "7:33: error: 'replace' needs two texts"),
    Case(
      old: "unit_district: 区县", new: "product: { from: a, steps: [lower] }",
      expected: "7:31: error: unknown word 'lower' for 'fields.product.steps[]'", mentions: "expected one of: upper"),
    // Layouts
    Case(old: "name: xml", new: "name: items", expected: "18:11: error: duplicate layout 'items' (first on line 10)"),
    Case(old: "name: xml", new: "name: a/b", expected: "18:11: error: the layout name 'a/b' may hold only letters"),
    Case(old: "    shape: items\n", new: "", expected: "11:5: error: a csv layout needs 'shape'"),
    Case(old: "shape: items", new: "shape: nested", expected: "13:12: error: shape nested is for format xml only"),
    Case(old: "shape: items", new: "shape: wide", expected: "13:12: error: shape wide needs 'wide:"),
    Case(old: "      analyte: 检验项目\n", new: "", expected: "10:5: error: shape items needs the field 'analyte'"),
    Case(
      old: "match: { root: 数据 }", new: "match: { root: 报告 }",
      expected: "20:20: error: the record path begins at '数据', the root is '报告': this layout can never match"),
    Case(
      old: "match: { root: 数据 }", new: "match: { root: 数据, header: [a] }",
      expected: "20:24: error: an xml file has no header: this layout can never match"),
    Case(
      old: "file: \"*.csv\"", new: "file: \"in/*.csv\"",
      expected: "12:42: error: bad glob 'in/*.csv': a file name never holds '/'"),
    Case(old: "    match: { root: 数据 }\n", new: "", expected: "18:5: warning: the layout has no match condition"),
    Case(
      old: "record: /数据/样品", new: "record: 数据/样品",
      expected: "21:20: error: the record path must begin at the root: '/数据/样品'"),
    Case(old: "record: /数据/样品", new: "record: /数据//样品", expected: "21:20: error: bad XML path '/数据//样品'"),
    Case(old: "items: 项目", new: "items: /项目", expected: "21:35: error: the items path is relative to the record: '项目'"),
    Case(old: "    xml: { record: /数据/样品, items: 项目 }\n", new: "", expected: "19:5: error: format xml needs 'xml:"),
    Case(
      old: "xml: { record", new: "csv: { delimiter: tab }\n    xml: { record",
      expected: "21:5: error: 'csv' has no meaning for format xml"),
    Case(
      old: "shape: items", new: "csv: { quote: none }\n    shape: items",
      expected: "13:12: error: 'quote: none' needs a 'delimiter'"),
    Case(
      old: "shape: items", new: "header: { mode: none }\n    shape: items",
      expected: "12:14: error: 'match.header' contradicts 'header.mode: none'"),
    Case(
      old: "header: [抽样编号, 检验项目]", new: "lacks: [限量]",
      expected: "12:14: error: 'lacks' needs 'header'"),
    Case(
      old: "header: [抽样编号, 检验项目]", new: "header: [抽样编号, 检验项目], lacks: 检验项目",
      expected: "12:43: error: the column name '检验项目' is empty or named twice"),
    // Rows, wide, combined
    Case(
      old: "shape: items", new: "rows: [{ skip: title, record: true, when: { a: b } }]\n    shape: items",
      expected: "13:12: error: a row rule needs exactly one of 'skip', 'section', 'record: true'"),
    Case(
      old: "shape: items", new: "rows: [{ skip: title }]\n    shape: items",
      expected: "13:14: error: the rule has no 'when', 'unless' or 'only'"),
    Case(
      old: "shape: items", new: "rows: [{ section: value, only: [a] }]\n    shape: items",
      expected: "13:23: error: a section row cannot set 'value'"),
    Case(
      old: "shape: items", new: "wide: { unit: mg/kq, after: a }\n    shape: wide",
      expected: "13:19: error: unknown unit 'mg/kq'; did you mean 'mg/kg'?"),
    Case(
      old: "shape: items", new: "wide: { after: a }\n    shape: items",
      expected: "13:5: error: 'wide' has no meaning for shape items"),
    Case(
      old: "shape: items", new: "combined: { templates: [\"{analyt} {value}\"] }\n    shape: items",
      expected: "13:29: error: bad template: unknown field '{analyt}'; did you mean 'analyte'?"),
    Case(
      old: "shape: items", new: "combined: { templates: [\"{analyte}{value}\"] }\n    shape: items",
      expected: "13:29: error: bad template: '{value}' follows another field with nothing between"),
    Case(
      old: "shape: items", new: "combined: { unit: mg/kg }\n    shape: items",
      expected: "13:5: error: 'combined' needs the field 'items'"),
    Case(
      old: "sampling_number: { from", new: "report_number: { from",
      expected: "10:5: error: the layout has no field 'sampling_number'"),
    // YAML
    Case(
      old: "title: 演示", new: "title: &t 演示", expected: "2:8: error: anchors and aliases (& and *) are not allowed here"),
    Case(
      old: "file: \"*.csv\"", new: "file: *.csv", expected: "12:42: error: a value that begins with * must be quoted"),
    Case(old: "title: 演示", new: "title: *t", expected: "2:8: error: a value that begins with * must be quoted"),
    Case(
      old: "title: 演示", new: "title: !!binary 演示",
      expected: "2:8: error: the tag 'tag:yaml.org,2002:binary' is not allowed here"),
    Case(old: "title: 演示", new: "title: [演示", expected: "3:7: error: "),
    Case(old: "  unit_district: 区县", new: "  ? [a, b]\n  : 区县", expected: "7:5: error: a key must be a text"),
  ]

  @Test(arguments: cases)
  func problemIsFoundAtItsPlace(_ example: Case) throws {
    let problems = Fixture.compile(example.old, example.new).problems
    let headlines = problems.map(\.headline)
    let found = problems.first { $0.headline.hasPrefix("p.yaml:" + example.expected) }
    #expect(found != nil, "found instead: \(headlines)")
    if let found {
      #expect(found.headline.contains(example.mentions))
      #expect(!found.sourceLine.isEmpty)
    }
  }

  /// The line that is shown is the one that was meant, whichever way lines end.
  @Test(arguments: ["\n", "\r\n", "\r"])
  func shownLineIsTheProblems(_ end: String) throws {
    let text = Fixture.pipeline.replacing("title: 演示", with: "feilds: 演示")
    let found = try #require(
      Fixture.compile(text.replacing("\n", with: end)).problems.first { $0.message.contains("feilds") })
    #expect(found.sourceLine == "feilds: 演示")
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false)[found.line - 1] == "feilds: 演示")
  }

  @Test func fixtureIsClean() {
    let compilation = Fixture.compile(Fixture.pipeline)
    #expect(compilation.problems.isEmpty, "\(compilation.problems)")
    #expect(compilation.plan?.layouts.map(\.name) == ["items", "xml"])
    #expect(Fixture.tables.problems.isEmpty, "\(Fixture.tables.problems)")
  }

  @Test func caretStandsUnderTheWordBehindWideCharacters() {
    let problem = PipelineProblem(
      file: "a.yaml", line: 3, column: 5, length: 2, "wrong", sourceLine: "城东: 错误 # x")
    #expect(problem.description == "a.yaml:3:5: error: wrong\n城东: 错误 # x\n      ^~~~")
  }

  @Test func allProblemsAreCollected() {
    let text = Fixture.pipeline.replacing("shape: items", with: "shape: item").replacing("bureau:", with: "burau:")
    let lines = Fixture.compile(text).problems.map(\.line)
    #expect(lines.contains(13) && lines.contains(3) && lines.contains(1))
  }

  @Test func theNearestWordIsFound() {
    let problems = Fixture.compile("encoding: auto", "enocding: auto").problems.map(\.message)
    #expect(problems == ["unknown key 'enocding'; did you mean 'encoding'?"])
    // Nothing is near: all keys are named instead of a wild guess.
    let far = Fixture.compile("encoding: auto", "zzzzzzzz: auto").problems.map(\.message)
    #expect(far.count == 1 && far[0].contains("keys here are: pipeline, title"))
  }

  @Test func aliasBombIsRefusedAtOnce() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    text += "? *a60\n: x\n? *a59\n: y\n"
    let problems = Fixture.compile(text).problems
    #expect(problems.first?.headline.hasPrefix("p.yaml:1:5: error: anchors and aliases") == true)
  }

  @Test func bottomlessNestingIsRefused() {
    for depth in [60, 900, 5000] {
      let text = "pipeline: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "\n"
      #expect(!Fixture.compile(text).problems.isEmpty)
    }
  }

  @Test func oddBytesAreProblems() {
    for bytes in [[], [0xFF], [0x0A], Array("a: \u{0}".utf8), [0xEF, 0xBB, 0xBF], Array("- a".utf8), Array("x".utf8)] {
      let result = PipelineCompiler.compile(bytes, file: "p.yaml", tables: Fixture.tables)
      #expect(result.plan == nil && !result.problems.isEmpty)
    }
    let broken = PipelineCompiler.compile(Array("a: b\n".utf8) + [0xFF], file: "p.yaml", tables: Fixture.tables)
    #expect(broken.problems.map(\.headline) == ["p.yaml:2: error: the file is not valid UTF-8"])
  }

  /// Thousands of damaged pipelines: a problem or a plan, never a trap.
  @Test func mutationsNeverTrap() {
    var state: UInt64 = 20_240_305
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: (state >> 33) % UInt64(max(1, below)))
    }
    let original = Array(Fixture.pipeline.utf8)
    let spices = Array(":-[]{}\"'#&*!|>%@`\n ,?~".utf8) + [0, 0xFF, 0x80]
    var plans = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0...random(4) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = spices[random(spices.count)]
        case 1: bytes.insert(spices[random(spices.count)], at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random(20)))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random(60))], at: random(bytes.count))
        }
        if bytes.isEmpty { bytes = [0x0A] }
      }
      let result = PipelineCompiler.compile(bytes, file: "p.yaml", tables: Fixture.tables)
      if result.plan != nil { plans += 1 }
      #expect(result.plan != nil || !result.problems.isEmpty)
      for problem in result.problems { #expect(!problem.description.isEmpty) }
    }
    #expect(plans > 0)
  }
}
