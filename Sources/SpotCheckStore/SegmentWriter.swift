import SpotCheckDigest
public import SpotCheckModel
import SpotCheckSystem

/// Seals tables as a segment: two Arrow files, named by their content, durable when this returns.
public enum SegmentWriter {
  /// Writes a segment. The same tables give the same files, and a segment that is already there stays as it is.
  ///
  /// Items may stand in any order; they are brought together by sample, and `firstItem` and `itemCount` are filled.
  /// - Throws: ``StoreError``. Nothing is visible then but, at worst, one of two files that nobody refers to.
  public static func write(_ tables: TablePair, into layout: StoreLayout) throws -> SegmentDescription {
    var tables = tables
    checkInvariants(tables)
    try checkLimits(tables, layout)
    ItemOrder.arrange(&tables)
    do {
      var description = SegmentDescription(of: tables.samples, itemRows: tables.items.rowCount)
      var samples = try FileSink(provisionalPath: PathText.join(layout.segments, "new"))
      try ArrowFileWriter.write(.samples, columns(tables.samples), rows: tables.samples.rowCount, to: &samples)
      var items = try FileSink(provisionalPath: PathText.join(layout.segments, "new"), after: samples.digest)
      try ArrowFileWriter.write(.items, columns(tables.items), rows: tables.items.rowCount, to: &items)
      description.id = String(items.pairDigest.finalise().hex.prefix(StoreLayout.idLength))
      description.samples = file(samples, StoreLayout.fileName(description.id, .samples))
      description.items = file(items, StoreLayout.fileName(description.id, .items))
      try samples.publish(as: layout.samplesFile(description.id))
      try items.publish(as: layout.itemsFile(description.id))
      try FileSystem.syncFolder(layout.segments)
      return description
    } catch let error as SystemError {
      throw StoreError(error)
    }
  }

  private static func file(_ sink: borrowing FileSink, _ name: String) -> SegmentDescription.File {
    SegmentDescription.File(
      name: name, byteCount: sink.position, sha256: sink.digest.finalise().hex,
      metadataHash: Hex.text(sink.metadataHash.finish()))
  }

  /// The columns in the order of ``SegmentTable/columns``.
  private static func columns(_ table: SampleTable) -> [ColumnData] {
    table.text.map { .dictionary($0) } + table.plainText.map { .plainText($0) } + table.days.map { .days($0.days) }
      + [.uint32(table.flags), .uint32(table.firstItem), .uint32(table.itemCount), .uint32(table.deliveredRows)]
      + [.int64(table.line), .int64(table.byteOffset)]
      + [.uint64(table.keyHash), .uint64(table.contentHashLow), .uint64(table.contentHashHigh)]
  }

  private static func columns(_ table: ItemTable) -> [ColumnData] {
    [.uint32(table.sample)] + table.text.map { .dictionary($0) }
      + table.decimals.flatMap { [.mantissas($0), .scales($0)] as [ColumnData] }
      + [.uint32(table.flags), .int64(table.line), .int64(table.byteOffset)]
  }

  /// What the rooms before us promise. A breach is our own mistake, not the data's, so it traps.
  private static func checkInvariants(_ tables: TablePair) {
    let samples = tables.samples
    let rows = samples.rowCount
    // firstItem and itemCount are filled by us; what they hold now does not matter.
    for column in samples.text { check(column, rows) }
    for column in samples.plainText {
      precondition(column.offsets.count == rows + 1, "a text column has another number of rows")
      precondition(Int(column.offsets.last ?? 0) == column.bytes.count, "a text column's offsets do not fit its bytes")
    }
    for column in samples.days { precondition(column.days.count == rows, "a day column has another number of rows") }
    let sampleCounts = [
      samples.flags.count, samples.deliveredRows.count, samples.byteOffset.count, samples.keyHash.count,
      samples.contentHashLow.count,
      samples.contentHashHigh.count,
    ]
    precondition(sampleCounts.allSatisfy { $0 == rows }, "a sample column has another number of rows")
    let items = tables.items
    let itemRows = items.rowCount
    for column in items.text { check(column, itemRows) }
    for column in items.decimals {
      precondition(
        column.mantissas.count == itemRows && column.scales.count == itemRows,
        "a decimal column has another number of rows")
    }
    let itemCounts = [items.flags.count, items.line.count, items.byteOffset.count]
    precondition(itemCounts.allSatisfy { $0 == itemRows }, "an item column has another number of rows")
  }

  private static func check(_ column: TextColumn, _ rows: Int) {
    precondition(column.codes.count == rows, "a dictionary column has another number of rows")
    var highest: UInt32 = 0
    for code in column.codes { highest = max(highest, code) }
    precondition(Int(highest) < column.dictionary.count, "a code is not in its dictionary")
  }

  /// What data may breach: Arrow's offsets are 31 bits, and its texts are UTF-8.
  private static func checkLimits(_ tables: TablePair, _ layout: StoreLayout) throws(StoreError) {
    func refuse(_ what: String) -> StoreError { StoreError(path: layout.segments, problem: .unstorable(what)) }
    if tables.samples.rowCount > Int(Int32.max) || tables.items.rowCount > Int(Int32.max) {
      throw refuse("a segment holds at most 2³¹ - 1 rows")
    }
    for column in tables.samples.text + tables.items.text {
      if column.dictionary.bytes.count > Int(Int32.max) { throw refuse("the texts of a column exceed 2 GiB") }
      guard Utf8Texts.areValid(column.dictionary.bytes.span, column.dictionary.offsets.span) else {
        throw refuse("a text is not valid UTF-8")
      }
    }
    for column in tables.samples.plainText {
      if column.bytes.count > Int(Int32.max) { throw refuse("the texts of a column exceed 2 GiB") }
      guard Utf8Texts.areValid(column.bytes.span, column.offsets.span) else {
        throw refuse("a text is not valid UTF-8")
      }
    }
  }
}

/// Texts one after the other, as Arrow keeps them.
enum Utf8Texts {
  /// Whether all texts together are valid UTF-8 and none begins inside a character: then each is valid.
  static func areValid(_ bytes: Span<UInt8>, _ offsets: Span<UInt32>) -> Bool {
    guard (try? UTF8Span(validating: bytes)) != nil else { return false }
    for index in 0..<offsets.count {
      let offset = Int(offsets[index])
      if offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { return false }
    }
    return true
  }

  /// Whether offsets start at 0, never fall, and end at `byteCount`.
  static func areOrdered(_ offsets: Span<UInt32>, byteCount: Int) -> Bool {
    guard offsets.count > 0, offsets[0] == 0, Int(offsets[offsets.count - 1]) == byteCount else { return false }
    for index in 1..<offsets.count where offsets[index] < offsets[index - 1] { return false }
    return true
  }
}
