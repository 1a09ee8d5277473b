import Testing

@testable import SpotCheckAudit

/// Our own answers are attacked like anybody's.
@Suite struct RateOutputTests {
  static let csv = """
    district,district_name,purpose,purpose_name,samples,inspected,passed,failed,undetermined,not_tested,refused,\
    unlicensed,risk_monitoring,screening,screening_positive,label_only,pending,rate,wilson_low,wilson_high,rate_name,\
    finding_rate,size_tier,size_tier_name
    630102,城东区,objective,评价性抽检,66,65,63,2,0,1,0,0,0,0,0,0,0,0.9692307692,0.8945729448,0.9915210028,合格率,,full,充足
    630103,城中区,selective,监督抽检,233,232,225,7,0,1,0,0,0,0,0,0,0,0.9698275862,0.9390406512,0.9853091263,合格率,0.0301724138,full,充足
    *,合计,objective,评价性抽检,66,65,63,2,0,1,0,0,0,0,0,0,0,0.9692307692,0.8945729448,0.9915210028,合格率,,full,充足
    *,合计,selective,监督抽检,233,232,225,7,0,1,0,0,0,0,0,0,0,0.9698275862,0.9390406512,0.9853091263,合格率,0.0301724138,full,充足
    *,合计,*,合计,299,297,288,9,0,2,0,0,0,0,0,0,0,,,,,,,

    """

  @Test func aRightAnswerIsSilent() throws {
    let report = try Audit.report(RateOutputTests.csv)
    #expect(report.form == .rates)
    #expect(report.findings.isEmpty)
    #expect(report.checked == [.parts: 10, .rates: 6, .intervals: 8, .sums: 39])
    let tabs = RateOutputTests.csv.replacing(",", with: "\t")
    #expect(try Audit.report(tabs).checked == report.checked)
  }

  @Test(arguments: [
    ("630102,城东区,objective,评价性抽检,66,65,63,2", "630102,城东区,objective,评价性抽检,66,65,63,3", AuditCode.parts),
    ("630102,城东区,objective,评价性抽检,66,65", "630102,城东区,objective,评价性抽检,67,65", .parts),
    ("630102,城东区,objective,评价性抽检,66,65", "630102,城东区,objective,评价性抽检,67,65", .marginInspected),
    ("*,合计,*,合计,299,297,288,9", "*,合计,*,合计,299,297,287,10", .marginFailed),
    ("*,合计,*,合计,299,297,288,9", "*,合计,*,合计,299,297,287,10", .marginOther),
    ("0.9698275862", "0.9698275872", .percent),
    ("0.0301724138", "0.0301724238", .percent),
    ("0.9390406512", "0.9390406612", .interval),
    ("0.9853091263", "", .percent),
  ])
  func whatIsWrongIsFound(_ old: String, _ new: String, _ code: AuditCode) throws {
    let text = RateOutputTests.csv.replacing(old, with: new)
    #expect(text != RateOutputTests.csv)
    if new.isEmpty {
      #expect(try Audit.codes(text) == [], "a missing interval claims nothing")
    } else {
      #expect(try Audit.codes(text).contains(code))
    }
  }

  @Test func columnsAreReadByNameAndUnknownOnesIgnored() throws {
    let text = """
      category,samples,inspected,passed,failed,rate,enterprises
      甲,10,10,9,1,0.9000000000,5
      乙,10,10,9,1,0.9000000000,5
      *,20,20,18,2,0.9000000000,7
      """
    #expect(try Audit.codes(text) == [])
    // A reason to exclude that this version does not know: the samples may be more than it can explain, not less.
    let newer = "category,samples,inspected,passed,failed,lost,rate\n甲,12,10,9,1,2,0.9\n"
    #expect(try Audit.codes(newer) == [])
    #expect(try Audit.codes(newer.replacing("甲,12", with: "甲,9")) == [.parts])
  }

  static let json = """
    {"query":{"measure":"sample_rate","by":["category"]},"snapshot":1,"rows":[
    {"category":"10","category_name":"食\\u54c1","samples":12,"inspected":10,"passed":9,"failed":1,"undetermined":2,"rate":0.9},
    {"category":"20","category_name":"工业产品","samples":10,"inspected":10,"passed":10,"failed":0,"undetermined":0,"rate":1}
    ],"total":{"category":"*","category_name":"合计","samples":22,"inspected":20,"passed":19,"failed":1,"undetermined":2,"rate":0.95}}
    """

  @Test func jsonIsTheSame() throws {
    let report = try Audit.report(RateOutputTests.json)
    #expect(report.findings.isEmpty)
    #expect(report.checked == [.parts: 6, .rates: 3, .sums: 5])
    let wrong = try Audit.report(RateOutputTests.json.replacing("\"samples\":22", with: "\"samples\":23"))
    #expect(wrong.findings.map(\.code) == [.marginInspected, .parts])
    #expect(wrong.findings.map(\.position.line) == [4, 4])
    #expect(try Audit.codes(RateOutputTests.json.replacing("\"rate\":0.9}", with: "\"rate\":0.91}")) == [.percent])
    // Enterprises of several classes do not add up, and are not claimed to.
    let other = RateOutputTests.json.replacing("sample_rate", with: "enterprise_rate")
    #expect(try Audit.report(other).checked[.sums] == nil)
  }

  @Test func linesOfJSONAreTheSame() throws {
    let lines = RateOutputTests.json.split(separator: "\n")[1...2].map { $0.hasSuffix(",") ? $0.dropLast() : $0 }
    #expect(try Audit.report(lines.joined(separator: "\n")).checked == [.parts: 4, .rates: 2])
  }

  @Test(arguments: [
    "{", "{\"rows\":[", "{\"a\" 1}", "{\"a\":}", "{\"a\":1,}", "{'a':1}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}",
    "{\"a\":tru}",
    "{\"rows\":[1,2]}", "{\"rows\":{}}", "{}", "{} []", "{\"rows\":[{\"samples\":\"x\"}]}",
  ])
  func brokenJSONIsRefused(_ text: String) {
    #expect(Audit.refusal(text) != nil)
  }

  @Test func raggedLinesAreRefusedWithTheirPlace() throws {
    let refusal = try #require(Audit.refusal("samples,inspected,passed,failed\n1,1,1,0\n1,1,1\n"))
    #expect(refusal.problems.first?.position.line == 3)
  }
}
