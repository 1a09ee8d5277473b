import SpotCheckModel

extension Framing {
  /// Notes the runs of columns that say something about samples: bytes that repeat from item to item of one sample.
  mutating func findSampleRuns() {
    sampleRuns = []
    let read = Set((0..<from[FieldTarget.sampleSlotCount]).filter { !isForSectionsOnly[$0] }.map { columns[$0] })
    for column in read.sorted() {
      if let last = sampleRuns.last, last.upperBound == column {
        sampleRuns[sampleRuns.count - 1] = last.lowerBound..<(column + 1)
      } else {
        sampleRuns.append(column..<(column + 1))
      }
    }
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
    for run in framing.sampleRuns {
      guard run.upperBound <= scan.cellsAbove, isRepeated(run, bytes, cells, above, here) else {
        scan.rowAbove = -1
        return false
      }
    }
    for slot in 0..<FieldTarget.sampleSlotCount where scan.cellOf[slot] >= 0 { scan.cellOf[slot] += here - above }
    scan.rowAbove = here
    return true
  }

  /// Compares a run of cells of two rows: how it is cut first, then all its bytes at once.
  private func isRepeated(
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
