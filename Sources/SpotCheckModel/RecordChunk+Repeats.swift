extension RecordChunk {
  /// Notes of each row how many of its first cells it has from the row above (``RawRow/repeatedCells``).
  ///
  /// In a long table a sample's cells stand in front of each of its items. Whoever reads the file compares them here, while the
  /// text is still at hand; whoever makes sense of the rows need not fetch it for that.
  public mutating func noteRepeats() {
    guard rows.count > 1 else { return }
    for index in 1..<rows.count {
      rows[index].repeatedCells = RecordChunk.repeatedCells(bytes.span, cells.span, rows[index - 1], rows[index])
    }
  }

  private static func repeatedCells(_ text: Span<UInt8>, _ cells: Span<Cell>, _ above: RawRow, _ here: RawRow) -> UInt16
  {
    let limit = Int(min(above.rawLength, here.rawLength))
    let (first, second) = (Int(above.rawOffset), Int(here.rawOffset))
    guard limit > 0, max(first, second) <= text.count - limit else { return 0 }
    let alike = commonPrefix(
      text.extracting(first..<(first + limit)), text.extracting(second..<(second + limit)))
    return wholeCells(cells, of: here, within: alike)
  }

  /// How many bytes both texts, which are equally long, begin with.
  private static func commonPrefix(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    var place = 0
    while place &+ 32 <= left.count {
      let block = place..<(place &+ 32)
      if ByteDictionary.difference(left.extracting(block), right.extracting(block)) != 0 { break }
      place &+= 32
    }
    while place &+ 8 <= left.count {
      let rest = place..<(place &+ 8)
      let difference =
        ByteDictionary.word(left.extracting(rest)) ^ ByteDictionary.word(right.extracting(rest))
      if difference != 0 { return place &+ difference.trailingZeroBitCount / 8 }
      place &+= 8
    }
    while place < left.count, left[place] == right[place] { place &+= 1 }
    return place
  }

  /// How many cells of a row end, with the separator behind them, within its first bytes. A cell whose text stands
  /// elsewhere, because quotes in it were doubled, is not among them.
  private static func wholeCells(_ cells: Span<Cell>, of row: RawRow, within length: Int) -> UInt16 {
    let end = UInt32(truncatingIfNeeded: length)
    var count = 0
    while count < Int(row.cellCount), count < Int(UInt16.max) {
      let cell = cells[Int(row.firstCell) &+ count]
      // Wraps round to a great number for a text in front of the row.
      let place = cell.offset &- row.rawOffset
      guard place < end, cell.length < end &- place else { break }
      count &+= 1
    }
    return UInt16(truncatingIfNeeded: count)
  }
}
