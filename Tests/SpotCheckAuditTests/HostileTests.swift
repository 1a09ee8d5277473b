import Testing

@testable import SpotCheckAudit

/// Nothing in a document makes the auditor trap or take for ever: it answers or refuses.
@Suite struct HostileTests {
  func attack(_ bytes: [UInt8]) {
    do throws(AuditRefusal) {
      let report = try Auditor().audit(bytes)
      #expect(report.claims > 0)
      #expect(report.findings.count <= AuditLog.findingLimit)
      #expect(!AuditText(.en).text(report, file: "f").isEmpty)
      #expect(!AuditRecords.json([("f", report)]).isEmpty)
    } catch {
      #expect(!error.problems.isEmpty)
    }
  }

  @Test func encodings() throws {
    func message(_ bytes: [UInt8]) -> String { Audit.refusal(bytes)?.problems.first?.message ?? "" }
    // 抽检 in GB18030.
    #expect(message([0xB3, 0xE9, 0xBC, 0xEC]).contains("convert to UTF-8: iconv -f GB18030"))
    #expect(message([0xFF, 0xFE, 0xBD, 0x62]).contains("UTF-16"))
    #expect(message(Array("%PDF-1.4".utf8)).contains("a PDF"))
    #expect(message([0x50, 0x4B, 3, 4, 0, 0]).contains("Word or Excel"))
    #expect(message([]).contains("empty"))
    #expect(message([0x61, 0]).contains("zero bytes"))
    #expect(message(Array("<html><body>抽检</body></html>".utf8)).contains("HTML"))
    #expect(message([UInt8](repeating: 0x20, count: Auditor.byteLimit + 1)).contains("are not audited"))
    let mark = [0xEF, 0xBB, 0xBF] + Array("抽检812批次，不合格47批次，合格率98.1%".utf8)
    #expect(try Auditor().audit(mark).findings.map(\.code) == [.percent])
  }

  @Test(arguments: 0..<8) func randomBytes(_ seed: Int) {
    var random = TestRandom(UInt64(seed))
    for _ in 0..<60 {
      attack((0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }

  /// Text made of the words and signs that the readers look for, in any order.
  @Test(arguments: 0..<12) func randomWords(_ seed: Int) {
    var random = TestRandom(UInt64(1000 + seed))
    let words = [
      "抽检", "检验", "合格", "不合格", "合格率", "不合格率", "问题发现率", "批次", "其中", "共", "，", "。", "；", "(", ")", "|", "\t", "  ",
      "\n", "%", "‰", "个百分点", "上升", "下降", "比", "由", "到", "分别", "占", "万", "亿", "1", "812", "47", "98.1", "0",
      "99999999999999999",
      ",", ".", "-", "|---|", "合计", "地区", "抽检批次", "不合格批次", "其中：", "年", "家", "个", "约", "余", "title:", "rows:", "- ", "{",
      "}", "[", "]",
      "\"", "\\", ":", "&", "*", "?", "samples", "inspected", "passed", "failed", "rate",
    ]
    for _ in 0..<150 {
      var text = ""
      for _ in 0..<Int.random(in: 1...60, using: &random) { text += words.randomElement(using: &random) ?? "" }
      attack(Array(text.utf8))
    }
  }

  /// Real documents with bytes changed, lost, doubled, and cut anywhere.
  @Test func damagedSamples() throws {
    var random = TestRandom(77)
    let files = try Audit.samples(in: "samples/bulletins").map { try Audit.sample("samples/bulletins/" + $0) }
    for original in files + [Array(RateOutputTests.csv.utf8), Array(RateOutputTests.json.utf8)] {
      for _ in 0..<25 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let place = Int.random(in: bytes.indices, using: &random)
          switch Int.random(in: 0...3, using: &random) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(bytes[place], at: place)
          default: bytes = Array(bytes[..<max(1, place)])
          }
        }
        attack(bytes)
      }
    }
  }

  @Test func hugeNumbers() {
    let digits = String(repeating: "9", count: 400)
    for text in [
      "抽检\(digits)批次，不合格\(digits)批次，合格率\(digits)%", "抽检10批次，不合格1批次，合格率90.\(digits)%", "total: {inspected: \(digits)}",
      "total: {inspected: 1000000000000, failed: 1000000000000, 合格率: 999999.99999999%}",
      "total: {inspected: 99.9999999999亿, failed: 1, 合格率: 0.00000001%}",
      "changes: [{from: 1000000%, to: 0%, points: -1000000}]",
      "lists: [{name: a, total: 1, rows: [{name: b, share: 1000000%}, {name: c, share: 1000000%}]}]",
      "samples,inspected,passed,failed,rate\n\(digits),\(digits),\(digits),\(digits),1e999\n",
      "samples,inspected,passed,failed,rate\n999999999999,999999999999,999999999999,0,nan\n",
      "{\"rows\":[{\"samples\":\(digits)}]}", "抽检1万亿批次，不合格1亿亿批次", "抽检" + String(repeating: "1,111", count: 3000) + "批次",
    ] { attack(Array(text.utf8)) }
    attack(Array("抽检\(String(repeating: "9", count: 2_000_000))批次".utf8))
  }

  @Test func deepNesting() {
    for text in [
      String(repeating: "{\"a\":", count: 100_000), "{\"a\":" + String(repeating: "[", count: 200_000),
      String(repeating: "(", count: 100_000) + "抽检10批次", String(repeating: "(抽检10批次", count: 20_000),
      String(repeating: "(", count: 20_000) + "1" + String(repeating: ")", count: 20_000),
    ] { attack(Array(text.utf8)) }
  }

  /// One long line, of whatever would be dear if work were not linear.
  @Test(arguments: [
    ("9", 10_240), ("a", 10_240), (" ", 10_240), ("抽检10批次，不合格1批次，", 512), ("，1", 256), ("1,234,", 256), ("| 1 ", 256),
    ("不合格", 256), ("（抽检1批次）", 256), ("其中蔬菜12批次", 256), ("  1", 256),
  ])
  func longLines(_ piece: String, _ kilobytes: Int) {
    attack(Array(String(repeating: piece, count: (kilobytes << 10) / piece.utf8.count).utf8))
  }

  @Test func manyFindingsAreCountedNotKept() throws {
    let report = try Audit.report(String(repeating: "抽检812批次，不合格47批次，合格率为98.1%。\n", count: 3000))
    #expect(report.findings.count == AuditLog.findingLimit)
    #expect(report.findingsLeftOut == 2000)
    #expect(report.claims == 6000)
  }

  @Test func manyRowsOfOneNameCostNoMoreThanTheirSize() throws {
    let rows = String(repeating: "| 西宁 | 10 | 1 |\n", count: 4000)
    let sentences = String(repeating: "西宁抽检11批次，不合格1批次。\n", count: 4000)
    let report = try Audit.report("| 地区 | 抽检批次 | 不合格批次 |\n" + rows + "\n" + sentences)
    #expect(report.findings.map(\.code) == [.textTable])
  }
}
