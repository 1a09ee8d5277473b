import SpotCheckGenerator
import Testing

@testable import SpotCheckPipeline

/// Keys that two segments share, against every pair of rows compared.
struct SegmentKeysTests {
  private static func pairs(_ mine: [UInt64], _ theirs: [UInt64]) -> [[Int]] {
    mine.indices.compactMap { row in theirs.firstIndex(of: mine[row]).map { [row, $0] } }
  }

  /// Sizes for which both lists are read, and for which a few keys are looked up in the other list, either way; keys that
  /// come once, often, and at both ends of all numbers.
  @Test(arguments: [(0, 5), (5, 0), (1, 1), (40, 50), (300, 260), (3, 300), (300, 3), (1, 2000), (2000, 1)])
  func sharedKeys(_ mineCount: Int, _ theirsCount: Int) {
    var random = SeededRandom(seed: 7)
    for range in [2, 5, 40, 400, 100_000] as [UInt64] {
      func keys(_ count: Int) -> [UInt64] {
        (0..<count).map { _ in
          let key = random.next(upperBound: range)
          return key == 0 ? .max : key - 1
        }
      }
      let (mine, theirs) = (keys(mineCount), keys(theirsCount))
      let found = SegmentKeys(mine.span).matches(SegmentKeys(theirs.span))
      #expect(found.map { [$0.0, $0.1] }.sorted { $0[0] < $1[0] } == SegmentKeysTests.pairs(mine, theirs))
      // The rows of one key ascend: versions come in the order of their arrival.
      for (one, other) in zip(found, found.dropFirst()) where mine[one.0] == mine[other.0] { #expect(one.0 < other.0) }
    }
  }

  /// Keys of every kind: spread out as hashes are, few and often, and alike in their first bits, as somebody may make them.
  @Test(arguments: [0, 1, 2, 31, 33, 500, 3000])
  func sorted(_ count: Int) {
    var random = SeededRandom(seed: 8)
    let makers: [(inout SeededRandom) -> UInt64] = [
      { $0.next() }, { $0.next(upperBound: 20 as UInt64) &* 0x0DEA_DBEE_FDEA_DBEF }, { _ in 77 }, { _ in .max },
      { $0.next() >> 40 }, { $0.next() | 0xFFFF_0000_0000_0000 },
      { random in
        let key = random.next()
        return key >> [0, 30, 60][Int(key % 3)]
      },
    ]
    for make in makers {
      let keys = (0..<count).map { _ in make(&random) }
      let sorted = SegmentKeys(keys.span)
      let finder = SegmentKeys.Finder(sorted)
      // Every row has a partner in its own segment: the first one of its key.
      let found = sorted.matches(sorted)
      let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      #expect(found.map(\.0) == order)
      var firsts: [UInt64: Int] = [:]
      var rows: [UInt64: [UInt32]] = [:]
      for (row, key) in keys.enumerated() {
        firsts[key] = firsts[key] ?? row
        rows[key, default: []].append(UInt32(row))
      }
      #expect(found.allSatisfy { firsts[keys[$0.0]] == $0.1 })
      #expect(keys.allSatisfy { sorted.first($0) == firsts[$0] && finder.first($0) == firsts[$0] })
      for _ in 0..<200 {
        let other = make(&random) ^ random.next(upperBound: 3 as UInt64)
        #expect(sorted.first(other) == firsts[other] && finder.first(other) == firsts[other])
      }
      let repeated = rows.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map(\.value)
      #expect(sorted.repeated().map { Array($0) } == repeated)
    }
  }
}
