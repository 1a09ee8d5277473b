// UNSAFE FILE: names are libxml2's interned strings, compared by address. They live as long as the parser context,
// and the table belongs to the same reader.

import CLibXML2

/// Every element and attribute path met so far, and the column of each path that has had a value.
///
/// A node is one path; finding a child is one probe of a table keyed by (parent, name address), so that no String
/// is made for an element. Names are local names: two namespaces with the same local name share a path.
struct XMLPathTable {
  /// Paths are counted, and their text is: a hostile document nests names to get many long ones.
  static let nodeLimit = 1 << 16
  static let textLimit = 16 << 20

  /// The record itself; paths below it have no prefix.
  static let record: Int32 = 0
  /// An item itself; the same.
  static let item: Int32 = 1

  private struct Node {
    /// Path of the node, with the prefix of its context; empty for record and item.
    var path: String
    /// Column of the node's text or value, -1 until there is one.
    var column: Int32 = -1
    /// The node without an index, if indices are on; else the node itself.
    var base: Int32
    /// For counting repeats below one parent: the parent element's serial number and the count.
    var parentSerial = -1
    var count: Int32 = 0
  }

  private struct Slot {
    var name: UInt = 0
    var parent: UInt32 = 0
    var node: Int32 = -1
  }

  private var nodes: [Node] = []
  private var slots: [Slot]
  private var mask: Int
  private var textBytes = 0
  private var columns: [String: Int32] = [:]
  private(set) var columnNames: [String] = []
  /// Context nodes of the elements above the record: index 0 is the root.
  private var ancestors: [Int32] = []

  init(levels: Int) {
    slots = Array(repeating: Slot(), count: 1024)
    mask = 1023
    nodes.append(Node(path: "", base: 0))
    nodes.append(Node(path: "", base: 1))
    for level in 1..<max(1, levels) {
      let prefix = String(repeating: "../", count: levels - level)
      ancestors.append(Int32(nodes.count))
      nodes.append(Node(path: prefix, base: Int32(nodes.count)))
    }
  }

  /// The context node of the element at `depth` (1 is the root) above the record.
  func ancestor(depth: Int) -> Int32 { depth <= ancestors.count ? ancestors[depth - 1] : Self.record }

  /// The node of a child element or attribute, or nil if there is none yet.
  @inline(__always)
  func find(_ name: UnsafePointer<xmlChar>, below parent: Int32, attribute: Bool) -> Int32? {
    let address = UInt(bitPattern: name)
    let key = UInt32(bitPattern: parent) << 1 | (attribute ? 1 : 0)
    var index = Self.hash(address, key) & mask
    while true {
      let slot = slots[index]
      if slot.node < 0 { return nil }
      if slot.name == address, slot.parent == key { return slot.node }
      index = (index &+ 1) & mask
    }
  }

  /// Makes the node of a child; nil if that would be over the limits.
  mutating func add(_ name: UnsafePointer<xmlChar>, below parent: Int32, attribute: Bool) -> Int32? {
    let above = nodes[Int(parent)].path
    var path = above
    if !above.isEmpty, above.utf8.last != 0x2F { path += "/" }
    if attribute { path += "@" }
    path += String(cString: name)
    guard let node = append(path, base: nil) else { return nil }
    insert(UInt(bitPattern: name), UInt32(bitPattern: parent) << 1 | (attribute ? 1 : 0), node)
    return node
  }

  /// Counts an element below the parent element with this serial number; the node of its occurrence
  /// (`Result`, `Result[2]`, …), or nil over the limits.
  mutating func occurrence(of base: Int32, parentSerial: Int) -> Int32? {
    let index = Int(base)
    if nodes[index].parentSerial != parentSerial {
      nodes[index].parentSerial = parentSerial
      nodes[index].count = 0
    }
    nodes[index].count += 1
    let count = nodes[index].count
    if count == 1 { return base }
    // Counts take the place of name addresses in the key: an address is never this small.
    let key = UInt32(bitPattern: base) << 1 | 1
    var slot = Self.hash(UInt(count), key) & mask
    while slots[slot].node >= 0 {
      if slots[slot].name == UInt(count), slots[slot].parent == key { return slots[slot].node }
      slot = (slot &+ 1) & mask
    }
    guard let node = append(nodes[index].path + "[\(count)]", base: base) else { return nil }
    insert(UInt(count), key, node)
    return node
  }

  /// The column of a node's value.
  @inline(__always)
  mutating func column(of node: Int32) -> UInt32 {
    let column = nodes[Int(node)].column
    return UInt32(bitPattern: column >= 0 ? column : newColumn(node))
  }

  /// The column of a record's own attribute, given the root's (`../@id` becomes `@id`).
  mutating func recordColumn(ofAncestorColumn column: UInt32) -> UInt32 {
    let name = String(columnNames[Int(column)].dropFirst(3))
    return UInt32(bitPattern: columnNamed(name))
  }

  // MARK: Inside

  private mutating func columnNamed(_ name: String) -> Int32 {
    if let known = columns[name] { return known }
    let column = Int32(columnNames.count)
    columns[name] = column
    columnNames.append(name)
    return column
  }

  private mutating func newColumn(_ node: Int32) -> Int32 {
    let path = nodes[Int(node)].path
    let column = columnNamed(path.isEmpty ? "." : path)
    nodes[Int(node)].column = column
    return column
  }

  private mutating func append(_ path: String, base: Int32?) -> Int32? {
    textBytes += path.utf8.count
    guard nodes.count < Self.nodeLimit, textBytes <= Self.textLimit else { return nil }
    let node = Int32(nodes.count)
    nodes.append(Node(path: path, base: base ?? node))
    return node
  }

  private mutating func insert(_ name: UInt, _ parent: UInt32, _ node: Int32) {
    if nodes.count * 2 > slots.count {
      let old = slots
      slots = Array(repeating: Slot(), count: old.count * 2)
      mask = slots.count - 1
      for slot in old where slot.node >= 0 { place(slot) }
    }
    place(Slot(name: name, parent: parent, node: node))
  }

  private mutating func place(_ slot: Slot) {
    var index = Self.hash(slot.name, slot.parent) & mask
    while slots[index].node >= 0 { index = (index &+ 1) & mask }
    slots[index] = slot
  }

  @inline(__always)
  private static func hash(_ name: UInt, _ parent: UInt32) -> Int {
    var h = UInt64(name) ^ (UInt64(parent) &* 0x9E37_79B9_7F4A_7C15)
    h = (h ^ (h >> 29)) &* 0xBF58_476D_1CE4_E5B9
    return Int(truncatingIfNeeded: h >> 32)
  }
}

/// The addresses of all different names met: elements, attributes, prefixes, namespaces, PI targets.
struct XMLNameSet {
  private var slots: [UInt] = Array(repeating: 0, count: 256)
  private(set) var count = 0

  /// Whether the name was there before.
  @inline(__always)
  func contains(_ name: UnsafePointer<xmlChar>) -> Bool {
    let address = UInt(bitPattern: name)
    var index = Self.hash(address) & (slots.count &- 1)
    while slots[index] != 0 {
      if slots[index] == address { return true }
      index = (index &+ 1) & (slots.count &- 1)
    }
    return false
  }

  mutating func insert(_ name: UnsafePointer<xmlChar>) {
    if count * 2 >= slots.count {
      let old = slots
      slots = Array(repeating: 0, count: old.count * 2)
      for address in old where address != 0 { place(address) }
    }
    place(UInt(bitPattern: name))
    count += 1
  }

  private mutating func place(_ address: UInt) {
    var index = Self.hash(address) & (slots.count - 1)
    while slots[index] != 0 { index = (index &+ 1) & (slots.count - 1) }
    slots[index] = address
  }

  @inline(__always)
  private static func hash(_ address: UInt) -> Int {
    Int(truncatingIfNeeded: (UInt64(address) &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }
}
