// UNSAFE FILE: owns one raw buffer of text. `count` never exceeds `capacity`; all access is through slices cut to `count`.

/// Something wrong in the bytes under a piece of decoded text.
struct TextFault: Equatable {
  /// Where its replacement (or the NUL) stands in the block.
  var offset: Int
}

/// Where a character took another number of payload bytes than the rule of its encoding says.
struct OffsetException {
  /// Offset in the block of the character's first byte.
  var offset: Int
  /// Payload bytes to add for every position behind it.
  var delta: Int
}

/// A window of decoded text (UTF-8) that knows which payload byte each of its characters came from.
///
/// Text is appended by ``TextStream``, used from the front and discarded. Bad bytes stand as U+FFFD.
public struct TextBlock: ~Copyable {
  private(set) var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// Bytes behind the capacity that may be loaded with the last ones, never used.
  fileprivate static let slack = 8
  /// Bytes of decoded text in the window.
  public internal(set) var count = 0
  /// Payload offset of the window's first character.
  public internal(set) var payloadStart = 0

  /// Payload bytes of an ASCII character, and of any other; UTF-8 is its own measure (`isIdentity`).
  var asciiWidth = 1
  var otherWidth = 1
  var isIdentity = true
  var exceptions: [OffsetException] = []
  var faults: [TextFault] = []

  public init() {
    capacity = 64 << 10
    base = .allocate(byteCount: capacity + TextBlock.slack, alignment: 64)
  }

  deinit { base.deallocate() }

  /// The decoded text.
  public func withBytes<R: ~Copyable, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Text as a buffer; valid until the next mutation.
  var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// A character of the block stands for bad bytes (or is a NUL): offset in the text, ascending.
  public func faultOffset(at index: Int) -> Int? { index < faults.count ? faults[index].offset : nil }

  /// Room for `extra` more bytes; returns where they go.
  mutating func reserve(_ extra: Int) -> UnsafeMutableRawPointer {
    if count + extra > capacity {
      capacity = max(capacity * 2, count + extra)
      // SAFETY: the new buffer has at least `count` bytes; the old one is not used again.
      let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity + TextBlock.slack, alignment: 64)
      grown.copyMemory(from: base, byteCount: count)
      base.deallocate()
      base = grown
    }
    return base + count
  }

  /// Forgets the first `bytes` bytes of text, which end at a character border.
  public mutating func discard(_ bytes: Int) {
    var cursor = PayloadCursor(self)
    let start = cursor.advance(to: bytes, in: self)
    discard(bytes, nextAt: start)
  }

  /// The same where the payload offset of the character behind is known.
  mutating func discard(_ bytes: Int, nextAt start: Int) {
    guard bytes > 0, bytes <= count else { return }
    payloadStart = start
    base.copyMemory(from: base + bytes, byteCount: count - bytes)
    count -= bytes
    if !exceptions.isEmpty {
      exceptions.removeAll { $0.offset < bytes }
      for index in exceptions.indices { exceptions[index].offset -= bytes }
    }
    if !faults.isEmpty {
      faults.removeAll { $0.offset < bytes }
      for index in faults.indices { faults[index].offset -= bytes }
    }
  }

  /// Payload offset of the character at `offset`: walks from the start; use a ``PayloadCursor`` for many.
  public func payloadOffset(ofDecoded offset: Int) -> Int {
    var cursor = PayloadCursor(self)
    return cursor.advance(to: offset, in: self)
  }
}

/// A position in a block and in the payload that moves forward only.
public struct PayloadCursor {
  private var position = 0
  private var payload: Int
  private var exception = 0

  public init(_ block: borrowing TextBlock) { payload = block.payloadStart }

  /// Payload offset of the character at `offset`, which is not before any earlier one (else it is clamped there).
  @inline(__always)
  public mutating func advance(to offset: Int, in block: borrowing TextBlock) -> Int {
    let target = min(offset, block.count)
    guard target > position else { return payload }
    if block.isIdentity {
      payload += target - position
    } else {
      var ascii = 0
      var leads = 0
      PayloadCursor.measure(block.base, position, target, ascii: &ascii, leads: &leads)
      payload += ascii * block.asciiWidth + leads * block.otherWidth
    }
    while exception < block.exceptions.count, block.exceptions[exception].offset < target {
      payload += block.exceptions[exception].delta
      exception += 1
    }
    position = target
    return payload
  }

  /// Moves on to a place whose payload offset somebody else has counted; no exception stands in front of it.
  @inline(__always)
  mutating func jump(to offset: Int, at payload: Int) {
    position = offset
    self.payload = payload
  }

  /// Counts the ASCII characters and the first bytes of all others in [start, end), eight bytes at a time.
  @inline(__always)
  private static func measure(
    _ base: UnsafeMutableRawPointer, _ start: Int, _ end: Int, ascii: inout Int, leads: inout Int
  ) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    while index < end {
      // Each byte of the two sums counts in its place, up to 255 words.
      let stop = min(end, index &+ 8 * 255)
      var nonASCII: UInt64 = 0
      var first: UInt64 = 0
      while index < stop {
        // SAFETY: `end` is at most the block's count, and the buffer has eight bytes of slack behind its capacity; what
        // lies behind `end` is masked away.
        var word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        if stop &- index < 8 { word &= (1 &<< UInt64(truncatingIfNeeded: 8 &* (stop &- index))) &- 1 }
        // A lead is 11xxxxxx.
        let set = (word &>> 7) & ones
        nonASCII &+= set
        first &+= set & (word &>> 6)
        index &+= 8
      }
      ascii &-= sum(nonASCII)
      leads &+= sum(first)
    }
    ascii &+= end &- start
  }

  /// The sum of eight bytes.
  @inline(__always)
  private static func sum(_ bytes: UInt64) -> Int {
    // Pairs first: eight bytes of 255 are more than one byte holds.
    let pairs = (bytes & 0x00FF_00FF_00FF_00FF) &+ ((bytes &>> 8) & 0x00FF_00FF_00FF_00FF)
    return Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) &>> 48)
  }
}
