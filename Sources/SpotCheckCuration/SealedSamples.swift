/// The tellings of samples that stand in tables already sealed: a set of 64-bit keys, 11 to 17 bytes a sample.
///
/// A key mixes who a sample is with what was delivered about it, so that only a true repetition is found again. Of a large
/// file nearly every key is asked for once and is not there, and the set has long left the caches: so a sketch of a byte a
/// slot is asked first, and of what is put in the places are all looked at before the first is used.
struct SealedSamples: Sendable {
  /// 0 = free.
  private var slots: [UInt64] = []
  /// Four bits a key, in the word that its slot belongs to: a key that lacks one of them is not in the set.
  private var sketch: [UInt64] = []
  private(set) var count = 0
  /// Keys whose places are looked at together.
  private static let stretch = 64
  /// Of what was looked at ahead, so that it is looked at.
  private var seen: UInt64 = 0

  var isEmpty: Bool { count == 0 }
  var byteCount: Int { (slots.count + sketch.count) * 8 }

  func contains(_ key: UInt64) -> Bool {
    if slots.isEmpty { return false }
    let key = key == 0 ? 1 : key
    let bits = SealedSamples.bits(key)
    if sketch[SealedSamples.place(key, sketch.count)] & bits != bits { return false }
    var slot = SealedSamples.place(key, slots.count)
    while slots[slot] != 0 {
      if slots[slot] == key { return true }
      slot = slot &+ 1 == slots.count ? 0 : slot &+ 1
    }
    return false
  }

  mutating func insert(_ keys: [UInt64]) {
    var start = 0
    while start < keys.count {
      let end = min(start + SealedSamples.stretch, keys.count)
      while (count + end - start) * 5 > slots.count * 4 { grow() }
      for index in start..<end { seen ^= slots[SealedSamples.place(keys[index], slots.count)] }
      for index in start..<end { insert(keys[index]) }
      start = end
    }
  }

  /// There is room.
  private mutating func insert(_ key: UInt64) {
    let key = key == 0 ? 1 : key
    var slot = SealedSamples.place(key, slots.count)
    while slots[slot] != 0 {
      if slots[slot] == key { return }
      slot = slot &+ 1 == slots.count ? 0 : slot &+ 1
    }
    slots[slot] = key
    sketch[SealedSamples.place(key, sketch.count)] |= SealedSamples.bits(key)
    count += 1
  }

  /// Keys are mixed already; scaled instead of masked, so that the table may grow by half, and keys keep their order.
  private static func place(_ key: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: key.multipliedFullWidth(by: UInt64(truncatingIfNeeded: count)).high)
  }

  /// From the lower end of the key, which has no part in its place.
  private static func bits(_ key: UInt64) -> UInt64 {
    1 &<< key | 1 &<< (key &>> 6) | 1 &<< (key &>> 12) | 1 &<< (key &>> 18)
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: max(64, old.count + old.count / 2))
    sketch = Array(repeating: 0, count: slots.count / 8)
    count = 0
    for key in old where key != 0 { insert(key) }
  }
}
