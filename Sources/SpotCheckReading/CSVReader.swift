// UNSAFE FILE: three raw work arrays (offsets of special bytes, their places in the payload, staged cells), grown before use;
// sizes are stated beside each allocation. Text is read through the block's own bounds.

public import SpotCheckModel

/// Delimited text as raw records: RFC 4180, and what bureaus deliver instead.
///
///     var reader = CSVReader(text)
///     var chunk = RecordChunk()
///     while try reader.next(into: &chunk) { … ; report(reader.takeDiagnostics()) }
///     report(reader.takeDiagnostics())
///
/// Every physical record appears exactly once, blank ones with no cells, ragged ones as they are; a record with an
/// error inside is marked damaged. A fatal diagnostic ends the reading (``hasFailed``). Records, positions, diagnostics
/// and the borders of chunks depend on the payload alone, never on how it was cut into blocks.
public struct CSVReader: ~Copyable {
  /// A chunk is handed over once it holds this much text …
  public static let chunkTextBytes = 256 << 10
  /// … or this many rows.
  public static let chunkRows = 16 << 10
  /// Text indexed at a time: the offsets stay in the first-level cache.
  static let sliceBytes = Kernels.measuredBytes

  var text: TextStream
  let limits: ReadingLimits
  /// How the text is cut; nil until detected.
  public internal(set) var dialect: CSVDialect?

  // The window of text, and the special bytes of its slice [sliceBase, indexed).
  var block = TextBlock()
  var indexed = 0
  var sliceBase = 0
  let specials: UnsafeMutablePointer<UInt32>
  var specialCount = 0
  var specialIndex = 0
  var specialSet: UInt32 = 0
  /// For each special byte, how many bytes of the payload lie between the slice's first one and it (`isMeasured`).
  let distances: UnsafeMutablePointer<UInt32>
  /// Payload and text do not run in step, but for the slice by rule: distances are known.
  var isMeasured = false
  /// Payload offset of the slice, and of what comes behind it if that is known.
  var slicePayload = 0
  var nextPayload: Int?

  // Where the scan stands. Offsets are in the window.
  enum Mode { case unquoted, quoted, afterQuote, stray, skipping }
  enum LineEnd { case lf, cr, crlf }
  var mode = Mode.unquoted
  var rowStart = 0
  var fieldStart = 0
  /// A row with a byte here that isn't its line end is too long.
  var limitAt: Int
  let rowLimit: Int
  var closeAt = 0
  var isDoubled = false
  var keepsTail = true
  var isDamaged = false
  /// The last row ended in CR; an LF at `rowStart` belongs to it.
  var pendingCR = false
  var line = 1
  var rowLine = 1
  var quoteLine = 1
  var column: UInt32 = 0
  var cursor: PayloadCursor
  var nextFault = 0
  var lineEnd: LineEnd?
  var isMixed = false
  var lastRow = SourcePosition(line: 1, byteOffset: 0)

  // The chunk being filled.
  var cells: UnsafeMutablePointer<Cell>
  var cellCapacity: Int
  var cellCount = 0
  var rowFirstCell = 0
  var runStart = 0
  /// Offset in the chunk's text minus offset in the window.
  var textBase = 0
  var chunkPayloadStart = 0
  var isFull = false
  var unescaped: [UInt8] = []
  var patches: [(cell: Int, offset: Int)] = []

  var isStarted = false
  var isFinished = false
  var failed = false
  var own: [Diagnostic] = []
  var fromText: [Diagnostic] = []
  var ready: [Diagnostic] = []

  /// - Parameter dialect: nil to detect it from the first 64 KiB of text.
  public init(_ text: consuming TextStream, dialect: CSVDialect? = nil, limits: ReadingLimits = .init()) {
    self.text = text
    self.dialect = dialect
    self.limits = limits
    rowLimit = min(max(1, limits.csvRowBytes), 1 << 30)
    limitAt = rowLimit
    // The kernel writes at most one offset a byte, and needs 64 spare.
    specials = .allocate(capacity: CSVReader.sliceBytes + 64)
    distances = .allocate(capacity: CSVReader.sliceBytes + 64)
    cellCapacity = 2 * CSVReader.sliceBytes
    cells = .allocate(capacity: cellCapacity)
    cursor = PayloadCursor(block)
  }

  /// From bytes to records in one step.
  public init(
    _ source: any ByteSource, name: String = "", encoding: String = "auto", dialect: CSVDialect? = nil,
    limits: ReadingLimits = .init(), taps: PayloadTaps = .init()
  ) {
    self.init(
      TextStream(
        PayloadStream(source, name: name, limits: limits, taps: taps), label: encoding, limits: limits),
      dialect: dialect, limits: limits)
  }

  deinit {
    specials.deallocate()
    distances.deallocate()
    cells.deallocate()
  }

  /// A fatal diagnostic has ended the reading; what was read before must not be used.
  public var hasFailed: Bool { failed || text.hasFailed }
  /// The character set decided on; nil as long as there was only ASCII.
  public var encoding: TextEncoding? { text.encoding }
  /// Bytes of the file read so far.
  public var rawBytes: Int { text.rawBytes }
  /// Bytes of the payload read so far.
  public var payloadBytes: Int { text.payloadBytes }
  /// The file is gzip.
  public var isCompressed: Bool { text.isCompressed }

  /// Reads the rest of the file without tokenising it: verifies a gzip to its last byte and feeds the taps.
  public mutating func drain() throws {
    isFinished = true
    try text.drain()
    fromText += text.takeDiagnostics()
    release(below: nil)
  }

  /// The diagnostics since the last call, in the order of the payload; those of the file as a whole come last.
  public mutating func takeDiagnostics() -> [Diagnostic] {
    defer { ready = [] }
    return ready
  }

  /// Empties the chunk and fills it with the next records; false at the end, with the chunk empty.
  ///
  /// Throws only what the ``ByteSource`` throws.
  public mutating func next(into chunk: inout RecordChunk) throws -> Bool {
    chunk.removeAll()
    guard !isFinished else { return false }
    if !isStarted { try start() }
    cellCount = 0
    rowFirstCell = 0
    isFull = false
    runStart = rowStart
    textBase = -runStart
    chunkPayloadStart = cursor.advance(to: rowStart, in: block)
    while !isFull, !isFinished {
      if specialIndex < specialCount {
        walk(into: &chunk)
      } else if indexed < block.count {
        indexSlice()
      } else if block.count > limitAt {
        crossLimit(into: &chunk)
      } else {
        try refill(&chunk)
      }
    }
    finish(&chunk)
    chunk.noteRepeats()
    return !chunk.rows.isEmpty
  }

  // MARK: Text

  private mutating func start() throws {
    isStarted = true
    if dialect != nil {
      // The first text tells where the window lies in the payload (behind a byte order mark, say).
      _ = try text.append(to: &block)
      fromText += text.takeDiagnostics()
    } else {
      var isWhole = false
      while block.count < CSVDialectDetector.headBytes, !isWhole {
        if try !text.append(to: &block) { isWhole = true }
        fromText += text.takeDiagnostics()
      }
      let head = UnsafeRawBufferPointer(
        rebasing: block.text[..<min(block.count, CSVDialectDetector.headBytes)])
      switch CSVDialectDetector.choose(head, isWhole: isWhole && head.count == block.count) {
      case .dialect(let found): dialect = found
      case .ambiguous(let one, let other):
        let names = [one, other].map { String(decoding: [$0.delimiter], as: UTF8.self) }
        failed = true
        isFinished = true
        own.append(
          Diagnostic(
            .csvDialectAmbiguous, at: SourcePosition(line: 1, byteOffset: block.payloadStart),
            "both \"\(names[0])\" and \"\(names[1])\" cut every record into equal columns; name the delimiter",
            zh: "分隔符“\(names[0])”和“\(names[1])”都成立，请在配置中指定"))
      }
    }
    let chosen = dialect ?? .comma
    specialSet =
      UInt32(chosen.delimiter) | UInt32(chosen.quote ?? chosen.delimiter) << 8 | 0x0A << 16 | 0x0D << 24
    cursor = PayloadCursor(block)
  }

  private mutating func indexSlice() {
    let end = min(block.count, indexed + CSVReader.sliceBytes)
    sliceBase = indexed
    let slice = UnsafeRawBufferPointer(rebasing: block.text[indexed..<end])
    specialCount = Kernels.find(in: slice, set: specialSet, into: specials)
    specialIndex = 0
    indexed = end
    measure(slice)
    // One cell for each special byte, and one more at the end of the text.
    if cellCount + specialCount + 1 > cellCapacity {
      cellCapacity = 2 * (cellCount + specialCount + 1)
      let grown = UnsafeMutablePointer<Cell>.allocate(capacity: cellCapacity)
      grown.initialize(from: cells, count: cellCount)
      cells.deallocate()
      cells = grown
    }
  }

  /// Counts the payload's bytes up to each special byte of the slice, where that is not the text's own measure.
  private mutating func measure(_ slice: UnsafeRawBufferPointer) {
    // What ends a cell must be ASCII, as all dialects have it.
    isMeasured = !block.isIdentity && block.exceptions.isEmpty && dialect?.delimiter ?? 0 < 0x80
    guard isMeasured else {
      nextPayload = nil
      return
    }
    var here = cursor
    slicePayload = nextPayload ?? here.advance(to: sliceBase, in: block)
    nextPayload =
      slicePayload
      + Kernels.measure(
        slice, ascii: block.asciiWidth, other: block.otherWidth,
        at: UnsafeBufferPointer(start: specials, count: specialCount), into: distances)
  }

  /// Copies finished rows to the chunk, drops them from the window and appends more text.
  private mutating func refill(_ chunk: inout RecordChunk) throws {
    if mode == .skipping {
      rowStart = block.count
    } else {
      copyRun(upTo: rowStart, into: &chunk)
    }
    let gone = rowStart
    let hasCells = mode != .skipping && cellCount > rowFirstCell
    block.discard(
      gone,
      nextAt: hasCells
        ? chunkPayloadStart + Int(cells[rowFirstCell].source) : cursor.advance(to: gone, in: block))
    rowStart = 0
    fieldStart -= gone
    closeAt -= gone
    if mode != .skipping { limitAt -= gone }
    indexed -= gone
    runStart = 0
    textBase = chunk.bytes.count
    nextFault = 0
    specialCount = 0
    specialIndex = 0
    let hasMore = try text.append(to: &block)
    cursor = PayloadCursor(block)
    fromText += text.takeDiagnostics()
    if !hasMore {
      isFinished = true
      endOfText(into: &chunk)
    }
  }

  private mutating func copyRun(upTo end: Int, into chunk: inout RecordChunk) {
    guard end > runStart else { return }
    chunk.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: block.text[runStart..<end]))
    runStart = end
  }

  /// Completes the chunk: its text, its cells, and the diagnostics that belong to it.
  private mutating func finish(_ chunk: inout RecordChunk) {
    copyRun(upTo: copyEnd ?? rowStart, into: &chunk)
    copyEnd = nil
    let base = chunk.bytes.count
    for patch in patches { cells[patch.cell].offset = UInt32(truncatingIfNeeded: base + patch.offset) }
    chunk.bytes.append(contentsOf: unescaped)
    patches.removeAll(keepingCapacity: true)
    unescaped.removeAll(keepingCapacity: true)
    chunk.cells.append(contentsOf: UnsafeBufferPointer(start: cells, count: rowFirstCell))
    chunk.payloadStart = chunkPayloadStart
    var here = cursor
    release(below: isFinished ? nil : here.advance(to: rowStart, in: block))
  }
  /// Where the chunk's text ends if not at the next row (a row that was cut).
  var copyEnd: Int?

  /// Hands out the diagnostics of what has been consumed, in the order of the payload; nil: all.
  private mutating func release(below offset: Int?) {
    func isWhole(_ diagnostic: Diagnostic) -> Bool {
      diagnostic.code.rawValue.hasPrefix("GZ_") || diagnostic.code.rawValue.hasPrefix("FS_")
    }
    guard !own.isEmpty || !fromText.isEmpty else { return }
    var later: [Diagnostic] = []
    var now: [(key: Int, order: Int, diagnostic: Diagnostic)] = []
    for diagnostic in own + fromText {
      let key = isWhole(diagnostic) ? Int.max : diagnostic.position.byteOffset
      if let offset, key >= offset, diagnostic.code.rawValue.hasPrefix("CSV_") == false {
        later.append(diagnostic)
      } else {
        now.append((key, now.count, diagnostic))
      }
    }
    now.sort { ($0.key, $0.order) < ($1.key, $1.order) }
    ready += now.map(\.diagnostic)
    own = []
    fromText = later
  }
}
