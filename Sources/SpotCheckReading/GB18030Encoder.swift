/// Text to GB18030, by the table that reads it: for office programs that take a table without a byte order mark for it.
///
/// GB18030 has every character of Unicode but surrogates and two dozen places for private use (those that GB 18030-2022
/// gave to real characters); such a place is written as U+FFFD, and counted.
public struct GB18030Encoder: Sendable {
  private static let codes = GB18030.codes()
  /// Bytes of a character that is not whole yet.
  private var pending: [UInt8] = []
  /// Characters that could not be written.
  public private(set) var lost = 0

  public init() {}

  /// - Parameter utf8: the next bytes of the text; a character may end in the next call.
  public mutating func encode(_ utf8: [UInt8]) -> [UInt8] {
    var text = pending + utf8
    let tail = GB18030Encoder.cutTail(text)
    pending = Array(text.suffix(tail))
    text.removeLast(tail)
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { append(scalar.value, &out) }
    return out
  }

  /// How many bytes at the end begin a character that goes on behind it.
  private static func cutTail(_ text: [UInt8]) -> Int {
    for back in 1...3 where back <= text.count {
      let byte = text[text.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > back ? back : 0
    }
    return 0
  }

  private mutating func append(_ scalar: UInt32, _ out: inout [UInt8]) {
    if scalar < 0x80 { return out.append(UInt8(scalar)) }
    let code: UInt32
    if scalar < 0x1_0000 {
      code = GB18030Encoder.codes.basic[Int(scalar)]
    } else {
      code = GB18030Encoder.codes.beyond[scalar] ?? (GB18030.fourBytes | GB18030.planes + scalar - 0x1_0000)
    }
    guard code != 0 else {
      lost += 1
      return append(0xFFFD, &out)
    }
    guard code & GB18030.fourBytes != 0 else {
      out.append(UInt8(code >> 8))
      return out.append(UInt8(code & 0xFF))
    }
    let place = code & ~GB18030.fourBytes
    out += [
      UInt8(0x81 + place / 12_600), UInt8(0x30 + place / 1260 % 10), UInt8(0x81 + place / 10 % 126),
      UInt8(0x30 + place % 10),
    ]
  }
}
