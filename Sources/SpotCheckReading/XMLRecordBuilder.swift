// UNSAFE FILE: works on libxml2's strings and on two raw buffers of its own. Every pointer from libxml2 is used
// only during the callback that brought it, except interned names, which live as long as the parser context.

import CLibXML2
import SpotCheckModel

/// One open element.
struct XMLFrame {
  /// What the element is to the records.
  enum Zone: UInt8 {
    /// On the record path, above the record.
    case path
    /// Below such an element but not on the path: its values come with every later record.
    case ancestorField
    case record
    case item
    /// Nothing in it can matter: the root is not the path's.
    case ignored
  }

  var zone = Zone.ignored
  /// The element that makes the record or item row, not one inside it.
  var isRowStart = false
  /// An element of the default mode's root: its text counts until a child comes.
  var collectsText = false
  var hasChild = false
  var hasAttributes = false
  /// How many steps of the item path have been matched down to here; -1 off that path.
  var itemSteps = -1
  var node: Int32 = 0
  /// Start of the element's text in the text stack, and of the run since its last child.
  var textStart = 0
  var runStart = 0
  /// Offset of the start tag in the decoded text and in the payload.
  var start = 0
  var payload = 0
  /// Line of the start tag.
  var line = 0
  var serial = 0
  var faults = 0
  var ancestorCells = 0
  var ancestorBytes = 0
  var namespaces = 0
  var name: UnsafePointer<xmlChar>?
}

/// One step of a path, by the addresses of libxml2's interned names.
struct XMLStep {
  var name: UnsafePointer<xmlChar>?
  var anyName: Bool
  /// nil with `anyNamespace` false: in no namespace.
  var namespace: UnsafePointer<xmlChar>?
  var anyNamespace: Bool

  @inline(__always)
  func matches(_ other: UnsafePointer<xmlChar>, _ uri: UnsafePointer<xmlChar>?) -> Bool {
    (anyName || name == other) && (anyNamespace || namespace == uri)
  }
}

/// A value of an open ancestor, kept until that ancestor closes.
struct XMLAncestorCell {
  var column: UInt32
  var offset: Int
  var length: Int
  var payload: Int
  var line: UInt32
  var isDamaged: Bool
  /// Where its text stands in the chunk with this serial number.
  var chunkSerial = -1
  var chunkOffset: UInt32 = 0
}

/// Something that ends the document.
struct XMLFailure: Equatable {
  var code: DiagnosticCode
  /// Offset in the decoded text.
  var offset: Int
  var message: String
  var zh: String
}

/// Turns the events of the parser into rows and cells; all its memory is bounded by ``ReadingLimits``.
///
/// Lives at one heap address, reached from the C callbacks; fields are touched without exclusivity checks or ARC.
struct XMLRecordBuilder: ~Copyable {
  /// More than this many namespace declarations in force are an attack: libxml2 searches them one by one.
  static let namespaceLimit = 512
  /// Text of the values of open ancestors.
  static let ancestorTextLimit = 1 << 20
  static let ancestorCellLimit = 1 << 16
  /// Repeating ancestor values may make this many cells at once, and four for every byte of text in the long run.
  static let ancestorCreditLimit = 1 << 20
  /// A record may not stretch further over the payload: positions are 32 bits wide.
  static let spanLimit = 1 << 30

  let limits: ReadingLimits
  let depthLimit: Int
  let indexRepeats: Bool
  let isDefaultMode: Bool
  let recordSteps: [XMLStep]
  let itemSteps: [XMLStep]

  var block = TextBlock()
  /// Decoded bytes that have left the window, and a cursor that maps the window to the payload.
  var windowStart = 0
  var cursor: PayloadCursor
  /// Line ends before ``lineOffset`` (an offset in the decoded text).
  var lines = 0
  var lineOffset = 0
  var lineAfterCR = false
  var faultIndex = 0
  var faultsBefore = 0

  private(set) var failure: XMLFailure?
  private(set) var hasFailed = false
  /// Reading position of the parser at the current event.
  var now = 0
  var depth = 0
  let frames: UnsafeMutablePointer<XMLFrame>
  var serial = 0
  var namespaces = 0
  var rootStart = 0
  var rootLine = 0
  var rootName = ""
  var hasRoot = false

  var names = XMLNameSet()
  var paths: XMLPathTable

  /// The text of open elements, innermost last.
  var text: UnsafeMutablePointer<UInt8>
  var textCapacity = 4096
  var textCount = 0
  var runBytes = 0

  /// The chunk being filled, whose text and cells go into it when it is finished; finished ones before it, and storage to
  /// use again.
  var chunk = RecordChunk()
  var outBytes = XMLBuffer<UInt8>(capacity: 2 * XMLRecordBuilder.chunkTextBytes)
  var outCells = XMLBuffer<Cell>(capacity: 2 * XMLRecordBuilder.chunkCells)
  var outLines = XMLBuffer<UInt32>(capacity: 2 * XMLRecordBuilder.chunkCells)
  var ready: [RecordChunk] = []
  var spare = RecordChunk()
  var chunkSerial = 0
  var recordCells = XMLBuffer<Cell>(capacity: 128)
  var recordLines = XMLBuffer<UInt32>(capacity: 128)
  var recordCount = 0
  var isRecordOpen = false
  var recordRow = 0
  var recordPayload = 0
  var recordFirstCell = 0
  var recordFirstByte = 0
  var itemFirstCell = 0

  var ancestorCells: [XMLAncestorCell] = []
  /// Depth of the element on the path whose values are too many, 0 if none: a record below it cannot be delivered.
  var overflowDepth = 0
  var ancestorBytes: [UInt8] = []
  /// What repeating ancestor values may still cost, and up to where it was topped up.
  var ancestorCredit = XMLRecordBuilder.ancestorCreditLimit
  var ancestorCreditedTo = 0

  /// - Parameter intern: the address that libxml2 will use for a name.
  init(options: XMLReadingOptions, limits: ReadingLimits, intern: (String) -> UnsafePointer<xmlChar>?) {
    self.limits = limits
    depthLimit = max(1, min(limits.depth, 4096))
    indexRepeats = options.indexRepeats
    isDefaultMode = options.recordPath == nil
    func steps(_ path: XMLPath) -> [XMLStep] {
      path.steps.map { step in
        let namespace = step.namespace ?? options.namespace
        return XMLStep(
          name: step.name.flatMap(intern), anyName: step.name == nil,
          namespace: namespace.flatMap { $0.isEmpty ? nil : intern($0) }, anyNamespace: namespace == nil)
      }
    }
    let any = XMLPath(steps: [XMLPath.Step(name: nil), XMLPath.Step(name: nil)])
    recordSteps = steps(options.recordPath ?? any)
    itemSteps = options.itemPath.map(steps) ?? []
    paths = XMLPathTable(levels: recordSteps.count)
    cursor = PayloadCursor(block)
    frames = .allocate(capacity: depthLimit + 1)
    frames.initialize(repeating: XMLFrame(), count: depthLimit + 1)
    text = .allocate(capacity: 4096)
  }

  deinit {
    frames.deinitialize(count: depthLimit + 1)
    frames.deallocate()
    text.deallocate()
  }

  mutating func fail(_ code: DiagnosticCode, at offset: Int, _ message: String, zh: String) {
    guard !hasFailed else { return }
    failure = XMLFailure(code: code, offset: offset, message: message, zh: zh)
    hasFailed = true
  }

  // MARK: Positions

  /// Payload offset of an offset in the decoded text; offsets come in ascending order.
  @inline(__always)
  mutating func payloadOffset(of offset: Int) -> Int {
    cursor.advance(to: offset &- windowStart, in: block)
  }

  /// Line of an offset in the window, from 1: CR, LF and CR LF end a line, as in the other readers.
  mutating func line(of offset: Int) -> Int {
    let low = lineOffset &- windowStart
    let high = min(max(offset &- windowStart, 0), block.count)
    let window = block.text
    if high > low {
      lines &+= lineBreaks(UnsafeRawBufferPointer(rebasing: window[low..<high]))
      lineAfterCR = window[high - 1] == 0x0D
      lineOffset = windowStart &+ high
    }
    guard high < low else { return lines &+ 1 }
    let behind = UnsafeRawBufferPointer(rebasing: window[high..<low])
    return lines &+ 1 &- Kernels.lineBreaks(in: behind, afterCR: high > 0 && window[high - 1] == 0x0D)
  }

  /// Line ends of the next stretch. Stretches are as short as items, so the common case is counted here.
  @inline(__always)
  private func lineBreaks(_ text: UnsafeRawBufferPointer) -> Int {
    guard text.count < 4096, !lineAfterCR else { return Kernels.lineBreaks(in: text, afterCR: lineAfterCR) }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let low7 = ones &* 0x7F
    var feeds = 0
    var index = 0
    while index &+ 8 <= text.count {
      // SAFETY: index + 8 <= count.
      let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let feed = word ^ (ones &* 0x0A)
      let back = word ^ (ones &* 0x0D)
      feeds &+= (~(((feed & low7) &+ low7) | feed | low7)).nonzeroBitCount
      if (back &- ones) & ~back & (ones &* 0x80) != 0 { return Kernels.lineBreaks(in: text, afterCR: false) }
      index &+= 8
    }
    while index < text.count {
      if text[index] == 0x0A { feeds &+= 1 }
      if text[index] == 0x0D { return Kernels.lineBreaks(in: text, afterCR: false) }
      index &+= 1
    }
    return feeds
  }

  /// Line and payload offset of any offset in the window, or of a start tag that is still open.
  mutating func position(of offset: Int) -> SourcePosition {
    if offset < windowStart {
      if hasRoot, offset == rootStart { return SourcePosition(line: rootLine, byteOffset: frames[0].payload) }
      for index in 0..<depth where frames[index].start == offset {
        return SourcePosition(line: frames[index].line, byteOffset: frames[index].payload)
      }
    }
    let inside = max(offset, windowStart)
    return SourcePosition(
      line: line(of: inside), byteOffset: block.payloadOffset(ofDecoded: inside &- windowStart))
  }

  /// Faults of decoding (replaced bytes) before an offset; offsets come in ascending order.
  mutating func faults(before offset: Int) -> Int {
    while faultIndex < block.faults.count, block.faults[faultIndex].offset &+ windowStart < offset {
      faultIndex &+= 1
    }
    return faultsBefore &+ faultIndex
  }

  /// Forgets the first `count` bytes of the window.
  mutating func discard(_ count: Int) {
    guard count > 0 else { return }
    _ = line(of: windowStart &+ count)
    _ = faults(before: windowStart &+ count)
    let before = block.faults.count
    block.discard(count)
    let gone = before &- block.faults.count
    faultsBefore &+= gone
    faultIndex = max(0, faultIndex &- gone)
    windowStart &+= count
    cursor = PayloadCursor(block)
  }

  // MARK: Chunks

  /// A chunk is closed at the end of the record that makes it this full: its borders depend on the payload alone.
  static let chunkTextBytes = 256 << 10
  static let chunkCells = 32 << 10

  var isChunkFull: Bool { outBytes.count > Self.chunkTextBytes || outCells.count > Self.chunkCells }

  /// Puts the chunk, which holds finished records only, among those to hand over.
  mutating func finishChunk() {
    guard !chunk.isEmpty, !isRecordOpen else { return }
    outBytes.move(to: &chunk.bytes)
    outCells.move(to: &chunk.cells)
    outLines.move(to: &chunk.cellLines)
    chunkSerial &+= 1
    var next = spare
    spare = RecordChunk()
    swap(&next, &chunk)
    ready.append(next)
  }

  /// Gives the oldest finished chunk to `out`, whose storage is used again.
  mutating func handOver(to out: inout RecordChunk) -> Bool {
    guard !ready.isEmpty else { return false }
    swap(&spare, &out)
    spare.removeAll()
    out = ready.removeFirst()
    return true
  }

  /// Forgets the record that is still open: the document has failed.
  mutating func dropOpenRecord() {
    guard isRecordOpen else { return }
    isRecordOpen = false
    outBytes.removeLast(outBytes.count - recordFirstByte)
    outCells.removeLast(outCells.count - recordFirstCell)
    outLines.removeLast(outLines.count - recordFirstCell)
    chunk.rows.removeLast(chunk.rows.count - recordRow)
  }

  /// What a chunk whose first record starts at `payload` counts from: the earliest ancestor value in force, if near.
  func payloadBase(for payload: Int) -> Int {
    guard let first = ancestorCells.first?.payload, payload &- first < Self.spanLimit else { return payload }
    return first
  }
}
