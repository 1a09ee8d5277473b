import SpotCheckTestSupport
import Testing

@testable import SpotCheckShell

@Suite struct ShellWordsTests {
  private func words(_ text: String) throws -> [String] { try ShellWords.parse(text).words }

  /// Cases of POSIX (Shell Command Language 2.2), but for expansions, which there are none of.
  @Test(arguments: [
    ("", []), ("   \t ", []), ("rate", ["rate"]), ("  rate   --by  district ", ["rate", "--by", "district"]),
    ("a'b c'd", ["ab cd"]), ("''", [""]), ("\"\"", [""]), ("a '' b", ["a", "", "b"]), ("'a\\b'", ["a\\b"]),
    ("'it'\\''s'", ["it's"]), ("\"a\\\"b\"", ["a\"b"]), ("\"a\\\\b\"", ["a\\b"]), ("\"a\\nb\"", ["a\\nb"]),
    ("\"\\$x \\`\"", ["$x `"]), ("\"$x\"", ["$x"]), ("a\\ b", ["a b"]), ("\\\"", ["\""]), ("a\\\nb", ["ab"]),
    ("a \\\n b", ["a", "b"]), ("\\\n", []), ("\"a\\\nb\"", ["ab"]), ("'a\\\nb'", ["a\\\nb"]), ("\"a\nb\"", ["a\nb"]),
    ("a # b c", ["a"]), ("#", []), ("a#b", ["a#b"]), ("''#b", ["#b"]), ("a # b\nc", ["a", "c"]),
    ("'#' \"#\"", ["#", "#"]),
    ("--where 'district = 湟中区'", ["--where", "district = 湟中区"]), ("*.csv ~ $HOME [a]", ["*.csv", "~", "$HOME", "[a]"]),
    ("a\r\n", ["a"]), ("\\#x", ["#x"]), ("e\u{301} \u{301}", ["e\u{301}", "\u{301}"]),
  ]) func cut(_ text: String, _ expected: [String]) throws {
    #expect(try words(text) == expected)
  }

  @Test func saysWhatItCannotDo() throws {
    for open in ["'", "\"", "a 'b", "a\\", "\"a\\", "'a\\'b'", "\"a\\\""] {
      #expect(throws: ShellWords.Fault.open, "\(open)") { try ShellWords.parse(open) }
    }
    for (text, sign) in [
      ("a | head", "|"), ("a; b", ";"), ("a&", "&"), ("a < b", "<"), ("a (b)", "("), ("year>2024", ">"),
      ("a 2> b", ">"),
    ] { #expect(throws: ShellWords.Fault.operatorFound(sign), "\(text)") { try ShellWords.parse(text) } }
    for text in ["a >", "a > b > c", "a > > b", "a > ''"] {
      #expect(throws: ShellWords.Fault.target, "\(text)") { try ShellWords.parse(text) }
    }
    #expect(
      try ShellWords.parse("a > 'b c' d") == ShellLine(words: ["a", "d"], target: .init(path: "b c", appends: false)))
    #expect(try ShellWords.parse("a >>b") == ShellLine(words: ["a"], target: .init(path: "b", appends: true)))
    #expect(try ShellWords.parse("a '>' b") == ShellLine(words: ["a", ">", "b"]))
  }

  @Test func aQuotedWordIsReadBackAsItWas() throws {
    var numbers = SeededNumbers(state: 7)
    let pieces = ["a", " ", "'", "\"", "\\", "#", "\n", ">", "湟", "$", "|", "-", "=", "\u{301}", "\u{10FF9F}"]
    for _ in 0..<2000 {
      let list = (0..<numbers.next(4)).map { _ in (0..<numbers.next(6)).map { _ in numbers.pick(pieces) }.joined() }
      #expect(try words(list.map(ShellWords.quoted).joined(separator: " ")).map(scalars) == list.map(scalars))
    }
  }

  /// Whatever stands before the cursor, what is finished and what is being typed are the words of the whole.
  @Test func typingAgreesWithCutting() {
    var numbers = SeededNumbers(state: 8)
    let pieces = ["a", "b", " ", "'", "\"", "\\", "#", "湟", "-", "\n"]
    for _ in 0..<5000 {
      let text = (0..<numbers.next(12)).map { _ in numbers.pick(pieces) }.joined()
      let typing = ShellWords.typing(text)
      guard let whole = try? words(text) else { continue }
      #expect(typing.quote == nil)
      let isInWord = typing.start < text.unicodeScalars.count
      #expect((typing.before + (isInWord ? [typing.typed] : [])).map(scalars) == whole.map(scalars), "\(text)")
    }
    let typing = ShellWords.typing("rate --where \"district = 湟")
    #expect(typing.before == ["rate", "--where"] && typing.typed == "district = 湟")
    #expect(typing.start == 13 && typing.quote == "\"")
    #expect(ShellWords.typing("rate # --b").isComment)
  }

  private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }
}
