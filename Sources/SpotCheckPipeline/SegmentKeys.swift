import SpotCheckStore

/// The keys of a segment's samples, sorted: finds the rows of a few keys without reading all of them.
struct SegmentKeys: Sendable {
  private var hashes: [UInt64]
  private var rows: [UInt32]

  init(_ segment: Segment) throws {
    var pairs: [(hash: UInt64, row: UInt32)] = []
    pairs.reserveCapacity(segment.sampleCount)
    try segment.withHashes(.key) { keys in
      for row in 0..<keys.count { pairs.append((keys[row], UInt32(row))) }
    }
    pairs.sort { $0 < $1 }
    hashes = pairs.map(\.hash)
    rows = pairs.map(\.row)
  }

  var count: Int { rows.count }

  /// The rows with a key, ascending.
  func rows(_ hash: UInt64) -> ArraySlice<UInt32> {
    var (low, high) = (0, hashes.count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < hashes.count, hashes[end] == hash { end += 1 }
    return rows[low..<end]
  }
}
