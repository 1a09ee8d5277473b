import SpotCheckCuration
import SpotCheckModel
import SpotCheckReceipts

/// Second reading of ``RefusedRows``: takes the rows that go back, and what they need above them.
final class RefusedRowsBuilder {
  private let layout: LayoutPlan
  /// The samples whose rows go back; nil: all.
  private let groups: Set<Int>?
  private var header: [String]?
  private var rows: [RefusedRow] = []
  /// Columns of our own marks, if the delivery was such a table itself: they are made anew.
  private var marks: Set<Int> = []
  /// The section row above, until a row that needs it was taken.
  private var section: RefusedRow?
  /// XML: columns in order of their first value, those of the record before those of items.
  private var recordColumns = PathColumns()
  private var itemColumns = PathColumns()
  private var nested: [NestedRow] = []

  /// A row of a nested delivery: values by column of its kind.
  private struct NestedRow {
    var kind: RefusedRow.Kind
    var isItem: Bool
    var values: [Int: String]
    var line: Int
  }

  /// Paths with the number of their repetition within a row, in order of appearance.
  private struct PathColumns {
    private(set) var names: [String] = []
    private var places: [String: [Int]] = [:]

    mutating func place(_ name: String, repetition: Int) -> Int {
      while (places[name]?.count ?? 0) <= repetition {
        places[name, default: []].append(names.count)
        names.append(name)
      }
      return places[name]?[repetition] ?? 0
    }
  }

  init(_ layout: LayoutPlan, _ groups: Set<Int>?) {
    self.layout = layout
    self.groups = groups
  }

  var rowCount: Int { rows.count + nested.count }

  func take(_ chunk: RecordChunk, _ names: [String], _ trace: RowTrace, _ rejects: [Int: Reject]) {
    guard rowCount <= RefusedRows.maximumRows else { return }
    var recordLine = 0
    for (row, traced) in zip(chunk.rows, trace.rows) {
      if row.kind != .item { recordLine = row.line }
      switch traced.fate {
      case .other: continue
      case .header: takeHeader(row, chunk)
      case .section: section = RefusedRow(.layout, cells: cells(row, chunk), line: row.line)
      case .limits: rows.append(RefusedRow(.layout, cells: cells(row, chunk), line: row.line))
      case .record:
        guard groups?.contains(traced.group) ?? true else { continue }
        let reject = rejects[row.byteOffset]
        let kind = reject.map { RefusedRow.Kind.refused(reasons($0)) } ?? .carried
        if layout.curation.header.mode == .paths {
          takeNested(row, chunk, names, kind, line: recordLine)
        } else {
          if let section { rows.append(section) }
          section = nil
          rows.append(RefusedRow(kind, cells: cells(row, chunk), line: row.line))
        }
      }
    }
  }

  func table() -> RefusedRowsTable {
    if layout.curation.header.mode == .paths { return nestedTable() }
    let width = rows.map(\.cells.count).max() ?? 0
    return RefusedRowsTable(
      layout: layout.fullName, header: header ?? (0..<width).map { "#\($0 + 1)" }, rows: rows)
  }

  // MARK: Flat

  private func takeHeader(_ row: RawRow, _ chunk: RecordChunk) {
    if layout.reading.isReturned, let found = ReturnedColumns.find(in: ReturnedTable.texts(row, chunk)) {
      marks = Set(found.values)
    }
    let names = cells(row, chunk)
    // A later header binds the columns anew for the rows below it.
    if header == nil { header = names } else { rows.append(RefusedRow(.header, cells: names, line: row.line)) }
    section = nil
  }

  private func cells(_ row: RawRow, _ chunk: RecordChunk) -> [String] {
    var texts = chunk.cells(of: row).enumerated().filter { !marks.contains($0.offset) }.map {
      chunk.text(of: $0.element)
    }
    while let last = texts.last, last.isEmpty { texts.removeLast() }
    return texts
  }

  private func reasons(_ reject: Reject) -> [RefusedReason] {
    reject.diagnostics.map { RefusedReason($0) }
  }

  // MARK: Nested

  private func takeNested(_ row: RawRow, _ chunk: RecordChunk, _ names: [String], _ kind: RefusedRow.Kind, line: Int) {
    var values: [Int: String] = [:]
    var repetitions: [Int: Int] = [:]
    for cell in chunk.cells(of: row) where cell.length > 0 {
      let column = Int(cell.column)
      guard column < names.count else { continue }
      let repetition = repetitions[column, default: 0]
      repetitions[column] = repetition + 1
      let place =
        row.kind == .item
        ? itemColumns.place(names[column], repetition: repetition)
        : recordColumns.place(names[column], repetition: repetition)
      values[place] = chunk.text(of: cell)
    }
    nested.append(NestedRow(kind: kind, isItem: row.kind == .item, values: values, line: line))
  }

  /// The record has a line of its own above those of its items, so that each line says what is wrong with it alone.
  private func nestedTable() -> RefusedRowsTable {
    let prefix = layout.reading.itemPath + "/"
    let header = recordColumns.names + itemColumns.names.map { prefix + $0 }
    let offset = recordColumns.names.count
    var result: [RefusedRow] = []
    for row in nested {
      var cells = Array(repeating: "", count: header.count)
      for (place, text) in row.values { cells[place + (row.isItem ? offset : 0)] = text }
      result.append(RefusedRow(row.kind, cells: cells, line: row.line))
    }
    return RefusedRowsTable(layout: layout.fullName, header: header, rows: result)
  }
}
