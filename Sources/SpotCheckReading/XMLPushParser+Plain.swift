// UNSAFE FILE: asks libxml2's context where it stands and feeds it tags. The context lives as long as the parser.

import CLibXML2

/// How libxml2 and the plain reader take turns.
extension XMLPushParser {
  /// Lets libxml2 read up to the end of the next tag, and no further if the plain reader can go on from there.
  mutating func readTagByTag(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
    while phase == .tagByTag, searched < count, !hasFailed {
      searched = min(count, XMLByteScan.first(0x3E, bytes, from: searched, to: count) + 1)
      check(bytes, searched, atEnd: false)
      guard !hasFailed, state.pointee.builder.hasRoot else { continue }
      let isFirst = handOvers == 0
      if isBetweenTags, isFirst ? startPlainReader() : state.pointee.builder.depth <= handOverDepth {
        resume()
      } else if isFirst || state.pointee.builder.depth == 0 {
        phase = .libxml2
      }
    }
  }

  /// libxml2 has been given all that was searched, has read all of it, and stands inside the root between two tokens.
  private var isBetweenTags: Bool {
    guard let context = state.pointee.context, let input = context.pointee.input else { return false }
    return fed == searched && scanner.mode == .text && input.pointee.cur == input.pointee.end
      && context.pointee.instate == XML_PARSER_CONTENT
      && context.pointee.nameNr == state.pointee.builder.depth && state.pointee.builder.depth > 0
      && state.pointee.offset == state.pointee.builder.windowStart + fed
      && (handOvers == 0 || context.pointee.nsNr == rootNamespaces)
  }

  private mutating func startPlainReader() -> Bool {
    guard let context = state.pointee.context, let dictionary = context.pointee.dict,
      let root = state.pointee.builder.frames[0].name, state.pointee.builder.depth == 1
    else { return false }
    rootNamespaces = context.pointee.nsNr
    var prefixes: [XMLPlainNames.Prefix] = []
    // SAFETY: nsTab holds nsNr interned strings, prefix and URI in turn.
    for index in stride(from: 0, to: Int(rootNamespaces), by: 2) {
      // The default namespace may be declared to be none.
      let uri = context.pointee.nsTab[index + 1].flatMap { $0.pointee == 0 ? nil : $0 }
      prefixes.append(XMLPlainNames.Prefix(name: context.pointee.nsTab[index], uri: uri))
    }
    plain = XMLPlainReader(
      root: root, prefixes: prefixes, dictionary: dictionary, depthLimit: state.pointee.builder.depthLimit,
      limits: state.pointee.builder.limits, stretchBytes: plainStretch)
    return plain != nil
  }

  private mutating func resume() {
    phase = .plain
    plain?.resume(depth: state.pointee.builder.depth)
    guard let input = state.pointee.context?.pointee.input else { return }
    lineShift = Int(input.pointee.line) - state.pointee.builder.line(of: state.pointee.builder.windowStart + fed)
  }

  mutating func readPlain() {
    let before = fed
    let pause = plain?.read(&state.pointee.builder, from: &fed) ?? .handsOver
    plainBytes += fed - before
    credit = min(Self.handOverCredit * Self.creditBytes, credit + fed - before)
    if pause == .handsOver, !hasFailed { handOver() }
  }

  /// libxml2 goes on where the plain reader has stopped. It is told which elements are open, and where it is.
  mutating func handOver() {
    let start = state.pointee.builder.windowStart + fed
    if firstHandOver == nil { firstHandOver = start }
    handOvers += 1
    handOverDepth = state.pointee.builder.depth
    credit -= Self.creditBytes
    phase = credit > 0 ? .tagByTag : .libxml2
    searched = fed
    scanner.begin(at: fed)
    guard let context = state.pointee.context, let input = context.pointee.input else { return unexplained() }
    state.pointee.isRepeating = true
    for (tag, frame) in plain?.missedTags(depth: handOverDepth) ?? [] {
      // Messages name the line of a start tag.
      if let frame {
        input.pointee.line = Int32(truncatingIfNeeded: state.pointee.builder.frames[frame].line + lineShift)
      }
      _ = xmlParseChunk(context, tag, Int32(tag.count), 0)
    }
    state.pointee.isRepeating = false
    guard !hasFailed, context.pointee.nameNr == handOverDepth, input.pointee.cur == input.pointee.end else {
      return unexplained()
    }
    let line = state.pointee.builder.line(of: start) - (state.pointee.builder.lineAfterCR ? 1 : 0)
    input.pointee.line = Int32(truncatingIfNeeded: line + lineShift)
    state.pointee.prefix += state.pointee.offset - start
  }
}
