/// A line of a session, cut into words as a POSIX shell does (IEEE Std 1003.1, Shell Command Language 2.2 and 2.3).
public struct ShellLine: Sendable, Hashable {
  /// Where an answer goes instead of the screen: `> FILE` or `>> FILE`.
  public struct Target: Sendable, Hashable {
    public var path: String
    public var appends: Bool
  }

  public var words: [String]
  public var target: Target?

  public init(words: [String], target: Target? = nil) {
    self.words = words
    self.target = target
  }
}

/// Cutting lines into words, and words back into lines.
///
/// `'…'` holds everything, `"…"` everything but `\` before `"`, `\`, `$`, `` ` `` and a line break; `\` holds one character,
/// and takes a line break away. `#` where a word could begin starts a comment. Nothing is expanded: `$`, `*` and `~` are
/// themselves.
public enum ShellWords {
  /// Why a line cannot be cut.
  public enum Fault: Error, Sendable, Hashable {
    /// A quote, or a `\` at the end, that another line may close.
    case open
    /// `|`, `;`, `&`, `<`, `(`, `)`: a shell would do something that a session cannot.
    case operatorFound(String)
    /// `>` without one file behind it.
    case target
  }

  /// - Throws: ``Fault``; never for any other text.
  public static func parse(_ text: String) throws(Fault) -> ShellLine {
    var reader = WordReader(text)
    reader.readAll()
    if let fault = reader.fault { throw fault }
    guard !reader.isOpen else { throw .open }
    var line = ShellLine(words: [])
    var pieces = reader.pieces.makeIterator()
    while let piece = pieces.next() {
      switch piece {
      case .word(let word): line.words.append(word)
      case .redirect(let appends):
        guard line.target == nil, case .word(let path)? = pieces.next(), !path.isEmpty else { throw .target }
        line.target = ShellLine.Target(path: path, appends: appends)
      }
    }
    return line
  }

  /// What stands before the cursor: whole words, and the beginning of the one that is being typed.
  public static func typing(_ text: String) -> TypedWords {
    var reader = WordReader(text)
    reader.readAll()
    let words = reader.pieces.compactMap { if case .word(let word) = $0 { word } else { nil } }
    guard let start = reader.wordStart else {
      return TypedWords(
        before: words, typed: "", start: text.unicodeScalars.count, quote: nil, isComment: reader.isComment)
    }
    return TypedWords(
      before: Array(words.dropLast()), typed: words.last ?? "", start: start, quote: reader.quote, isComment: false)
  }

  /// A word as a POSIX shell, and a session, reads it.
  public static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte >= 0x80
          || [0x2D, 0x2E, 0x2F, 0x3A, 0x2C, 0x5F].contains(byte)
      }
    return isPlain ? word : "'" + insideSingleQuotes(word) + "'"
  }

  /// Scalar by scalar: a quote with a combining mark behind it is a quote all the same.
  static func insideSingleQuotes(_ word: String) -> String {
    var result = ""
    for scalar in word.unicodeScalars {
      if scalar == "'" { result += "'\\''" } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}

/// The words before a cursor.
public struct TypedWords: Sendable, Hashable {
  /// Those that are finished.
  public var before: [String]
  /// The beginning of the one at the cursor, without its quotes.
  public var typed: String
  /// Where that one begins, in scalars.
  public var start: Int
  /// The quote that is open at the cursor.
  public var quote: Unicode.Scalar?
  public var isComment: Bool
}

/// The one automaton behind both.
private struct WordReader {
  enum Piece {
    case word(String)
    case redirect(appends: Bool)
  }

  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var word: String.UnicodeScalarView?
  private(set) var pieces: [Piece] = []
  private(set) var fault: ShellWords.Fault?
  /// Where the unfinished last word began.
  private(set) var wordStart: Int?
  private(set) var quote: Unicode.Scalar?
  private(set) var isOpen = false
  private(set) var isComment = false

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func readAll() {
    while index < scalars.count, fault == nil {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case " ", "\t", "\n", "\r": endWord()
      case "#" where word == nil: skipComment()
      case "'": readSingle()
      case "\"": readDouble()
      case "\\": readEscape()
      case ">" where word == nil: readRedirect()
      case "|", ";", "&", "<", ">", "(", ")": fault = .operatorFound(String(scalar))
      default: append(scalar)
      }
    }
    // What is at the end of the text is the word at the cursor.
    let start = wordStart
    endWord()
    wordStart = start
  }

  private mutating func begin(at place: Int) {
    if word == nil {
      word = String.UnicodeScalarView()
      wordStart = place
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    begin(at: index - 1)
    word?.append(scalar)
  }

  private mutating func endWord() {
    if let word { pieces.append(.word(String(word))) }
    word = nil
    wordStart = nil
  }

  private mutating func skipComment() {
    while index < scalars.count, scalars[index] != "\n" { index += 1 }
    isComment = index == scalars.count
  }

  private mutating func readSingle() {
    begin(at: index - 1)
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if scalar == "'" { return }
      word?.append(scalar)
    }
    quote = "'"
    isOpen = true
  }

  private mutating func readDouble() {
    begin(at: index - 1)
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if scalar == "\"" { return }
      if scalar == "\\", index < scalars.count, ["\"", "\\", "$", "`", "\n"].contains(scalars[index]) {
        if scalars[index] != "\n" { word?.append(scalars[index]) }
        index += 1
      } else {
        word?.append(scalar)
      }
    }
    quote = "\""
    isOpen = true
  }

  private mutating func readEscape() {
    guard index < scalars.count else {
      begin(at: index - 1)
      isOpen = true
      return
    }
    let scalar = scalars[index]
    index += 1
    guard scalar != "\n" else { return }
    begin(at: index - 2)
    word?.append(scalar)
  }

  /// Only where a word could begin: `value>5` is more likely a condition that was not quoted than a file called 5.
  private mutating func readRedirect() {
    let appends = index < scalars.count && scalars[index] == ">"
    if appends { index += 1 }
    pieces.append(.redirect(appends: appends))
  }
}
