public import SpotCheckModel

extension TablePair {
  /// Appends some samples of other tables with their items; dictionaries grow by what the rows use.
  ///
  /// - Parameters:
  ///   - other: tables as read from a segment: the items of a sample stand together, in order of the samples.
  ///   - rows: sample rows of `other`.
  public mutating func append(_ other: TablePair, rows: Range<Int>) {
    guard let last = rows.last else { return }
    let from = other.samples
    let firstRow = samples.rowCount
    for column in from.text.indices { samples.text[column].append(from.text[column], rows: rows) }
    for column in from.plainText.indices { samples.plainText[column].append(from.plainText[column], rows: rows) }
    for column in from.days.indices { samples.days[column].days += from.days[column].days[rows] }
    samples.flags += from.flags[rows]
    // Filled when the segment is written.
    samples.firstItem += from.firstItem[rows]
    samples.itemCount += from.itemCount[rows]
    samples.deliveredRows += from.deliveredRows[rows]
    samples.line += from.line[rows]
    samples.byteOffset += from.byteOffset[rows]
    samples.keyHash += from.keyHash[rows]
    samples.contentHashLow += from.contentHashLow[rows]
    samples.contentHashHigh += from.contentHashHigh[rows]

    let itemRows = Int(from.firstItem[rows.lowerBound])..<Int(from.firstItem[last]) + Int(from.itemCount[last])
    items.sample += other.items.sample[itemRows].map { UInt32(Int($0) - rows.lowerBound + firstRow) }
    for column in other.items.text.indices { items.text[column].append(other.items.text[column], rows: itemRows) }
    for column in other.items.decimals.indices {
      items.decimals[column].mantissas += other.items.decimals[column].mantissas[itemRows]
      items.decimals[column].scales += other.items.decimals[column].scales[itemRows]
    }
    items.flags += other.items.flags[itemRows]
    items.line += other.items.line[itemRows]
    items.byteOffset += other.items.byteOffset[itemRows]
  }
}

extension TextColumn {
  fileprivate mutating func append(_ other: TextColumn, rows: Range<Int>) {
    var known = [UInt32](repeating: .max, count: other.dictionary.count)
    codes.reserveCapacity(codes.count + rows.count)
    for row in rows {
      let code = Int(other.codes[row])
      if known[code] == .max { known[code] = other.dictionary.withBytes(UInt32(code)) { dictionary.intern($0) } }
      codes.append(known[code])
    }
  }
}

extension PlainTextColumn {
  fileprivate mutating func append(_ other: PlainTextColumn, rows: Range<Int>) {
    for row in rows { append(other.bytes.span.extracting(Int(other.offsets[row])..<Int(other.offsets[row + 1]))) }
  }
}
