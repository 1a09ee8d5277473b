/// A column of a table that is not a segment: an answer on its way to other people's readers.
public struct ArrowColumn: Sendable {
  public enum Values: Sendable {
    /// The UTF-8 of all rows, and where each row's ends in it.
    case text(bytes: [UInt8], ends: [Int])
    case integers([Int64])
    case numbers([Double])
  }

  public var name: String
  public var values: Values
  /// One a row. What stands in `values` where nothing is does not matter.
  public var isMissing: [Bool]

  public init(_ name: String, _ values: Values, isMissing: [Bool]) {
    self.name = name
    self.values = values
    self.isMissing = isMissing
  }

  var kind: ColumnKind {
    switch values {
    case .text: .plainText
    case .integers: .int64
    case .numbers: .float64
    }
  }
}

/// Writes columns of plain types (utf8, int64, float64, all nullable) as an Arrow IPC file: schema, record batches, footer.
/// The same messages as a segment's, without dictionaries and without checksums, because nobody keeps it.
public struct ArrowTableFile {
  /// A text's place in a batch has 31 bits, so a batch is cut long before.
  public struct TextTooLong: Error, Sendable, Equatable {
    public var column: String
    public var row: Int
  }

  /// Rows of a batch at most.
  static let mostRows = 1 << 16

  let columns: [ArrowColumn]
  let rows: Int
  let metadata: [(String, String)]
  let mostRows: Int
  let mostTextBytes: Int

  /// - Parameters:
  ///   - columns: with one value a row each.
  ///   - metadata: of the schema.
  public init(_ columns: [ArrowColumn], rows: Int, metadata: [(String, String)]) {
    self.init(columns, rows: rows, metadata: metadata, mostRows: ArrowTableFile.mostRows, mostTextBytes: 1 << 30)
  }

  init(
    _ columns: [ArrowColumn], rows: Int, metadata: [(String, String)], mostRows: Int, mostTextBytes: Int
  ) {
    precondition(columns.allSatisfy { $0.isMissing.count == rows }, "one value a row")
    self.columns = columns
    self.rows = rows
    self.metadata = metadata
    self.mostRows = mostRows
    self.mostTextBytes = mostTextBytes
  }

  /// - Throws: ``TextTooLong`` before the first byte; what `write` throws.
  public func write(to write: ([UInt8]) throws -> Void) throws {
    let batches = try batches()
    let schema = ArrowSchema(columns.map { ColumnSpec($0.name, $0.kind, nullable: true) }, metadata: metadata)
    var position = 0
    func put(_ bytes: [UInt8]) throws {
      position += bytes.count
      try write(bytes)
    }
    try put(ArrowMetadata.magic + [0, 0])
    try put(ArrowMetadata.framed(ArrowMetadata.schemaMessage(schema), at: position, bodyLength: 0).bytes)
    var blocks: [ArrowMetadata.Block] = []
    for batch in batches {
      let bodies = columns.map { $0.buffers(batch) }
      var plan = BatchPlan(rows: batch.count)
      for (nullCount, buffers) in bodies {
        plan.addNode(nullCount: nullCount)
        for buffer in buffers { plan.addBuffer(buffer.count) }
      }
      let (bytes, block) = ArrowMetadata.framed(
        ArrowMetadata.recordBatchMessage(plan), at: position, bodyLength: plan.bodyLength)
      blocks.append(block)
      try put(bytes)
      for buffer in bodies.flatMap(\.buffers) where !buffer.isEmpty {
        try put(buffer)
        try put([UInt8](repeating: 0, count: ArrowMetadata.padded(buffer.count) - buffer.count))
      }
    }
    let footer = ArrowMetadata.footer(schema, batches: blocks)
    try put(ArrowMetadata.endOfStream + footer + ArrowMetadata.littleEndian(footer.count) + ArrowMetadata.magic)
  }

  /// Ranges of rows; one, empty, if there are none: some readers want a batch.
  private func batches() throws -> [Range<Int>] {
    let texts = columns.compactMap { column -> (name: String, ends: [Int])? in
      if case .text(_, let ends) = column.values { (column.name, ends) } else { nil }
    }
    var result: [Range<Int>] = []
    var start = 0
    for row in 0..<rows {
      var isFull = row - start == mostRows
      for (name, ends) in texts {
        guard ends[row] - (row > 0 ? ends[row - 1] : 0) <= mostTextBytes else {
          throw TextTooLong(column: name, row: row)
        }
        isFull = isFull || ends[row] - (start > 0 ? ends[start - 1] : 0) > mostTextBytes
      }
      if isFull {
        result.append(start..<row)
        start = row
      }
    }
    return result + (start < rows || rows == 0 ? [start..<rows] : [])
  }
}

extension ArrowColumn {
  /// Validity, then what the type wants.
  fileprivate func buffers(_ rows: Range<Int>) -> (nullCount: Int, buffers: [[UInt8]]) {
    let nullCount = isMissing[rows].count { $0 }
    let validity = nullCount == 0 ? [] : validity(rows)
    switch values {
    case .text(let bytes, let ends):
      let start = rows.lowerBound > 0 ? ends[rows.lowerBound - 1] : 0
      let last = rows.isEmpty ? start : ends[rows.upperBound - 1]
      let offsets = [start] + ends[rows]
      return (
        nullCount,
        [validity, ArrowColumn.bytes(offsets) { UInt32(truncatingIfNeeded: $0 - start) }, Array(bytes[start..<last])]
      )
    case .integers(let values):
      return (nullCount, [validity, ArrowColumn.bytes(values[rows]) { UInt64(bitPattern: $0) }])
    case .numbers(let values): return (nullCount, [validity, ArrowColumn.bytes(values[rows]) { $0.bitPattern }])
    }
  }

  private func validity(_ rows: Range<Int>) -> [UInt8] {
    var bits = [UInt8](repeating: 0, count: (rows.count + 7) / 8)
    for (place, row) in rows.enumerated() where !isMissing[row] {
      bits[place >> 3] |= 1 << UInt8(truncatingIfNeeded: place & 7)
    }
    return bits
  }

  /// Little-endian on any machine.
  private static func bytes<Word: FixedWidthInteger & UnsignedInteger, Value>(
    _ values: some Collection<Value>, _ word: (Value) -> Word
  ) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(values.count * (Word.bitWidth / 8))
    for value in values {
      let bits = word(value)
      for shift in stride(from: 0, to: Word.bitWidth, by: 8) {
        result.append(UInt8(truncatingIfNeeded: bits >> Word(truncatingIfNeeded: shift)))
      }
    }
    return result
  }
}
