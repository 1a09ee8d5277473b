/// The identity of bytes: their SHA-256 (FIPS 180-4).
public struct ContentDigest: Sendable, Hashable, Comparable {
  /// The digest's bytes in order, eight to a word, most significant first.
  let words: (UInt64, UInt64, UInt64, UInt64)

  /// Number of bytes of a digest.
  public static let byteCount = 32

  /// From 32 bytes; nil if there are more or fewer.
  public init?(bytes: [UInt8]) {
    guard bytes.count == ContentDigest.byteCount else { return nil }
    func word(_ index: Int) -> UInt64 { bytes[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
    words = (word(0), word(1), word(2), word(3))
  }

  /// From 64 hex digits, of either case; nil if it is anything else.
  public init?(hex text: String) {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text.utf8 {
      let digit: UInt8
      switch character {
      case 48...57: digit = character - 48
      case 65...70: digit = character - 55
      case 97...102: digit = character - 87
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    guard high == nil else { return nil }
    self.init(bytes: bytes)
  }

  public var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(ContentDigest.byteCount)
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        result.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return result
  }

  /// 64 lower-case hex digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  public static func == (left: ContentDigest, right: ContentDigest) -> Bool { left.words == right.words }

  /// In the order of the bytes, which is that of the hex texts.
  public static func < (left: ContentDigest, right: ContentDigest) -> Bool { left.words < right.words }

  public func hash(into hasher: inout Hasher) {
    // Two words of a SHA-256 tell digests apart well enough; equality looks at all of it.
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

extension ContentDigest: CustomStringConvertible {
  public var description: String { hex }
}
