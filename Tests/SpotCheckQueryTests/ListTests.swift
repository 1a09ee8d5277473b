import SpotCheckModel
import Testing

@testable import SpotCheckQuery

@Suite struct ListTests {
  private func rows(_ query: ListQuery, _ source: QuerySource) throws -> [[ReportCell]] {
    var rows: [[ReportCell]] = []
    try query.report(on: source).rows { rows.append($0) }
    return rows
  }

  @Test func listsSamplesInOrder() throws {
    let source = RandomStore.source(segments: 3, rows: 60, seed: 11)
    let all = try rows(ListQuery(.samples, columns: ["segment", "row", "sampling_number", "verdict"]), source)
    var expected: [[ReportCell]] = []
    for visible in try source.segments() {
      guard let segment = try NaiveQuery.table(visible) else { continue }
      for row in 0..<segment.sampleRows where !visible.excludedRows.contains(UInt32(row)) {
        let verdict = segment.tables.samples[.verdict].string(row)
        expected.append([
          .text(segment.id), .integer(row), .text("N-\(row)"), verdict.isEmpty ? .missing : .text(verdict),
        ])
      }
    }
    #expect(all == expected)
    var query = ListQuery(.samples, columns: ["row"], limit: 5)
    #expect(try rows(query, source) == Array(expected.prefix(5)).map { [$0[1]] })
    query.limit = 0
    #expect(try rows(query, source).isEmpty)
    query.limit = nil
    query.includesExcluded = true
    #expect(try rows(query, source).count > all.count)
    query.filter = "verdict = fail"
    query.includesExcluded = false
    #expect(try rows(query, source).count == expected.count { $0[3] == .text("fail") })
  }

  @Test func listsItemsWithTheirSamples() throws {
    let source = RandomStore.source(segments: 3, rows: 60, seed: 12)
    var query = ListQuery(
      .items, columns: ["sampling_number", "analyte", "value", "verdict", "sample_verdict", "sample_line"])
    query.filter = "verdict = fail and sample_verdict = pass"
    var expected: [[ReportCell]] = []
    for visible in try source.segments() {
      guard let tables = try NaiveQuery.table(visible)?.tables else { continue }
      for item in 0..<tables.items.rowCount {
        let row = Int(tables.items.sample[item])
        guard !visible.excludedRows.contains(UInt32(row)), tables.items[.verdict].string(item) == "fail",
          tables.samples[.verdict].string(row) == "pass"
        else { continue }
        let analyte = tables.items[.analyte].string(item)
        let value = tables.items[.value].value(item)
        let shown: ReportCell = if let value { .text(value.description) } else { .missing }
        let name: ReportCell = analyte.isEmpty ? .missing : .text(analyte)
        expected.append([.text("N-\(row)"), name, shown, .text("fail"), .text("pass"), .integer(row + 2)])
      }
    }
    #expect(!expected.isEmpty)
    #expect(try rows(query, source) == expected)
  }

  @Test func unknownColumnsAreExplained() throws {
    let source = RandomStore.source(segments: 1, rows: 5, seed: 1)
    #expect(throws: QueryError.self) { try ListQuery(.samples, columns: ["sampling_numbr"]).report(on: source) }
    #expect(throws: QueryError.self) { try ListQuery(.samples, filter: "item_verdict = fail").report(on: source) }
    #expect(throws: QueryError.self) { try ListQuery(.batches).report(on: source) }
    // The usual columns exist.
    _ = try rows(ListQuery(.samples), source)
    _ = try rows(ListQuery(.items), source)
  }
}
