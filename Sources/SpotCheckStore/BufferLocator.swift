import SpotCheckSystem

/// Reads the headers of dictionary and record batches and finds their buffers in the file.
struct BufferLocator {
  private let file: MappedFile
  /// Index of the checksum of the buffer that starts at an offset.
  private let checksumAt: [Int: Int]
  private let checksums: [BufferChecksum]

  init(_ file: MappedFile, _ checksums: [BufferChecksum]) {
    self.file = file
    self.checksums = checksums
    checksumAt = Dictionary(checksums.enumerated().map { ($1.offset, $0) }) { first, _ in first }
  }

  /// A dictionary batch: the column's number, and where its texts are.
  func dictionary(_ block: ArrowMetadata.Block) throws(Malformed) -> (id: Int, StoredColumn.Dictionary) {
    let header = try message(block, .dictionaryBatch)
    guard let data = try header.table(1), try !header.bool(2) else {
      throw Malformed(what: "a dictionary is incomplete")
    }
    let count = try rowCount(data)
    var buffers = try BufferQueue(self, data, block)
    guard try buffers.nextNode(rows: count) == 0 else { throw Malformed(what: "a dictionary has missing entries") }
    guard count > 0, try buffers.next().length == 0 else { throw Malformed(what: "a dictionary is not as it must be") }
    let offsets = try buffers.next(length: (count + 1) * 4)
    let bytes = try buffers.next()
    try buffers.finish()
    let id = Int(try header.integer(0, default: Int64(0)))
    return (id, StoredColumn.Dictionary(count: count, offsets: offsets, bytes: bytes))
  }

  /// The record batch.
  func batch(
    _ block: ArrowMetadata.Block, _ table: SegmentTable, indexWidths: [Int],
    dictionaries: [Int: StoredColumn.Dictionary]
  ) throws(Malformed) -> (rows: Int, [StoredColumn]) {
    let header = try message(block, .recordBatch)
    let rows = try rowCount(header)
    var buffers = try BufferQueue(self, header, block)
    var columns: [StoredColumn] = []
    for (index, spec) in table.columns.enumerated() {
      let nullCount = try buffers.nextNode(rows: rows)
      guard spec.isNullable || nullCount == 0 else { throw Malformed(what: "\(spec.name) has missing values") }
      let validity = try buffers.next(length: nullCount > 0 ? (rows + 7) / 8 : 0)
      let values = try buffers.next(
        length: spec.kind == .plainText ? (rows + 1) * 4 : rows * (spec.kind.width ?? indexWidths[index]))
      let bytes = spec.kind == .plainText ? try buffers.next() : nil
      let dictionary = dictionaries[index]
      guard (spec.kind == .dictionary) == (dictionary != nil) else {
        throw Malformed(what: "\(spec.name) and its dictionary do not fit")
      }
      columns.append(
        StoredColumn(
          spec: spec, nullCount: nullCount, validity: validity, values: values, bytes: bytes,
          indexWidth: indexWidths[index], dictionary: dictionary))
    }
    try buffers.finish()
    return (rows, columns)
  }

  private func rowCount(_ batch: FlatBufferTable) throws(Malformed) -> Int {
    let rows = try batch.integer(0, default: Int64(0))
    // Small enough that no product of rows and widths overflows.
    guard rows >= 0, rows <= Int64(Int32.max) else { throw Malformed(what: "a batch has \(rows) rows") }
    return Int(rows)
  }

  /// The header of a message of a kind.
  private func message(_ block: ArrowMetadata.Block, _ kind: ArrowMetadata.Header) throws(Malformed) -> FlatBufferTable
  {
    let bytes = try ArrowFileReader.bytes(file, block.offset..<block.offset + block.metadataLength)
    let length = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard Array(bytes[..<4]) == ArrowMetadata.continuation, length == block.metadataLength - 8 else {
      throw Malformed(what: "a message does not fit its place")
    }
    let message = try FlatBufferTable(root: Array(bytes[8...]))
    guard try message.integer(1, default: UInt8(0)) == kind.rawValue,
      try message.integer(3, default: Int64(0)) == Int64(block.bodyLength), let header = try message.table(2)
    else { throw Malformed(what: "a message is not what it must be") }
    return header
  }

  /// The buffers and nodes of a batch, one after the other.
  private struct BufferQueue {
    private let locator: BufferLocator
    private let body: Range<Int>
    private let nodes: [Int64]
    private let buffers: [Int64]
    private var nodePosition = 0
    private var bufferPosition = 0

    init(_ locator: BufferLocator, _ batch: FlatBufferTable, _ block: ArrowMetadata.Block) throws(Malformed) {
      guard try batch.table(3) == nil else { throw Malformed(what: "a batch is compressed") }
      self.locator = locator
      body = block.bodyRange
      nodes = try batch.words(1, wordsEach: 2)
      buffers = try batch.words(2, wordsEach: 2)
    }

    /// Checks the row count of the next node and returns its null count.
    mutating func nextNode(rows: Int) throws(Malformed) -> Int {
      guard nodePosition + 2 <= nodes.count, nodes[nodePosition] == Int64(rows), nodes[nodePosition + 1] >= 0,
        nodes[nodePosition + 1] <= Int64(rows)
      else { throw Malformed(what: "a column has another number of rows") }
      nodePosition += 2
      return Int(nodes[nodePosition - 1])
    }

    mutating func next(length expected: Int? = nil) throws(Malformed) -> StoredBuffer {
      guard bufferPosition + 2 <= buffers.count else { throw Malformed(what: "a buffer is missing") }
      let (offset, length) = (buffers[bufferPosition], buffers[bufferPosition + 1])
      bufferPosition += 2
      guard length >= 0, length <= Int64(body.count), expected == nil || length == Int64(expected ?? 0) else {
        throw Malformed(what: "a buffer has \(length) bytes")
      }
      if length == 0 { return StoredBuffer(offset: body.lowerBound, length: 0, checksum: nil) }
      guard offset >= 0, offset <= Int64(body.count) - length else { throw Malformed(what: "a buffer leaves its body") }
      let start = body.lowerBound + Int(offset)
      guard let checksum = locator.checksumAt[start],
        locator.checksums[checksum].length == ArrowMetadata.padded(Int(length))
      else { throw Malformed(what: "a buffer has no checksum") }
      return StoredBuffer(offset: start, length: Int(length), checksum: checksum)
    }

    func finish() throws(Malformed) {
      guard nodePosition == nodes.count, bufferPosition == buffers.count else {
        throw Malformed(what: "a batch has more parts than columns")
      }
    }
  }
}
