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
