import SpotCheckStore
import Synchronization

/// Which rows of a segment have a flag that matters to rates: looked up once, because rows never change, and read again with
/// every question flags would be half of the bytes that are read.
final class FlaggedRows: Sendable {
  private let known = Mutex<(bits: UInt32, rows: [UInt32]?)?>(nil)
  /// A list of more than one row in so many would be longer than what it spares.
  private static let rarity = 16

  /// - Returns: ascending; nil if they are too many.
  func rows(of segment: Segment, _ bits: UInt32) throws -> [UInt32]? {
    try known.withLock { known in
      if let known, known.bits == bits { return known.rows }
      let rows = try segment.withNumbers(.flags) { FlaggedRows.find(bits, in: $0) }
      known = (bits, rows)
      return rows
    }
  }

  private static func find(_ bits: UInt32, in flags: Span<UInt32>) -> [UInt32]? {
    let stretch = 4096
    var places = [UInt32](repeating: 0, count: stretch + CodeCounting.roomBeyond)
    var rows: [UInt32] = []
    for start in stride(from: 0, to: flags.count, by: stretch) {
      let some = flags.extracting(start..<min(start + stretch, flags.count))
      let found = find(bits, in: some, into: &places)
      if rows.count + found > flags.count / rarity { return nil }
      for place in 0..<found { rows.append(UInt32(truncatingIfNeeded: start) + places[place]) }
    }
    return rows
  }

  private static func find(_ bits: UInt32, in flags: Span<UInt32>, into places: inout [UInt32]) -> Int {
    var target = places.mutableSpan
    return CodeCounting.findPlaces(of: bits, in: flags, into: &target)
  }
}
