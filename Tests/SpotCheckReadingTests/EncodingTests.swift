import SpotCheckModel
import Testing

@testable import SpotCheckReading

@Suite("Character sets")
struct EncodingTests {
  private let text = "编号,名称\nA-1,湟中区\nA-2,样品，甲\n"

  private func codes(_ bytes: [UInt8], _ label: String = "auto") throws -> [DiagnosticCode] {
    try readCSV(bytes, encoding: label, dialect: .comma).codes
  }

  @Test("Labels as people write them")
  func labels() {
    for label in ["gb2312", "GBK", "Cp936", "gb18030", "x-gbk"] {
      #expect(TextEncoding.label(label) == .exact(.gb18030))
    }
    #expect(TextEncoding.label("UTF8") == .exact(.utf8))
    #expect(TextEncoding.label("Windows-1252") == .exact(.western))
    #expect(TextEncoding.label("utf-16") == .utf16)
    #expect(TextEncoding.label("big5") == .unknown)
  }

  @Test("Found without a label, in every cut")
  func auto() throws {
    let cases: [([UInt8], TextEncoding?, [DiagnosticCode])] = [
      (Array(text.utf8), .utf8, []),
      (gbk(text), .gb18030, [.encodingUndeclared]),
      ([0xEF, 0xBB, 0xBF] + Array(text.utf8), .utf8, []),
      ([0xFF, 0xFE] + utf16(text, bigEndian: false), .utf16LittleEndian, []),
      ([0xFE, 0xFF] + utf16(text, bigEndian: true), .utf16BigEndian, []),
      (utf16(text, bigEndian: false), .utf16LittleEndian, [.encodingUndeclared]),
      (utf16(text, bigEndian: true), .utf16BigEndian, [.encodingUndeclared]),
      ([0x84, 0x31, 0x95, 0x33] + gbk(text), .gb18030, []),
    ]
    for (bytes, encoding, codes) in cases {
      try forEachSplit(bytes) { reading, whole in
        #expect(reading == whole)
        #expect(reading.encoding == encoding)
        #expect(reading.codes == codes)
        #expect(reading.texts == [["编号", "名称"], ["A-1", "湟中区"], ["A-2", "样品，甲"]])
      }
    }
    #expect(try readCSV(Array("a,b\n".utf8)).encoding == nil)
  }

  @Test("Labels, marks and bytes that contradict each other")
  func conflicts() throws {
    let utf8 = Array(text.utf8)
    #expect(try codes(utf8, "latin2") == [.encodingUnknown])
    #expect(try codes([0xFF, 0xFE, 0, 0] + utf8) == [.encodingUnknown])
    #expect(try codes([0xEF, 0xBB, 0xBF] + utf8, "gbk") == [.encodingBOMConflict])
    #expect(try codes([0xFF, 0xFE] + utf16(text, bigEndian: false), "utf-16") == [])
    #expect(try codes([0xFE, 0xFF] + utf16(text, bigEndian: true), "utf-16le") == [.encodingBOMConflict])
    // The declared set cannot be right: the bytes win, and it is said.
    for (bytes, label) in [
      (utf8, "gb2312"), (gbk(text), "utf-8"), (utf8, "ascii"), (utf16(text, bigEndian: true), "utf-16le"),
      (utf8, "utf-16"), (utf16(text, bigEndian: true), "gbk"),
    ] {
      try forEachSplit(bytes, encoding: label, dialect: .comma) { reading, whole in
        #expect(reading == whole)
        #expect(reading.codes == [.encodingMismatch], "\(label)")
        #expect(reading.rows.count == 3 && reading.rows[1].cells == ["A-1", "湟中区"], "\(label)")
      }
    }
    // Both fit: the declaration holds, with a warning.
    let both = Array("名称a,b\n".utf8)
    let reading = try readCSV(both, encoding: "gbk", dialect: .comma)
    #expect(reading.codes == [.encodingMismatch] && reading.encoding == .gb18030)
    // Latin-1 can read everything; windows-1252 is what it means.
    #expect(try readCSV([0x93, 0x80, 0x2C, 0xE9], encoding: "latin1", dialect: .comma).texts == [["“€", "é"]])
  }

  @Test("A declared label counts below an explicit one and a mark")
  func declared() throws {
    func read(_ bytes: [UInt8], _ explicit: String, _ declared: String) throws -> (TextEncoding?, [DiagnosticCode]) {
      var stream = TextStream(PayloadStream(MemorySource(bytes, pieces: .fixed(3))), label: explicit)
      #expect(try stream.head() == bytes)
      stream.declare(declared)
      var block = TextBlock()
      while try stream.append(to: &block) {}
      return (stream.encoding, stream.takeDiagnostics().map(\.code))
    }
    let utf8 = Array(text.utf8)
    #expect(try read(gbk(text), "auto", "GB2312") == (.gb18030, []))
    #expect(try read(gbk(text), "gbk", "utf-8") == (.gb18030, []))
    #expect(try read([0xEF, 0xBB, 0xBF] + utf8, "auto", "gb2312") == (.utf8, [.encodingMismatch]))
    #expect(try read(gbk(text), "auto", "utf-8") == (.gb18030, [.encodingMismatch]))
    #expect(try read(utf8, "auto", "koi8-r") == (nil, [.encodingUnknown]))
  }

  @Test("Bad bytes: exact payload offset and line, one replacement each, the row damaged")
  func badBytes() throws {
    let head = gbk("编号,名\r\n甲")
    let bytes = head + [0xFF] + gbk("乙,丙\n") + gbk("丁") + [0x81] + Array(",x\ny".utf8) + [0xB0]
    try forEachSplit(bytes, encoding: "gb18030", dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.texts == [["编号", "名"], ["甲\u{FFFD}乙", "丙"], ["丁\u{FFFD}", "x"], ["y\u{FFFD}"]])
      #expect(reading.rows.map(\.isDamaged) == [false, true, true, true])
      let bad = reading.diagnostics.filter { $0.code == .encodingInvalidSequence }
      #expect(bad.map(\.position.byteOffset) == [head.count, head.count + 9, bytes.count - 1])
      #expect(bad.map(\.position.line) == [2, 3, 4])
      #expect(reading.rows.map(\.offset) == [0, 9, 18, 24])
      #expect(reading.rows[2].sources == [18, 22])
    }
    let utf8 =
      Array("甲,乙\n".utf8) + [0xE4, 0xB8] + Array(",丙\n".utf8) + [0xF0, 0x9F] + Array("x,".utf8) + [0xC0, 0xAF]
    try forEachSplit(utf8, encoding: "utf-8", dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.texts == [["甲", "乙"], ["\u{FFFD}", "丙"], ["\u{FFFD}x", "\u{FFFD}\u{FFFD}"]])
      #expect(reading.diagnostics.map(\.position.byteOffset) == [8, 15, 19, 20])
      #expect(reading.diagnostics[0].message == "bytes E4 B8 are not utf-8")
      #expect(reading.rows[1].sources == [8, 11])
      #expect(reading.rows[2].sources == [15, 19])
    }
    let wide = utf16("甲,", bigEndian: false) + [0x00, 0xDC] + utf16(",😀,b\n", bigEndian: false) + [0x41]
    try forEachSplit([0xFF, 0xFE] + wide, dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.texts == [["甲", "\u{FFFD}", "😀", "b"], ["\u{FFFD}"]])
      #expect(reading.rows[0].sources == [2, 6, 10, 16])
      #expect(reading.diagnostics.map(\.position.byteOffset) == [6, 20])
    }
  }

  @Test("Four-byte GB18030 and every two-byte code survive the way to UTF-8 with their offsets")
  func gbTables() throws {
    // 㐀 = 81 39 EE 39, 😀 = 94 39 FC 36, ﾠ…: from the standard.
    let bytes: [UInt8] = [0x81, 0x39, 0xEE, 0x39, 0x2C, 0x94, 0x39, 0xFC, 0x36, 0x2C, 0xD6, 0xD0, 0x2C, 0x61]
    let reading = try readCSV(bytes, .fixed(1), encoding: "gb18030", dialect: .comma)
    #expect(reading.texts == [["㐀", "😀", "中", "a"]])
    #expect(reading.rows[0].sources == [0, 5, 10, 13])
    var all: [UInt8] = []
    var count = 0
    for lead in UInt8(0x81)...0xFE {
      for trail in UInt8(0x40)...0xFE where trail != 0x7F {
        all += [lead, trail, 0x2C]
        count += 1
      }
      all.append(0x0A)
    }
    let table = try readCSV(all, encoding: "gbk", dialect: .comma)
    #expect(table.rows.count == 126)
    #expect(table.rows.flatMap(\.sources).count == count + 126)
    #expect(table.rows[5].sources[3] == table.rows[5].offset + 9)
  }

  /// One byte at a time, no two characters are ever decoded together: that is the twin.
  @Test("GB18030: many characters at once are what they are one by one, with NULs, bad and private bytes among them")
  func gbTwin() throws {
    var random = Seeded(31)
    let pieces: [[UInt8]] = [
      gbk("编号"), gbk("中"), Array("abcdefghi".utf8), Array("x".utf8), Array(",".utf8), Array("\n".utf8), [0], [0xFF],
      [0x80],
      [0xB0], [0x81, 0x39, 0xEE, 0x39], [0x94, 0x39, 0xFC, 0x36], [0xAA, 0xA1], [0xA2, 0xE3], [0xD6, 0x7F],
      [0x81, 0x30],
      [0xFE, 0x50],
    ]
    for round in 0..<200 {
      let usual = round % 2 == 0 ? 6 : pieces.count
      let bytes = (0..<Int.random(in: 1..<80, using: &random)).flatMap { _ in
        pieces[Int.random(in: 0..<usual, using: &random)]
      }
      let whole = try readCSV(bytes, encoding: "gb18030", dialect: .comma)
      #expect(try readCSV(bytes, .fixed(1), encoding: "gb18030", dialect: .comma) == whole)
    }
  }

  @Test("Payload offsets behind a long text are those of its characters")
  func longCells() throws {
    for count in [254, 255, 256, 679, 680, 681, 2040, 5000] {
      let long = String(repeating: "编", count: count) + String(repeating: "x", count: count)
      let reading = try readCSV(gbk("a,") + gbkOnce(long) + gbk(",b\n"), encoding: "gb18030", dialect: .comma)
      #expect(reading.rows[0].sources == [0, 2, 3 + 3 * count])
    }
  }

  private func gbkOnce(_ text: String) -> [UInt8] {
    let known = gbk("编")
    return text.unicodeScalars.flatMap { $0.value < 0x80 ? [UInt8($0.value)] : known }
  }

  @Test("Scores that stop where nothing can change choose what full counts choose")
  func scores() {
    var random = Seeded(37)
    let pieces: [[UInt8]] = [
      gbk("编号"), Array("编".utf8), Array("é".utf8), Array("abc,".utf8), [0xFF], [0xB0], [0xC4, 0xE3], Array("😀".utf8),
      [0x81, 0x39, 0xEE, 0x39],
    ]
    for _ in 0..<3000 {
      let first = Int.random(in: 0..<pieces.count, using: &random)
      let bytes = (0..<Int.random(in: 0..<60, using: &random)).flatMap { _ in
        pieces[Int.random(in: 0..<8, using: &random) > 0 ? first : Int.random(in: 0..<pieces.count, using: &random)]
      }
      let isWhole = Bool.random(using: &random)
      let needsGB = Bool.random(using: &random)
      bytes.withUnsafeBytes { window in
        let found = EncodingDetector.score(window, isWhole: isWhole, needsGB: needsGB)
        let twin = fullScore(window, isWhole: isWhole, needsGB: needsGB)
        #expect(found.choice == twin.choice && found.gbErrors == twin.gbErrors)
        #expect((found.utf8Errors == 0) == (twin.utf8Errors == 0))
        // Only a text without errors as GB18030 is not counted to its end.
        #expect(
          found == twin || (twin.gbErrors == 0 && twin.utf8Errors > 0 && !found.isMostlyUTF8 && !twin.isMostlyUTF8))
      }
    }
  }

  private func fullScore(_ window: UnsafeRawBufferPointer, isWhole: Bool, needsGB: Bool) -> EncodingDetector.Scores {
    var scores = EncodingDetector.Scores()
    var index = 0
    while index < window.count {
      let found = UTF8Sequence.at(index, in: window)
      if window[index] < 0x80 {
        index += 1
        continue
      }
      if found.isValid {
        scores.utf8Sequences += 1
      } else if !found.isCut || isWhole {
        scores.utf8Errors += 1
      }
      index += found.length
    }
    guard scores.utf8Errors > 0 || needsGB else { return scores }
    var errors = 0
    index = 0
    while index < window.count {
      if window[index] < 0x80 {
        index += 1
        continue
      }
      let found = GB18030.at(index, in: window, GB18030.tables)
      if found.scalar == 0, !found.isCut || isWhole { errors += 1 }
      if found.isCut, !isWhole { break }
      index += found.length
    }
    scores.gbErrors = errors
    return scores
  }

  @Test("Too many bad bytes end the reading, at the same place in every cut")
  func tooMany() throws {
    var limits = ReadingLimits()
    limits.invalidSequences = 3
    let bytes = Array("a\nb\0\nc\0d\ne\0\nf\0\ng\n".utf8)
    try forEachSplit(bytes, dialect: .comma, limits: limits) { reading, whole in
      #expect(reading == whole)
      #expect(reading.fatal == .encodingTooManyInvalid)
      #expect(reading.rows.count == 4)
      #expect(reading.diagnostics.last?.position == SourcePosition(line: 5, byteOffset: 13))
    }
    let fine = Array("a\nb\0\nc\0d\ne\0\n".utf8)
    #expect(try readCSV(fine, dialect: .comma, limits: limits).rows.count == 4)
  }

  @Test("Private use characters are counted and warned of once")
  func privateUse() throws {
    let bytes = Array("名,x\n\u{E000}a\u{F8FF},，\n\u{F0000}\n".utf8)
    try forEachSplit(bytes, dialect: .comma) { reading, whole in
      #expect(reading == whole)
      #expect(reading.codes == [.encodingPrivateUse])
      #expect(reading.diagnostics[0].position == SourcePosition(line: 2, byteOffset: 6))
      #expect(reading.diagnostics[0].message.hasPrefix("3 "))
      #expect(reading.rows.allSatisfy { !$0.isDamaged })
    }
    #expect(try readCSV([0xAA, 0xA1, 0x0A], encoding: "gbk", dialect: .comma).codes == [.encodingPrivateUse])
  }

  @Test("UTF-8 with some damage stays UTF-8; the window decides, not what lies behind it")
  func damaged() throws {
    var bytes: [UInt8] = []
    for index in 0..<100 { bytes += Array("样品\(index),合格\n".utf8) }
    bytes += [0xB5, 0x2C, 0x0A]
    let reading = try readCSV(bytes)
    #expect(reading.encoding == .utf8)
    #expect(reading.codes == [.encodingInvalidSequence])
    // A window of pure UTF-8, then a GBK byte pair far behind: still UTF-8, with bad bytes.
    var long = Array("é".utf8) + [UInt8](repeating: 0x61, count: EncodingDetector.windowBytes)
    for index in stride(from: 50, to: long.count, by: 50) { long[index] = 0x0A }
    long += gbk("中文")
    for cut in [MemorySource.Pieces.whole, .fixed(70_001)] {
      let reading = try readCSV(long, cut, dialect: .comma)
      #expect(reading.encoding == .utf8 && reading.codes.allSatisfy { $0 == .encodingInvalidSequence })
      #expect(reading.codes.count >= 2)
    }
    // The same behind a megabyte of ASCII: the window starts at the first other byte.
    var late = [UInt8](repeating: 0x61, count: (1 << 20) + 12345)
    for index in stride(from: 50, to: late.count, by: 50) { late[index] = 0x0A }
    let lateReading = try readCSV(late + gbk("湟中区\n"), .fixed(99_999), dialect: .comma)
    #expect(lateReading.encoding == .gb18030)
    #expect(lateReading.diagnostics.first?.position.byteOffset == late.count)
    #expect(lateReading.rows.last?.raw.hasSuffix("湟中区") == true)
  }

  @Test("Windows of decoded text map every character back")
  func offsets() throws {
    let bytes = gbk("a中é") + [0xFF] + [0x94, 0x39, 0xFC, 0x36] + gbk("z")
    var stream = TextStream(PayloadStream(MemorySource(bytes, pieces: .fixed(1))), label: "gbk")
    var block = TextBlock()
    while try stream.append(to: &block) {}
    // a 中 é � 😀 z start at these offsets of the text …
    let starts = [0, 1, 4, 6, 9, 13, 14]
    #expect(starts.map { block.payloadOffset(ofDecoded: $0) } == [0, 1, 3, 5, 6, 10, 11])
    #expect(block.faultOffset(at: 0) == 6 && block.faultOffset(at: 1) == nil)
    // … and still do when the front is gone.
    block.discard(4)
    #expect(block.payloadStart == 3)
    #expect([0, 2, 5, 9, 10].map { block.payloadOffset(ofDecoded: $0) } == [3, 5, 6, 10, 11])
    block.discard(5)
    #expect([0, 4, 5].map { block.payloadOffset(ofDecoded: $0) } == [6, 10, 11])
  }
}
