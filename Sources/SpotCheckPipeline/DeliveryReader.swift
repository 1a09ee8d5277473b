public import SpotCheckCuration
public import SpotCheckModel
public import SpotCheckReading

/// The one engine from delivered bytes to tables: bytes → payload → text → records → samples and items.
///
///     var reader = DeliveryReader(source, name: path, layout: layout, batch: digest)
///     var tables = TablePair()
///     var report = CurationReport()
///     while try reader.step(into: &tables, report: &report) {
///       if tables are large {
///         reader.prepareSeal(&tables, report: &report)
///         write tables; tables = TablePair(); reader.didSeal()
///       }
///     }
///
/// A step is one chunk, so memory is bounded by the chunk and by the tables that the caller keeps. Fails closed: after
/// a fatal diagnostic no row is produced any more, and what was produced before must be thrown away. The taps see
/// every byte of the file even then.
public struct DeliveryReader: ~Copyable {
  /// One of them is there: records are read here, or ahead of here.
  private var source: RecordSource?
  private let ahead: ReadAhead?
  private var curator: Curator
  private let hasTaps: Bool
  private var piece = RecordPiece()
  private var isFinished = false
  /// Sees every chunk after it was curated, with the names of its columns (XML) and what its rows were taken for.
  var observer: ((RecordChunk, [String], RowTrace) -> Void)? {
    didSet { curator.trace = observer == nil ? nil : RowTrace() }
  }

  /// Records whose text as delivered is to be kept while they pass, masked.
  var wantedRecords: Set<Int> = [] {
    didSet {
      curator.trace = RowTrace()
      curator.trace?.wanted = wantedRecords
    }
  }
  /// Those that have passed, by byte offset.
  var recordTexts: [Int: RecordText] { curator.trace?.texts ?? [:] }

  /// - Parameters:
  ///   - name: the file's name, for its ending only.
  ///   - batch: SHA-256 of the delivered file in hex; empty if it is not known.
  public init(
    _ source: any ByteSource, name: String, layout: LayoutPlan, batch: String = "",
    limits: ReadingLimits = ReadingLimits(), taps: PayloadTaps = PayloadTaps()
  ) {
    self.init(
      RecordSource(source, name: name, layout: layout, limits: limits, taps: taps), layout: layout, batch: batch,
      hasTaps: taps.raw != nil || taps.payload != nil)
  }

  /// Reads on this thread, step by step.
  init(_ source: consuming RecordSource, layout: LayoutPlan, batch: String, hasTaps: Bool = true) {
    self.source = consume source
    ahead = nil
    self.hasTaps = hasTaps
    curator = Curator(plan: layout.curation)
    if !batch.isEmpty { curator.batch = batch }
  }

  /// Reads on a thread of its own, ahead of what is curated.
  /// - Parameter source: opens the records on that thread.
  init(ahead source: @escaping @Sendable () throws -> RecordSource, layout: LayoutPlan, batch: String) {
    self.source = nil
    ahead = ReadAhead(source)
    hasTaps = true
    curator = Curator(plan: layout.curation)
    if !batch.isEmpty { curator.batch = batch }
  }

  /// Bytes of the file, and of its payload, read so far.
  public private(set) var rawBytes = 0
  public private(set) var payloadBytes = 0
  /// The character set found; nil as long as there was only ASCII.
  public private(set) var encoding: TextEncoding?
  /// The dialect of a CSV file, once known.
  public private(set) var dialect: CSVDialect?
  /// Nothing more will come.
  public var isComplete: Bool { isFinished }

  /// Reads, curates and reports one chunk; false when there is nothing more.
  ///
  /// - Throws: what the source throws; the reader must not be used afterwards.
  public mutating func step(into tables: inout TablePair, report: inout CurationReport) throws -> Bool {
    guard !isFinished else { return false }
    try nextPiece()
    for diagnostic in piece.diagnostics { report.add(diagnostic) }
    if report.fatal != nil {
      try stop()
      return false
    }
    guard piece.hasMore else {
      isFinished = true
      curator.finish(into: &tables, report: &report)
      return false
    }
    let rejects = report.rejects.count
    curator.curate(piece.chunk, columnNames: piece.names, into: &tables, report: &report)
    if let observer, let trace = curator.trace { observer(piece.chunk, piece.names, trace) }
    explainDamage(&report, from: rejects)
    if report.fatal != nil { try stop() }
    return report.fatal == nil
  }

  /// Whether the tables may be written between two steps.
  public var canSeal: Bool { curator.canSeal }

  /// Closes the samples in the tables so that they can be written. The last one may be held back for the next
  /// tables, if rows of it may still come.
  public mutating func prepareSeal(_ tables: inout TablePair, report: inout CurationReport) {
    // After the last step all samples are closed, and none must be held back.
    if !isFinished { curator.prepareSeal(&tables, report: &report) }
  }

  /// See ``Curator/leavesItemColumns``.
  var leavesItemColumns: Bool {
    get { curator.leavesItemColumns }
    set { curator.leavesItemColumns = newValue }
  }

  /// See ``Curator/swapItemRows(_:)``.
  mutating func swapItemRows(_ rows: inout ItemRows) { curator.swapItemRows(&rows) }

  /// The tables were written; the next step brings empty ones.
  public mutating func didSeal() { curator.didSeal() }

  /// Ends the reading, for a reason that stands in the report; taps still get the rest of the file.
  public mutating func stop() throws {
    if isFinished { return }
    isFinished = true
    piece = RecordPiece()
    guard hasTaps else { return }
    piece = try ahead?.drain() ?? source?.drain() ?? piece
    noteProgress()
  }

  // MARK: Inside

  private mutating func nextPiece() throws {
    var done = RecordChunk()
    swap(&done, &piece.chunk)
    piece = try ahead?.next(&done) ?? source?.next(done) ?? RecordPiece()
    noteProgress()
  }

  private mutating func noteProgress() {
    (rawBytes, payloadBytes) = (piece.rawBytes, piece.payloadBytes)
    (encoding, dialect) = (piece.encoding, piece.dialect)
  }

  /// A row that the reader has damaged is refused without a word by Curation: the reader has said why. The words are
  /// put to the reject here.
  private func explainDamage(_ report: inout CurationReport, from first: Int) {
    let causes = piece.diagnostics.filter { $0.severity >= .error }
    guard report.rejects.count > first, !causes.isEmpty else { return }
    for index in first..<report.rejects.count where report.rejects[index].diagnostics.isEmpty {
      let start = report.rejects[index].position.byteOffset
      let end = piece.chunk.rows.first { $0.byteOffset > start }?.byteOffset ?? Int.max
      report.rejects[index].diagnostics = causes.filter { (start..<end).contains($0.position.byteOffset) }
    }
  }
}
