public import SpotCheckModel
public import SpotCheckReading

/// What `spotcheck records` is asked to show.
public struct MicroscopeOptions: Sendable {
  /// Nil: told from the first character.
  public var format: DeliveredFormat?
  /// Nil: detected.
  public var delimiter: UInt8?
  /// Nil: the delimiter's usual quoting; false: quotes are text.
  public var hasQuotes: Bool?
  /// The first row that is not blank names the columns and is no record.
  public var hasHeader = true
  /// XML: where records are; nil: the children of the root.
  public var recordPath: String?
  public var encoding = "auto"
  public var limits = ReadingLimits()
  public init() {}
}

/// Prints what the reader sees, one record a line: for people who write pipelines, and for conformance tests.
///
/// A row that the reader must refuse (a stray quote, a bad byte, more or fewer fields than the header) is not
/// printed but reported. A compressed file is checked to its last byte before anything of it is shown.
public struct RecordMicroscope {
  private let options: MicroscopeOptions
  /// Lines of NDJSON for standard output.
  private let print: ([UInt8]) throws -> Void
  private let report: (Diagnostic) -> Void
  private var worst = Severity.info

  public init(
    _ options: MicroscopeOptions, print: @escaping ([UInt8]) throws -> Void, report: @escaping (Diagnostic) -> Void
  ) {
    self.options = options
    self.print = print
    self.report = report
  }

  /// Shows one file. `open` is called twice: once to prove the file whole, once to read it.
  ///
  /// - Returns: the worst severity that was reported.
  /// - Throws: what the source or the printer throws.
  public mutating func show(name: String, open: () throws -> any ByteSource) throws -> Severity {
    var check = PayloadStream(try open(), name: name, limits: options.limits)
    try check.drain()
    if check.hasFailed {
      note(check.takeDiagnostics())
      return worst
    }
    var text = TextStream(
      PayloadStream(try open(), name: name, limits: options.limits), label: options.encoding, limits: options.limits)
    let head = try text.head()
    switch options.format ?? FormatSniffer.format(of: head) {
    case .csv: try showCSV(text)
    case .xml: try showXML(text)
    }
    return worst
  }

  private mutating func note(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics {
      worst = max(worst, diagnostic.severity)
      report(diagnostic)
    }
  }

  private mutating func showCSV(_ text: consuming TextStream) throws {
    var dialect: CSVDialect?
    if let delimiter = options.delimiter {
      dialect = CSVDialect(delimiter: delimiter)
      if options.hasQuotes == false { dialect?.quote = nil }
    }
    var reader = CSVReader(text, dialect: dialect, limits: options.limits)
    var chunk = RecordChunk()
    var width: Int?
    var out: [UInt8] = []
    while try reader.next(into: &chunk) {
      out.removeAll(keepingCapacity: true)
      for row in chunk.rows where row.cellCount > 0 {
        if row.isDamaged { continue }
        let count = Int(row.cellCount)
        if options.hasHeader {
          guard let expected = width else {
            width = count
            continue
          }
          if count < expected || (count > expected && !isBlank(chunk, row, from: expected)) {
            let found = SourcePosition(line: row.line, byteOffset: row.byteOffset)
            note([
              Diagnostic(
                count < expected ? .csvFewColumns : .csvManyColumns, at: found,
                "expected \(expected) fields as in the header, found \(count)", zh: "表头有 \(expected) 列，本行有 \(count) 列",
                rawText: chunk.rawText(of: row) ?? "")
            ])
            continue
          }
        }
        start(row, &out)
        out.append(UInt8(ascii: "["))
        for (index, cell) in chunk.cells(of: row).enumerated() {
          if index > 0 { out.append(UInt8(ascii: ",")) }
          JSONText.append(chunk.bytes.span.extracting(Int(cell.offset)..<Int(cell.offset) + Int(cell.length)), to: &out)
        }
        out.append(contentsOf: "]}\n".utf8)
      }
      if !out.isEmpty { try print(out) }
      note(reader.takeDiagnostics())
    }
    note(reader.takeDiagnostics())
  }

  private func isBlank(_ chunk: RecordChunk, _ row: RawRow, from column: Int) -> Bool {
    chunk.cells(of: row).dropFirst(column).allSatisfy { cell in
      chunk.bytes[Int(cell.offset)..<Int(cell.offset) + Int(cell.length)].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }
  }

  private mutating func showXML(_ text: consuming TextStream) throws {
    var settings = XMLReadingOptions(indexRepeats: true)
    if let path = options.recordPath {
      settings.recordPath = try XMLPath(path)
    }
    var reader = XMLRecordReader(text, options: settings, limits: options.limits)
    var chunk = RecordChunk()
    var out: [UInt8] = []
    var names: [[UInt8]] = []
    while try reader.next(into: &chunk) {
      out.removeAll(keepingCapacity: true)
      while names.count < reader.columnNames.count {
        var name: [UInt8] = []
        JSONText.append(reader.columnNames[names.count], to: &name)
        names.append(name)
      }
      for row in chunk.rows {
        start(row, &out)
        out.append(UInt8(ascii: "{"))
        for (index, cell) in chunk.cells(of: row).enumerated() {
          if index > 0 { out.append(UInt8(ascii: ",")) }
          out.append(contentsOf: names[Int(cell.column)])
          out.append(UInt8(ascii: ":"))
          JSONText.append(chunk.bytes.span.extracting(Int(cell.offset)..<Int(cell.offset) + Int(cell.length)), to: &out)
        }
        out.append(contentsOf: "}}\n".utf8)
      }
      if !out.isEmpty { try print(out) }
      note(reader.takeDiagnostics())
    }
    note(reader.takeDiagnostics())
  }

  private func start(_ row: RawRow, _ out: inout [UInt8]) {
    out.append(contentsOf: "{\"line\":\(row.line),\"byte\":\(row.byteOffset),\"fields\":".utf8)
  }
}
