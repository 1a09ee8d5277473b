import SpotCheckModel
import Testing

@testable import SpotCheckQuery

/// What changed between two snapshots is what the two answers differ in, and the files' parts are all of it.
@Suite struct DiffTests {
  /// Two snapshots of one store: the later one has more segments, and other rows that do not count.
  private func snapshots(seed: UInt64) throws -> (QuerySource, QuerySource) {
    let whole = try RandomStore.source(segments: 4, rows: 80, seed: seed).segments()
    var numbers = SeededNumbers(state: seed &+ 99)
    func source(_ number: Int64, _ segments: some Sequence<VisibleSegment>) -> QuerySource {
      QuerySource(
        snapshot: number, segments: Array(segments), tables: SmallTables.all, batchNames: ["digest0": "甲.csv.gz"])
    }
    let later = whole.map { segment in
      var segment = segment
      let more = (0..<segment.sampleRows).filter { _ in numbers.chance(10) }.map { UInt32($0) }
      segment.excludedRows = Set(segment.excludedRows + more).sorted()
      return segment
    }
    return (source(3, whole.prefix(3)), source(9, later))
  }

  private static func difference(_ before: RateCounts, _ after: RateCounts) -> [Int] {
    SampleClass.allCases.map { after[$0] - before[$0] }
      + [after.pending - before.pending, after.labelOnly - before.labelOnly]
  }

  @Test(arguments: 0..<20)
  func theFilesAddUpToTheChange(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed) &* 17 &+ 5)
    let (old, new) = try snapshots(seed: UInt64(seed) &+ 4000)
    let list = numbers.pick([
      "category", "category:1,district", "year", "park,purpose", "verdict,level", "analyte", "product,quarter",
    ])
    var query = RateQuery(by: try Dimension.parse(list: list))
    query.pool = numbers.chance(40)
    query.filter = list == "analyte" ? nil : try numbers.pick([nil, "year >= 2023"]).map { try Filter($0) }
    let result = try DiffQuery(query).run(from: old, to: new, publications: ["digest0": 1, "digest1": 4])
    var (before, after): ([[String]: RateCounts], [[String]: RateCounts]) = ([:], [:])
    for row in try query.run(on: old).rows { before[row.codes] = row.counts }
    for row in try query.run(on: new).rows { after[row.codes] = row.counts }
    let changed = Set(before.keys).union(after.keys).filter { before[$0] ?? RateCounts() != after[$0] ?? RateCounts() }
    #expect(Set(result.rows.map(\.codes)) == changed)
    #expect(!changed.isEmpty)
    for row in result.rows {
      #expect(row.before.counts == before[row.codes] ?? RateCounts())
      #expect(row.after.counts == after[row.codes] ?? RateCounts())
      let whole = DiffTests.difference(row.before.counts, row.after.counts)
      let parts = row.files.map { DiffTests.difference($0.before, $0.after) }
      let sum = parts.reduce(whole.map { _ in 0 }) { zip($0, $1).map(+) }
      #expect(sum == whole, "\(list) \(row.codes)")
      #expect(row.files.allSatisfy { $0.before != $0.after })
      #expect(row.files.map(\.published).elementsEqual(row.files.map(\.published).sorted { ($0 ?? 0) < ($1 ?? 0) }))
    }
    // A group's line and one for each of its files, and the sums below.
    let lines = try result.report().collected()
    #expect(lines.count == result.rows.reduce(0) { $0 + 1 + $1.files.count })
    // Backwards, everything has the other sign.
    let back = try DiffQuery(query).run(from: new, to: old)
    #expect(back.rows.map(\.codes) == result.rows.map(\.codes))
    #expect(back.rows.map { $0.after.counts } == result.rows.map { $0.before.counts })
  }

  @Test func oneCorrectionIsNamedWithItsFile() throws {
    var store = SmallStore()
    store.add(2, .selective, .pass, [.district: "630102", .batch: "digest0"])
    store.add(1, .selective, .fail, [.district: "630102", .batch: "digest0"])
    store.add(1, .selective, .pass, [.district: "630102", .batch: "digest1"])
    let segment = TableSegment(id: "s", tables: store.pair)
    func source(_ number: Int64, without rows: [UInt32]) -> QuerySource {
      QuerySource(
        snapshot: number, segments: [VisibleSegment(segment, excludedRows: rows)], tables: SmallTables.all,
        batchNames: ["digest0": "一.csv", "digest1": "更正.csv"])
    }
    let query = DiffQuery(RateQuery(by: [Dimension(.district)]))
    let result = try query.run(
      from: source(1, without: [3]), to: source(2, without: [2]), publications: ["digest0": 1, "digest1": 2])
    let lines = try result.report().collected()
    let columns = result.report().columns.map(\.name)
    func cell(_ line: Int, _ name: String) throws -> ReportCell {
      lines[line][try #require(columns.firstIndex(of: name))]
    }
    #expect(lines.count == 3)
    #expect(try cell(0, "file") == .text("*") && cell(0, "changes") == .text("合格 +1，不合格 -1"))
    #expect(try cell(0, "failed_before") == .integer(1) && cell(0, "failed") == .integer(0))
    #expect(try cell(1, "file") == .text("一.csv") && cell(1, "changes") == .text("不合格 -1"))
    #expect(try cell(2, "file") == .text("更正.csv") && cell(2, "published") == .text("v2"))
    #expect(try cell(2, "changes") == .text("合格 +1") && cell(2, "rate") == .missing)
    let none = try query.run(from: source(1, without: []), to: source(2, without: []))
    #expect(none.rows.isEmpty && none.report().notes.contains { $0.code == "no_change" })
  }
}
