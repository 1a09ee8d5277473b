/// Comma-separated values as Excel opens them by a double click: UTF-8 with a byte order mark, lines ending in CR LF, the
/// headings people know.
///
/// A text that Excel would run gets an apostrophe in front, unless it is a plain number (SEC-20: −1250.5 stays). A text whose
/// digits Excel would change (longer than it can count, zeros in front, days) is written as a formula of that text, `="…"`.
public struct ExcelCSVEmitter: Emitter {
  /// Excel keeps fifteen digits of a number and no more.
  private static let mostDigits = 15

  /// The mark says UTF-8; without it Excel takes the table for the character set of the system.
  public var hasByteOrderMark: Bool

  public init(hasByteOrderMark: Bool = true) { self.hasByteOrderMark = hasByteOrderMark }

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    if hasByteOrderMark { try sink.write([0xEF, 0xBB, 0xBF]) }
    try SeparatedText.write(report, separator: 0x2C, ending: [0x0D, 0x0A], usesHeadings: true, to: &sink) {
      text, out, place in
      switch ExcelCSVEmitter.reading(of: text) {
      case .asItIs: SeparatedText.quote(text, &out, &place)
      case .formula: SeparatedText.quote(("'" + String(text)).utf8, &out, &place)
      case .otherDigits: SeparatedText.quote(("=\"" + String(text) + "\"").utf8, &out, &place)
      }
    }
  }

  enum Reading: Equatable {
    case asItIs
    case formula
    /// As a number or a day, with other digits than these. Such a text holds no quotes.
    case otherDigits
  }

  /// What Excel makes of a cell's text.
  static func reading(of text: String.UTF8View) -> Reading {
    guard let first = text.first else { return .asItIs }
    if isPlainNumber(text) {
      let digits = text.filter { (0x30...0x39).contains($0) }
      let whole = text.drop { $0 == 0x2D }.prefix { $0 != 0x2E }
      let isPadded = whole.count > 1 && whole.first == 0x30
      return digits.count > mostDigits || isPadded ? .otherDigits : .asItIs
    }
    if [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first) { return .formula }
    // The same signs as Chinese input methods type them: ＝＋－＠.
    if text.starts(with: [0xEF, 0xBC]), let third = text.dropFirst(2).first, [0x9D, 0x8B, 0x8D, 0xA0].contains(third) {
      return .formula
    }
    // Digits and nothing but what numbers and days are made of: 2024-03, 3/4, 12:30, 1E5.
    let isNumeric = text.allSatisfy { (0x2B...0x3A).contains($0) || $0 == 0x20 || $0 == 0x45 || $0 == 0x65 }
    return isNumeric && (0x30...0x39).contains(first) ? .otherDigits : .asItIs
  }

  private static func isPlainNumber(_ text: String.UTF8View) -> Bool {
    let parts = text.drop { $0 == 0x2D }.split(separator: 0x2E, omittingEmptySubsequences: false)
    return text.filter { $0 == 0x2D }.count <= 1 && parts.count <= 2
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
  }
}
