import Foundation
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem
import Testing

/// The bytes of format version 1, as `smallest-segment.hex` has them: they are what every store out there holds, so
/// the file is never made anew. A later version gets a file of its own, and this one must still be read.
@Suite("Format version 1")
struct GoldenTests {
  @Test("the smallest segment is written as it always was")
  func writing() throws {
    let scratch = try Scratch()
    let description = try SegmentWriter.write(GoldenTests.smallest(), into: scratch.layout)
    let golden = try GoldenTests.golden()
    #expect(description.id == golden.id)
    #expect(try InputFile.contents(of: scratch.layout.samplesFile(description.id)) == golden.samples)
    #expect(try InputFile.contents(of: scratch.layout.itemsFile(description.id)) == golden.items)
  }

  @Test("the smallest segment is read as it always was")
  func reading() throws {
    let scratch = try Scratch()
    let golden = try GoldenTests.golden()
    try overwrite(scratch.layout.samplesFile(golden.id), golden.samples)
    try overwrite(scratch.layout.itemsFile(golden.id), golden.items)
    let segment = try Segment(try Segment.adopt(golden.id, in: scratch.layout), in: scratch.layout)
    #expect(TestTables.lines(try segment.readTables()) == TestTables.lines(GoldenTests.smallest()))
  }

  @Test("a segment of a later version is refused by its version")
  func newer() throws {
    let scratch = try Scratch()
    let golden = try GoldenTests.golden()
    // The schema's metadata is in the file twice: in the first message and in the footer. Texts are length, bytes,
    // NUL; the key `version` follows its value `1`.
    func renumbered(_ bytes: [UInt8]) throws -> [UInt8] {
      var bytes = bytes
      let needle: [UInt8] = [1, 0, 0, 0, UInt8(ascii: "1"), 0]
      var count = 0
      for start in 0..<bytes.count - needle.count where Array(bytes[start..<start + needle.count]) == needle {
        bytes[start + 4] = UInt8(ascii: "2")
        count += 1
      }
      try #require(count == 2)
      return bytes
    }
    let files = [try renumbered(golden.samples), try renumbered(golden.items)]
    let id = TestDigest.id(files)
    try overwrite(scratch.layout.samplesFile(id), files[0])
    try overwrite(scratch.layout.itemsFile(id), files[1])
    let error = #expect(throws: StoreError.self) { try Segment.adopt(id, in: scratch.layout) }
    #expect(error?.problem == .newerFormat(2))
  }

  /// One sample with one item: every second text is there, one day, one decimal.
  static func smallest() -> TablePair {
    var tables = TablePair()
    func text(_ index: Int, _ column: inout TextColumn) {
      column.append(index % 2 == 0 ? column.dictionary.intern("值\(index)") : 0)
    }
    for index in tables.samples.text.indices { text(index, &tables.samples.text[index]) }
    tables.samples.plainText[0].append(Array("NCP24630100001".utf8).span)
    tables.samples.plainText[1].append([UInt8]().span)
    tables.samples.days[0].append(CalendarDay(daysSinceEpoch: 19_787))
    tables.samples.days[1].append(nil)
    tables.samples.days[2].append(nil)
    tables.samples.flags = [3]
    tables.samples.deliveredRows = [2]
    tables.samples.line = [2]
    tables.samples.byteOffset = [77]
    tables.samples.keyHash = [0x0123_4567_89AB_CDEF]
    tables.samples.contentHashLow = [1]
    tables.samples.contentHashHigh = [UInt64.max]
    tables.items.sample = [0]
    for index in tables.items.text.indices { text(index, &tables.items.text[index]) }
    tables.items.decimals[0].append(ExactDecimal(mantissa: -150, scale: 2))
    for index in 1..<tables.items.decimals.count { tables.items.decimals[index].append(nil) }
    tables.items.flags = [0]
    tables.items.line = [2]
    tables.items.byteOffset = [80]
    return tables
  }

  /// The file: the id, then `samples` and `items`, each followed by its bytes in hex, 32 a line.
  private static func golden() throws -> (id: String, samples: [UInt8], items: [UInt8]) {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("smallest-segment.hex")
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
    let border = try #require(lines.firstIndex(of: "items"))
    func bytes(_ lines: ArraySlice<String>) -> [UInt8] {
      let digits = lines.joined().utf8.map { $0 < 58 ? $0 - 48 : $0 - 87 }
      return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
    return (lines[0], bytes(lines[2..<border]), bytes(lines[(border + 1)...]))
  }
}
