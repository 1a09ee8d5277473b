// UNSAFE FILE: passes raw text to the C kernels, and holds their scalar twins. Every pointer comes with its length.

import CKernels
import CZlib

/// The vector kernels and their scalar twins, behind one door. The twin is the oracle in tests and the fallback on
/// processors without the instructions.
enum Kernels {
  /// The best instruction level of this processor: 0 is the Swift twin.
  static let level = Int32(sck_best_level())

  /// Writes the offsets of the bytes that are among the four of `set` (lowest byte first), and returns how many.
  ///
  /// `out` must have room for `text.count + 64`.
  static func find(
    in text: UnsafeRawBufferPointer, set: UInt32, into out: UnsafeMutablePointer<UInt32>, level: Int32 = Kernels.level
  ) -> Int {
    guard let base = text.baseAddress, text.count > 0 else { return 0 }
    guard level > 0 else { return findScalar(in: text, set: set, into: out) }
    // SAFETY: the kernel reads `text.count` bytes and writes below the promised room.
    return sck_find4(level, base.assumingMemoryBound(to: UInt8.self), text.count, set, out)
  }

  /// Most text that ``measure(_:ascii:other:at:into:level:)`` takes.
  static let measuredBytes = Int(SCK_MEASURED)

  /// Writes for each offset how many bytes of the payload the characters in front of it took, if one of ASCII took `ascii`
  /// and any other `other`; returns the same for all of the text.
  ///
  /// Offsets are those that ``find(in:set:into:level:)`` gave for the same text; `sums` has room for as many.
  static func measure(
    _ text: UnsafeRawBufferPointer, ascii: Int, other: Int, at offsets: UnsafeBufferPointer<UInt32>,
    into sums: UnsafeMutablePointer<UInt32>, level: Int32 = Kernels.level
  ) -> Int {
    guard let base = text.baseAddress, text.count > 0 else { return 0 }
    precondition(text.count <= measuredBytes)
    guard level > 1 else { return measureScalar(text, ascii: ascii, other: other, at: offsets, into: sums) }
    // SAFETY: the kernel reads `text.count` bytes and writes one sum for each offset.
    return Int(
      sck_measure(
        base.assumingMemoryBound(to: UInt8.self), text.count, UInt32(truncatingIfNeeded: ascii),
        UInt32(truncatingIfNeeded: other), offsets.baseAddress, offsets.count, sums))
  }

  /// What a stretch of UTF-8 holds.
  struct Scan: OptionSet {
    let rawValue: UInt32
    static let invalid = Scan(rawValue: 1)
    static let nul = Scan(rawValue: 2)
    static let maybePrivate = Scan(rawValue: 4)
    static let nonASCII = Scan(rawValue: 8)
  }

  /// Checks UTF-8. A sequence that the end cuts is invalid; `maybePrivate` may be set in vain, never missed.
  static func scanUTF8(_ text: UnsafeRawBufferPointer, level: Int32 = Kernels.level) -> Scan {
    guard let base = text.baseAddress, text.count > 0 else { return [] }
    guard level > 1 else { return scanUTF8Scalar(text) }
    return Scan(rawValue: sck_utf8_scan(level, base.assumingMemoryBound(to: UInt8.self), text.count))
  }

  /// Line breaks, where CR, LF and CRLF count one each.
  static func lineBreaks(in text: UnsafeRawBufferPointer, afterCR: Bool, level: Int32 = Kernels.level) -> Int {
    guard let base = text.baseAddress, text.count > 0 else { return 0 }
    return sck_count_breaks(level, base.assumingMemoryBound(to: UInt8.self), text.count, afterCR ? 1 : 0)
  }

  private static let hasCRC32 = sck_has_crc32() != 0

  /// The CRC-32 of gzip (RFC 1952, 8) after some more bytes; of nothing it is 0.
  /// - Parameter isFast: by carry-less multiplication, if the processor can; else zlib's.
  static func crc32(_ checksum: UInt32, _ text: UnsafeRawBufferPointer, isFast: Bool = true) -> UInt32 {
    guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return checksum }
    let whole = isFast && hasCRC32 && text.count >= 64 ? text.count & ~15 : 0
    // SAFETY: `whole` bytes and the rest make up the buffer's count.
    let begun = whole > 0 ? sck_crc32(checksum, base, whole) : checksum
    return UInt32(truncatingIfNeeded: crc32_z(UInt(begun), base + whole, text.count - whole))
  }

  // MARK: Twins

  static func findScalar(in text: UnsafeRawBufferPointer, set: UInt32, into out: UnsafeMutablePointer<UInt32>) -> Int {
    let a = UInt8(truncatingIfNeeded: set)
    let b = UInt8(truncatingIfNeeded: set >> 8)
    let c = UInt8(truncatingIfNeeded: set >> 16)
    let d = UInt8(truncatingIfNeeded: set >> 24)
    var count = 0
    for index in 0..<text.count {
      let byte = text[index]
      if byte == a || byte == b || byte == c || byte == d {
        out[count] = UInt32(truncatingIfNeeded: index)
        count &+= 1
      }
    }
    return count
  }

  static func measureScalar(
    _ text: UnsafeRawBufferPointer, ascii: Int, other: Int, at offsets: UnsafeBufferPointer<UInt32>,
    into sums: UnsafeMutablePointer<UInt32>
  ) -> Int {
    var (sum, next) = (0, 0)
    for index in 0..<text.count {
      if next < offsets.count, Int(offsets[next]) == index {
        sums[next] = UInt32(truncatingIfNeeded: sum)
        next &+= 1
      }
      let byte = text[index]
      if byte < 0x80 { sum &+= ascii } else if byte >= 0xC0 { sum &+= other }
    }
    return sum
  }

  static func scanUTF8Scalar(_ text: UnsafeRawBufferPointer) -> Scan {
    var flags: Scan = []
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        if byte == 0 { flags.insert(.nul) }
        index += 1
        continue
      }
      flags.insert(.nonASCII)
      let found = UTF8Sequence.at(index, in: text)
      if !found.isValid { flags.insert(.invalid) }
      if byte == 0xEE || byte >= 0xF3 || (byte == 0xEF && found.length > 1 && text[index + 1] < 0xA4) {
        flags.insert(.maybePrivate)
      }
      index += found.length
    }
    return flags
  }
}

/// One UTF-8 sequence, or the maximal part of one that is bad (Unicode 3.9, table 3-7).
enum UTF8Sequence {
  struct Found: Equatable {
    /// Bytes of the character; of the bad part if it is not valid.
    var length: Int
    var isValid: Bool
    /// The text ended before the sequence did, and all of it was good so far.
    var isCut: Bool
  }

  /// The sequence at `index`, where the byte is not ASCII.
  static func at(_ index: Int, in text: UnsafeRawBufferPointer) -> Found {
    let lead = text[index]
    let need: Int
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch lead {
    case 0xC2...0xDF: need = 2
    case 0xE0:
      need = 3
      low = 0xA0
    case 0xED:
      need = 3
      high = 0x9F
    case 0xE1...0xEF: need = 3
    case 0xF0:
      need = 4
      low = 0x90
    case 0xF1...0xF3: need = 4
    case 0xF4:
      need = 4
      high = 0x8F
    default: return Found(length: 1, isValid: false, isCut: false)
    }
    var length = 1
    while length < need {
      guard index + length < text.count else { return Found(length: length, isValid: false, isCut: true) }
      let byte = text[index + length]
      guard byte >= low, byte <= high else { return Found(length: length, isValid: false, isCut: false) }
      low = 0x80
      high = 0xBF
      length += 1
    }
    return Found(length: need, isValid: true, isCut: false)
  }
}
