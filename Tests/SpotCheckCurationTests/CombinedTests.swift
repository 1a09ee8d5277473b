import SpotCheckModel
import Testing

@testable import SpotCheckCuration

@Suite struct CombinedTests {
  private func read(_ text: String, _ change: (inout CombinedPlan) -> Void = { _ in }) -> [[String]]? {
    var plan = CombinedPlan()
    change(&plan)
    return CombinedReader(plan: plan, placeholders: CurationPlan.defaultPlaceholders).read(text)?.map { item in
      [FieldTarget.analyte, .value, .limit, .valueUnit].map { item.parts[$0] ?? "" }
    }
  }

  @Test(arguments: ["║", "‖", "||", "|", "｜", "丨", "︱"])
  func everySeparator(separator: String) {
    #expect(read("铅\(separator) 0.3 \(separator)≤0.2") == [["铅", "0.3", "≤0.2", ""]])
    #expect(read("铅\(separator)0.3\(separator)≤0.2\(separator)mg/kg") == [["铅", "0.3", "≤0.2", "mg/kg"]])
  }

  @Test func severalItems() {
    #expect(
      read("铅║0.3║≤0.2；镉║0.1║≤0.05") == [["铅", "0.3", "≤0.2", ""], ["镉", "0.1", "≤0.05", ""]])
    #expect(read("铅║0.3║≤0.2\n镉║0.1║≤0.05；") == [["铅", "0.3", "≤0.2", ""], ["镉", "0.1", "≤0.05", ""]])
    #expect(read("标签║不符合 GB 7718-2011 条款") == [["标签", "不符合 GB 7718-2011 条款", "", ""]])
    #expect(
      read("标签║不符合；铅║0.3║≤0.2") == [["标签", "不符合", "", ""], ["铅", "0.3", "≤0.2", ""]])
  }

  @Test func commasInNamesAndValuesDoNotSplit() {
    func commas(_ plan: inout CombinedPlan) { plan.between = ["；", ";", "\n", ",", "，"] }
    #expect(read("2,4-滴║0.3║≤0.2", commas) == [["2,4-滴", "0.3", "≤0.2", ""]])
    #expect(
      read("铅║0.3║≤0.2,2,4-滴║0.3║≤0.2", commas) == [["铅", "0.3", "≤0.2", ""], ["2,4-滴", "0.3", "≤0.2", ""]])
    #expect(
      read("菌落总数║1.9×105CFU/g,4.9×105CFU/g║n=5,c=2,m=1000,M=10000", commas) == [
        ["菌落总数", "1.9×105CFU/g,4.9×105CFU/g", "n=5,c=2,m=1000,M=10000", ""]
      ])
    #expect(read("食用油、油脂║0.3║≤0.2") == [["食用油、油脂", "0.3", "≤0.2", ""]])
  }

  @Test(arguments: [
    ("boscalid 0.04 (MRL = 2)", ["boscalid", "0.04", "2", ""]),
    ("2,4-D (sum) 0.2 (MRL = 1)", ["2,4-D (sum)", "0.2", "1", ""]),
    ("Spirotetramat (partial sum) 0.04 (MRL=2)", ["Spirotetramat (partial sum)", "0.04", "2", ""]),
    ("phorate (partial sum) 0.5 (MRL = 0.1*)", ["phorate (partial sum)", "0.5", "0.1*", ""]),
    ("chlorate 0.01 (No MRL)", ["chlorate", "0.01", "", ""]),
    ("chlorate  0.01  (mrl n/a)", ["chlorate", "0.01", "", ""]),
    ("x <0.01 (MRL = 1)", ["x", "<0.01", "1", ""]),
    ("Chlorpyrifos-methyl (parent only) 0.03 (MRL = 1)", ["Chlorpyrifos-methyl (parent only)", "0.03", "1", ""]),
  ])
  func templates(text: String, parts: [String]) {
    #expect(
      read(text) {
        $0.templates = [
          "{analyte} {value} (MRL = {limit})", "{analyte} {value} (No MRL)", "{analyte} {value} (MRL N/A)",
        ]
      } == [parts])
  }

  @Test func severalItemsByTemplates() {
    func british(_ plan: inout CombinedPlan) {
      plan.templates = ["{analyte} {value} (MRL = {limit})", "{analyte} {value}"]
      plan.between = ["\n", ";"]
    }
    #expect(
      read("chlormequat 0.2 (MRL = 15)\nglyphosate 21 (MRL = 20)", british) == [
        ["chlormequat", "0.2", "15", ""], ["glyphosate", "21", "20", ""],
      ])
    // A line break inside an item: no piece fits, the whole does.
    #expect(read("chlormequat\n0.2 (MRL = 15)", british) == [["chlormequat", "0.2", "15", ""]])
    func named(_ plan: inout CombinedPlan) {
      plan.templates = ["{analyte}:{limit}/{value}", "{analyte}:{value}", "{analyte}"]
      plan.between = ["；", ";", "\n", "、", ","]
      plan.nothing = ["/"]
    }
    #expect(read("水分、挥发分", named) == [["水分", "", "", ""], ["挥发分", "", "", ""]])
    #expect(read("铅:≤1/2；镉:≤3/4", named) == [["铅", "2", "≤1", ""], ["镉", "4", "≤3", ""]])
    #expect(read("2,4-滴", named) == [["2,4-滴", "", "", ""]])
    #expect(read("铅:0.1,2,4-滴:0.3", named) == [["铅", "0.1", "", ""], ["2,4-滴", "0.3", "", ""]])
    #expect(read("铝(干样品、以Al计):≤1/2", named) == [["铝(干样品、以Al计)", "2", "≤1", ""]])
    #expect(
      read("菌落总数:n=5,c=2,m=1000,M=10000/9", named) == [["菌落总数", "9", "n=5,c=2,m=1000,M=10000", ""]])
    #expect(read("/、铅", named) == [["铅", "", "", ""]])
  }

  @Test func aMarkBetweenItemsMayStandInsideOne() {
    func lists(_ plan: inout CombinedPlan) {
      plan.templates = ["{analyte}:{value}"]
      plan.between = ["、", "；"]
    }
    #expect(read("食用油、油脂:0.3", lists) == [["食用油、油脂", "0.3", "", ""]])
    #expect(read("铅:0.1；镉:0.3", lists) == [["铅", "0.1", "", ""], ["镉", "0.3", "", ""]])
  }

  @Test(arguments: [
    ("抗拉强度:≥400MPa/385MPa", ["抗拉强度", "385MPa", "≥400MPa", ""]), ("总养分:≥45/41.2", ["总养分", "41.2", "≥45", ""]),
    ("铅:≤0.5mg/kg/0.8mg/kg", ["铅", "0.8mg/kg", "≤0.5mg/kg", ""]), ("发芽率:≥85%/70%", ["发芽率", "70%", "≥85%", ""]),
    ("大肠菌群:≤10CFU/g/12CFU/g", ["大肠菌群", "12CFU/g", "≤10CFU/g", ""]),
  ])
  func unitsGluedToValues(text: String, parts: [String]) {
    #expect(read(text) { $0.templates = ["{analyte}:{limit}/{value}"] } == [parts])
  }

  @Test func nothingAndRubbish() {
    func british(_ plan: inout CombinedPlan) {
      plan.templates = ["{analyte} {value} (MRL = {limit})"]
      plan.nothing = ["None were detected*"]
    }
    #expect(read("None were detected above the set RL", british) == [])
    #expect(read("/", british) == [])
    #expect(read("", british) == [])
    #expect(read("boscalid (MRL = 2)", british) == nil)
    #expect(read("铅") == nil)
    #expect(read("║0.3║≤0.2") == nil)
    #expect(read("a║b║c║d║e") == nil)
  }

  /// The twin is the standard library's search for characters. Some texts hold what composes with a mark, or equals it
  /// though its bytes are others.
  @Test func separatorsAreFoundWhereStringsFindThem() {
    let letters = [
      "║", "‖", "|", "｜", "丨", "︱", "a", "铅", "0", "≤", "\u{301}", "\u{338}", "\r", "\n", "\u{200D}", "；", "°", "（",
      "é", "K",
      "\u{212A}", "한", "😀", "\u{FF9E}", "ｶ", "ㄅ", "\u{F900}", "豈", "μ", "、", "—", "×",
    ]
    var generator = SeededGenerator(seed: 11)
    let plans = [CombinedPlan().separators, ["||", "|"], ["K", "é"], ["豈", "\r\n", "\n"], ["a", "0≤"], ["", "|"]]
    var found = 0
    for round in 0..<6000 {
      let separators = plans[round % plans.count]
      let usual = round % 3 == 0 ? 10 : letters.count
      let text = (0..<Int.random(in: 0...7, using: &generator)).map { _ in
        letters[Int.random(in: 0..<usual, using: &generator)]
      }.joined()
      let twin = separators.first { text.contains($0) }
      #expect(SeparatorSearch(separators).first(in: text) == twin, "\(text.unicodeScalars.map(\.value))")
      if twin != nil { found += 1 }
    }
    #expect(found > 1000)
  }
}
