import Testing

@testable import SpotCheckCuration

@Suite struct GlobTests {
  @Test(arguments: [
    ("*", "", true), ("合计*", "合计：12", true), ("合计*", "总合计", false), ("####/####*", "0046/2019 Organic", true),
    ("####/####*", "46/2019", false), ("*_BNA", "Apples_bna", true), ("?区", "东区", true), ("?区", "城东区", false),
    ("a*b*c", "aXXbYYbZc", true), ("a*b*c", "aXXbYYbZ", false),
    ("None were detected*", "none WERE detected above", true),
    ("", "", true), ("", "x", false), ("**", "anything", true), ("?", "", false),
  ])
  func matches(pattern: String, text: String, expected: Bool) {
    #expect(GlobPattern(pattern).matches(text) == expected)
  }

  /// The obvious matcher: exponential, but short.
  private func naive(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    if first == "*" { return naive(rest, text) || (!text.isEmpty && naive(pattern, text.dropFirst())) }
    guard let character = text.first else { return false }
    if first == "?" || first == character { return naive(rest, text.dropFirst()) }
    return false
  }

  @Test func agreesWithTheNaiveMatcher() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<3000 {
      let pattern = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        "ab东*?".randomElement(using: &generator) ?? "a"
      }
      let text = (0..<Int.random(in: 0...8, using: &generator)).map { _ in "ab东".randomElement(using: &generator) ?? "a"
      }
      #expect(GlobPattern(String(pattern)).matches(String(text)) == naive(pattern[...], text[...]))
    }
  }

  @Test func manyStarsStayFast() {
    let pattern = String(repeating: "a*", count: 40) + "b"
    #expect(!GlobPattern(pattern).matches(String(repeating: "a", count: 4000)))
  }

  /// What the first and the last byte of a text rule out must not match.
  @Test func boundsMissNothing() {
    var generator = SeededGenerator(seed: 7)
    var ruledOut = 0
    for _ in 0..<4000 {
      let patterns = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        GlobPattern(
          String(
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in "aB东*?#1".randomElement(using: &generator) ?? "a"
            }))
      }
      let text = String(
        (0..<Int.random(in: 1...5, using: &generator)).map { _ in "abAB东1#西".randomElement(using: &generator) ?? "a" })
      let bytes = Array(text.utf8)
      let may = GlobBounds(patterns).mayMatch(first: bytes[0], last: bytes[bytes.count - 1])
      if patterns.contains(where: { $0.matches(text) }) { #expect(may) }
      if !may { ruledOut += 1 }
    }
    #expect(ruledOut > 500)
  }
}
