import SpotCheckModel

/// Stable hashes of texts as ``CodeTable/normalise(_:)`` makes them equal, without making a string of each.
///
/// Names of a store are hashed by the hundred thousand at every import. The common scripts (ASCII, CJK, full-width
/// forms) are folded byte by byte; a text with anything else goes through ``CodeTable/normalise(_:)`` itself.
struct NameHash {
  private static let seed: UInt64 = 0x4455_504C_4943_4154
  private var folded: [UInt8] = []

  /// The hash of a text; 0 if nothing of it is left.
  mutating func hash(_ text: Span<UInt8>) -> UInt64 {
    folded.removeAll(keepingCapacity: true)
    if !fold(text) {
      var copy: [UInt8] = []
      copy.reserveCapacity(text.count)
      for index in 0..<text.count { copy.append(text[index]) }
      folded = Array(CodeTable.normalise(String(decoding: copy, as: UTF8.self)).utf8)
    }
    if folded.isEmpty { return 0 }
    let hash = ByteDictionary.stableHash(folded.span, seed: NameHash.seed)
    return hash == 0 ? 1 : hash
  }

  /// Appends the folded text; false if it holds what only the full rules can fold.
  private mutating func fold(_ text: Span<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        append(byte)
        index += 1
        continue
      }
      // Three bytes: U+2E80 and above have no case; below that and beyond the plane is for the full rules.
      guard byte >= 0xE2, byte < 0xF0, index + 2 < text.count else { return false }
      let scalar = UInt32(byte & 0x0F) << 12 | UInt32(text[index + 1] & 0x3F) << 6 | UInt32(text[index + 2] & 0x3F)
      switch scalar {
      case 0x3000: break
      case 0xFF01...0xFF5E: append(UInt8(scalar - 0xFEE0))
      case 0x3010, 0x3014: append(UInt8(ascii: "["))
      case 0x3011, 0x3015: append(UInt8(ascii: "]"))
      case 0x2E80..<0xFEFF:
        for offset in 0..<3 { folded.append(text[index + offset]) }
      default: return false
      }
      index += 3
    }
    return true
  }

  private mutating func append(_ ascii: UInt8) {
    switch ascii {
    case 0x20, 0x09, 0x0A, 0x0D: break
    case 0x41...0x5A: folded.append(ascii + 0x20)
    default: folded.append(ascii)
    }
  }

  /// Mixes hashes of parts into one; their order matters.
  static func combine(_ parts: UInt64...) -> UInt64 {
    var state = seed
    for part in parts {
      let product = (state ^ part).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      state = product.high ^ product.low ^ (part >> 29)
    }
    return state == 0 ? 1 : state
  }
}
