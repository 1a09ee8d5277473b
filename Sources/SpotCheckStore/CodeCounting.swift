// UNSAFE FILE: hands the addresses of spans to a kernel in C.

import CKernels

/// What the codes of four columns, and days, add to the number of the cell in which a row is counted, and which rows they
/// leave out.
public struct CodeWorth: Sendable {
  /// Table after table, of ``CodeCounting/codes`` entries each. Codes beyond take the last one.
  public var codes: [UInt16]
  public var firstDay: Int32 = 0
  /// By days since ``firstDay``, and at the end the worth of any other day. Empty: days are worth nothing.
  public var days: [UInt32] = []
  /// Rows of other days are left out.
  public var dayRange: ClosedRange<Int32>?

  public init() { codes = Array(repeating: 0, count: CodeCounting.columns * CodeCounting.codes) }

  public var usesDays: Bool { !days.isEmpty || dayRange != nil }

  /// The most that codes are worth together, of rows that are not left out.
  var mostOfCodes: Int {
    (0..<CodeCounting.columns).reduce(0) { sum, column in
      var most: UInt16 = 0
      for code in 0..<CodeCounting.codes {
        let entry = codes[column * CodeCounting.codes + code]
        if entry != CodeCounting.never { most = max(most, entry) }
      }
      return sum + Int(most)
    }
  }
}

/// Counts rows by what the codes of their columns are worth: the inner loop of a group-by over rows.
///
/// The cell of a row is the sum of one number for each of four columns, looked up by a code of one byte, and of what its day is
/// worth or the caller has summed up besides. Where the processor can, 64 rows are looked up at once (AVX-512).
public enum CodeCounting {
  /// Columns of codes; one that is not needed is worth nothing.
  public static let columns = Int(SCK_COLUMNS)
  /// Entries of a column's table.
  public static let codes = Int(SCK_CODES)
  /// Rows whose codes are worth so much, or more, are left out.
  public static let never = UInt16.max
  /// In the place of a cell: the row is left out.
  public static let noCell = UInt32.max
  /// Counters of a cell in lanes, so that neighbours in the same cell are counted without waiting for each other.
  public static let lanes = Int(SCK_LANES)
  /// Cells that can be counted in lanes are fewer.
  public static let cellsInLanes = Int(SCK_LANED)
  /// See ``findPlaces(of:in:into:kernel:)``.
  public static let roomBeyond = Int(SCK_BEYOND)
  /// Whether this processor has the instructions.
  public static let hasKernel = sck_best_level() >= 3

  /// Adds 1 to the counter number `cell + worth of the day + sums[i]` for each row that is not left out, where `cell` is what its
  /// codes are worth; or, in lanes, to one of the ``lanes`` counters from that number times ``lanes`` on.
  ///
  /// - Parameters:
  ///   - one: codes, as many as rows; so are `two`, `three` and `four`.
  ///   - days: of each row; empty if `worth` uses none.
  ///   - sums: empty: 0, and so if days are worth something.
  ///   - mask: 0 for rows that are left out; empty: none.
  ///   - counters: for every sum. They count modulo 2³².
  ///   - isLaned: whether a cell has ``lanes`` counters and not one.
  ///   - kernel: false: the twin, in plain Swift, which counts in the first lane.
  /// - Precondition: spans are as long as said; in lanes no sum comes to ``cellsInLanes``. Whatever codes and days are, only
  ///   `counters` are touched.
  public static func count(
    _ one: Span<UInt8>, _ two: Span<UInt8>, _ three: Span<UInt8>, _ four: Span<UInt8>, days: Span<Int32>,
    sums: Span<UInt32>, mask: Span<UInt8>, worth: CodeWorth, into counters: inout MutableSpan<UInt32>,
    isLaned: Bool = false, kernel: Bool = hasKernel
  ) {
    let rows = one.count
    guard rows > 0 else { return }
    precondition(
      two.count == rows && three.count == rows && four.count == rows && worth.codes.count == columns * codes
        && days.count == (worth.usesDays ? rows : 0) && (sums.isEmpty || (sums.count == rows && worth.days.isEmpty))
        && (mask.isEmpty || mask.count == rows), "a column is too short")
    var besides = Int(worth.days.max() ?? 0)
    for row in 0..<sums.count { besides = max(besides, Int(sums[row])) }
    let most = worth.mostOfCodes
    let largest = min(most, Int(never) - 1) + besides
    precondition(!isLaned || (most < cellsInLanes && largest < cellsInLanes), "there are too many cells for lanes")
    precondition((largest + 1) * (isLaned ? lanes : 1) <= counters.count, "there are too few counters")
    guard kernel else {
      return countPlainly(
        one, two, three, four, days: days, sums: sums, mask: mask, worth, &counters, step: isLaned ? lanes : 1)
    }
    let isFiltered =
      most >= Int(never) || worth.codes.contains(never) || worth.dayRange != nil || !mask.isEmpty
    // SAFETY: the checks above are what the kernel asks for, whatever codes and days are; it keeps no address.
    withAddresses(one, two, three, four) { columns in
      withAddresses(days, worth) { days in
        sums.withUnsafeBufferPointer { sums in
          mask.withUnsafeBufferPointer { mask in
            counters.withUnsafeMutableBufferPointer { counters in
              sck_count_codes(
                columns, worth.codes, days, sums.isEmpty ? nil : sums.baseAddress,
                mask.isEmpty ? nil : mask.baseAddress,
                isFiltered ? 1 : 0, rows, counters.baseAddress, isLaned ? 1 : 0)
            }
          }
        }
      }
    }
  }

  private static func withAddresses(
    _ one: Span<UInt8>, _ two: Span<UInt8>, _ three: Span<UInt8>, _ four: Span<UInt8>,
    _ body: (UnsafePointer<sck_columns>) -> Void
  ) {
    one.withUnsafeBufferPointer { one in
      two.withUnsafeBufferPointer { two in
        three.withUnsafeBufferPointer { three in
          four.withUnsafeBufferPointer { four in
            var columns = sck_columns(codes: (one.baseAddress, two.baseAddress, three.baseAddress, four.baseAddress))
            body(&columns)
          }
        }
      }
    }
  }

  /// Nil if days do not matter.
  private static func withAddresses(
    _ days: Span<Int32>, _ worth: CodeWorth, _ body: (UnsafePointer<sck_days>?) -> Void
  ) {
    guard worth.usesDays else { return body(nil) }
    let range = worth.dayRange ?? Int32.min...Int32.max
    days.withUnsafeBufferPointer { days in
      worth.days.withUnsafeBufferPointer { table in
        var terms = sck_days(
          days: days.baseAddress, first: worth.firstDay, entries: UInt32(max(0, table.count - 1)),
          worth: table.isEmpty ? nil : table.baseAddress, from: range.lowerBound,
          width: UInt32(bitPattern: range.upperBound &- range.lowerBound))
        body(&terms)
      }
    }
  }

  /// The kernel's twin.
  private static func countPlainly(
    _ one: Span<UInt8>, _ two: Span<UInt8>, _ three: Span<UInt8>, _ four: Span<UInt8>, days: Span<Int32>,
    sums: Span<UInt32>, mask: Span<UInt8>, _ worth: CodeWorth, _ counters: inout MutableSpan<UInt32>, step: Int
  ) {
    // A place for every byte, so that no code needs to be compared with anything.
    var places = [UInt32](repeating: 0, count: columns * 256)
    for column in 0..<columns {
      for byte in 0..<256 { places[column * 256 + byte] = UInt32(worth.codes[column * codes + min(byte, codes - 1)]) }
    }
    let ofOne = places.span.extracting(0..<256)
    let ofTwo = places.span.extracting(256..<512)
    let ofThree = places.span.extracting(512..<768)
    let ofFour = places.span.extracting(768..<1024)
    let range = worth.dayRange ?? Int32.min...Int32.max
    for row in 0..<one.count {
      var cell = ofOne[Int(one[row])] &+ ofTwo[Int(two[row])] &+ ofThree[Int(three[row])] &+ ofFour[Int(four[row])]
      if cell >= UInt32(never) || (!mask.isEmpty && mask[row] == 0) { continue }
      if !days.isEmpty {
        if !range.contains(days[row]) { continue }
        cell &+= CodeCounting.worth(of: days[row], worth)
      }
      if !sums.isEmpty { cell &+= sums[row] }
      counters[Int(cell) * step] &+= 1
    }
  }

  @inline(__always)
  private static func worth(of day: Int32, _ worth: CodeWorth) -> UInt32 {
    if worth.days.isEmpty { return 0 }
    return worth.days[min(Int(UInt32(bitPattern: day &- worth.firstDay)), worth.days.count - 1)]
  }

  /// Writes the cells of some rows, as ``count(_:_:_:_:days:sums:mask:worth:into:isLaned:kernel:)`` reckons them without a mask,
  /// to the start of `cells`, in the order of `places`; ``noCell`` for a row that its codes or its day leave out.
  ///
  /// - Parameter places: of rows, in any order.
  /// - Parameter cells: as many as `places`, or more.
  public static func findCells(
    of places: Span<UInt32>, _ one: Span<UInt8>, _ two: Span<UInt8>, _ three: Span<UInt8>, _ four: Span<UInt8>,
    days: Span<Int32>, sums: Span<UInt32>, worth: CodeWorth, into cells: inout MutableSpan<UInt32>
  ) {
    let ofOne = worth.codes.span.extracting(0..<codes)
    let ofTwo = worth.codes.span.extracting(codes..<2 * codes)
    let ofThree = worth.codes.span.extracting(2 * codes..<3 * codes)
    let ofFour = worth.codes.span.extracting(3 * codes..<4 * codes)
    let ofDays = worth.days.span
    let range = worth.dayRange ?? Int32.min...Int32.max
    let last = codes - 1
    for place in 0..<places.count {
      let row = Int(places[place])
      var cell = UInt32(ofOne[min(Int(one[row]), last)])
      cell += UInt32(ofTwo[min(Int(two[row]), last)])
      cell += UInt32(ofThree[min(Int(three[row]), last)])
      cell += UInt32(ofFour[min(Int(four[row]), last)])
      if cell >= UInt32(never) || (!days.isEmpty && !range.contains(days[row])) {
        cells[place] = noCell
        continue
      }
      if !ofDays.isEmpty {
        cell &+= ofDays[min(Int(UInt32(bitPattern: days[row] &- worth.firstDay)), ofDays.count - 1)]
      }
      if !sums.isEmpty { cell &+= sums[row] }
      cells[place] = cell
    }
  }

  /// Writes the places, ascending, of numbers that have one of `bits`, to the start of `places`.
  ///
  /// - Parameter places: longer than `numbers` by ``roomBeyond``; what lies behind those that were found means nothing.
  /// - Returns: how many.
  public static func findPlaces(
    of bits: UInt32, in numbers: Span<UInt32>, into places: inout MutableSpan<UInt32>, kernel: Bool = hasKernel
  ) -> Int {
    precondition(places.count >= numbers.count + roomBeyond, "there is too little room")
    if numbers.isEmpty { return 0 }
    if kernel {
      // SAFETY: there is the room that the kernel asks for; it keeps no address.
      return numbers.withUnsafeBufferPointer { numbers in
        places.withUnsafeMutableBufferPointer {
          sck_find_bits(numbers.baseAddress, numbers.count, bits, $0.baseAddress)
        }
      }
    }
    // Many are looked at together, because few have them.
    var (start, found) = (0, 0)
    while start < numbers.count {
      let some = numbers.extracting(start..<min(start &+ 64, numbers.count))
      var any: UInt32 = 0
      for index in 0..<some.count { any |= some[index] }
      if any & bits != 0 {
        for index in 0..<some.count where some[index] & bits != 0 {
          places[found] = UInt32(start &+ index)
          found += 1
        }
      }
      start &+= 64
    }
    return found
  }
}
