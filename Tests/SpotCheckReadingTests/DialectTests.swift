import SpotCheckModel
import Testing

@testable import SpotCheckReading

@Suite("CSV dialect and format")
struct DialectTests {
  private static func delimiter(_ text: String, isWhole: Bool = true) -> String {
    let choice = Array(text.utf8).withUnsafeBytes { CSVDialectDetector.choose($0, isWhole: isWhole) }
    switch choice {
    case .dialect(let dialect): return String(decoding: [dialect.delimiter], as: UTF8.self)
    case .ambiguous: return "ambiguous"
    }
  }

  @Test(
    "The delimiter that cuts the records into equal columns",
    arguments: [
      ("a,b\n1,2\n", ","), ("a\tb\n1\t2\n", "\t"), ("a;b\n1;2\n", ";"), ("a|b\n1|2\n", "|"),
      // One column, nothing, and blank lines.
      ("a\nb\n", ","), ("\n\n", ","), ("单列\n值\n", ","),
      // Decimal commas: the header settles it.
      ("项目;结果\n铅;0,1\n镉;0,2\n", ";"),
      // Separators inside quotes are text.
      ("\"a;b\",\"c;d\"\n\"e;f\",\"g;h\"\n", ","), ("x,\"a;b\"\ny,\"c;d\"\n", ","), ("x,\"a\tb\"\ny,\"c\td\"\n", ","),
      // Titles and footers of one cell.
      ("西宁市监督抽检结果\n\n2024年第3期\n编号,名称,结论\n1,a,合格\n2,b,合格\n注：以上\n", ","),
      ("标题，一\n标题二;x\n编号\t名称\n1\ta;b\n2\tc\n", "\t"),
      // Equal in everything: not ours to guess, below titles too.
      ("a,b;c\n1,2;3\n", "ambiguous"), ("标题\na,b|c\n1,2|3\n", "ambiguous"),
      // Wide tables win by share, not by width.
      ("a,b,c\n1|x,2,3\n4|y,5,6\n7,8,9\n", ","),
      // Literal quotes in tab-separated text.
      ("a\tb\n5\" pipe\tx\n", "\t"), ("5\" a\tb\n5\" pipe\tx\n", "\t"),
      // The full-width comma is no delimiter.
      ("名，称;值\n甲，乙;1\n", ";"),
    ])
  func detect(_ text: String, _ expected: String) {
    #expect(Self.delimiter(text) == expected, "\(text.debugDescription)")
  }

  @Test("Twenty-five title rows do not spoil the choice; an incomplete last record does not count")
  func titles() {
    let titles = (0..<25).map { "第\($0)行标题；说明\n" }.joined()
    #expect(Self.delimiter(titles + "a,b,c\n1,2,3\n") == ",")
    #expect(Self.delimiter("a;b\n1;2\n3,", isWhole: false) == ";")
  }

  @Test("Detection sees a fixed amount of text, however it is cut")
  func cuts() throws {
    // Behind the first 64 KiB everything changes; the choice must not.
    var text = ""
    while text.utf8.count < CSVDialectDetector.headBytes { text += "x;y;z,w\n" }
    for _ in 0..<5000 { text += "a,b\n" }
    for cut in [MemorySource.Pieces.whole, .fixed(1000), .random(seed: 4, upTo: 100_000)] {
      #expect(try readCSV(Array(text.utf8), cut).dialect?.delimiter == nil)
    }
    text = "q;r;s\n" + text
    for cut in [MemorySource.Pieces.whole, .fixed(1000), .random(seed: 4, upTo: 100_000)] {
      #expect(try readCSV(Array(text.utf8), cut).dialect?.delimiter == UInt8(ascii: ";"))
    }
    try forEachSplit(Array("a,b;c\n1,2;3\n".utf8)) { reading, whole in
      #expect(reading == whole)
      #expect(reading.fatal == .csvDialectAmbiguous && reading.rows.isEmpty && reading.hasFailed)
    }
  }

  @Test("XML or CSV by the first character, in every character set")
  func format() {
    #expect(FormatSniffer.format(of: Array("\u{FEFF} \r\n<?xml?>".utf8)) == .xml)
    #expect(FormatSniffer.format(of: [0xFF, 0xFE] + utf16("<a/>", bigEndian: false)) == .xml)
    #expect(FormatSniffer.format(of: utf16("\n<a/>", bigEndian: true)) == .xml)
    #expect(FormatSniffer.format(of: Array("a,<b>".utf8)) == .csv)
    #expect(FormatSniffer.format(of: gbk("名称<")) == .csv)
    #expect(FormatSniffer.format(of: []) == .csv)
  }
}
