import SpotCheckCuration
import SpotCheckModel
import SpotCheckReading

/// One stretch of a delivery's records on its way to Curation, with what was noticed in reading it.
struct RecordPiece: Sendable {
  var chunk = RecordChunk()
  /// Names of the chunk's columns (XML).
  var names: [String] = []
  /// With the severities of the pipeline, masked.
  var diagnostics: [Diagnostic] = []
  /// False: there are no more records, and none in this piece.
  var hasMore = false
  /// Bytes of the file, and of its payload, read so far.
  var rawBytes = 0
  var payloadBytes = 0
  var encoding: TextEncoding?
  var dialect: CSVDialect?
}

/// The records of a delivery: bytes → payload → text → records. Used by one thread.
struct RecordSource: ~Copyable {
  private var csv: CSVReader?
  private var xml: XMLRecordReader?
  private let severities: [DiagnosticCode: Severity]
  /// Takes our marks off a mended table of refused rows.
  private var returned: ReturnedTable?
  /// A fault of the plan itself: the first thing that is told.
  private var fault: Diagnostic?

  init(_ source: any ByteSource, name: String, layout: LayoutPlan, limits: ReadingLimits, taps: PayloadTaps) {
    let reading = layout.reading
    severities = layout.curation.severities
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
        fault = Diagnostic(.xmlRootUnknown, at: .file, "bad path '\(error.path)': \(error.message)")
      }
      csv = nil
      xml = XMLRecordReader(text, options: options, limits: limits)
    }
  }

  /// The next records.
  /// - Parameter chunk: one whose records are done with; its storage is used again.
  /// - Throws: what the source of the bytes throws; the source must not be used afterwards.
  mutating func next(_ chunk: consuming RecordChunk) throws -> RecordPiece {
    var piece = RecordPiece(chunk: chunk)
    if let fault {
      piece.diagnostics = [fault]
      return piece
    }
    piece.hasMore = try csv?.next(into: &piece.chunk) ?? xml?.next(into: &piece.chunk) ?? false
    // The last record of a returned XML delivery is known to be whole when nothing follows.
    if returned != nil {
      piece.hasMore = returned?.convert(&piece.chunk, isLast: !piece.hasMore) ?? piece.hasMore
    }
    piece.names = xml?.columnNames ?? returned?.columnNames ?? []
    piece.diagnostics = takeDiagnostics()
    note(&piece)
    return piece
  }

  /// Reads the rest for the sake of the taps.
  /// - Returns: a piece without records.
  mutating func drain() throws -> RecordPiece {
    try csv?.drain()
    try xml?.drain()
    var piece = RecordPiece()
    note(&piece)
    return piece
  }

  private mutating func note(_ piece: inout RecordPiece) {
    piece.rawBytes = csv?.rawBytes ?? xml?.rawBytes ?? 0
    piece.payloadBytes = csv?.payloadBytes ?? xml?.payloadBytes ?? 0
    piece.encoding = csv?.encoding ?? xml?.encoding
    piece.dialect = csv?.dialect
  }

  private mutating func takeDiagnostics() -> [Diagnostic] {
    var found = csv?.takeDiagnostics() ?? xml?.takeDiagnostics() ?? []
    for index in found.indices {
      if let severity = severities[found[index].code] { found[index].severity = severity }
      found[index].message = PersonalData.masked(found[index].message)
      found[index].messageZh = PersonalData.masked(found[index].messageZh)
      found[index].rawText = PersonalData.masked(found[index].rawText)
    }
    return found
  }
}
