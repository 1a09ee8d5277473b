import SpotCheckStore

/// The keys of a segment's samples, sorted: finds the rows of a few keys without reading all of them, and those that two
/// segments share without looking for each.
struct SegmentKeys: Sendable {
  private var hashes: [UInt64]
  private var rows: [UInt32]

  /// - Throws: ``StoreError`` if the column is damaged.
  init(_ segment: Segment) throws {
    self = try segment.withHashes(.key) { SegmentKeys($0) }
  }

  /// - Parameter keys: by row.
  init(_ keys: Span<UInt64>) {
    var pairs: [(hash: UInt64, row: UInt32)] = []
    pairs.reserveCapacity(keys.count)
    for row in 0..<keys.count { pairs.append((keys[row], UInt32(row))) }
    pairs.sort { $0 < $1 }
    hashes = pairs.map(\.hash)
    rows = pairs.map(\.row)
  }

  var count: Int { rows.count }

  /// So many steps through both lists cost as much as one look into one of them, which waits for memory at nearly every step.
  private static let stepsOfLook = 32

  /// Rows whose keys are among those of another segment: (row here, first row of its key there). The rows of one key ascend.
  func matches(_ others: SegmentKeys) -> [(Int, Int)] {
    if others.count * SegmentKeys.stepsOfLook < count { return lookedUp(others) }
    if count * SegmentKeys.stepsOfLook < others.count { return lookedUp(in: others) }
    var found: [(Int, Int)] = []
    let (mine, theirs) = (hashes.span, others.hashes.span)
    var (here, there) = (0, 0)
    while here < mine.count, there < theirs.count {
      let (left, right) = (mine[here], theirs[there])
      if left != right {
        // Both without a branch: which is smaller cannot be foretold.
        here &+= left < right ? 1 : 0
        there &+= right < left ? 1 : 0
        continue
      }
      let first = Int(others.rows[there])
      while here < mine.count, mine[here] == left {
        found.append((Int(rows[here]), first))
        here &+= 1
      }
      while there < theirs.count, theirs[there] == left { there &+= 1 }
    }
    return found
  }

  /// Of a few others, each is looked for here.
  private func lookedUp(_ others: SegmentKeys) -> [(Int, Int)] {
    var found: [(Int, Int)] = []
    for place in 0..<others.count where place == 0 || others.hashes[place - 1] != others.hashes[place] {
      var here = firstPlace(notBelow: others.hashes[place])
      while here < count, hashes[here] == others.hashes[place] {
        found.append((Int(rows[here]), Int(others.rows[place])))
        here += 1
      }
    }
    return found
  }

  /// Each of a few here is looked for there.
  private func lookedUp(in others: SegmentKeys) -> [(Int, Int)] {
    var found: [(Int, Int)] = []
    for here in 0..<count {
      let there = others.firstPlace(notBelow: hashes[here])
      if there < others.count, others.hashes[there] == hashes[here] {
        found.append((Int(rows[here]), Int(others.rows[there])))
      }
    }
    return found
  }

  private func firstPlace(notBelow hash: UInt64) -> Int {
    var (low, high) = (0, hashes.count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
