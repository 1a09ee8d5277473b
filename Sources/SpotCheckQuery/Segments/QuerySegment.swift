public import SpotCheckModel
public import SpotCheckStore

/// What the query engine needs of a segment. Rows are read a chunk at a time into the engine's own buffers, so that
/// nothing here is called per row.
///
/// Conformers are immutable and safe to read from several threads. Buffers hold at least `rows.count` elements.
public protocol QuerySegment: Sendable {
  var id: String { get }
  var sampleRows: Int { get }
  var itemRows: Int { get }
  /// The dictionary of a column; entry 0 is the empty text, which means missing.
  func entries(_ column: SampleText) throws -> [String]
  func entries(_ column: ItemText) throws -> [String]
  func readCodes(_ column: SampleText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws
  func readCodes(_ column: ItemText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws
  /// The same, in bytes where the segment has them so.
  func readCodes(_ column: SampleText, _ rows: Range<Int>, into block: inout CodeBlock) throws
  /// Lends some rows of what samples are counted by: four columns of codes in bytes (what does not fit is 255), days, for which
  /// an empty span stands if no column is named, and ``SampleNumber/flags``.
  func withRows(
    _ columns: [SampleText], _ days: SampleDay?, _ rows: Range<Int>,
    _ body: (Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<Int32>, Span<UInt32>) throws -> Void
  ) throws
  /// The sample rows, ascending, that have one of some flags; nil: too many to be worth a list, or none is kept.
  func rows(flagged bits: UInt32) throws -> [UInt32]?
  /// Days since 1970, ``DayColumn/missing`` where none was delivered.
  func readDays(_ column: SampleDay, _ rows: Range<Int>, into buffer: inout [Int32]) throws
  func readNumbers(_ column: SampleNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws
  func readNumbers(_ column: ItemNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws
  /// Lines and byte offsets, of samples or of items.
  func readPositions(_ column: RowPosition, ofItems: Bool, _ rows: Range<Int>, into buffer: inout [Int64]) throws
  /// The texts of a stretch of rows; for lists and equality filters.
  func plainTexts(_ column: SamplePlainText, _ rows: Range<Int>) throws -> [String]
  func decimals(_ column: ItemDecimal, _ rows: Range<Int>) throws -> [ExactDecimal?]
  /// Smallest and largest day of a column, nil if all are missing.
  func dayRange(_ column: SampleDay) throws -> ClosedRange<Int32>?
}

extension QuerySegment {
  public func readCodes(_ column: SampleText, _ rows: Range<Int>, into block: inout CodeBlock) throws {
    try block.fillWide { try readCodes(column, rows, into: &$0) }
  }

  public func rows(flagged bits: UInt32) throws -> [UInt32]? { nil }

  public func withRows(
    _ columns: [SampleText], _ days: SampleDay?, _ rows: Range<Int>,
    _ body: (Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<Int32>, Span<UInt32>) throws -> Void
  ) throws { try withCopies(columns, days, rows, body) }

  /// What ``withRows(_:_:_:_:)`` does where nothing can be lent as it is.
  func withCopies(
    _ columns: [SampleText], _ days: SampleDay?, _ rows: Range<Int>,
    _ body: (Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<Int32>, Span<UInt32>) throws -> Void
  ) throws {
    let count = rows.count
    let codes = try columns.map { column in
      var block = CodeBlock(capacity: count)
      try readCodes(column, rows, into: &block)
      block.narrow(count)
      return block.narrow
    }
    var read = [Int32](repeating: 0, count: days == nil ? 0 : count)
    if let days { try readDays(days, rows, into: &read) }
    var flags = [UInt32](repeating: 0, count: count)
    try readNumbers(SampleNumber.flags, rows, into: &flags)
    let (one, two, three, four) = (codes[0], codes[1], codes[2], codes[3])
    try body(one.span, two.span, three.span, four.span, read.span, flags.span)
  }
}

/// A segment of a snapshot with the rows that do not count in it. Opened only when a query needs it.
public struct VisibleSegment: Sendable {
  public var id: String
  public var sampleRows: Int
  /// What is known without opening it; nil: nothing.
  public var description: SegmentDescription?
  /// Superseded, repeated or withdrawn sample rows, ascending.
  public var excludedRows: [UInt32]
  /// Sample rows that count, and to which an objection is open although their own flags do not say so, ascending.
  public let pendingRows: [UInt32]
  /// Sample rows that count, and whose flag ``SampleFlags/pending`` no longer holds, ascending.
  public let settledRows: [UInt32]
  /// The segment; its flags say what is pending in this snapshot.
  public let open: @Sendable () throws -> any QuerySegment
  /// The segment as it was written, without what was said about its rows since.
  let openBare: @Sendable () throws -> any QuerySegment

  public init(
    id: String, sampleRows: Int, description: SegmentDescription?, excludedRows: [UInt32] = [],
    pendingRows: [UInt32] = [], settledRows: [UInt32] = [], open: @escaping @Sendable () throws -> any QuerySegment
  ) {
    self.id = id
    self.sampleRows = sampleRows
    self.description = description
    self.excludedRows = excludedRows
    self.pendingRows = pendingRows
    self.settledRows = settledRows
    openBare = open
    if pendingRows.isEmpty && settledRows.isEmpty {
      self.open = open
    } else {
      self.open = { MarkedSegment(try open(), pending: pendingRows, settled: settledRows) }
    }
  }

  public init(
    _ segment: any QuerySegment, excludedRows: [UInt32] = [], pendingRows: [UInt32] = [], settledRows: [UInt32] = []
  ) {
    self.init(
      id: segment.id, sampleRows: segment.sampleRows, description: nil, excludedRows: excludedRows,
      pendingRows: pendingRows, settledRows: settledRows, open: { segment })
  }
}
