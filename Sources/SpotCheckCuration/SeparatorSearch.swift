/// Finds which of several marks a text holds, as `String.contains` does: whole characters are compared, and what is
/// canonically the same is the same.
///
/// Characters are slow to cut. Where every character of a text is one scalar that nothing composes with and nothing else
/// stands for, as in nearly all cells, characters are found where their bytes are.
struct SeparatorSearch: Sendable {
  private let marks: [String]
  private let bytes: [[UInt8]]
  private let arePlain: Bool

  init(_ marks: [String]) {
    self.marks = marks
    bytes = marks.map { Array($0.utf8) }
    arePlain = bytes.allSatisfy { !$0.isEmpty && SeparatorSearch.isPlain($0.span) }
  }

  /// The first of the marks that occurs in the text.
  func first(in text: String) -> String? {
    let utf8 = Array(text.utf8)
    guard arePlain, SeparatorSearch.isPlain(utf8.span) else { return marks.first { text.contains($0) } }
    return bytes.firstIndex { SeparatorSearch.occurs($0.span, in: utf8.span) }.map { marks[$0] }
  }

  /// Whether bytes stand somewhere in others.
  static func occurs(_ mark: Span<UInt8>, in text: Span<UInt8>) -> Bool {
    if mark.isEmpty { return true }
    var start = 0
    while start &+ mark.count <= text.count {
      if text[start] == mark[0] {
        var length = 1
        while length < mark.count, text[start &+ length] == mark[length] { length &+= 1 }
        if length == mark.count { return true }
      }
      start &+= 1
    }
    return false
  }

  /// Whether a text holds nothing but scalars that are characters of their own, wherever they stand, and the only way to
  /// write them: ASCII (without CR, which makes one character of itself and an LF), Han, and what stands between Han.
  static func isPlain(_ text: Span<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      let first = text[index]
      let second = index &+ 1 < text.count ? text[index &+ 1] : 0
      let third = index &+ 2 < text.count ? text[index &+ 2] : 0
      switch (first, second, third) {
      case (0..<0x80, _, _):
        if first == 0x0D { return false }
        index &+= 1
      // ° · × μ
      case (0xC2, 0xB0, _), (0xC2, 0xB7, _), (0xC3, 0x97, _), (0xCE, 0xBC, _): index &+= 2
      // Han from U+4000 on.
      case (0xE4...0xE9, _, _): index &+= 3
      // ‐…‖ ‘…‟ … ℃ ≤ ≥, and double lines.
      case (0xE2, 0x80, 0x90...0x96), (0xE2, 0x80, 0x98...0x9F), (0xE2, 0x80, 0xA6), (0xE2, 0x84, 0x83),
        (0xE2, 0x89, 0xA4...0xA5), (0xE2, 0x95, 0x90...0xBF):
        index &+= 3
      // 、。…】, full-width ASCII, ︰ ︱
      case (0xE3, 0x80, 0x81...0x91), (0xEF, 0xBC, 0x81...0xBF), (0xEF, 0xBD, 0x80...0x9E), (0xEF, 0xB8, 0xB0...0xB1):
        index &+= 3
      default: return false
      }
    }
    return true
  }
}
