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
    // By their first bits keys go nearly to where they belong, because they are hashes; a sort that compares looks at each
    // of them sixteen times. Rows of one key stay in order.
    let shift = SegmentKeys.shift(keys.count)
    var ends = [UInt32](repeating: 0, count: 1 << (64 - shift))
    for row in 0..<keys.count { ends[Int(truncatingIfNeeded: keys[row] >> UInt64(shift))] &+= 1 }
    var sum: UInt32 = 0
    var most: UInt32 = 0
    for bucket in ends.indices {
      let count = ends[bucket]
      ends[bucket] = sum
      sum &+= count
      most = max(most, count)
    }
    hashes = [UInt64](repeating: 0, count: keys.count)
    rows = [UInt32](repeating: 0, count: keys.count)
    for row in 0..<keys.count {
      let key = keys[row]
      let bucket = Int(truncatingIfNeeded: key >> UInt64(shift))
      let place = Int(ends[bucket])
      ends[bucket] &+= 1
      hashes[place] = key
      rows[place] = UInt32(truncatingIfNeeded: row)
    }
    if most > SegmentKeys.largestBucket { sortLargeBuckets(ends) }
    sortNeighbours()
  }

  /// Keys that begin alike, up to so many, are put in order one by one.
  private static let largestBucket = 32

  /// So many bits of a key are behind those that choose its bucket; there are about as many buckets as keys.
  private static func shift(_ count: Int) -> Int {
    64 - max(1, Int.bitWidth - max(0, count - 1).leadingZeroBitCount)
  }

  /// Many rows of one key, or a file that somebody has made so that its keys begin alike.
  private mutating func sortLargeBuckets(_ ends: [UInt32]) {
    var start = 0
    for end in ends.lazy.map({ Int($0) }) {
      if end - start > SegmentKeys.largestBucket {
        let pairs = (start..<end).map { (hash: hashes[$0], row: rows[$0]) }.sorted { $0 < $1 }
        for (place, pair) in zip(start..<end, pairs) { (hashes[place], rows[place]) = pair }
      }
      start = end
    }
  }

  /// Puts each key in front of the few larger ones before it.
  private mutating func sortNeighbours() {
    var last: UInt64 = 0
    for place in hashes.indices {
      let key = hashes[place]
      if key >= last {
        last = key
        continue
      }
      let row = rows[place]
      var free = place
      while free > 0, hashes[free &- 1] > key {
        hashes[free] = hashes[free &- 1]
        rows[free] = rows[free &- 1]
        free &-= 1
      }
      hashes[free] = key
      rows[free] = row
    }
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
    firstPlace(notBelow: hash, in: 0..<hashes.count)
  }

  private func firstPlace(notBelow hash: UInt64, in places: Range<Int>) -> Int {
    var (low, high) = (places.lowerBound, places.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The rows of each key that comes more than once; rows of one key ascend.
  func repeated() -> [ArraySlice<UInt32>] {
    var found: [ArraySlice<UInt32>] = []
    var start = 0
    for place in hashes.indices.dropFirst() where hashes[place] == hashes[place - 1] {
      if place <= start { continue }
      var end = place + 1
      while end < count, hashes[end] == hashes[place] { end += 1 }
      found.append(rows[(place - 1)..<end])
      start = end - 1
    }
    return found
  }

  /// Looks keys up that come in no order, of which there are many: where the keys lie that begin alike is noted once.
  struct Finder {
    private let keys: SegmentKeys
    private let shift: Int
    /// Where the keys of each beginning start; one more for the end.
    private var starts: [UInt32]

    init(_ keys: SegmentKeys) {
      self.keys = keys
      shift = SegmentKeys.shift(keys.count)
      starts = [UInt32](repeating: 0, count: (1 << (64 - shift)) + 1)
      for hash in keys.hashes { starts[Int(truncatingIfNeeded: hash >> UInt64(shift)) + 1] &+= 1 }
      for bucket in starts.indices.dropFirst() { starts[bucket] &+= starts[bucket - 1] }
    }

    /// The first row of a key.
    func first(_ hash: UInt64) -> Int? {
      let bucket = Int(truncatingIfNeeded: hash >> UInt64(shift))
      let places = Int(starts[bucket])..<Int(starts[bucket + 1])
      if places.isEmpty { return nil }
      let place = keys.firstPlace(notBelow: hash, in: places)
      return place < places.upperBound && keys.hashes[place] == hash ? Int(keys.rows[place]) : nil
    }
  }

  /// The first row of a key.
  func first(_ hash: UInt64) -> Int? {
    let place = firstPlace(notBelow: hash)
    return place < count && hashes[place] == hash ? Int(rows[place]) : nil
  }
}
