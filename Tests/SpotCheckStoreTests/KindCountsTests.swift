import Testing

@testable import SpotCheckStore

struct KindCountsTests {
  private struct Key: Hashable {
    var numbers: [UInt32]
    var month: Int32
  }

  /// Against a `Dictionary`, with few kinds and with many, that differ in one of their numbers or in all.
  @Test(arguments: [1, 2, 3, 40, 100_000] as [UInt64]) func countWhatADictionaryCounts(
    _ range: UInt64
  ) {
    var random = SplitMix(state: 10 + range)
    var counts = KindCounts()
    var expected: [Key: Int] = [:]
    var order: [Key] = []
    for round in 0..<6000 {
      var kind = SampleKind(codes: SampleKind.Codes(repeating: 0), flags: 0, month: .min)
      for index in kind.codes.indices where round % 7 == index || round % 3 == 0 {
        kind.codes[index] = UInt32(random.next() % range)
      }
      if round % 7 == 6 { kind.flags = UInt32(random.next() % range) }
      if round % 2 == 0 { kind.month = Int32(random.next() % range) }
      let key = Key(
        numbers: kind.codes.indices.map { kind.codes[$0] } + [kind.flags], month: kind.month)
      if expected[key] == nil { order.append(key) }
      expected[key, default: 0] += round % 5
      counts.add(kind, round % 5)
    }
    let found = counts.found.map { kind, count in
      (
        Key(numbers: kind.codes.indices.map { kind.codes[$0] } + [kind.flags], month: kind.month),
        count
      )
    }
    #expect(found.map(\.0) == order)
    #expect(found.allSatisfy { expected[$0.0] == $0.1 })
  }
}
