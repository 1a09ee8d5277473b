public import SpotCheckModel

extension Segment {
  /// A copy of both tables as they were written (items in their arranged order): for compaction and tests.
  /// - Throws: ``StoreError`` if a buffer is damaged, a code is in no dictionary or an entry occurs twice.
  public func readTables() throws -> TablePair {
    var tables = TablePair()
    for column in SampleText.allCases {
      tables.samples.text[column.rawValue] = try samples.textColumn(column.index)
    }
    for column in SamplePlainText.allCases {
      tables.samples.plainText[column.rawValue] = try withPlainText(column) { offsets, bytes in
        PlainTextColumn(bytes: Segment.array(bytes), offsets: Segment.array(offsets))
      }
    }
    for column in SampleDay.allCases {
      tables.samples.days[column.rawValue].days = try withDays(column) { Segment.array($0) }
    }
    tables.samples.flags = try withNumbers(.flags) { Segment.array($0) }
    tables.samples.firstItem = try withNumbers(.firstItem) { Segment.array($0) }
    tables.samples.itemCount = try withNumbers(.itemCount) { Segment.array($0) }
    tables.samples.deliveredRows = try withNumbers(.deliveredRows) { Segment.array($0) }
    tables.samples.line = try withSamplePositions(.line) { Segment.array($0) }
    tables.samples.byteOffset = try withSamplePositions(.byteOffset) { Segment.array($0) }
    tables.samples.keyHash = try withHashes(.key) { Segment.array($0) }
    tables.samples.contentHashLow = try withHashes(.contentLow) { Segment.array($0) }
    tables.samples.contentHashHigh = try withHashes(.contentHigh) { Segment.array($0) }
    tables.items.sample = try withItemNumbers(.sample) { Segment.array($0) }
    for column in ItemText.allCases {
      tables.items.text[column.rawValue] = try items.textColumn(column.index)
    }
    for column in ItemDecimal.allCases {
      tables.items.decimals[column.rawValue] = try withDecimals(column) { mantissas, scales in
        DecimalColumn(mantissas: Segment.array(mantissas), scales: Segment.array(scales))
      }
    }
    tables.items.flags = try withItemNumbers(.flags) { Segment.array($0) }
    tables.items.line = try withItemPositions(.line) { Segment.array($0) }
    tables.items.byteOffset = try withItemPositions(.byteOffset) { Segment.array($0) }
    return tables
  }

  private static func array<T>(_ span: Span<T>) -> [T] {
    var result: [T] = []
    result.reserveCapacity(span.count)
    for index in 0..<span.count { result.append(span[index]) }
    return result
  }
}

extension PlainTextColumn {
  fileprivate init(bytes: [UInt8], offsets: [UInt32]) {
    self.init()
    self.bytes = bytes
    self.offsets = offsets
  }
}

extension DecimalColumn {
  fileprivate init(mantissas: [Int64], scales: [Int8]) {
    self.init()
    self.mantissas = mantissas
    self.scales = scales
  }
}

extension StoredTable {
  fileprivate func textColumn(_ column: Int) throws -> TextColumn {
    var result = TextColumn()
    try withDictionary(column) { offsets, bytes in
      for code in 0..<offsets.count - 1 {
        let entry = bytes.extracting(TextOffsets.range(offsets, code, byteCount: bytes.count))
        guard result.dictionary.intern(entry) == UInt32(code) else {
          throw StoreError.damaged(path, .codes, "entry \(code) of \(reader.columns[column].spec.name) is no new text")
        }
      }
    }
    let count = UInt32(result.dictionary.count)
    result.codes = try withCodes(column) { view in
      var codes = [UInt32](repeating: 0, count: view.count)
      var target = codes.mutableSpan
      view.copy(rows: 0..<view.count, into: &target)
      for code in codes where code >= count {
        throw StoreError.damaged(
          path, .codes, "code \(code) of \(reader.columns[column].spec.name) is in no dictionary")
      }
      return codes
    }
    return result
  }
}
