public import SpotCheckModel

/// A code table as text: the form in which the catalogue keeps the tables of every snapshot.
///
/// The same CSV as the files in `pipelines/codes/`: header `code,name,parent,level,valid_from,valid_to,successors,aliases`,
/// lists inside a cell separated by `|`, ISO dates, empty = none. A `|` or `\` inside a list's text is escaped with `\`.
public enum CodeTableText {
  static let header = "code,name,parent,level,valid_from,valid_to,successors,aliases"

  public static func encode(_ table: CodeTable) -> String {
    var text = header + "\n"
    for entry in table.entries {
      let cells = [
        entry.code, entry.name, entry.parent, String(entry.level), entry.validFrom?.description ?? "",
        entry.validTo?.description ?? "", list(entry.successors), list(entry.aliases),
      ]
      text += cells.map(quoted).joined(separator: ",") + "\n"
    }
    return text
  }

  /// nil if the text is not what ``encode(_:)`` makes.
  ///
  /// - Parameter resolves: see ``CodeTable/init(name:entries:resolves:)``.
  public static func decode(_ text: String, name: String) -> CodeTable? {
    entries(Array(text.utf8)).map { CodeTable(name: name, entries: $0) }
  }

  /// The entries of a table's text.
  static func entries(_ text: [UInt8]) -> [CodeEntry]? {
    var reader = CodeTextReader(text)
    var entries: [CodeEntry] = []
    guard reader.readRecord(), reader.cells.map(reader.text).joined(separator: ",") == header else { return nil }
    while !reader.isAtEnd {
      guard reader.readRecord(), let entry = entry(reader) else { return nil }
      entries.append(entry)
    }
    return entries
  }

  private static let columns = header.utf8.count { $0 == 0x2C } + 1

  /// The record that was read last.
  static func entry(_ reader: CodeTextReader) -> CodeEntry? {
    let cells = reader.cells
    guard cells.count == columns, let level = Int(reader.text(cells[3])), let from = day(reader.text(cells[4])),
      let to = day(reader.text(cells[5]))
    else { return nil }
    return CodeEntry(
      code: reader.text(cells[0]), name: reader.text(cells[1]), parent: reader.text(cells[2]), level: level,
      validFrom: from.day, validTo: to.day, successors: items(reader.bytes(cells[6])),
      aliases: items(reader.bytes(cells[7])))
  }

  /// 128 bits over the text, in hex: the key of a table's content. The text itself is compared as well, so that a
  /// collision can only be noticed, never believed.
  static func key(_ text: [UInt8]) -> String {
    let parts = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344].map { ByteDictionary.stableHash(text.span, seed: $0) }
    return parts.map { part in
      let digits = String(part, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Our own mistake: a text that is as its digest says was made by ``encode(_:)``.
  static func unreadable(_ name: String) -> Never {
    preconditionFailure("the text of the code table '\(name)' is as it was written, but cannot be read")
  }

  private static func day(_ text: String) -> (day: CalendarDay?, Void)? {
    if text.isEmpty { return (nil, ()) }
    return CalendarDay(iso: text).map { ($0, ()) }
  }

  // Bytes, not characters: a separator followed by a combining mark would be another character.
  private static func list(_ items: [String]) -> String {
    var bytes: [UInt8] = []
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(bar) }
      for byte in item.utf8 {
        if byte == bar || byte == backslash { bytes.append(backslash) }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func items(_ text: ArraySlice<UInt8>) -> [String] {
    guard !text.isEmpty else { return [] }
    var items: [String] = []
    if !text.contains(backslash) {
      var start = text.startIndex
      for index in text.indices where text[index] == bar {
        items.append(String(decoding: text[start..<index], as: UTF8.self))
        start = index + 1
      }
      items.append(String(decoding: text[start...], as: UTF8.self))
      return items
    }
    var item: [UInt8] = []
    var isEscaped = false
    for byte in text {
      if !isEscaped && byte == backslash {
        isEscaped = true
      } else if !isEscaped && byte == bar {
        items.append(String(decoding: item, as: UTF8.self))
        item.removeAll()
      } else {
        item.append(byte)
        isEscaped = false
      }
    }
    items.append(String(decoding: item, as: UTF8.self))
    return items
  }

  private static let bar = UInt8(ascii: "|")
  private static let backslash = UInt8(ascii: "\\")

  private static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return cell }
    var bytes: [UInt8] = [0x22]
    for byte in cell.utf8 {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// CSV records of a text, one after the other.
struct CodeTextReader {
  /// A plain pair: for an array of ranges the runtime has to find out first that integers are comparable, which costs as much
  /// as reading a hundred records.
  struct Cell {
    var start: Int
    var end: Int
  }

  /// The text, and behind it the contents of quoted cells.
  private var bytes: [UInt8]
  private let end: Int
  private var index: Int
  /// Where the cells of the record lie that was read last.
  private(set) var cells: [Cell] = []

  /// - Parameter start: where the first record begins that will be read.
  init(_ text: [UInt8], at start: Int = 0) {
    bytes = text
    if bytes.last != 0x0A { bytes.append(0x0A) }
    end = bytes.count
    index = start
  }

  var isAtEnd: Bool { index >= end }

  func bytes(_ cell: Cell) -> ArraySlice<UInt8> { bytes[cell.start..<cell.end] }

  func text(_ cell: Cell) -> String {
    cell.start == cell.end ? "" : String(decoding: bytes(cell), as: UTF8.self)
  }

  /// Reads the next record; false if a quote is not closed.
  mutating func readRecord() -> Bool {
    cells.removeAll(keepingCapacity: true)
    while true {
      // Nearly every cell has no quote: it is taken as it lies.
      let start = index
      while bytes[index] != 0x2C, bytes[index] != 0x0A, bytes[index] != 0x22 { index += 1 }
      if bytes[index] == 0x22 {
        index = start
        guard let cell = quotedCell() else { return false }
        cells.append(cell)
      } else {
        cells.append(Cell(start: start, end: index))
      }
      index += 1
      if bytes[index - 1] == 0x0A { return true }
    }
  }

  /// Ends on the comma or the line's end behind it.
  private mutating func quotedCell() -> Cell? {
    let start = bytes.count
    var isQuoted = false
    while index < end {
      let byte = bytes[index]
      if isQuoted, byte == 0x22, index + 1 < end, bytes[index + 1] == 0x22 {
        bytes.append(0x22)
        index += 1
      } else if byte == 0x22 {
        isQuoted.toggle()
      } else if !isQuoted, byte == 0x2C || byte == 0x0A {
        return Cell(start: start, end: bytes.count)
      } else {
        bytes.append(byte)
      }
      index += 1
    }
    return nil
  }
}
