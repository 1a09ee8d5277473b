import SpotCheckModel
import SpotCheckSystem
import Testing

@testable import SpotCheckReading

/// The plain reader against libxml2 alone: nothing that is delivered or said may depend on who has read.
@Suite("XML: the plain reader and libxml2 alone")
struct XMLTwinTests {
  typealias R = XMLTestReading

  /// How often the random tests go round; by hand a hundred times as often.
  private static var rounds: Int { Machine.environment("SPOTCHECK_XML_ROUNDS").flatMap { Int($0) } ?? 1 }

  private static func options(_ documents: inout XMLTwinDocuments) -> XMLReadingOptions {
    documents.pick([
      R.options(), R.options("/r/s"), R.options("/r/s", "i"), R.options("/r/s", "l/i"), R.options("/*/*", "*"),
      R.options(indexed: true), R.options("/r/s/a", "i"), R.options("/r/{v}s", "{v}i"), R.options("/r"),
      R.options("/r/s", "i", indexed: true),
    ])
  }

  private static func limits(_ documents: inout XMLTwinDocuments) -> ReadingLimits {
    var limits = ReadingLimits()
    guard documents.chance(20) else { return limits }
    limits.depth = 2 + documents.below(6)
    limits.startTagBytes = 10 + documents.below(60)
    limits.attributes = documents.below(4)
    limits.nameBytes = 4 + documents.below(30)
    limits.distinctNames = 3 + documents.below(20)
    limits.textBytes = 5 + documents.below(300)
    limits.recordBytes = 20 + documents.below(400)
    return limits
  }

  /// Both ways, cut alike and not; returns whether they agree.
  private static func compare(
    _ bytes: [UInt8], _ options: XMLReadingOptions, _ limits: ReadingLimits, seed: UInt64
  ) -> Bool {
    let oracle = R.parse(bytes, pieces: { _ in bytes.count }, options, limits: limits, plainStretch: 0)
    for (stretch, most) in [(XMLPlainReader.stretchBytes, 0), (64, 0), (128, 40), (XMLPlainReader.stretchBytes, 7)] {
      var random = Seeded(seed)
      let found = R.parse(
        bytes, pieces: { _ in most == 0 ? bytes.count : Int.random(in: 1...most, using: &random) }, options,
        limits: limits, plainStretch: stretch)
      guard found == oracle else {
        // Text over a limit with an error in it: libxml2 alone takes it as the pieces fall.
        random = Seeded(seed)
        let alike = R.parse(
          bytes, pieces: { _ in most == 0 ? bytes.count : Int.random(in: 1...most, using: &random) }, options,
          limits: limits, plainStretch: 0)
        if most > 0, found == alike { continue }
        // The same with text that is longer than a stretch, which passes in parts.
        if stretch < 200, found.rows == oracle.rows, found.isTextOverLimit(and: oracle) { continue }
        Issue.record(
          """
          stretch \(stretch), pieces \(most), seed \(seed), limits \(limits), options \(options)
          \(String(decoding: bytes, as: UTF8.self).debugDescription)
          plain \(found.diagnostics) \(found.rows.count) rows, alone \(oracle.diagnostics) \(oracle.rows.count) rows
          first difference: \(zip(found.rows, oracle.rows).first { $0 != $1 }.map { "\($0)" } ?? "none in rows")
          """)
        return false
      }
    }
    return true
  }

  @Test("Random documents, and what mutations make of them", arguments: 0..<8)
  func random(_ part: Int) {
    var count = 0
    var bytes = 0
    var plain = XMLPlainCount()
    var turns = 0
    for round in 0..<30 * Self.rounds {
      var documents = XMLTwinDocuments(seed: UInt64(part) << 32 | UInt64(round))
      let document = documents.document()
      let options = Self.options(&documents)
      let limits = Self.limits(&documents)
      guard Self.compare(document, options, limits, seed: UInt64(round)) else { return }
      var one = XMLPlainCount()
      _ = R.parse(document, pieces: { _ in document.count }, options, plain: &one)
      bytes += document.count
      plain.bytes += one.bytes
      plain.handOvers += one.handOvers
      turns += max(0, one.handOvers - 1)
      for _ in 0..<6 {
        let mutated = documents.mutate(document)
        guard Self.compare(mutated, options, limits, seed: UInt64(round)) else { return }
      }
      count += 7
    }
    // Both have had their share, and have taken turns.
    #expect(plain.bytes > bytes / 3 && plain.bytes < bytes && turns > 3 * Self.rounds, "\(plain) \(turns)")
    if Self.rounds > 1 { print("XMLTwinTests part \(part): \(count) documents, each in 4 ways, \(plain)") }
  }

  @Test("A document cut at every byte")
  func cutAnywhere() {
    for seed in UInt64(1)...6 {
      var documents = XMLTwinDocuments(seed: seed << 40)
      var document: [UInt8] = []
      while document.count < 200 || document.count > 900 { document = documents.document() }
      for count in 0..<document.count {
        let bytes = Array(String(decoding: document[..<count], as: UTF8.self).utf8)
        guard Self.compare(bytes, R.options("/r/s", "i"), .init(), seed: seed) else { return }
      }
    }
  }

  @Test("Through the decoder: other character sets, damaged bytes")
  func decoded() throws {
    for round in 0..<150 * UInt64(Self.rounds) {
      var documents = XMLTwinDocuments(seed: round << 20 | 5)
      var bytes = documents.document()
      if documents.chance(30) {
        // UTF-16 with a mark; the label, if there is one, is then wrong, and said to be.
        bytes =
          [0xFF, 0xFE] + String(decoding: bytes, as: UTF8.self).utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      }
      for _ in 0..<documents.below(4) where !bytes.isEmpty { bytes[documents.below(bytes.count)] ^= 0x90 }
      let options = Self.options(&documents)
      let pieces = documents.pick(cuts)
      var alone = try R.read(bytes, pieces, options, plainStretch: 0)
      var plain = try R.read(bytes, pieces, options, plainStretch: documents.pick([64, 1 << 15]))
      alone.forgetBehindEnd()
      plain.forgetBehindEnd()
      #expect(plain == alone, "round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
      guard plain == alone else { return }
    }
  }

  @Test("Every XML file of the repository reads the same")
  func samples() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/samples/"
    var count = 0
    for folder in ["deliveries", "hostile", "real/wqx"] {
      guard let names = try? FileSystem.names(in: root + folder) else { continue }
      for name in names.sorted() where name.contains(".xml") {
        for options in [
          R.options(), R.options("/抽检数据/样品", "检验项目列表/检验项目"), R.options("/WQX/Organization/Activity", "Result"),
        ] {
          func read(_ plainStretch: Int) throws -> XMLOutcome {
            var outcome = XMLOutcome()
            let payload = PayloadStream(try FileSource(root + folder + "/" + name), name: name)
            var reader = XMLRecordReader(
              TextStream(payload), options: options, limits: .init(), plainStretch: plainStretch)
            var chunk = RecordChunk()
            while try reader.next(into: &chunk) { outcome.add(chunk, reader.columnNames) }
            outcome.columns = reader.columnNames
            for diagnostic in reader.takeDiagnostics() { outcome.add(diagnostic) }
            return outcome
          }
          #expect(try read(XMLPlainReader.stretchBytes) == read(0), "\(name)")
        }
        count += 1
      }
    }
    #expect(count == 0 || count > 15)
  }

  @Test("Plain documents are read by the plain reader to the root's end tag")
  func plainToTheEnd() {
    for (head, content, tail) in [
      ("<r>", "<s k='v'>x&amp;y</s>\r\n<s/><s><![CDATA[<]]><!-- c --></s>", "</r>"),
      ("<r xmlns='u' xmlns:p='v'>", "<名 a='>'>值</名><p:a p:nil='1'><p:b/></p:a>", "</r>"),
      (
        "<?xml version='1.0'?><?p?><!-- > --><p:r xmlns:p='u' p:k='1'>", "\n<a\n b='c' />&#65;]]&gt;",
        "</p:r>\n<!-- c -->"
      ),
      ("<r>", String(repeating: "长长]]", count: 20_000), "</r>"),
    ] {
      let bytes = Array((head + content + tail).utf8)
      for pieces in [1, 5, bytes.count] {
        var plain = XMLPlainCount()
        let outcome = R.parse(bytes, pieces: { _ in pieces }, plain: &plain)
        #expect(outcome.diagnostics == [])
        let all = XMLPlainCount(
          bytes: content.utf8.count, handOvers: 1, first: head.utf8.count + content.utf8.count)
        #expect(plain == all, "\(content.prefix(99))")
      }
    }
  }

  @Test("What is not plain is handed over where it stands")
  func handsOver() {
    for (before, rest) in [
      ("<r><a>x</a>", "<p:b xmlns:p='u'/><c/></r>"), ("<r><a>x", "&#00000000065;</a></r>"), ("<r>", "<é/></r>"),
      ("<r><a>", "x\u{1}</a></r>"), ("<r>x<a>", "<?p?></a></r>"), ("<r><a>", "</b></r>"), ("<r><a>", "b"),
      ("<r><a/>", "<b c='1' c='2'/></r>"), ("<r><a>y&amp;", "x\ry</a></r>"), ("<r><a>", "x]]></a></r>"),
      ("<r>x", "<!-- a--b --></r>"), ("<r>", "<a b='&lt;'/></r>"), ("<r>", "<a xmlns='u'/></r>"), ("<r>", "<p:a/></r>"),
    ] {
      let bytes = Array((before + rest).utf8)
      for pieces in [1, bytes.count] {
        var plain = XMLPlainCount()
        _ = R.parse(bytes, pieces: { _ in pieces }, plain: &plain)
        #expect(plain.first == before.utf8.count, "\(before)|\(rest)")
      }
    }
    for text in ["<r/>", "<é></é>", "<r", "<a></a>"] {
      var plain = XMLPlainCount()
      _ = R.parse(Array(text.utf8), pieces: { _ in 1 }, plain: &plain)
      #expect((plain.first != nil) == (text == "<a></a>"))
    }
  }

  @Test("Behind what is not plain the plain reader goes on, as long as it pays")
  func goesOn() {
    let long = String(repeating: "<b>长文本</b>\n", count: 100)
    for odd in [
      "<?p > ?>", "<i k='&lt;'/>", "<i k='a\tb'>x<j/></i>", "x\ry<i/>", "&#00000000065;<i/>", "<i xmlns='u'><j/></i>",
      "<p:i xmlns:p='u'>x<p:j/>\r</p:i>", "<é>x</é>", "<i\r/>",
    ] {
      // Back at another depth than before, so that libxml2 has to be told what was closed and opened.
      let text =
        "<r>\n<s><a><c>\(odd)\(long)</c></a></s><s>\(long)\(odd)\(long)<a><c>\(long)\(odd)</c></a></s>\n<s></t></r>"
      let outcome = R.check(text, R.options("/r/s", "i"))
      #expect(outcome.codes == ["XML_NOT_WF"])
      #expect(outcome.diagnostics.first?.contains("mismatch: s line") == true)
      #expect(outcome.rows.count { $0.kind == .record } == 2)
      var plain = XMLPlainCount()
      _ = R.parse(Array(text.utf8), pieces: { _ in 100 }, R.options("/r/s", "i"), plain: &plain)
      #expect(plain.handOvers == 4)
      #expect(plain.bytes > 4 * long.utf8.count)
    }
    // Nothing but oddities: libxml2 keeps the document.
    var plain = XMLPlainCount()
    let text = "<r>" + String(repeating: "<s k='&lt;'/>", count: 10_000) + "</r>"
    _ = R.parse(Array(text.utf8), pieces: { _ in 1000 }, plain: &plain)
    #expect(plain.handOvers == XMLPushParser.handOverCredit)
  }

  @Test("Of two limits the nearer one breaks, however text comes")
  func nearerLimit() {
    for (textBytes, recordBytes, code) in [(100, 90, "XML_RECORD_LIMIT"), (90, 100, "XML_TEXT_LIMIT")] {
      var limits = ReadingLimits()
      limits.textBytes = textBytes
      limits.recordBytes = recordBytes
      let text = String(repeating: "x", count: 500)
      #expect(R.check("<r><s>\(text)</s></r>", limits: limits).codes == [code])
    }
  }

  @Test("libxml2's own words name the right line and place")
  func words() {
    #expect(
      R.check("<r>\n<a>\r\n<b>x\n</b>\n</c></r>").diagnostics == [
        "XML_NOT_WF 5:23 Opening and ending tag mismatch: a line 2 and c"
      ])
    // An error in text is said before that the document is cut, and before what is refused behind it.
    #expect(R.check("<r> &#0; <b").codes == ["XML_NOT_WF"])
    #expect(R.check("<r> &#0;").codes == ["XML_NOT_WF"])
    #expect(R.check("<r> &foo; <!DOCTYPE r>").codes == ["XML_ENTITY"])
    var tag = ReadingLimits()
    tag.startTagBytes = 11
    #expect(R.check("<r><\">\n       <i/></r>", limits: tag).codes == ["XML_NOT_WF"])
    #expect(R.check("<r> x <b").diagnostics == ["XML_TRUNCATED 1:8 the document ends inside <r>"])
    #expect(R.check("<r>\n<a>x</a>\n<b>\u{1}</b></r>").diagnostics.first?.hasPrefix("XML_NOT_WF 3:16 ") == true)
  }
}

extension XMLOutcome {
  /// One says that text is over a limit, the other what else is wrong in it.
  fileprivate func isTextOverLimit(and other: XMLOutcome) -> Bool {
    let limits = ["XML_TEXT_LIMIT", "XML_RECORD_LIMIT"]
    let codes = (self.codes + other.codes).sorted()
    return codes.count == 2 && codes[0] == "XML_NOT_WF" && limits.contains(codes[1])
  }

  /// How far the decoder is ahead when a document fails depends on the pieces.
  fileprivate mutating func forgetBehindEnd() {
    guard let last = said.last, last.code.rawValue.hasPrefix("XML_") else { return }
    said.removeAll {
      $0.code == .encodingPrivateUse
        || $0.code.rawValue.hasPrefix("ENC_") && $0.position.byteOffset > last.position.byteOffset
    }
    diagnostics = said.map { "\($0.code.rawValue)" }
  }
}

extension String {
  fileprivate func range(ofLast mark: String) -> Index { ranges(of: mark).last?.lowerBound ?? endIndex }
}
