/// Arrow's metadata messages (Arrow format 1.5: `Schema.fbs`, `Message.fbs`, `File.fbs`), as far as segments use them.
/// Field numbers and union members are those of the `.fbs` files.
enum ArrowMetadata {
  static let magic = Array("ARROW1".utf8)
  static let alignment = 64
  /// MetadataVersion.V5
  static let version: Int16 = 4
  /// Precedes the length of every message.
  static let continuation: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
  static let endOfStream = continuation + [0, 0, 0, 0]

  enum Header: UInt8 {
    case schema = 1
    case dictionaryBatch = 2
    case recordBatch = 3
  }

  /// Keys of the custom metadata.
  enum Key {
    static let format = "format"
    static let version = "version"
    static let table = "table"
    /// In the footer: one line a buffer, `offset length xxh64`.
    static let checksums = "spotcheck.checksums"
  }

  /// A message's place in the file.
  struct Block: Equatable {
    var offset: Int
    /// With the 8 bytes before it and the padding after it.
    var metadataLength: Int
    var bodyLength: Int
  }

  static func padded(_ length: Int) -> Int { (length + alignment - 1) / alignment * alignment }

  // Writing

  static func littleEndian(_ value: Int) -> [UInt8] {
    let bits = UInt32(truncatingIfNeeded: value)
    return (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32($0 * 8)) }
  }

  /// Continuation, length, message, and padding, so that the body starts at a multiple of 64; and where that stands.
  static func framed(_ message: [UInt8], at offset: Int, bodyLength: Int) -> (bytes: [UInt8], block: Block) {
    let end = padded(offset + 8 + message.count)
    let padding = [UInt8](repeating: 0, count: end - offset - 8 - message.count)
    let bytes = continuation + littleEndian(message.count + padding.count) + message + padding
    return (bytes, Block(offset: offset, metadataLength: end - offset, bodyLength: bodyLength))
  }

  static func schemaMessage(_ schema: ArrowSchema) -> [UInt8] {
    var builder = FlatBufferBuilder()
    let place = place(of: schema, &builder)
    return message(&builder, .schema, place, bodyLength: 0)
  }

  static func dictionaryMessage(id: Int, _ batch: BatchPlan) -> [UInt8] {
    var builder = FlatBufferBuilder()
    let data = recordBatch(&builder, batch)
    let header = builder.table([(0, .int64(Int64(id))), (1, .place(data))])
    return message(&builder, .dictionaryBatch, header, bodyLength: batch.bodyLength)
  }

  static func recordBatchMessage(_ batch: BatchPlan) -> [UInt8] {
    var builder = FlatBufferBuilder()
    let header = recordBatch(&builder, batch)
    return message(&builder, .recordBatch, header, bodyLength: batch.bodyLength)
  }

  /// - Parameter metadata: of the footer itself, beside the schema's.
  static func footer(
    _ schema: ArrowSchema, dictionaries: [Block] = [], batches: [Block], metadata: [(String, String)] = []
  ) -> [UInt8] {
    var builder = FlatBufferBuilder()
    let metadata = keyValues(&builder, metadata)
    // A Block is {long offset; int metaDataLength; 4 bytes of padding; long bodyLength}.
    func blocks(_ list: [Block]) -> [Int64] {
      list.flatMap { [Int64($0.offset), Int64($0.metadataLength), Int64($0.bodyLength)] }
    }
    let batches = builder.vector(structs: blocks(batches), wordsEach: 3)
    let dictionaries = builder.vector(structs: blocks(dictionaries), wordsEach: 3)
    let schema = place(of: schema, &builder)
    let root = builder.table([
      (1, .place(schema)), (2, .place(dictionaries)), (3, .place(batches)), (4, .place(metadata)), (0, .int16(version)),
    ])
    return builder.finish(root)
  }

  private static func message(
    _ builder: inout FlatBufferBuilder, _ type: Header, _ header: FlatBufferBuilder.Place, bodyLength: Int
  ) -> [UInt8] {
    let root = builder.table([
      (3, .int64(Int64(bodyLength))), (2, .place(header)), (0, .int16(version)), (1, .uint8(type.rawValue)),
    ])
    return builder.finish(root)
  }

  private static func recordBatch(_ builder: inout FlatBufferBuilder, _ batch: BatchPlan) -> FlatBufferBuilder.Place {
    let buffers = builder.vector(structs: batch.bufferWords, wordsEach: 2)
    let nodes = builder.vector(structs: batch.nodeWords, wordsEach: 2)
    return builder.table([(0, .int64(Int64(batch.rows))), (1, .place(nodes)), (2, .place(buffers))])
  }

  private static func place(of schema: ArrowSchema, _ builder: inout FlatBufferBuilder) -> FlatBufferBuilder.Place {
    let children = builder.vector([])
    let fields = schema.columns.enumerated().map { index, column in
      field(&builder, column, id: index, indexWidth: schema.indexWidths[index], children: children)
    }
    let vector = builder.vector(fields)
    let metadata = keyValues(&builder, schema.metadata)
    return builder.table([(1, .place(vector)), (2, .place(metadata)), (0, .int16(0))])
  }

  private static func field(
    _ builder: inout FlatBufferBuilder, _ column: ColumnSpec, id: Int, indexWidth: Int,
    children: FlatBufferBuilder.Place
  ) -> FlatBufferBuilder.Place {
    let name = builder.string(column.name)
    let (type, detail) = typeFields(column.kind)
    let typeTable = builder.table(detail)
    var fields: [(id: Int, value: FlatBufferBuilder.Value)] = [
      (0, .place(name)), (3, .place(typeTable)), (5, .place(children)),
    ]
    if column.kind == .dictionary {
      let indexType = builder.table([(0, .int32(Int32(indexWidth * 8))), (1, .bool(true))])
      let encoding = builder.table([(0, .int64(Int64(id))), (1, .place(indexType))])
      fields.append((4, .place(encoding)))
    }
    fields += [(1, .bool(column.isNullable)), (2, .uint8(type))]
    return builder.table(fields)
  }

  /// Member of the union `Type`, and its table's fields.
  static func typeFields(_ kind: ColumnKind) -> (UInt8, [(id: Int, value: FlatBufferBuilder.Value)]) {
    switch kind {
    case .dictionary, .plainText: (5, [])
    // Date: the default unit is the millisecond, so DAY (0) must be written.
    case .day: (8, [(0, .int16(0))])
    case .uint32: (2, [(0, .int32(32)), (1, .bool(false))])
    case .uint64: (2, [(0, .int32(64)), (1, .bool(false))])
    case .int64: (2, [(0, .int32(64)), (1, .bool(true))])
    case .int8: (2, [(0, .int32(8)), (1, .bool(true))])
    // FloatingPoint: precision DOUBLE.
    case .float64: (3, [(0, .int16(2))])
    }
  }

  private static func keyValues(
    _ builder: inout FlatBufferBuilder, _ pairs: [(String, String)]
  ) -> FlatBufferBuilder.Place {
    let places = pairs.map { key, value in
      let key = builder.string(key)
      let value = builder.string(value)
      return builder.table([(0, .place(key)), (1, .place(value))])
    }
    return builder.vector(places)
  }
}

/// What an Arrow file says of its columns before the first of them.
struct ArrowSchema {
  var columns: [ColumnSpec]
  /// Bytes of each column's indices into its dictionary; 0 for columns without one.
  var indexWidths: [Int]
  var metadata: [(String, String)]

  /// Columns without dictionaries.
  init(_ columns: [ColumnSpec], metadata: [(String, String)]) {
    self.columns = columns
    indexWidths = columns.map { _ in 0 }
    self.metadata = metadata
  }

  init(_ table: SegmentTable, indexWidths: [Int]) {
    columns = table.columns
    self.indexWidths = indexWidths
    metadata = [
      (ArrowMetadata.Key.format, SegmentTable.format), (ArrowMetadata.Key.version, String(SegmentTable.version)),
      (ArrowMetadata.Key.table, table.rawValue),
    ]
  }
}

/// The lengths of a batch's buffers, from which everything in its header follows.
struct BatchPlan {
  var rows: Int
  var nodeWords: [Int64] = []
  var bufferWords: [Int64] = []
  /// A multiple of 64.
  var bodyLength = 0

  init(rows: Int) { self.rows = rows }

  mutating func addNode(nullCount: Int) { nodeWords += [Int64(rows), Int64(nullCount)] }

  mutating func addBuffer(_ length: Int) {
    bufferWords += [Int64(bodyLength), Int64(length)]
    bodyLength += ArrowMetadata.padded(length)
  }
}

/// The checksum of one buffer with the padding behind it.
struct BufferChecksum: Sendable, Equatable {
  /// From the start of the file; a multiple of 64.
  var offset: Int
  /// With padding; a multiple of 64.
  var length: Int
  var hash: UInt64

  static func text(_ list: [BufferChecksum]) -> String {
    list.map { "\($0.offset) \($0.length) \(Hex.text($0.hash))\n" }.joined()
  }

  /// Byte by byte: a segment has thousands of lines, and every query of a cold process reads them.
  static func parse(_ text: String) throws(Malformed) -> [BufferChecksum] {
    var digits = Digits(bytes: Array(text.utf8))
    var result: [BufferChecksum] = []
    while !digits.isAtEnd {
      guard let offset = digits.number(radix: 10, end: 32), let length = digits.number(radix: 10, end: 32),
        let hash = digits.number(radix: 16, end: 10), let offset = Int(exactly: offset),
        let length = Int(exactly: length),
        length > 0, offset % ArrowMetadata.alignment == 0, length % ArrowMetadata.alignment == 0
      else { throw Malformed(what: "the table of checksums cannot be read") }
      result.append(BufferChecksum(offset: offset, length: length, hash: hash))
    }
    return result
  }

  /// Unsigned numbers, each with one byte behind it.
  private struct Digits {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    /// Nil if there is no number, it does not fit, or something else stands behind it.
    mutating func number(radix: UInt64, end: UInt8) -> UInt64? {
      var value: UInt64 = 0
      let start = index
      while index < bytes.count, bytes[index] != end {
        let byte = bytes[index]
        let digit: UInt64
        switch byte {
        case 48...57: digit = UInt64(byte - 48)
        case 97...102 where radix == 16: digit = UInt64(byte - 87)
        default: return nil
        }
        let (product, isTooLarge) = value.multipliedReportingOverflow(by: radix)
        let (sum, overflows) = product.addingReportingOverflow(digit)
        if isTooLarge || overflows { return nil }
        value = sum
        index += 1
      }
      guard index > start, index < bytes.count else { return nil }
      index += 1
      return value
    }
  }
}

enum Hex {
  /// 16 lower-case digits.
  static func text(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
