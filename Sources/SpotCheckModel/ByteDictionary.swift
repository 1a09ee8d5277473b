/// Byte strings numbered in order of first appearance: the dictionary of a column.
///
/// Code 0 is always the empty string, which means "nothing was delivered". Open addressing; half of the hash is
/// stored beside each code, so that one load tells most other texts. The hash is seeded per process, so crafted input
/// cannot aim at it, and no code depends on it.
public struct ByteDictionary: Sendable {
  /// All entries one after the other; entry `c` is `bytes[offsets[c]..<offsets[c + 1]]`.
  public private(set) var bytes: [UInt8] = []
  /// `count + 1` offsets into ``bytes``.
  public private(set) var offsets: [UInt32] = [0, 0]
  /// All that is asked of an entry before its bytes: one place in memory for a look-up, and the bytes are a second.
  @usableFromInline
  struct Slot: Sendable {
    /// Never 0 in use: the empty string is not in the table.
    @usableFromInline var code: UInt32 = 0
    /// The upper half of the hash.
    @usableFromInline var hash: UInt32 = 0
    /// Where its bytes are.
    @usableFromInline var start: UInt32 = 0
    @usableFromInline var end: UInt32 = 0

    @usableFromInline init() {}
  }
  @usableFromInline var slots: [Slot] = Array(repeating: Slot(), count: 32)
  /// A copy, because reading a global costs a call.
  @usableFromInline let seed = ByteDictionary.processSeed

  public static let processSeed = UInt64.random(in: .min ... .max)

  public init() {}

  /// Number of entries, the empty string included.
  @inlinable public var count: Int { offsets.count - 1 }

  /// Bytes of memory in use, roughly.
  public var byteCount: Int { bytes.count + offsets.count * 4 + slots.count * 16 }

  /// A 64-bit hash of bytes (multiply and fold); seeded, for tables in memory only.
  @inlinable
  public static func seededHash(_ text: Span<UInt8>) -> UInt64 {
    stableHash(text, seed: processSeed)
  }

  /// A 64-bit hash that is the same in every process for the same seed.
  @inlinable
  public static func stableHash(_ text: Span<UInt8>, seed: UInt64) -> UInt64 {
    var state = seed ^ (UInt64(truncatingIfNeeded: text.count) &* 0x9E37_79B9_7F4A_7C15)
    var rest = text
    while rest.count >= 8 {
      state = fold(state ^ word(rest))
      rest = rest.extracting(droppingFirst: 8)
    }
    var tail: UInt64 = 0
    if rest.isEmpty {
    } else if text.count >= 8 {
      // The last eight bytes without those that were counted.
      tail = word(text.extracting(last: 8)) >> UInt64(truncatingIfNeeded: 64 &- rest.count &* 8)
    } else {
      for index in 0..<rest.count { tail |= UInt64(rest[index]) << UInt64(truncatingIfNeeded: index &* 8) }
    }
    return fold(fold(state ^ tail) ^ 0xA076_1D64_78BD_642F)
  }

  /// The first eight bytes, little-endian. Becomes one load where the caller has compared the count.
  @inlinable @inline(__always)
  static func word(_ text: Span<UInt8>) -> UInt64 {
    let low = UInt64(text[0]) | UInt64(text[1]) << 8 | UInt64(text[2]) << 16 | UInt64(text[3]) << 24
    let high = UInt64(text[4]) | UInt64(text[5]) << 8 | UInt64(text[6]) << 16 | UInt64(text[7]) << 24
    return low | high << 32
  }

  @inlinable @inline(__always)
  static func word(_ text: Span<UInt8>, at start: Int) -> UInt64 { word(text.extracting(start..<(start &+ 8))) }

  /// A hash for tables in this process alone: sixteen bytes a multiplication, where ``stableHash(_:seed:)`` takes eight and
  /// waits for each. Both factors hold what nobody outside knows, so that no text makes one of them zero.
  @inlinable
  public static func tableHash(_ text: Span<UInt8>, seed: UInt64) -> UInt64 {
    let count = text.count
    let other = seed &* 0x9E37_79B9_7F4A_7C15
    var sum = UInt64(truncatingIfNeeded: count)
    if count < 8 {
      var value: UInt64 = 0
      for index in 0..<count { value |= UInt64(text[index]) << UInt64(truncatingIfNeeded: index &* 8) }
      sum ^= product(value ^ seed, other)
    } else if count <= 16 {
      sum ^= product(word(text, at: 0) ^ seed, word(text, at: count &- 8) ^ other)
    } else {
      var index = 0
      var state = other
      while index &+ 16 < count {
        state = product(word(text, at: index) ^ seed, word(text, at: index &+ 8) ^ state)
        index &+= 16
      }
      let last = product(word(text, at: count &- 16) ^ other, word(text, at: count &- 8) ^ (seed >> 32 | seed << 32))
      sum ^= state ^ last
    }
    return fold(sum)
  }

  @inlinable @inline(__always)
  static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  @inlinable
  static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low ^ (value >> 29)
  }

  /// Whether two runs of bytes are equal; eight at a time.
  @inlinable
  public static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    let count = left.count
    guard count == right.count else { return false }
    guard count >= 8 else {
      for index in 0..<count where left[index] != right[index] { return false }
      return true
    }
    // From the end: texts of one column often begin alike.
    if word(left.extracting(last: 8)) != word(right.extracting(last: 8)) { return false }
    if count > 32 { return equalLong(left, right) }
    var index = 0
    while index &+ 8 < count {
      if word(left, at: index) != word(right, at: index) { return false }
      index &+= 8
    }
    return true
  }

  /// The same for texts of more than 32 bytes. Apart, so that short ones, which are most, need fewer registers.
  @usableFromInline @inline(never)
  static func equalLong(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    let count = left.count
    var index = 0
    while index &+ 32 <= count {
      let block = index..<(index &+ 32)
      if difference(left.extracting(block), right.extracting(block)) != 0 { return false }
      index &+= 32
    }
    let last = (count &- 32)..<count
    return difference(left.extracting(last), right.extracting(last)) == 0
  }

  /// 0 only if the first 32 bytes are equal.
  @inlinable @inline(__always)
  static func difference(_ left: Span<UInt8>, _ right: Span<UInt8>) -> UInt64 {
    (word(left, at: 0) ^ word(right, at: 0)) | (word(left, at: 8) ^ word(right, at: 8))
      | (word(left, at: 16) ^ word(right, at: 16)) | (word(left, at: 24) ^ word(right, at: 24))
  }

  /// The code of a byte string, added if new.
  @inlinable
  public mutating func intern(_ text: Span<UInt8>) -> UInt32 {
    if text.isEmpty { return 0 }
    return intern(text, hash: ByteDictionary.tableHash(text, seed: seed))
  }

  /// The code of a byte string, or nil if it is not there.
  @inlinable
  public func find(_ text: Span<UInt8>) -> UInt32? {
    if text.isEmpty { return 0 }
    let hash = UInt32(truncatingIfNeeded: ByteDictionary.tableHash(text, seed: seed) >> 32)
    let mask = slots.count &- 1
    var slot = Int(hash) & mask
    while true {
      let entry = slots[slot]
      if entry.code == 0 { return nil }
      if entry.hash == hash, equals(entry, text) { return entry.code }
      slot = (slot &+ 1) & mask
    }
  }

  /// The code of an entry by a hash of the caller's own, or nil; for keys that lie in several places and need not be put
  /// together to be found. Such a dictionary is asked in no other way.
  @inlinable @inline(__always)
  public func find(hash: UInt64, where isEqual: (Span<UInt8>) -> Bool) -> UInt32? {
    let hash = UInt32(truncatingIfNeeded: hash >> 32)
    let mask = slots.count &- 1
    var slot = Int(hash) & mask
    while true {
      let entry = slots[slot]
      if entry.code == 0 { return nil }
      if entry.hash == hash, isEqual(bytes.span.extracting(Int(entry.start)..<Int(entry.end))) { return entry.code }
      slot = (slot &+ 1) & mask
    }
  }

  /// The code of such a key as a whole, added if new.
  @inlinable @inline(__always)
  public mutating func intern(_ key: Span<UInt8>, hash: UInt64) -> UInt32 {
    let hash = UInt32(truncatingIfNeeded: hash >> 32)
    let mask = slots.count &- 1
    var slot = Int(hash) & mask
    while true {
      let entry = slots[slot]
      if entry.code == 0 { return add(key, hash: hash, slot: slot) }
      if entry.hash == hash, equals(entry, key) { return entry.code }
      slot = (slot &+ 1) & mask
    }
  }

  @inlinable @inline(__always)
  func equals(_ entry: Slot, _ text: Span<UInt8>) -> Bool {
    Int(entry.end &- entry.start) == text.count
      && ByteDictionary.equal(bytes.span.extracting(Int(entry.start)..<Int(entry.end)), text)
  }

  @usableFromInline
  mutating func add(_ text: Span<UInt8>, hash: UInt32, slot: Int) -> UInt32 {
    var entry = Slot()
    (entry.code, entry.hash, entry.start) = (UInt32(count), hash, UInt32(bytes.count))
    bytes.append(copying: text)
    entry.end = UInt32(bytes.count)
    offsets.append(entry.end)
    slots[slot] = entry
    if count * 2 > slots.count { grow() }
    return entry.code
  }

  private mutating func grow() {
    let mask = slots.count * 2 - 1
    var larger = [Slot](repeating: Slot(), count: slots.count * 2)
    for entry in slots where entry.code != 0 {
      var slot = Int(entry.hash) & mask
      while larger[slot].code != 0 { slot = (slot &+ 1) & mask }
      larger[slot] = entry
    }
    slots = larger
  }

  /// Forgets all entries and keeps the memory for as many, so that the next segment need not find and fill it anew.
  public mutating func removeAll() {
    // Slots that were hardly used would be cleared, and walked through, for nothing.
    if count * 8 < slots.count {
      slots = Array(repeating: Slot(), count: 32)
    } else {
      for slot in slots.indices { slots[slot] = Slot() }
    }
    bytes.forget()
    offsets.forget()
    offsets.append(0)
    offsets.append(0)
  }

  /// The code of a string, added if new.
  public mutating func intern(_ text: String) -> UInt32 {
    let utf8 = text.utf8
    return intern(utf8.span)
  }

  /// Entry `code` as bytes, to be looked at in place.
  @inlinable
  public func withBytes<Result>(_ code: UInt32, _ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.extracting(Int(offsets[Int(code)])..<Int(offsets[Int(code) &+ 1])))
  }

  /// Appends entry `code` to a column. Inout for speed: nothing is changed, and nothing is retained.
  public mutating func append(_ code: UInt32, to column: inout PlainTextColumn) {
    column.append(bytes.span.extracting(Int(offsets[Int(code)])..<Int(offsets[Int(code) &+ 1])))
  }

  /// Entry `code` as a string.
  public func string(_ code: UInt32) -> String {
    String(decoding: bytes[Int(offsets[Int(code)])..<Int(offsets[Int(code) + 1])], as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends a copy of some bytes.
  @inlinable
  public mutating func append(copying text: Span<UInt8>) {
    // An array that has nothing yet would be given memory for nothing, each time.
    if text.isEmpty { return }
    append(addingCapacity: text.count) { output in
      for index in 0..<text.count { output.append(text[index]) }
    }
  }
}
