/// The tellings of samples that stand in tables already sealed: a set of 64-bit keys, 10 to 15 bytes a sample.
///
/// A key mixes who a sample is with what was delivered about it, so that only a true repetition is found again.
struct SealedSamples: Sendable {
  /// 0 = free.
  private var slots: [UInt64] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  var byteCount: Int { slots.count * 8 }

  func contains(_ key: UInt64) -> Bool {
    if slots.isEmpty { return false }
    let key = key == 0 ? 1 : key
    var slot = place(key)
    while slots[slot] != 0 {
      if slots[slot] == key { return true }
      slot = slot &+ 1 == slots.count ? 0 : slot &+ 1
    }
    return false
  }

  mutating func insert(_ key: UInt64) {
    if (count + 1) * 5 > slots.count * 4 { grow() }
    let key = key == 0 ? 1 : key
    var slot = place(key)
    while slots[slot] != 0 {
      if slots[slot] == key { return }
      slot = slot &+ 1 == slots.count ? 0 : slot &+ 1
    }
    slots[slot] = key
    count += 1
  }

  /// Keys are mixed already; scaled instead of masked, so that the table may grow by half.
  private func place(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: key.multipliedFullWidth(by: UInt64(truncatingIfNeeded: slots.count)).high)
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: max(64, old.count + old.count / 2))
    for key in old where key != 0 {
      var slot = place(key)
      while slots[slot] != 0 { slot = slot &+ 1 == slots.count ? 0 : slot &+ 1 }
      slots[slot] = key
    }
  }
}
