import SpotCheckModel

extension Framing {
  /// Notes the runs of columns that say something about samples: bytes that repeat from item to item of one sample.
  mutating func findSampleRuns() {
    sampleRuns = runs(0..<from[FieldTarget.sampleSlotCount])
  }

  /// Notes the runs of columns that say something about an item, where nothing but their cells does.
  mutating func findItemRuns(_ plan: CurationPlan, fills fields: [FieldPlan], isSection: [Bool]) {
    let slots = FieldTarget.sampleSlotCount..<FieldTarget.slotCount
    itemRuns = []
    guard plan.shape == .items, plan.header.mode != .paths, wide.isEmpty,
      !slots.contains(where: { fields[$0].fillDown || isSection[$0] })
    else { return }
    itemRuns = runs(from[slots.lowerBound]..<from[slots.upperBound])
    let number = columns[from[FieldTarget.samplingNumber.slot]..<from[FieldTarget.samplingNumber.slot + 1]]
    rulesRestOnSample = rules.allSatisfy { rule in
      let looked = (rule.when + rule.unless).map(\.column)
      guard looked.allSatisfy({ column in sampleRuns.contains { $0.contains(column) } }) else { return false }
      // Such a row must be blank elsewhere, and it has a number.
      return rule.onlyIn.isEmpty || !number.contains { rule.onlyIn.contains($0) }
    }
  }

  /// Columns of some entries of ``columns`` as runs, in order.
  private func runs(_ entries: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for column in Set(entries.filter { !isForSectionsOnly[$0] }.map { columns[$0] }).sorted() {
      if let last = result.last, last.upperBound == column {
        result[result.count - 1] = last.lowerBound..<(column + 1)
      } else {
        result.append(column..<(column + 1))
      }
    }
    return result
  }
}

extension Curator {
  /// Whether all that a row says about its sample stands there byte for byte as in the record row above. If so, the
  /// codes of the row above hold, and only the places of the cells have moved.
  mutating func repeatsSample(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Bool {
    let above = scan.rowAbove
    let here = Int(row.firstCell)
    guard above >= 0, Int(row.cellCount) == scan.cellsAbove else {
      scan.rowAbove = -1
      return false
    }
    let compared = comparedCells(row)
    for run in framing.sampleRuns where run.upperBound > compared {
      guard run.upperBound <= scan.cellsAbove, Curator.isRepeated(run, bytes, cells, above, here) else {
        scan.rowAbove = -1
        return false
      }
    }
    for slot in 0..<FieldTarget.sampleSlotCount where scan.cellOf[slot] >= 0 { scan.cellOf[slot] += here - above }
    scan.rowAbove = here
    return true
  }

  // MARK: Rows that need no reading

  /// Takes a row that says the very same about its sample as the record above, and brings an item that is known by the
  /// bytes of its cells: most rows of a long table. All that a look at its fields would say has been said before.
  @inline(__always)
  mutating func takeRepeated(
    _ chunk: RecordChunk, _ row: RawRow, _ tables: inout TablePair, _ report: inout CurationReport
  ) -> Bool {
    guard !row.isDamaged, Int(row.cellCount) == scan.cellsAbove, case .sample(let sample) = current else {
      return false
    }
    let bytes = chunk.bytes.span
    let cells = chunk.cells.span
    let compared = comparedCells(row)
    for run in framing.sampleRuns
    where run.upperBound > compared && !Curator.isRepeated(run, bytes, cells, scan.rowAbove, Int(row.firstCell)) {
      return false
    }
    let number = knownItem(bytes, cells, row)
    guard number >= 0 else { return false }
    let gist = templates.foundGist
    // An item that the sample has already is a duplicate or a contradiction.
    guard open.item(sample, gist.hashes.identity) == nil else { return false }
    appendItem(number, gist, sample, row, &tables.items)
    open.states[sample].deliveredRows &+= 1
    report.accounts.accepted += 1
    return true
  }

  /// After an accepted record: whether rows below it may be taken unread.
  mutating func noteWhetherRowsMayRepeat(_ row: RawRow) {
    let slot = FieldTarget.samplingNumber.slot
    let state = interpreter.memos[slot].entries[Int(scan.codes[slot])].state
    let count = Int(row.cellCount)
    scan.mayRepeat =
      !framing.itemRuns.isEmpty && framing.rulesRestOnSample && framing.blank.isEmpty && templates.isWorthAsking
      && scan.rowAbove >= 0 && count == scan.cellsAbove && !scan.isSampleRefused && scan.cellOf[slot] >= 0
      && state.isDisjoint(with: [.headerWord, .footerWord, .missing]) && !isRefused
      && (plan.header.mode != .named || (count >= framing.width && count <= framing.fullWidth))
  }

  /// Where the cells of a row's item stand.
  private enum ItemPlace {
    case nowhere
    /// Beside each other: the text, and the cells.
    case stretch(Range<Int>, cells: Range<Int>)
    /// Copied to the scratch of the row loop.
    case copied
  }

  private mutating func itemPlace(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> ItemPlace {
    guard templates.isWorthAsking, let run = framing.itemRuns.first, let last = framing.itemRuns.last,
      last.upperBound <= Int(row.cellCount)
    else { return .nowhere }
    let first = Int(row.firstCell)
    if framing.itemRuns.count == 1 {
      let own = (first &+ run.lowerBound)..<(first &+ run.upperBound)
      let (start, end) = Curator.stretch(cells.extracting(own), gap: 1)
      if start >= 0 { return .stretch(start..<end, cells: own) }
    }
    copyItemKey(bytes, cells, first)
    return .copied
  }

  /// The number of the kept item that has the very cells of this row, or -1.
  mutating func knownItem(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Int32 {
    switch itemPlace(bytes, cells, row) {
    case .nowhere: return -1
    case .stretch(let text, let own):
      return templates.find(bytes.extracting(text), .between, cells.extracting(own))
    case .copied:
      let (key, own) = (scan.itemKey, scan.itemKeyCells)
      return templates.find(key.span, .copied, own.span)
    }
  }

  /// Keeps the item of this row for those to come, or not.
  mutating func keep(_ template: ItemTemplate, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> Int32 {
    switch itemPlace(bytes, cells, row) {
    case .nowhere: return -1
    case .stretch(let text, let own):
      return templates.keep(template, bytes.extracting(text), .between, cells.extracting(own))
    case .copied:
      let (key, own) = (scan.itemKey, scan.itemKeyCells)
      return templates.keep(template, key.span, .copied, own.span)
    }
  }

  /// Where cells stand that are so many bytes apart from each other, or -1.
  @inline(__always)
  static func stretch(_ cells: Span<Cell>, gap: Int) -> (start: Int, end: Int) {
    let start = Int(cells[0].offset)
    var end = start &+ Int(cells[0].length)
    for index in 1..<cells.count {
      if Int(cells[index].offset) != end &+ gap { return (-1, -1) }
      end = end &+ gap &+ Int(cells[index].length)
    }
    return (start, end)
  }

  /// The cells of an item one after the other: some are quoted, or stand in several places.
  private mutating func copyItemKey(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ first: Int) {
    scan.itemKey.removeAll(keepingCapacity: true)
    scan.itemKeyCells.removeAll(keepingCapacity: true)
    for run in framing.itemRuns {
      for column in run {
        let cell = cells[first &+ column]
        scan.itemKeyCells.append(cell)
        scan.itemKey.append(copying: bytes.extracting(Int(cell.offset)..<(Int(cell.offset) &+ Int(cell.length))))
      }
    }
    // All cells blank is an item too, if there are such.
    scan.itemKey.append(0)
  }

  // MARK: Comparing

  /// How many of the row's first cells the reader has found to be those of the record row above.
  @inline(__always)
  private func comparedCells(_ row: RawRow) -> Int {
    // The record row above may lie further up than the row above.
    scan.rowAbove &+ scan.cellsAbove == Int(row.firstCell) ? min(Int(row.repeatedCells), scan.cellsAbove) : 0
  }

  /// Compares a run of cells of two rows: how it is cut first, then all its bytes at once.
  @inline(__always)
  private static func isRepeated(
    _ run: Range<Int>, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ above: Int, _ here: Int
  ) -> Bool {
    let first = cells[above &+ run.lowerBound].offset
    let second = cells[here &+ run.lowerBound].offset
    let last = cells[above &+ run.upperBound &- 1]
    // A text that stands elsewhere (a quoted cell) wraps round to a great number and ends the comparison.
    let length = (last.offset &- first) &+ last.length
    var column = run.lowerBound
    while column < run.upperBound {
      let one = cells[above &+ column]
      let two = cells[here &+ column]
      let place = one.offset &- first
      if one.length != two.length || place != two.offset &- second { return false }
      if place > length || one.length > length &- place { return false }
      column &+= 1
    }
    guard Int(first) &+ Int(length) <= bytes.count, Int(second) &+ Int(length) <= bytes.count else { return false }
    return ByteDictionary.equal(
      bytes.extracting(Int(first)..<(Int(first) &+ Int(length))),
      bytes.extracting(Int(second)..<(Int(second) &+ Int(length))))
  }
}
