public import SpotCheckStatistics

/// One value of an answer.
public enum ReportCell: Sendable, Hashable {
  /// Nothing was delivered, or there is no such number. Never 0.
  case missing
  case text(String)
  case integer(Int)
  /// A share between 0 and 1; as percent in text tables. The counts it came from, if it is a plain quotient.
  case rate(Double, of: Proportion?)
  /// A difference of two shares, −1…1; as percentage points (百分点) with its sign in text tables. The counts it came from,
  /// if both are plain quotients. Boxed: it is rare, and every cell would be twice as large for it.
  indirect case change(Double, from: Proportion?, to: Proportion?)
  /// Any other number, with so many digits after the point in text tables.
  case number(Double, digits: Int)

  /// A rate from its counts; missing without samples.
  static func rate(_ proportion: Proportion?) -> ReportCell {
    proportion?.rate.map { .rate($0, of: proportion) } ?? .missing
  }

  /// The two ends of an interval of rates.
  static func ends(_ interval: Interval?) -> [ReportCell] {
    [interval.map { .rate($0.lower, of: nil) } ?? .missing, interval.map { .rate($0.upper, of: nil) } ?? .missing]
  }

  /// The two ends of an interval of differences.
  static func changes(_ interval: Interval?) -> [ReportCell] {
    [
      interval.map { .change($0.lower, from: nil, to: nil) } ?? .missing,
      interval.map { .change($0.upper, from: nil, to: nil) } ?? .missing,
    ]
  }
}

/// A column of an answer.
public struct ReportColumn: Sendable, Hashable {
  /// What text tables do with a column.
  public enum Display: Sendable, Hashable {
    case shown
    /// Left out: the column beside it says the same for people.
    case hidden
    /// Shown together with the next column as an interval.
    case intervalStart
  }
  /// The name in machine formats: stable.
  public var name: String
  /// The heading in text tables; may be improved at any time.
  public var heading: String
  public var display: Display
  public var isNumeric: Bool

  public init(_ name: String, heading: String, display: Display = .shown, isNumeric: Bool = false) {
    self.name = name
    self.heading = heading
    self.display = display
    self.isNumeric = isNumeric
  }
}

/// A value of the `query` object in JSON.
public enum ReportValue: Sendable, Hashable {
  case text(String)
  case integer(Int)
  case boolean(Bool)
  case list([String])
  case none
}

/// An answer, independent of how it will be written: columns, rows in order, sums, and what was asked.
///
/// Rows are lent one at a time, so that a list of millions is never in memory (unless the format needs all widths).
public struct Report: Sendable {
  public typealias RowSource = @Sendable (_ body: ([ReportCell]) throws -> Void) throws -> Void

  public var columns: [ReportColumn]
  /// Name and value, in order.
  public var query: [(name: String, value: ReportValue)]
  public var snapshot: Int64
  public var rows: RowSource {
    // They say the same, which only holds for those that they were made with.
    didSet { plainLines = nil }
  }
  /// The rows once more, for separated text, if they are of the plain kind.
  var plainLines: PlainRateLines?
  /// Sums of parts, after the rows: their codes hold `*`.
  public var subtotals: [[ReportCell]]
  public var total: [ReportCell]?
  public var notes: [QueryNote]
  /// How many rows `having` and `top` have taken away.
  var rowsLeftOut = 0
  /// Of a page of a list: where it ends. Known when the rows have been lent.
  public internal(set) var pageEnd: PageEnd?
  /// Long texts whose every word counts: a terminal that is too narrow gets blocks and no cut cells.
  public var isWide = false
  /// See ``speaking(_:)``.
  public internal(set) var language = AnswerLanguage.chinese

  public init(
    columns: [ReportColumn], query: [(name: String, value: ReportValue)], snapshot: Int64,
    subtotals: [[ReportCell]] = [],
    total: [ReportCell]? = nil, notes: [QueryNote] = [], rows: @escaping RowSource
  ) {
    self.columns = columns
    self.query = query
    self.snapshot = snapshot
    self.subtotals = subtotals
    self.total = total
    self.notes = notes
    self.rows = rows
  }

  /// All rows, sums included, in the order in which they are written.
  func forEachLine(_ body: ([ReportCell]) throws -> Void) throws {
    try rows(body)
    try forEachSum(body)
  }

  /// What stands behind the rows.
  func forEachSum(_ body: ([ReportCell]) throws -> Void) throws {
    for row in subtotals { try body(row) }
    if let total { try body(total) }
  }
}

/// Takes the bytes that emitters make.
public protocol ByteSink {
  mutating func write(_ bytes: [UInt8]) throws
}

/// Keeps them in memory.
public struct ByteBuffer: ByteSink, Sendable {
  public private(set) var bytes: [UInt8] = []
  public init() {}
  public mutating func write(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Writes a report in one format.
public protocol Emitter: Sendable {
  /// - Throws: what the sink or the report's rows throw.
  func emit(_ report: Report, to sink: inout some ByteSink) throws
}

/// The character sets that answers can be written in.
public enum OutputEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  /// What Chinese office programs take a table for that has no byte order mark.
  case gb18030
}

/// The formats that answers can be written in.
public enum OutputFormat: String, Sendable, CaseIterable {
  case table, csv
  case excelCSV = "excel-csv"
  case tsv, json, ndjson, markdown, html
  /// A picture: see ``SVGEmitter``.
  case svg
  case arrow, xlsx

  /// Machine formats go to standard output alone, with no note beside them.
  public var isForMachines: Bool { self != .table && self != .markdown && self != .html }

  /// Bytes that are no text: not for a terminal.
  public var isBinary: Bool { self == .arrow || self == .xlsx }

  /// Whether people read it: then it has headings and words, in one language or the other.
  public var hasWords: Bool {
    switch self {
    case .table, .excelCSV, .markdown, .html, .xlsx, .svg: true
    case .csv, .tsv, .json, .ndjson, .arrow: false
    }
  }

  /// Plain text that names no character set of its own.
  public var takesEncodings: Bool {
    switch self {
    case .table, .csv, .excelCSV, .tsv, .markdown: true
    case .json, .ndjson, .html, .svg, .arrow, .xlsx: false
    }
  }

  /// - Parameters:
  ///   - width: columns of the terminal; nil = nothing is ever cut.
  ///   - encoding: what the bytes, always UTF-8 here, are going to be turned into.
  public func emitter(
    width: Int? = nil, targets: [RateTarget] = RateText.defaultTargets, encoding: OutputEncoding = .utf8
  ) -> any Emitter {
    switch self {
    case .table: TableEmitter(width: width, text: RateText(targets: targets))
    case .csv: CSVEmitter()
    case .excelCSV: ExcelCSVEmitter(hasByteOrderMark: encoding == .utf8)
    case .tsv: TSVEmitter()
    case .json: JSONEmitter()
    case .ndjson: NDJSONEmitter()
    case .markdown: MarkdownEmitter(text: RateText(targets: targets))
    case .html: HTMLEmitter(text: RateText(targets: targets))
    case .svg: SVGEmitter(targets: targets)
    case .arrow: ArrowEmitter()
    case .xlsx: XLSXEmitter(text: RateText(targets: targets))
    }
  }
}

extension Emitter {
  /// The whole report as text.
  public func text(_ report: Report) throws -> String {
    var buffer = ByteBuffer()
    try emit(report, to: &buffer)
    return buffer.text
  }
}
