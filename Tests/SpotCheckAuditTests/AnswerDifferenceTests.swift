import Testing

@testable import SpotCheckAudit

/// Two published answers, cell by cell.
@Suite struct AnswerDifferenceTests {
  private func difference(_ before: String, _ after: String) throws -> AnswerDifference {
    try AnswerDifference(before: Array(before.utf8), after: Array(after.utf8))
  }

  private static let head = "district,district_name,samples,inspected,passed,failed,rate\n"

  @Test func everyChangedCellIsNamedAndNothingElse() throws {
    let before = Self.head + "1,甲,4,4,4,0,1.0\n2,乙,2,2,1,1,0.5\n3,丙,1,1,1,0,1\n*,合计,7,7,6,1,0.8571\n"
    let after = Self.head + "1,甲,4,4,4,0,1.0000\n2,乙,3,3,2,1,0.6667\n4,丁,1,0,0,0,\n*,合计,8,7,6,1,0.8571\n"
    let found = try difference(before, after)
    func text(_ change: AnswerDifference.Change) -> String {
      "\(change.codes.joined())\(change.name) \(change.column) \(change.before ?? "-")>\(change.after ?? "-")"
    }
    #expect(
      found.changes.map(text) == [
        "2乙 samples 2>3", "2乙 inspected 2>3", "2乙 passed 1>2", "2乙 rate 0.5>0.6667", "4丁 samples ->1",
        "4丁 inspected ->0", "4丁 passed ->0", "4丁 failed ->0", "*合计 samples 7>8", "3丙 samples 1>-", "3丙 inspected 1>-",
        "3丙 passed 1>-", "3丙 failed 0>-", "3丙 rate 1>-",
      ])
    #expect(found.rows == (both: 3, before: 1, after: 1))
    #expect(try difference(after, after).changes.isEmpty)
    // The other way round everything has the other sign.
    let back = try difference(after, before)
    #expect(
      Set(back.changes.map { "\($0.name) \($0.column) \($0.after ?? "-")>\($0.before ?? "-")" })
        == Set(found.changes.map { "\($0.name) \($0.column) \($0.before ?? "-")>\($0.after ?? "-")" }))
  }

  @Test func formatsMayDiffer() throws {
    let csv = Self.head + "1,甲,4,4,3,1,0.75\n"
    let tsv = csv.replacing(",", with: "\t")
    let json = """
      {"query":{"measure":"sample_rate"},"snapshot":9,"rows":[{"district":"1","district_name":"甲","samples":4,"inspected":4,
      "passed":3,"failed":1,"rate":0.7500000000}],"total":null}
      """
    for (one, other) in [(csv, tsv), (csv, json), (json, tsv)] { #expect(try difference(one, other).changes.isEmpty) }
    #expect(try difference(csv, json).snapshots == (before: nil, after: 9))
  }

  /// CSV has ten digits of what JSON has all of.
  @Test func digitsThatAFormatDoesNotHaveAreNoChange() throws {
    func csv(_ rate: String) -> String { Self.head + "1,甲,4,4,3,1,\(rate)\n" }
    for (one, other, isSame) in [
      ("0.9767441860", "0.9767441860465116", true), ("0.9866666667", "0.9866666666666667", true),
      ("0.9767441861", "0.9767441860465116", false), ("0.9767441860", "0.9767441861", false),
      ("0.98", "0.9767441860465116", false), ("0.977", "0.9767441860", false), ("1", "1.0000000000", true),
      ("0.9767441860465116", "0.9767441860465117", false), ("1e-11", "0.0000000000", false),
    ] {
      #expect(try difference(csv(one), csv(other)).changes.isEmpty == isSame, "\(one) \(other)")
      #expect(try difference(csv(other), csv(one)).changes.isEmpty == isSame, "\(one) \(other)")
    }
  }

  /// What was cut off would look like rows that are gone, or like no change at all.
  @Test func whatWasCutIsRefused() throws {
    let csv = Self.head + "1,甲,4,4,3,1,0.75\n*,合计,4,4,3,1,0.75\n"
    let json = """
      {"query":{"measure":"sample_rate"},"snapshot":9,"rows":[
      {"district":"1","samples":4,"inspected":4,"passed":3,"failed":1,"rate":0.75}
      ],"total":{"district":"*","samples":4,"inspected":4,"passed":3,"failed":1,"rate":0.75}}

      """
    let line = "{\"district\":\"1\",\"samples\":4,\"inspected\":4,\"passed\":3,\"failed\":1}\n"
    let second = line.replacing("1", with: "2")
    // Where nothing tells that there was more: behind a row of CSV, behind an object of NDJSON, before the last line break.
    let ends: [(whole: String, ends: [String])] = [
      (csv, [String(csv.dropLast("*,合计,4,4,3,1,0.75\n".count))]), (json, [String(json.dropLast())]),
      (line + second, [line, String(line.dropLast()), String((line + second).dropLast())]),
    ]
    for (whole, ends) in ends {
      let bytes = Array(whole.utf8)
      _ = try AnswerDifference(before: bytes, after: bytes)
      for length in 0..<bytes.count where !ends.contains(where: { $0.utf8.count == length }) {
        let cut = Array(bytes[..<length])
        #expect(throws: AuditRefusal.self, "\(length)") { try AnswerDifference(before: bytes, after: cut) }
        #expect(throws: AuditRefusal.self, "\(length)") { try AnswerDifference.check(cut) }
      }
    }
    let refusal = #expect(throws: AuditRefusal.self) { try AnswerDifference.check(Array(Self.head.utf8)) }
    #expect(refusal?.problems.first?.text(file: "a").contains("there is no row in it") == true)
    let inside = #expect(throws: AuditRefusal.self) { try AnswerDifference.check(Array(csv.utf8.dropLast(3))) }
    #expect(inside?.problems.first?.text(file: "a").hasPrefix("a:3:1: ") == true)
    #expect(throws: AuditRefusal.self) { try AnswerDifference.check(Array("{}".utf8)) }
  }

  @Test func whatCannotBeComparedIsRefused() {
    let csv = Self.head + "1,甲,4,4,3,1,0.75\n"
    for (before, after) in [
      (csv + "1,甲,4,4,3,1,0.75\n", csv), (csv, csv + "1,甲,5,4,3,1,0.75\n"), (csv, "a,b\n1,2\n"), (csv, ""),
      (csv, "<html>"),
      (csv, Self.head.replacing("district,", with: "year,year_name,district,") + "2024,2024年,1,甲,4,4,3,1,0.75\n"),
      (csv, "title: a\n"), (csv, "{\"rows\": [1"), (csv, csv + "1,2\n"),
    ] {
      #expect(throws: AuditRefusal.self, "\(after)") { try difference(before, after) }
    }
  }
}
