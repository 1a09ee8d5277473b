import Testing

@testable import SpotCheckAudit

@Suite struct OutputTests {
  let text = "total: {inspected: 812, failed: 47, 合格率: 98.1%}"

  @Test func peopleReadALineAFinding() throws {
    let report = try Audit.report(text)
    #expect(
      AuditText().text(report, file: "a.yaml") == """
        a.yaml:1:42: 错误 PERCENT 总体：合格率印作 98.1%，而 765/812 = 94.21%
        a.yaml: 通报 YAML：核对 2 项（构成 1、比率 1），1 处错误，0 处提示；0 句含数字而未能核对

        """)
    #expect(
      AuditText(.en).text(report, file: "a.yaml") == """
        a.yaml:1:42: error PERCENT overall: the pass rate is printed 98.1%, but 765/812 is 94.21%
        a.yaml: 2 claims checked (parts 1, rates 1), 1 error, 0 warnings; 0 sentences with numbers not understood

        """)
  }

  @Test func programsReadBothLanguagesAndTheCounts() throws {
    let report = try Audit.report(text)
    #expect(
      AuditRecords.ndjson([("a.yaml", report)]) == """
        {"file":"a.yaml","code":"PERCENT","severity":"error","line":1,"column":42,"subject":"","printed":"98.1%",\
        "expected":"94.21%","message":"overall: the pass rate is printed 98.1%, but 765/812 is 94.21%",\
        "message_zh":"总体：合格率印作 98.1%，而 765/812 = 94.21%"}
        {"file":"a.yaml","form":"bulletin","title":"","claims":2,"checked":{"parts":1,"rates":1},"not_understood":0,\
        "errors":1,"warnings":0,"left_out":0}

        """)
    let json = AuditRecords.json([("a.yaml", report), ("b", try Audit.report("抽检10批次，不合格1批次"))])
    #expect(json.hasPrefix("{\"files\":[\n  {\"file\":\"a.yaml\",\"form\":\"bulletin\""))
    #expect(json.hasSuffix("\"left_out\":0,\"findings\":[]}\n]}\n"))
    #expect(try SmallJSON.read(json).count == 1)
    #expect(
      AuditRecords.csv([("a,b", report)]).split(separator: "\n")[1].hasPrefix(
        "\"a,b\",1,42,error,PERCENT,,98.1%,94.21%,"))
  }

  @Test func nothingOfADocumentControlsTheTerminal() throws {
    let report = try Audit.report(
      "breakdowns: [{name: \"a\\e[31m\\u202e\", rows: [{name: b, inspected: 1, failed: 2}]}]")
    let shown = AuditText().text(report, file: "x\u{1B}]0;y")
    #expect(!shown.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
  }

  @Test func everyCodeSaysWhatItMeans() {
    for code in AuditCode.allCases {
      #expect(!code.meaning.isEmpty)
      #expect(code.meaningZh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
    }
  }

  /// The page lists every code, and no other.
  @Test func thePageListsEveryCode() throws {
    let page = String(decoding: try Audit.sample("Sources/SpotCheck/Documentation.docc/Audit.md"), as: UTF8.self)
    for code in AuditCode.allCases { #expect(page.contains("| `\(code.rawValue)` |"), "\(code.rawValue)") }
    for key in BulletinKeys.root + BulletinKeys.list { #expect(page.contains("\(key):"), "\(key)") }
  }
}
