import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// Real data that nobody here wrote, with answers counted by other means.
@Suite struct RealDataTests {
  private func json(_ path: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(try bytes(of: Repository.path(path)))) as? [String: Any])
  }

  @Test func theUKsYearOfResiduesIsCountedExactly() throws {
    let store = try ScratchStore()
    let summary = try store.importFiles([Repository.path("samples/real/uk-pesticide-residues/2019.csv.gz")])
    let outcome = try #require(summary.files.first)
    #expect(outcome.state == .accepted, "\(String(describing: outcome.refusal))")
    #expect(outcome.layout.hasPrefix("uk-pesticide-residues/"))
    #expect(outcome.accounts.rejected == 0)
    #expect(outcome.items == 4385)
    let expected = try json("samples/real/uk-pesticide-residues/2019.EXPECTED.json")
    func counts(_ entry: [String: Any]) -> RateCounts? {
      guard let passed = entry["passed"] as? Int, let failed = entry["failed"] as? Int else { return nil }
      return RateCounts(passed: passed, failed: failed)
    }
    let total = try #require(expected["total"] as? [String: Any])
    let byCategory = try store.rate("category")
    #expect(byCategory.total.counts == counts(total))

    for (dimension, key) in [
      ("category", "by_commodity"), ("district", "by_country_of_origin"), ("month", "by_month_of_sampling"),
    ] {
      let truth = try #require(expected[key] as? [String: [String: Any]])
      let rows = try store.rate(dimension).rows
      #expect(rows.count == truth.count)
      for row in rows {
        let entry = try #require(truth[row.codes[0]], "\(dimension) \(row.codes[0])")
        #expect(row.counts == counts(entry), "\(row.codes[0])")
      }
    }
    for (by, key) in [
      ("category,district", "by_commodity_and_country"), ("category,section", "by_commodity_and_section"),
    ] {
      let cells = try #require(expected[key] as? [[Any]])
      let rows = try store.rate(by).rows
      #expect(rows.count == cells.count, "\(by)")
      let found = Dictionary(uniqueKeysWithValues: rows.map { ([$0.codes[0], $0.codes[1]], $0.counts) })
      for cell in cells {
        let second = cell[1] as? String ?? ""
        let (samples, failed) = (try #require(cell[2] as? Int), try #require(cell[4] as? Int))
        let key = [try #require(cell[0] as? String), second]
        #expect(found[key] == RateCounts(passed: samples - failed, failed: failed), "\(key)")
      }
    }
  }

  /// The same records as XML, CSV and compressed CSV are the same samples and items, positions apart.
  @Test(arguments: ["resultPhysChem", "activityAll"]) func everyFormatOfTheWaterPortalGivesTheSameStore(_ name: String)
    throws
  {
    var stores: [[String]] = []
    for ending in ["xml", "csv", "csv.gz", "tsv"] {
      let store = try ScratchStore()
      let summary = try store.importFiles([Repository.path("samples/real/wqx/\(name).\(ending)")])
      let outcome = try #require(summary.files.first)
      #expect(outcome.state == .accepted, "\(ending): \(String(describing: outcome.refusal))")
      #expect(outcome.samples == 23, "\(ending)")
      #expect(outcome.items == (name == "activityAll" ? 0 : 55), "\(ending)")
      #expect(outcome.accounts.rejected == 0, "\(ending)")
      stores.append(try logicalLines(store))
    }
    for store in stores.dropFirst() {
      #expect(store.count == stores[0].count)
      for (left, right) in zip(store, stores[0]) { #expect(left == right) }
    }
  }

  /// Every value of both tables except where it was read from.
  private func logicalLines(_ store: ScratchStore) throws -> [String] {
    var lines: [String] = []
    let opened = try OpenStore(store.root)
    for stored in try opened.catalogue.visibleSegments(at: try opened.catalogue.latestSnapshot()) {
      let description = try #require(SegmentDescription(json: stored.record.description))
      let tables = try Segment(description, in: opened.layout).readTables()
      for row in 0..<tables.samples.rowCount {
        let texts = SampleText.allCases.filter { $0 != .batch }.map { tables.samples[$0].string(row) }
        let plain = SamplePlainText.allCases.map { tables.samples[$0].string(row) }
        let days = SampleDay.allCases.map { tables.samples[$0].day(row)?.description ?? "" }
        lines.append((texts + plain + days).joined(separator: "|"))
        let first = Int(tables.samples.firstItem[row])
        for item in first..<first + Int(tables.samples.itemCount[row]) {
          let texts = ItemText.allCases.map { tables.items[$0].string(item) }
          let numbers = ItemDecimal.allCases.map { tables.items[$0].value(item)?.description ?? "" }
          lines.append("  " + (texts + numbers).joined(separator: "|"))
        }
      }
    }
    return lines
  }
}
