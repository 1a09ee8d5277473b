import SpotCheckModel
import Testing

@testable import SpotCheckCuration

@Suite("Names of columns and paths")
struct ColumnNameTests {
  /// Whole names, steps, and what is nearly one of them; some can be written in several ways.
  private static let steps = [
    "", "报告", "报告编号", "编号", "a", "ab", "b", "@id", "é", "e\u{301}", "か\u{3099}", "が", "样品（甲）", "μg/kg", "\r\n", "𠀀",
  ]

  @Test("names are compared as strings are")
  func asStrings() {
    var paths = ColumnNameTests.steps
    for first in ColumnNameTests.steps {
      for second in ColumnNameTests.steps { paths += [first + "/" + second, first + second] }
    }
    for path in paths {
      for name in ColumnNameTests.steps + ["a/b", "报告/编号", "/a"] {
        let (left, right) = (ColumnName(name), ColumnName(path))
        let said = [left == right, left.ends(right), left.stands(in: right)]
        let expected = [
          name == path, path.hasSuffix("/" + name), ("/" + path + "/").contains("/" + name + "/"),
        ]
        if said != expected { Issue.record("\(name.debugDescription) in \(path.debugDescription): \(said)") }
      }
    }
  }

  @Test("the resolvers of districts are made once, and are those of their tables")
  func resolvers() throws {
    let districts = CodeTable(name: "districts", entries: [CodeEntry(code: "630103", name: "城中区")])
    let parks = CodeTable(name: "parks", entries: [CodeEntry(code: "P1", name: "生物园区", parent: "630103")])
    let shared = DistrictResolvers(CodeTables(tables: ["districts": districts, "parks": parks]))
    #expect(shared.resolver(districts: "nothing", parks: "parks") == nil)
    let alone = try #require(shared.resolver(districts: "districts", parks: "nothing"))
    let hosting = try #require(shared.resolver(districts: "districts", parks: "parks"))
    for _ in 0..<2 {
      #expect(alone.resolve("城中区长江路", on: nil).code == "630103")
      #expect(alone.resolve("生物园区", on: nil).isUnknown)
      #expect(hosting.resolve("生物园区", on: nil) == CodeOutcome(code: "630103", park: "P1"))
    }
    let again = try #require(shared.resolver(districts: "districts", parks: "parks"))
    #expect(again.resolve("生物园区", on: nil).park == "P1")
  }
}
