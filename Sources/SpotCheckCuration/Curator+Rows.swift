import SpotCheckModel

extension Curator {
  /// One row of a flat file, from framing to the tables.
  mutating func flatRow(
    _ chunk: RecordChunk, _ row: RawRow, _ tables: inout TablePair, _ report: inout CurationReport
  ) {
    report.accounts.read += 1
    if scan.mayRepeat {
      if takeRepeated(chunk, row, &tables, &report) { return }
      scan.mayRepeat = false
    }
    if isRefused {
      report.accounts.rejected += 1
      return
    }
    if !problems.isEmpty { problems.removeAll(keepingCapacity: true) }
    if row.isDamaged {
      current = .lost
      reject(row, chunk, &report)
      return
    }
    let bytes = chunk.bytes.span
    let cells = chunk.cells.span
    if plan.header.mode == .paths { mapPaths(chunk, row) }
    let first = firstCell(bytes, cells, row)
    if first < 0 {
      skip("blank", &report)
      // Above the header, blank rows are layout.
      if framing.isBound, plan.header.mode != .paths { noteBlank(row, chunk, &report) }
      return
    }
    let matching = firstRule(bytes, cells, row)
    if matching >= 0 {
      let rule = framing.rules[matching]
      switch rule.meaning {
      case .skip(let kind):
        skip(kind, &report)
        if kind == "footer" { note(Note(.csvFooterRow, "a footer row"), row, chunk, &report) }
        return
      case .section(let target):
        startSection(target, rule, first, bytes, cells, row)
        return skip("section", &report)
      case .record: break
      }
    }
    guard framing.isBound else { return lookForHeader(chunk, row, &report) }
    scan.repeatsAbove = repeatsSample(bytes, cells, row)
    scan.isRefused = scan.repeatsAbove && scan.isSampleRefused
    if !scan.repeatsAbove { readField(FieldTarget.samplingNumber.slot, bytes, cells, row) }
    if matching < 0, plan.header.mode != .paths, isFraming(first, chunk, row, &report) { return }
    if wideLimitsAreOpen, readWideLimits(first, chunk, row) { return skip("limits", &report) }
    record(chunk, row, &tables, &report)
  }

  /// The first blank rows show where they are; a file may end in a million of them.
  private func noteBlank(_ row: RawRow, _ chunk: RecordChunk, _ report: inout CurationReport) {
    guard (report.counts[.csvBlankRow] ?? 0) < Curator.placedBlankRows else { return report.count(.csvBlankRow) }
    note(Note(.csvBlankRow, "a blank row", zh: "空行"), row, chunk, &report)
  }

  mutating func skip(_ kind: String, _ report: inout CurationReport) {
    trace?.skip(kind)
    report.accounts.blank += 1
    report.accounts.blankByKind[kind, default: 0] += 1
  }

  /// Reports something about a whole row.
  func note(_ note: Note, _ row: RawRow, _ chunk: RecordChunk, _ report: inout CurationReport) {
    guard report.keeps(note.code) else { return report.count(note.code) }
    report.add(
      hidden(diagnostic(note, position(row), rawText: row.rawLength > 0 ? shownText(of: row, chunk) : ""), row, chunk))
  }

  /// First cell with visible text, or -1.
  private func firstCell(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Int {
    for index in Int(row.firstCell)..<(Int(row.firstCell) &+ Int(row.cellCount)) {
      let cell = cells[index]
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) &+ Int(cell.length))
      if start < end { return index }
    }
    return -1
  }

  // MARK: Rules

  /// The first rule that applies to a row, or -1.
  @inline(__always)
  private func firstRule(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Int {
    var index = 0
    while index < framing.ruleBounds.count {
      if mayApply(framing.ruleBounds[index], bytes, cells, row), applies(framing.rules[index], bytes, cells, row) {
        return index
      }
      index &+= 1
    }
    return -1
  }

  /// False only if a rule certainly does not apply.
  @inline(__always)
  private func mayApply(_ rule: RuleBounds, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Bool {
    if rule.column < 0 { return true }
    let at = cellIndex(rule.column, row)
    if at < 0 { return true }
    let cell = cells[at]
    let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) &+ Int(cell.length))
    return start == end || rule.bounds.mayMatch(first: bytes[start], last: bytes[end &- 1])
  }

  private func applies(_ rule: BoundRule, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Bool {
    for condition in rule.when where !holds(condition, bytes, cells, row) { return false }
    if !rule.unless.isEmpty {
      var all = true
      for condition in rule.unless where !holds(condition, bytes, cells, row) { all = false }
      if all { return false }
    }
    guard let last = rule.onlyIn.last else { return true }
    guard !isBlank(last, bytes, cells, row) else { return false }
    for index in Int(row.firstCell)..<(Int(row.firstCell) + Int(row.cellCount)) {
      let cell = cells[index]
      if rule.onlyIn.contains(Int(cell.column)) { continue }
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
      if start < end { return false }
    }
    return true
  }

  /// The kind of the first rule that skips a nested record, or nil.
  func skipKind(_ chunk: RecordChunk, _ row: RawRow) -> String? {
    let rule = framing.rules.first { applies($0, chunk.bytes.span, chunk.cells.span, row) }
    if case .skip(let kind) = rule?.meaning { return kind }
    return nil
  }

  private func holds(
    _ condition: BoundRule.Condition, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow
  ) -> Bool {
    if condition.patterns.isEmpty { return isBlank(condition.column, bytes, cells, row) }
    let at = cellIndex(condition.column, row)
    var (start, end) = (0, 0)
    if at >= 0 {
      let cell = cells[at]
      (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
    }
    for pattern in condition.patterns where pattern.matches(bytes, start, end) { return true }
    return false
  }

  private func isBlank(_ column: Int, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Bool {
    let at = cellIndex(column, row)
    if at < 0 { return true }
    let cell = cells[at]
    let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
    return start == end
  }

  /// The section's text: the field's own column if it names one, else the last column of the rule, else the first
  /// cell with text. A continuation cannot reach over a section row.
  private mutating func startSection(
    _ target: FieldTarget, _ rule: BoundRule, _ first: Int, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow
  ) {
    let slot = target.slot
    var at = first
    if let last = rule.onlyIn.last, cellIndex(last, row) >= 0 { at = cellIndex(last, row) }
    for index in framing.from[slot]..<framing.from[slot + 1] {
      let own = cellIndex(framing.columns[index], row)
      if own >= 0, !isBlank(framing.columns[index], bytes, cells, row) {
        at = own
        break
      }
    }
    let (start, end) = TextFolding.trim(
      bytes, Int(cells[at].offset), Int(cells[at].offset) + Int(cells[at].length))
    scan.sections[slot] = interpreter.code(slot, bytes.extracting(start..<end))
    scan.rowAbove = -1
    current = .none
  }

  // MARK: Header and footer

  /// A repeated header or a footer below the data.
  private mutating func isFraming(
    _ first: Int, _ chunk: RecordChunk, _ row: RawRow, _ report: inout CurationReport
  ) -> Bool {
    let number = scan.codes[FieldTarget.samplingNumber.slot]
    var state = interpreter.memos[FieldTarget.samplingNumber.slot].entries[Int(number)].state
    if number == 0 { state = opening(chunk, chunk.cells[first]) }
    if state.isDisjoint(with: [.headerWord, .footerWord]) { return false }
    if state.contains(.headerWord), plan.header.mode == .named, plan.header.rebinds, repeatsHeader(chunk, row, &report)
    {
      return true
    }
    guard state.contains(.footerWord), filledCells(chunk, row) * 2 <= max(framing.width, 3) else { return false }
    skip("footer", &report)
    note(Note(.csvFooterRow, "a footer row", zh: "表尾行"), row, chunk, &report)
    return true
  }

  private func filledCells(_ chunk: RecordChunk, _ row: RawRow) -> Int {
    let bytes = chunk.bytes.span
    return chunk.cells(of: row).count { cell in
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
      return start < end
    }
  }

  /// What the first text of a row without a number may open; each distinct text is looked at once.
  private mutating func opening(_ chunk: RecordChunk, _ cell: Cell) -> MemoEntry.State {
    let bytes = chunk.bytes.span
    let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
    let code = Int(scan.openings.intern(bytes.extracting(start..<end)))
    if code == scan.openingKinds.count {
      let key = CodeTable.normalise(chunk.text(of: cell))
      var state: MemoEntry.State = []
      if interpreter.headerWords.contains(HeaderNames.normalise(key)) { state.insert(.headerWord) }
      if FooterWords.isFooter(key) { state.insert(.footerWord) }
      scan.openingKinds.append(state.rawValue)
    }
    return MemoEntry.State(rawValue: scan.openingKinds[code])
  }

  private mutating func repeatsHeader(_ chunk: RecordChunk, _ row: RawRow, _ report: inout CurationReport) -> Bool {
    let names = chunk.cells(of: row).map { chunk.text(of: $0) }
    let normalised = names.map { HeaderNames.normalise($0) }
    guard Framing.missing(headerGroups, in: Set(normalised)).isEmpty else { return false }
    let before = framing.names.map { HeaderNames.normalise($0) }
    adoptHeader(names, row, chunk, &report)
    note(Note(.csvHeaderRepeated, "the header stands here again", zh: "表头重复出现"), row, chunk, &report)
    if before != normalised, before.sorted() == normalised.sorted() {
      note(
        Note(.csvHeaderReordered, "the columns stand in another order from here on", zh: "列的次序有变"), row, chunk, &report)
    }
    return true
  }

  private mutating func lookForHeader(_ chunk: RecordChunk, _ row: RawRow, _ report: inout CurationReport) {
    let names = chunk.cells(of: row).map { chunk.text(of: $0) }
    let normalised = Set(names.map { HeaderNames.normalise($0) })
    let missing = Framing.missing(headerGroups, in: normalised)
    let isHeader = headerGroups.isEmpty ? !normalised.isDisjoint(with: interpreter.headerWords) : missing.isEmpty
    if isHeader {
      adoptHeader(names, row, chunk, &report)
      if !titleLines.isEmpty {
        let lines = titleLines.prefix(20).map { String($0) }.joined(separator: ", ")
        report.add(
          diagnostic(
            Note(
              .csvTitleRow, "\(titleLines.count) rows above the header: lines \(lines)",
              zh: "表头以上有 \(titleLines.count) 行：第 \(lines) 行"),
            SourcePosition(line: titleLines[0], byteOffset: 0), rawText: ""))
      }
      return
    }
    if missing.count < (closestMissing?.count ?? Int.max) { closestMissing = missing }
    skip("title", &report)
    titleLines.append(row.line)
    rowsAboveHeader += 1
    if rowsAboveHeader >= plan.header.within { refuseForHeader(&report) }
  }

  mutating func refuseForHeader(_ report: inout CurationReport) {
    isRefused = true
    let missing = (closestMissing ?? headerGroups).map { $0.joined(separator: "/") }.joined(separator: ", ")
    report.add(
      Diagnostic(
        .csvHeaderMissing, at: .file, "no row has all required columns; the closest lacks: \(missing)",
        zh: "未找到表头，缺少列：\(missing)", rawText: missing, severity: .fatal))
  }

  /// Takes a row as header: binds, and says what is odd about it.
  private mutating func adoptHeader(
    _ names: [String], _ row: RawRow, _ chunk: RecordChunk, _ report: inout CurationReport
  ) {
    skip("header", &report)
    for slot in scan.sections.indices { (scan.sections[slot], scan.filled[slot]) = (0, 0) }
    for slot in scan.last.indices { scan.last[slot].length = -1 }
    current = .none
    bind(names)
    let normalised = names.map { HeaderNames.normalise($0) }
    var seen: [String: Int] = [:]
    for (column, name) in normalised.enumerated() where !name.isEmpty {
      let cell = Int(row.firstCell) + column
      if let earlier = seen[name] {
        guard framing.used.contains(column), framing.used.contains(earlier) else { continue }
        isRefused = true
        report.add(
          Diagnostic(
            .csvHeaderDuplicate, at: position(ofCell: cell, row, chunk),
            "columns \(earlier + 1) and \(column + 1) have one name",
            zh: "第 \(earlier + 1) 列与第 \(column + 1) 列同名", rawText: names[column], severity: .fatal))
      } else {
        seen[name] = column
      }
      if framing.isUnknown(column), reportedUnknown.insert(name).inserted {
        report.add(
          diagnostic(
            Note(.csvHeaderUnknown, "no field of the pipeline uses this column", zh: "未使用的列"),
            position(ofCell: cell, row, chunk), rawText: names[column]))
      }
    }
    for column in normalised.indices where normalised[column].isEmpty && framing.isUnknown(column) {
      guard !reportedUnknown.contains("#\(column)") else { continue }
      framing.blank.append((column, position(ofCell: Int(row.firstCell) + column, row, chunk)))
    }
  }

  /// Columns without a name matter once they hold something: the place is the header cell that lacks it.
  mutating func reportBlankNames(_ chunk: RecordChunk, _ row: RawRow, _ report: inout CurationReport) {
    let bytes = chunk.bytes.span
    let cells = chunk.cells.span
    for (column, position) in framing.blank where !isBlank(column, bytes, cells, row) {
      reportedUnknown.insert("#\(column)")
      report.add(
        diagnostic(
          Note(
            .csvHeaderBlank, "column \(column + 1) has no name, and line \(row.line) holds something in it",
            zh: "第 \(column + 1) 列没有列名，第 \(row.line) 行却有内容"), position,
          rawText: chunk.text(of: cells[Int(row.firstCell) + column])))
    }
    framing.blank.removeAll { reportedUnknown.contains("#\($0.column)") }
  }

  /// The row of a wide table that holds the limits of its columns.
  private mutating func readWideLimits(_ first: Int, _ chunk: RecordChunk, _ row: RawRow) -> Bool {
    guard let mark = plan.wide?.limitRow,
      CodeTable.normalise(chunk.text(of: chunk.cells[first])) == CodeTable.normalise(mark)
    else { return false }
    for (index, wide) in framing.wide.enumerated() {
      let at = cellIndex(wide.column, row)
      if at >= 0 { wideCodes[index].limit = interpreter.code(FieldTarget.limit.slot, chunk.text(of: chunk.cells[at])) }
    }
    return true
  }
}
