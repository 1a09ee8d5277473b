import SpotCheckModel
import SpotCheckQuery
import SpotCheckStore

/// A segment in memory.
struct TableSegment: QuerySegment {
  var id: String
  var tables: TablePair
  /// As in a file whose dictionaries are large.
  var hasWideCodes = false

  var sampleRows: Int { tables.samples.rowCount }
  var itemRows: Int { tables.items.rowCount }

  private static func entries(_ column: TextColumn) -> [String] {
    (0..<column.dictionary.count).map { column.dictionary.string(UInt32($0)) }
  }
  func entries(_ column: SampleText) -> [String] { TableSegment.entries(tables.samples[column]) }
  func entries(_ column: ItemText) -> [String] { TableSegment.entries(tables.items[column]) }

  private static func copy<T>(_ values: [T], _ rows: Range<Int>, _ buffer: inout [T]) {
    for (place, row) in rows.enumerated() { buffer[place] = values[row] }
  }
  func readCodes(_ column: SampleText, _ rows: Range<Int>, into buffer: inout [UInt32]) {
    TableSegment.copy(tables.samples[column].codes, rows, &buffer)
  }
  /// As in a file: in bytes where the dictionary is small.
  func readCodes(_ column: SampleText, _ rows: Range<Int>, into block: inout CodeBlock) {
    let column = tables.samples[column]
    if !hasWideCodes, column.dictionary.count <= 1 << 7 {
      let bytes = column.codes.map { UInt8($0) }
      block.take(bytes.span, rows)
    } else {
      block.fillWide { TableSegment.copy(column.codes, rows, &$0) }
    }
  }
  func readCodes(_ column: ItemText, _ rows: Range<Int>, into buffer: inout [UInt32]) {
    TableSegment.copy(tables.items[column].codes, rows, &buffer)
  }
  func readDays(_ column: SampleDay, _ rows: Range<Int>, into buffer: inout [Int32]) {
    TableSegment.copy(tables.samples[column].days, rows, &buffer)
  }
  func readNumbers(_ column: SampleNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) {
    switch column {
    case .flags: TableSegment.copy(tables.samples.flags, rows, &buffer)
    case .firstItem: TableSegment.copy(tables.samples.firstItem, rows, &buffer)
    case .itemCount: TableSegment.copy(tables.samples.itemCount, rows, &buffer)
    case .deliveredRows: TableSegment.copy(tables.samples.deliveredRows, rows, &buffer)
    }
  }
  func readNumbers(_ column: ItemNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) {
    TableSegment.copy(column == .sample ? tables.items.sample : tables.items.flags, rows, &buffer)
  }
  func readPositions(_ column: RowPosition, ofItems: Bool, _ rows: Range<Int>, into buffer: inout [Int64]) {
    switch column {
    case .line: TableSegment.copy(ofItems ? tables.items.line : tables.samples.line, rows, &buffer)
    case .byteOffset: TableSegment.copy(ofItems ? tables.items.byteOffset : tables.samples.byteOffset, rows, &buffer)
    }
  }
  func plainTexts(_ column: SamplePlainText, _ rows: Range<Int>) -> [String] {
    rows.map { tables.samples[column].string($0) }
  }
  func decimals(_ column: ItemDecimal, _ rows: Range<Int>) -> [ExactDecimal?] {
    rows.map { tables.items[column].value($0) }
  }
  func dayRange(_ column: SampleDay) -> ClosedRange<Int32>? {
    let days = tables.samples[column].days.filter { $0 != DayColumn.missing }
    guard let low = days.min(), let high = days.max() else { return nil }
    return low...high
  }
}
