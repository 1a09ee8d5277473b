import SpotCheckModel

/// For the keys of one segment: where each was met first, at each level.
struct FirstByLevel {
  struct Place {
    var segment: Int
    var row: Int
    /// When it was met.
    var order: Int
  }

  /// Key → index of its places; only keys of the segment are held.
  private var indices: [UInt64: Int] = [:]
  private var places: [Place?] = []
  private var count = 0

  init(_ columns: LotColumns, closed: [UInt32]) {
    let closed = Set(closed)
    for row in 0..<columns.rowCount where !closed.contains(UInt32(row)) {
      guard let key = columns.key(row) else { continue }
      for hash in [key.byName, key.byCode] where hash != 0 && indices[hash] == nil {
        indices[hash] = indices.count
      }
    }
    places = Array(repeating: nil, count: indices.count * LotColumns.levelCount)
  }

  /// Notes a row, unless one of its key and level was met before it. A key that the segment does not have is passed over.
  mutating func note(_ key: LotColumns.Key, segment: Int, row: Int) {
    for hash in [key.byName, key.byCode] where hash != 0 {
      guard let index = indices[hash] else { continue }
      let place = index * LotColumns.levelCount + key.level
      if places[place] == nil { places[place] = Place(segment: segment, row: row, order: count) }
    }
    count += 1
  }

  /// Where a key was met first at a level.
  func place(_ hash: UInt64, level: Int) -> Place? {
    indices[hash].flatMap { places[$0 * LotColumns.levelCount + level] }
  }
}

/// Which keys occur at more than one level: half a byte a slot, so that a store of any size needs the same memory. Keys that
/// share a slot only make more candidates.
struct LevelSketch {
  /// More than there are levels.
  private static let mixed: UInt8 = 0xF
  private let bits: UInt64
  private var slots: [UInt8]
  private(set) var hasMixed = false

  /// - Parameter keys: how many there may be; of 4 million and more, more share a slot.
  init(keys: Int = 1 << 19) {
    var bits: UInt64 = 12
    while bits < 25, 1 << bits < keys * 8 { bits += 1 }
    self.bits = bits
    slots = [UInt8](repeating: 0, count: 1 << Int(bits - 1))
  }

  mutating func note(_ key: LotColumns.Key) {
    let level = UInt8(truncatingIfNeeded: key.level + 1)
    for hash in [key.byName, key.byCode] where hash != 0 {
      let (slot, shift) = slot(hash)
      let known = slots[slot] >> shift & 0xF
      if known == level { continue }
      if known != 0 { hasMixed = true }
      slots[slot] |= (known == 0 ? level : LevelSketch.mixed) << shift
    }
  }

  func isMixed(_ hash: UInt64) -> Bool {
    let (slot, shift) = slot(hash)
    return slots[slot] >> shift & 0xF == LevelSketch.mixed
  }

  private func slot(_ hash: UInt64) -> (byte: Int, shift: UInt8) {
    let slot = hash >> (64 - bits)
    return (Int(truncatingIfNeeded: slot >> 1), UInt8(truncatingIfNeeded: slot & 1) * 4)
  }
}
