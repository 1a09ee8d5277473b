import SpotCheckModel
import Testing

@testable import SpotCheckReading

/// The slow and obvious tokenizer: one byte at a time, arrays of bytes, no blocks, no kernels.
struct CSVTwin {
  enum State { case unquoted, quoted, afterQuote, stray, skipping }

  var rows: [ReadRow] = []
  var codes: [DiagnosticCode] = []
  /// Line and offset of each code, offsets in the text.
  var places: [[Int]] = []

  private var bytes: [UInt8]
  private var cells: [String] = []
  private var sources: [Int] = []
  private var rowStart = 0
  private var fieldStart = 0
  private var line = 1
  private var rowLine = 1
  private var isDamaged = false
  private var state = State.unquoted

  init(_ text: [UInt8], _ dialect: CSVDialect, limits: ReadingLimits) {
    bytes = text
    var closeAt = 0
    var quoteLine = 1
    var tailed = true
    var index = 0
    scan: while index < bytes.count {
      let byte = bytes[index]
      let isEnd = byte == 0x0A || byte == 0x0D
      if byte == 0 {
        isDamaged = true
        report(.encodingNUL, line, index)
      }
      let length = index - rowStart
      if state != .skipping, length >= limits.csvRowBytes, !(length == limits.csvRowBytes && isEnd && state != .quoted)
      {
        if state == .quoted {
          report(.csvUnclosedQuote, quoteLine, fieldStart)
          return
        }
        report(.csvLineTooLong, rowLine, rowStart)
        var end = rowStart + min(limits.csvRowBytes, Diagnostic.rawTextLimit)
        while end > rowStart, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        let text = String(decoding: bytes[rowStart..<end], as: UTF8.self)
        rows.append(
          ReadRow(cells: [text], sources: [rowStart], raw: text, line: rowLine, offset: rowStart, isDamaged: true))
        state = .skipping
      }
      let isSpecial = isEnd || byte == dialect.delimiter || byte == dialect.quote
      if state == .afterQuote, isSpecial, index != closeAt + 1 {
        report(.csvStrayQuote, line, closeAt + 1)
        isDamaged = true
        state = .stray
      }
      switch state {
      case .unquoted:
        if byte == dialect.delimiter {
          cell(index)
          fieldStart = index + 1
        } else if isEnd {
          if index > rowStart { cell(index) }
          endRow(index)
        } else if byte == dialect.quote {
          if index == fieldStart {
            state = .quoted
            quoteLine = line
          } else if !dialect.quotesInsideAreText {
            report(.csvStrayQuote, line, index)
            isDamaged = true
            state = .stray
          }
        }
      case .quoted:
        if byte == 0x0D || (byte == 0x0A && bytes[index - 1] != 0x0D) { line += 1 }
        if byte == dialect.quote {
          state = .afterQuote
          closeAt = index
        }
      case .afterQuote:
        if byte == dialect.quote, index == closeAt + 1 {
          state = .quoted
        } else if byte == dialect.delimiter {
          quotedCell(closeAt)
          fieldStart = index + 1
          state = .unquoted
        } else if isEnd {
          quotedCell(closeAt)
          endRow(index)
        }
      case .stray:
        if isEnd {
          if tailed { cell(index) }
          endRow(index)
        }
      case .skipping:
        if isEnd { nextRow(index) }
      }
      if isEnd, state == .unquoted, rowStart == index + 1, byte == 0x0D, index + 1 < bytes.count,
        bytes[index + 1] == 0x0A
      {
        index += 1
        rowStart += 1
        fieldStart += 1
      }
      index += 1
    }
    tailed = state == .stray
    if state == .afterQuote, closeAt + 1 < bytes.count {
      report(.csvStrayQuote, line, closeAt + 1)
      isDamaged = true
      state = .stray
    }
    switch state {
    case .unquoted where bytes.count == rowStart: return
    case .unquoted, .stray: cell(bytes.count)
    case .afterQuote: quotedCell(closeAt)
    case .quoted:
      report(.csvUnclosedQuote, quoteLine, fieldStart)
      return
    case .skipping: return
    }
    endRow(bytes.count)
  }

  private mutating func report(_ code: DiagnosticCode, _ line: Int, _ offset: Int) {
    codes.append(code)
    places.append([line, offset])
  }

  private mutating func cell(_ end: Int) {
    cells.append(String(decoding: bytes[fieldStart..<end], as: UTF8.self))
    sources.append(fieldStart)
  }

  private mutating func quotedCell(_ close: Int) {
    var text = bytes[fieldStart + 1..<close]
    var plain: [UInt8] = []
    while let byte = text.popFirst() {
      plain.append(byte)
      if byte == UInt8(ascii: "\"") { _ = text.popFirst() }
    }
    cells.append(String(decoding: plain, as: UTF8.self))
    sources.append(fieldStart)
  }

  private mutating func endRow(_ end: Int) {
    rows.append(
      ReadRow(
        cells: cells, sources: sources, raw: String(decoding: bytes[rowStart..<end], as: UTF8.self), line: rowLine,
        offset: rowStart, isDamaged: isDamaged))
    nextRow(end)
  }

  private mutating func nextRow(_ end: Int) {
    line += 1
    rowLine = line
    rowStart = end + 1
    fieldStart = end + 1
    cells = []
    sources = []
    isDamaged = false
    state = .unquoted
  }
}

@Suite("CSV against its slow twin")
struct CSVTwinTests {
  private static let alphabet: [String] = [
    ",", ",", "\"", "\"", "\r", "\n", "\r\n", "a", "b", "é", "中", "\0", ";", "\t", "\",\"", "\"\"", "xyz123", "合格,",
  ]

  private static func random(_ random: inout Seeded, _ pieces: Int) -> String {
    // Some texts have few quotes, so that they get far.
    let quotes = Int.random(in: 0..<3, using: &random) > 0
    var text = ""
    while text.utf8.count < pieces {
      let piece = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      if quotes || !piece.contains("\"") || Int.random(in: 0..<20, using: &random) == 0 { text += piece }
    }
    return text
  }

  /// Diagnostics that the twin knows, in its order.
  private static func compare(_ reading: Reading, _ twin: CSVTwin, offset: (Int) -> Int, _ text: String) {
    let known = reading.diagnostics.filter { $0.code != .csvMixedLineEnds && $0.code != .encodingUndeclared }
    let expectedRows = twin.rows.map { row -> ReadRow in
      var row = row
      row.offset = offset(row.offset)
      row.sources = row.sources.map(offset)
      return row
    }
    if reading.rows != expectedRows {
      let at = zip(reading.rows, expectedRows).enumerated().first { $1.0 != $1.1 }?.offset ?? -1
      Issue.record(
        "row \(at): \(reading.rows.dropFirst(max(at, 0)).first as Any) expected \(expectedRows.dropFirst(max(at, 0)).first as Any) in \(text.debugDescription)"
      )
    }
    var expected = zip(twin.codes, twin.places).map { ($0.rawValue, $1[0], offset($1[1])) }
    // NULs behind a fatal quote are read ahead and reported too.
    if reading.fatal != nil { expected.removeAll { $0.0 == "ENC_NUL" } }
    var found = known.map { ($0.code.rawValue, $0.position.line, $0.position.byteOffset) }
    if reading.fatal != nil { found.removeAll { $0.0 == "ENC_NUL" } }
    expected.sort { ($0.2, $0.0) < ($1.2, $1.0) }
    found.sort { ($0.2, $0.0) < ($1.2, $1.0) }
    if !expected.elementsEqual(found, by: { $0 == $1 }) {
      Issue.record("diagnostics \(found) expected \(expected) in \(text.debugDescription)")
    }
  }

  @Test("Thousands of adversarial texts: same cells, positions, damage and codes")
  func agree() throws {
    var random = Seeded(21)
    for round in 0..<4000 {
      let text = Self.random(&random, Int.random(in: 1..<(round % 50 == 0 ? 3000 : 80), using: &random))
      var limits = ReadingLimits()
      if round % 3 == 0 { limits.csvRowBytes = Int.random(in: 1..<40, using: &random) }
      let dialect = [
        CSVDialect.comma, .comma, .comma, CSVDialect(delimiter: 0x3B), .tab, CSVDialect(delimiter: 0x2C, quote: nil),
      ][round % 6]
      let bytes = Array(text.utf8)
      let twin = CSVTwin(bytes, dialect, limits: limits)
      let cut = cuts[round % cuts.count]
      let reading = try readCSV(bytes, cut, encoding: "utf-8", dialect: dialect, limits: limits)
      Self.compare(reading, twin, offset: { $0 }, text)
      let other = try readCSV(bytes, encoding: "utf-8", dialect: dialect, limits: limits)
      if reading != other { Issue.record("cut \(cut) changes the reading of \(text.debugDescription)") }
    }
  }

  @Test("The same in GB18030 and UTF-16: offsets are those of the delivered bytes")
  func otherCharacterSets() throws {
    var random = Seeded(22)
    let letters: [Character: [UInt8]] = Dictionary(
      uniqueKeysWithValues: "é中合格".map { ($0, gbk(String($0))) })
    for round in 0..<900 {
      // A first letter, because a byte order mark before a NUL is that of UTF-32.
      let text = "a" + Self.random(&random, Int.random(in: 1..<(round % 30 == 0 ? 1000 : 60), using: &random))
      var limits = ReadingLimits()
      if round % 3 == 0 { limits.csvRowBytes = Int.random(in: 3..<40, using: &random) }
      let encoding = ["gbk", "utf-16le", "utf-16be"][round % 3]
      let (bytes, offsets) = delivered(text, encoding, letters)
      let twin = CSVTwin(Array(text.utf8), .comma, limits: limits)
      let reading = try readCSV(bytes, cuts[round % cuts.count], encoding: encoding, dialect: .comma, limits: limits)
      Self.compare(reading, twin, offset: { offsets[$0] }, text)
    }
  }

  /// A text as it is delivered in `gbk` or with a mark in UTF-16, and where each byte of the UTF-8 text stands in it.
  private func delivered(
    _ text: String, _ encoding: String, _ letters: [Character: [UInt8]]
  ) -> (bytes: [UInt8], offsets: [Int]) {
    var bytes: [UInt8] = encoding == "gbk" ? [] : encoding == "utf-16be" ? [0xFE, 0xFF] : [0xFF, 0xFE]
    var offsets: [Int] = []
    for scalar in text.unicodeScalars {
      let character = Character(scalar)
      offsets += Array(repeating: bytes.count, count: String(character).utf8.count)
      switch encoding {
      case "gbk": bytes += letters[character] ?? Array(String(character).utf8)
      default: bytes += utf16(String(character), bigEndian: encoding == "utf-16be")
      }
    }
    offsets.append(bytes.count)
    return (bytes, offsets)
  }

  @Test("Texts of many slices, with and without characters of four bytes: offsets are those of the delivered bytes")
  func longTexts() throws {
    var random = Seeded(23)
    let letters: [Character: [UInt8]] = Dictionary(
      uniqueKeysWithValues: "é中合格ḿ".map { ($0, gbk(String($0))) })
    for round in 0..<8 {
      let encoding = ["gbk", "utf-16le", "gbk", "utf-16be"][round % 4]
      let most = Int.random(in: 35_000..<60_000, using: &random)
      var text = "a"
      while text.utf8.count < most {
        // So many bad bytes would end the reading.
        text += Self.random(&random, Int.random(in: 1..<200, using: &random)).replacing("\0", with: "x")
        // A character that takes another number of bytes than the rule says, now and then.
        if round >= 4, Int.random(in: 0..<80, using: &random) == 0 { text += "ḿ" }
        text += "\n"
      }
      var limits = ReadingLimits()
      if round % 2 == 0 { limits.csvRowBytes = 3000 }
      let (bytes, offsets) = delivered(text, encoding, letters)
      let dialect = CSVDialect(delimiter: 0x2C, quote: round % 4 < 2 ? nil : 0x22)
      let twin = CSVTwin(Array(text.utf8), dialect, limits: limits)
      let cut: MemorySource.Pieces = round % 2 == 0 ? .whole : .random(seed: 5, upTo: 5000)
      let reading = try readCSV(bytes, cut, encoding: encoding, dialect: dialect, limits: limits)
      #expect(reading.rows.count > 100)
      Self.compare(reading, twin, offset: { offsets[$0] }, text)
    }
  }
}
