import SpotCheckModel

/// One item row of a nested record, read and waiting for its record to be decided.
struct NestedItem: Sendable {
  var row: RawRow
  var draft: ItemDraft
  var hashes: Curator.ItemHashes
  /// The kept template that it is, or -1: its fields were read.
  var known: Int32 = -1
  var outcome = ItemTally.Outcome.unjudged
  /// Nothing but its own cells made it.
  var isOwn = false
  /// Where its codes and cells begin in the scratch of the row loop, if it was read.
  var codesAt = 0
}

extension Curator {
  /// A record and its items: decided together, counted row by row.
  mutating func nestedGroup(
    _ chunk: RecordChunk, _ range: Range<Int>, _ tables: inout TablePair, _ report: inout CurationReport
  ) {
    report.accounts.read += range.count
    if isRefused {
      report.accounts.rejected += range.count
      return
    }
    let head = chunk.rows[range.lowerBound]
    guard head.kind == .record else { return orphans(range, "no record stands above this item", chunk, &report) }
    problems.removeAll(keepingCapacity: true)
    let bytes = chunk.bytes.span
    let cells = chunk.cells.span
    if !framing.rules.isEmpty { mapPaths(chunk, head) }
    if !head.isDamaged, skipsNested(chunk, head, range, &report) { return }
    scan.isRefused = false
    readRecord(bytes, cells, head)
    let number = FieldTarget.samplingNumber.slot
    if scan.isRefused { collectRefusals(chunk, head) }
    for slot in requiredSample where isMissing(slot, scan.codes[slot]) {
      addMissing(slot, head, chunk)
    }
    let key = isMissing(number, scan.codes[number]) ? 0 : numberKey()
    if head.isDamaged || !problems.isEmpty {
      if head.isDamaged { problems.removeAll() }
      if key != 0 { open.incomplete.insert(key) }
      current = .lost
      reject(head, chunk, &report)
      return orphans((range.lowerBound + 1)..<range.upperBound, "the record of this item was refused", chunk, &report)
    }
    reportUnknownPaths(chunk, head, &report)
    let recordCodes = scan.codes
    let recordCells = scan.cellOf
    // Scratch, taken out while it is in use, so that no copy is made.
    var items: [NestedItem] = []
    swap(&items, &nestedItems)
    defer { swap(&items, &nestedItems) }
    let (rejected, repeated) = readItems(chunk, range, recordCodes, &items, &report)
    (scan.codes, scan.cellOf) = (recordCodes, recordCells)
    if repeatsVersion(key, items) {
      report.accounts.duplicate += range.count - rejected
      note(Note(.rowDuplicateKey, "the record repeats what was already delivered", zh: "重复记录"), head, chunk, &report)
      return
    }
    report.accounts.duplicate += repeated
    report.accounts.accepted += range.count - rejected - repeated
    let sample = createSample(key, chunk, head, &tables, &report)
    open.states[sample].deliveredRows = UInt32(truncatingIfNeeded: range.count - rejected - repeated)
    if rejected > 0 { open.states[sample].tally.hasRejectedRow = true }
    for item in items {
      if item.known >= 0 {
        let gist = ItemGist(hashes: item.hashes, outcome: item.outcome)
        appendItem(item.known, gist, sample, item.row, &tables.items)
        continue
      }
      let base = item.codesAt
      for offset in 0..<RowScan.itemSlotCount {
        scan.codes[FieldTarget.sampleSlotCount + offset] = scan.itemCodes[base + offset]
        scan.cellOf[FieldTarget.sampleSlotCount + offset] = scan.itemCells[base + offset]
      }
      let (template, isQuiet) = template(item.draft, item.hashes, chunk, item.row, &tables, &report)
      let kept = isQuiet && item.isOwn ? keepNested(template, bytes, cells, item.row) : -1
      appendItem(kept >= 0 ? kept : templates.once(template), template.gist, sample, item.row, &tables.items)
    }
    current = .sample(sample)
  }

  /// Rules and blank records: the whole group is then no record.
  private mutating func skipsNested(
    _ chunk: RecordChunk, _ head: RawRow, _ range: Range<Int>, _ report: inout CurationReport
  ) -> Bool {
    var kind: String?
    if range.count == 1, isBlank(chunk.bytes.span, chunk.cells.span, head) { kind = "blank" }
    if kind == nil, !framing.rules.isEmpty { kind = skipKind(chunk, head) }
    guard let kind else { return false }
    for _ in range { skip(kind, &report) }
    return true
  }

  private func isBlank(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Bool {
    let first = Int(row.firstCell)
    for index in first..<(first + Int(row.cellCount)) {
      let cell = cells[index]
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
      if start < end { return false }
    }
    return true
  }

  private mutating func readItems(
    _ chunk: RecordChunk, _ range: Range<Int>, _ recordCodes: BySlot<UInt32>, _ items: inout [NestedItem],
    _ report: inout CurationReport
  ) -> (rejected: Int, repeated: Int) {
    let bytes = chunk.bytes.span
    let cells = chunk.cells.span
    items.removeAll(keepingCapacity: true)
    scan.itemCodes.removeAll(keepingCapacity: true)
    scan.itemCells.removeAll(keepingCapacity: true)
    /// Used where there are too many items to look through them.
    var seen: [UInt64: Int] = [:]
    func place(_ identity: UInt64) -> Int? {
      if items.count > OpenSamples.scannedItems { return seen[identity] }
      return items.firstIndex { $0.hashes.identity == identity }
    }
    var rejected = 0
    var repeated = 0
    /// Fields of items that the record itself gives hold for all its items; what an item is, is then not its cells' matter
    /// alone.
    let isSilent = itemSlots.allSatisfy { recordCodes[$0] == 0 || scan.constant[$0] != 0 || scan.fallback[$0] != 0 }
    func take(_ draft: ItemDraft, _ row: RawRow, isOwn: Bool = false) {
      let hashes = self.hashes(draft)
      if let earlier = place(hashes.identity) {
        if items[earlier].hashes.low == hashes.low {
          repeated += row.kind == .item ? 1 : 0
          return
        }
        let name = interpreter.text(FieldTarget.analyte.slot, draft.analyte)
        let line = items[earlier].row.line
        addProblem(
          Note(
            .rowConflict, "\(name) was given on line \(line) with another result, here on line \(row.line)",
            zh: "同一报告中“\(name)”两次结果不同：第 \(line) 行与第 \(row.line) 行"), FieldTarget.analyte.slot, row, chunk)
        return
      }
      add(NestedItem(row: row, draft: draft, hashes: hashes, isOwn: isOwn, codesAt: scan.itemCodes.count))
      scan.keepItem()
    }
    func add(_ item: NestedItem) {
      items.append(item)
      if items.count == OpenSamples.scannedItems + 1 {
        for (index, item) in items.enumerated() { seen[item.hashes.identity] = index }
      } else if items.count > OpenSamples.scannedItems {
        seen[item.hashes.identity] = items.count - 1
      }
    }
    /// Takes an item that is known by its cells; false if its fields must be read for what is to be said about it.
    func takeKnown(_ row: RawRow) -> Bool {
      guard let known = knownNestedItem(bytes, cells, row) else { return false }
      if let earlier = place(known.hashes.identity) {
        guard items[earlier].hashes.low == known.hashes.low else { return false }
        repeated += 1
      } else {
        add(
          NestedItem(
            row: row, draft: ItemDraft(), hashes: known.hashes, known: known.template, outcome: known.outcome))
      }
      return true
    }
    let head = chunk.rows[range.lowerBound]
    let combined = interpreter.memos[FieldTarget.items.slot].entries[Int(recordCodes[FieldTarget.items.slot])].meaning
    if combined >= 0 { for draft in interpreter.combinedStore[Int(combined)] { take(located(draft), head) } }
    for index in range.dropFirst() {
      let row = chunk.rows[index]
      if isSilent, takeKnown(row) { continue }
      problems.removeAll(keepingCapacity: true)
      mapPaths(chunk, row)
      scan.isRefused = false
      for slot in itemSlots {
        readField(slot, bytes, cells, row)
        if scan.codes[slot] == 0, slot != FieldTarget.items.slot { scan.codes[slot] = recordCodes[slot] }
      }
      if scan.isRefused { for slot in itemSlots { addNotes(slot, scan.codes[slot], row, chunk) } }
      for slot in requiredItem where isMissing(slot, scan.codes[slot]) {
        addMissing(slot, row, chunk)
      }
      var draft = ItemDraft()
      for slot in itemSlots { draft.set(interpreter.fields[slot].target, scan.codes[slot]) }
      if problems.isEmpty, !row.isDamaged { take(draft, row, isOwn: isSilent && row.kind == .item) }
      if !problems.isEmpty || row.isDamaged {
        if row.isDamaged { problems.removeAll() }
        rejected += 1
        reject(row, chunk, &report)
      } else {
        reportUnknownPaths(chunk, row, &report)
      }
    }
    problems.removeAll(keepingCapacity: true)
    return (rejected, repeated)
  }

  /// Whether a sample of this number is already there with the very same content.
  private mutating func repeatsVersion(_ key: UInt32, _ items: [NestedItem]) -> Bool {
    var low: UInt64 = 0
    var high: UInt64 = 0
    for item in items {
      low &+= Curator.mix(item.hashes.low)
      high &+= Curator.mix(item.hashes.high)
    }
    let delivered = deliveredHash()
    if !sealed.isEmpty {
      let told = sealedKey(identity(), delivered, items: low)
      if sealed.contains(told) { return true }
    }
    var row = open.newest[Int(key)]
    var steps = 0
    while row != SampleState.none, steps < OpenSamples.comparedVersions {
      let state = open.states[Int(row)]
      if state.hashLow == delivered, state.itemsLow == low, state.itemsHigh == high { return true }
      row = state.previous
      steps += 1
    }
    return false
  }

  private mutating func orphans(
    _ range: Range<Int>, _ message: String, _ chunk: RecordChunk, _ report: inout CurationReport
  ) {
    for index in range {
      let row = chunk.rows[index]
      problems = [diagnostic(Note(.rowOrphan, message, zh: "检验项目没有可归属的样品"), position(row), rawText: "")]
      reject(row, chunk, &report)
    }
    problems.removeAll(keepingCapacity: true)
  }

  /// Says once for each path that nothing in the pipeline reads it.
  private mutating func reportUnknownPaths(_ chunk: RecordChunk, _ row: RawRow, _ report: inout CurationReport) {
    let cells = chunk.cells.span
    let first = Int(row.firstCell)
    for index in first..<(first &+ Int(row.cellCount)) {
      let column = Int(cells[index].column)
      guard cells[index].length > 0, column < framing.names.count, !scan.pathSeen[column] else { continue }
      scan.pathSeen[column] = true
      guard framing.isUnknown(column) else { continue }
      framing.used.insert(column)
      guard reportedUnknown.insert(framing.names[column]).inserted else { continue }
      report.add(
        diagnostic(
          Note(.xmlUnknownElement, "no field of the pipeline uses this element", zh: "未使用的元素"),
          position(ofCell: index, row, chunk),
          rawText: framing.names[column]))
    }
  }
}
