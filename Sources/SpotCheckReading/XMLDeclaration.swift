// UNSAFE FILE: reads the first bytes of a document through a raw buffer that lives for the call only.

/// The `<?xml … ?>` at the start of a document: its encoding label for the decoder, and its strict check.
///
/// Text reaches libxml2 as UTF-8 whatever was delivered, so the declared encoding is blanked out before
/// (same length, positions stay true); what it said is checked here, because nobody else will see it.
enum XMLDeclaration {
  /// A declaration this long is none.
  static let byteLimit = 4096

  /// What the first bytes of a payload say about its encoding.
  struct Sniffed: Equatable {
    /// The label as written, nil if there is none.
    var label: String?
    /// The declaration's own shape: 16-bit units, low or high byte first; nil for anything that extends ASCII.
    var utf16LittleEndian: Bool?
  }

  /// Finds the label in the first bytes of a payload (before decoding): any encoding that extends ASCII, and
  /// UTF-16 of both orders, with or without a byte order mark. nil if the payload does not begin with a declaration.
  static func sniff(_ head: some Collection<UInt8>) -> Sniffed? {
    var bytes = Array(head.prefix(byteLimit * 2))
    var littleEndian: Bool?
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      bytes.removeFirst(3)
    } else if bytes.starts(with: [0x84, 0x31, 0x95, 0x33]) {
      bytes.removeFirst(4)
    } else if bytes.starts(with: [0xFF, 0xFE]) {
      littleEndian = true
      bytes.removeFirst(2)
    } else if bytes.starts(with: [0xFE, 0xFF]) {
      littleEndian = false
      bytes.removeFirst(2)
    } else if bytes.starts(with: [0x3C, 0, 0x3F, 0]) {
      littleEndian = true
    } else if bytes.starts(with: [0, 0x3C, 0, 0x3F]) {
      littleEndian = false
    }
    if let littleEndian {
      var narrow: [UInt8] = []
      var index = 0
      while index + 1 < bytes.count {
        let low = bytes[littleEndian ? index : index + 1]
        let high = bytes[littleEndian ? index + 1 : index]
        // Beyond ASCII the declaration is over (or broken): a byte that ends every pattern.
        narrow.append(high == 0 && low < 0x80 ? low : 0xFF)
        index += 2
      }
      bytes = narrow
    }
    guard bytes.starts(with: Array("<?xml".utf8)), bytes.count > 5, isSpace(bytes[5]) else { return nil }
    var reader = Reader(bytes: bytes, index: 5)
    var label: String?
    if case .valid(let encoding) = reader.read() {
      label = encoding.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    return Sniffed(label: label, utf16LittleEndian: littleEndian)
  }

  /// What the declaration at the start of the decoded text is.
  enum Check: Equatable {
    /// The text does not begin with a declaration.
    case none
    /// More text is needed to tell.
    case incomplete
    /// Sound; the text of the pseudo attribute `encoding="…"`, if it is there, and the declaration's length.
    case valid(encoding: Range<Int>?, length: Int)
    /// Not well-formed at this offset.
    case bad(offset: Int, message: String)
  }

  /// Checks the start of the decoded text (without byte order mark).
  static func check(_ text: UnsafeRawBufferPointer, atEnd: Bool) -> Check {
    let mark = Array("<?xml".utf8)
    for (index, byte) in mark.enumerated() {
      if index >= text.count { return atEnd ? .none : .incomplete }
      if text[index] != byte { return .none }
    }
    guard text.count > 5 else { return atEnd ? .none : .incomplete }
    // `<?xml-stylesheet …` is a PI.
    guard isSpace(text[5]) else { return .none }
    let bytes = Array(text.prefix(byteLimit))
    var reader = Reader(bytes: bytes, index: 5)
    switch reader.read() {
    case .valid:
      return .valid(encoding: reader.encodingAttribute, length: reader.index)
    case .bad(let offset, let message):
      if offset < bytes.count { return .bad(offset: offset, message: message) }
      if bytes.count >= byteLimit { return .bad(offset: 0, message: "the XML declaration does not end") }
      return atEnd ? .none : .incomplete
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 || byte == 10 || byte == 13 }

  /// XMLDecl ::= '<?xml' VersionInfo EncodingDecl? SDDecl? S? '?>'
  private struct Reader {
    enum Result {
      case valid(label: Range<Int>?)
      /// An offset at the end of the bytes means that they end too early.
      case bad(Int, String)
    }

    let bytes: [UInt8]
    var index: Int
    var encodingAttribute: Range<Int>?

    mutating func read() -> Result {
      var label: Range<Int>?
      var seen = 0
      while true {
        let spaces = skipSpaces()
        guard index < bytes.count else { return .bad(bytes.count, "") }
        if bytes[index] == 0x3F {
          guard index + 1 < bytes.count else { return .bad(bytes.count, "") }
          guard bytes[index + 1] == 0x3E else { return .bad(index, "'?>' expected in the XML declaration") }
          guard seen > 0 else { return .bad(index, "the XML declaration has no version") }
          index += 2
          return .valid(label: label)
        }
        guard spaces else { return .bad(index, "white space expected in the XML declaration") }
        let start = index
        let names = ["version", "encoding", "standalone"]
        while index < bytes.count, bytes[index] >= 0x61, bytes[index] <= 0x7A { index += 1 }
        guard index < bytes.count else { return .bad(bytes.count, "") }
        guard let which = names.firstIndex(of: String(decoding: bytes[start..<index], as: UTF8.self)),
          which >= seen, seen > 0 || which == 0
        else { return .bad(start, "the XML declaration may hold version, encoding, standalone, in this order") }
        seen = which + 1
        _ = skipSpaces()
        guard index < bytes.count else { return .bad(bytes.count, "") }
        guard bytes[index] == 0x3D else { return .bad(index, "'=' expected in the XML declaration") }
        index += 1
        _ = skipSpaces()
        guard index < bytes.count else { return .bad(bytes.count, "") }
        let quote = bytes[index]
        guard quote == 0x22 || quote == 0x27 else { return .bad(index, "quote expected in the XML declaration") }
        index += 1
        let value = index
        while index < bytes.count, bytes[index] != quote, bytes[index] != 0x3C { index += 1 }
        guard index < bytes.count else { return .bad(bytes.count, "") }
        guard bytes[index] == quote, isSound(which, Array(bytes[value..<index])) else {
          return .bad(value, "a bad \(names[which]) in the XML declaration")
        }
        if which == 1 { label = value..<index }
        index += 1
        if which == 1 { encodingAttribute = start..<index }
      }
    }

    private mutating func skipSpaces() -> Bool {
      let start = index
      while index < bytes.count, isSpace(bytes[index]) { index += 1 }
      return index > start
    }

    private func isSound(_ which: Int, _ value: [UInt8]) -> Bool {
      func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
      func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
      switch which {
      case 0: return value.count > 2 && value.starts(with: [0x31, 0x2E]) && value.dropFirst(2).allSatisfy(isDigit)
      case 1:
        guard let first = value.first, isLetter(first) else { return false }
        return value.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
      default: return value == Array("yes".utf8) || value == Array("no".utf8)
      }
    }
  }
}
