// UNSAFE FILE: the tokenizer's inner loop. SAFETY, throughout: special offsets are below `block.count` (the kernel found them
// in the window), `rowStart <= fieldStart <= p`, and `cells` was given room for one cell per special byte and one more.

import SpotCheckModel

extension CSVReader {
  private static let lf = UInt8(ascii: "\n")
  private static let cr = UInt8(ascii: "\r")

  /// Walks the special bytes of the slice until they are used up or the chunk is full.
  ///
  /// Only delimiters, quotes and line ends are looked at; what lies between them is never touched here. The state
  /// machine sees every quote, so nothing depends on quotes being balanced.
  mutating func walk(into chunk: inout RecordChunk) {
    let base = block.base.assumingMemoryBound(to: UInt8.self)
    let delimiter = dialect?.delimiter ?? UInt8(ascii: ",")
    let isLenient = dialect?.quotesInsideAreText ?? false
    // The measure of most files: payload and text run in step.
    let isInStep = block.isIdentity && block.exceptions.isEmpty
    let fieldLimit = UInt32(clamping: limits.csvFields)
    let shift = block.payloadStart - chunkPayloadStart
    while specialIndex < specialCount {
      if mode == .unquoted {
        if isInStep {
          walkInStep(delimiter, fieldLimit, shift)
        } else if isMeasured {
          walkMeasured(delimiter, fieldLimit)
        } else {
          walkPlain(delimiter, fieldLimit)
        }
        if specialIndex == specialCount { return }
      }
      let p = sliceBase &+ Int(specials[specialIndex])
      let byte = base[p]
      let isLineEnd = byte == CSVReader.lf || byte == CSVReader.cr
      if p >= limitAt, p > limitAt || !isLineEnd || mode == .quoted {
        crossLimit(into: &chunk)
        return
      }
      switch mode {
      case .unquoted:
        if byte == delimiter {
          emit(fieldStart, p)
          fieldStart = p &+ 1
        } else if isLineEnd {
          if pendingCR, byte == CSVReader.lf, p == rowStart {
            pendingCR = false
            note(.crlf)
            beginRow(p &+ 1)
            specialIndex &+= 1
            continue
          }
          if column > 0 || p > rowStart { emit(fieldStart, p) }
          endRow(p, byte, into: &chunk)
          if isFull {
            specialIndex &+= 1
            return
          }
        } else if p == fieldStart {
          mode = .quoted
          quoteLine = line
          isDoubled = false
        } else if !isLenient {
          stray(at: p, "a quote inside an unquoted field", zh: "未加引号的字段中出现引号")
        }
      case .quoted:
        if byte == CSVReader.cr {
          line &+= 1
        } else if byte == CSVReader.lf {
          if base[p &- 1] != CSVReader.cr { line &+= 1 }
        } else if byte != delimiter {
          mode = .afterQuote
          closeAt = p
        }
      case .afterQuote:
        guard p == closeAt &+ 1 else {
          stray(at: closeAt &+ 1, "text after a closing quote", zh: "右引号之后还有文字")
          continue
        }
        if byte == delimiter {
          // In this order: a row with too many fields changes the mode.
          mode = .unquoted
          emitQuoted()
          fieldStart = p &+ 1
        } else if isLineEnd {
          emitQuoted()
          endRow(p, byte, into: &chunk)
          if isFull {
            specialIndex &+= 1
            return
          }
        } else {
          isDoubled = true
          mode = .quoted
        }
      case .stray:
        if isLineEnd {
          if keepsTail { emit(fieldStart, p) }
          endRow(p, byte, into: &chunk)
          if isFull {
            specialIndex &+= 1
            return
          }
        }
      case .skipping:
        if isLineEnd {
          endSkip(p, byte)
          // The new row is measured from here, so the constants above are stale.
          specialIndex &+= 1
          return
        }
      }
      specialIndex &+= 1
    }
  }

  /// Takes the cells that end in a delimiter, as most do, up to one that needs more thought. What changes from cell to cell
  /// stands in registers meanwhile.
  private mutating func walkInStep(_ delimiter: UInt8, _ fieldLimit: UInt32, _ shift: Int) {
    let base = block.base.assumingMemoryBound(to: UInt8.self)
    let (slice, end, limit, offsetBase) = (sliceBase, specialCount, limitAt, textBase)
    let (specials, cells) = (specials, cells)
    var (at, start, count, number) = (specialIndex, fieldStart, cellCount, column)
    while at < end {
      let p = slice &+ Int(specials[at])
      if base[p] != delimiter || p >= limit || number >= fieldLimit { break }
      cells[count] = Cell(
        offset: UInt32(truncatingIfNeeded: start &+ offsetBase), length: UInt32(truncatingIfNeeded: p &- start),
        source: UInt32(truncatingIfNeeded: start &+ shift), column: number)
      count &+= 1
      number &+= 1
      start = p &+ 1
      at &+= 1
    }
    (specialIndex, fieldStart, cellCount, column) = (at, start, count, number)
  }

  /// The same where payload and text do not run in step: the payload's bytes were counted for all special bytes of the slice.
  private mutating func walkMeasured(_ delimiter: UInt8, _ fieldLimit: UInt32) {
    let base = block.base.assumingMemoryBound(to: UInt8.self)
    let (slice, end, limit, offsetBase) = (sliceBase, specialCount, limitAt, textBase)
    let (specials, cells, distances) = (specials, cells, distances)
    var (at, start, count, number) = (specialIndex, fieldStart, cellCount, column)
    // A cell begins behind a delimiter or a line end, which are ASCII.
    let behind = slicePayload &+ block.asciiWidth &- chunkPayloadStart
    var source =
      at > 0 && start == slice &+ Int(specials[at &- 1]) &+ 1
      ? behind &+ Int(distances[at &- 1]) : cursor.advance(to: start, in: block) &- chunkPayloadStart
    while at < end {
      let p = slice &+ Int(specials[at])
      if base[p] != delimiter || p >= limit || number >= fieldLimit { break }
      cells[count] = Cell(
        offset: UInt32(truncatingIfNeeded: start &+ offsetBase), length: UInt32(truncatingIfNeeded: p &- start),
        source: UInt32(truncatingIfNeeded: source), column: number)
      count &+= 1
      number &+= 1
      start = p &+ 1
      source = behind &+ Int(distances[at])
      at &+= 1
    }
    (specialIndex, fieldStart, cellCount, column) = (at, start, count, number)
    cursor.jump(to: start, at: source &+ chunkPayloadStart)
  }

  /// The same where some characters of the window are exceptions to the measure: counted from cell to cell.
  @inline(never)
  private mutating func walkPlain(_ delimiter: UInt8, _ fieldLimit: UInt32) {
    let base = block.base.assumingMemoryBound(to: UInt8.self)
    let (slice, end, limit, offsetBase) = (sliceBase, specialCount, limitAt, textBase)
    let (specials, cells, payloadBase) = (specials, cells, chunkPayloadStart)
    var (at, start, count, number) = (specialIndex, fieldStart, cellCount, column)
    var here = cursor
    while at < end {
      let p = slice &+ Int(specials[at])
      if base[p] != delimiter || p >= limit || number >= fieldLimit { break }
      let source = here.advance(to: start, in: block) &- payloadBase
      cells[count] = Cell(
        offset: UInt32(truncatingIfNeeded: start &+ offsetBase), length: UInt32(truncatingIfNeeded: p &- start),
        source: UInt32(truncatingIfNeeded: source), column: number)
      count &+= 1
      number &+= 1
      start = p &+ 1
      at &+= 1
    }
    (specialIndex, fieldStart, cellCount, column) = (at, start, count, number)
    cursor = here
  }

  // MARK: Cells

  /// Adds the cell [start, end) of the window.
  private mutating func emit(_ start: Int, _ end: Int) {
    _ = emit(text: start, end, source: start)
  }

  /// Adds the quoted cell that was closed at `closeAt`; doubled quotes cost it a copy of its own.
  private mutating func emitQuoted() {
    let start = fieldStart + 1
    guard emit(text: start, closeAt, source: fieldStart), isDoubled else { return }
    let quote = dialect?.quote ?? UInt8(ascii: "\"")
    let from = unescaped.count
    var index = start
    while index < closeAt {
      let byte = block.text[index]
      unescaped.append(byte)
      index += byte == quote ? 2 : 1
    }
    patches.append((cellCount - 1, from))
    cells[cellCount - 1].length = UInt32(truncatingIfNeeded: unescaped.count - from)
  }

  private mutating func emit(text start: Int, _ end: Int, source: Int) -> Bool {
    let payload = cursor.advance(to: source, in: block)
    guard column < UInt32(clamping: limits.csvFields) else {
      if mode != .stray || keepsTail {
        own.append(
          Diagnostic(
            .csvManyColumns, at: SourcePosition(line: line, byteOffset: payload, field: limits.csvFields),
            "more than \(limits.csvFields) fields", zh: "字段超过 \(limits.csvFields) 个"))
      }
      mode = .stray
      keepsTail = false
      isDamaged = true
      return false
    }
    cells[cellCount] = Cell(
      offset: UInt32(truncatingIfNeeded: start + textBase), length: UInt32(truncatingIfNeeded: end - start),
      source: UInt32(truncatingIfNeeded: payload - chunkPayloadStart), column: column)
    cellCount += 1
    column += 1
    return true
  }

  // MARK: Rows

  private mutating func endRow(_ end: Int, _ byte: UInt8, into chunk: inout RecordChunk) {
    if pendingCR { settleCR() }
    addRow(end, into: &chunk)
    line &+= 1
    if byte == CSVReader.lf { note(.lf) } else { pendingCR = true }
    beginRow(end &+ 1)
  }

  /// No LF followed the last row's CR.
  private mutating func settleCR() {
    pendingCR = false
    note(.cr)
  }

  private mutating func addRow(_ end: Int, into chunk: inout RecordChunk) {
    // The first cell starts where the row does; a blank row asks the cursor.
    let offset =
      cellCount > rowFirstCell
      ? chunkPayloadStart &+ Int(cells[rowFirstCell].source) : cursor.advance(to: rowStart, in: block)
    while nextFault < block.faults.count, block.faults[nextFault].offset < end {
      nextFault += 1
      isDamaged = true
    }
    chunk.rows.append(
      RawRow(
        firstCell: UInt32(truncatingIfNeeded: rowFirstCell),
        cellCount: UInt32(truncatingIfNeeded: cellCount &- rowFirstCell),
        rawOffset: UInt32(truncatingIfNeeded: rowStart &+ textBase),
        rawLength: UInt32(truncatingIfNeeded: end &- rowStart), line: rowLine, byteOffset: offset, kind: .flat,
        isDamaged: isDamaged))
    rowFirstCell = cellCount
    lastRow = SourcePosition(line: rowLine, byteOffset: offset)
    isFull =
      chunk.rows.count >= CSVReader.chunkRows
      || end &+ textBase &+ unescaped.count >= CSVReader.chunkTextBytes
  }

  private mutating func beginRow(_ start: Int) {
    rowStart = start
    fieldStart = start
    limitAt = start &+ rowLimit
    rowLine = line
    column = 0
    mode = .unquoted
    isDamaged = false
    keepsTail = true
  }

  /// A line end of one kind; the first of another kind is reported, once.
  private mutating func note(_ kind: LineEnd) {
    guard let lineEnd else {
      lineEnd = kind
      return
    }
    guard lineEnd != kind, !isMixed else { return }
    isMixed = true
    own.append(
      Diagnostic(
        .csvMixedLineEnds, at: lastRow, "this line ends in \(kind), the first one in \(lineEnd)",
        zh: "本行以 \(kind) 结束，首行以 \(lineEnd) 结束"))
  }

  // MARK: Trouble

  private mutating func stray(at offset: Int, _ message: String, zh: String) {
    var here = cursor
    own.append(
      Diagnostic(
        .csvStrayQuote,
        at: SourcePosition(line: line, byteOffset: here.advance(to: offset, in: block), field: Int(column)),
        message, zh: zh))
    mode = .stray
    keepsTail = true
    isDamaged = true
  }

  private mutating func unclosed(_ message: String, zh: String) {
    failed = true
    isFinished = true
    own.append(
      Diagnostic(
        .csvUnclosedQuote,
        at: SourcePosition(
          line: quoteLine, byteOffset: cursor.advance(to: fieldStart, in: block), field: Int(column)),
        message, zh: zh))
  }

  /// The row has more bytes than it may: a quote that nobody closed, or a line that is too long.
  mutating func crossLimit(into chunk: inout RecordChunk) {
    if mode == .quoted {
      unclosed(
        "no closing quote within \(rowLimit) bytes of the row", zh: "行内 \(rowLimit) 字节之内没有右引号")
      return
    }
    if pendingCR { settleCR() }
    cellCount = rowFirstCell
    patches.removeAll { $0.cell >= rowFirstCell }
    column = 0
    var here = PayloadCursor(block)
    let offset = here.advance(to: rowStart, in: block)
    own.append(
      Diagnostic(
        .csvLineTooLong, at: SourcePosition(line: rowLine, byteOffset: offset),
        "the row is longer than \(rowLimit) bytes", zh: "行长超过 \(rowLimit) 字节"))
    var end = rowStart + min(rowLimit, Diagnostic.rawTextLimit)
    while end > rowStart, block.text[end] & 0xC0 == 0x80 { end -= 1 }
    isDamaged = true
    cells[cellCount] = Cell(
      offset: UInt32(truncatingIfNeeded: rowStart + textBase), length: UInt32(truncatingIfNeeded: end - rowStart),
      source: UInt32(truncatingIfNeeded: offset - chunkPayloadStart), column: 0)
    cellCount += 1
    addRow(end, into: &chunk)
    // The chunk ends here, so that no distance inside one can exceed 32 bits.
    isFull = true
    copyEnd = end
    mode = .skipping
    limitAt = .max
  }

  private mutating func endSkip(_ end: Int, _ byte: UInt8) {
    line += 1
    if byte == CSVReader.lf { note(.lf) } else { pendingCR = true }
    while nextFault < block.faults.count, block.faults[nextFault].offset <= end { nextFault += 1 }
    beginRow(end + 1)
    runStart = rowStart
    textBase = -rowStart
    chunkPayloadStart = cursor.advance(to: rowStart, in: block)
  }

  /// The text is over: the last row may lack its line end.
  mutating func endOfText(into chunk: inout RecordChunk) {
    guard !text.hasFailed else { return }
    if pendingCR { settleCR() }
    let end = block.count
    if mode == .afterQuote, closeAt + 1 < end {
      stray(at: closeAt + 1, "text after a closing quote", zh: "右引号之后还有文字")
    }
    switch mode {
    case .unquoted:
      guard end > rowStart else { return }
      emit(fieldStart, end)
    case .afterQuote: emitQuoted()
    case .stray:
      if keepsTail { emit(fieldStart, end) }
    case .quoted:
      unclosed("the file ends inside a quoted field", zh: "文件在引号内结束，缺少右引号")
      return
    case .skipping: return
    }
    addRow(end, into: &chunk)
    beginRow(end)
  }
}
