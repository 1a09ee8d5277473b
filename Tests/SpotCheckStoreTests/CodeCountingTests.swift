import SpotCheckStore
import Testing

/// The kernel against its twin, on codes of every kind, at every length.
struct CodeCountingTests {
  private struct Case {
    var text: [UInt8]
    var tables: [UInt16]
    var sums: [UInt32]
    var mask: [UInt8]
    var rows: Int

    init(_ random: inout SplitMix, rows: Int, hasSums: Bool, hasMask: Bool) {
      self.rows = rows
      let stride = CodeCountingTests.stride
      // Of any value: what comes from a file may be anything.
      text = (0..<(CodeCounting.columns * stride)).map { _ in UInt8(random.below(256)) }
      tables = (0..<(CodeCounting.columns * CodeCounting.codes)).map {
        UInt16($0 < 128 ? random.below(60_000) : random.below(1800))
      }
      sums = hasSums ? (0..<rows).map { _ in UInt32(random.below(3) * 70_000) } : []
      mask = hasMask ? (0..<rows).map { _ in UInt8(random.below(2)) } : []
    }

    func counted(kernel: Bool) -> [UInt32] {
      var counters = [UInt32](repeating: 0, count: 1 << 18)
      var target = counters.mutableSpan
      CodeCounting.count(
        text.span, stride: CodeCountingTests.stride, worth: tables.span, sums: sums.span, mask: mask.span, rows: rows,
        into: &target, kernel: kernel)
      return counters
    }

    /// Row by row, as the words say.
    var expected: [Int: UInt32] {
      var counters: [Int: UInt32] = [:]
      for row in 0..<rows {
        var cell = sums.isEmpty ? 0 : Int(sums[row])
        for column in 0..<CodeCounting.columns {
          let code = min(Int(text[column * CodeCountingTests.stride + row]), CodeCounting.codes - 1)
          cell += Int(tables[column * CodeCounting.codes + code])
        }
        counters[cell, default: 0] += mask.isEmpty ? 1 : UInt32(mask[row])
      }
      return counters.filter { $0.value != 0 }
    }
  }

  private static let stride = 160

  @Test(arguments: [false, true])
  func everyLength(kernel: Bool) {
    guard CodeCounting.hasKernel || !kernel else { return }
    var random = SplitMix(state: 11)
    for rows in Array(0...70) + [127, 128, 129, 160] {
      for (hasSums, hasMask) in [(false, false), (true, false), (false, true), (true, true)] {
        let one = Case(&random, rows: rows, hasSums: hasSums, hasMask: hasMask)
        let counters = one.counted(kernel: kernel)
        let found = counters.indices.filter { counters[$0] != 0 }
        #expect(Dictionary(uniqueKeysWithValues: found.map { ($0, counters[$0]) }) == one.expected)
      }
    }
  }
}
