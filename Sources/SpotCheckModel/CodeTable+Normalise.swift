extension CodeTable {
  /// Case, width, white space and brackets do not distinguish names.
  public static func normalise(_ text: String) -> String { plain(text) ?? scalarByScalar(text) }

  /// The same for ASCII and plain CJK, which nearly every name is: byte by byte, without taking characters apart. Nil: something else
  /// is in it.
  private static func plain(_ text: String) -> String? {
    let utf8 = text.utf8
    let bytes = utf8.span
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      case 0x41...0x5A:
        out.append(byte | 0x20)
        index += 1
      case 0..<0x80:
        out.append(byte)
        index += 1
      // U+3000 … U+9FFF: nothing here has case. A string is valid UTF-8, so two more bytes follow.
      case 0xE3...0xE9:
        let (second, third) = (bytes[index + 1], bytes[index + 2])
        index += 3
        switch (byte, second, third) {
        case (0xE3, 0x80, 0x80): break
        case (0xE3, 0x80, 0x90), (0xE3, 0x80, 0x94): out.append(0x5B)
        case (0xE3, 0x80, 0x91), (0xE3, 0x80, 0x95): out.append(0x5D)
        default:
          out.append(byte)
          out.append(second)
          out.append(third)
        }
      default: return nil
      }
    }
    return out.count == bytes.count && !hasUpper(bytes) ? text : String(decoding: out, as: UTF8.self)
  }

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
