// UNSAFE FILE: copies libxml2's attribute values and the builder's own text into the chunk; every range was
// checked where it was made. An `XMLBuffer` owns its storage; `count <= capacity` holds between calls.

import CLibXML2
import SpotCheckModel

extension XMLRecordBuilder {
  // MARK: Cells

  mutating func takeAttributes(_ frame: Frame, _ attributes: Attributes, _ count: Int) {
    for index in 0..<count {
      guard let name = attributes[5 &* index] else { continue }
      if frame.pointee.zone == .ignored {
        register(name, at: frame.pointee.start)
        continue
      }
      let node = node(name, below: frame.pointee.node, attribute: true, frame.pointee.start)
      guard !hasFailed, let begin = attributes[5 &* index &+ 3], let end = attributes[5 &* index &+ 4] else {
        return
      }
      guard end - begin <= limits.textBytes else {
        return fail(
          .xmlTextLimit, at: frame.pointee.start, "an attribute of more than \(limits.textBytes) bytes",
          zh: "属性值超过 \(limits.textBytes) 字节")
      }
      // SAFETY: libxml2 promises that begin <= end and that the range is readable during the callback.
      let value = UnsafeBufferPointer(start: begin, count: end - begin)
      addCell(frame.pointee.zone, paths.column(of: node), value, frame.pointee.payload, frame)
      guard !hasFailed else { return }
    }
  }

  @inline(__always)
  mutating func addCell(
    _ zone: XMLFrame.Zone, _ column: UInt32, _ value: UnsafeBufferPointer<UInt8>, _ payload: Int, _ frame: Frame
  ) {
    switch zone {
    case .record, .item:
      addRecordCell(zone, column, value, payload, frame.pointee.line)
    case .path, .ancestorField:
      addAncestorCell(column, value, payload, frame)
    case .ignored:
      break
    }
  }

  /// A value of the open record or of its open item.
  @inline(__always)
  mutating func addRecordCell(
    _ zone: XMLFrame.Zone, _ column: UInt32, _ value: UnsafeBufferPointer<UInt8>, _ payload: Int, _ line: Int
  ) {
    guard hasRoom(value.count, payload) else { return failRecord() }
    if zone == .record {
      recordCells.append(makeCell(column, value, payload))
      recordLines.append(UInt32(truncatingIfNeeded: line))
    } else {
      outCells.append(makeCell(column, value, payload))
      outLines.append(UInt32(truncatingIfNeeded: line))
    }
  }

  @inline(__always)
  private mutating func makeCell(_ column: UInt32, _ value: UnsafeBufferPointer<UInt8>, _ payload: Int) -> Cell {
    let offset = outBytes.count
    if let base = value.baseAddress { outBytes.append(base, count: value.count) }
    return Cell(
      offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: value.count),
      source: UInt32(truncatingIfNeeded: payload &- chunk.payloadStart), column: column)
  }

  /// Whether the open record may take one more cell with this much text.
  @inline(__always)
  private func hasRoom(_ count: Int, _ payload: Int) -> Bool {
    let bytes = outBytes.count &- recordFirstByte &+ count
    let cells = outCells.count &- recordFirstCell &+ recordCells.count
    return bytes <= limits.recordBytes && cells < Self.recordCellLimit(limits)
      && payload &- recordPayload < Self.spanLimit
  }

  /// Cells have a size too, even empty ones.
  static func recordCellLimit(_ limits: ReadingLimits) -> Int { max(1024, limits.recordBytes / 16) }

  mutating func failRecord() {
    let start = isRecordOpen ? recordStart : frames[depth &- 1].start
    fail(
      .xmlRecordLimit, at: start, "a record of more than \(limits.recordBytes) bytes",
      zh: "单个记录超过 \(limits.recordBytes) 字节")
  }

  /// Start tag of the open record, in the decoded text.
  private var recordStart: Int { frames[recordSteps.count &- 1].start }

  // MARK: Ancestors

  private mutating func addAncestorCell(
    _ column: UInt32, _ value: UnsafeBufferPointer<UInt8>, _ payload: Int, _ frame: Frame
  ) {
    guard ancestorBytes.count &+ value.count <= min(Self.ancestorTextLimit, limits.recordBytes),
      ancestorCells.count < Self.ancestorCellLimit
    else {
      // Only a record makes it matter: a document without any shall be told so.
      if overflowDepth == 0 { overflowDepth = min(depth, recordSteps.count &- 1) }
      return
    }
    let faultsNow = faults(before: now)
    ancestorCells.append(
      XMLAncestorCell(
        column: column, offset: ancestorBytes.count, length: value.count, payload: payload,
        line: UInt32(truncatingIfNeeded: frame.pointee.line), isDamaged: faultsNow > frame.pointee.faults))
    ancestorBytes.append(contentsOf: value)
  }

  /// Every record carries the values of its open ancestors; the text is copied once a chunk.
  private mutating func addAncestors() -> Bool {
    var isDamaged = false
    for index in ancestorCells.indices {
      if ancestorCells[index].chunkSerial != chunkSerial {
        let cell = ancestorCells[index]
        ancestorCells[index].chunkSerial = chunkSerial
        ancestorCells[index].chunkOffset = UInt32(truncatingIfNeeded: outBytes.count)
        ancestorBytes.withUnsafeBufferPointer { kept in
          if let base = kept.baseAddress { outBytes.append(base + cell.offset, count: cell.length) }
        }
        ancestorCredit &-= cell.length / 16
      }
      let cell = ancestorCells[index]
      isDamaged = isDamaged || cell.isDamaged
      outCells.append(
        Cell(
          offset: cell.chunkOffset, length: UInt32(truncatingIfNeeded: cell.length),
          // Further away than 32 bits reach: the chunk's own start stands for it.
          source: UInt32(truncatingIfNeeded: max(0, cell.payload &- chunk.payloadStart)), column: cell.column))
      outLines.append(cell.line)
    }
    // Tiny records below many ancestor values multiply them: hostile beyond this.
    ancestorCredit = min(Self.ancestorCreditLimit, ancestorCredit &+ 4 &* (now &- ancestorCreditedTo))
    ancestorCreditedTo = now
    ancestorCredit &-= ancestorCells.count
    if ancestorCredit < 0 {
      fail(
        .xmlRecordLimit, at: recordStart,
        "\(ancestorCells.count) values above the records are repeated by too many records",
        zh: "记录之上的公共字段过多，被过多记录重复")
    }
    return isDamaged
  }

  // MARK: Rows

  mutating func openRow(_ frame: Frame) {
    let isRecord = frame.pointee.zone == .record
    if isRecord {
      guard overflowDepth == 0 else {
        return fail(
          .xmlRecordLimit, at: frame.pointee.start, "too many values above the record", zh: "记录之上的公共字段过多或过长")
      }
      if chunk.rows.isEmpty { chunk.payloadStart = payloadBase(for: frame.pointee.payload) }
      recordPayload = frame.pointee.payload
      recordFirstByte = outBytes.count
      recordFirstCell = outCells.count
      recordRow = chunk.rows.count
      recordCells.removeAll()
      recordLines.removeAll()
      isRecordOpen = true
      recordCount &+= 1
    } else {
      guard chunk.rows.count &- recordRow < Self.recordCellLimit(limits) else { return failRecord() }
      itemFirstCell = outCells.count
    }
    frame.pointee.faults = faults(before: frame.pointee.start)
    chunk.rows.append(
      RawRow(
        firstCell: UInt32(truncatingIfNeeded: outCells.count), cellCount: 0, rawOffset: 0, rawLength: 0,
        line: frame.pointee.line, byteOffset: frame.pointee.payload, kind: isRecord ? .record : .item,
        isDamaged: false))
  }

  mutating func closeRow(_ frame: Frame) {
    var isDamaged = faults(before: now) > frame.pointee.faults
    if frame.pointee.zone == .item {
      let row = chunk.rows.count &- 1
      chunk.rows[row].cellCount = UInt32(truncatingIfNeeded: outCells.count &- itemFirstCell)
      chunk.rows[row].isDamaged = isDamaged
      return
    }
    // Item cells went into the chunk as they came; the record's own follow them, though its row stands first.
    let first = outCells.count
    if addAncestors() { isDamaged = true }
    guard !hasFailed else { return }
    recordCells.copy(to: &outCells)
    recordLines.copy(to: &outLines)
    chunk.rows[recordRow].firstCell = UInt32(truncatingIfNeeded: first)
    chunk.rows[recordRow].cellCount = UInt32(truncatingIfNeeded: outCells.count &- first)
    chunk.rows[recordRow].isDamaged = isDamaged
    isRecordOpen = false
    if isChunkFull { finishChunk() }
  }

  /// The default mode's root has no child element: it is the one record, and its attributes are the record's own.
  mutating func recordFromRoot(_ frame: Frame) {
    chunk.payloadStart = frame.pointee.payload
    let isDamaged = faults(before: now) > 0
    chunk.rows.append(
      RawRow(
        firstCell: 0, cellCount: 0, rawOffset: 0, rawLength: 0, line: rootLine, byteOffset: frame.pointee.payload,
        kind: .record, isDamaged: isDamaged))
    recordCount = 1
    for cell in ancestorCells {
      let column = paths.recordColumn(ofAncestorColumn: cell.column)
      ancestorBytes.withUnsafeBufferPointer { bytes in
        let value = UnsafeBufferPointer(rebasing: bytes[cell.offset..<cell.offset + cell.length])
        outCells.append(makeCell(column, value, cell.payload))
        outLines.append(cell.line)
      }
    }
    let count = textCount &- frame.pointee.textStart
    if count > 0 || !frame.pointee.hasAttributes {
      let value = UnsafeBufferPointer(start: UnsafePointer(text + frame.pointee.textStart), count: count)
      outCells.append(makeCell(paths.column(of: XMLPathTable.record), value, frame.pointee.payload))
      outLines.append(UInt32(truncatingIfNeeded: rootLine))
    }
    chunk.rows[0].cellCount = UInt32(truncatingIfNeeded: outCells.count)
  }
}

/// Plain values in a row, for a loop that appends a few at a time: an array asks at each append who else has it.
struct XMLBuffer<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow(1) }
    // SAFETY: count < capacity.
    (base + count).initialize(to: element)
    count &+= 1
  }

  /// Appends copies; the elements are readable during the call.
  @inline(__always)
  mutating func append(_ elements: UnsafePointer<Element>, count added: Int) {
    if capacity &- count < added { grow(added) }
    // SAFETY: count + added <= capacity.
    (base + count).initialize(from: elements, count: added)
    count &+= added
  }

  mutating func removeLast(_ removed: Int) { count = max(0, count - removed) }
  mutating func removeAll() { count = 0 }

  /// Appends everything to another one.
  @inline(__always)
  borrowing func copy(to other: inout XMLBuffer<Element>) { other.append(base, count: count) }

  /// Puts everything at the end of an array.
  mutating func move(to array: inout [Element]) {
    array.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
    count = 0
  }

  @inline(never)
  private mutating func grow(_ added: Int) {
    let larger = max(capacity * 2, count + added)
    let grown = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    // SAFETY: both hold at least `count` elements.
    grown.initialize(from: base, count: count)
    base.deallocate()
    (base, capacity) = (grown, larger)
  }
}
