extension CodeTable {
  /// Case, width, white space and brackets do not distinguish names.
  public static func normalise(_ text: String) -> String { plain(text) ?? scalarByScalar(text) }

  /// The same byte by byte, without taking characters apart, for nearly every text: ASCII, CJK, full-width forms, the signs of
  /// units and tables, small Greek letters. Nil: something else is in it.
  private static func plain(_ text: String) -> String? {
    let utf8 = text.utf8
    let bytes = utf8.span
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      // A string is valid UTF-8: as many bytes follow as the first one says.
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      case 0..<0x80:
        out.append(lower(byte))
        index += 1
      case 0xC2, 0xCE, 0xCF:
        let second = bytes[index + 1]
        index += 2
        switch (byte, second) {
        // U+0080 … U+00BF: nothing here has another case, and one is a space.
        case (0xC2, 0xA0): break
        case (0xC2, _), (0xCE, 0xB1...), (0xCF, 0x80...0x89):
          out.append(byte)
          out.append(second)
        default: return nil
        }
      case 0xE2...0xEF:
        let (second, third) = (bytes[index + 1], bytes[index + 2])
        index += 3
        switch threeBytes(byte, second, third) {
        case .nothing: break
        case .itself:
          out.append(byte)
          out.append(second)
          out.append(third)
        case .ascii(let other): out.append(other)
        case .unknown: return nil
        }
      // From U+10000 on, as from the CJK radicals on, all stands for itself.
      case 0xF0...:
        for place in index..<(index + 4) { out.append(bytes[place]) }
        index += 4
      default: return nil
      }
    }
    return out.count == bytes.count && !hasUpper(bytes) ? text : String(decoding: out, as: UTF8.self)
  }

  /// What becomes of a character.
  private enum Normal {
    case nothing
    case itself
    case ascii(UInt8)
    case unknown
  }

  /// Of U+2000 … U+FFFF.
  @inline(__always)
  private static func threeBytes(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Normal {
    switch (first, second, third) {
    // Marks of no width and of direction.
    case (0xE2, 0x80, 0x8B...0x8F), (0xE2, 0x80, 0xAA...0xAE), (0xE2, 0x81, 0xA0), (0xE2, 0x81, 0xA6...0xA9): .nothing
    case (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF): .nothing
    // Punctuation and raised digits; mathematics to the numbers in circles; boxes. The rest has capitals: Ω, Ⅳ, Ⓐ.
    case (0xE2, 0x80...0x83, _), (0xE2, 0x88...0x91, _), (0xE2, 0x94...0x97, _): .itself
    case (0xE2, 0xBA..., _): .itself
    case (0xE2, _, _): .unknown
    case (0xE3, 0x80, 0x90), (0xE3, 0x80, 0x94): .ascii(0x5B)
    case (0xE3, 0x80, 0x91), (0xE3, 0x80, 0x95): .ascii(0x5D)
    // U+FF01 … U+FF5E are ASCII in full width.
    case (0xEF, 0xBC, 0x81...): .ascii(lower(third &- 0x60))
    case (0xEF, 0xBD, ...0x9E): .ascii(lower(third &- 0x20))
    default: .itself
    }
  }

  @inline(__always)
  private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  private static func hasUpper(_ bytes: Span<UInt8>) -> Bool {
    for index in 0..<bytes.count where (0x41...0x5A).contains(bytes[index]) { return true }
    return false
  }

  static func scalarByScalar(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x3000, 0x200B...0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF:
        continue
      case 0xFF01...0xFF5E: append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar, to: &result)
      case 0x3010, 0x3014: result.append("[")
      case 0x3011, 0x3015: result.append("]")
      // From the CJK radicals on nothing has case, and that is nearly every name.
      case 0x2E80...: result.append(scalar)
      default: append(scalar, to: &result)
      }
    }
    return String(result)
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String.UnicodeScalarView) {
    if scalar.isASCII {
      let isUpper = (0x41...0x5A).contains(scalar.value)
      result.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar)
    } else {
      result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
  }
}
