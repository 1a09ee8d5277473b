// UNSAFE FILE: drives libxml2's push parser. The context and the state it calls back with live at fixed heap
// addresses from init to deinit; callbacks are non-capturing functions outside any actor and reach the state
// through one accessor.

import CLibXML2
import SpotCheckModel

/// libxml2's process-wide set-up: no entity is ever loaded, nothing is ever printed.
private enum XMLRuntime {
  /// Once per process, thread-safe as every static let.
  static let once: Void = {
    xmlInitParser()
    xmlSetExternalEntityLoader { _, _, _ in nil }
    xmlSetStructuredErrorFunc(nil) { _, _ in }
  }()
}

/// What the callbacks see.
struct XMLParserState: ~Copyable {
  var builder: XMLRecordBuilder
  var context: xmlParserCtxtPtr?
  /// Bytes that libxml2 was fed and the document does not have.
  var prefix = 0
  /// There is no more text: an error at its end means that the document was cut.
  var isEnding = false
  /// libxml2 reads the last of what it has: that it ends there is no error.
  var isSettling = false
  /// libxml2 is told what the plain reader has read: the builder knows it already.
  var isRepeating = false

  /// Offset in the decoded text of libxml2's reading position.
  var offset: Int {
    @inline(__always) get {
      guard let input = context?.pointee.input else { return 0 }
      // SAFETY: base <= cur <= end are pointers into one buffer.
      return Int(bitPattern: input.pointee.consumed) &+ (input.pointee.cur - input.pointee.base) &- prefix
    }
  }

  /// Makes libxml2 ignore the rest of what it has, without freeing the buffers that its callers still use.
  mutating func stop() {
    context?.pointee.wellFormed = 0
    context?.pointee.disableSAX = 1
    context?.pointee.errNo = Int32(XML_ERR_USER_STOP.rawValue)
  }
}

/// One document on its way to the builder. The text is appended to `block` by the owner.
///
///     prologue and start tag of the root      guard, libxml2
///     what is inside the root and plain       plain reader
///     what is not plain, the root's end tag   guard, libxml2
///
/// libxml2 is the judge: whatever the plain reader does not know comes to it, and so does every error. It is told then
/// which elements are open, reads on tag by tag, and gives back as soon as no more are open than before.
struct XMLPushParser: ~Copyable {
  /// Who reads.
  enum Phase: Equatable {
    /// libxml2, up to the next tag from which the plain reader can go on.
    case tagByTag
    case plain
    /// libxml2, to the end.
    case libxml2
  }

  /// Changing readers costs as much as reading a kilobyte or two: a document where little is plain stays with libxml2.
  static let handOverCredit = 64
  static let creditBytes = 512

  let state: UnsafeMutablePointer<XMLParserState>
  var scanner: XMLGuard
  private var hasStarted = false
  var phase: Phase
  /// Bytes of the window that libxml2, or the plain reader, is done with.
  var fed = 0
  /// Bytes of the window that have been looked at.
  private var seen = 0
  /// Up to where the window was searched for the end of a tag.
  var searched = 0
  var plain: XMLPlainReader?
  let plainStretch: Int
  /// Lines that libxml2 counts beyond the builder: it takes a lone CR for none.
  var lineShift = 0
  /// Elements open when the plain reader has handed over, and the root's namespace declarations.
  var handOverDepth = 0
  var rootNamespaces: Int32 = 0
  var credit = XMLPushParser.handOverCredit * XMLPushParser.creditBytes
  /// What the plain reader has read and how often it has handed over, the first time at which offset of the decoded text.
  var plainBytes = 0
  var handOvers = 0
  var firstHandOver: Int?
  private(set) var isComplete = false
  private let wantsRecords: Bool

  /// - Parameter plainStretch: bytes that the plain reader looks at in one go; 0 switches it off (tests).
  init(options: XMLReadingOptions, limits: ReadingLimits, plainStretch: Int = XMLPlainReader.stretchBytes) {
    XMLRuntime.once
    scanner = XMLGuard(limits: limits)
    phase = plainStretch > 0 ? .tagByTag : .libxml2
    self.plainStretch = plainStretch
    wantsRecords = options.recordPath != nil
    state = .allocate(capacity: 1)
    var handler = XMLCallbacks.handler()
    // SAFETY: libxml2 copies the handler; the state is initialised before the first callback and outlives the context.
    let context = xmlCreatePushParserCtxt(&handler, state, nil, 0, nil)
    if let context { xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue)) }
    let builder = XMLRecordBuilder(options: options, limits: limits) { name in
      context.flatMap { xmlDictLookup($0.pointee.dict, name, -1) }
    }
    state.initialize(to: XMLParserState(builder: builder, context: context))
  }

  deinit {
    if let context = state.pointee.context {
      if let document = context.pointee.myDoc { xmlFreeDoc(document) }
      xmlFreeParserCtxt(context)
    }
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// The document has failed; nothing more will come of it.
  var hasFailed: Bool { state.pointee.builder.hasFailed }

  /// Takes as much of the block's text as is complete; with `atEnd`, all of it.
  mutating func parse(atEnd: Bool) {
    guard !isComplete, !hasFailed else { return }
    guard state.pointee.context != nil else {
      return fail(.xmlNotWellFormed, at: 0, "libxml2 has no memory for a parser", zh: "libxml2 内存不足")
    }
    if !hasStarted {
      // Only now the block knows where its text starts in the payload (a byte order mark may stand before it).
      state.pointee.builder.cursor = PayloadCursor(state.pointee.builder.block)
      guard start(atEnd: atEnd) else { return }
      hasStarted = true
    }
    let text = state.pointee.builder.block.text
    if let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self), text.count > 0 {
      repeat {
        if phase == .tagByTag { readTagByTag(bytes, text.count) }
        if phase == .plain { readPlain() }
      } while phase == .tagByTag && searched < text.count && !hasFailed
      // What is not whole at the end is for libxml2 to judge.
      if phase == .plain, atEnd, !hasFailed { handOver() }
      if phase != .plain { check(bytes, text.count, atEnd: atEnd) }
      if !hasFailed, !atEnd { forget() }
      seen = state.pointee.builder.block.count
    }
    if atEnd, !hasFailed {
      if phase == .plain { handOver() }
      finish()
    }
  }

  /// No more text will come, because it cannot be read: what the plain reader still waits for the end of is judged as far
  /// as it goes, as it would have been without it.
  mutating func breakOff() {
    guard phase == .plain, !hasFailed, !isComplete else { return }
    handOver()
    let text = state.pointee.builder.block.text
    guard let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    check(bytes, min(seen, text.count), atEnd: false)
  }

  /// The failure as a diagnostic; drops the record that was open.
  mutating func diagnostic() -> Diagnostic? {
    guard let failure = state.pointee.builder.failure else { return nil }
    state.pointee.builder.dropOpenRecord()
    let position = state.pointee.builder.position(of: failure.offset)
    return Diagnostic(failure.code, at: position, failure.message, zh: failure.zh)
  }

  /// No more will come: forgets an unfinished record and closes the last chunk.
  mutating func close() {
    state.pointee.builder.dropOpenRecord()
    state.pointee.builder.finishChunk()
  }

  // MARK: Inside

  /// Feeds libxml2 what the guard lets through of the window's first `count` bytes.
  mutating func check(_ bytes: UnsafePointer<UInt8>, _ count: Int, atEnd: Bool) {
    guard !hasFailed else { return }
    let outcome = scanner.scan(bytes, count: count)
    // At the end nothing can complete a reference or a bracket, so the text goes as it is.
    let isRest = atEnd && outcome.refusal == nil && scanner.mode == .text
    let end = max(fed, isRest ? count : outcome.feedEnd)
    feed(bytes + fed, end - fed)
    fed = end
    guard !hasFailed, let refusal = outcome.refusal else { return }
    settle()
    if !hasFailed {
      refuse(refusal, at: state.pointee.builder.windowStart + outcome.refusedAt)
    }
  }

  /// Drops from the window what has been read. What libxml2 has not read yet stays: an error in it must find its line.
  private mutating func forget() {
    let read = phase == .plain ? fed : state.pointee.offset - state.pointee.builder.windowStart
    let used = min(fed, max(0, read))
    state.pointee.builder.discard(used)
    scanner.drop(used)
    fed -= used
    searched = max(0, searched - used)
  }

  private mutating func fail(_ code: DiagnosticCode, at offset: Int, _ message: String, zh: String) {
    state.pointee.builder.fail(code, at: offset, message, zh: zh)
  }

  /// Reads the XML declaration; false as long as it is not whole, or if it is bad.
  private mutating func start(atEnd: Bool) -> Bool {
    let text = state.pointee.builder.block.text
    switch XMLDeclaration.check(text, atEnd: atEnd) {
    case .incomplete:
      return false
    case .bad(let offset, let message):
      fail(.xmlNotWellFormed, at: offset, message, zh: "XML 声明有误")
      return false
    case .valid(let encoding, _):
      // SAFETY: the range lies in the block's text, which nobody else looks at now.
      let bytes = state.pointee.builder.block.base.assumingMemoryBound(to: UInt8.self)
      for index in encoding ?? 0..<0 where bytes[index] != 10 && bytes[index] != 13 { bytes[index] = 0x20 }
    case .none:
      // libxml2 guesses the encoding from the first four bytes; these say UTF-8.
      let declaration: StaticString = "<?xml version=\"1.0\"?>"
      state.pointee.prefix = declaration.utf8CodeUnitCount
      declaration.withUTF8Buffer { bytes in
        bytes.withMemoryRebound(to: CChar.self) { chars in
          _ = xmlParseChunk(state.pointee.context, chars.baseAddress, Int32(chars.count), 0)
        }
      }
    }
    return true
  }

  private mutating func feed(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
    guard count > 0, let context = state.pointee.context else { return }
    var done = 0
    while done < count, !hasFailed {
      let size = min(count - done, 1 << 20)
      // SAFETY: done + size <= count bytes are readable; the block does not move while libxml2 runs.
      let result = UnsafeRawPointer(bytes + done).withMemoryRebound(to: CChar.self, capacity: size) {
        xmlParseChunk(context, $0, Int32(size), 0)
      }
      if result != 0, !hasFailed { unexplained() }
      done += size
    }
    // Only a reference without its ';' makes libxml2 wait; it must not wait for ever.
    if !hasFailed, let input = context.pointee.input, input.pointee.end - input.pointee.cur > 1 << 20 {
      _ = xmlParseChunk(context, nil, 0, 1)
      if !hasFailed { unexplained() }
    }
  }

  private mutating func finish() {
    let end = state.pointee.builder.windowStart + state.pointee.builder.block.count
    if scanner.mode != .text {
      guard isInsideBrokenTag else {
        settle()
        return truncated(at: end)
      }
      // A tag broken by '<' waits for a '>' that the guard holds back: libxml2 shall see it and say what is wrong.
      let text = state.pointee.builder.block.text
      if let bytes = text.baseAddress?.assumingMemoryBound(to: UInt8.self) { feed(bytes + fed, text.count - fed) }
      guard !hasFailed else { return }
    }
    state.pointee.isEnding = true
    let result = xmlParseChunk(state.pointee.context, nil, 0, 1)
    guard !hasFailed else { return }
    guard result == 0, state.pointee.context?.pointee.wellFormed == 1 else { return unexplained() }
    guard state.pointee.builder.hasRoot, state.pointee.builder.depth == 0 else { return truncated(at: end) }
    isComplete = true
    guard wantsRecords, state.pointee.builder.recordCount == 0 else { return }
    let root = state.pointee.builder.rootName
    fail(
      .xmlRootUnknown, at: state.pointee.builder.rootStart, "no record at the path given; the root element is \(root)",
      zh: "在指定路径下没有记录；根元素为 \(root)")
  }

  /// Text waits in libxml2 for the tag behind it. When that tag will not come, an error in the text shall still be the
  /// first to be said, whoever has read the text before.
  private mutating func settle() {
    guard !hasFailed, state.pointee.builder.depth > 0, let input = state.pointee.context?.pointee.input,
      let cur = input.pointee.cur, input.pointee.end > cur, cur[0] != 0x3C
    else { return }
    state.pointee.isSettling = true
    _ = xmlParseChunk(state.pointee.context, nil, 0, 1)
    state.pointee.isSettling = false
  }

  /// libxml2 has the start of a tag and no end of it, although the guard has passed it on.
  private var isInsideBrokenTag: Bool {
    guard let input = state.pointee.context?.pointee.input, let cur = input.pointee.cur else { return false }
    // SAFETY: libxml2's buffer ends in a NUL, so one byte past the first is readable.
    return input.pointee.end > cur && cur[0] == 0x3C && cur[1] != 0x21 && cur[1] != 0x3F
  }

  private mutating func truncated(at offset: Int) {
    state.pointee.builder.failTruncated(at: offset)
  }

  mutating func unexplained() {
    fail(.xmlNotWellFormed, at: state.pointee.offset, "libxml2 refused the document", zh: "XML 格式错误")
  }

  private mutating func refuse(_ refusal: XMLGuard.Refusal, at offset: Int) {
    let limits = state.pointee.builder.limits
    switch refusal {
    case .doctype:
      fail(.xmlDoctype, at: offset, "a document type declaration is not allowed", zh: "不允许 DOCTYPE 声明")
    case .declaration:
      fail(.xmlNotWellFormed, at: offset, "'<!' begins no comment and no CDATA section", zh: "“<!”之后不是注释或 CDATA")
    case .tagTooLong:
      fail(
        .xmlTagTooLong, at: offset, "a tag of more than \(limits.startTagBytes) bytes",
        zh: "标签超过 \(limits.startTagBytes) 字节")
    case .attributeCount:
      fail(
        .xmlAttributeCount, at: offset, "more than \(limits.attributes) attributes", zh: "属性超过 \(limits.attributes) 个")
    case .textLimit:
      fail(
        .xmlTextLimit, at: offset, "a CDATA section of more than \(limits.textBytes) bytes",
        zh: "CDATA 超过 \(limits.textBytes) 字节")
    case .markupLimit:
      fail(
        .xmlTextLimit, at: offset,
        "a comment or processing instruction of more than \(min(XMLGuard.markupBytes, limits.textBytes)) bytes",
        zh: "注释或处理指令过长")
    }
  }
}

extension XMLRecordBuilder {
  /// The document ended too early: says which element is still open.
  mutating func failTruncated(at offset: Int) {
    guard hasRoot else {
      return fail(.xmlTruncated, at: offset, "the document has no root element", zh: "文档没有根元素，文件不完整")
    }
    let open = depth > 0 ? frames[depth - 1].name.map { String(cString: $0) } ?? "" : ""
    fail(.xmlTruncated, at: offset, "the document ends inside <\(open)>", zh: "文档在元素 <\(open)> 中间结束，文件不完整")
  }
}
