/// With which bytes a text may begin and end that one of several globs matches: two looks tell most other texts.
struct GlobBounds: Sendable {
  private typealias Bytes = InlineArray<4, UInt64>
  /// A bit for each byte.
  private var firsts = Bytes(repeating: 0)
  private var lasts = Bytes(repeating: 0)

  init(_ patterns: [GlobPattern]) {
    for pattern in patterns {
      GlobBounds.add(pattern.firstByte, to: &firsts)
      GlobBounds.add(pattern.lastByte, to: &lasts)
    }
  }

  /// - Parameter byte: in lower case; nil: any.
  private static func add(_ byte: UInt8?, to bytes: inout Bytes) {
    if let byte {
      bytes[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
    } else {
      bytes = Bytes(repeating: .max)
    }
  }

  /// False only if none of the globs matches a text that begins and ends with these bytes.
  @inline(__always)
  func mayMatch(first: UInt8, last: UInt8) -> Bool {
    let (first, last) = (GlobPattern.lower(first), GlobPattern.lower(last))
    return firsts[Int(first >> 6)] & (1 << UInt64(first & 63)) != 0
      && lasts[Int(last >> 6)] & (1 << UInt64(last & 63)) != 0
  }
}
