// UNSAFE FILE: reads tags of a stretch through raw pointers; every index is below the stretch's length, or below a mark of
// it. Eight bytes behind the window are readable (``TextBlock``).

import CLibXML2

extension XMLPlainReader {
  /// The token at the `<` where the stretch is.
  @inline(__always)
  mutating func readTag(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder) -> Step {
    let bytes = stretch.bytes
    let at = stretch.at
    guard stretch.mark &+ 1 < stretch.markCount else { return .needsMore }
    // No tag holds a `<`, a `&` that we take, or a character that XML forbids, so this is its `>`, or one in a value.
    let end = Int(stretch.marks[stretch.mark &+ 1])
    switch bytes[at &+ 1] {
    case 0x2F: return readEndTag(&stretch, &builder, end)
    case 0x21: return readMarkup(&stretch, &builder)
    default: break
    }
    // The name that came behind the last one last time, if it is that one again.
    var index = (names.entries + previous).pointee.next
    let guess = names.entries + index
    var after = at &+ 1 &+ guess.pointee.length
    if after > end || !Self.endsName(bytes[after])
      || !XMLPlainNames.equal(bytes + at + 1, guess.pointee.text, guess.pointee.length)
    {
      let length = XMLPlainNames.length(bytes + at + 1, limit: end &- at &- 1)
      after = at &+ 1 &+ length
      guard Self.endsName(bytes[after]), let found = names.find(bytes + at + 1, length: length) else {
        return .handsOver
      }
      (names.entries + previous).pointee.next = found
      index = found
    }
    if bytes[after] == 0x3E, readLeaf(&stretch, &builder, index, after) {
      previous = index
      return .next
    }
    let step = readStartTag(&stretch, &builder, index, after)
    if step == .next { previous = index }
    return step
  }

  // MARK: Inside

  @inline(__always)
  private static func endsName(_ byte: UInt8) -> Bool {
    byte == 0x3E || byte == 0x20 || byte == 0x2F || byte == 0x0A || byte == 0x09 || byte == 0x0D
  }

  /// `<name>text</name>` as a whole, which is what most of a document consists of; false, and nothing done, if it is
  /// anything else.
  ///
  /// - Parameter after: where the start tag's `>` stands.
  @inline(__always)
  private mutating func readLeaf(
    _ stretch: inout Stretch, _ builder: inout XMLRecordBuilder, _ index: Int, _ after: Int
  ) -> Bool {
    guard stretch.mark &+ 3 < stretch.markCount else { return false }
    let bytes = stretch.bytes
    let end = Int(stretch.marks[stretch.mark &+ 2])
    let last = Int(stretch.marks[stretch.mark &+ 3])
    let name = names.entries + index
    let length = name.pointee.length
    // SAFETY: end + 1 <= last, which is a mark.
    guard bytes[end] == 0x3C, bytes[end &+ 1] == 0x2F, last &- end == length &+ 2, bytes[last] == 0x3E,
      length &+ 3 <= startTagBytes, XMLPlainNames.equal(bytes + end + 2, name.pointee.text, length)
    else { return false }
    let parent = builder.frames[builder.depth &- 1].node
    if name.pointee.parent != parent {
      guard let node = builder.paths.find(name.pointee.interned, below: parent, attribute: false) else { return false }
      name.pointee.parent = parent
      name.pointee.node = node
    }
    tellLines(&stretch, &builder, to: stretch.at)
    let isTaken = builder.leaf(
      name.pointee.interned, uri: name.pointee.uri, node: name.pointee.node, start: stretch.start &+ stretch.at,
      text: bytes + after + 1, count: end &- after &- 1)
    guard isTaken else { return false }
    stretch.at = last &+ 1
    stretch.mark &+= 4
    return true
  }

  /// - Parameter after: where the name ends.
  private mutating func readStartTag(
    _ stretch: inout Stretch, _ builder: inout XMLRecordBuilder, _ index: Int, _ after: Int
  ) -> Step {
    let bytes = stretch.bytes
    var end = after
    var count = 0
    while true {
      let gap = end
      while true {
        guard end &+ 1 < stretch.count else { return .needsMore }
        let byte = bytes[end]
        if byte == 0x0D {
          guard bytes[end &+ 1] == 0x0A else { return .handsOver }
        } else if byte != 0x20, byte != 0x0A, byte != 0x09 {
          break
        }
        end &+= 1
      }
      if bytes[end] == 0x3E || (bytes[end] == 0x2F && bytes[end &+ 1] == 0x3E) { break }
      guard end > gap, count < attributeCount else { return .handsOver }
      let step = readAttribute(stretch, &end, count)
      if step != .next { return step }
      count &+= 1
    }
    let isEmpty = bytes[end] == 0x2F
    let length = end &+ (isEmpty ? 2 : 1) &- stretch.at
    guard length <= startTagBytes else { return .handsOver }
    tellLines(&stretch, &builder, to: stretch.at)
    builder.now = stretch.start &+ end
    let name = names.entries + index
    builder.startElement(
      name.pointee.interned, uri: name.pointee.uri, start: stretch.start &+ stretch.at, declared: nil,
      declaredCount: 0, attributes: attributes, attributeCount: count)
    stretch.at &+= length
    while stretch.mark < stretch.markCount, Int(stretch.marks[stretch.mark]) < stretch.at { stretch.mark &+= 1 }
    guard !builder.hasFailed else { return .next }
    if isEmpty {
      builder.now = stretch.start &+ stretch.at
      builder.endElement()
    } else {
      // SAFETY: the builder has taken the element, so depth <= its limit.
      open[builder.depth &- 1] = index
    }
    return .next
  }

  /// One attribute, whose first byte is at `end`; moves `end` behind it.
  private mutating func readAttribute(_ stretch: Stretch, _ end: inout Int, _ count: Int) -> Step {
    let bytes = stretch.bytes
    let length = XMLPlainNames.length(bytes + end, limit: stretch.count &- end)
    let value = end &+ length &+ 2
    guard value < stretch.count else { return .needsMore }
    let quote = bytes[value &- 1]
    guard bytes[value &- 2] == 0x3D, quote == 0x22 || quote == 0x27 else { return .handsOver }
    var close = value
    while true {
      guard close < stretch.count else { return .needsMore }
      let byte = bytes[close]
      if byte == quote { break }
      // White space would be normalised; U+FFFE and U+FFFF are marks, which the caller meets if there is one.
      if byte < 0x20 || byte == 0x26 || byte == 0x3C { return .handsOver }
      if byte == 0xBF || byte == 0xBE, bytes[close &- 1] == 0xBF, bytes[close &- 2] == 0xEF { return .handsOver }
      close &+= 1
    }
    guard let index = names.find(bytes + end, length: length) else { return .handsOver }
    let name = (names.entries + index).pointee.interned
    // The same local name twice may be right, with prefixes: libxml2 knows.
    for other in 0..<count where attributes[5 &* other] == name { return .handsOver }
    // SAFETY: count < attributeLimit. Prefix and URI of an attribute are nothing to the builder.
    attributes[5 &* count] = name
    attributes[5 &* count &+ 3] = bytes + value
    attributes[5 &* count &+ 4] = bytes + close
    end = close &+ 1
    return .next
  }

  /// - Parameter end: the mark behind the tag's `<`.
  @inline(__always)
  private mutating func readEndTag(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder, _ end: Int) -> Step {
    // The root's end is libxml2's, with everything behind it.
    guard builder.depth > 1, stretch.bytes[end] == 0x3E else { return .handsOver }
    let name = names.entries + open[builder.depth &- 1]
    guard end &- stretch.at == name.pointee.length &+ 2, end < stretch.at &+ startTagBytes,
      XMLPlainNames.equal(stretch.bytes + stretch.at + 2, name.pointee.text, name.pointee.length)
    else { return .handsOver }
    stretch.at = end &+ 1
    stretch.mark &+= 2
    builder.now = stretch.start &+ stretch.at
    builder.endElement()
    lowest = min(lowest, builder.depth)
    return .next
  }

  /// A comment or a CDATA section.
  private func readMarkup(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder) -> Step {
    let bytes = stretch.bytes + stretch.at
    let count = stretch.count - stretch.at
    guard count > 11 else { return .needsMore }
    let mark = UnsafeBufferPointer(start: bytes, count: 9)
    if mark.elementsEqual("<![CDATA[".utf8) { return readSection(&stretch, &builder) }
    guard mark.starts(with: "<!--".utf8) else { return .handsOver }
    var end = 4
    while bytes[end] != 0x2D || bytes[end + 1] != 0x2D {
      end += 1
      guard end + 2 < count else { return .needsMore }
    }
    guard bytes[end + 2] == 0x3E, end - 4 <= commentBytes else { return .handsOver }
    return skip(&stretch, to: stretch.at + end + 3, allowsBreaks: true)
  }

  private func readSection(_ stretch: inout Stretch, _ builder: inout XMLRecordBuilder) -> Step {
    let bytes = stretch.bytes
    let start = stretch.at + 9
    var mark = stretch.mark + 1
    while true {
      guard mark < stretch.markCount else { return .needsMore }
      let end = Int(stretch.marks[mark])
      mark += 1
      guard bytes[end] == 0x3E, end >= start + 2, bytes[end - 1] == 0x5D, bytes[end - 2] == 0x5D else { continue }
      let count = end - 2 - start
      guard count <= sectionBytes, builder.hasRoom(forText: count) else { return .handsOver }
      let step = skip(&stretch, to: end + 1, allowsBreaks: false)
      if step == .next { builder.characters(bytes + start, count: count) }
      return step
    }
  }

  /// Moves behind markup, unless a character in it is XML's or libxml2's business.
  private func skip(_ stretch: inout Stretch, to end: Int, allowsBreaks: Bool) -> Step {
    var mark = stretch.mark
    while mark < stretch.markCount, Int(stretch.marks[mark]) < end {
      let at = Int(stretch.marks[mark])
      switch stretch.bytes[at] {
      case 0x3C, 0x3E, 0x26: break
      // SAFETY: the byte before `end` is `>`, so there is one behind this.
      case 0x0D where allowsBreaks && stretch.bytes[at + 1] == 0x0A: break
      default: return .handsOver
      }
      mark += 1
    }
    stretch.mark = mark
    stretch.at = end
    return .next
  }
}
