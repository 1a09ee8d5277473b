import SpotCheckModel
import Testing

@testable import SpotCheckReading

@Suite("CSV records")
struct CSVReaderTests {
  @Test(
    "What is cut into which fields",
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
      ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
      ("a,,\n", [["a", "", ""]]),
      (",\n", [["", ""]]),
      ("\n\r\n\ra", [[], [], [], ["a"]]),
      ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]),
      ("\"\"\n", [[""]]),
      ("\"\",x", [["", "x"]]),
      ("\"a\nb\r\nc\",2\nd,3", [["a\nb\r\nc", "2"], ["d", "3"]]),
      (" a , b \n", [[" a ", " b "]]),
      ("\u{FEFF}a,b\n", [["a", "b"]]),
      ("\"\u{4E2D}\"\"\"", [["中\""]]),
      ("样品，名,合格\n", [["样品，名", "合格"]]),
    ] as [(String, [[String]])])
  func cells(_ text: String, _ expected: [[String]]) throws {
    try forEachSplit(Array(text.utf8), dialect: .comma) { reading, whole in
      #expect(reading.texts == expected)
      #expect(reading == whole)
      #expect(reading.codes.allSatisfy { $0 == .csvMixedLineEnds })
    }
  }

  @Test("Lines count every break, also inside quotes; offsets point at the delivered bytes")
  func positions() throws {
    let text = "\u{FEFF}h1,h2\r\n\"x\ny\r\nz\",1\r\n\r\n末,2"
    try forEachSplit(Array(text.utf8), dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.rows.map(\.line) == [1, 2, 5, 6])
      #expect(reading.rows.map(\.offset) == [3, 10, 22, 24])
      #expect(reading.rows[1].sources == [10, 19])
      #expect(reading.rows[1].raw == "\"x\ny\r\nz\",1")
      #expect(reading.rows[2].cells == [])
    }
  }

  @Test("A stray quote damages its row and nothing else")
  func strayQuotes() throws {
    try forEachSplit(Array("a,b\"c,d\n1,2\n\"x\"y,z\n\"p\"\"q\" ,r\n3,4\n".utf8), dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.rows.map(\.isDamaged) == [true, false, true, true, false])
      #expect(reading.texts[0] == ["a", "b\"c,d"])
      #expect(reading.codes == [.csvStrayQuote, .csvStrayQuote, .csvStrayQuote])
      #expect(reading.diagnostics[0].position == SourcePosition(line: 1, byteOffset: 3, field: 1))
      #expect(reading.diagnostics[1].position == SourcePosition(line: 3, byteOffset: 15, field: 0))
      #expect(!reading.hasFailed)
    }
  }

  @Test("An unclosed quote is fatal, at the quote")
  func unclosedQuote() throws {
    try forEachSplit(Array("a,b\n1,\"2\n3,4\n".utf8), dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.texts == [["a", "b"]])
      #expect(reading.fatal == .csvUnclosedQuote)
      #expect(reading.hasFailed)
      #expect(reading.diagnostics[0].position == SourcePosition(line: 2, byteOffset: 6, field: 1))
    }
  }

  @Test("A row may be as long as the limit, and one byte more damages it alone")
  func longRows() throws {
    var limits = ReadingLimits()
    limits.csvRowBytes = 10
    for (row, isLong) in [
      ("1234567890", false), ("12345678901", true), ("123456789,", false), ("1234567890,", true),
      ("123456789\"\"", true), ("\"12345678\"", false), ("\"1234567\"x,", true), ("中中中1", false), ("中中中中", true),
    ] {
      for end in ["\n", "\r\n", "\r", ""] {
        try forEachSplit(
          Array("a\(end.isEmpty ? "\n" : end)\(row)\(end)\(end.isEmpty ? "" : "z,9")".utf8), dialect: .comma,
          limits: limits
        ) {
          reading, whole in
          #expect(reading == whole)
          #expect(reading.codes.contains(.csvLineTooLong) == isLong, "\(row)")
          #expect(reading.rows.count == (end.isEmpty ? 2 : 3))
          #expect(reading.rows[1].isDamaged == isLong)
          if !end.isEmpty { #expect(reading.rows[2].cells == ["z", "9"] && reading.rows[2].line == 3) }
        }
      }
    }
    try forEachSplit(Array("a\n1,\"2345678901234567890\"\n".utf8), dialect: .comma, limits: limits) { reading, whole in
      #expect(reading == whole)
      #expect(reading.fatal == .csvUnclosedQuote)
      #expect(reading.diagnostics[0].position.byteOffset == 4)
    }
  }

  @Test("A line of many megabytes is read in bounded memory, and the next one is right")
  func endlessLine() throws {
    let long = [UInt8](repeating: 0x78, count: 3 << 20)
    let reading = try readCSV(Array("a,b\n".utf8) + long + Array("\n1,2\n".utf8), dialect: .comma)
    #expect(reading.codes == [.csvLineTooLong])
    #expect(reading.rows.count == 3)
    #expect(reading.rows[1].raw.utf8.count == Diagnostic.rawTextLimit)
    #expect(reading.rows[2].cells == ["1", "2"])
    #expect(reading.rows[2].offset == 4 + long.count + 1)
    #expect(reading.rows[2].sources == [reading.rows[2].offset, reading.rows[2].offset + 2])
  }

  @Test("Too many fields damage the row")
  func manyFields() throws {
    var limits = ReadingLimits()
    limits.csvFields = 3
    try forEachSplit(
      Array("1,2,3\n1,2,3,4,5\n\"1\",\"2\",\"3\",\"4\",\"5\"\n1,2\n".utf8), dialect: .comma, limits: limits
    ) {
      reading, whole in
      #expect(reading == whole)
      #expect(reading.texts == [["1", "2", "3"], ["1", "2", "3"], ["1", "2", "3"], ["1", "2"]])
      #expect(reading.rows.map(\.isDamaged) == [false, true, true, false])
      #expect(reading.codes == [.csvManyColumns, .csvManyColumns])
      #expect(reading.diagnostics[0].position == SourcePosition(line: 2, byteOffset: 12, field: 3))
    }
  }

  @Test(
    "Mixed line ends are reported once, at the first that differs",
    arguments: [
      ("a\nb\r\nc\rd\n", 2), ("a\r\nb\nc", 2), ("a\rb\rc\n", 3), ("a\nb\nc\r", 3), ("\"x\r\ny\"\nb\n", 0),
      ("a\r\nb\r\n", 0),
    ])
  func mixedLineEnds(_ text: String, _ line: Int) throws {
    try forEachSplit(Array(text.utf8), dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.diagnostics.map(\.position.line) == (line == 0 ? [] : [line]))
      #expect(reading.codes.allSatisfy { $0 == .csvMixedLineEnds })
    }
  }

  @Test("Quotes are text where the dialect says so")
  func lenientQuotes() throws {
    let text = "a\t5\" pipe\tb\n\"q\tr\"\tx\n"
    #expect(try readCSV(text, dialect: .tab).texts == [["a", "5\" pipe", "b"], ["q\tr", "x"]])
    let none = CSVDialect(delimiter: 9, quote: nil)
    #expect(try readCSV("\"a\t5\"\tb\n", dialect: none).texts == [["\"a", "5\"", "b"]])
  }

  @Test("NUL damages its row; empty files are refused")
  func oddContent() throws {
    try forEachSplit(Array("a,b\nc\0,d\ne,f\n".utf8), dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.rows.map(\.isDamaged) == [false, true, false])
      #expect(reading.codes == [.encodingNUL])
      #expect(reading.diagnostics[0].position == SourcePosition(line: 2, byteOffset: 5))
    }
    for bytes in [[], [0xEF, 0xBB, 0xBF]] as [[UInt8]] {
      #expect(try readCSV(bytes).fatal == .fileEmpty)
    }
    #expect(try readCSV(gzip([])).fatal == .fileEmpty)
  }

  @Test("Chunks hold whole rows, and their borders do not depend on cuts")
  func chunks() throws {
    var text = ""
    for index in 0..<40_000 { text += "A-\(index),城东区,\"合\"\"格\",\(index % 7)\n" }
    let bytes = Array(text.utf8)
    let whole = try readCSV(bytes)
    #expect(whole.rows.count == 40_000)
    #expect(whole.chunks.count > 3)
    #expect(whole.rows[39_999].cells == ["A-39999", "城东区", "合\"格", "\(39_999 % 7)"])
    for cut in [MemorySource.Pieces.random(seed: 9, upTo: 300), .fixed(4096)] {
      #expect(try readCSV(bytes, cut) == whole)
    }
    for row in whole.rows {
      let raw = Array(row.raw.utf8)
      #expect(Array(bytes[row.offset..<row.offset + raw.count]) == raw)
    }
  }

  @Test("Reading can be abandoned and the file still be proven whole")
  func drain() throws {
    let packed = gzip(Array("a,b\n1,\"2\n".utf8) + [UInt8](repeating: 0x61, count: 600_000))
    var seen = 0
    var rawSeen = 0
    var reader = CSVReader(
      MemorySource(packed), name: "x.csv.gz", dialect: .comma,
      taps: PayloadTaps(raw: { rawSeen += $0.byteCount }, payload: { seen += $0.byteCount }))
    var chunk = RecordChunk()
    _ = try reader.next(into: &chunk)
    try reader.drain()
    #expect(seen == 600_009 && rawSeen == packed.count)
    #expect(try !reader.next(into: &chunk))
    var cut = CSVReader(MemorySource(Array(packed.dropLast(3))), dialect: .comma)
    _ = try cut.next(into: &chunk)
    try cut.drain()
    #expect(cut.takeDiagnostics().contains { $0.code == .gzipTruncated })
  }
}
