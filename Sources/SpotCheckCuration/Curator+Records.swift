import SpotCheckModel

extension Curator {
  /// One flat record row: all its problems, then its sample, then its items.
  mutating func record(
    _ chunk: RecordChunk, _ row: RawRow, _ tables: inout TablePair, _ report: inout CurationReport
  ) {
    let number = FieldTarget.samplingNumber.slot
    fillDown(number)
    let isContinuation = plan.continuation && isMissing(number, scan.codes[number])
    let known = knownItem(chunk.bytes.span, chunk.cells.span, row)
    readRecord(chunk, row, isContinuation, known)
    checkWidth(chunk, row)
    if !framing.blank.isEmpty { reportBlankNames(chunk, row, &report) }
    if !drafts.isEmpty { drafts.removeAll(keepingCapacity: true) }
    if !draftHashes.isEmpty { draftHashes.removeAll(keepingCapacity: true) }
    if !problems.isEmpty {
      // No item of a row that cannot stay.
    } else if known >= 0 {
      // Which codes it was made of is only asked where it contradicts another.
      drafts.append(ItemDraft())
      draftHashes.append(templates.foundGist.hashes)
    } else {
      collectDrafts(chunk, row)
      for draft in drafts { draftHashes.append(hashes(draft)) }
    }
    var sample = -1
    var key: UInt32 = 0
    var differing: [Int] = []
    if isContinuation {
      sample = continued(chunk, row)
      if sample >= 0 { key = open.states[sample].key }
    } else if isMissing(number, scan.codes[number]) {
      addMissing(number, row, chunk)
    } else {
      key = numberKey()
      (sample, differing) = match(key)
    }
    if scan.isRefused { collectRefusals(chunk, row) }
    checkRequired(isContinuation || sample >= 0, chunk, row)
    if !fresh.isEmpty { fresh.removeAll(keepingCapacity: true) }
    if problems.isEmpty { findNewItems(sample, known, chunk, row, &tables) }
    guard problems.isEmpty else {
      if key != 0 { open.incomplete.insert(key) }
      if !isContinuation { current = sample >= 0 ? .sample(sample) : .lost }
      return reject(row, chunk, &report)
    }
    let isNew = sample < 0
    if isNew {
      if repeatsSealed(&report, chunk, row) { return }
      sample = createSample(key, chunk, row, &tables, &report)
    } else if !isContinuation {
      if scan.settled != sample { fillBlanks(sample, chunk, row, &tables, &report) }
      if !differing.isEmpty { reportInconsistency(sample, differing, chunk, row, &report) }
    }
    current = .sample(sample)
    if !isContinuation { scan.settled = sample }
    wideLimitsAreOpen = false
    if !isNew, fresh.isEmpty {
      report.accounts.duplicate += 1
      note(Note(.rowDuplicateKey, "the row repeats what was already delivered", zh: "重复行"), row, chunk, &report)
      return
    }
    if known >= 0 {
      appendItem(known, templates.foundGist, sample, row, &tables.items)
    } else {
      for index in fresh { appendNew(index, sample, chunk, row, &tables, &report) }
    }
    open.states[sample].deliveredRows += 1
    report.accounts.accepted += 1
    if !isContinuation { noteWhetherRowsMayRepeat(row) }
  }

  /// Adds an item that was read from this row; kept for those to come, if it is a matter of its cells alone.
  private mutating func appendNew(
    _ index: Int, _ sample: Int, _ chunk: RecordChunk, _ row: RawRow, _ tables: inout TablePair,
    _ report: inout CurationReport
  ) {
    let (template, isQuiet) = template(drafts[index], draftHashes[index], chunk, row, &tables, &report)
    var number: Int32 = -1
    if isQuiet, drafts.count == 1, scan.codes[FieldTarget.items.slot] == 0 {
      number = keep(template, chunk.bytes.span, chunk.cells.span, row)
    }
    appendItem(number >= 0 ? number : templates.once(template), template.gist, sample, row, &tables.items)
  }

  /// Reads all fields but the number, which was read first, and notes whether the row says anything new.
  private mutating func readRecord(_ chunk: RecordChunk, _ row: RawRow, _ isContinuation: Bool, _ known: Int32) {
    if !scan.repeatsAbove { readSample(chunk.bytes.span, chunk.cells.span, row, isContinuation) }
    scan.itemsAreUnread = true
    if known < 0 { readItem(chunk, row) }
  }

  /// Reads the fields of the row's item, if that was not done yet: for the sake of what is to be said about them, where
  /// the item itself is known.
  private mutating func readItem(_ chunk: RecordChunk, _ row: RawRow) {
    guard scan.itemsAreUnread else { return }
    scan.itemsAreUnread = false
    let bytes = chunk.bytes.span
    let cells = chunk.cells.span
    for slot in itemSlots {
      readField(slot, bytes, cells, row)
      fillDown(slot)
    }
  }

  private mutating func readSample(
    _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow, _ isContinuation: Bool
  ) {
    for slot in sampleSlots {
      // A default describes a sample; a row that continues one has nothing of its own to say about it.
      readField(slot, bytes, cells, row, onlyColumns: isContinuation)
      fillDown(slot)
    }
    scan.settled = -1
    scan.isSampleRefused = scan.isRefused
    scan.rowAbove = plan.header.mode == .paths ? -1 : Int(row.firstCell)
    scan.cellsAbove = Int(row.cellCount)
  }

  /// The sample of the row: that of the row above if it says the same about it, else found by number.
  private mutating func match(_ key: UInt32) -> (Int, [Int]) {
    var isUnchanged = scan.sampleCodes[0] == scan.codes[0]
    if !scan.repeatsAbove {
      for slot in sampleSlots where scan.sampleCodes[slot] != scan.codes[slot] { isUnchanged = false }
    }
    if isUnchanged, case .sample(let sample) = current { return (sample, []) }
    for slot in 0..<FieldTarget.sampleSlotCount { scan.sampleCodes[slot] = scan.codes[slot] }
    switch findSample(key) {
    case .same(let sample): return (sample, [])
    case .inconsistent(let sample, let slots): return (sample, slots)
    case .new: return (-1, [])
    }
  }

  /// The sample above that a row without a number continues, or -1 and a problem.
  private mutating func continued(_ chunk: RecordChunk, _ row: RawRow) -> Int {
    // What a continuation row leaves blank must not hide a change from the next full row.
    scan.sampleCodes[0] = 0
    let number = FieldTarget.samplingNumber.slot
    switch current {
    case .none:
      addProblem(Note(.rowOrphan, "no record stands above this continuation row", zh: "续行上方没有样品"), number, row, chunk)
      return -1
    case .lost:
      addProblem(Note(.rowOrphan, "the record that this row continues was refused", zh: "所续样品已被拒收"), number, row, chunk)
      return -1
    case .sample(let sample):
      for slot in sampleSlots {
        let code = scan.codes[slot]
        if isMissing(slot, code) || code == open.codes[sample][slot] { continue }
        // It says something about a sample, and not about the one above: a row that lost its number. The rows that
        // continue it must not go to the sample above.
        current = .lost
        addProblem(
          Note(
            .cellRequired, "the sampling number is missing, and the row differs from the sample above",
            zh: "缺少抽样编号，且与上一样品不符"), number, row, chunk)
        return -1
      }
      return sample
    }
  }

  /// A row with fewer cells than the header has names, or with text beyond it.
  private mutating func checkWidth(_ chunk: RecordChunk, _ row: RawRow) {
    guard plan.header.mode == .named else { return }
    let count = Int(row.cellCount)
    if count < framing.width {
      problems.append(
        diagnostic(
          Note(
            .csvFewColumns, "expected \(framing.width) fields, found \(count)",
            zh: "应有 \(framing.width) 列，实有 \(count) 列"),
          position(row), rawText: shownText(of: row, chunk)))
      return
    }
    guard count > framing.fullWidth else { return }
    let bytes = chunk.bytes.span
    for index in (Int(row.firstCell) + framing.fullWidth)..<(Int(row.firstCell) + count) {
      let cell = chunk.cells[index]
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
      if start == end { continue }
      problems.append(
        diagnostic(
          Note(
            .csvManyColumns, "expected \(framing.fullWidth) fields, found \(count)",
            zh: "应有 \(framing.fullWidth) 列，实有 \(count) 列"),
          position(ofCell: index, row, chunk), rawText: shownText(of: row, chunk)))
      return
    }
  }

  /// The notes of every field of a row that some field refuses: warnings too, so that one round trip shows all.
  mutating func collectRefusals(_ chunk: RecordChunk, _ row: RawRow) {
    readItem(chunk, row)
    addNotes(FieldTarget.samplingNumber.slot, scan.codes[FieldTarget.samplingNumber.slot], row, chunk)
    for slot in sampleSlots { addNotes(slot, scan.codes[slot], row, chunk) }
    for slot in itemSlots { addNotes(slot, scan.codes[slot], row, chunk) }
  }

  private mutating func checkRequired(_ isKnown: Bool, _ chunk: RecordChunk, _ row: RawRow) {
    if !isKnown {
      for slot in requiredSample where slot != FieldTarget.samplingNumber.slot && isMissing(slot, scan.codes[slot]) {
        addMissing(slot, row, chunk)
      }
    }
    // A known item lacks nothing.
    if plan.shape == .wide || scan.itemsAreUnread { return }
    for slot in requiredItem where isMissing(slot, scan.codes[slot]) {
      // A text that means "no items" was delivered, so nothing is missing.
      if slot == FieldTarget.items.slot, scan.codes[slot] != 0 { continue }
      addMissing(slot, row, chunk)
    }
  }

  /// Notes in `fresh` which drafts are new to the sample; a contradiction to an item already given is a problem.
  private mutating func findNewItems(
    _ sample: Int, _ known: Int32, _ chunk: RecordChunk, _ row: RawRow, _ tables: inout TablePair
  ) {
    for index in draftHashes.indices {
      let item = draftHashes[index]
      var earlier: (content: UInt64, line: Int)?
      if sample >= 0, let known = open.item(sample, item.identity) {
        earlier = (open.itemContent[known], Int(tables.items.line[known]))
      } else if let twin = twin(of: item.identity) {
        earlier = (draftHashes[twin].low, row.line)
      }
      guard let earlier else {
        fresh.append(index)
        continue
      }
      if earlier.content == item.low { continue }
      readItem(chunk, row)
      let analyte = known >= 0 ? templates.draft(known).analyte : drafts[index].analyte
      let name = interpreter.text(FieldTarget.analyte.slot, analyte)
      let slot =
        analyte == scan.codes[FieldTarget.analyte.slot]
        ? FieldTarget.analyte.slot : FieldTarget.items.slot
      addProblem(
        Note(
          .rowConflict, "\(name) was given on line \(earlier.line) with another result, here on line \(row.line)",
          zh: "同一报告中“\(name)”两次结果不同：第 \(earlier.line) 行与第 \(row.line) 行"), slot, row, chunk)
    }
  }

  /// An item of the same row that is already taken, with this identity.
  private func twin(of identity: UInt64) -> Int? { fresh.first { draftHashes[$0].identity == identity } }

  /// A row whose sample was already sealed: a repetition is a duplicate; a further item of it comes too late.
  private mutating func repeatsSealed(
    _ report: inout CurationReport, _ chunk: RecordChunk, _ row: RawRow
  ) -> Bool {
    guard !sealed.isEmpty, plan.shape == .items || drafts.isEmpty else { return false }
    let told = sealedKey(identity(), deliveredHash(), items: 0)
    guard sealed.contains(told) else { return false }
    if plan.shape == .items {
      isRefused = true
      report.accounts.rejected += 1
      var diagnostic = diagnostic(
        Note(
          .rowSplitSample, "the sample's other rows were sealed before this one came; sort the file by sampling number",
          zh: "同一样品的行相距过远，请按抽样编号排序后重报"), position(row), rawText: shownText(of: row, chunk))
      diagnostic.severity = .fatal
      report.add(diagnostic)
      return true
    }
    report.accounts.duplicate += 1
    note(Note(.rowDuplicateKey, "the row repeats what was already delivered", zh: "重复行"), row, chunk, &report)
    return true
  }

  /// Stable hash of what the row says about its sample.
  func deliveredHash() -> UInt64 {
    var sum: UInt64 = 0
    for slot in 0..<FieldTarget.sampleSlotCount {
      let hash = interpreter.memos[slot].entries[Int(scan.codes[slot])].hashLow
      sum &+= hash == 0 ? 0 : Curator.mix(hash)
    }
    return sum
  }

  /// Rows of one sample that say different things about it: the first is kept, except that a reported failure counts.
  private mutating func reportInconsistency(
    _ sample: Int, _ differing: [Int], _ chunk: RecordChunk, _ row: RawRow, _ report: inout CurationReport
  ) {
    for slot in differing {
      let text = shown(interpreter.text(slot, scan.codes[slot]), slot: slot)
      let kept = shown(interpreter.text(slot, open.codes[sample][slot]), slot: slot)
      var note = Note(
        .rowRule, "the sample's first row says \(kept), this row \(text); the first is kept",
        zh: "同一样品各行不一致，保留首行“\(kept)”")
      if slot == FieldTarget.sampleVerdict.slot {
        let meaning = interpreter.memos[slot].entries[Int(scan.codes[slot])].meaning
        let other: Verdict? = meaning >= 0 ? Verdict.allCases[Int(meaning)] : nil
        if other == open.states[sample].reported { continue }
        open.states[sample].flags.insert(.contradiction)
        if other == .fail { open.states[sample].reported = .fail }
        note = Note(
          .rowContradiction, "rows of one sample report \(kept) and \(text)", zh: "同一样品的结论前后不一：“\(kept)”与“\(text)”")
      }
      guard report.keeps(note.code) else {
        report.count(note.code)
        continue
      }
      report.add(hidden(diagnostic(note, position(slot, row, chunk), rawText: text), row, chunk))
    }
  }
}
