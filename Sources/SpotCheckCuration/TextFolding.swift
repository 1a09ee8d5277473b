import SpotCheckModel

/// What is done to a delivered text before it is interpreted: blanks at the ends go, full-width characters become
/// their half-width twins, invisible characters vanish. The delivered text itself is kept elsewhere, as it was.
enum TextFolding {
  /// How many bytes of blank or invisible text stand at `start`; 0 if there is visible text.
  @inline(__always)
  static func blank(_ bytes: Span<UInt8>, at start: Int, before end: Int) -> Int {
    let first = bytes[start]
    if first <= 0x20 { return 1 }
    if first < 0xC2 { return 0 }
    switch first {
    case 0xC2:  // U+00A0, U+00AD
      return start &+ 1 < end && (bytes[start &+ 1] == 0xA0 || bytes[start &+ 1] == 0xAD) ? 2 : 0
    case 0xE2, 0xE3, 0xEF:
      guard start &+ 2 < end else { return 0 }
      return isBlank(first, bytes[start &+ 1], bytes[start &+ 2]) ? 3 : 0
    default:
      return 0
    }
  }

  /// U+2000–200F, U+2028–202F, U+205F–2064, U+2066–206F, U+3000, U+FEFF in UTF-8.
  private static func isBlank(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (first, second) {
    case (0xE2, 0x80): third <= 0x8F || (0xA8...0xAF).contains(third)
    case (0xE2, 0x81): third >= 0x9F && third <= 0xAF && third != 0xA5
    case (0xE3, 0x80): third == 0x80
    case (0xEF, 0xBB): third == 0xBF
    default: false
    }
  }

  /// The part of `start..<end` without blank text at its ends.
  @inline(__always)
  static func trim(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (start: Int, end: Int) {
    if start == end || (beginsVisibly(bytes, start) && endsVisibly(bytes, start, end)) { return (start, end) }
    return trimBlanks(bytes, start, end)
  }

  /// True only if the text certainly begins with something to be seen: ASCII, or one of the scripts from U+4000 on.
  @inline(__always)
  private static func beginsVisibly(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
    let first = bytes[start]
    return first > 0x20 && (first < 0xC2 || (first >= 0xE4 && first <= 0xE9))
  }

  /// The same for its end.
  @inline(__always)
  private static func endsVisibly(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    let last = bytes[end &- 1]
    if last < 0x80 { return last > 0x20 }
    guard end &- start >= 3 else { return false }
    let lead = bytes[end &- 3]
    return lead >= 0xE4 && lead <= 0xE9
  }

  @inline(never)
  private static func trimBlanks(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (start: Int, end: Int) {
    var (from, to) = (start, end)
    while from < to {
      let width = blank(bytes, at: from, before: to)
      if width == 0 { break }
      from &+= width
    }
    while from < to {
      let last = bytes[to &- 1]
      if last <= 0x20 {
        to &-= 1
      } else if last < 0x80 {
        break
      } else if to &- from >= 2, bytes[to &- 2] == 0xC2, last == 0xA0 || last == 0xAD {
        to &-= 2
      } else if to &- from >= 3, bytes[to &- 3] >= 0xE2, isBlank(bytes[to &- 3], bytes[to &- 2], last) {
        to &-= 3
      } else {
        break
      }
    }
    return (from, to)
  }

  /// Half width, invisible characters gone, one kind of blank, comparison signs unified, ends trimmed.
  static func fold(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x3000, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F: result.append(" ")
      case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F, 0xFEFF: continue
      case 0xFF01...0xFF5E:
        if let half = Unicode.Scalar(scalar.value - 0xFEE0) { result.append(half) }
      case 0x2266, 0x2A7D: result.append("\u{2264}")
      case 0x2267, 0x2A7E: result.append("\u{2265}")
      case 0xFE64: result.append("<")
      case 0xFE65: result.append(">")
      case 0x301C, 0x223C, 0x02DC: result.append("~")
      case 0x2010...0x2013, 0x2212, 0xFE63: result.append("-")
      case 0xFE61, 0x2217: result.append("*")
      case 0x2715, 0x2716, 0x2A2F: result.append("\u{D7}")
      case 0xB5: result.append("\u{3BC}")
      default: result.append(scalar)
      }
    }
    return trimmed(String(result))
  }

  /// Text without blank text at its ends.
  static func trimmed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let (start, end) = trim(bytes.span, 0, bytes.count)
    return start == 0 && end == bytes.count ? text : String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// Reads a folded text from left to right, scalar by scalar. Only for distinct values, never per row.
struct ScalarCursor {
  let scalars: [Unicode.Scalar]
  var position = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  var isAtEnd: Bool { position >= scalars.count }
  var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
  var rest: String { text(from: position) }

  func text(from start: Int, to end: Int? = nil) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[min(start, scalars.count)..<min(end ?? scalars.count, scalars.count)])
    return String(view)
  }

  func peek(_ offset: Int) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  mutating func skipBlanks() {
    while next == " " { position += 1 }
  }

  /// Takes a literal (ASCII case does not matter) if it stands here.
  mutating func take(_ literal: String) -> Bool {
    var index = position
    for scalar in literal.unicodeScalars {
      guard index < scalars.count, ScalarCursor.lower(scalars[index]) == ScalarCursor.lower(scalar) else {
        return false
      }
      index += 1
    }
    position = index
    return true
  }

  /// Takes the first of several literals that stands here.
  mutating func take(anyOf literals: [String]) -> Bool {
    for literal in literals where take(literal) { return true }
    return false
  }

  static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard (0x41...0x5A).contains(scalar.value) else { return scalar }
    return Unicode.Scalar(scalar.value + 0x20) ?? scalar
  }

  static func digit(_ scalar: Unicode.Scalar?) -> Int? {
    guard let value = scalar?.value, (0x30...0x39).contains(value) else { return nil }
    return Int(value) - 0x30
  }

  /// The value of a superscript digit: ⁰ ¹ ² … ⁹.
  static func superscript(_ scalar: Unicode.Scalar?) -> Int? {
    switch scalar?.value {
    case 0xB9: 1
    case 0xB2: 2
    case 0xB3: 3
    case 0x2070: 0
    case .some(let value) where (0x2074...0x2079).contains(value): Int(value) - 0x2070
    default: nil
    }
  }
}
