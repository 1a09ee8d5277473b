public import SpotCheckModel
import SpotCheckSystem

/// An open segment. Columns are lent inside closures, straight from the mapped files, without copying.
///
/// Every buffer's checksum is compared once, on first use; a query that needs three columns reads three columns.
/// All methods may be called from any number of threads.
public final class Segment: Sendable {
  public let description: SegmentDescription
  let samples: StoredTable
  let items: StoredTable

  /// Maps both files and checks length, structure and metadata checksum.
  /// - Parameter copying: read the files into memory instead of mapping them.
  /// - Throws: ``StoreError``.
  public init(_ description: SegmentDescription, in layout: StoreLayout, copying: Bool = false) throws(StoreError) {
    guard StoreLayout.isSegmentID(description.id) else {
      throw .damaged(layout.segments, .name, "\(PathText.printable(description.id)) is no segment's name")
    }
    self.description = description
    samples = try Segment.open(
      layout.samplesFile(description.id), .samples, description.samples, rows: description.sampleRows, copying: copying)
    items = try Segment.open(
      layout.itemsFile(description.id), .items, description.items, rows: description.itemRows, copying: copying)
  }

  init(description: SegmentDescription, samples: StoredTable, items: StoredTable) {
    self.description = description
    self.samples = samples
    self.items = items
  }

  private static func open(
    _ path: String, _ table: SegmentTable, _ file: SegmentDescription.File, rows: Int, copying: Bool
  ) throws(StoreError) -> StoredTable {
    let mapped: MappedFile
    do throws(SystemError) { mapped = try MappedFile(path, copying: copying) } catch { throw StoreError(error) }
    guard mapped.count == file.byteCount else {
      throw .damaged(path, .length, "it has \(mapped.count) bytes and must have \(file.byteCount)")
    }
    guard let expected = UInt64(file.metadataHash, radix: 16) else {
      throw .damaged(path, .description, "the catalogue's checksum cannot be read")
    }
    do throws(Malformed) {
      let reader = try ArrowFileReader(mapped, table, expectedHash: expected)
      guard reader.rows == rows else {
        throw Malformed(check: .description, what: "it has \(reader.rows) rows and must have \(rows)")
      }
      return StoredTable(reader)
    } catch { throw error.inFile(path) }
  }

  /// Gives back the memory of what was read of the files. The segment stays as it is, and checksums stay compared.
  public func releasePages() {
    samples.reader.file.releasePages()
    items.reader.file.releasePages()
  }

  public var sampleCount: Int { samples.rows }
  public var itemCount: Int { items.rows }

  // Samples

  /// Lends the codes of a column. Code 0 = missing; other codes index ``dictionary(of:)``.
  public func withCodes<R>(_ column: SampleText, _ body: (borrowing CodeColumnView) throws -> R) throws -> R {
    try samples.withCodes(column.index, body)
  }

  /// A copy of the codes, widened.
  public func codes(of column: SampleText) throws -> [UInt32] {
    try withCodes(column) { Segment.widened($0) }
  }

  /// The entries of a column's dictionary by code; entry 0 is empty. Made once and kept.
  public func dictionary(of column: SampleText) throws -> [String] { try samples.dictionary(column.index) }

  /// Lends a dictionary's bytes: entry `c` is `bytes[offsets[c] ..< offsets[c + 1]]`.
  public func withDictionary<R>(
    of column: SampleText, _ body: (_ offsets: Span<UInt32>, _ bytes: Span<UInt8>) throws -> R
  ) throws -> R {
    try samples.withDictionary(column.index, body)
  }

  /// Lends a plain text column: row `r` is `bytes[offsets[r] ..< offsets[r + 1]]`; empty = missing.
  public func withPlainText<R>(
    _ column: SamplePlainText, _ body: (_ offsets: Span<UInt32>, _ bytes: Span<UInt8>) throws -> R
  ) throws -> R {
    try samples.withPlainText(column.index, body)
  }

  /// The texts of some rows, in their order; empty where there is none.
  public func plainTexts(_ column: SamplePlainText, rows: [Int]) throws -> [String] {
    try withPlainText(column) { offsets, bytes in rows.map { StoredTable.text(offsets, bytes, $0) } }
  }

  /// The text of one row. For many rows use ``plainTexts(_:rows:)``.
  public func plainText(_ column: SamplePlainText, row: Int) throws -> String {
    try withPlainText(column) { offsets, bytes in StoredTable.text(offsets, bytes, row) }
  }

  /// What some columns hold in one row, those of codes first. Whether the file is still whole is asked once for all.
  public func texts(of columns: [SampleText], plain: [SamplePlainText], row: Int) throws -> [String] {
    try samples.texts(columns.map(\.index), plain: plain.map(\.index), row: row)
  }

  /// Lends days since 1970-01-01; ``DayColumn/missing`` where there is none.
  public func withDays<R>(_ column: SampleDay, _ body: (Span<Int32>) throws -> R) throws -> R {
    try samples.withColumn(column.index, Int32.self, body)
  }

  public func withNumbers<R>(_ column: SampleNumber, _ body: (Span<UInt32>) throws -> R) throws -> R {
    try samples.withColumn(column.index, UInt32.self, body)
  }

  /// Lends some rows of what rates are counted by: four columns of codes, days and numbers, straight from the file; nil if
  /// codes are not bytes there. An empty span stands for days that are not asked for.
  public func withRows<R>(
    _ codes: (SampleText, SampleText, SampleText, SampleText), _ days: SampleDay?, _ numbers: SampleNumber,
    _ rows: Range<Int>,
    _ body: (Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<Int32>, Span<UInt32>) throws -> R
  ) throws -> R? {
    try samples.withRows(
      codes: (codes.0.index, codes.1.index, codes.2.index, codes.3.index), values: days?.index, numbers: numbers.index,
      rows, body)
  }

  public func withHashes<R>(_ column: SampleHash, _ body: (Span<UInt64>) throws -> R) throws -> R {
    try samples.withColumn(column.index, UInt64.self, body)
  }

  public func withSamplePositions<R>(_ column: RowPosition, _ body: (Span<Int64>) throws -> R) throws -> R {
    try samples.withColumn(column.sampleIndex, Int64.self, body)
  }

  // Items

  /// Lends the codes of a column. Code 0 = missing; other codes index ``dictionary(of:)``.
  public func withCodes<R>(_ column: ItemText, _ body: (borrowing CodeColumnView) throws -> R) throws -> R {
    try items.withCodes(column.index, body)
  }

  /// A copy of the codes, widened.
  public func codes(of column: ItemText) throws -> [UInt32] {
    try withCodes(column) { Segment.widened($0) }
  }

  /// The entries of a column's dictionary by code; entry 0 is empty. Made once and kept.
  public func dictionary(of column: ItemText) throws -> [String] { try items.dictionary(column.index) }

  /// Lends a dictionary's bytes: entry `c` is `bytes[offsets[c] ..< offsets[c + 1]]`.
  public func withDictionary<R>(
    of column: ItemText, _ body: (_ offsets: Span<UInt32>, _ bytes: Span<UInt8>) throws -> R
  ) throws -> R {
    try items.withDictionary(column.index, body)
  }

  /// Lends mantissas and scales; scale ``DecimalColumn/missing`` where there is no number.
  public func withDecimals<R>(
    _ column: ItemDecimal, _ body: (_ mantissas: Span<Int64>, _ scales: Span<Int8>) throws -> R
  ) throws -> R {
    try items.withColumn(column.mantissaIndex, Int64.self) { mantissas in
      try items.withColumn(column.scaleIndex, Int8.self) { scales in try body(mantissas, scales) }
    }
  }

  public func withItemNumbers<R>(_ column: ItemNumber, _ body: (Span<UInt32>) throws -> R) throws -> R {
    try items.withColumn(column.index, UInt32.self, body)
  }

  public func withItemPositions<R>(_ column: RowPosition, _ body: (Span<Int64>) throws -> R) throws -> R {
    try items.withColumn(column.itemIndex, Int64.self, body)
  }

  private static func widened(_ view: borrowing CodeColumnView) -> [UInt32] {
    var result = [UInt32](repeating: 0, count: view.count)
    var target = result.mutableSpan
    view.copy(rows: 0..<view.count, into: &target)
    return result
  }
}
