import SpotCheckModel

/// Items of XML records that are known by the bytes of their cells.
///
/// Most differ from an earlier one in nothing but the number that counts them, so the number is no part of what they are
/// known by: the item is found without it, and its hashes are put in. Nothing else of the tables depends on it.
extension Framing {
  /// Notes the column that alone gives items their number, if nothing else does and it gives nothing else.
  mutating func findItemNumber(_ field: FieldPlan, isSection: Bool) {
    let slot = FieldTarget.itemNumber.slot
    itemNumber = nil
    guard isSingleColumn(slot), field.constant == nil, field.fallback == nil, !isSection else { return }
    let column = columns[from[slot]]
    if columns.count(where: { $0 == column }) == 1 { itemNumber = column }
  }
}

extension Curator {
  /// The cells of an item of a record without the one that numbers it, if that is the first or the last.
  private struct NestedCells {
    var own: Range<Int>
    var text: Range<Int>
    /// -1: no cell is left out.
    var number = -1
  }

  /// Longer items are not kept.
  private static let longestNestedKey = 1024

  /// Nil if there are none, if they do not lie beside each other, or if it is too long to be known.
  private func nestedCells(_ cells: Span<Cell>, _ row: RawRow) -> NestedCells? {
    guard templates.isWorthAsking, row.cellCount > 0, !row.isDamaged else { return nil }
    let first = Int(row.firstCell)
    var own = first..<(first &+ Int(row.cellCount))
    var number = -1
    if let column = framing.itemNumber {
      if Int(cells[first].column) == column {
        number = first
        own = (first &+ 1)..<own.upperBound
      } else if Int(cells[own.upperBound &- 1].column) == column {
        number = own.upperBound &- 1
        own = first..<number
      }
    }
    guard !own.isEmpty else { return nil }
    let (start, end) = Curator.stretch(cells.extracting(own), gap: 0)
    guard start >= 0, end &- start &+ 4 &* own.count <= Curator.longestNestedKey else { return nil }
    return NestedCells(own: own, text: start..<end, number: number)
  }

  /// An item of a record, known without a look at its fields.
  struct KnownNested {
    var template: Int32
    var hashes: ItemHashes
    var outcome: ItemTally.Outcome
  }

  /// The kept item that has the very cells of this row but for its number; nil if there is none, or the number is not one
  /// about which there is nothing to say.
  mutating func knownNestedItem(_ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow) -> KnownNested? {
    guard let place = nestedCells(cells, row) else { return nil }
    let known = templates.findNested(bytes.extracting(place.text), cells.extracting(place.own))
    guard known >= 0 else { return nil }
    let gist = templates.nestedGist(known)
    let slot = FieldTarget.itemNumber.slot
    var number = gist.number
    if place.number >= 0 {
      let cell = cells[place.number]
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) &+ Int(cell.length))
      if start < end {
        // Two cells with a number: which of them counts is for the long way to see.
        guard !number.isGiven, let plain = interpreter.plainHashes(slot, bytes.extracting(start..<end)) else {
          return nil
        }
        number = NumberHashes(low: plain.low, high: plain.high, isGiven: true)
      }
    }
    guard number.isGiven || !interpreter.fields[slot].required else { return nil }
    return KnownNested(template: known, hashes: Curator.hashes(gist.sums, number: number), outcome: gist.outcome)
  }

  /// Keeps the item of this row for those to come, or not.
  mutating func keepNested(
    _ template: ItemTemplate, _ bytes: Span<UInt8>, _ cells: Span<Cell>, _ row: RawRow
  ) -> Int32 {
    guard let place = nestedCells(cells, row) else { return -1 }
    var gist = NestedGist(sums: sums(template.draft), outcome: template.gist.outcome)
    if place.number < 0 {
      gist.number = numberHashes(template.draft)
    } else {
      for index in place.own where Int(cells[index].column) == framing.itemNumber { return -1 }
    }
    guard copyKey(place, bytes, cells) else { return -1 }
    let key = scan.itemKey
    let hash = ItemTemplates.nestedHash(bytes.extracting(place.text), cells.extracting(place.own))
    return templates.keepNested(template, gist, key.span, hash: hash)
  }

  /// What an item is known by, into the scratch of the row loop: its text, then length and column of each cell in four
  /// bytes. No two items have one key: with more cells cut off its end, the lengths would sum up to more, and the text left
  /// would be shorter. False if it has a column that does not fit.
  private mutating func copyKey(_ place: NestedCells, _ bytes: Span<UInt8>, _ cells: Span<Cell>) -> Bool {
    let count = place.text.count &+ 4 &* place.own.count
    let (text, own) = (bytes.extracting(place.text), cells.extracting(place.own))
    var widest: UInt32 = 0
    scan.itemKey.removeAll(keepingCapacity: true)
    scan.itemKey.append(addingCapacity: count) { output in
      for index in 0..<text.count { output.append(text[index]) }
      for index in 0..<own.count {
        let cell = own[index]
        widest |= cell.column
        output.append(UInt8(truncatingIfNeeded: cell.length))
        output.append(UInt8(truncatingIfNeeded: cell.length >> 8))
        output.append(UInt8(truncatingIfNeeded: cell.column))
        output.append(UInt8(truncatingIfNeeded: cell.column >> 8))
      }
    }
    return widest <= UInt32(UInt16.max)
  }
}
