// UNSAFE FILE: owns one raw input buffer; `taken <= filled <= capacity` holds between calls.

public import SpotCheckModel

/// A payload as UTF-8 text, whatever it was written in, with the payload offset of every character.
///
/// Which character set: an explicit label, else a byte order mark, else a declared label (of an XML declaration, given
/// to ``declare(_:)``), else the bytes themselves; labels that the bytes contradict are `ENC_MISMATCH`. Nothing
/// depends on how the payload is cut into blocks.
public struct TextStream: ~Copyable {
  /// Input bytes read and decoded by one ``append(to:)``: few enough that they are still in the second cache when they are
  /// hashed, checked and cut after each other, beside the chunk that is being made.
  static let pieceBytes = 64 << 10

  private var payload: PayloadStream
  private let limits: ReadingLimits
  private let explicitLabel: String
  private var declaredLabel = ""

  private var input: UnsafeMutableRawPointer
  private var capacity: Int
  private var filled = 0
  private var taken = 0
  private var inputEnded = false
  /// Payload offset of `taken`.
  private var offset = 0

  private enum Phase { case head, undecided, decoding, ended }
  private var phase = Phase.head
  private var claim = TextEncoding.Label.auto
  private var decoder = TextDecoder(.utf8)

  private var line = 1
  private var afterCR = false
  private var badCount = 0
  private var hasText = false
  private var privateUse: Diagnostic?
  private var diagnostics: [Diagnostic] = []
  private var failed = false

  /// - Parameter label: the pipeline's character set, or "auto".
  public init(_ payload: consuming PayloadStream, label: String = "auto", limits: ReadingLimits = .init()) {
    self.payload = payload
    self.limits = limits
    explicitLabel = label
    capacity = 2 * TextStream.pieceBytes
    input = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { input.deallocate() }

  /// The character set decided on; nil as long as there was only ASCII.
  public private(set) var encoding: TextEncoding?
  /// A fatal diagnostic has ended the text, here or in the payload.
  public var hasFailed: Bool { failed || payload.hasFailed }
  /// Bytes of the file read so far.
  public var rawBytes: Int { payload.rawBytes }
  /// Bytes of the payload read so far.
  public var payloadBytes: Int { payload.payloadBytes }
  /// The file is gzip.
  public var isCompressed: Bool { payload.isCompressed }

  /// The first bytes of the payload (at most 64 KiB, less only at its end), undecoded, without using them up.
  public mutating func head() throws -> [UInt8] {
    try fill(EncodingDetector.headBytes)
    return Array(UnsafeRawBufferPointer(start: input + taken, count: min(filled - taken, EncodingDetector.headBytes)))
  }

  /// The label that the text itself declares (XML declaration). Counts only before the first ``append(to:)``, and
  /// below an explicit label and a byte order mark.
  public mutating func declare(_ label: String) { declaredLabel = label }

  /// Reads the rest without decoding it: verifies a gzip to its last byte and feeds the taps.
  public mutating func drain() throws {
    phase = .ended
    try payload.drain()
  }

  /// The diagnostics since the last call. Offsets of character set problems count in the payload, those of
  /// compression in the file.
  public mutating func takeDiagnostics() -> [Diagnostic] {
    defer { diagnostics = [] }
    return diagnostics + payload.takeDiagnostics()
  }

  /// Appends more text to the block; false at the end.
  public mutating func append(to block: inout TextBlock) throws -> Bool {
    while true {
      switch phase {
      case .head:
        try readHead()
        if block.count == 0 { block.payloadStart = offset }
      case .undecided:
        if try appendASCII(to: &block) { return true }
      case .decoding:
        decoder.prepare(&block)
        if try appendPiece(to: &block) { return true }
      case .ended:
        return false
      }
    }
  }

  // MARK: Input

  /// Makes `count` bytes available, fewer only at the end.
  private mutating func fill(_ count: Int) throws {
    guard !inputEnded, filled - taken < count else { return }
    if taken > 0 {
      input.copyMemory(from: input + taken, byteCount: filled - taken)
      filled -= taken
      taken = 0
    }
    if capacity < count {
      // SAFETY: the new buffer holds all of the old one's `filled` bytes.
      capacity = count + TextStream.pieceBytes
      let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
      grown.copyMemory(from: input, byteCount: filled)
      input.deallocate()
      input = grown
    }
    while filled < count, !inputEnded {
      // No more than a piece at once, even if the buffer has been as large as the window of a decision.
      let room = min(capacity - filled, max(count - filled, TextStream.pieceBytes))
      let got = try payload.read(into: UnsafeMutableRawBufferPointer(start: input + filled, count: room))
      if got == 0 { inputEnded = true }
      filled += got
    }
  }

  private mutating func use(_ count: Int) {
    taken += count
    offset += count
  }

  // MARK: Decisions

  private mutating func readHead() throws {
    try fill(EncodingDetector.headBytes)
    let head = UnsafeRawBufferPointer(start: input + taken, count: min(filled - taken, EncodingDetector.headBytes))
    let explicit = TextEncoding.label(explicitLabel)
    let declared = TextEncoding.label(declaredLabel)
    let position = SourcePosition(line: 1, byteOffset: 0)
    for (label, text) in [(explicit, explicitLabel), (declared, declaredLabel)] where label == .unknown {
      fail(
        Diagnostic(
          .encodingUnknown, at: position, "unknown character set \"\(text)\"", zh: "未知的字符集“\(text)”"))
      return
    }
    if let mark = ByteOrderMark.at(startOf: head) {
      guard let found = mark.encoding else {
        fail(Diagnostic(.encodingUnknown, at: position, "UTF-32 is not supported", zh: "不支持 UTF-32"))
        return
      }
      if !agrees(explicit, with: found) {
        fail(
          Diagnostic(
            .encodingBOMConflict, at: position,
            "the byte order mark says \(found.rawValue), the pipeline says \(explicitLabel)",
            zh: "字节顺序标记为 \(found.rawValue)，与指定的 \(explicitLabel) 矛盾"))
        return
      }
      if explicit == .auto, !agrees(declared, with: found) { mismatch(declaredLabel, found, at: position) }
      use(mark.length)
      start(found)
      return
    }
    claim = explicit == .auto ? declared : explicit
    let claimText = explicit == .auto ? declaredLabel : explicitLabel
    let order = EncodingDetector.utf16Order(of: head)
    switch (claim, order) {
    case (.auto, let order?):
      undeclared(order, at: position)
      start(order)
    case (.utf16, let order?):
      start(order)
    case (.exact(let wanted), let order?):
      if wanted != order { mismatch(claimText, order, at: position) }
      start(order)
    case (_, let order?):
      mismatch(claimText, order, at: position)
      start(order)
    case (.utf16, nil), (.exact(.utf16LittleEndian), nil), (.exact(.utf16BigEndian), nil):
      // Text in UTF-16 has wide commas and line ends, that is NULs; without any it is something else.
      if head.count > 0, !head.contains(0) {
        mismatch(claimText, nil, at: position)
        claim = .auto
        phase = .undecided
      } else if case .exact(let wanted) = claim {
        start(wanted)
      } else {
        start(.utf16LittleEndian)
      }
    case (_, nil):
      phase = .undecided
    }
  }

  /// Before the first byte that is not ASCII there is nothing to decide: the text passes as it is.
  private mutating func appendASCII(to block: inout TextBlock) throws -> Bool {
    try fill(1)
    let piece = UnsafeRawBufferPointer(start: input + taken, count: min(filled - taken, TextStream.pieceBytes))
    guard piece.count > 0 else {
      finish()
      return false
    }
    let border = TextStream.firstNonASCII(piece)
    guard border == 0 else {
      decoder.prepare(&block)
      decode(UnsafeRawBufferPointer(rebasing: piece[..<border]), isLast: true, into: &block)
      return true
    }
    try fill(EncodingDetector.windowBytes)
    decide()
    return false
  }

  private mutating func decide() {
    let window = UnsafeRawBufferPointer(
      start: input + taken, count: min(filled - taken, EncodingDetector.windowBytes))
    let isWhole = inputEnded && filled - taken == window.count && !payload.hasFailed
    let scores = EncodingDetector.score(window, isWhole: isWhole, needsGB: claim == .exact(.gb18030))
    let position = SourcePosition(line: line, byteOffset: offset)
    let isStrictUTF8 = scores.utf8Errors == 0 && scores.utf8Sequences > 0
    let label = explicitLabel == "auto" || explicitLabel.isEmpty ? declaredLabel : explicitLabel
    switch claim {
    case .exact(.utf8):
      if scores.utf8Errors > 0, scores.gbErrors == 0, scores.choice == .gb18030 {
        mismatch(label, .gb18030, at: position)
        start(.gb18030)
      } else {
        start(.utf8)
      }
    case .exact(.gb18030):
      let gbErrors = scores.gbErrors ?? 0
      if gbErrors > 0, isStrictUTF8 || (scores.isMostlyUTF8 && scores.utf8Errors < gbErrors) {
        mismatch(label, .utf8, at: position)
        start(.utf8)
      } else {
        if isStrictUTF8 { doubtful(label, at: position) }
        start(.gb18030)
      }
    case .exact(let wanted):
      if isStrictUTF8 { doubtful(label, at: position) }
      start(wanted)
    case .ascii:
      mismatch(label, scores.choice, at: position)
      start(scores.choice)
    case .auto, .utf16, .unknown:
      if scores.choice == .gb18030 { undeclared(.gb18030, at: position) }
      start(scores.choice)
    }
  }

  private mutating func start(_ found: TextEncoding) {
    encoding = found
    decoder = TextDecoder(found)
    phase = .decoding
  }

  private func agrees(_ label: TextEncoding.Label, with found: TextEncoding) -> Bool {
    switch label {
    case .auto: true
    case .utf16: found.isUTF16
    case .exact(let wanted): wanted == found
    case .ascii, .unknown: false
    }
  }

  // MARK: Decoding

  private mutating func appendPiece(to block: inout TextBlock) throws -> Bool {
    var want = 1
    while true {
      try fill(want)
      let count = min(filled - taken, TextStream.pieceBytes)
      let isLast = inputEnded && count == filled - taken
      guard count > 0 else {
        finish()
        return false
      }
      let before = block.count
      let used = decode(
        UnsafeRawBufferPointer(start: input + taken, count: count), isLast: isLast && !payload.hasFailed, into: &block)
      if block.count > before || phase == .ended { return block.count > before }
      if used == 0 {
        // A character that is not whole yet; a failed payload never completes it.
        if isLast {
          finish()
          return false
        }
        want = count + 1
      }
    }
  }

  @discardableResult
  private mutating func decode(_ piece: UnsafeRawBufferPointer, isLast: Bool, into block: inout TextBlock) -> Int {
    let before = block.count
    let used = decoder.decode(piece, isLast: isLast, into: &block)
    var counted = before
    for event in decoder.events {
      countLines(from: counted, to: event.decoded, in: block)
      counted = event.decoded
      let position = SourcePosition(line: line, byteOffset: offset + event.source)
      if event.kind == .privateUse {
        privateUse = Diagnostic(.encodingPrivateUse, at: position)
        continue
      }
      badCount += 1
      if badCount > limits.invalidSequences {
        fail(
          Diagnostic(
            .encodingTooManyInvalid, at: position, "more than \(limits.invalidSequences) bad byte sequences",
            zh: "无效字节序列超过 \(limits.invalidSequences) 处"))
        block.count = event.decoded
        block.faults.removeAll { $0.offset >= event.decoded }
        block.exceptions.removeAll { $0.offset >= event.decoded }
        break
      }
      diagnostics.append(report(event, at: position, in: piece))
    }
    countLines(from: counted, to: block.count, in: block)
    if block.count > before { hasText = true }
    use(used)
    return used
  }

  private mutating func countLines(from start: Int, to end: Int, in block: borrowing TextBlock) {
    guard end > start else { return }
    let text = UnsafeRawBufferPointer(rebasing: block.text[start..<end])
    line += Kernels.lineBreaks(in: text, afterCR: afterCR)
    afterCR = text[text.count - 1] == 0x0D
  }

  private func report(_ event: TextDecoder.Event, at position: SourcePosition, in piece: UnsafeRawBufferPointer)
    -> Diagnostic
  {
    if event.kind == .nul {
      return Diagnostic(.encodingNUL, at: position, "NUL character in the text", zh: "文本中有 NUL 字符")
    }
    var hex = ""
    for byte in piece[event.source..<event.source + event.length] {
      hex += (hex.isEmpty ? "" : " ") + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    let name = decoder.encoding.rawValue
    return Diagnostic(
      .encodingInvalidSequence, at: position, "bytes \(hex) are not \(name)", zh: "字节 \(hex) 不是有效的 \(name)")
  }

  private mutating func finish() {
    phase = .ended
    if var first = privateUse {
      first.message = "\(decoder.privateUseCount) private use characters, the first one here"
      first.messageZh = "共 \(decoder.privateUseCount) 个私有区字符（造字），首个在此处"
      diagnostics.append(first)
      privateUse = nil
    }
    if !hasText, !hasFailed {
      fail(Diagnostic(.fileEmpty, at: .file, "the file has a byte order mark and no text", zh: "文件没有内容"))
    }
  }

  private mutating func mismatch(_ label: String, _ found: TextEncoding?, at position: SourcePosition) {
    let (english, chinese) = found.map { ("they are \($0.rawValue)", "实际为 \($0.rawValue)") } ?? ("", "")
    diagnostics.append(
      Diagnostic(
        .encodingMismatch, at: position, "the bytes are not \(label)\(english.isEmpty ? "" : "; ")\(english)",
        zh: "内容不是声明的 \(label)\(chinese.isEmpty ? "" : "，")\(chinese)"))
  }

  private mutating func doubtful(_ label: String, at position: SourcePosition) {
    diagnostics.append(
      Diagnostic(
        .encodingMismatch, at: position, "read as \(label) as declared, but the bytes are valid UTF-8 too",
        zh: "按声明的 \(label) 读取，但内容也是有效的 UTF-8"))
  }

  private mutating func undeclared(_ found: TextEncoding, at position: SourcePosition) {
    diagnostics.append(
      Diagnostic(
        .encodingUndeclared, at: position, "no character set is declared; read as \(found.rawValue)",
        zh: "未声明字符集，按 \(found.rawValue) 读取"))
  }

  private mutating func fail(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
    failed = true
    phase = .ended
  }

  private static func firstNonASCII(_ text: UnsafeRawBufferPointer) -> Int {
    var index = 0
    while index + 8 <= text.count {
      let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080
      if word != 0 { return index + word.littleEndian.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < text.count, text[index] < 0x80 { index += 1 }
    return index
  }
}
