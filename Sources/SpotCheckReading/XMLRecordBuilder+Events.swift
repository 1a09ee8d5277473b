// UNSAFE FILE: handles libxml2's event arguments. Attribute values are ranges [begin, end) inside libxml2's buffer
// or its own copies; both are readable during the callback.

import CLibXML2
import SpotCheckModel

extension XMLRecordBuilder {
  typealias Name = UnsafePointer<xmlChar>
  typealias Frame = UnsafeMutablePointer<XMLFrame>
  /// Five pointers an attribute: local name, prefix, URI, begin and end of the value.
  typealias Attributes = UnsafeMutablePointer<UnsafePointer<xmlChar>?>

  // MARK: Events

  /// - Parameters:
  ///   - start: offset of the start tag's `<` in the decoded text.
  ///   - declared: pairs of prefix and URI.
  mutating func startElement(
    _ name: Name, uri: Name?, start: Int, declared: Attributes?, declaredCount: Int, attributes: Attributes?,
    attributeCount: Int
  ) {
    guard !hasFailed else { return }
    guard depth < depthLimit else {
      return fail(
        .xmlDepth, at: start, "more than \(depthLimit) nested elements", zh: "元素嵌套超过 \(depthLimit) 层")
    }
    let namespacesBefore = namespaces
    if declaredCount > 0, let declared {
      declareNamespaces(declared, declaredCount, start)
      guard !hasFailed else { return }
    }
    runBytes = 0
    // SAFETY: depth < depthLimit, and there is one frame more than that.
    let frame = frames + depth
    if depth > 0 {
      endRun()
      (frame - 1).pointee.hasChild = true
    } else {
      hasRoot = true
      rootStart = start
      rootName = Self.qualified(name, uri)
    }
    depth &+= 1
    serial &+= 1
    frame.pointee.zone = .ignored
    frame.pointee.isRowStart = false
    frame.pointee.collectsText = false
    frame.pointee.hasChild = false
    frame.pointee.hasAttributes = attributeCount > 0
    frame.pointee.itemSteps = -1
    frame.pointee.start = start
    // Start tags come in ascending order: every stretch of text is looked at once.
    frame.pointee.line = line(of: start)
    if depth == 1 { rootLine = frame.pointee.line }
    frame.pointee.payload = payloadOffset(of: start)
    frame.pointee.serial = serial
    frame.pointee.namespaces = namespacesBefore
    frame.pointee.name = name
    frame.pointee.textStart = textCount
    frame.pointee.runStart = textCount
    place(frame, name, uri)
    guard !hasFailed else { return }
    if frame.pointee.zone == .ancestorField { frame.pointee.faults = faults(before: start) }
    if frame.pointee.isRowStart { openRow(frame) }
    if attributeCount > 0, let attributes { takeAttributes(frame, attributes, attributeCount) }
  }

  mutating func endElement() {
    guard !hasFailed, depth > 0 else { return }
    runBytes = 0
    let frame = frames + (depth &- 1)
    if frame.pointee.zone != .ignored {
      if frame.pointee.hasChild { endRun() }
      finishText(frame)
      guard !hasFailed else { return }
      if frame.pointee.isRowStart { closeRow(frame) }
      if frame.pointee.zone == .path {
        ancestorCells.removeLast(ancestorCells.count &- frame.pointee.ancestorCells)
        ancestorBytes.removeLast(ancestorBytes.count &- frame.pointee.ancestorBytes)
        if overflowDepth >= depth { overflowDepth = 0 }
      }
    }
    textCount = frame.pointee.textStart
    namespaces = frame.pointee.namespaces
    depth &-= 1
    if depth > 0 { (frame - 1).pointee.runStart = textCount }
  }

  mutating func characters(_ bytes: UnsafePointer<xmlChar>, count: Int) {
    guard !hasFailed, depth > 0, count > 0 else { return }
    // Text comes in pieces as it likes: of two limits the one that is nearer breaks.
    let room = limits.textBytes &- runBytes
    let collects = frames[depth &- 1].collectsText
    let used = textCount &+ (isRecordOpen ? outBytes.count &- recordFirstByte : 0)
    let recordRoom = collects ? limits.recordBytes &- used : Int.max
    guard count <= min(room, recordRoom) else {
      guard room <= recordRoom else { return failRecord() }
      return fail(
        .xmlTextLimit, at: frames[depth &- 1].start, "text of more than \(limits.textBytes) bytes",
        zh: "文本超过 \(limits.textBytes) 字节")
    }
    runBytes &+= count
    guard collects else { return }
    if textCount &+ count > textCapacity { growText(count) }
    // SAFETY: the capacity was just checked; libxml2 promises `count` readable bytes.
    (text + textCount).update(from: bytes, count: count)
    textCount &+= count
  }

  mutating func processingInstruction(_ target: Name, at offset: Int) {
    guard !hasFailed else { return }
    register(target, at: offset)
  }

  // MARK: Names

  /// Counts a name that may be new.
  @inline(__always)
  mutating func register(_ name: Name, at offset: Int) {
    if !names.contains(name) { registerNew(name, offset) }
  }

  private mutating func registerNew(_ name: Name, _ offset: Int) {
    guard names.count < limits.distinctNames else {
      return fail(
        .xmlNameLimit, at: offset, "more than \(limits.distinctNames) different names",
        zh: "不同名称超过 \(limits.distinctNames) 个")
    }
    guard xmlStrlen(name) <= limits.nameBytes else {
      return fail(
        .xmlNameLimit, at: offset, "a name of more than \(limits.nameBytes) bytes",
        zh: "名称超过 \(limits.nameBytes) 字节")
    }
    names.insert(name)
  }

  private mutating func declareNamespaces(_ declared: Attributes, _ count: Int, _ offset: Int) {
    namespaces &+= count
    guard namespaces <= Self.namespaceLimit else {
      return fail(
        .xmlNamespace, at: offset, "more than \(Self.namespaceLimit) namespace declarations in force",
        zh: "同时有效的命名空间声明超过 \(Self.namespaceLimit) 个")
    }
    for index in 0..<2 &* count {
      if let name = declared[index] { register(name, at: offset) }
    }
  }

  /// The node of a child; makes it on first sight, and fails over the limits.
  @inline(__always)
  mutating func node(_ name: Name, below parent: Int32, attribute: Bool, _ offset: Int) -> Int32 {
    if let node = paths.find(name, below: parent, attribute: attribute) { return node }
    register(name, at: offset)
    guard !hasFailed else { return 0 }
    if let node = paths.add(name, below: parent, attribute: attribute) { return node }
    failPaths(offset)
    return 0
  }

  private mutating func failPaths(_ offset: Int) {
    fail(.xmlNameLimit, at: offset, "too many different paths", zh: "不同路径过多")
  }

  static func qualified(_ name: Name, _ uri: Name?) -> String {
    let local = String(cString: name)
    guard let uri else { return local }
    return "{\(String(cString: uri))}\(local)"
  }

  // MARK: Places

  /// Finds out what the element is, from its parent and its name.
  @inline(__always)
  private mutating func place(_ frame: Frame, _ name: Name, _ uri: Name?) {
    guard depth > 1 else { return placeAbove(frame, name, uri) }
    let parent = frame - 1
    switch parent.pointee.zone {
    case .path:
      placeAbove(frame, name, uri)
    case .ignored:
      register(name, at: frame.pointee.start)
    case .ancestorField, .record, .item:
      frame.pointee.zone = parent.pointee.zone
      frame.pointee.collectsText = true
      let matched = parent.pointee.itemSteps
      if matched >= 0, itemSteps[matched].matches(name, uri) {
        if matched &+ 1 == itemSteps.count {
          frame.pointee.zone = .item
          frame.pointee.isRowStart = true
          frame.pointee.node = XMLPathTable.item
          return register(name, at: frame.pointee.start)
        }
        frame.pointee.itemSteps = matched &+ 1
      }
      placeField(frame, name)
    }
  }

  @inline(__always)
  private mutating func placeField(_ frame: Frame, _ name: Name) {
    let parent = frame - 1
    frame.pointee.node = node(name, below: parent.pointee.node, attribute: false, frame.pointee.start)
    guard indexRepeats, !hasFailed else { return }
    if let node = paths.occurrence(of: frame.pointee.node, parentSerial: parent.pointee.serial) {
      frame.pointee.node = node
    } else {
      failPaths(frame.pointee.start)
    }
  }

  /// The root, or an element whose parent is on the record path.
  private mutating func placeAbove(_ frame: Frame, _ name: Name, _ uri: Name?) {
    guard recordSteps[depth &- 1].matches(name, uri) else {
      if depth == 1 { return register(name, at: frame.pointee.start) }
      frame.pointee.zone = .ancestorField
      frame.pointee.collectsText = true
      return placeField(frame, name)
    }
    register(name, at: frame.pointee.start)
    if depth == recordSteps.count {
      frame.pointee.zone = .record
      frame.pointee.isRowStart = true
      frame.pointee.collectsText = true
      frame.pointee.node = XMLPathTable.record
      frame.pointee.itemSteps = itemSteps.isEmpty ? -1 : 0
    } else {
      frame.pointee.zone = .path
      frame.pointee.collectsText = isDefaultMode
      frame.pointee.node = paths.ancestor(depth: depth)
      frame.pointee.ancestorCells = ancestorCells.count
      frame.pointee.ancestorBytes = ancestorBytes.count
    }
  }

  // MARK: Text

  /// A run of text ends at a tag: white space between elements is not a value.
  @inline(__always)
  mutating func endRun() {
    let frame = frames + (depth &- 1)
    if XMLByteScan.isBlank(UnsafePointer(text), from: frame.pointee.runStart, to: textCount) {
      textCount = frame.pointee.runStart
    }
    frame.pointee.runStart = textCount
    if frame.pointee.zone == .path { frame.pointee.collectsText = false }
  }

  private mutating func growText(_ count: Int) {
    let capacity = max(textCapacity &* 2, textCount &+ count)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    // SAFETY: both buffers hold at least `textCount` bytes.
    grown.update(from: text, count: textCount)
    text.deallocate()
    text = grown
    textCapacity = capacity
  }

  /// The text of a finished element becomes a cell, if it is a value.
  @inline(__always)
  private mutating func finishText(_ frame: Frame) {
    if frame.pointee.zone == .path {
      // The default mode's root without children is the record.
      if isDefaultMode, depth == 1, !frame.pointee.hasChild { recordFromRoot(frame) }
      return
    }
    let count = textCount &- frame.pointee.textStart
    if count == 0, frame.pointee.hasChild || frame.pointee.hasAttributes { return }
    let value = UnsafeBufferPointer(start: UnsafePointer(text + frame.pointee.textStart), count: count)
    addCell(frame.pointee.zone, paths.column(of: frame.pointee.node), value, frame.pointee.payload, frame)
  }
}
