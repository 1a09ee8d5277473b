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
      case 1: try sink.buffer(column.codes.map { UInt8(truncatingIfNeeded: $0) })
      case 2: try sink.buffer(column.codes.map { UInt16(truncatingIfNeeded: $0) })
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

  @inline(__always)
  fileprivate static func bitmap<T>(_ values: Span<T>, _ isThere: (T) -> Bool) -> (bits: [UInt8], nullCount: Int)? {
    bitmap(rows: values.count) { isThere(values[$0]) }
  }

  /// Without a branch: whether there is a value differs from row to row.
  @inline(__always)
  fileprivate static func bitmap(rows: Int, _ isThere: (Int) -> Bool) -> (bits: [UInt8], nullCount: Int)? {
    var bits = [UInt8]()
    bits.reserveCapacity((rows + 7) / 8)
    var nullCount = rows
    var row = 0
    while row < rows {
      let end = min(row &+ 64, rows)
      var word: UInt64 = 0
      for index in row..<end { word |= (isThere(index) ? 1 : 0) &<< UInt64(truncatingIfNeeded: index &- row) }
      nullCount &-= word.nonzeroBitCount
      for byte in 0..<((end &- row &+ 7) / 8) {
        bits.append(UInt8(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: 8 &* byte)))
      }
      row = end
    }
    return nullCount == 0 ? nil : (bits, nullCount)
  }
}

extension PlainTextColumn {
  fileprivate func validity() -> (bits: [UInt8], nullCount: Int)? {
    let offsets = offsets.span
    return ColumnData.bitmap(rows: offsets.count - 1) { offsets[$0] != offsets[$0 &+ 1] }
  }
}
