import SpotCheckModel
import Testing

@testable import SpotCheckCuration

/// What is masked in words about a row is looked for by bytes first. The twin compares characters.
@Suite struct HidingTests {
  @Test func whatBytesRuleOutNoComparisonFinds() {
    // Beside plain text: combining marks, a ligature of lines, compatibility ideographs, jamo, joiners, a voiced mark.
    let parts = [
      "张", "建", "国", "a", "b", "e", " ", "，", "“", "1", "\r", "\n", "\r\n", "\u{301}", "é", "e\u{301}", "\u{F900}", "豈",
      "\u{1100}", "\u{1161}", "가", "\u{200D}", "👩", "\u{FF9E}", "カ", "\u{302A}", "\u{20E3}",
    ]
    var generator = SeededGenerator(seed: 51)
    func text(_ count: ClosedRange<Int>, _ kinds: Int) -> String {
      (0..<Int.random(in: count, using: &generator)).map { _ in
        parts[Int.random(in: 0..<kinds, using: &generator)]
      }.joined()
    }
    var ruledOut = 0
    var found = 0
    for round in 0..<20_000 {
      let kinds = round % 2 == 0 ? 10 : parts.count
      let (part, whole) = (text(0...3, kinds), text(0...9, kinds))
      if whole.contains(part) { found += 1 }
      guard !Curator.mayContain(part, in: whole) else { continue }
      ruledOut += 1
      #expect(!whole.contains(part), "\(part) in \(whole)")
    }
    #expect(ruledOut > 2000 && found > 500)
  }

  @Test func plainTextIsFoundWhereItStands() {
    #expect(Curator.mayContain("张建国", in: "联系人张建国"))
    #expect(Curator.mayContain("13975657902", in: "电话13975657902。"))
    #expect(!Curator.mayContain("13975657902", in: "the text is in no table，未收录"))
    #expect(Curator.mayContain("李", in: "e\u{301}"))
  }
}
