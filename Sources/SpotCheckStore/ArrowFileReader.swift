import SpotCheckSystem

/// A buffer of column data in a file.
struct StoredBuffer: Sendable {
  /// From the start of the file.
  var offset: Int
  /// Without padding.
  var length: Int
  /// Index into ``ArrowFileReader/checksums``; nil if the buffer is empty.
  var checksum: Int?
}

/// Where a column's buffers are.
struct StoredColumn: Sendable {
  struct Dictionary: Sendable {
    var count: Int
    var offsets: StoredBuffer
    var bytes: StoredBuffer
  }

  var spec: ColumnSpec
  var nullCount: Int
  var validity: StoredBuffer
  /// Values, codes, or a plain text's offsets.
  var values: StoredBuffer
  /// A plain text's bytes.
  var bytes: StoredBuffer?
  /// Bytes of a code; 0 without a dictionary.
  var indexWidth: Int
  var dictionary: Dictionary?
}

/// Reads the metadata of a segment file and finds its buffers. Understands exactly what ``ArrowFileWriter`` writes.
///
/// Everything is checked before it is used: magic, bounds of all parts, the checksum of everything that is not
/// column data, format and version, columns, lengths of all buffers. Column data is not touched.
struct ArrowFileReader: Sendable {
  let file: MappedFile
  let rows: Int
  let columns: [StoredColumn]
  let checksums: [BufferChecksum]
  /// XXH64 of everything that is not column data.
  let metadataHash: UInt64

  /// - Parameter expectedHash: the metadata checksum that the catalogue knows; nil if the caller has compared the
  ///   whole file's digest.
  init(_ file: MappedFile, _ table: SegmentTable, expectedHash: UInt64?) throws(Malformed) {
    self.file = file
    let footerRange = try ArrowFileReader.footerRange(file)
    let footer = try FlatBufferTable(root: ArrowFileReader.bytes(file, footerRange))
    let blocks = try ArrowFileReader.blocks(footer, end: footerRange.lowerBound)
    metadataHash = try ArrowFileReader.hash(file, outside: blocks)
    if let expectedHash, expectedHash != metadataHash {
      throw Malformed(
        check: .metadataChecksum, what: "it is \(Hex.text(metadataHash)) and must be \(Hex.text(expectedHash))")
    }
    guard let schema = try footer.table(1) else { throw Malformed(what: "there is no schema") }
    let indexWidths = try SchemaCheck.indexWidths(schema, table)
    checksums = try ArrowFileReader.checksums(footer, blocks)
    let locator = BufferLocator(file, checksums)
    var dictionaries: [Int: StoredColumn.Dictionary] = [:]
    for block in blocks.dropLast() {
      let (id, dictionary) = try locator.dictionary(block)
      guard dictionaries.updateValue(dictionary, forKey: id) == nil else {
        throw Malformed(what: "a column has two dictionaries")
      }
    }
    guard let batch = blocks.last else { throw Malformed(what: "there is no record batch") }
    (rows, columns) = try locator.batch(batch, table, indexWidths: indexWidths, dictionaries: dictionaries)
  }

  /// Bytes of a part of the file; a part that is not inside is malformed.
  static func bytes(_ file: MappedFile, _ range: Range<Int>) throws(Malformed) -> [UInt8] {
    let copy = file.withColumn(UInt8.self, at: range.lowerBound, rows: range.count) { part in
      var copy: [UInt8] = []
      copy.reserveCapacity(part.count)
      for index in 0..<part.count { copy.append(part[index]) }
      return copy
    }
    guard let copy else { throw Malformed(what: "a part leaves the file") }
    return copy
  }

  private static func footerRange(_ file: MappedFile) throws(Malformed) -> Range<Int> {
    let headLength = ArrowMetadata.magic.count + 2
    let tailLength = 4 + ArrowMetadata.magic.count
    guard file.count >= headLength + tailLength + ArrowMetadata.endOfStream.count else {
      throw Malformed(check: .length, what: "\(file.count) bytes are too few for a segment")
    }
    let head = try bytes(file, 0..<headLength)
    let tail = try bytes(file, file.count - tailLength..<file.count)
    guard head == ArrowMetadata.magic + [0, 0], Array(tail[4...]) == ArrowMetadata.magic else {
      throw Malformed(check: .magic, what: "it is not an Arrow file")
    }
    let length = tail[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
    let end = file.count - tailLength
    guard length > 0, length <= end - headLength else { throw Malformed(what: "the footer leaves the file") }
    return end - length..<end
  }

  /// The messages with bodies, in the order of the file: dictionaries, then the one batch.
  private static func blocks(_ footer: FlatBufferTable, end: Int) throws(Malformed) -> [ArrowMetadata.Block] {
    let words = try footer.words(2, wordsEach: 3) + footer.words(3, wordsEach: 3)
    guard try footer.words(3, wordsEach: 3).count == 3 else { throw Malformed(what: "there is not one record batch") }
    var blocks: [ArrowMetadata.Block] = []
    var position = ArrowMetadata.magic.count + 2
    for index in stride(from: 0, to: words.count, by: 3) {
      // The upper half of the second word is padding.
      let (offset, length, body) = (words[index], words[index + 1], words[index + 2])
      guard offset >= Int64(position), offset <= Int64(end), length >= 16, length <= Int64(end) - offset,
        body >= 0, body <= Int64(end) - offset - length, (offset + length) % 64 == 0, body % 64 == 0
      else { throw Malformed(what: "message \(index / 3) leaves its place") }
      let block = ArrowMetadata.Block(offset: Int(offset), metadataLength: Int(length), bodyLength: Int(body))
      blocks.append(block)
      position = block.bodyRange.upperBound
    }
    return blocks
  }

  private static func hash(_ file: MappedFile, outside blocks: [ArrowMetadata.Block]) throws(Malformed) -> UInt64 {
    var hash = XXH64()
    var start = 0
    for body in blocks.map(\.bodyRange) + [file.count..<file.count] {
      guard file.withColumn(UInt8.self, at: start, rows: body.lowerBound - start, { hash.update($0) }) != nil else {
        throw Malformed(what: "a message leaves the file")
      }
      start = body.upperBound
    }
    return hash.finish()
  }

  /// The table of checksums, which must cover every byte of every body exactly once.
  private static func checksums(
    _ footer: FlatBufferTable, _ blocks: [ArrowMetadata.Block]
  ) throws(Malformed) -> [BufferChecksum] {
    var text: String?
    for entry in try footer.tables(4) where try entry.string(0) == ArrowMetadata.Key.checksums {
      text = try entry.string(1)
    }
    guard let text else { throw Malformed(what: "there is no table of checksums") }
    let checksums = try BufferChecksum.parse(text)
    var next = 0
    for block in blocks {
      var position = block.bodyRange.lowerBound
      while position < block.bodyRange.upperBound {
        guard next < checksums.count, checksums[next].offset == position,
          checksums[next].length <= block.bodyRange.upperBound - position
        else { throw Malformed(what: "the checksums do not cover the file") }
        position += checksums[next].length
        next += 1
      }
    }
    guard next == checksums.count else { throw Malformed(what: "there are checksums of nothing") }
    return checksums
  }
}

extension ArrowMetadata.Block {
  /// The column data, from the start of the file.
  var bodyRange: Range<Int> { offset + metadataLength..<offset + metadataLength + bodyLength }
}
