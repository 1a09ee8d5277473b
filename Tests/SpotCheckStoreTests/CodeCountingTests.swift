import SpotCheckStore
import Testing

/// The kernel and its twin against the words of their description, on codes of every kind, at every length.
struct CodeCountingTests {
  private struct Case {
    var columns: [[UInt8]]
    var days: [Int32] = []
    var worth = CodeWorth()
    var sums: [UInt32] = []
    var mask: [UInt8] = []

    init(_ random: inout SplitMix, rows: Int, kind: Int, isLaned: Bool) {
      let (hasMask, hasNever, hasRange) = (kind / 3 % 2 == 1, kind / 6 % 2 == 1, kind / 12 % 2 == 1)
      // Of any value: what comes from a file may be anything.
      columns = (0..<CodeCounting.columns).map { _ in (0..<rows).map { _ in UInt8(random.below(256)) } }
      // Small numbers, so that few counters need to be looked at; some say never, by themselves or with any other column's.
      for entry in worth.codes.indices {
        worth.codes[entry] = UInt16(8 + random.below(entry < 128 ? 1000 : 100))
        if hasNever, random.below(20) == 0 {
          worth.codes[entry] = CodeCounting.never - (isLaned ? 0 : UInt16(random.below(3)))
        }
      }
      if kind % 3 == 1 {
        worth.firstDay = 100
        worth.days = (0..<11).map { _ in UInt32(random.below(1000)) }
      }
      if hasRange { worth.dayRange = 103...(random.below(2) == 0 ? 107 : .max) }
      if worth.usesDays {
        days = (0..<rows).map { _ in
          random.below(9) == 0 ? [.min, .max, 0, 99, 110, 111][random.below(6)] : 100 + Int32(random.below(10))
        }
      }
      if kind % 3 == 2 { sums = (0..<rows).map { _ in UInt32(random.below(3) * 700) } }
      if hasMask { mask = (0..<rows).map { _ in UInt8(random.below(3)) } }
    }

    /// Counts that are not 0, by cell: of those that rows may be counted in, and of those that rows that are left out would be.
    func counted(kernel: Bool, isLaned: Bool) -> [Int: UInt32] {
      let step = isLaned ? CodeCounting.lanes : 1
      var counters = [UInt32](repeating: 0, count: isLaned ? CodeCounting.cellsInLanes * step : 1 << 17)
      count(into: &counters, kernel: kernel, isLaned: isLaned)
      let besides = [0, 700, 1400] + worth.days.map { Int($0) }
      let leftOut = isLaned ? [] : Set(besides).map { Int(CodeCounting.never) + $0 }
      var sums: [Int: UInt32] = [:]
      for cell in Array(0..<4096) + leftOut {
        let sum = counters[cell * step..<(cell + 1) * step].reduce(0, +)
        if sum != 0 { sums[cell] = sum }
      }
      return sums
    }

    private func count(into counters: inout [UInt32], kernel: Bool, isLaned: Bool) {
      let (one, two, three, four) = (columns[0], columns[1], columns[2], columns[3])
      var target = counters.mutableSpan
      CodeCounting.count(
        one.span, two.span, three.span, four.span, days: days.span, sums: sums.span, mask: mask.span, worth: worth,
        into: &target, isLaned: isLaned, kernel: kernel)
    }

    /// The cells of rows, the last one first.
    func cells() -> [UInt32] {
      let (one, two, three, four) = (columns[0], columns[1], columns[2], columns[3])
      let places = Array((0..<UInt32(one.count)).reversed())
      var cells = [UInt32](repeating: 7, count: places.count)
      var target = cells.mutableSpan
      CodeCounting.findCells(
        of: places.span, one.span, two.span, three.span, four.span, days: days.span, sums: sums.span, worth: worth,
        into: &target)
      return cells
    }

    /// Row by row, as the words say; and what is said of each row alone is the same.
    var expected: [Int: UInt32] {
      var counters: [Int: UInt32] = [:]
      let told = cells()
      for row in columns[0].indices {
        let day = days.isEmpty ? 0 : days[row]
        let toldCell = told[told.count - 1 - row]
        var cell = 0
        for column in 0..<CodeCounting.columns {
          let code = min(Int(columns[column][row]), CodeCounting.codes - 1)
          cell += Int(worth.codes[column * CodeCounting.codes + code])
        }
        let isInside = worth.dayRange?.contains(day) ?? true
        guard cell < 65_535, isInside else {
          #expect(toldCell == CodeCounting.noCell)
          continue
        }
        if !worth.days.isEmpty { cell += Int(worth.days[day >= 100 && day < 110 ? Int(day - 100) : 10]) }
        if !sums.isEmpty { cell += Int(sums[row]) }
        #expect(cell == Int(toldCell))
        if mask.isEmpty || mask[row] != 0 { counters[cell, default: 0] += 1 }
      }
      return counters
    }
  }

  @Test(arguments: [false, true])
  func everyLength(kernel: Bool) {
    guard CodeCounting.hasKernel || !kernel else { return }
    var random = SplitMix(state: 11)
    for rows in [
      0, 1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49, 62, 63, 64, 65, 66, 127, 128, 129, 191, 192, 193, 1023, 1024, 1025,
      2300,
    ] {
      for kind in 0..<24 {
        for isLaned in [false, true] {
          let one = Case(&random, rows: rows, kind: kind, isLaned: isLaned)
          #expect(
            one.counted(kernel: kernel, isLaned: isLaned) == one.expected,
            "\(rows) rows, kind \(kind)\(isLaned ? ", in lanes" : "")")
        }
      }
    }
  }

  @Test(arguments: [false, true])
  func placesOfBitsAtEveryLength(kernel: Bool) {
    guard CodeCounting.hasKernel || !kernel else { return }
    for count in 0..<200 {
      let numbers = (0..<count).map { (row: Int) -> UInt32 in row % 7 == 3 || row / 64 == 1 ? 0x104 : UInt32(row % 4) }
      var places = Array(repeating: UInt32.max, count: count + CodeCounting.roomBeyond)
      let found = CodeCountingTests.find(4, in: numbers, into: &places, kernel: kernel)
      #expect(places.prefix(found).elementsEqual(numbers.indices.filter { numbers[$0] & 4 != 0 }.map { UInt32($0) }))
    }
  }

  private static func find(_ bits: UInt32, in numbers: [UInt32], into places: inout [UInt32], kernel: Bool) -> Int {
    var target = places.mutableSpan
    return CodeCounting.findPlaces(of: bits, in: numbers.span, into: &target, kernel: kernel)
  }
}
