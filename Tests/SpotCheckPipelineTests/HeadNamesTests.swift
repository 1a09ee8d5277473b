import SpotCheckCuration
import SpotCheckGenerator
import Testing

@testable import SpotCheckPipeline

struct HeadNamesTests {
  /// Wherever the quick way says that it can, it says what the careful way says.
  @Test func quickNamesAreTheCarefulOnes() {
    var random = SeededRandom(seed: 9)
    let pieces = [
      "a", "Z", "0", "-", "*", "(", "[", "]", ")", " ", "\t", "\r", "\n", "/", "中", "检", "編", "鿿",
      "一", "㐀", "《", "【", "】", "〔",
      "（", "）", "必填", "(必填)", "★", "※", "é", "é", "Ａ", "\u{3000}", "\u{200B}", "가", "\u{4DC0}",
      "\u{4000}",
    ]
    var quick = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0..<7, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined()
      var out: [UInt8] = []
      let bytes = Array(text.utf8)
      guard HeadNames.normalise(bytes.span, into: &out) else { continue }
      quick += 1
      let careful = Array(HeaderNames.normalise(text).utf8)
      #expect(out == careful, "\(bytes)")
    }
    #expect(quick > 3000)
  }
}
