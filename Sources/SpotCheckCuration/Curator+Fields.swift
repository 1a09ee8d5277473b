import SpotCheckModel

extension Curator {
  /// XML: notes which cell of the row each path has, the first that is not blank.
  mutating func mapPaths(_ chunk: RecordChunk, _ row: RawRow) {
    scan.stamp += 1
    let bytes = chunk.bytes.span
    for index in Int(row.firstCell)..<(Int(row.firstCell) + Int(row.cellCount)) {
      let cell = chunk.cells[index]
      let column = Int(cell.column)
      guard column < scan.pathCells.count, scan.pathCells[column].stamp != scan.stamp else { continue }
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
      if start == end { continue }
      scan.pathCells[column] = RowScan.PathCell(cell: index, stamp: scan.stamp)
    }
  }

  /// Index of the cell in a column of the row, or -1.
  @inline(__always)
  func cellIndex(_ column: Int, _ row: RawRow) -> Int {
    if plan.header.mode == .paths {
      guard column < scan.pathCells.count else { return -1 }
      let path = scan.pathCells[column]
      return path.stamp == scan.stamp ? path.cell : -1
    }
    return column < Int(row.cellCount) ? Int(row.firstCell) + column : -1
  }

  /// Reads one field of the row into `scan.codes`: its columns, else the section's text, the constant, the default.
  /// - Parameter onlyColumns: what no column says is left blank, as in the rows that continue a sample.
  @inline(__always)
  mutating func readField(
    _ slot: Int, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow, onlyColumns: Bool = false
  ) {
    var cellAt = -1
    var code: UInt32 = 0
    let only = scan.onlyColumn[slot]
    if only >= 0 {
      // As below, for a field of which there is nothing more to ask.
      if only < Int(row.cellCount), takesText(slot, Int(row.firstCell) &+ only, bytes, cells, &cellAt, &code) { return }
    } else if scan.isJoined[slot] {
      code = joinedCode(slot, bytes, cells, row, &cellAt)
    } else {
      var index = framing.from[slot]
      let to = framing.from[slot &+ 1]
      while index < to {
        let at = framing.isForSectionsOnly[index] ? -1 : cellIndex(framing.columns[index], row)
        index &+= 1
        if at >= 0, takesText(slot, at, bytes, cells, &cellAt, &code) { return }
      }
    }
    if !onlyColumns {
      if isSection[slot], scan.sections[slot] != 0, code == 0 || isPlaceholder(slot, code) {
        code = scan.sections[slot]
      }
      if code == 0 { code = scan.constant[slot] }
      if code == 0 || (scan.fallback[slot] != 0 && isPlaceholder(slot, code)) { code = scan.fallback[slot] }
    }
    scan.codes[slot] = code
    scan.cellOf[slot] = cellAt
    if code != 0, interpreter.memos[slot].entries[Int(code)].state.contains(.refused) { scan.isRefused = true }
  }

  /// Whether the text of a cell is the field's value, and is put down as such. A placeholder is kept in `code` and lets the next
  /// column speak.
  @inline(__always)
  private mutating func takesText(
    _ slot: Int, _ at: Int, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ cellAt: inout Int, _ code: inout UInt32
  ) -> Bool {
    let cell = cells[at]
    let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) &+ Int(cell.length))
    if start == end { return false }
    cellAt = at
    let last = lastText(slot, bytes, start, end)
    code = last.code
    if last.isMissing { return false }
    scan.codes[slot] = code
    scan.cellOf[slot] = cellAt
    if last.isRefused { scan.isRefused = true }
    return true
  }

  /// What a text of a field is: that of the row above, if it is the same.
  @inline(__always)
  private mutating func lastText(_ slot: Int, _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> RowScan.LastText {
    let length = end &- start
    var last = scan.last[slot]
    if last.length != length || !Curator.equal(bytes, start, last.start, length) {
      last.code = interpreter.code(slot, bytes.extracting(start..<end))
      (last.start, last.length) = (start, length)
      let state = interpreter.memos[slot].entries[Int(last.code)].state
      last.isMissing = state.contains(.missing)
      last.isRefused = state.contains(.refused)
      scan.last[slot] = last
    }
    return last
  }

  /// XML: notes which field each column fills alone, with nothing to stand in for it.
  mutating func findLoneColumns() {
    scan.loneSlot = Array(repeating: -1, count: framing.names.count)
    scan.otherSlots = []
    for slot in [FieldTarget.samplingNumber.slot] + sampleSlots + itemSlots {
      let hasStandIn = scan.constant[slot] != 0 || scan.fallback[slot] != 0 || isSection[slot]
      let columns = framing.columns[framing.from[slot]..<framing.from[slot + 1]]
      if let column = columns.first, framing.isSingleColumn(slot), !hasStandIn, scan.loneSlot.indices.contains(column),
        framing.columns.count(where: { $0 == column }) == 1
      {
        scan.loneSlot[column] = Int32(slot)
      } else {
        scan.otherSlots.append(slot)
      }
    }
  }

  /// XML: reads all fields of a record, going through its cells: most fields have one column, and many have none. What comes
  /// out is what ``mapPaths(_:_:)`` and ``readField(_:_:_:_:onlyColumns:)`` give for each of them.
  mutating func readRecord(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) {
    scan.stamp += 1
    scan.codes = BySlot(repeating: 0)
    scan.cellOf = BySlot(repeating: -1)
    for index in Int(row.firstCell)..<(Int(row.firstCell) &+ Int(row.cellCount)) {
      let cell = cells[index]
      let column = Int(cell.column)
      guard column < scan.pathCells.count, scan.pathCells[column].stamp != scan.stamp else { continue }
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) &+ Int(cell.length))
      if start == end { continue }
      scan.pathCells[column] = RowScan.PathCell(cell: index, stamp: scan.stamp)
      guard column < scan.loneSlot.count, scan.loneSlot[column] >= 0 else { continue }
      let slot = Int(scan.loneSlot[column])
      let last = lastText(slot, bytes, start, end)
      scan.codes[slot] = last.code
      scan.cellOf[slot] = index
      if last.isRefused { scan.isRefused = true }
    }
    for slot in scan.otherSlots { readField(slot, bytes, cells, row) }
  }

  /// A text that means "nothing", and not one that could not be read.
  private func isPlaceholder(_ slot: Int, _ code: UInt32) -> Bool {
    let entry = interpreter.memos[slot].entries[Int(code)]
    return entry.state.contains(.missing) && entry.notes < 0
  }

  /// Blank cells of merged columns take the value above.
  mutating func fillDown(_ slot: Int) {
    guard scan.fillsDown[slot] else { return }
    if scan.codes[slot] == 0 { scan.codes[slot] = scan.filled[slot] } else { scan.filled[slot] = scan.codes[slot] }
  }

  @inline(__always)
  static func equal(_ bytes: Span<UInt8>, _ left: Int, _ right: Int, _ length: Int) -> Bool {
    ByteDictionary.equal(bytes.extracting(left..<(left &+ length)), bytes.extracting(right..<(right &+ length)))
  }

  private mutating func joinedCode(
    _ slot: Int, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow, _ cellAt: inout Int
  ) -> UInt32 {
    scan.joined.removeAll(keepingCapacity: true)
    let isPath = interpreter.fields[slot].isPath
    let mark = Array((interpreter.fields[slot].join ?? "").utf8)
    var isBlank = true
    for index in framing.from[slot]..<framing.from[slot + 1] {
      let at = cellIndex(framing.columns[index], row)
      var (start, end) = (0, 0)
      if at >= 0 {
        let cell = cells[at]
        (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
      }
      if isPath {
        if index > framing.from[slot] { scan.joined.append(0x1F) }
      } else if start < end, !isBlank {
        scan.joined.append(contentsOf: mark)
      }
      if start == end { continue }
      isBlank = false
      cellAt = at
      for position in start..<end { scan.joined.append(bytes[position]) }
    }
    if isBlank { return 0 }
    // The scratch is taken out while its bytes are looked at, so that no copy is made.
    var text: [UInt8] = []
    swap(&text, &scan.joined)
    let code = interpreter.code(slot, text.span)
    swap(&text, &scan.joined)
    return code
  }

  /// Whether a field of the row says nothing.
  @inline(__always)
  func isMissing(_ slot: Int, _ code: UInt32) -> Bool {
    code == 0 || interpreter.memos[slot].entries[Int(code)].state.contains(.missing)
  }

  // MARK: Problems

  /// Where a field of the row stands.
  func position(_ slot: Int, _ row: RawRow, _ chunk: RecordChunk) -> SourcePosition {
    let at = scan.cellOf[slot]
    if at >= 0 { return position(ofCell: at, row, chunk) }
    if let blank = blankCell(slot, row, chunk) { return position(ofCell: blank, row, chunk) }
    var result = SourcePosition(line: row.line, byteOffset: row.byteOffset)
    let column = framing.from[slot] < framing.from[slot + 1] ? framing.columns[framing.from[slot]] : -1
    if column >= 0, column < framing.names.count {
      result.fieldName = framing.names[column]
      result.field = plan.header.mode == .paths ? nil : column
    } else {
      result.fieldName = interpreter.fields[slot].target.rawValue
    }
    return result
  }

  /// The cell that would fill the field, were it not blank; nil if there is none.
  private func blankCell(_ slot: Int, _ row: RawRow, _ chunk: RecordChunk) -> Int? {
    let columns = framing.columns[framing.from[slot]..<framing.from[slot + 1]]
    if plan.header.mode != .paths {
      return columns.first { $0 < Int(row.cellCount) }.map { Int(row.firstCell) + $0 }
    }
    let cells = chunk.cells(of: row)
    return cells.indices.first { columns.contains(Int(cells[$0].column)) }
  }

  func position(ofCell at: Int, _ row: RawRow, _ chunk: RecordChunk) -> SourcePosition {
    let cell = chunk.cells[at]
    let column = Int(cell.column)
    return SourcePosition(
      line: chunk.line(ofCell: at, of: row), byteOffset: chunk.payloadStart + Int(cell.source),
      field: plan.header.mode == .paths ? nil : column,
      fieldName: column < framing.names.count ? framing.names[column] : nil)
  }

  func position(_ row: RawRow) -> SourcePosition { SourcePosition(line: row.line, byteOffset: row.byteOffset) }

  func diagnostic(_ note: Note, _ position: SourcePosition, rawText: String) -> Diagnostic {
    Diagnostic(
      note.code, at: position, PersonalData.masked(note.message), zh: PersonalData.masked(note.messageZh),
      rawText: PersonalData.masked(rawText), severity: interpreter.severity(note.code))
  }

  /// Adds the notes of a field to the row's problems.
  mutating func addNotes(_ slot: Int, _ code: UInt32, _ row: RawRow, _ chunk: RecordChunk) {
    let index = interpreter.memos[slot].entries[Int(code)].notes
    guard index >= 0 else { return }
    let text = interpreter.memos[slot].dictionary.string(code)
    for note in interpreter.noteLists[Int(index)] {
      problems.append(diagnostic(note, position(slot, row, chunk), rawText: text))
    }
  }

  /// A required field is missing: as an element that is not there (XML), or as a cell without a value.
  mutating func addMissing(_ slot: Int, _ row: RawRow, _ chunk: RecordChunk) {
    let isAbsent = plan.header.mode == .paths && scan.cellOf[slot] < 0 && blankCell(slot, row, chunk) == nil
    let name = interpreter.fields[slot].target.rawValue
    addProblem(
      isAbsent
        ? Note(.xmlMissingElement, "no element gives the required field \(name)", zh: "缺少必填元素")
        : Note(.cellRequired, "the field \(name) is required", zh: "必填项为空"), slot, row, chunk)
  }

  mutating func addProblem(_ note: Note, _ slot: Int, _ row: RawRow, _ chunk: RecordChunk) {
    let at = scan.cellOf[slot]
    problems.append(
      diagnostic(note, position(slot, row, chunk), rawText: at >= 0 ? chunk.text(of: chunk.cells[at]) : ""))
  }

  /// Reports the notes of a field of an accepted row.
  mutating func reportNotes(
    _ slot: Int, _ code: UInt32, _ row: RawRow, _ chunk: RecordChunk, _ report: inout CurationReport
  ) {
    let index = interpreter.memos[slot].entries[Int(code)].notes
    guard index >= 0 else { return }
    for note in interpreter.noteLists[Int(index)] {
      guard report.keeps(note.code) else {
        report.count(note.code)
        continue
      }
      let text = interpreter.memos[slot].dictionary.string(code)
      report.add(hidden(diagnostic(note, position(slot, row, chunk), rawText: text), row, chunk))
    }
  }

  /// Refuses a row with all its problems (none, if the reader has already reported why).
  mutating func reject(_ row: RawRow, _ chunk: RecordChunk, _ report: inout CurationReport) {
    report.accounts.rejected += 1
    problems = hidden(problems, row, chunk)
    for problem in problems { report.add(problem) }
    let text = shownText(of: row, chunk)
    report.rejects.append(Reject(position: position(row), rawText: Diagnostic.cut(text), diagnostics: problems))
  }
}
