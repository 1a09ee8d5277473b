import SpotCheckModel
import SpotCheckStore

/// A few rows of a chunk that are put right after all rows were counted, and the cells in which they were.
struct PlacedRows {
  /// Rows, counted from the chunk's first, and their cells; the first ``count``.
  private var rows: [UInt32] = []
  private var cells: [UInt32] = []
  private(set) var count = 0

  mutating func removeAll() { count = 0 }

  mutating func append(_ row: UInt32) {
    if count == rows.count { rows.append(row) } else { rows[count] = row }
    count += 1
  }

  /// Appends those of a sorted list of a segment's rows that lie in the chunk.
  mutating func append(_ list: [UInt32], in chunk: Range<Int>) {
    let first = list.firstIndex(notBelow: UInt32(truncatingIfNeeded: chunk.lowerBound))
    let end = list.firstIndex(notBelow: UInt32(truncatingIfNeeded: chunk.upperBound))
    reserve(count + end - first)
    let (source, start, before) = (list.span, UInt32(truncatingIfNeeded: chunk.lowerBound), count)
    var target = rows.mutableSpan
    for index in first..<end { target[before + index - first] = source[index] - start }
    count = before + end - first
  }

  /// What ``CodeCounting/findCells(of:_:_:_:_:days:sums:worth:into:)`` says of the rows.
  mutating func findCells(
    _ one: Span<UInt8>, _ two: Span<UInt8>, _ three: Span<UInt8>, _ four: Span<UInt8>, days: Span<Int32>,
    sums: [UInt32], worth: CodeWorth
  ) {
    while cells.count < rows.count { cells.append(CodeCounting.noCell) }
    let (rows, count) = (rows, count)
    let places = rows.span.extracting(0..<count)
    var target = cells.mutableSpan
    CodeCounting.findCells(of: places, one, two, three, four, days: days, sums: sums.span, worth: worth, into: &target)
  }

  /// A row and its cell; nil if its codes or its day leave it out.
  subscript(index: Int) -> (row: Int, cell: Int)? {
    precondition(index < count, "there are not so many rows")
    return cells[index] == CodeCounting.noCell ? nil : (Int(rows[index]), Int(cells[index]))
  }

  /// Takes every row from the first counter of its cell.
  mutating func discount(from counters: inout [UInt32], step: Int) {
    var target = counters.mutableSpan
    let cells = cells.span.extracting(0..<count)
    for index in 0..<count where cells[index] != CodeCounting.noCell { target[Int(cells[index]) * step] &-= 1 }
  }

  private mutating func reserve(_ size: Int) {
    while rows.count < size { rows.append(0) }
  }
}
