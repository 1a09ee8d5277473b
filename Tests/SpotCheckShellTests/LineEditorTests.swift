import SpotCheckModel
import SpotCheckTestSupport
import Testing

@testable import SpotCheckShell

@Suite struct LineEditorTests {
  /// What an editor shows after some bytes: the line with `|` for the cursor.
  private func shown(_ input: String, history: [String] = []) -> String {
    var (editor, decoder) = (LineEditor(history: history), KeyDecoder())
    for key in decoder.keys(input.utf8) { _ = editor.handle(key) }
    return shown(editor)
  }

  private func shown(_ editor: LineEditor) -> String {
    let rest = editor.buffer.scalars[editor.buffer.cursor...]
    return editor.buffer.textBeforeCursor + "|" + String(String.UnicodeScalarView(rest))
  }

  @Test func keysDoWhatTheyDoInShells() {
    let cases: [(String, String)] = [
      ("abc", "abc|"), ("abc\u{1B}[D\u{1B}[DX", "aX|bc"), ("abc\u{01}X\u{05}Y", "XabcY|"), ("abc\u{1B}[HX", "X|abc"),
      ("abc\u{1B}OHX\u{1B}OFY", "XabcY|"), ("abc\u{7F}\u{08}", "a|"), ("abc\u{02}\u{04}", "ab|"),
      ("abc\u{01}\u{1B}[3~", "|bc"), ("rate --by x\u{17}", "rate --by |"),
      ("rate --by x\u{17}\u{17}\u{19}\u{19}", "rate --by --by |"),
      ("abc\u{02}\u{0B}", "ab|"), ("abc\u{02}\u{15}", "|c"), ("ab\u{15}cd\u{19}", "cdab|"),
      ("district:1 x\u{1B}b\u{1B}b", "district:|1 x"), ("ab cd\u{01}\u{1B}[1;5CX", "abX| cd"),
      ("ab cd\u{01}\u{1B}d", "| cd"),
      ("ab\u{14}", "ba|"), ("abc\u{02}\u{14}", "acb|"), ("湟中区\u{1B}[D\u{7F}", "湟|区"),
      // A combining mark goes with its letter.
      ("e\u{301}x\u{1B}[D\u{1B}[DY", "Y|e\u{301}x"), ("e\u{301}\u{7F}", "|"), ("ae\u{301}\u{1B}[D\u{1B}[3~", "a|"),
      ("ae\u{301}\u{14}", "e\u{301}a|"),
      // What means nothing is dropped: unknown sequences, controls, what would move a terminal or turn text around.
      ("a\u{1B}[99;99Qb\u{1B}[?25hc\u{1B}xd\u{00}\u{1C}", "abcd|"), ("a\u{202E}b\u{9B}c\u{200E}", "abc|"),
      // A bracketed paste is what it holds; a tab in it asks for nothing.
      ("\u{1B}[200~a\tb\u{1B}[201~c", "a bc|"),
    ]
    for (input, expected) in cases { #expect(shown(input) == expected, "\(Array(input.unicodeScalars))") }
  }

  @Test func historyIsBrowsedAndSearched() {
    let history = ["rate --by district", "values", "rate --by year"]
    let cases: [(String, String)] = [
      ("\u{1B}[A", "rate --by year|"), ("\u{10}\u{10}", "values|"),
      ("\u{10}\u{10}\u{10}\u{10}\u{10}", "rate --by district|"),
      ("new\u{1B}[A\u{1B}[A\u{1B}[B\u{1B}[B", "new|"), ("new\u{0E}", "new|"),
      ("\u{12}dis\u{05}", "rate --by district|"),
      ("\u{12}rate\u{05}", "rate --by year|"), ("\u{12}rate\u{12}\u{05}", "rate --by district|"),
      ("\u{12}rate\u{12}\u{12}\u{05}", "rate --by district|"), ("x\u{12}dis\u{07}", "x|"), ("x\u{12}dis\u{03}", "x|"),
      ("\u{12}valx\u{7F}\u{05}", "values|"), ("x\u{12}zzz\u{05}", "x|"), ("x\u{12}dis\u{05}\u{0E}\u{0E}\u{0E}", "x|"),
    ]
    for (input, expected) in cases {
      #expect(shown(input, history: history) == expected, "\(Array(input.unicodeScalars))")
    }
    var editor = LineEditor(history: history)
    _ = editor.handle(.search)
    for scalar in "valx".unicodeScalars { _ = editor.handle(.scalar(scalar)) }
    #expect(editor.searchPrompt == "(not found) 'valx': ")
    #expect(editor.handle(.enter) == .line("values") && editor.searchPrompt == nil)
  }

  @Test func outcomes() {
    var editor = LineEditor()
    #expect(editor.handle(.endOfInput) == .ended)
    #expect(editor.handle(.scalar("a")) == .editing)
    #expect(editor.handle(.endOfInput) == .editing, "deletes, and there is nothing behind the cursor")
    #expect(editor.handle(.abandon) == .abandoned && editor.handle(.tab) == .wantsWords)
    #expect(editor.handle(.clear) == .wantsClearScreen && editor.handle(.suspend) == .wantsSuspension)
    editor.replace(from: 0, with: "湟中区 ")
    #expect(editor.handle(.enter) == .line("湟中区 "))
    editor.replace(from: 99, with: "x")
    #expect(editor.buffer.text == "湟中区 ")
  }

  /// However bytes are cut into reads, and whatever they are, they are the same keys.
  @Test func bytesOfAnyKind() {
    var numbers = SeededNumbers(state: 1)
    for _ in 0..<2000 {
      let bytes = (0..<numbers.next(40)).map { _ in
        numbers.pick([0x1B, 0x5B, 0xE6, 0xB9, 0x9F, 0x7E, UInt8(numbers.next(256)), UInt8(numbers.next(256))])
      }
      var (one, other) = (KeyDecoder(), KeyDecoder())
      let keys = one.keys(bytes)
      #expect(bytes.flatMap { other.keys([$0]) } == keys)
      var editor = LineEditor(history: ["a", "湟中区"])
      for key in keys { _ = editor.handle(key) }
      #expect((0...editor.buffer.scalars.count).contains(editor.buffer.cursor))
    }
    var decoder = KeyDecoder()
    #expect(decoder.keys([0xE6, 0xB9, 0x41, 0xFF]) == [.scalar("\u{FFFD}"), .scalar("A"), .scalar("\u{FFFD}")])
    #expect(decoder.keys([0xED, 0xA0, 0x80]) == [.scalar("\u{FFFD}")], "half a surrogate pair")
    // A sequence without an end does not swallow the keyboard.
    #expect(decoder.keys([0x1B, 0x5B] + [UInt8](repeating: 0x31, count: 40)).contains(.scalar("1")))
  }

  /// Keys drawn at random against an editor that keeps two lists of characters, one on either side of the cursor.
  @Test func agreesWithANaiveTwin() {
    var numbers = SeededNumbers(state: 2)
    let letters: [Unicode.Scalar] = ["a", " ", "湟", "e", "-", "中"]
    for _ in 0..<500 {
      var (editor, twin) = (LineEditor(), NaiveLine())
      for _ in 0..<numbers.next(60) {
        let key: LineKey = numbers.pick([
          .scalar(numbers.pick(letters)), .scalar(numbers.pick(letters)), .scalar(numbers.pick(letters)), .backspace,
          .delete, .left, .right, .home, .end, .cutToEnd, .cutToStart, .cutWordLeft, .yank,
        ])
        _ = editor.handle(key)
        twin.handle(key)
        #expect(editor.buffer.textBeforeCursor == String(twin.left))
        #expect(editor.buffer.text == String(twin.left + twin.right))
      }
    }
  }

  @Test func aLineHasAnEnd() {
    var editor = LineEditor()
    for _ in 0..<LineBuffer.limit + 10 { _ = editor.handle(.scalar("x")) }
    #expect(editor.buffer.scalars.count == LineBuffer.limit)
  }
}

/// A line as somebody would write it in five minutes.
private struct NaiveLine {
  var left: [Character] = []
  var right: [Character] = []
  var kept: [Character] = []

  mutating func handle(_ key: LineKey) {
    switch key {
    case .scalar(let scalar): left.append(Character(scalar))
    case .backspace: _ = left.popLast()
    case .delete: if !right.isEmpty { right.removeFirst() }
    case .left: if let last = left.popLast() { right.insert(last, at: 0) }
    case .right: if !right.isEmpty { left.append(right.removeFirst()) }
    case .home: (left, right) = ([], left + right)
    case .end: (left, right) = (left + right, [])
    case .cutToEnd:
      if !right.isEmpty { kept = right }
      right = []
    case .cutToStart:
      if !left.isEmpty { kept = left }
      left = []
    case .cutWordLeft:
      var removed: [Character] = []
      while left.last == " " { removed.insert(left.removeLast(), at: 0) }
      while let last = left.last, last != " " {
        removed.insert(last, at: 0)
        left.removeLast()
      }
      if !removed.isEmpty { kept = removed }
    case .yank: left += kept
    default: break
    }
  }
}
