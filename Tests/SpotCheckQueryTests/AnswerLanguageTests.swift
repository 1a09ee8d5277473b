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

  /// Pictures of answers in which everything happens that has words: targets on and off the axis, few samples, none, rows
  /// without a period, groups that differ, names that are cut.
  @Test("nothing stays Chinese of a picture", arguments: ChartKind.allCases)
  func picturesAreTranslated(kind: ChartKind) throws {
    typealias Line = ChartReports.Line
    let wide = String(repeating: "a long name ", count: 9)
    let many = (1...40).map { Line(["district \($0)"], $0 * 20 - $0 % 7 * $0, $0 * 20) }
    let few = [Line(["x"], 3, 3), Line(["y"], 9, 10), Line(["z"], 0, 0), Line([wide], 5, 100)]
    var reports: [Report]
    switch kind {
    case .bar, .funnel:
      reports = [
        ChartReports.report([("district", "区县")], many + few, total: Line(["*"], 90, 100)),
        ChartReports.report([("district", "区县")], few + [Line(["w"], 98, 100)], target: RateTarget.percent(95)),
        ChartReports.report(
          [("district", "区县")], [Line(["v"], 99, 100), Line(["w"], 98, 100)], target: RateTarget.percent(1)),
      ]
    case .trend:
      let days = [Line(["2024Q1"], 90, 100), Line(["2024Q3"], 9, 10), Line(["2024Q4"], 3, 3), Line([""], 1, 2)]
      reports = [nil, RateTarget.percent(90), RateTarget.percent(1)].map {
        ChartReports.report([("quarter", "季度")], days, target: $0)
      }
    case .heat:
      let cells = ["a", "b"].flatMap { row in ["c", "d", "e"].map { Line([row, $0], 90 + $0.utf8.count, 100) } }
      reports = [ChartReports.report([("category", "类别"), ("district", "区县")], cells + [Line(["a", "f"], 3, 3)])]
    }
    // One that says everything else that tables have in words.
    let suppressed = ReportColumn("suppressed", heading: "未公布", isNumeric: false)
    for index in reports.indices where kind == .bar || kind == .heat {
      let rows = reports[index].rows
      reports[index].columns.append(suppressed)
      let width = reports[index].columns.count
      reports[index].rows = { body in
        var isFirst = true
        try rows { cells in
          try body(
            cells + Array(repeating: .missing, count: max(0, width - 1 - cells.count)) + [
              isFirst ? .text("suppressed") : .missing
            ])
          isFirst = false
        }
      }
    }
    for report in reports {
      for axis in [ChartAxis.zero, .auto] {
        for emitter in [TextChartEmitter(kind, axis: axis, width: 60) as any Emitter, SVGEmitter(kind, axis: axis)] {
          let chinese = try emitter.text(report)
          let english = try emitter.text(report.speaking(.english))
          let rest = english.unicodeScalars.filter(isChinese)
          #expect(rest.isEmpty, "\(String(String.UnicodeScalarView(rest)))\n\(english)")
          #expect(chinese.unicodeScalars.contains(where: isChinese))
          // The same digits, wherever words stand between them.
          func digits(_ text: String) -> [Substring] {
            text.split(whereSeparator: { !$0.isASCII || !($0.isNumber || $0 == ".") }).filter {
              $0.contains(".") && $0.count > 3
            }
          }
          if emitter is TextChartEmitter { #expect(Set(digits(english)) == Set(digits(chinese))) }
          #expect(
            english.split(separator: "\n").allSatisfy { emitter is SVGEmitter || DisplayWidth.of(String($0)) <= 60 })
        }
      }
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
