/// Counts by group: a flat table while the groups could be few, a hash table when they could be many.
///
/// Counts are integers and adding is all that is done with them: parts can be counted anywhere, in any order, and
/// merged exactly.
struct GroupCounter: Sendable {
  /// Largest number of groups that get a place each (12 counters of 8 bytes: 12 MiB).
  static let denseLimit = 1 << 17

  /// A stretch of `groupCount` cells for each ``CountPlace``: nearly all samples are counted in one or two of them, which
  /// the processor's first caches hold together.
  private var cells: [UInt64]
  let groupCount: Int
  private var sparse: SparseCells?

  /// Each group has a place.
  var isDense: Bool { sparse == nil }

  /// - Parameter groups: group numbers are below this.
  init(groups: Int, denseLimit: Int = GroupCounter.denseLimit) {
    groupCount = groups
    if groups <= denseLimit {
      cells = [UInt64](repeating: 0, count: groups * CountPlace.count)
      sparse = nil
    } else {
      cells = []
      sparse = SparseCells()
    }
  }

  /// - Parameter marks: a byte a row, or empty if no row has a mark.
  mutating func add(_ keys: [Int], _ classes: [UInt8], marks: [UInt8] = [], count: Int) {
    if sparse == nil {
      GroupKernels.count(keys, classes, groups: groupCount, into: &cells, count: count)
      if !marks.isEmpty {
        GroupKernels.countMarks(keys, classes, marks, groups: groupCount, into: &cells, count: count)
      }
    } else {
      for index in 0..<count where classes[index] != CountPlace.ignored {
        add(keys[index], classes[index], marks: marks.isEmpty ? 0 : marks[index])
      }
    }
  }

  /// Rows that stand for several samples each, or (sign -1) for samples that were counted and do not count.
  ///
  /// Sums may pass below zero on the way: they are taken modulo 2⁶⁴, and the last one is right.
  mutating func add(
    _ keys: [Int], _ classes: [UInt8], marks: [UInt8], weights: ArraySlice<UInt32>, sign: Int, count: Int
  ) {
    let (places, amounts) = (classes.span, weights.span)
    for index in 0..<count where places[index] != CountPlace.ignored {
      let amount = UInt64(bitPattern: Int64(sign) * Int64(amounts[index]))
      add(keys[index], Int(places[index]), amount)
      guard !marks.isEmpty, marks[index] != 0 else { continue }
      for bit in 0..<CountPlace.marks where marks[index] & (1 << bit) != 0 {
        add(keys[index], CountPlace.firstMark + bit, amount)
      }
    }
  }

  /// Adds so many samples of a place; the place of a class or of a mark.
  mutating func add(_ key: Int, _ place: Int, _ amount: UInt64) {
    if sparse == nil {
      cells[place * groupCount + key] &+= amount
    } else {
      sparse?.add(key, place, amount)
    }
  }

  mutating func add(_ key: Int, _ place: UInt8, marks: UInt8 = 0) {
    addOne(key, Int(place))
    guard marks != 0 else { return }
    for bit in 0..<CountPlace.marks where marks & (1 << bit) != 0 { addOne(key, CountPlace.firstMark + bit) }
  }

  private mutating func addOne(_ key: Int, _ place: Int) {
    if sparse == nil {
      cells[place * groupCount + key] += 1
    } else {
      sparse?.add(key, place, 1)
    }
  }

  mutating func merge(_ other: GroupCounter) {
    for index in 0..<min(cells.count, other.cells.count) { cells[index] &+= other.cells[index] }
    other.sparse?.forEach { key, counts in
      for (place, amount) in counts.enumerated() where amount != 0 { sparse?.add(key, place, amount) }
    }
  }

  /// Groups that have a sample, in no particular order.
  func groups() -> [(key: Int, counts: RateCounts)] {
    var result: [(key: Int, counts: RateCounts)] = []
    func take(_ key: Int, _ counts: ArraySlice<UInt64>) {
      let sum = CountPlace.counts(counts)
      if sum.samples > 0 { result.append((key, sum)) }
    }
    if isDense {
      // Most groups of a flat table have none.
      let samples = GroupKernels.samples(cells, groups: groupCount)
      result.reserveCapacity(samples.count { $0 != 0 })
      var cell = [UInt64](repeating: 0, count: CountPlace.count)
      for key in 0..<groupCount where samples[key] != 0 {
        for place in cell.indices { cell[place] = cells[place * groupCount + key] }
        take(key, cell[...])
      }
    }
    sparse?.forEach(take)
    return result
  }
}

/// Open addressing from group number to counters.
private struct SparseCells: Sendable {
  private var keys: [Int] = Array(repeating: -1, count: 1024)
  private var cells: [UInt64] = Array(repeating: 0, count: 1024 * CountPlace.count)
  private var count = 0

  mutating func add(_ key: Int, _ place: Int, _ amount: UInt64) {
    let slot = slot(key)
    if keys[slot] == key {
      cells[slot * CountPlace.count + place] &+= amount
      return
    }
    keys[slot] = key
    cells[slot * CountPlace.count + place] = amount
    count += 1
    if count * 2 > keys.count { grow() }
  }

  private func slot(_ key: Int) -> Int {
    let mask = keys.count - 1
    let mixed = UInt64(truncatingIfNeeded: key) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: mixed >> 20) & mask
    while keys[slot] != key && keys[slot] != -1 { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let old = self
    keys = Array(repeating: -1, count: old.keys.count * 4)
    cells = Array(repeating: 0, count: old.cells.count * 4)
    old.forEach { key, counts in
      let slot = slot(key)
      keys[slot] = key
      for (place, amount) in counts.enumerated() { cells[slot * CountPlace.count + place] = amount }
    }
  }

  func forEach(_ body: (Int, ArraySlice<UInt64>) -> Void) {
    for slot in keys.indices where keys[slot] != -1 {
      let start = slot * CountPlace.count
      body(keys[slot], cells[start..<start + CountPlace.count])
    }
  }
}
