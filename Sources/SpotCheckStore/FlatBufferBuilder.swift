/// Writes FlatBuffers (flatbuffers.dev, "FlatBuffer internals"), as far as Arrow's metadata needs them.
///
/// A FlatBuffer is built from its end to its beginning, so the bytes are kept in reverse order until ``finish(_:)``.
/// A place in the buffer is its distance from the end.
struct FlatBufferBuilder {
  /// Where an object starts, counted from the buffer's end.
  struct Place: Sendable { var fromEnd: Int }

  enum Value {
    case bool(Bool)
    case uint8(UInt8)
    case int16(Int16)
    case int32(Int32)
    case int64(Int64)
    case place(Place)
  }

  private var reversed: [UInt8] = []

  mutating func string(_ text: String) -> Place {
    let bytes = Array(text.utf8)
    align(4, before: bytes.count + 1)
    reversed.append(0)
    reversed.append(contentsOf: bytes.reversed())
    push(UInt32(bytes.count))
    return Place(fromEnd: reversed.count)
  }

  /// A vector of references to tables.
  mutating func vector(_ places: [Place]) -> Place {
    align(4, before: places.count * 4)
    for place in places.reversed() { pushReference(place) }
    push(UInt32(places.count))
    return Place(fromEnd: reversed.count)
  }

  /// A vector of structs of 64-bit words, given flat.
  mutating func vector(structs words: [Int64], wordsEach: Int) -> Place {
    align(8, before: words.count * 8)
    for word in words.reversed() { push(UInt64(bitPattern: word)) }
    push(UInt32(words.count / wordsEach))
    return Place(fromEnd: reversed.count)
  }

  /// A table with these fields. Fields left out have their schema's default.
  mutating func table(_ fields: [(id: Int, value: Value)]) -> Place {
    let tableEnd = reversed.count
    var starts: [Int: Int] = [:]
    for (id, value) in fields {
      switch value {
      case .bool(let value): reversed.append(value ? 1 : 0)
      case .uint8(let value): reversed.append(value)
      case .int16(let value):
        align(2)
        push(UInt16(bitPattern: value))
      case .int32(let value):
        align(4)
        push(UInt32(bitPattern: value))
      case .int64(let value):
        align(8)
        push(UInt64(bitPattern: value))
      case .place(let place):
        align(4)
        pushReference(place)
      }
      starts[id] = reversed.count
    }
    align(4)
    push(UInt32(0))
    let tableStart = reversed.count
    let slotCount = (fields.map(\.id).max() ?? -1) + 1
    for id in (0..<slotCount).reversed() { push(UInt16(starts[id].map { tableStart - $0 } ?? 0)) }
    push(UInt16(tableStart - tableEnd))
    push(UInt16(4 + slotCount * 2))
    // The table begins with the distance back to its vtable, which lies before it.
    let distance = UInt32(reversed.count - tableStart)
    for byte in 0..<4 { reversed[tableStart - 1 - byte] = UInt8(truncatingIfNeeded: distance >> UInt32(byte * 8)) }
    return Place(fromEnd: tableStart)
  }

  /// The finished buffer; its length is a multiple of 8.
  mutating func finish(_ root: Place) -> [UInt8] {
    align(8, before: 4)
    pushReference(root)
    return reversed.reversed()
  }

  /// Pads so that after `before` more bytes the position is a multiple of `alignment`.
  private mutating func align(_ alignment: Int, before: Int = 0) {
    while (reversed.count + before) % alignment != 0 { reversed.append(0) }
  }

  private mutating func push(_ value: some FixedWidthInteger & UnsignedInteger) {
    for byte in (0..<value.bitWidth / 8).reversed() { reversed.append(UInt8(truncatingIfNeeded: value >> (byte * 8))) }
  }

  private mutating func pushReference(_ place: Place) { push(UInt32(reversed.count + 4 - place.fromEnd)) }
}
