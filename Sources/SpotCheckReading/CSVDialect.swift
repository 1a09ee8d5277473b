/// How a delimited text is cut into fields.
public struct CSVDialect: Sendable, Equatable {
  /// The byte between two fields.
  public var delimiter: UInt8
  /// The byte around fields that hold delimiters, quotes or line breaks; nil: no quoting at all.
  public var quote: UInt8?
  /// A quote inside a field that doesn't begin with one is text (spreadsheets write tab-separated text so);
  /// otherwise it is `CSV_STRAY_QUOTE`.
  public var quotesInsideAreText: Bool

  public init(delimiter: UInt8, quote: UInt8? = UInt8(ascii: "\""), quotesInsideAreText: Bool = false) {
    self.delimiter = delimiter
    self.quote = quote
    self.quotesInsideAreText = quotesInsideAreText
  }

  /// RFC 4180.
  public static let comma = CSVDialect(delimiter: UInt8(ascii: ","))
  /// Tab-separated; a field is quoted only if it begins with a quote.
  public static let tab = CSVDialect(delimiter: UInt8(ascii: "\t"), quotesInsideAreText: true)

  /// The dialects that are tried, in order of preference.
  public static let candidates = [
    comma, tab, CSVDialect(delimiter: UInt8(ascii: ";")), CSVDialect(delimiter: UInt8(ascii: "|")),
  ]
}
