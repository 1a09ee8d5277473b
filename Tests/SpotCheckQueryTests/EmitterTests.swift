import Foundation
import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

@Suite struct EmitterTests {
  private func result() throws -> RateResult {
    var query = RateQuery(by: [Dimension(.category, level: 1), Dimension(.lab)])
    query.filter = try Filter("year = 2024")
    func row(_ codes: [String], _ names: [String], _ counts: RateCounts) -> RateRow {
      RateRow(codes: codes, names: names, counts: counts, purpose: Purpose(rawValue: codes[2]))
    }
    var total = row(
      ["*", "*", "*"], ["合计", "合计", "合计"], RateCounts(passed: 8999, failed: 1003, undetermined: 3, refused: 1))
    total.hasRate = false
    return RateResult(
      query: query, dimensions: query.dimensions, snapshot: 12,
      rows: [
        row(["", "甲|乙", "objective"], ["未填写", "甲|乙", "评价性抽检"], RateCounts(undetermined: 3, refused: 1)),
        row(
          ["10", "a,\"b\"\n\u{1B}[31m", "objective"], ["食用农产品", "a,\"b\"\n\u{1B}[31m", "评价性抽检"],
          RateCounts(passed: 8996, failed: 1004)),
        row(["10", "", "selective"], ["食用农产品", "未填写", "监督抽检"], RateCounts(passed: 3, failed: 0)),
      ], purposeTotals: [], total: total, purposeMix: [],
      notes: [QueryNote("purposes_not_pooled", "several", zh: "几个")], scan: ScanSummary())
  }

  @Test func csvIsLossless() throws {
    let text = try CSVEmitter().text(result().report())
    #expect(
      text == """
        category_1,category_1_name,lab,lab_name,purpose,purpose_name,samples,inspected,passed,failed,undetermined,not_tested,refused,unlicensed,risk_monitoring,screening,screening_positive,listed,label_only,pending,rate,wilson_low,wilson_high,rate_name,finding_rate,size_tier,size_tier_name
        ,未填写,甲|乙,甲|乙,objective,评价性抽检,4,0,0,0,3,0,1,0,0,0,0,0,0,0,,,,,,empty,无样本
        10,食用农产品,"a,""b""\n\u{1B}[31m","a,""b""\n\u{1B}[31m",objective,评价性抽检,10000,10000,8996,1004,0,0,0,0,0,0,0,0,0,0,0.8996000000,0.8935553560,0.9053377525,合格率,,full,充足
        10,食用农产品,,未填写,selective,监督抽检,3,3,3,0,0,0,0,0,0,0,0,0,0,0,1.0000000000,0.4385029682,1.0000000000,合格率,0.0000000000,counts_only,过少，只看数量
        *,合计,*,合计,*,合计,10006,10002,8999,1003,3,0,1,0,0,0,0,0,0,0,,,,,,,

        """)
    var buffer = ByteBuffer()
    try CSVEmitter(endsLinesWithCRLF: true).emit(result().report(), to: &buffer)
    #expect(buffer.text.unicodeScalars.count { $0 == "\r" } == 5)
  }

  /// Rows are written in blocks: none is lost between two, whatever is in it, and none is longer than it may be.
  @Test func longAnswersAreWrittenInBlocks() throws {
    let texts = [
      "", "\"", String(repeating: "\"", count: 700), " a", "=1", "a,b", "\t\n\r\\", String(repeating: "县", count: 9000),
    ]
    let numbers: [ReportCell] = [
      .missing, .integer(.min), .integer(.max), .integer(-7), .rate(-0.25, of: nil), .number(-1e-12, digits: 2),
      .number(8.9e8, digits: 0), .number(-1.2345678901234567e300, digits: 0), .number(.nan, digits: 0),
    ]
    let rows = (0..<3000).map { row in
      [.text(texts[row * 7 % 11 % 8]), numbers[row % 9], .text(texts[row % 7])] as [ReportCell]
    }
    let report = Report(
      columns: ["a", "b", "c"].map { ReportColumn($0, heading: $0) }, query: [], snapshot: 1
    ) { body in for row in rows { try body(row) } }
    func quoted(_ text: String) -> String {
      let isPlain = !text.contains { ",\"\n\r".contains($0) } && !text.hasPrefix(" ") && !text.hasSuffix(" ")
      return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    func plain(_ cell: ReportCell, _ text: (String) -> String) -> String {
      switch cell {
      case .missing: ""
      case .text(let value): text(value)
      case .integer(let number): String(number)
      case .rate(let number, _), .change(let number, _, _), .number(let number, _):
        abs(number) < 9e8 ? String(format: "%.10f", number == -1e-12 ? 0 : number) : number.description
      }
    }
    let lines = rows.map { row in row.map { plain($0, quoted) }.joined(separator: ",") + "\n" }
    #expect(try CSVEmitter().text(report) == "a,b,c\n" + lines.joined())
    let escapes = ["\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"]
    let tsv = rows.map { row in
      row.map { plain($0) { $0.map { escapes[String($0)] ?? String($0) }.joined() } }.joined(separator: "\t") + "\n"
    }
    #expect(try TSVEmitter().text(report) == "a\tb\tc\n" + tsv.joined())
  }

  /// Rows of the plain kind are written without a cell in between: never with other bytes than their cells would be.
  @Test func plainLinesSayWhatTheirCellsSay() throws {
    let texts = [
      "", "10", "a,\"b\"\n", String(repeating: "\"", count: 300), " a", "=1+1", "\t\\\r", "张三13912345678", "2024",
      String(repeating: "县", count: 9000), "-", "＝甲",
    ]
    let numbers = [0, 1, 9, 10, 99, 100, 101, 1_234_567, 999_999_999_999]
    var random = SystemRandomNumberGenerator()
    var plain = try result()
    for by in [[Dimension(.category, level: 1), Dimension(.lab), Dimension(.purpose)], [Dimension(.purpose)], []] {
      plain.dimensions = by
      plain.total.codes = by.map { _ in "*" }
      plain.total.names = plain.total.codes
      plain.rows = (0..<400).map { _ in
        func text() -> String { texts.randomElement(using: &random) ?? "" }
        func number() -> Int { numbers.randomElement(using: &random) ?? 0 }
        let counts = RateCounts(
          passed: number(), failed: number(), undetermined: number(), notTested: number(), refused: number(),
          unlicensed: number(), riskMonitoring: number(), screening: number(), listed: number(), pending: number(),
          labelOnly: number(), screeningPositive: number())
        var row = RateRow(
          codes: by.map { _ in text() }, names: by.map { _ in text() }, counts: counts,
          purpose: (Purpose.allCases.map { $0 } + [nil]).randomElement(using: &random) ?? nil)
        row.hasRate = number() != 9
        return row
      }
      let report = plain.report()
      #expect(report.plainLines != nil)
      var slow = report
      slow.rows = report.rows
      #expect(slow.plainLines == nil)
      for emitter in [
        CSVEmitter(), CSVEmitter(endsLinesWithCRLF: true), TSVEmitter(), ExcelCSVEmitter(),
      ] as [any Emitter] {
        #expect(try emitter.text(report) == emitter.text(slow))
      }
    }
    // What has more than counts and rates says so cell by cell.
    plain.query.measures = [.physical]
    #expect(plain.report().plainLines == nil)
    #expect(try result().suppressing(below: 5).report().plainLines == nil)
  }

  /// A person's number is hidden in every row, also where rows repeat what the one before said.
  @Test func repeatedGroupsAreMaskedEachTime() throws {
    let codes = [
      ["张三13912345678", "2024-01"], ["张三13912345678", "2024-02"], ["甲", "2024-02"], ["张三13912345678", "2024-02"],
    ]
    let dimensions = [Dimension(.product), Dimension(.month)]
    var groups = ShownGroups(dimensions)
    var cells: [ReportCell] = []
    for code in codes { groups.append(code, code, to: &cells) }
    let expected = codes.flatMap { code in
      zip(code, dimensions).flatMap { text, dimension -> [ReportCell] in
        let shown = ReportCell.text(ShownText.of(text, dimension))
        return [shown, shown]
      }
    }
    #expect(cells == expected && cells[0] == .text("张三139******78") && cells[4] == cells[0] && cells[12] == cells[0])
  }

  /// Rows are the same whether nothing was asked for beside the rate, or nothing was found.
  @Test func nothingMeasuredIsNothingFound() {
    let plain = RateRow(codes: ["1"], names: ["一"], counts: RateCounts(passed: 1))
    var asked = plain
    asked.items = RateCounts(passed: 2)
    #expect(asked != plain && asked.items == RateCounts(passed: 2) && asked.mean == nil)
    asked.items = nil
    #expect(asked == plain && asked.hashValue == plain.hashValue)
  }

  @Test func excelOpensItAndRunsNothing() throws {
    var buffer = ByteBuffer()
    try ExcelCSVEmitter().emit(result().report(), to: &buffer)
    #expect(buffer.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
    let lines = buffer.text.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.count == 6 && lines[0].contains("类别1级,检验机构") && lines[5].isEmpty)
    for (text, reading) in [
      ("", ExcelCSVEmitter.Reading.asItIs), ("=1+1", .formula), ("+1", .formula), ("-cmd|' /C calc'!A0", .formula),
      ("@SUM(1)", .formula), ("＝1", .formula), ("＠x", .formula), ("\t=1", .formula), ("-1250.5", .asItIs),
      ("630102", .asItIs),
      ("0.05", .asItIs), ("-0.05", .asItIs), ("007", .otherDigits), ("00.5", .otherDigits),
      ("630122199001011234", .otherDigits),
      ("2024-03", .otherDigits), ("3/4", .otherDigits), ("1E5", .otherDigits), ("12:30", .otherDigits),
      ("GB 2762", .asItIs),
      ("5%", .asItIs), ("＜0.01", .asItIs), ("--1", .formula), ("1.2.3", .otherDigits), ("E5", .asItIs),
    ] { #expect(ExcelCSVEmitter.reading(of: text.utf8) == reading, "\(text)") }
  }

  @Test func pagesStandAloneAndRunNothing() throws {
    var query = RateQuery(by: [Dimension(.product)])
    query.filter = try Filter("product != '<b>'")
    let nasty = "<script>alert('1')</script>&\"\u{202E}"
    let row = RateRow(
      codes: [nasty, "objective"], names: [nasty, "评价性抽检"], counts: RateCounts(passed: 3, failed: 1),
      purpose: .objective)
    let result = RateResult(
      query: query, dimensions: query.dimensions, snapshot: 7, rows: [row], purposeTotals: [], total: row,
      purposeMix: [],
      notes: [QueryNote("x", "x", zh: "<i>注</i>")], scan: ScanSummary())
    let page = try HTMLEmitter().text(result.report())
    #expect(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"))
    #expect(page.contains("条件：product != &#39;&lt;b&gt;&#39;") && page.contains("&lt;i&gt;注&lt;/i&gt;"))
    #expect(
      !page.contains("<script") && !page.contains("\u{202E}") && !page.contains("http:") && !page.contains("src="))
    #expect(page.contains("default-src 'none'") && page.contains("75.00%") && page.contains("快照 v7"))
    #expect(page.components(separatedBy: "<tr>").count == 4)
  }

  @Test func tablesAreForPeople() throws {
    let text = try TableEmitter().text(result().report())
    #expect(
      text == """
        类别1级代码  类别1级     检验机构    任务类别    样品数  检验数  合格  不合格  不判定  未检  拒检   合格率        95%区间  问题发现率  样本量
        -----------  ----------  ----------  ----------  ------  ------  ----  ------  ------  ----  ----  -------  -------------  ----------  --------------
        -            未填写      甲|乙       评价性抽检       4       0     0       0       3     0     1        —              —           —  无样本
        10           食用农产品  a,"b" [31m  评价性抽检   10000   10000  8996    1004       0     0     0   89.96%   89.36–90.53%           —  充足
        10           食用农产品  -           监督抽检         3       3     3       0       0     0     0  100.00%  43.85–100.00%       0.00%  过少，只看数量
        -----------  ----------  ----------  ----------  ------  ------  ----  ------  ------  ----  ----  -------  -------------  ----------  --------------
        *            合计        *           合计         10006   10002  8999    1003       3     0     1        —              —           —  —
        注：几个

        """)
    #expect(!text.contains("\u{1B}"))
    let narrow = try TableEmitter(width: 144).text(result().report())
    #expect(narrow.contains("…") && narrow.contains("截短"))
    let lines = narrow.split(separator: "\n").dropLast()
    #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 144 })
    #expect(try TableEmitter(width: 0).text(result().report()) == text)
  }

  /// On a terminal too narrow for the table every word is still there, a block a row.
  @Test func aTableTooWideBecomesBlocks() throws {
    let report = try result().report()
    let text = try TableEmitter(width: 60).text(report)
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= 60 }, "\(text)")
    for word in ["食用农产品", "检验机构 a,\"b\" [31m", "检验数 10000", "合格率 89.96%", "95%区间 89.36–90.53%", "问题发现率 0.00%", "注：几个"] {
      #expect(text.contains(word), "\(word)\n\(text)")
    }
    #expect(!text.contains("截短") && !text.contains("…") && !text.contains("\u{1B}"))
    var wide = report
    wide.isWide = true
    // Where cutting would do for others, such a report is not cut.
    #expect(try TableEmitter(width: 144).text(wide).contains("检验机构 a,\"b\" [31m"))
    #expect(try TableEmitter(width: 400).text(wide) == TableEmitter().text(wide))
  }

  @Test func roundingNeverCrossesATarget() {
    let text = RateText()
    #expect(text.digits(0.89996, Proportion(89996, of: 100_000)) == "89.996")
    #expect(text.digits(0.949999, Proportion(949_999, of: 1_000_000)) == "94.9999")
    #expect(text.digits(0.9, Proportion(90, of: 100)) == "90.00")
    #expect(text.digits(0.99999, Proportion(99_999, of: 100_000)) == "99.999")
  }

  @Test func jsonIsOneObject() throws {
    let text = try JSONEmitter().text(result().report())
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(object.keys) == ["query", "snapshot", "rows", "total", "notes"])
    #expect(object["snapshot"] as? Int == 12)
    let query = try #require(object["query"] as? [String: Any])
    #expect(query["by"] as? [String] == ["category:1", "lab"])
    #expect(query["where"] as? String == "year = 2024")
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows.count == 3)
    #expect(rows[0]["rate"] is NSNull)
    #expect(rows[1]["rate"] as? Double == 0.8996)
    #expect(rows[1]["lab"] as? String == "a,\"b\"\n\u{1B}[31m")
    let interval = try #require(Proportion(8996, of: 10_000)?.interval(.wilson))
    // Digits enough to read back the very same double.
    #expect(text.contains("\"wilson_low\":\(interval.lower.description),"))
    #expect(Double(interval.lower.description) == interval.lower)
    let total = try #require(object["total"] as? [String: Any])
    #expect(total["category_1"] as? String == "*" && total["samples"] as? Int == 10_006)
  }

  /// UX-12: what is read back from every format is the same table.
  @Test func allFormatsSayTheSame() throws {
    let report = try result().report()
    let csv = SeparatedReader.csv(try CSVEmitter().text(report))
    let tsv = SeparatedReader.tsv(try TSVEmitter().text(report))
    #expect(csv == tsv)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(JSONEmitter().text(report).utf8)) as? [String: Any])
    let jsonRows = ((json["rows"] as? [[String: Any]]) ?? []) + [(json["total"] as? [String: Any]) ?? [:]]
    let lines = try NDJSONEmitter().text(report).split(separator: "\n").map { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }
    for rows in [jsonRows, lines] {
      #expect(rows.count == csv.count - 1)
      for (row, cells) in zip(rows, csv.dropFirst()) {
        for (name, cell) in zip(csv[0], cells) {
          switch row[name] {
          case let text as String: #expect(text == cell)
          case is NSNull: #expect(cell.isEmpty)
          case let number as NSNumber: #expect(abs(number.doubleValue - (Double(cell) ?? -1)) < 1e-9)
          default: Issue.record("no \(name)")
          }
        }
      }
    }
    let markdown = try MarkdownEmitter().text(report).split(separator: "\n").map(SeparatedReader.markdown)
    let grid = try TextGrid(report, RateText())
    #expect(markdown[0] == grid.headings)
    #expect(Array(markdown.dropFirst(2).prefix(grid.lines.count)) == grid.lines)
  }

  @Test func widths() {
    #expect(DisplayWidth.of("合格率 95%") == 10)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.of("ｱ㎎ＡB") == 6)
    #expect(DisplayWidth.harmless("a\u{202E}b\u{7}c\td\u{9B}31m") == "abc d31m")
    #expect(DisplayWidth.cut("合格率很高", to: 6) == "合格…")
  }
}

/// Reads separated values back, slowly.
enum SeparatedReader {
  static func csv(_ text: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      let row = rows.count - 1
      let cell = rows[row].count - 1
      switch scalar {
      case "\"" where isQuoted && scalars.first == "\"":
        rows[row][cell].unicodeScalars.append(scalars.removeFirst())
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: rows[row].append("")
      case "\n" where !isQuoted: rows.append([""])
      default: rows[row][cell].unicodeScalars.append(scalar)
      }
    }
    return rows.dropLast()
  }

  static func tsv(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map { cell in
        var result = ""
        var rest = cell[...]
        while let character = rest.popFirst() {
          guard character == "\\" else {
            result.append(character)
            continue
          }
          let escaped = rest.popFirst() ?? "\\"
          result.append(["t": "\t", "n": "\n", "r": "\r"][escaped] ?? escaped)
        }
        return result
      }
    }
  }

  static func markdown(_ line: Substring) -> [String] {
    var cells = [""]
    var rest = line[...]
    while let character = rest.popFirst() {
      switch character {
      case "\\": if let next = rest.popFirst() { cells[cells.count - 1].append(next) }
      case "|": cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells.dropFirst().dropLast().map { cell in String(cell.dropFirst().dropLast()) }
  }
}
