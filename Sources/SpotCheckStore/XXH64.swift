// UNSAFE FILE: reads raw buffers eight bytes at a time, because every byte of a segment goes through here.

/// XXH64, Yann Collet's 64-bit checksum, written from its published description
/// (`xxhash_spec.md`, "XXH64 Algorithm Description"). Finds damage; it is no protection against intent.
struct XXH64 {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  private let seed: UInt64
  private var lane1: UInt64
  private var lane2: UInt64
  private var lane3: UInt64
  private var lane4: UInt64
  private var total: UInt64 = 0
  /// Bytes that do not fill a stripe of 32 yet.
  private var pending: [UInt8] = []

  init(seed: UInt64 = 0) {
    self.seed = seed
    lane1 = seed &+ XXH64.prime1 &+ XXH64.prime2
    lane2 = seed &+ XXH64.prime2
    lane3 = seed
    lane4 = seed &- XXH64.prime1
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    total &+= UInt64(bytes.count)
    var start = 0
    if !pending.isEmpty {
      let taken = min(32 - pending.count, bytes.count)
      pending.append(contentsOf: bytes[..<taken])
      start = taken
      guard pending.count == 32 else { return }
      let stripe = pending
      stripe.withUnsafeBytes { consume($0, from: 0, stripes: 1) }
      pending.removeAll(keepingCapacity: true)
    }
    let stripes = (bytes.count - start) / 32
    consume(bytes, from: start, stripes: stripes)
    pending.append(contentsOf: bytes[(start + stripes * 32)...])
  }

  mutating func update(_ bytes: Span<UInt8>) { bytes.withUnsafeBytes { update($0) } }

  mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

  private mutating func consume(_ bytes: UnsafeRawBufferPointer, from start: Int, stripes: Int) {
    guard stripes > 0 else { return }
    var (one, two, three, four) = (lane1, lane2, lane3, lane4)
    var offset = start
    for _ in 0..<stripes {
      // SAFETY: start + stripes * 32 <= bytes.count, by both callers.
      one = XXH64.round(one, XXH64.word(bytes, offset))
      two = XXH64.round(two, XXH64.word(bytes, offset &+ 8))
      three = XXH64.round(three, XXH64.word(bytes, offset &+ 16))
      four = XXH64.round(four, XXH64.word(bytes, offset &+ 24))
      offset = offset &+ 32
    }
    (lane1, lane2, lane3, lane4) = (one, two, three, four)
  }

  /// The checksum of everything so far; more may follow.
  func finish() -> UInt64 {
    var hash: UInt64
    if total >= 32 {
      hash =
        XXH64.rotate(lane1, 1) &+ XXH64.rotate(lane2, 7) &+ XXH64.rotate(lane3, 12) &+ XXH64.rotate(lane4, 18)
      for lane in [lane1, lane2, lane3, lane4] {
        hash = (hash ^ XXH64.round(0, lane)) &* XXH64.prime1 &+ XXH64.prime4
      }
    } else {
      hash = seed &+ XXH64.prime5
    }
    hash = hash &+ total
    var index = 0
    while index + 8 <= pending.count {
      let lane = XXH64.littleEndian(pending[index..<index + 8])
      hash = XXH64.rotate(hash ^ XXH64.round(0, lane), 27) &* XXH64.prime1 &+ XXH64.prime4
      index += 8
    }
    if index + 4 <= pending.count {
      let lane = XXH64.littleEndian(pending[index..<index + 4])
      hash = XXH64.rotate(hash ^ (lane &* XXH64.prime1), 23) &* XXH64.prime2 &+ XXH64.prime3
      index += 4
    }
    while index < pending.count {
      hash = XXH64.rotate(hash ^ (UInt64(pending[index]) &* XXH64.prime5), 11) &* XXH64.prime1
      index += 1
    }
    hash = (hash ^ (hash >> 33)) &* XXH64.prime2
    hash = (hash ^ (hash >> 29)) &* XXH64.prime3
    return hash ^ (hash >> 32)
  }

  static func hash(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
    var state = XXH64(seed: seed)
    state.update(bytes)
    return state.finish()
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotate(lane &+ input &* prime2, 31) &* prime1
  }

  @inline(__always)
  private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
    (value &<< count) | (value &>> (64 &- count))
  }
}
