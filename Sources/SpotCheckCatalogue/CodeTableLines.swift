import SpotCheckModel

/// The text of a code table, of which a line is read when its code is asked for: most questions ask for the names of a dozen
/// codes out of hundreds.
///
/// Only of a text without quotes: a line is an entry then, and begins with its code.
struct CodeTableLines: CodeEntrySource {
  private let name: String
  private let text: [UInt8]
  private let starts: [Int]

  /// Nil if the text has quotes, or codes that are equal to others without being the same bytes (Unicode's are): it must be
  /// read as a whole. It is one that ``CodeTableText/encode(_:)`` has made.
  init?(_ text: [UInt8], name: String) {
    var starts: [Int] = []
    let bytes = text.span
    guard text.last == 0x0A else { return nil }
    var index = 0
    while index < bytes.count {
      starts.append(index)
      while bytes[index] != 0x2C, bytes[index] != 0x0A {
        guard bytes[index] < 0x80, bytes[index] != 0x22 else { return nil }
        index += 1
      }
      while bytes[index] != 0x0A {
        if bytes[index] == 0x22 { return nil }
        index += 1
      }
      index += 1
    }
    // The header.
    starts.removeFirst()
    self.name = name
    self.text = text
    self.starts = starts
  }

  func entries(of code: String) -> [CodeEntry] {
    let code = Array(code.utf8)
    // No code of this text has such bytes, and no other text is equal to one of them.
    guard code.allSatisfy({ $0 < 0x80 && $0 != 0x2C && $0 != 0x22 && $0 != 0x0A }) else { return [] }
    let bytes = text.span
    var found: [CodeEntry] = []
    for start in starts where CodeTableLines.begins(bytes, start, code.span) {
      var reader = CodeTextReader(text, at: start)
      guard reader.readRecord(), let entry = CodeTableText.entry(reader) else { unreadable() }
      found.append(entry)
    }
    return found
  }

  func allEntries() -> [CodeEntry] {
    guard let entries = CodeTableText.entries(text) else { unreadable() }
    return entries
  }

  /// Whether the line that begins at a place is an entry of the code.
  private static func begins(_ text: Span<UInt8>, _ start: Int, _ code: Span<UInt8>) -> Bool {
    guard text.count - start > code.count, text[start + code.count] == 0x2C else { return false }
    for index in code.indices where text[start + index] != code[index] { return false }
    return true
  }

  private func unreadable() -> Never { CodeTableText.unreadable(name) }
}
