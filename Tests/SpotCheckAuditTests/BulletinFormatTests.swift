import Testing

@testable import SpotCheckAudit

/// The YAML format is strict: what is wrong is said with its place, and YAML's own weapons do nothing.
@Suite struct BulletinFormatTests {
  func problems(_ text: String) -> [String] {
    (Audit.refusal(text)?.problems ?? []).map { "\($0.position.line):\($0.position.column) \($0.message)" }
  }

  @Test func unknownKeysAreNamedWithTheNearest() throws {
    let found = problems("title: 通报\ntotal:\n  inspcted: 10\n  failed: 1\n")
    #expect(found == ["3:3 unknown key 'inspcted' in 'total'; did you mean 'inspected'?"])
    #expect(problems("title: 通报\ntoatl: {}\n") == ["2:1 unknown key 'toatl' in a bulletin; did you mean 'total'?"])
    #expect(problems("total: {合格卛: 98%}").first?.hasSuffix("did you mean '合格率'?") == true)
    #expect(problems("total: {zzzzzz: 1}").first?.contains("keys here are: sampled, inspected") == true)
    let refusal = try #require(Audit.refusal("total:\n  inspcted: 10\n"))
    #expect(
      refusal.problems.first?.text(file: "a.yaml")
        == "a.yaml:2:3: error: unknown key 'inspcted' in 'total'; did you mean 'inspected'?\n  inspcted: 10\n  ^")
  }

  @Test(arguments: [
    ("total: {inspected: ten}", "1:20 'inspected' must be a whole number"),
    ("total: {inspected: 1.5}", "1:20 'inspected' must be a whole number"),
    ("total: {inspected: -5}", "1:20 'inspected' must be a whole number"),
    ("total: {inspected: [1]}", "1:20 'inspected' must be a whole number"),
    ("total: {inspected: 10, 合格率: 90}", "1:29 '合格率' must be a rate as printed"),
    ("total: 10", "1:8 expected 'total' with the keys sampled, inspected"),
    ("targets: 95\ntotal: {inspected: 1}", "1:10 'targets' must be a list"),
    ("targets: [105]", "1:11 a target is a percentage from 0 to 100"),
    ("breakdowns: [{rows: []}]", "1:14 a breakdown needs the key 'name'"),
    ("breakdowns: [{name: a, rows: [{inspected: 1}]}]", "1:31 a row needs the key 'name'"),
    ("lists: [{name: a, counts: batches, rows: []}]", "1:27 'counts' is items or samples"),
    ("breakdowns: [{name: a, partial: yes, rows: []}]", "1:33 'partial' must be true or false"),
    ("changes: [{from: 1%, to: 2%}]", "1:11 a change needs the key 'points'"),
    ("changes: [{from: 1, to: 2%, points: 1}]", "1:18 expected a rate as printed"),
    ("changes: [{from: 1%, to: 2%, points: 1%}]", "1:38 'points' must be a signed number"),
    ("changes: [{rate: 优良率, from: 1%, to: 2%, points: 1}]", "1:18 'rate' is 合格率, 不合格率 or 问题发现率"),
    ("sentences: [{text: [1]}]", "1:20 a sentence is a text"),
    ("title: a", "1:1 there are no figures"),
    ("title: [a]\ntotal: {inspected: 1}", "1:8 'title' must be a text"),
    ("title:\ntotal: {inspected: 1}", "1:7 'title' must be a text; found nothing"),
    ("total: {inspected: 1, inspected: 2}", "1:9 duplicate key 'inspected'"),
    ("title: \"a", "found unexpected end of stream"),
    ("total: {inspected: !!int 5}", "the tag 'tag:yaml.org,2002:int' is not allowed here"),
    ("? [a]\n: 1\ntotal: {inspected: 1}", "text"),
  ])
  func mistakesHaveAPlace(_ text: String, _ problem: String) {
    let found = problems(text)
    #expect(found.contains { $0.contains(problem) } || problem == "text" && !found.isEmpty, "\(found)")
  }

  @Test func allMistakesAreListedAtOnce() {
    #expect(problems("total: {inspected: x, failed: y, 合格率: z}").count == 3)
    let many = "title: a\n" + (0..<500).map { "key\($0): 1\n" }.joined()
    #expect(problems(many).count == BulletinYAML.problemLimit)
  }

  @Test func numbersMayBeTypedAsPrinted() throws {
    #expect(try Audit.codes("total: {inspected: '6,474', failed: １８８, 不合格率: ２.９０ ％}") == [])
  }

  @Test func sentencesOfABulletinAreCheckedAndCompared() throws {
    let text = """
      title: 通报
      total: {inspected: 6474, failed: 188}
      sentences:
        - text: "共抽检6474批次，不合格189批次，不合格率2.90%"
          paraphrase: true
        - 西宁市抽检10批次，不合格2批次，合格率20%
      """
    let report = try Audit.report(text)
    #expect(report.findings.map(\.code) == [.textTable, .percent, .rateName])
    // Places are those of the file: behind the quotation mark, within the text.
    #expect(report.findings.map(\.position.line) == [4, 4, 6])
    #expect(report.findings.first?.position.column == 25)
  }

  @Test func anchorsAndAliasesAreRefused() {
    var bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for level in 1...9 {
      let name = Character(UnicodeScalar(UInt8(0x61 + level)))
      let before = Character(UnicodeScalar(UInt8(0x60 + level)))
      bomb += "\(name): &\(name) [" + Array(repeating: "*\(before)", count: 9).joined(separator: ",") + "]\n"
    }
    #expect(problems("title: t\n" + bomb).contains { $0.contains("anchors and aliases") })
    #expect(problems("title: &t x\ntotal: {inspected: 1}").contains { $0.contains("anchors and aliases") })
    #expect(problems("title: *t\ntotal: {inspected: 1}").contains { $0.contains("must be quoted") })
    #expect(!problems("x: &x [*x]\n? *x\n: *x\n").isEmpty)
  }

  @Test func nestingIsBounded() {
    for text in [
      "total: " + String(repeating: "[", count: 100_000), "total: " + String(repeating: "{a: ", count: 50_000),
      "total:\n  " + String(repeating: "- ", count: 100_000),
      "total: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900),
    ] { #expect(!problems(text).isEmpty) }
  }

  @Test func sizeIsBounded() {
    let text = "title: " + String(repeating: "长", count: 400_000) + "\ntotal: {inspected: 1}"
    #expect(problems(text).first?.contains("larger than") == true)
    #expect(
      problems("breakdowns: [{name: \(String(repeating: "长", count: 300)), rows: []}]").first?.contains("200") == true)
  }
}
