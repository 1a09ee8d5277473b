/// A glob over bytes of UTF-8: `*` any run, `?` one character, `#` one digit; ASCII case does not matter.
///
/// Linear in practice and never worse than text × pattern: on a mismatch only the last `*` is extended.
public struct GlobPattern: Sendable, Hashable {
  private let pattern: [UInt8]

  public init(_ text: String) { pattern = text.utf8.map(GlobPattern.lower) }

  /// The byte that every matching text begins with, in lower case; nil if it may be any, or if nothing is matched but nothing.
  var firstByte: UInt8? { pattern.first.flatMap { GlobPattern.isWild($0) ? nil : $0 } }
  /// The byte that every matching text ends with.
  var lastByte: UInt8? { pattern.last.flatMap { GlobPattern.isWild($0) ? nil : $0 } }

  private static func isWild(_ byte: UInt8) -> Bool { byte == 0x2A || byte == 0x3F || byte == 0x23 }

  @inline(__always)
  static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  public func matches(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return matches(bytes.span, 0, bytes.count)
  }

  /// Whether the whole of `start..<end` matches.
  func matches(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var position = start
    var index = 0
    var starIndex = -1
    var starPosition = 0
    while position < end {
      if index < pattern.count {
        let wanted = pattern[index]
        let byte = text[position]
        if wanted == 0x2A {
          starIndex = index
          starPosition = position
          index += 1
          continue
        }
        if wanted == 0x3F {
          position = GlobPattern.following(text, position, end)
          index += 1
          continue
        }
        let fits = wanted == 0x23 ? (0x30...0x39).contains(byte) || byte == 0x23 : wanted == GlobPattern.lower(byte)
        if fits {
          position += 1
          index += 1
          continue
        }
      }
      guard starIndex >= 0 else { return false }
      starPosition = GlobPattern.following(text, starPosition, end)
      position = starPosition
      index = starIndex + 1
    }
    while index < pattern.count, pattern[index] == 0x2A { index += 1 }
    return index == pattern.count
  }

  /// The start of the next character.
  private static func following(_ text: Span<UInt8>, _ position: Int, _ end: Int) -> Int {
    var next = position + 1
    while next < end, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }
}
