import SpotCheckModel
import SpotCheckStore
import Testing

@testable import SpotCheckQuery

/// The quick loop over dense counters against the slow one, which finds the group and the class of each row first.
struct DenseScanTests {
  private static let rows = 3500

  private func source(seed: UInt64, hasWideCodes: Bool) -> QuerySource {
    var numbers = SeededNumbers(state: seed)
    let segments = (0..<2).map { index in
      let tables = RandomStore.tables(rows: Self.rows + index, &numbers)
      let excluded = (0..<UInt32(Self.rows)).filter { _ in numbers.chance(index == 0 ? 0 : 3) }
      return VisibleSegment(
        TableSegment(id: "s\(index)", tables: tables, hasWideCodes: hasWideCodes), excludedRows: excluded)
    }
    return QuerySource(snapshot: 1, segments: segments, tables: SmallTables.all)
  }

  private func counted(_ counter: GroupCounter) -> [Int: RateCounts] {
    Dictionary(uniqueKeysWithValues: counter.groups().map { ($0.key, $0.counts) })
  }

  @Test(arguments: [false, true])
  func theSameAsByClasses(hasWideCodes: Bool) throws {
    var asked = 0
    for (seed, by) in [
      "category,district", "category:1,district,month", "purpose,level,stage,bureau,category", "year", "district",
    ].enumerated() {
      let source = source(seed: UInt64(seed), hasWideCodes: hasWideCodes)
      for filter in [
        nil, "year = 2022", "district = 630102", "district in (630102, 630103) or level = county", "year = 1999",
        "year = 2022 and district in (630102, 630103)", "year != 2022 and verdict = pass and level = county",
        "sampled_day = '' or sampled_day > 2022-06-30", "sampled_day = '' and bureau = scjgj",
        "reported_day < 2022-06-30",
        "product like '%a%' and year = 2022",
      ] {
        for parks in [ParkRule.rolledUp, .separate] {
          var query = RateQuery(by: try Dimension.parse(list: by), filter: try filter.map { try Filter($0) })
          query.parks = parks
          query.pool = seed % 2 == 0
          let scan = try RateEngine(query, source).prepare()
          for prepared in scan.prepared {
            var (quick, slow) = (
              RateScan(cardinalities: scan.cardinalities, groups: scan.groups),
              RateScan(cardinalities: scan.cardinalities, groups: scan.groups)
            )
            let layout = try #require(DenseLayout(prepared.readers, scan.cardinalities, quick.counter))
            #expect(DenseTerms(prepared, layout) != nil)
            // Stretches that begin and end anywhere.
            for rows in [0..<17, 17..<2000, 2000..<prepared.segment.sampleRows] {
              try quick.count(prepared, rows)
              try slow.countByClasses(prepared, rows)
            }
            quick.finish()
            // The same in many small stretches.
            var (small, inSmall) = (DenseScan(chunk: 256), GroupCounter(groups: scan.groups))
            #expect(try small.count(prepared, 0..<prepared.segment.sampleRows, scan.cardinalities, into: &inSmall))
            small.drain(into: &inSmall)
            #expect(counted(inSmall) == counted(slow.counter))
            let (left, right) = (counted(quick.counter), counted(slow.counter))
            #expect(left == right, "by \(by) where \(filter ?? "-")")
            asked += left.isEmpty ? 0 : 1
          }
        }
      }
    }
    #expect(asked > 60)
  }

  @Test func daysOutsideOfTheTableAddNothing() {
    var sums = [UInt32](repeating: 1, count: 5)
    GroupKernels.add([9, 10, 12, 13, .min], first: 10, [4, 5, 6], to: &sums, count: 5)
    #expect(sums == [1, 5, 7, 1, 1])
  }

  /// Each cell of a layout means one group and class, and each group and class has one.
  @Test func aLayoutIsOneToOne() throws {
    for cardinalities in [[3, 5, 2, 4], [1], [200, 90, 3], [2, 2, 2, 2, 2]] {
      let groups = cardinalities.reduce(1, *)
      let readers = cardinalities.map { _ in KeyReader?.some(.codes(.category, [])) }
      let layout = try #require(DenseLayout(readers, cardinalities, GroupCounter(groups: groups)))
      #expect(layout.narrowCells * DenseLayout.classes < 1 << 16)
      var seen: Set<Int> = []
      for cell in 0..<layout.cells {
        let (key, place) = layout.meaning(of: cell)
        #expect((0..<groups).contains(key) && place < DenseLayout.classes)
        seen.insert(key * DenseLayout.classes + Int(place))
      }
      #expect(seen.count == layout.cells && layout.cells == groups * DenseLayout.classes)
    }
  }

  @Test func aRangeOfDaysNarrows() {
    let days: [Int32] = [.min, -1, 0, 5, 9, 10, .max]
    for (range, expected) in [
      (0...9, [0, 0, 1, 1, 1, 0, 0]), (-1...(-1), [0, 1, 0, 0, 0, 0, 0]),
      ((Int32.min + 1)...Int32.max, [0, 1, 1, 1, 1, 1, 1]),
    ] as [(ClosedRange<Int32>, [UInt8])] {
      var mask = [UInt8](repeating: 1, count: days.count)
      GroupKernels.narrow(&mask, days, range, count: days.count)
      #expect(mask == expected)
    }
  }
}
