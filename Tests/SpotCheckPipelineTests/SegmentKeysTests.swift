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
}
