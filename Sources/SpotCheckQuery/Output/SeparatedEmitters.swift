import SpotCheckModel

/// Comma-separated values: RFC 4180 quoting, UTF-8 without a byte order mark. Lossless: no cell is changed.
///
/// Missing values are empty. Rates are decimal fractions with ten digits. Lines end in LF unless asked otherwise, because
/// the readers here are programs.
public struct CSVEmitter: Emitter {
  /// RFC 4180's CR LF.
  public var endsLinesWithCRLF: Bool

  public init(endsLinesWithCRLF: Bool = false) { self.endsLinesWithCRLF = endsLinesWithCRLF }

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    let ending: [UInt8] = endsLinesWithCRLF ? [0x0D, 0x0A] : [0x0A]
    try SeparatedText.write(report, separator: 0x2C, ending: ending, to: &sink, SeparatedText.quote)
  }
}

/// Tab-separated values: one line a row; tab, line breaks and backslash are written `\t`, `\n`, `\r`, `\\`.
public struct TSVEmitter: Emitter {
  public init() {}

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    try SeparatedText.write(report, separator: 0x09, ending: [0x0A], to: &sink) { text, out, place in
      for byte in text {
        let letter: UInt8? =
          switch byte {
          case 0x09: 0x74
          case 0x0A: 0x6E
          case 0x0D: 0x72
          case 0x5C: 0x5C
          default: nil
          }
        if letter != nil {
          out[place] = 0x5C
          place += 1
        }
        out[place] = letter ?? byte
        place += 1
      }
    }
  }
}

/// What the two have in common.
///
/// A row is written into the bytes set aside for it, from `place` on: appending its cells to an array one by one costs several
/// times as much as what is in them.
enum SeparatedText {
  /// Writes a text from a place on, which it moves behind it: at most twice its bytes and ``mostAround``.
  typealias Escape = (_ text: String.UTF8View, _ out: inout MutableSpan<UInt8>, _ place: inout Int) -> Void

  /// Quotes, and what ``ExcelCSVEmitter`` puts in front of and behind a text, twice.
  static let mostAround = 8
  /// Bytes that go to the sink at once.
  private static let block = 1 << 15

  /// RFC 4180: quotes around what holds a separator, a quote or a line break, or begins or ends with a blank.
  static func quote(_ text: String.UTF8View, _ out: inout MutableSpan<UInt8>, _ place: inout Int) {
    let bytes = text.span
    guard bytes.count > 0 else { return }
    var needsQuotes = bytes[0] == 0x20 || bytes[bytes.count - 1] == 0x20
    var next = place
    for index in bytes.indices {
      let byte = bytes[index]
      out[next] = byte
      next += 1
      // None of them is above the comma, and hardly anything else is not.
      if byte <= 0x2C, byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D { needsQuotes = true }
    }
    if needsQuotes {
      out[place] = 0x22
      next = place + 1
      for index in bytes.indices {
        if bytes[index] == 0x22 {
          out[next] = 0x22
          next += 1
        }
        out[next] = bytes[index]
        next += 1
      }
      out[next] = 0x22
      next += 1
    }
    place = next
  }

  static func write(
    _ report: Report, separator: UInt8, ending: [UInt8], usesHeadings: Bool = false, to sink: inout some ByteSink,
    _ escape: Escape
  ) throws {
    var out: [UInt8] = []
    out.reserveCapacity(block)
    func append(_ cells: [ReportCell]) {
      let most = cells.reduce(ending.count) { $0 + mostBytes($1) }
      out.append(addingCapacity: most) { output in
        output.append(repeating: 0, count: most)
        var row = output.mutableSpan
        var place = 0
        for index in cells.indices {
          if index > 0 {
            row[place] = separator
            place += 1
          }
          switch cells[index] {
          case .missing: break
          case .text(let text): escape(text.utf8, &row, &place)
          case .integer(let number): NumberText.write(number, &row, &place)
          case .rate(let rate, _), .change(let rate, _, _), .number(let rate, _):
            NumberText.write(rate, &row, &place)
          }
        }
        for byte in ending {
          row[place] = byte
          place += 1
        }
        output.removeLast(most - place)
      }
    }
    append(report.columns.map { .text(usesHeadings ? $0.heading : $0.name) })
    func flush() throws {
      try sink.write(out)
      out.removeAll(keepingCapacity: true)
    }
    if let lines = report.plainLines {
      try flush()
      try lines.write(separator: separator, ending: ending, escape) { try sink.write($0) }
    } else {
      try report.rows { cells in
        append(cells)
        if out.count > block - block / 8 { try flush() }
      }
    }
    try report.forEachSum(append)
    try flush()
  }

  /// How many bytes a cell takes at most, with the separator in front of it.
  private static func mostBytes(_ cell: ReportCell) -> Int {
    switch cell {
    case .missing: 1
    case .text(let text): 2 * text.utf8.count + mostAround + 1
    case .integer, .rate, .change, .number: NumberText.mostBytes + 1
    }
  }
}
