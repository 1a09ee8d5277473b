// UNSAFE FILE: compares names eight bytes at a time. Its own copies are padded to full words, and the text that they are
// compared with has eight readable bytes behind it (``TextBlock``).

import CLibXML2

/// The names that the plain reader has met, each with the address that libxml2's dictionary gives it.
///
/// A document repeats the same few names in the same order, so every name remembers which one followed it last time: one
/// comparison then takes the place of a search.
struct XMLPlainNames: ~Copyable {
  /// Longer names, more of them, and more with one hash are left to libxml2.
  static let byteLimit = 512
  static let countLimit = 8192
  static let probeLimit = 32

  struct Entry {
    /// Own copy, padded with zeros to full words.
    var text: UnsafeMutablePointer<UInt8>
    var length: Int
    /// The local name in libxml2's dictionary.
    var interned: UnsafePointer<xmlChar>
    /// The namespace of an element with this name.
    var uri: UnsafePointer<xmlChar>?
    var hash: UInt64
    /// The name of the start tag that came behind one with this name, last time.
    var next = 0
    /// The path that this name made below that parent, last time.
    var parent: Int32 = -1
    var node: Int32 = -1
  }

  /// A prefix that the root has declared; nil is the default namespace.
  struct Prefix {
    var name: UnsafePointer<xmlChar>?
    var uri: UnsafePointer<xmlChar>?
  }

  private let dictionary: xmlDictPtr
  private let prefixes: [Prefix]
  private(set) var entries: UnsafeMutablePointer<Entry>
  private var capacity = 64
  private(set) var count = 0
  /// Index of an entry plus one; 0 is free.
  private var slots: [Int32] = Array(repeating: 0, count: 256)

  init(_ dictionary: xmlDictPtr, prefixes: [Prefix]) {
    self.dictionary = dictionary
    self.prefixes = prefixes
    entries = .allocate(capacity: capacity)
  }

  deinit {
    for index in 0..<count { entries[index].text.deallocate() }
    entries.deallocate()
  }

  /// Whether `text` goes on with the bytes of an entry. Both have their words readable to the end.
  @inline(__always)
  static func equal(_ text: UnsafeRawPointer, _ name: UnsafeMutablePointer<UInt8>, _ length: Int) -> Bool {
    let name = UnsafeRawPointer(name)
    var index = 0
    // SAFETY: the last load reaches at most seven bytes behind `length`.
    while index &+ 8 <= length {
      if text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        != name.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      {
        return false
      }
      index &+= 8
    }
    guard index < length else { return true }
    let rest =
      text.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      ^ name.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
    return rest & ((1 &<< UInt64(truncatingIfNeeded: 8 &* (length &- index))) &- 1) == 0
  }

  /// Length of the name that starts here, as far as its bytes may stand in a name at all.
  @inline(__always)
  static func length(_ text: UnsafePointer<UInt8>, limit: Int) -> Int {
    var index = 0
    while index < limit, mayStandInName(text[index]) { index &+= 1 }
    return index
  }

  /// The entry of a name that is surely one, made on first sight; nil for any other.
  mutating func find(_ text: UnsafePointer<UInt8>, length: Int) -> Int? {
    guard length > 0, length <= Self.byteLimit else { return nil }
    let hash = Self.hash(text, length)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    var probes = 0
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if entries[index].hash == hash, entries[index].length == length, Self.equal(text, entries[index].text, length) {
        return index
      }
      slot = (slot + 1) & mask
      probes += 1
      // Names made to meet in one place shall not cost us more than they cost libxml2.
      if probes == Self.probeLimit { return nil }
    }
    return add(text, length, hash)
  }

  // MARK: Inside

  private mutating func add(_ text: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt64) -> Int? {
    var start = 0
    var prefix = 0
    while start < length, text[start] != 0x3A { start += 1 }
    if start < length {
      guard Self.isName(text, start), let known = index(ofPrefix: text, start) else { return nil }
      prefix = known
      start += 1
    } else {
      start = 0
      prefix = prefixes.firstIndex { $0.name == nil } ?? -1
    }
    guard count < Self.countLimit, Self.isName(text + start, length - start),
      let interned = xmlDictLookup(dictionary, text + start, Int32(length - start))
    else { return nil }
    let padded = (length + 7) / 8 * 8
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: padded)
    copy.initialize(repeating: 0, count: padded)
    copy.update(from: text, count: length)
    if count == capacity { grow() }
    // SAFETY: count < capacity.
    (entries + count).initialize(
      to: Entry(
        text: copy, length: length, interned: interned, uri: prefix < 0 ? nil : prefixes[prefix].uri, hash: hash))
    count += 1
    if count * 4 > slots.count {
      slots = Array(repeating: 0, count: slots.count * 4)
      for index in 0..<count { place(index) }
    } else {
      place(count - 1)
    }
    return count - 1
  }

  private func index(ofPrefix text: UnsafePointer<UInt8>, _ length: Int) -> Int? {
    let bytes = UnsafeBufferPointer(start: text, count: length)
    return prefixes.firstIndex {
      guard let name = $0.name else { return false }
      return UnsafeBufferPointer(start: name, count: Int(xmlStrlen(name))).elementsEqual(bytes)
    }
  }

  private mutating func grow() {
    let grown = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    grown.moveInitialize(from: entries, count: count)
    entries.deallocate()
    entries = grown
    capacity *= 2
  }

  private mutating func place(_ index: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: entries[index].hash >> 32) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = Int32(index + 1)
  }

  private static func hash(_ text: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    var h: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in 0..<length { h = (h ^ UInt64(text[index])) &* 0x0000_0100_0000_01B3 }
    return (h ^ (h >> 29)) &* 0xBF58_476D_1CE4_E5B9
  }

  @inline(__always)
  private static func mayStandInName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2D || byte == 0x2E
      || byte == 0x3A
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == 0x5F || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A)
  }

  /// Whether libxml2 would take this as a prefix or a local name: only characters that XML 1.0 (fifth edition, production
  /// 4) lets a name start with, and in ASCII also those that it may go on with.
  private static func isName(_ text: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    let bytes = UnsafeBufferPointer(start: text, count: length)
    guard let first = bytes.first, first >= 0x80 || isLetter(first), !bytes.elementsEqual("xmlns".utf8) else {
      return false
    }
    var index = 0
    while index < length {
      guard bytes[index] >= 0x80 else {
        // A second colon, or a name without a byte before or behind it.
        if bytes[index] == 0x3A { return false }
        index += 1
        continue
      }
      // Three bytes: U+3001…U+D7FF, U+F900…U+FDCF, U+FDF0…U+FFFD. All the rest is left to libxml2.
      guard bytes[index] & 0xF0 == 0xE0, index + 2 < length, bytes[index + 1] & 0xC0 == 0x80,
        bytes[index + 2] & 0xC0 == 0x80
      else { return false }
      let scalar =
        UInt32(bytes[index] & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F)
      switch scalar {
      case 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD: index += 3
      default: return false
      }
    }
    return true
  }
}
