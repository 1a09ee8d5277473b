import Foundation
import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

/// Pictures in the terminal.
@Suite struct ChartTextTests {
  private func drawn(
    _ kind: ChartKind, _ report: Report, axis: ChartAxis? = nil, width: Int = 80, colours: Bool = false
  ) throws -> [String] {
    try TextChartEmitter(kind, axis: axis, width: width, usesColours: colours).text(report).split(
      separator: "\n", omittingEmptySubsequences: false
    ).dropLast().map(String.init)
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return String(describing: error) }
  }

  /// The pictures on the page *Pictures of an answer* are what is drawn.
  @Test func thePageShowsWhatIsDrawn() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appendingPathComponent("Sources/SpotCheck/Documentation.docc/Charts.md"), encoding: .utf8)
    let shown = page.components(separatedBy: "```text\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    var drawn = try ChartKind.allCases.map { try TextChartEmitter($0, width: 72).text(ChartReports.suiting($0)) }
    drawn.insert(try TextChartEmitter(.bar, axis: .auto, width: 72).text(ChartReports.suiting(.bar)), at: 1)
    #expect(shown == drawn)
  }

  /// What is drawn grows with the rate, and only all and none are full and empty.
  @Test func barsGrowWithTheirRates() throws {
    let lines = (0...400).map { ChartReports.Line([String($0 + 1000)], $0, 400) }
    let page = try drawn(.bar, ChartReports.report([("lab", "检验机构")], lines), width: 90)
    func eighths(_ line: String) -> Int {
      line.unicodeScalars.reduce(0) { sum, scalar in
        guard let place = "▏▎▍▌▋▊▉█".unicodeScalars.firstIndex(of: scalar) else { return sum }
        return sum + "▏▎▍▌▋▊▉█".unicodeScalars.distance(from: "▏▎▍▌▋▊▉█".unicodeScalars.startIndex, to: place) + 1
      }
    }
    let lengths = page.filter { $0.hasPrefix("1") && $0.contains("n=400") }.map(eighths)
    #expect(lengths.count == 401 && lengths == lengths.sorted())
    let all = try #require(lengths.last)
    #expect(lengths[0] == 0 && lengths[1] > 0 && lengths[399] < all && all % 8 == 0 && all <= 90 * 8)
    // Half is half, to an eighth of a column.
    #expect(abs(lengths[200] * 2 - all) <= 2)
  }

  @Test func anAxisThatDoesNotStartAtZeroIsSaidAndHasNoBars() throws {
    let page = try drawn(.bar, ChartReports.districts(), axis: .auto).joined(separator: "\n")
    #expect(page.contains("不从 0 起") && page.contains("●") && !page.contains("█"))
    let whole = try drawn(.bar, ChartReports.districts()).joined(separator: "\n")
    #expect(!whole.contains("不从 0 起") && whole.contains("█") && !whole.contains("●"))
  }

  @Test func anIntervalThatLeavesTheAxisIsSaid() throws {
    func lines(_ few: ChartReports.Line) -> Report {
      ChartReports.report([("lab", "检验机构")], [ChartReports.Line(["甲"], 985, 1000), few])
    }
    let cut = lines(ChartReports.Line(["乙"], 8, 8))
    #expect(try drawn(.bar, cut, axis: .auto).joined().contains("有区间超出轴的范围"))
    #expect(try SVGEmitter(.bar, axis: .auto).text(cut).contains("有区间超出轴的范围"))
    #expect(try !drawn(.bar, cut).joined().contains("有区间超出轴的范围"))
    let whole = lines(ChartReports.Line(["乙"], 990, 1000))
    #expect(try !drawn(.bar, whole, axis: .auto).joined().contains("有区间超出轴的范围"))
  }

  /// Every row of the answer stands in the picture, with the number that the table prints.
  @Test(arguments: [1, 48, 60, 80, 200]) func everyRowIsThereWithItsNumber(width: Int) throws {
    let report = ChartReports.districts(target: RateTarget.percent(90))
    let page = try drawn(.bar, report, width: width)
    let grid = try TextGrid(report, RateText())
    let rate = try #require(grid.headings.firstIndex(of: "合格率"))
    let rows = page.filter { $0.contains("n=") || $0.contains("3/3") }
    #expect(rows.count == grid.lines.count)
    for (row, line) in zip(rows, grid.lines) { #expect(row.contains(line[rate])) }
    #expect(rows[4].contains("—") && !rows[4].contains("█") && rows[4].contains("n=0"))
  }

  @Test(arguments: ChartKind.allCases) func noLineIsWiderThanTheTerminal(kind: ChartKind) throws {
    for width in 0...200 {
      let most = width < 1 ? 80 : max(width, TextChartEmitter.leastWidth)
      for line in try drawn(kind, ChartReports.suiting(kind), width: width) { #expect(DisplayWidth.of(line) <= most) }
    }
    let hostile = ChartReports.report(
      [("lab", "检验机构"), ("quarter", "季度")],
      ["<script>\u{1B}[31m\u{202E}x\u{7}", String(repeating: "长名", count: 1000), "", "\n\t "].flatMap { name in
        [ChartReports.Line([name, "2024Q1"], 1, 90), ChartReports.Line([name, "2024Q2"], 99_999_999, 100_000_000)]
      })
    for width in [0, 48, 80, 200] {
      for line in try drawn(kind, hostile, width: width) {
        #expect(DisplayWidth.of(line) <= (width == 0 ? 80 : width))
        #expect(line == DisplayWidth.harmless(line))
        #expect(!line.contains("nan") && !line.contains("inf"))
      }
    }
  }

  /// Without colours the bytes hold no escape; with them the text is the same.
  @Test(arguments: ChartKind.allCases) func coloursSayNothingByThemselves(kind: ChartKind) throws {
    let report = ChartReports.suiting(kind)
    let plain = try drawn(kind, report)
    let colourful = try drawn(kind, report, colours: true)
    #expect(!plain.joined().contains("\u{1B}") && colourful.joined().contains("\u{1B}["))
    guard kind != .heat else {
      // The shade is a background then.
      return #expect(colourful.joined().contains("48;5;") && !colourful.joined().contains("▓"))
    }
    for (line, other) in zip(plain, colourful) {
      let bare = other.replacing(/\u{1B}\[[0-9;]*m/, with: "")
      #expect(line == String(bare.reversed().drop { $0 == " " }.reversed()))
    }
  }

  @Test func coloursAreAllowedByRule() {
    func allows(_ choice: ColourChoice, _ isTerminal: Bool, _ variables: [String: String] = [:]) -> Bool {
      choice.allows(isTerminal: isTerminal) { variables[$0] }
    }
    #expect(allows(.auto, true) && !allows(.auto, false))
    #expect(!allows(.auto, true, ["NO_COLOR": "1"]) && allows(.auto, true, ["NO_COLOR": ""]))
    #expect(!allows(.auto, true, ["TERM": "dumb"]))
    #expect(allows(.auto, false, ["CLICOLOR_FORCE": "1"]) && !allows(.auto, false, ["CLICOLOR_FORCE": "0"]))
    #expect(!allows(.auto, true, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
    #expect(allows(.always, false, ["NO_COLOR": "1"]) && !allows(.never, true, ["CLICOLOR_FORCE": "1"]))
  }

  @Test func answersThatDoNotSuitAreRefusedWithAWayOut() {
    let districts = ChartReports.districts()
    #expect(message { _ = try drawn(.heat, districts) }.contains("two dimensions"))
    #expect(message { _ = try drawn(.trend, districts) }.contains("--by quarter"))
    #expect(
      message { _ = try drawn(.bar, Report(columns: [], query: [], snapshot: 1) { _ in }) }.contains("no column 'rate'")
    )
    let one = ChartReports.report([("lab", "检验机构")], [.init(["甲"], 1, 2)])
    #expect(message { _ = try drawn(.funnel, one) }.contains("at least two groups"))
    let purposes = ChartReports.report(
      [("lab", "检验机构"), ("purpose", "任务类别")],
      [.init(["甲", "评价"], 1, 2), .init(["乙", "监督"], 1, 2)])
    #expect(message { _ = try drawn(.funnel, purposes) }.contains("--pool"))
    let hazards = ChartReports.report([("hazard", "危害类别")], [.init(["甲"], 1, 2), .init(["乙"], 1, 2)])
    #expect(message { _ = try drawn(.funnel, hazards) }.contains("more than once"))
    let many = (0..<7).flatMap { lab in
      ["2024", "2025"].map { ChartReports.Line(["实验室\(lab)", $0], 9, 10) }
    }
    #expect(
      message { _ = try drawn(.trend, ChartReports.report([("lab", "检验机构"), ("year", "年份")], many)) }.contains(
        "more than 6 lines"))
    let far = ChartReports.report([("month", "月份")], [.init(["0001-01"], 9, 10), .init(["2024-01"], 9, 10)])
    #expect(message { _ = try drawn(.trend, far) }.contains("periods from 0001-01 to 2024-01"))
    let rows = (0...ChartSource.mostRows).map { ChartReports.Line([String($0)], 1, 2) }
    #expect(message { _ = try drawn(.bar, ChartReports.report([("lab", "检验机构")], rows)) }.contains("are no picture"))
  }

  @Test func namesThatAreAlikeAreToldApart() throws {
    var report = ChartReports.districts()
    report.rows = { body in
      for code in ["630103", "630203"] {
        let proportion = Proportion(9, of: 10)
        try body(
          [.text(code), .text("城中区"), .integer(10), .rate(proportion)] + ReportCell.ends(proportion?.interval(.wilson)))
      }
    }
    let page = try drawn(.bar, report, width: 120).joined(separator: "\n")
    #expect(page.contains("城中区（630103）") && page.contains("城中区（630203）"))
  }

  @Test(arguments: [("95", "95"), ("90", "90"), ("99.5", "99.5"), ("98.25", "98.25"), ("100", "100"), ("0", "0")])
  func aTargetIsWrittenAsItWasSet(set: String, written: String) throws {
    let target = try #require(TargetQuestion(percent: set)).target
    #expect(RateText.target(Double(target.numerator) / Double(target.denominator)) == written)
  }
}
