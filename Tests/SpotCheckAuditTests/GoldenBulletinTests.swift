import Testing

@testable import SpotCheckAudit

/// The published bulletins: the known defects are found, and nothing is reported on those that are right.
@Suite struct GoldenBulletinTests {
  struct Expected {
    var findings: [String]
    var claims: Int
  }

  /// `line code subject`, for each finding.
  static let expected: [String: Expected] = [
    "chengdu-2018-05.txt": Expected(findings: [], claims: 4),
    "qinghai-2022Q1-reprint.yaml": Expected(findings: [], claims: 18),
    "qinghai-2022Q1.yaml": Expected(findings: ["16 error RATE_NAME 生产环节"], claims: 18),
    "qinghai-2022Q1.txt": Expected(findings: ["7 error RATE_NAME 生产环节"], claims: 18),
    "qinghai-2023Q1-3.yaml": Expected(findings: ["22 error MARGIN_INSPECTED 地区"], claims: 22),
    "qinghai-2023Q1-3.txt": Expected(findings: ["9 warning MARGIN_INSPECTED 西宁市…黄南州"], claims: 22),
    "qinghai-2025H1.yaml": Expected(
      findings: [
        "44 error DUPLICATE_CLASS 食品添加剂、重金属类、其他污染物和生物毒素",
        "44 error DUPLICATE_CLASS 食品添加剂、重金属类、其他污染物和生物毒素",
      ], claims: 53),
    "samr-2022.yaml": Expected(findings: ["13 warning SHARES 占不合格样品总量"], claims: 4),
    "samr-2023.yaml": Expected(findings: [], claims: 3),
    "samr-2023H1.yaml": Expected(findings: ["13 warning SHARES 占不合格样品总量"], claims: 4),
    "tianshui-2019.txt": Expected(findings: ["3 error PERCENT "], claims: 2),
  ]

  @Test func everyBulletinIsExpected() throws {
    let files = try Audit.samples(in: "samples/bulletins").filter { $0 != "README.md" }
    #expect(files == GoldenBulletinTests.expected.keys.sorted())
  }

  @Test(arguments: expected.keys.sorted()) func theDefectsAndNothingElseAreFound(_ file: String) throws {
    let wanted = try #require(GoldenBulletinTests.expected[file])
    let report = try Auditor().audit(try Audit.sample("samples/bulletins/" + file))
    let found = report.findings.map { "\($0.position.line) \($0.severity.rawValue) \($0.code.rawValue) \($0.subject)" }
    #expect(found == wanted.findings)
    #expect(report.claims == wanted.claims)
    #expect(report.notUnderstood == 0)
  }

  @Test func d1SaysWhatTheRowsAddUpTo() throws {
    let finding = try #require(
      try Auditor().audit(try Audit.sample("samples/bulletins/qinghai-2023Q1-3.yaml")).findings.first)
    #expect(finding.printed == "31392")
    #expect(finding.expected == "31387")
    #expect(finding.messageZh == "地区：8 行检验批次之和为 31387，总数印作 31392（相差 -5）")
  }

  @Test func d2SaysWhichRateItIs() throws {
    let finding = try #require(
      try Auditor().audit(try Audit.sample("samples/bulletins/qinghai-2022Q1.yaml")).findings.first)
    #expect(finding.messageZh == "生产环节：合格率印作 20%，其实是不合格率（2/10）；合格率为 80.00%")
    #expect(finding.message.contains("that is the failure rate (2/10); the pass rate is 80.00%"))
  }

  @Test func d3SaysTheTrueRate() throws {
    let finding = try #require(
      try Auditor().audit(try Audit.sample("samples/bulletins/tianshui-2019.txt")).findings.first)
    #expect(finding.printed == "98.1%")
    #expect(finding.expected == "94.21%")
  }

  @Test func d4NamesBothClasses() throws {
    let report = try Auditor().audit(try Audit.sample("samples/bulletins/qinghai-2025H1.yaml"))
    #expect(report.findings.map(\.expected).sorted() == ["其他污染物", "超限量、超范围添加食品添加剂"])
  }

  @Test func missingOthersAreSuggestedWithTheirShare() throws {
    let report = try Auditor().audit(try Audit.sample("samples/bulletins/samr-2023H1.yaml"))
    let finding = try #require(report.findings.first)
    #expect(finding.printed == "99.13%")
    #expect(finding.messageZh.hasSuffix("应补列“其他”0.87%"))
  }
}
