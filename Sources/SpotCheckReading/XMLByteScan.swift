// UNSAFE FILE: reads raw bytes inside ranges that the caller promises; every function names its promise.

/// Byte searches of the XML reader, a word or a vector at a time.
enum XMLByteScan {
  /// The last `byte` in `low..<high`, or -1. The range must be readable.
  @inline(__always)
  static func last(_ byte: UInt8, _ bytes: UnsafePointer<UInt8>, from low: Int, to high: Int) -> Int {
    let raw = UnsafeRawPointer(bytes)
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    var end = high
    while end &- low >= 8 {
      // SAFETY: low <= end - 8, so the eight bytes lie in the range.
      let x = raw.loadUnaligned(fromByteOffset: end &- 8, as: UInt64.self).littleEndian ^ pattern
      // Exact for every byte (no borrow between bytes): '=' after '<' must not look like '<'.
      let zeros = ~(((x & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | x | 0x7F7F_7F7F_7F7F_7F7F)
      if zeros != 0 { return end &- 1 &- zeros.leadingZeroBitCount / 8 }
      end &-= 8
    }
    while end > low {
      end &-= 1
      if bytes[end] == byte { return end }
    }
    return -1
  }

  /// The first `byte` in `low..<high`, or `high`. The range must be readable.
  @inline(__always)
  static func first(_ byte: UInt8, _ bytes: UnsafePointer<UInt8>, from low: Int, to high: Int) -> Int {
    let raw = UnsafeRawPointer(bytes)
    let pattern = SIMD32<UInt8>(repeating: byte)
    var start = low
    while high &- start >= 32 {
      // SAFETY: start + 32 <= high.
      let vector = raw.loadUnaligned(fromByteOffset: start, as: SIMD32<UInt8>.self)
      if any(vector .== pattern) { break }
      start &+= 32
    }
    while start < high, bytes[start] != byte { start &+= 1 }
    return start
  }

  /// Whether `count` bytes are all XML white space.
  @inline(__always)
  static func isBlank(_ bytes: UnsafePointer<UInt8>, from low: Int, to high: Int) -> Bool {
    var index = low
    while index < high {
      let byte = bytes[index]
      if byte != 0x20, byte != 0x0A, byte != 0x09, byte != 0x0D { return false }
      index &+= 1
    }
    return true
  }
}
