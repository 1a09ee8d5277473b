public import SpotCheckCatalogue
public import SpotCheckModel
public import SpotCheckStore

/// A segment of the store as the query engine reads it.
public struct StoredQuerySegment: QuerySegment {
  let segment: Segment
  private let flagged = FlaggedRows()

  public init(_ segment: Segment) { self.segment = segment }

  public var id: String { segment.description.id }
  public var sampleRows: Int { segment.sampleCount }
  public var itemRows: Int { segment.itemCount }

  public func entries(_ column: SampleText) throws -> [String] { try segment.dictionary(of: column) }
  public func entries(_ column: ItemText) throws -> [String] { try segment.dictionary(of: column) }

  public func readCodes(_ column: SampleText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try segment.withCodes(column) { view in
      var target = buffer.mutableSpan
      view.copy(rows: rows, into: &target)
    }
  }

  public func readCodes(_ column: SampleText, _ rows: Range<Int>, into block: inout CodeBlock) throws {
    try segment.withCodes(column) { view in
      switch view {
      case .narrow(let codes): block.take(codes, rows)
      default:
        block.fillWide { buffer in
          var target = buffer.mutableSpan
          view.copy(rows: rows, into: &target)
        }
      }
    }
  }

  public func withRows(
    _ columns: [SampleText], _ days: SampleDay?, _ rows: Range<Int>,
    _ body: (Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<Int32>, Span<UInt32>) throws -> Void
  ) throws {
    let lent: Void? = try segment.withRows(
      (columns[0], columns[1], columns[2], columns[3]), days, .flags, rows, body)
    if lent == nil { try withCopies(columns, days, rows, body) }
  }

  public func rows(flagged bits: UInt32) throws -> [UInt32]? { try flagged.rows(of: segment, bits) }

  public func readCodes(_ column: ItemText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try segment.withCodes(column) { view in
      var target = buffer.mutableSpan
      view.copy(rows: rows, into: &target)
    }
  }

  public func readDays(_ column: SampleDay, _ rows: Range<Int>, into buffer: inout [Int32]) throws {
    try segment.withDays(column) { span in StoredQuerySegment.copy(span, rows, into: &buffer) }
  }

  public func readNumbers(_ column: SampleNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try segment.withNumbers(column) { span in StoredQuerySegment.copy(span, rows, into: &buffer) }
  }

  public func readNumbers(_ column: ItemNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try segment.withItemNumbers(column) { span in StoredQuerySegment.copy(span, rows, into: &buffer) }
  }

  public func readPositions(_ column: RowPosition, ofItems: Bool, _ rows: Range<Int>, into buffer: inout [Int64]) throws
  {
    if ofItems {
      try segment.withItemPositions(column) { span in StoredQuerySegment.copy(span, rows, into: &buffer) }
    } else {
      try segment.withSamplePositions(column) { span in StoredQuerySegment.copy(span, rows, into: &buffer) }
    }
  }

  public func plainTexts(_ column: SamplePlainText, _ rows: Range<Int>) throws -> [String] {
    try segment.withPlainText(column) { offsets, bytes in
      rows.map { row in
        let text = bytes.extracting(TextOffsets.range(offsets, row, byteCount: bytes.count))
        var copy: [UInt8] = []
        copy.reserveCapacity(text.count)
        for index in 0..<text.count { copy.append(text[index]) }
        return String(decoding: copy, as: UTF8.self)
      }
    }
  }

  public func decimals(_ column: ItemDecimal, _ rows: Range<Int>) throws -> [ExactDecimal?] {
    try segment.withDecimals(column) { mantissas, scales in
      rows.map { row in
        scales[row] == DecimalColumn.missing ? nil : ExactDecimal(mantissa: mantissas[row], scale: scales[row])
      }
    }
  }

  public func dayRange(_ column: SampleDay) throws -> ClosedRange<Int32>? {
    if column == .sampled {
      guard let first = segment.description.firstDay, let last = segment.description.lastDay, first <= last else {
        return nil
      }
      return first.daysSinceEpoch...last.daysSinceEpoch
    }
    return try segment.withDays(column) { days in
      var (low, high) = (Int32.max, Int32.min)
      for index in 0..<days.count where days[index] != DayColumn.missing {
        low = min(low, days[index])
        high = max(high, days[index])
      }
      return low <= high ? low...high : nil
    }
  }

  private static func copy<T>(_ span: Span<T>, _ rows: Range<Int>, into buffer: inout [T]) {
    let source = span.extracting(rows)
    var target = buffer.mutableSpan
    precondition(source.count <= target.count, "the buffer is too short")
    for index in 0..<source.count { target[index] = source[index] }
  }
}

extension QuerySource {
  /// Opens one snapshot of a store.
  ///
  /// - Parameter snapshot: nil = the newest.
  /// - Parameter pin: held as long as segments may be opened.
  /// - Parameter keepsOpen: a segment is opened once, and stays open as long as the source is there: so many mapped files,
  ///   and what was made of their dictionaries.
  /// - Parameter decode: reads a segment's description from the JSON that the catalogue keeps.
  /// - Throws: ``CatalogueError``, `StoreError`, or what `decode` throws.
  public init(
    catalogue: Catalogue, layout: StoreLayout, snapshot: SnapshotNumber? = nil, pin: ReaderPin? = nil,
    keepsOpen: Bool = false, decode: @escaping @Sendable (String) throws -> SegmentDescription
  ) throws {
    let number = try snapshot ?? catalogue.latestSnapshot()
    let list: @Sendable () throws -> [VisibleSegment] = {
      try QuerySource.segments(of: catalogue, at: number, keepsOpen: keepsOpen, decode: decode) { description in
        try withExtendedLifetime(pin) { StoredQuerySegment(try Segment(description, in: layout)) }
      }
    }
    // Without counts every question needs the segments. They are listed before anything can expire: what the pin keeps
    // is files, not what the catalogue says of them.
    let counts = try catalogue.counts(at: number)
    let listed = try counts == nil ? list() : nil
    self.init(
      snapshot: number, tables: try catalogue.tables(at: number),
      segments: {
        if let listed { return listed }
        let listed = try list()
        try catalogue.checkReadable(number)
        return listed
      }, batchNames: { try catalogue.batchNames(at: number) },
      counts: { counts.flatMap { SegmentCountTable(bytes: $0.bytes) } })
  }

  private static func segments(
    of catalogue: Catalogue, at snapshot: SnapshotNumber, keepsOpen: Bool,
    decode: (String) throws -> SegmentDescription,
    open: @escaping @Sendable (SegmentDescription) throws -> StoredQuerySegment
  ) throws -> [VisibleSegment] {
    let excluded = try catalogue.superseded(at: snapshot)
    let marks = try catalogue.marks(at: snapshot)
    return try catalogue.visibleSegments(at: snapshot).map { stored in
      let description = try decode(stored.record.description)
      let closed = excluded[stored.record.id] ?? []
      func marked(_ kind: MarkKind) -> [UInt32] {
        guard let rows = marks[stored.record.id]?[kind] else { return [] }
        let closed = Set(closed)
        return rows.filter { !closed.contains($0) }
      }
      var opening: @Sendable () throws -> any QuerySegment = { try open(description) }
      if keepsOpen {
        let opened = Lazily { try open(description) }
        opening = { try opened.value() }
      }
      return VisibleSegment(
        id: description.id, sampleRows: description.sampleRows, description: description, excludedRows: closed,
        pendingRows: marked(.pending), settledRows: marked(.settled), open: opening)
    }
  }
}
