import SpotCheckModel
import SpotCheckStore

/// A segment as a snapshot sees it: what became pending, or no longer is, after its rows were written.
///
/// Rows never change, so what a later objection says about an earlier report is kept in the catalogue (decision 0009).
/// Laid over the stored flags here, it holds for counts, filters and lists alike.
struct MarkedSegment: QuerySegment {
  let base: any QuerySegment
  let pending: [UInt32]
  let settled: [UInt32]

  init(_ base: any QuerySegment, pending: [UInt32], settled: [UInt32]) {
    self.base = base
    self.pending = pending
    self.settled = settled
  }

  func readNumbers(_ column: SampleNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try base.readNumbers(column, rows, into: &buffer)
    guard column == .flags else { return }
    pending.forEach(in: rows) { buffer[$0] |= SampleFlags.pending.rawValue }
    settled.forEach(in: rows) { buffer[$0] &= ~SampleFlags.pending.rawValue }
  }

  var id: String { base.id }
  var sampleRows: Int { base.sampleRows }
  var itemRows: Int { base.itemRows }
  func entries(_ column: SampleText) throws -> [String] { try base.entries(column) }
  func entries(_ column: ItemText) throws -> [String] { try base.entries(column) }
  func readCodes(_ column: SampleText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try base.readCodes(column, rows, into: &buffer)
  }
  func readCodes(_ column: SampleText, _ rows: Range<Int>, into block: inout CodeBlock) throws {
    try base.readCodes(column, rows, into: &block)
  }
  func readCodes(_ column: ItemText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try base.readCodes(column, rows, into: &buffer)
  }
  func readDays(_ column: SampleDay, _ rows: Range<Int>, into buffer: inout [Int32]) throws {
    try base.readDays(column, rows, into: &buffer)
  }
  func readNumbers(_ column: ItemNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try base.readNumbers(column, rows, into: &buffer)
  }
  func readPositions(_ column: RowPosition, ofItems: Bool, _ rows: Range<Int>, into buffer: inout [Int64]) throws {
    try base.readPositions(column, ofItems: ofItems, rows, into: &buffer)
  }
  func plainTexts(_ column: SamplePlainText, _ rows: Range<Int>) throws -> [String] {
    try base.plainTexts(column, rows)
  }
  func decimals(_ column: ItemDecimal, _ rows: Range<Int>) throws -> [ExactDecimal?] { try base.decimals(column, rows) }
  func dayRange(_ column: SampleDay) throws -> ClosedRange<Int32>? { try base.dayRange(column) }
}
