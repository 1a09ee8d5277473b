// UNSAFE FILE: scans raw bytes; every index is checked against the count that comes with the pointer.

/// Stands before libxml2 and lets only complete tokens of bounded size through.
///
/// libxml2 2.9.14 takes 20 s of CPU for one start tag with 100,000 attributes, and buffers an unfinished comment
/// without end. So a tag, comment, PI or CDATA section is held back until its last byte is there, and refused
/// when it is over its limit. `<!DOCTYPE` is refused where it stands: no entity is ever declared.
///
/// Only a gap of more than ``quickGap`` bytes from one `<` to the next can hold an oversized tag (`<` cannot
/// stand inside one), so short ones are hopped over: the guard costs a few per cent of the parser.
struct XMLGuard {
  enum Refusal: Equatable {
    case doctype, declaration, tagTooLong, attributeCount, textLimit, markupLimit
  }

  struct Outcome {
    /// Bytes of the window that may be fed now.
    var feedEnd: Int
    var refusal: Refusal?
    /// Where the refused token starts.
    var refusedAt = 0
  }

  /// What the window ends inside of.
  enum Mode: Equatable { case text, tag, special }

  /// A comment or PI nobody needs to be larger.
  static let markupBytes = 1 << 20

  private let startTagBytes: Int
  private let attributes: Int
  private let textBytes: Int
  private let quickGap: Int

  private(set) var mode = Mode.text
  /// Start of the token being held back (mode tag or special), else of the text.
  private(set) var tokenStart = 0
  private var scanned = 0
  private var quote: UInt8 = 0
  private var quoted = 0

  init(limits: ReadingLimits) {
    startTagBytes = max(1, limits.startTagBytes)
    attributes = max(0, limits.attributes)
    textBytes = max(0, limits.textBytes)
    // An attribute takes four bytes at least (`a=""`).
    quickGap = max(2, min(512, startTagBytes, attributes > 128 ? 512 : 4 * attributes))
  }

  /// Begins where another reader has stopped, between two tokens.
  mutating func begin(at offset: Int) { close(at: offset) }

  /// The window has lost its first `count` bytes.
  mutating func drop(_ count: Int) {
    tokenStart = max(0, tokenStart - count)
    scanned = max(0, scanned - count)
  }

  /// Looks at the window's new bytes and says how many of the window may be fed.
  mutating func scan(_ bytes: UnsafePointer<UInt8>, count: Int) -> Outcome {
    var bang = -1
    var question = -1
    while true {
      switch mode {
      case .tag:
        if let outcome = scanTag(bytes, count) { return outcome }
      case .special:
        if let outcome = scanSpecial(bytes, count) { return outcome }
      case .text:
        if bang < scanned { bang = Self.markup(0x21, bytes, from: scanned, to: count) }
        if question < scanned { question = Self.markup(0x3F, bytes, from: scanned, to: count) }
        let end = min(bang, question)
        var tag = XMLByteScan.first(0x3C, bytes, from: scanned, to: end)
        if tag == end {
          if end == count {
            scanned = count
            return Outcome(feedEnd: textEnd(bytes, count))
          }
          open(.special, at: end)
          continue
        }
        // Hop to the last '<' within reach until there is none: the tag there is long, or the last one.
        while true {
          let reach = min(tag &+ quickGap, end &- 1)
          let next = XMLByteScan.last(0x3C, bytes, from: tag &+ 1, to: reach &+ 1)
          if next < 0 { break }
          tag = next
        }
        open(.tag, at: tag)
      }
    }
  }

  // MARK: Inside

  private mutating func open(_ newMode: Mode, at start: Int) {
    mode = newMode
    tokenStart = start
    scanned = start + 1
    quote = 0
    quoted = 0
  }

  private mutating func close(at end: Int) {
    mode = .text
    tokenStart = end
    scanned = end
  }

  /// Next `<` that is followed by `second`, or `count`.
  private static func markup(_ second: UInt8, _ bytes: UnsafePointer<UInt8>, from: Int, to count: Int) -> Int {
    var index = from
    while true {
      index = XMLByteScan.first(second, bytes, from: index, to: count)
      if index == count { return count }
      if index > from, bytes[index &- 1] == 0x3C { return index &- 1 }
      index &+= 1
    }
  }

  /// Goes on inside a tag; nil when it is complete (or broken by a `<`, which libxml2 will refuse).
  private mutating func scanTag(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Outcome? {
    if scanned == tokenStart + 1, scanned < count, bytes[scanned] == 0x21 || bytes[scanned] == 0x3F {
      mode = .special
      return nil
    }
    let limit = tokenStart + startTagBytes
    var index = scanned
    while index < count {
      let byte = bytes[index]
      // A `<` ends the tag even at its limit: the hop over short ones would not have looked at it either.
      if byte == 0x3C {
        close(at: index)
        return nil
      }
      if index >= limit { return refuse(.tagTooLong) }
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
        quoted += 1
        if quoted > attributes { return refuse(.attributeCount) }
      } else if byte == 0x3E {
        close(at: index + 1)
        return nil
      }
      index &+= 1
    }
    scanned = index
    return Outcome(feedEnd: tokenStart)
  }

  /// Goes on inside `<!…` or `<?…`; nil when it is complete.
  private mutating func scanSpecial(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Outcome? {
    let start = tokenStart
    let opening: Int
    var limit = min(Self.markupBytes, textBytes)
    let last: UInt8
    if bytes[start + 1] == 0x3F {
      opening = 2
      last = 0x3F
    } else if let length = Self.opening("<!--", bytes, start, count) {
      guard length > 0 else { return Outcome(feedEnd: start) }
      opening = length
      last = 0x2D
    } else if let length = Self.opening("<![CDATA[", bytes, start, count) {
      guard length > 0 else { return Outcome(feedEnd: start) }
      opening = length
      last = 0x5D
      limit = textBytes
    } else if let length = Self.opening("<!DOCTYPE", bytes, start, count) {
      return length > 0 ? refuse(.doctype) : Outcome(feedEnd: start)
    } else {
      return refuse(.declaration)
    }
    // The closing mark is `?>`, `-->` or `]]>`.
    let closing = last == 0x3F ? 2 : 3
    var index = max(scanned, start + opening + closing - 1)
    while true {
      index = XMLByteScan.first(0x3E, bytes, from: min(index, count), to: count)
      let content = index + 1 - closing - start - opening
      if content > limit || (index == count && count - start - opening - closing > limit) {
        return refuse(last == 0x5D ? .textLimit : .markupLimit)
      }
      if index == count {
        scanned = max(scanned, count)
        return Outcome(feedEnd: start)
      }
      if bytes[index - 1] == last, closing == 2 || bytes[index - 2] == last {
        close(at: index + 1)
        return nil
      }
      index += 1
    }
  }

  /// The mark's length if it stands here, 0 if the window ends inside it, nil if something else stands here.
  private static func opening(_ mark: StaticString, _ bytes: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
    let length = mark.utf8CodeUnitCount
    for index in 0..<length {
      if start + index >= count { return 0 }
      // SAFETY: a StaticString of ASCII literals has a pointer representation with `length` readable bytes.
      if bytes[start + index] != mark.utf8Start[index] { return nil }
    }
    return length
  }

  private func refuse(_ refusal: Refusal) -> Outcome {
    Outcome(feedEnd: tokenStart, refusal: refusal, refusedAt: tokenStart)
  }

  /// Where text may be cut so that libxml2 reads the same whatever the pieces: not inside a character, a
  /// reference, `]]>` or CR LF.
  private func textEnd(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var end = count
    var index = count
    let low = max(tokenStart, count - 4096)
    while index > low, bytes[index - 1] != 0x3B {
      index -= 1
      if bytes[index] == 0x26 {
        end = index
        break
      }
    }
    var back = 1
    while back <= 3, end - back >= tokenStart, bytes[end - back] & 0xC0 == 0x80 { back += 1 }
    if end - back >= tokenStart {
      let lead = bytes[end - back]
      let need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
      if need > back { end -= back }
    }
    var brackets = 0
    while brackets < 2, end > tokenStart, bytes[end - 1] == 0x5D {
      end -= 1
      brackets += 1
    }
    if brackets == 0, end > tokenStart, bytes[end - 1] == 0x0D { end -= 1 }
    return end
  }
}
