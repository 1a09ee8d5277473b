import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

@Suite struct AnswerLanguageTests {
  /// Characters of Chinese, and its marks.
  private func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    (0x3000...0x303F).contains(scalar.value) || (0x3400...0x9FFF).contains(scalar.value)
      || (0xFF00...0xFFEF).contains(scalar.value)
  }

  private func everything() throws -> Report {
    var store = SmallStore()
    store.add(40, .selective, .fail, [.stage: "farming", .level: "municipal"])
    store.add(400, .selective, .pass, [.stage: "online"])
    store.add(62, .objective, .pass, [.versionKind: "retest"])
    store.add(9, .followup, .pass)
    store.add(7, .suspect, .fail)
    store.add(3, .screening, .pass)
    store.add(3, .census, .undetermined)
    return try store.rate("purpose,stage,level,version,verdict,year,quarter,month") {
      $0.measures = [.item, .enterprise, .physical]
      $0.period = try PeriodSpan("2024")
      $0.yearOnYear = true
      $0.target = TargetQuestion(percent: "95")
      $0.meanOver = Dimension(.lab)
    }.report()
  }

  @Test("nothing stays Chinese of an answer that shows no delivered text")
  func everythingIsTranslated() throws {
    let report = try everything()
    for format in [OutputFormat.table, .markdown, .html, .excelCSV] {
      let english = try format.emitter().text(report.speaking(.english))
      // The font of the page has a name.
      let rest = english.unicodeScalars.filter(isChinese)
      #expect(rest.isEmpty, "\(format): \(String(String.UnicodeScalarView(rest)))")
      #expect(try format.emitter().text(report).unicodeScalars.contains(where: isChinese))
      #expect(try format.emitter().text(report.speaking(.chinese)) == format.emitter().text(report))
    }
  }

  @Test("numbers and codes are the same in both languages")
  func onlyWordsDiffer() throws {
    let report = try everything()
    let english = report.speaking(.english)
    #expect(english.columns.map(\.name) == report.columns.map(\.name))
    func codes(_ report: Report) throws -> [[ReportCell]] {
      let kept = report.columns.indices.filter { !report.columns[$0].name.hasSuffix("_name") }
      var rows: [[ReportCell]] = []
      try report.forEachLine { cells in rows.append(kept.map { cells[$0] }) }
      return rows
    }
    #expect(try codes(english) == codes(report))
  }

  @Test("names of code tables stay; what stands for no code is said")
  func namesStay() throws {
    func row(_ codes: [String], _ names: [String]) -> [ReportCell] {
      zip(codes, names).flatMap { [.text($0), .text($1)] }
    }
    let columns = [Dimension(.category, level: 1), Dimension(.lab), Dimension(.verdict)].flatMap(\.columns)
    let rows = [
      row(["10", "甲", "not_tested"], ["食用农产品", "甲", "未检"]), row(["?", "", "pass"], ["未映射", "未填写", "合格"]),
    ]
    let report = Report(
      columns: columns, query: [], snapshot: 1, total: row(["*", "*", "*"], ["合计", "合计", "合计"])
    ) { body in for row in rows { try body(row) } }.speaking(.english)
    #expect(report.columns.map(\.heading) == ["category 1 code", "category 1", "lab", "lab", "verdict", "verdict"])
    var lines: [[ReportCell]] = []
    try report.forEachLine { lines.append($0) }
    #expect(
      lines == [
        row(["10", "甲", "not_tested"], ["食用农产品", "甲", "not tested"]),
        row(["?", "", "pass"], ["not mapped", "not given", "pass"]),
        row(["*", "*", "*"], ["total", "total", "total"]),
      ])
  }
}
