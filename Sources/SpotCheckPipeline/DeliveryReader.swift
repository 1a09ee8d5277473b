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
  private var csv: CSVReader?
  private var xml: XMLRecordReader?
  private var curator: Curator
  private let layout: LayoutPlan
  private let hasTaps: Bool
  private var chunk = RecordChunk()
  /// Takes our marks off a mended table of refused rows.
  private var returned: ReturnedTable?
  private var isFinished = false
  /// Sees every chunk after it was curated, with the names of its columns (XML) and what its rows were taken for.
  var observer: ((RecordChunk, [String], RowTrace) -> Void)? {
    didSet { curator.trace = observer == nil ? nil : RowTrace() }
  }
  /// A fault of the plan itself, reported by the first step.
  private var pending: Diagnostic?

  /// - Parameters:
  ///   - name: the file's name, for its ending only.
  ///   - batch: SHA-256 of the delivered file in hex; empty if it is not known.
  public init(
    _ source: any ByteSource, name: String, layout: LayoutPlan, batch: String = "",
    limits: ReadingLimits = ReadingLimits(), taps: PayloadTaps = PayloadTaps()
  ) {
    self.layout = layout
    hasTaps = taps.raw != nil || taps.payload != nil
    curator = Curator(plan: layout.curation)
    if !batch.isEmpty { curator.batch = batch }
    let reading = layout.reading
    returned = reading.isReturned ? ReturnedTable(layout) : nil
    let text = TextStream(
      PayloadStream(source, name: name, limits: limits, taps: taps), label: reading.encoding ?? "auto", limits: limits)
    switch reading.isReturned ? .csv : reading.format {
    case .csv:
      csv = CSVReader(text, dialect: CSVDialect(reading), limits: limits)
      xml = nil
    case .xml:
      var options = XMLReadingOptions(namespace: reading.namespace)
      do throws(XMLPathError) {
        options.recordPath = try XMLPath(reading.recordPath)
        options.itemPath = reading.itemPath.isEmpty ? nil : try XMLPath(reading.itemPath)
      } catch {
        // A compiled pipeline has good paths; a plan made by hand may not.
        pending = Diagnostic(.xmlRootUnknown, at: .file, "bad path '\(error.path)': \(error.message)")
      }
      csv = nil
      xml = XMLRecordReader(text, options: options, limits: limits)
    }
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
    if let pending {
      report.add(pending)
      return try stop()
    }
    let hasMore = try nextChunk()
    let found = takeDiagnostics()
    for diagnostic in found { report.add(diagnostic) }
    if report.fatal != nil { return try stop() }
    guard hasMore else {
      isFinished = true
      curator.finish(into: &tables, report: &report)
      return false
    }
    let rejects = report.rejects.count
    let names = xml?.columnNames ?? returned?.columnNames ?? []
    curator.curate(chunk, columnNames: names, into: &tables, report: &report)
    if let observer, let trace = curator.trace { observer(chunk, names, trace) }
    explainDamage(&report, from: rejects, found)
    return report.fatal == nil ? true : try stop()
  }

  /// Whether the tables may be written between two steps.
  public var canSeal: Bool { curator.canSeal }

  /// Closes the samples in the tables so that they can be written. The last one may be held back for the next
  /// tables, if rows of it may still come.
  public mutating func prepareSeal(_ tables: inout TablePair, report: inout CurationReport) {
    // After the last step all samples are closed, and none must be held back.
    if !isFinished { curator.prepareSeal(&tables, report: &report) }
  }

  /// The tables were written; the next step brings empty ones.
  public mutating func didSeal() { curator.didSeal() }

  // MARK: Inside

  private mutating func nextChunk() throws -> Bool {
    var hasMore = try csv?.next(into: &chunk) ?? xml?.next(into: &chunk) ?? false
    noteProgress()
    // The last record of a returned XML delivery is known to be whole when nothing follows.
    if returned != nil { hasMore = returned?.convert(&chunk, isLast: !hasMore) ?? hasMore }
    return hasMore
  }

  private mutating func noteProgress() {
    rawBytes = csv?.rawBytes ?? xml?.rawBytes ?? rawBytes
    payloadBytes = csv?.payloadBytes ?? xml?.payloadBytes ?? payloadBytes
    encoding = csv?.encoding ?? xml?.encoding
    dialect = csv?.dialect
  }

  /// The reader's diagnostics, with the severities of the pipeline.
  private mutating func takeDiagnostics() -> [Diagnostic] {
    var found = csv?.takeDiagnostics() ?? xml?.takeDiagnostics() ?? []
    for index in found.indices {
      if let severity = layout.curation.severities[found[index].code] { found[index].severity = severity }
      found[index].message = PersonalData.masked(found[index].message)
      found[index].messageZh = PersonalData.masked(found[index].messageZh)
      found[index].rawText = PersonalData.masked(found[index].rawText)
    }
    return found
  }

  /// Ends the reading after a fatal diagnostic; taps still get the rest of the file.
  private mutating func stop() throws -> Bool {
    isFinished = true
    chunk = RecordChunk()
    if hasTaps {
      try csv?.drain()
      try xml?.drain()
    }
    noteProgress()
    return false
  }

  /// A row that the reader has damaged is refused without a word by Curation: the reader has said why. The words are
  /// put to the reject here.
  private func explainDamage(_ report: inout CurationReport, from first: Int, _ found: [Diagnostic]) {
    guard report.rejects.count > first, found.contains(where: { $0.severity >= .error }) else { return }
    let causes = found.filter { $0.severity >= .error }
    for index in first..<report.rejects.count where report.rejects[index].diagnostics.isEmpty {
      let start = report.rejects[index].position.byteOffset
      let end = chunk.rows.first { $0.byteOffset > start }?.byteOffset ?? Int.max
      report.rejects[index].diagnostics = causes.filter { (start..<end).contains($0.position.byteOffset) }
    }
  }
}
