import SpotCheckModel
import SpotCheckSystem
import Synchronization

/// One file of an open segment: lends out columns, after checking each buffer once on first use.
final class StoredTable: Sendable {
  let reader: ArrowFileReader
  /// Which checksums have been compared. Two threads may compare the same one: harmless.
  private let isVerified: Mutex<[Bool]>
  private let dictionaries: Mutex<[Int: [String]]>
  /// Where the offsets start that are known to rise.
  private let orderedOffsets = Mutex<Set<Int>>([])

  init(_ reader: ArrowFileReader) {
    self.reader = reader
    isVerified = Mutex(Array(repeating: false, count: reader.checksums.count))
    dictionaries = Mutex([:])
  }

  var rows: Int { reader.rows }
  var path: String { reader.file.path }

  /// Lends a column's codes.
  func withCodes<R>(_ column: Int, _ body: (borrowing CodeColumnView) throws -> R) throws -> R {
    let stored = reader.columns[column]
    switch stored.indexWidth {
    case 1: return try withValues(stored.values, UInt8.self) { try body(.narrow($0)) }
    case 2: return try withValues(stored.values, UInt16.self) { try body(.medium($0)) }
    default: return try withValues(stored.values, UInt32.self) { try body(.wide($0)) }
    }
  }

  /// Lends a column's values.
  func withColumn<T: BitwiseCopyable, R>(_ column: Int, _ type: T.Type, _ body: (Span<T>) throws -> R) throws -> R {
    try withValues(reader.columns[column].values, type, body)
  }

  /// Lends some rows of four columns of codes, one of plain values and one of numbers at once; nil if codes are not bytes.
  ///
  /// Whether the file is still whole is asked once for all, afterwards. Without `values` an empty span stands in its place.
  func withRows<R>(
    codes: (Int, Int, Int, Int), values: Int?, numbers: Int, _ rows: Range<Int>,
    _ body: (Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<Int32>, Span<UInt32>) throws -> R
  ) throws -> R? {
    let (one, two, three, four) = (
      reader.columns[codes.0], reader.columns[codes.1], reader.columns[codes.2], reader.columns[codes.3]
    )
    guard one.indexWidth == 1, two.indexWidth == 1, three.indexWidth == 1, four.indexWidth == 1 else { return nil }
    let result = try lend(one.values, UInt8.self, rows) { one in
      try lend(two.values, UInt8.self, rows) { two in
        try lend(three.values, UInt8.self, rows) { three in
          try lend(four.values, UInt8.self, rows) { four in
            try lend(reader.columns[numbers].values, UInt32.self, rows) { numbers in
              guard let values else { return try body(one, two, three, four, Span(), numbers) }
              return try lend(reader.columns[values].values, Int32.self, rows) { values in
                try body(one, two, three, four, values, numbers)
              }
            }
          }
        }
      }
    }
    try checkIntact()
    return result
  }

  /// Lends a column's validity bitmap; nil if no value is missing.
  func withValidity<R>(_ column: Int, _ body: (Span<UInt8>) throws -> R) throws -> R? {
    guard reader.columns[column].nullCount > 0 else { return nil }
    return try withValues(reader.columns[column].validity, UInt8.self, body)
  }

  /// Lends a plain text column: offsets (rows + 1) and bytes.
  func withPlainText<R>(_ column: Int, _ body: (Span<UInt32>, Span<UInt8>) throws -> R) throws -> R {
    let stored = reader.columns[column]
    return try withTexts(stored.values, stored.bytes, body)
  }

  /// Lends a dictionary: offsets (entries + 1) and bytes.
  func withDictionary<R>(_ column: Int, _ body: (Span<UInt32>, Span<UInt8>) throws -> R) throws -> R {
    guard let dictionary = reader.columns[column].dictionary else {
      preconditionFailure("the column has no dictionary")
    }
    return try withTexts(dictionary.offsets, dictionary.bytes, body)
  }

  /// A dictionary's entries by code; made once.
  func dictionary(_ column: Int) throws -> [String] {
    if let known = dictionaries.withLock({ $0[column] }) { return known }
    let entries = try withDictionary(column) { offsets, bytes in
      var entries: [String] = []
      entries.reserveCapacity(offsets.count - 1)
      for index in 0..<offsets.count - 1 { entries.append(StoredTable.text(offsets, bytes, index)) }
      return entries
    }
    dictionaries.withLock { $0[column] = entries }
    return entries
  }

  /// Text `index`. The offsets have been checked.
  static func text(_ offsets: Span<UInt32>, _ bytes: Span<UInt8>, _ index: Int) -> String {
    let range = TextOffsets.range(offsets, index, byteCount: bytes.count)
    // The writer has checked the texts; what is none after all shows as such.
    guard let text = try? UTF8Span(validating: bytes.extracting(range)) else { return "\u{FFFD}" }
    return String(copying: text)
  }

  /// What columns of codes and then plain ones hold in a row; empty where there is nothing.
  func texts(_ columns: [Int], plain: [Int], row: Int) throws -> [String] {
    var result: [String] = []
    result.reserveCapacity(columns.count + plain.count)
    for column in columns {
      let code = try code(column, row)
      guard let dictionary = reader.columns[column].dictionary else {
        preconditionFailure("the column has no dictionary")
      }
      result.append(
        try lendTexts(dictionary.offsets, dictionary.bytes) { offsets, bytes in
          code < offsets.count - 1 ? StoredTable.text(offsets, bytes, code) : ""
        })
    }
    for column in plain {
      let stored = reader.columns[column]
      result.append(
        try lendTexts(stored.values, stored.bytes) { offsets, bytes in StoredTable.text(offsets, bytes, row) })
    }
    try checkIntact()
    return result
  }

  /// One code. ``checkIntact()`` must follow.
  private func code(_ column: Int, _ row: Int) throws -> Int {
    let stored = reader.columns[column]
    func only<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws -> Int {
      try lend(stored.values, type, row..<(row + 1)) { Int(truncatingIfNeeded: $0[0]) }
    }
    switch stored.indexWidth {
    case 1: return try only(UInt8.self)
    case 2: return try only(UInt16.self)
    default: return try only(UInt32.self)
    }
  }

  /// Compares all checksums that have not been compared yet.
  func verifyChecksums() throws {
    for index in reader.checksums.indices { try verify(index) }
  }

  private func withTexts<R>(
    _ offsets: StoredBuffer, _ bytes: StoredBuffer?, _ body: (Span<UInt32>, Span<UInt8>) throws -> R
  ) throws -> R {
    let result = try lendTexts(offsets, bytes, body)
    try checkIntact()
    return result
  }

  /// Lends texts. ``checkIntact()`` must follow.
  private func lendTexts<R>(
    _ offsets: StoredBuffer, _ bytes: StoredBuffer?, _ body: (Span<UInt32>, Span<UInt8>) throws -> R
  ) throws -> R {
    guard let bytes else { preconditionFailure("the column holds no texts") }
    let place = offsets.offset
    return try lend(offsets, UInt32.self, 0..<(offsets.length / MemoryLayout<UInt32>.stride)) { offsets in
      try lend(bytes, UInt8.self, 0..<bytes.length) { bytes in
        try checkOrder(place, offsets, byteCount: bytes.count)
        return try body(offsets, bytes)
      }
    }
  }

  /// A sound checksum means that our writer wrote the offsets, but this costs little, and nobody may leave the buffer.
  private func checkOrder(_ place: Int, _ offsets: Span<UInt32>, byteCount: Int) throws(StoreError) {
    if orderedOffsets.withLock({ $0.contains(place) }) { return }
    guard Utf8Texts.areOrdered(offsets, byteCount: byteCount) else {
      throw .damaged(path, .offsets, "the offsets of a text column do not rise")
    }
    _ = orderedOffsets.withLock { $0.insert(place) }
  }

  private func withValues<T: BitwiseCopyable, R>(
    _ buffer: StoredBuffer, _ type: T.Type, _ body: (Span<T>) throws -> R
  ) throws -> R {
    let result = try lend(buffer, type, 0..<(buffer.length / MemoryLayout<T>.stride), body)
    try checkIntact()
    return result
  }

  /// Lends a part of a buffer. ``checkIntact()`` must follow.
  private func lend<T: BitwiseCopyable, R>(
    _ buffer: StoredBuffer, _ type: T.Type, _ part: Range<Int>, _ body: (Span<T>) throws -> R
  ) throws -> R {
    if let checksum = buffer.checksum { try verify(checksum) }
    let stride = MemoryLayout<T>.stride
    guard part.upperBound <= buffer.length / stride,
      let result = try reader.file.withColumn(
        type, at: buffer.offset + part.lowerBound * stride, rows: part.count, body)
    else { throw StoreError.damaged(path, .structure, "a buffer leaves the file") }
    return result
  }

  /// To be asked afterwards: what was compared before may have been cut since, and cut pages read as zeros.
  private func checkIntact() throws(StoreError) {
    guard reader.file.isIntact else {
      throw .damaged(path, .length, "it was cut or written to while it was being read")
    }
  }

  private func verify(_ index: Int) throws {
    if isVerified.withLock({ $0[index] }) { return }
    let expected = reader.checksums[index]
    guard
      let hash = reader.file.withColumn(UInt8.self, at: expected.offset, rows: expected.length, { XXH64.hash($0) })
    else { throw StoreError.damaged(path, .structure, "a buffer leaves the file") }
    guard hash == expected.hash else {
      throw StoreError.damaged(
        path, .bufferChecksum,
        "bytes \(expected.offset) to \(expected.offset + expected.length - 1): it is \(Hex.text(hash)) "
          + "and must be \(Hex.text(expected.hash))")
    }
    isVerified.withLock { $0[index] = true }
  }
}
