import SpotCheckModel

/// A column's values on the way to a file.
enum ColumnData {
  case dictionary(TextColumn)
  case plainText(PlainTextColumn)
  case days([Int32])
  case uint32([UInt32])
  case uint64([UInt64])
  case int64([Int64])
  case mantissas(DecimalColumn)
  case scales(DecimalColumn)

  var rows: Int {
    switch self {
    case .dictionary(let column): column.codes.count
    case .plainText(let column): column.offsets.count - 1
    case .days(let values): values.count
    case .uint32(let values): values.count
    case .uint64(let values): values.count
    case .int64(let values): values.count
    case .mantissas(let column): column.mantissas.count
    case .scales(let column): column.scales.count
    }
  }

  /// Bytes of an index into a dictionary of `count` entries: indices are signed in Arrow.
  static func indexWidth(_ count: Int) -> Int { count <= 1 << 7 ? 1 : (count <= 1 << 15 ? 2 : 4) }

  /// 0 for columns without a dictionary.
  var indexWidth: Int {
    if case .dictionary(let column) = self { ColumnData.indexWidth(column.dictionary.count) } else { 0 }
  }

  /// One bit a row, 1 = there is a value, lowest bit first; nil if every row has one.
  func validity() -> (bits: [UInt8], nullCount: Int)? {
    switch self {
    case .dictionary(let column): ColumnData.bitmap(column.codes.span) { $0 != 0 }
    case .plainText(let column): column.validity()
    case .days(let values): ColumnData.bitmap(values.span) { $0 != DayColumn.missing }
    case .mantissas(let column), .scales(let column):
      ColumnData.bitmap(column.scales.span) { $0 != DecimalColumn.missing }
    case .uint32, .uint64, .int64: nil
    }
  }

  /// Lengths of the buffers after the validity bitmap.
  var bufferLengths: [Int] {
    switch self {
    case .dictionary: [rows * indexWidth]
    case .plainText(let column): [(rows + 1) * 4, column.bytes.count]
    case .days, .uint32: [rows * 4]
    case .uint64, .int64, .mantissas: [rows * 8]
    case .scales: [rows]
    }
  }

  /// Writes the buffers after the validity bitmap.
  ///
  /// Values go out in the machine's byte order, which is little-endian on every machine this program builds for
  /// (checked in ``ArrowFileWriter``).
  func writeBuffers(to sink: inout FileSink) throws {
    switch self {
    case .dictionary(let column):
      switch indexWidth {
      case 1: try sink.buffer(ColumnData.narrowed(column.codes.span, to: UInt8.self))
      case 2: try sink.buffer(ColumnData.narrowed(column.codes.span, to: UInt16.self))
      default: try sink.buffer(column.codes)
      }
    case .plainText(let column):
      try sink.buffer(column.offsets)
      try sink.buffer(column.bytes)
    case .days(let values): try sink.buffer(values)
    case .uint32(let values): try sink.buffer(values)
    case .uint64(let values): try sink.buffer(values)
    case .int64(let values): try sink.buffer(values)
    case .mantissas(let column): try sink.buffer(column.mantissas)
    case .scales(let column): try sink.buffer(column.scales)
    }
  }

  /// Codes in fewer bytes. Written into an array that is there already, many of them are narrowed at once.
  @inline(__always)
  private static func narrowed<Code: FixedWidthInteger>(_ codes: Span<UInt32>, to: Code.Type) -> [Code] {
    var result = [Code](repeating: 0, count: codes.count)
    var output = result.mutableSpan
    for index in 0..<min(codes.count, output.count) { output[index] = Code(truncatingIfNeeded: codes[index]) }
    return result
  }

  @inline(__always)
  private static func bitmap<T>(_ values: Span<T>, _ isThere: (T) -> Bool) -> (bits: [UInt8], nullCount: Int)? {
    bitmap(rows: values.count, of: values) { isThere($0[$1]) }
  }

  /// Eight rows at once and without a branch: whether there is a value differs from row to row.
  /// - Parameter isThere: whether a row has a value, told from the values from row 8n on and its place among them.
  @inline(__always)
  fileprivate static func bitmap<T>(
    rows: Int, of values: Span<T>, _ isThere: (Span<T>, Int) -> Bool
  ) -> (bits: [UInt8], nullCount: Int)? {
    var bits = [UInt8](repeating: 0, count: (rows + 7) / 8)
    var nullCount = rows
    var row = 0
    let beyond = values.count &- rows
    while row < rows {
      let count = min(8, rows &- row)
      var byte: UInt8 = 0
      if count == 8 {
        let block = values.extracting(row..<(row &+ 8 &+ beyond))
        for place in 0..<8 { byte |= (isThere(block, place) ? 1 : 0) &<< UInt8(truncatingIfNeeded: place) }
      } else {
        let block = values.extracting(row..<(row &+ count &+ beyond))
        for place in 0..<count { byte |= (isThere(block, place) ? 1 : 0) &<< UInt8(truncatingIfNeeded: place) }
      }
      nullCount &-= byte.nonzeroBitCount
      bits[row / 8] = byte
      row &+= 8
    }
    return nullCount == 0 ? nil : (bits, nullCount)
  }
}

extension PlainTextColumn {
  fileprivate func validity() -> (bits: [UInt8], nullCount: Int)? {
    ColumnData.bitmap(rows: offsets.count - 1, of: offsets.span) { $0[$1] != $0[$1 &+ 1] }
  }
}
