// UNSAFE FILE: reads a stretch of the window through raw pointers. Every index comes from the marks of that stretch or is
// checked against its length; eight bytes behind the window are readable (``TextBlock``).

import CLibXML2

/// Reads the content of a root element as long as it is plain, and gives the builder what libxml2 would give it.
///
/// Plain is: elements and attributes, with no prefix or with one that the root has declared; attribute values that stand
/// for themselves; text with LF or CR LF, predefined entities and character references; CDATA sections and comments.
/// Whatever else comes, or is wrong, or would be over a limit, is not touched: the reader stops before that token and
/// libxml2 reads it, so it stays the judge of every doubt and says every error. No token is passed on in part.
///
/// Vector kernels mark the bytes at which text may end (``Kernels/xmlMarks(in:into:feeds:level:)``), a stretch at a time;
/// between two marks there is nothing to look at.
struct XMLPlainReader: ~Copyable {
  /// What ended the reading.
  enum Pause {
    /// The window ends inside a token, or at its border.
    case needsMore
    /// The token at the position is not plain.
    case handsOver
  }

  /// Bytes marked at once; a token other than text that is longer is not plain.
  static let stretchBytes = 32 << 10
  /// More attributes are not plain.
  static let attributeLimit = 32

  /// One stretch and where in it the reader is.
  struct Stretch {
    let bytes: UnsafePointer<UInt8>
    let count: Int
    /// Offset of the first byte in the decoded text.
    let start: Int
    let marks: UnsafePointer<UInt32>
    let markCount: Int
    /// The next mark.
    var mark = 0
    /// Everything before has been passed on.
    var at = 0
    /// The word of line feeds that is being counted, and what is left of it.
    var feedWord = 0
    var feedsLeft: UInt64
  }

  enum Step { case next, needsMore, handsOver }

  var names: XMLPlainNames
  let startTagBytes: Int
  let attributeCount: Int
  let sectionBytes: Int
  let commentBytes: Int

  private let stretchBytes: Int
  private let marks: UnsafeMutablePointer<UInt32>
  private let feeds: UnsafeMutablePointer<UInt64>
  /// Name of every open element: index 0 is the root.
  let open: UnsafeMutablePointer<Int>
  private let openCount: Int
  /// Five pointers an attribute, as libxml2 passes them.
  let attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>
  /// A character from a reference.
  let character: UnsafeMutablePointer<UInt8>
  /// Name of the last start tag.
  var previous = 0
  /// The fewest elements that were open since libxml2 has read last: so many of its own are open still.
  var lowest = 1
  /// Names of the elements that libxml2 knows to be open, without the root.
  private var told: [Int] = []

  /// nil if the root has no plain name.
  init?(
    root: UnsafePointer<xmlChar>, prefixes: [XMLPlainNames.Prefix], dictionary: xmlDictPtr, depthLimit: Int,
    limits: ReadingLimits, stretchBytes: Int = XMLPlainReader.stretchBytes
  ) {
    var names = XMLPlainNames(dictionary, prefixes: prefixes)
    guard names.find(root, length: Int(xmlStrlen(root))) != nil else { return nil }
    self.names = names
    self.stretchBytes = stretchBytes
    startTagBytes = max(1, limits.startTagBytes)
    attributeCount = min(Self.attributeLimit, limits.attributes)
    sectionBytes = max(0, limits.textBytes)
    commentBytes = min(XMLGuard.markupBytes, max(0, limits.textBytes))
    marks = .allocate(capacity: stretchBytes + 64)
    feeds = .allocate(capacity: stretchBytes / 64 + 1)
    feeds.initialize(repeating: 0, count: stretchBytes / 64 + 1)
    openCount = depthLimit + 1
    open = .allocate(capacity: openCount)
    open.initialize(repeating: 0, count: openCount)
    attributes = .allocate(capacity: 5 * Self.attributeLimit)
    attributes.initialize(repeating: nil, count: 5 * Self.attributeLimit)
    character = .allocate(capacity: 8)
    character.initialize(repeating: 0, count: 8)
  }

  deinit {
    marks.deallocate()
    feeds.deallocate()
    open.deallocate()
    attributes.deallocate()
    character.deallocate()
  }

  /// Reads the window from `position` on, which is moved behind the last token passed on.
  mutating func read(_ builder: inout XMLRecordBuilder, from position: inout Int) -> Pause {
    let window = builder.block.text
    while !builder.hasFailed, position < window.count {
      let text = UnsafeRawBufferPointer(rebasing: window[position..<min(window.count, position + stretchBytes)])
      guard let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { break }
      let found = Kernels.xmlMarks(in: text, into: marks, feeds: feeds)
      // The builder has counted a CR LF at its CR.
      if builder.lineAfterCR { feeds[0] &= ~1 }
      var stretch = Stretch(
        bytes: bytes, count: text.count, start: builder.windowStart &+ position, marks: marks, markCount: found,
        feedsLeft: feeds[0])
      let step = read(&stretch, &builder)
      if stretch.at == 0, step == .needsMore, text.count == stretchBytes {
        // Longer than a stretch: text may pass in parts.
        guard passPart(&stretch, &builder) else { return .handsOver }
      }
      if stretch.at > 0 {
        tellLines(&stretch, &builder, to: stretch.at)
        builder.lineAfterCR = bytes[stretch.at &- 1] == 0x0D
        if builder.lineAfterCR { builder.lines &+= 1 }
      }
      position &+= stretch.at
      if step == .handsOver { return .handsOver }
      if text.count < stretchBytes { break }
    }
    return .needsMore
  }

  /// The tags that libxml2 has missed, as far as they matter: the end tags of elements that it believes to be open, and the
  /// start tags of those that are, with their indexes among the frames.
  mutating func missedTags(depth: Int) -> [(tag: [CChar], frame: Int?)] {
    var tags: [(tag: [CChar], frame: Int?)] = []
    while told.count > lowest - 1, let name = told.popLast() { tags.append((tag("</", name), nil)) }
    for index in told.count + 1..<max(told.count + 1, depth) {
      told.append(open[index])
      tags.append((tag("<", open[index]), index))
    }
    return tags
  }

  /// libxml2 has read, and no more than what was open before is open.
  mutating func resume(depth: Int) {
    told.removeLast(max(0, told.count - (depth - 1)))
    lowest = depth
  }

  private func tag(_ start: String, _ name: Int) -> [CChar] {
    let entry = names.entries[name]
    let text = UnsafeBufferPointer(start: entry.text, count: entry.length)
    return (Array(start.utf8) + text + [0x3E]).map { CChar(bitPattern: $0) }
  }

  /// Tells the builder how many lines end before `offset`, which is not before the offset of the last call.
  @inline(__always)
  func tellLines(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder, to offset: Int) {
    let word = offset &>> 6
    var lines = 0
    while stretch.feedWord < word {
      lines &+= Self.count(stretch.feedsLeft)
      stretch.feedWord &+= 1
      // SAFETY: there is a word behind the last byte's.
      stretch.feedsLeft = feeds[stretch.feedWord]
    }
    let mask = (1 &<< UInt64(truncatingIfNeeded: offset & 63)) &- 1
    lines &+= Self.count(stretch.feedsLeft & mask)
    stretch.feedsLeft &= ~mask
    builder.lines &+= lines
    builder.lineOffset = stretch.start &+ offset
    builder.lineAfterCR = false
  }

  /// Set bits, of which there are few: every line feed is counted once.
  @inline(__always)
  private static func count(_ word: UInt64) -> Int {
    var word = word
    var count = 0
    while word != 0 {
      word &= word &- 1
      count &+= 1
    }
    return count
  }

  // MARK: Inside

  private mutating func read(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder) -> Step {
    while !builder.hasFailed {
      guard stretch.mark < stretch.markCount else { return .needsMore }
      let mark = Int(stretch.marks[stretch.mark])
      var step = Step.next
      if mark > stretch.at || stretch.bytes[mark] != 0x3C { step = readText(&stretch, &builder) }
      if step == .next, stretch.mark < stretch.markCount { step = readTag(&stretch, &builder) }
      if step != .next { return step }
    }
    return .next
  }

  /// Text that has no end in a whole stretch: all of it but what may be the start of `]]>` or half a character.
  private func passPart(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder) -> Bool {
    let bytes = stretch.bytes
    guard bytes[0] != 0x3C, bytes[0] != 0x26 else { return false }
    for index in 0..<stretch.markCount where bytes[Int(stretch.marks[index])] != 0x3E { return false }
    var end = stretch.count
    while end > stretch.count - 2, bytes[end - 1] == 0x5D { end -= 1 }
    if end == stretch.count {
      repeat { end -= 1 } while end > stretch.count - 4 && bytes[end] & 0xC0 == 0x80
    }
    guard end > 0, builder.hasRoom(forText: end) else { return false }
    builder.characters(bytes, count: end)
    stretch.at = end
    return true
  }

  /// Text up to the next tag, with its references. The stretch is then at a `<`, or as far as it is plain.
  @inline(__always)
  private func readText(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder) -> Step {
    let bytes = stretch.bytes
    while true {
      guard stretch.mark < stretch.markCount else { return .needsMore }
      let mark = Int(stretch.marks[stretch.mark])
      let at = stretch.at
      switch bytes[mark] {
      case 0x3C:
        if isIndent(stretch, to: mark), builder.hasRoom(forText: mark &- at), builder.blank(mark &- at) {
          stretch.at = mark
          return .next
        }
        return pass(&stretch, &builder, to: mark) ? .next : .handsOver
      case 0x3E:
        // `]]>` may not stand in text; the text goes on behind any other.
        if mark &- at >= 2, bytes[mark &- 1] == 0x5D, bytes[mark &- 2] == 0x5D { return .handsOver }
        stretch.mark &+= 1
      case 0x26:
        guard pass(&stretch, &builder, to: mark) else { return .handsOver }
        let step = readReference(&stretch, &builder)
        if step != .next { return step }
      case 0x0D:
        guard mark &+ 1 < stretch.count else { return .needsMore }
        guard bytes[mark &+ 1] == 0x0A, pass(&stretch, &builder, to: mark) else { return .handsOver }
        stretch.at = mark &+ 1
        stretch.mark &+= 1
      default:
        return .handsOver
      }
    }
  }

  /// Only white space up to `end`, where a start tag begins. No control character but TAB and LF comes without a mark.
  @inline(__always)
  private func isIndent(_ stretch: Stretch, to end: Int) -> Bool {
    guard end &+ 1 < stretch.count else { return false }
    let next = stretch.bytes[end &+ 1]
    guard next != 0x2F, next != 0x21, next != 0x3F else { return false }
    let text = UnsafeRawPointer(stretch.bytes)
    var index = stretch.at
    while index < end {
      // SAFETY: eight bytes are readable behind the window; those behind `end` are masked away.
      var word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      if end &- index < 8 { word &= (1 &<< UInt64(truncatingIfNeeded: 8 &* (end &- index))) &- 1 }
      // Bit 7 of every byte above 0x20.
      if (((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x5F5F_5F5F_5F5F_5F5F) | word) & 0x8080_8080_8080_8080 != 0 {
        return false
      }
      index &+= 8
    }
    return true
  }

  @inline(__always)
  private func pass(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder, to end: Int) -> Bool {
    let count = end &- stretch.at
    guard count > 0 else { return true }
    guard builder.hasRoom(forText: count) else { return false }
    builder.characters(stretch.bytes + stretch.at, count: count)
    stretch.at = end
    return true
  }

  private func readReference(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder) -> Step {
    let found = XMLPlainReference.read(stretch.bytes + stretch.at, limit: stretch.count - stretch.at)
    switch found {
    case .incomplete: return .needsMore
    case .other: return .handsOver
    case .scalar(let value, let length):
      let count = XMLPlainReference.encode(value, into: character)
      guard builder.hasRoom(forText: count) else { return .handsOver }
      builder.characters(character, count: count)
      stretch.at &+= length
      stretch.mark &+= 1
      return .next
    }
  }
}
