// UNSAFE FILE: reads at most a dozen bytes behind a `&`, all below the limit that comes with the pointer.

/// A reference in plain text: the five predefined entities, and characters by number.
enum XMLPlainReference {
  enum Found: Equatable {
    /// The text ends too early to tell.
    case incomplete
    /// Nothing that is surely a reference to one character that XML allows.
    case other
    case scalar(UInt32, length: Int)
  }

  /// Longer ones (zeros in front of a number) are left to libxml2.
  private static let lengthLimit = 10

  /// What stands at a `&`.
  static func read(_ bytes: UnsafePointer<UInt8>, limit: Int) -> Found {
    var end = 1
    while end < min(limit, lengthLimit), bytes[end] != 0x3B { end += 1 }
    guard end < limit else { return .incomplete }
    guard bytes[end] == 0x3B else { return .other }
    let name = UnsafeBufferPointer(start: bytes + 1, count: end - 1)
    let scalar: UInt32
    if name.first == 0x23 {
      scalar = number(name.dropFirst()) ?? 0
    } else if name.elementsEqual("lt".utf8) {
      scalar = 0x3C
    } else if name.elementsEqual("gt".utf8) {
      scalar = 0x3E
    } else if name.elementsEqual("amp".utf8) {
      scalar = 0x26
    } else if name.elementsEqual("quot".utf8) {
      scalar = 0x22
    } else if name.elementsEqual("apos".utf8) {
      scalar = 0x27
    } else {
      scalar = 0
    }
    return isAllowed(scalar) ? .scalar(scalar, length: end + 1) : .other
  }

  /// UTF-8 of a scalar; returns how many bytes, at most four.
  static func encode(_ scalar: UInt32, into out: UnsafeMutablePointer<UInt8>) -> Int {
    var count = 0
    for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
      out[count] = byte
      count += 1
    }
    return count
  }

  private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
    let isHex = digits.first == 0x78
    let digits = isHex ? digits.dropFirst() : digits
    guard !digits.isEmpty else { return nil }
    var value: UInt32 = 0
    for byte in digits {
      let digit: UInt32
      switch byte {
      case 0x30...0x39: digit = UInt32(byte) - 0x30
      case 0x41...0x46 where isHex: digit = UInt32(byte) - 0x37
      case 0x61...0x66 where isHex: digit = UInt32(byte) - 0x57
      default: return nil
      }
      // At most eight digits come here: no overflow.
      value = value &* (isHex ? 16 : 10) &+ digit
    }
    return value
  }

  /// XML 1.0, production 2.
  private static func isAllowed(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
