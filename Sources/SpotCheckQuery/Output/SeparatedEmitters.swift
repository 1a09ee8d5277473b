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
    try SeparatedText.write(report, separator: 0x09, ending: [0x0A], to: &sink) { text, out in
      for byte in text {
        switch byte {
        case 0x09: out.append(contentsOf: [0x5C, 0x74])
        case 0x0A: out.append(contentsOf: [0x5C, 0x6E])
        case 0x0D: out.append(contentsOf: [0x5C, 0x72])
        case 0x5C: out.append(contentsOf: [0x5C, 0x5C])
        default: out.append(byte)
        }
      }
    }
  }
}

/// What the two have in common.
enum SeparatedText {
  /// RFC 4180: quotes around what holds a separator, a quote or a line break, or begins or ends with a blank.
  static func quote(_ text: String.UTF8View, _ out: inout [UInt8]) {
    let bytes = text.span
    var needsQuotes = bytes.count > 0 && (bytes[0] == 0x20 || bytes[bytes.count - 1] == 0x20)
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D { needsQuotes = true }
    }
    guard needsQuotes else { return out.append(copying: bytes) }
    out.append(0x22)
    for byte in text {
      if byte == 0x22 { out.append(0x22) }
      out.append(byte)
    }
    out.append(0x22)
  }

  static func write(
    _ report: Report, separator: UInt8, ending: [UInt8], usesHeadings: Bool = false, to sink: inout some ByteSink,
    _ escape: (String.UTF8View, inout [UInt8]) -> Void
  ) throws {
    var out: [UInt8] = []
    for (index, column) in report.columns.enumerated() {
      if index > 0 { out.append(separator) }
      escape((usesHeadings ? column.heading : column.name).utf8, &out)
    }
    out.append(contentsOf: ending)
    try report.forEachLine { cells in
      for (index, cell) in cells.enumerated() {
        if index > 0 { out.append(separator) }
        switch cell {
        case .missing: break
        case .text(let text): escape(text.utf8, &out)
        case .integer(let number): NumberText.append(number, to: &out)
        case .rate(let rate, _), .change(let rate, _, _), .number(let rate, _): NumberText.append(rate, to: &out)
        }
      }
      out.append(contentsOf: ending)
      if out.count > 1 << 16 {
        try sink.write(out)
        out.removeAll(keepingCapacity: true)
      }
    }
    try sink.write(out)
  }
}
