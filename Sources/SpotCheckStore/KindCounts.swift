/// What samples that are counted together have in common (``SegmentCounts``). It lies in place, so that a row needs no memory.
struct SampleKind: Equatable {
  typealias Codes = InlineArray<6, UInt32>
  /// One for each of ``SegmentCounts/columns``.
  var codes: Codes
  var flags: UInt32
  /// First day of the month.
  var month: Int32

  static func == (left: SampleKind, right: SampleKind) -> Bool {
    for index in left.codes.indices where left.codes[index] != right.codes[index] { return false }
    return left.flags == right.flags && left.month == right.month
  }

  func hash(_ seed: UInt64) -> UInt64 {
    var state = seed ^ (UInt64(flags) << 32 | UInt64(UInt32(bitPattern: month)))
    for index in stride(from: 0, to: codes.count, by: 2) {
      state = SampleKind.mixed(state) ^ (UInt64(codes[index]) << 32 | UInt64(codes[index + 1]))
    }
    return SampleKind.mixed(state)
  }

  /// Both halves of a product, so that every bit has a say in the lowest ones.
  private static func mixed(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}

/// How many samples there are of each kind.
///
/// A table of its own: a `Dictionary` hashes eight numbers with great care, and that was half of counting a segment.
struct KindCounts {
  /// In the order in which they were first seen.
  private(set) var found: [(kind: SampleKind, count: Int)] = []
  /// Places in ``found``, -1 is free; open addressing, at most half full.
  private var slots = [Int32](repeating: -1, count: 256)
  /// Of this table alone, so that nobody can make rows for it that meet in one slot.
  private let seed = UInt64.random(in: 0...UInt64.max)

  mutating func add(_ kind: SampleKind, _ count: Int) {
    let slot = slot(kind)
    if slots[slot] >= 0 {
      found[Int(slots[slot])].count += count
      return
    }
    slots[slot] = Int32(truncatingIfNeeded: found.count)
    found.append((kind, count))
    if found.count * 2 > slots.count { grow() }
  }

  /// Where a kind is, or where it goes.
  private func slot(_ kind: SampleKind) -> Int {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: kind.hash(seed)) & mask
    while slots[slot] >= 0, found[Int(slots[slot])].kind != kind { slot = (slot &+ 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for place in found.indices { slots[slot(found[place].kind)] = Int32(truncatingIfNeeded: place) }
  }
}
