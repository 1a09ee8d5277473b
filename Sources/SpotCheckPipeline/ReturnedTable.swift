import SpotCheckCuration
import SpotCheckModel

/// Makes of a mended table of refused rows (``ReturnedColumns``) what its layout reads: of a CSV layout the rows as
/// delivered, of an XML layout records with their items.
///
/// Of XML, a record has a row of its own, and each of its items one below it. Values of an item stand under names that
/// begin with the path of the items.
struct ReturnedTable {
  private let isNested: Bool
  private let isHeaderless: Bool
  private let itemPrefix: String
  /// Columns of the marks, once the header was seen.
  private var marks: [String: Int]?
  /// The table's columns: name, and whether it is an item's; nil for marks and columns without a name.
  private var columns: [(name: Int, isItem: Bool)?] = []
  /// Paths, as the XML reader would name them.
  private(set) var columnNames: [String] = []
  /// The record under way, because further rows of it may come.
  private var open = OpenRecord()

  private struct Value {
    var column: UInt32
    var text: [UInt8]
    var source: Int
  }

  private struct OpenRow {
    var values: [Value] = []
    var line = 0
    var byteOffset = 0
    var isDamaged = false
  }

  private struct OpenRecord {
    /// The text under 原行号.
    var mark = ""
    var head = OpenRow()
    var items: [OpenRow] = []
    var isEmpty = true
  }

  init(_ layout: LayoutPlan) {
    isNested = layout.reading.format == .xml
    isHeaderless = layout.reading.isHeaderless
    itemPrefix = layout.reading.itemPath.isEmpty ? "" : layout.reading.itemPath + "/"
  }

  /// Converts a chunk in place.
  ///
  /// - Parameter isLast: nothing follows; the chunk is empty then.
  /// - Returns: whether there is something to curate, or may still come.
  mutating func convert(_ chunk: inout RecordChunk, isLast: Bool) -> Bool {
    if !isNested {
      if isLast { return false }
      plain(&chunk)
      return true
    }
    var out = RecordChunk()
    for row in chunk.rows { nested(row, chunk, &out) }
    if isLast { flush(&out) }
    chunk = out
    return !isLast || !out.isEmpty
  }

  // MARK: Plain

  /// Takes guards off; without a header of its own, the layout must not see ours.
  private mutating func plain(_ chunk: inout RecordChunk) {
    var first = 0
    while marks == nil, first < chunk.rows.count {
      marks = ReturnedColumns.find(in: ReturnedTable.texts(chunk.rows[first], chunk))
      first += 1
      if marks != nil, isHeaderless { chunk.rows.removeSubrange(0..<first) }
    }
    for index in chunk.cells.indices {
      let cell = chunk.cells[index]
      guard cell.length > 0, chunk.bytes[Int(cell.offset)] == SpreadsheetGuard.mark else { continue }
      chunk.cells[index].offset += 1
      chunk.cells[index].length -= 1
    }
  }

  static func texts(_ row: RawRow, _ chunk: RecordChunk) -> [String] {
    chunk.cells(of: row).map { SpreadsheetGuard.unguarded(chunk.text(of: $0)) }
  }

  // MARK: Nested

  private mutating func nested(_ row: RawRow, _ chunk: RecordChunk, _ out: inout RecordChunk) {
    guard let marks else {
      let names = ReturnedTable.texts(row, chunk)
      self.marks = ReturnedColumns.find(in: names)
      if let marks = self.marks { bind(names, Set(marks.values)) }
      return
    }
    var record = OpenRow(
      line: row.line, byteOffset: row.byteOffset, isDamaged: row.isDamaged)
    var item = record
    var mark = ""
    for cell in chunk.cells(of: row) {
      let text = ReturnedTable.unguarded(cell, chunk)
      if text.isEmpty { continue }
      if Int(cell.column) == marks[ReturnedColumns.line] { mark = String(decoding: text, as: UTF8.self) }
      guard Int(cell.column) < columns.count, let place = columns[Int(cell.column)] else { continue }
      let value = Value(
        column: UInt32(place.name), text: text, source: chunk.payloadStart + Int(cell.source))
      if place.isItem { item.values.append(value) } else { record.values.append(value) }
    }
    if record.values.isEmpty, item.values.isEmpty, !row.isDamaged { return }
    let hasItem = !item.values.isEmpty || (record.values.isEmpty && row.isDamaged)
    guard hasItem, !open.isEmpty, record.values.isEmpty || repeats(record, mark) else {
      flush(&out)
      open = OpenRecord(mark: mark, head: record, isEmpty: false)
      if hasItem { open.items.append(item) }
      return
    }
    open.items.append(item)
  }

  /// Somebody has filled the record's values down to its items: nothing but what the record says already.
  private func repeats(_ record: OpenRow, _ mark: String) -> Bool {
    mark == open.mark
      && record.values.allSatisfy { value in
        open.head.values.contains { $0.column == value.column && $0.text == value.text }
      }
  }

  private static func unguarded(_ cell: Cell, _ chunk: RecordChunk) -> [UInt8] {
    let bytes = chunk.bytes[Int(cell.offset)..<(Int(cell.offset) + Int(cell.length))]
    return Array(bytes.first == SpreadsheetGuard.mark ? bytes.dropFirst() : bytes)
  }

  private mutating func bind(_ names: [String], _ marks: Set<Int>) {
    var places: [String: Int] = [:]
    columns = names.enumerated().map { index, written in
      let name = written.trimmingBlanks()
      if marks.contains(index) || name.isEmpty { return nil }
      let isItem = !itemPrefix.isEmpty && name.hasPrefix(itemPrefix)
      let path = isItem ? String(name.dropFirst(itemPrefix.count)) : name
      let place = places[path] ?? columnNames.count
      if place == columnNames.count { columnNames.append(path) }
      places[path] = place
      return (place, isItem)
    }
  }

  /// Writes the record under way, with its items.
  private mutating func flush(_ out: inout RecordChunk) {
    guard !open.isEmpty else { return }
    append(open.head, .record, &out)
    for item in open.items { append(item, .item, &out) }
    open = OpenRecord()
  }

  private func append(_ row: OpenRow, _ kind: RowKind, _ out: inout RecordChunk) {
    let first = out.cells.count
    for value in row.values {
      out.cells.append(
        Cell(
          offset: UInt32(truncatingIfNeeded: out.bytes.count), length: UInt32(truncatingIfNeeded: value.text.count),
          source: UInt32(truncatingIfNeeded: value.source), column: value.column))
      out.bytes += value.text
    }
    out.rows.append(
      RawRow(
        firstCell: UInt32(truncatingIfNeeded: first), cellCount: UInt32(truncatingIfNeeded: out.cells.count - first),
        rawOffset: 0, rawLength: 0, line: row.line, byteOffset: row.byteOffset, kind: kind, isDamaged: row.isDamaged))
  }
}

extension String {
  /// Without blanks, tabs and line breaks at both ends.
  fileprivate func trimmingBlanks() -> String {
    let kept = drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    return String(kept.reversed().drop { $0.isWhitespace }.reversed())
  }
}
