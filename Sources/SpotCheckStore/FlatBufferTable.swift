/// What a reader of metadata found wrong; the file's name is added further up.
struct Malformed: Error {
  var check = StoreError.Check.structure
  var what: String
  /// Set if the file is sound but written by a later version.
  var newerVersion: Int?

  func inFile(_ path: String) -> StoreError {
    StoreError(path: path, problem: newerVersion.map { .newerFormat($0) } ?? .damaged(check, what))
  }
}

/// Reads one table of a FlatBuffer. Every offset is checked before it is followed: the bytes come from disk and may
/// be anything.
struct FlatBufferTable {
  private let bytes: [UInt8]
  private let position: Int
  private let slots: Int
  private let slotBytes: Int

  /// The root table.
  init(root bytes: [UInt8]) throws(Malformed) {
    try self.init(bytes, at: FlatBufferTable.follow(bytes, 0))
  }

  private init(_ bytes: [UInt8], at position: Int) throws(Malformed) {
    self.bytes = bytes
    self.position = position
    let back = Int(Int32(truncatingIfNeeded: try FlatBufferTable.load(bytes, position, 4)))
    // |back| < 2^31 and position < 2^63 - 2^31: no overflow.
    slots = position - back
    slotBytes = Int(try FlatBufferTable.load(bytes, slots, 2))
  }

  func integer<T: FixedWidthInteger>(_ id: Int, default value: T) throws(Malformed) -> T {
    guard let start = try field(id) else { return value }
    return T(truncatingIfNeeded: try FlatBufferTable.load(bytes, start, T.bitWidth / 8))
  }

  func bool(_ id: Int) throws(Malformed) -> Bool { try integer(id, default: UInt8(0)) != 0 }

  func string(_ id: Int) throws(Malformed) -> String? {
    guard let (start, count) = try vector(id, elementSize: 1) else { return nil }
    return String(decoding: bytes[start..<start + count], as: UTF8.self)
  }

  func table(_ id: Int) throws(Malformed) -> FlatBufferTable? {
    guard let start = try field(id) else { return nil }
    return try FlatBufferTable(bytes, at: FlatBufferTable.follow(bytes, start))
  }

  func tables(_ id: Int) throws(Malformed) -> [FlatBufferTable] {
    guard let (start, count) = try vector(id, elementSize: 4) else { return [] }
    var result: [FlatBufferTable] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      result.append(try FlatBufferTable(bytes, at: FlatBufferTable.follow(bytes, start + index * 4)))
    }
    return result
  }

  /// A vector of structs of 64-bit words, flat.
  func words(_ id: Int, wordsEach: Int) throws(Malformed) -> [Int64] {
    guard let (start, count) = try vector(id, elementSize: wordsEach * 8) else { return [] }
    var result: [Int64] = []
    result.reserveCapacity(count * wordsEach)
    for index in 0..<count * wordsEach {
      result.append(Int64(bitPattern: try FlatBufferTable.load(bytes, start + index * 8, 8)))
    }
    return result
  }

  private func vector(_ id: Int, elementSize: Int) throws(Malformed) -> (start: Int, count: Int)? {
    guard let field = try field(id) else { return nil }
    let start = try FlatBufferTable.follow(bytes, field)
    let count = Int(try FlatBufferTable.load(bytes, start, 4))
    guard count <= (bytes.count - start - 4) / elementSize else {
      throw Malformed(what: "a vector leaves the metadata")
    }
    return (start + 4, count)
  }

  /// Where a field's value is; nil if it has its default.
  private func field(_ id: Int) throws(Malformed) -> Int? {
    let slot = 4 + id * 2
    guard slot + 2 <= slotBytes else { return nil }
    let offset = Int(try FlatBufferTable.load(bytes, slots + slot, 2))
    return offset == 0 ? nil : position + offset
  }

  /// The place that the reference at `position` points to.
  private static func follow(_ bytes: [UInt8], _ position: Int) throws(Malformed) -> Int {
    let distance = Int(try load(bytes, position, 4))
    guard distance > 0, distance <= bytes.count - position else {
      throw Malformed(what: "a reference leaves the metadata")
    }
    return position + distance
  }

  private static func load(_ bytes: [UInt8], _ position: Int, _ size: Int) throws(Malformed) -> UInt64 {
    guard position >= 0, position <= bytes.count - size else { throw Malformed(what: "a field leaves the metadata") }
    var value: UInt64 = 0
    for byte in (0..<size).reversed() { value = value << 8 | UInt64(bytes[position + byte]) }
    return value
  }
}
