// UNSAFE FILE: puts test bytes into the parser's window.

import SpotCheckModel
import Testing

@testable import SpotCheckReading

/// What a reader made of a document, in a form that tests compare.
struct XMLOutcome: Equatable {
  struct Row: Equatable {
    var kind: RowKind
    var line: Int
    var byteOffset: Int
    var isDamaged: Bool
    /// `path=text@offset`
    var cells: [String]
    /// Line of each cell's start tag.
    var lines: [Int]
  }
  var rows: [Row] = []
  /// Rows of each chunk.
  var chunks: [Int] = []
  /// `CODE line:offset message`
  var diagnostics: [String] = []
  /// The same in full.
  var said: [Diagnostic] = []
  var columns: [String] = []

  var codes: [String] { diagnostics.map { String($0.prefix { $0 != " " }) } }
  /// All cells, as `path=text`.
  var values: [[String]] { rows.map { $0.cells.map { String($0[..<($0.lastIndex(of: "@") ?? $0.endIndex)]) } } }

  mutating func add(_ chunk: RecordChunk, _ names: [String]) {
    chunks.append(chunk.rows.count)
    #expect(chunk.cellLines.count == chunk.cells.count)
    for row in chunk.rows {
      #expect(row.rawLength == 0)
      rows.append(
        Row(
          kind: row.kind, line: row.line, byteOffset: row.byteOffset, isDamaged: row.isDamaged,
          cells: chunk.cells(of: row).map {
            "\(names[Int($0.column)])=\(chunk.text(of: $0))@\(chunk.payloadStart + Int($0.source))"
          }, lines: chunk.cells(of: row).indices.map { chunk.line(ofCell: $0, of: row) }))
    }
  }

  mutating func add(_ diagnostic: Diagnostic) {
    said.append(diagnostic)
    diagnostics.append(
      "\(diagnostic.code.rawValue) \(diagnostic.position.line):\(diagnostic.position.byteOffset) \(diagnostic.message)")
  }
}

/// What the plain reader has done.
struct XMLPlainCount: Equatable {
  var bytes = 0
  var handOvers = 0
  var first: Int?
}

enum XMLTestReading {
  static func options(_ record: String? = nil, _ item: String? = nil, namespace: String? = nil, indexed: Bool = false)
    -> XMLReadingOptions
  {
    XMLReadingOptions(
      recordPath: record.flatMap { try? XMLPath($0) }, itemPath: item.flatMap { try? XMLPath($0) },
      namespace: namespace, indexRepeats: indexed)
  }

  /// Through the whole reader: payload, decoder, parser.
  static func read(
    _ bytes: [UInt8], _ pieces: MemorySource.Pieces = .whole, _ options: XMLReadingOptions = .init(),
    limits: ReadingLimits = .init(), plainStretch: Int = XMLPlainReader.stretchBytes
  ) throws -> XMLOutcome {
    var outcome = XMLOutcome()
    let payload = PayloadStream(MemorySource(bytes, pieces: pieces), limits: limits)
    var reader = XMLRecordReader(
      TextStream(payload, limits: limits), options: options, limits: limits, plainStretch: plainStretch)
    var chunk = RecordChunk()
    while try reader.next(into: &chunk) { outcome.add(chunk, reader.columnNames) }
    outcome.columns = reader.columnNames
    #expect(chunk.isEmpty)
    for diagnostic in reader.takeDiagnostics() { outcome.add(diagnostic) }
    #expect(!(reader.hasFailed && outcome.diagnostics.isEmpty))
    return outcome
  }

  /// The parser alone, on UTF-8 cut into pieces of the given sizes (the last one repeats).
  static func parse(
    _ bytes: [UInt8], pieces: (Int) -> Int, _ options: XMLReadingOptions = .init(), limits: ReadingLimits = .init(),
    plainStretch: Int = XMLPlainReader.stretchBytes, plain: inout XMLPlainCount
  ) -> XMLOutcome {
    var outcome = XMLOutcome()
    var parser = XMLPushParser(options: options, limits: limits, plainStretch: plainStretch)
    var at = 0
    var index = 0
    while at < bytes.count {
      let end = min(bytes.count, at + max(1, pieces(index)))
      parser.append(bytes[at..<end])
      parser.parse(atEnd: false)
      at = end
      index += 1
    }
    parser.parse(atEnd: true)
    if let problem = parser.diagnostic() { outcome.add(problem) }
    parser.close()
    outcome.columns = parser.state.pointee.builder.paths.columnNames
    var chunk = RecordChunk()
    while parser.state.pointee.builder.handOver(to: &chunk) { outcome.add(chunk, outcome.columns) }
    plain = XMLPlainCount(bytes: parser.plainBytes, handOvers: parser.handOvers, first: parser.firstHandOver)
    return outcome
  }

  static func parse(
    _ bytes: [UInt8], pieces: (Int) -> Int, _ options: XMLReadingOptions = .init(), limits: ReadingLimits = .init(),
    plainStretch: Int = XMLPlainReader.stretchBytes
  ) -> XMLOutcome {
    var plain = XMLPlainCount()
    return parse(
      bytes, pieces: pieces, options, limits: limits, plainStretch: plainStretch, plain: &plain)
  }

  /// Whole, byte by byte and in random pieces: always the same.
  @discardableResult
  static func check(
    _ text: String, _ options: XMLReadingOptions = .init(), limits: ReadingLimits = .init(),
    _ location: SourceLocation = #_sourceLocation
  ) -> XMLOutcome {
    let bytes = Array(text.utf8)
    let whole = parse(bytes, pieces: { _ in bytes.count }, options, limits: limits)
    let single = parse(bytes, pieces: { _ in 1 }, options, limits: limits)
    #expect(single == whole, "byte by byte", sourceLocation: location)
    let oracle = parse(bytes, pieces: { _ in bytes.count }, options, limits: limits, plainStretch: 0)
    #expect(whole == oracle, "libxml2 alone", sourceLocation: location)
    let short = parse(bytes, pieces: { _ in bytes.count }, options, limits: limits, plainStretch: 64)
    #expect(short == oracle, "in short stretches", sourceLocation: location)
    for seed in 1...4 {
      var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
      let random = parse(
        bytes,
        pieces: { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return 1 + Int((state >> 33) % 23)
        }, options, limits: limits)
      #expect(random == whole, "random pieces, seed \(seed)", sourceLocation: location)
    }
    checkPositions(whole, bytes, location)
    return whole
  }

  /// Whole only: for big documents.
  static func checkWhole(_ text: String, _ options: XMLReadingOptions = .init()) -> XMLOutcome {
    let bytes = Array(text.utf8)
    return parse(bytes, pieces: { _ in bytes.count }, options)
  }

  /// Every row and cell points at a `<`, and a row at its own line.
  static func checkPositions(_ outcome: XMLOutcome, _ bytes: [UInt8], _ location: SourceLocation = #_sourceLocation) {
    for row in outcome.rows {
      #expect(bytes[row.byteOffset] == UInt8(ascii: "<"), sourceLocation: location)
      let before = bytes[..<row.byteOffset]
      var lines = 1
      for index in before.indices where before[index] == 10 || (before[index] == 13 && bytes[index + 1] != 10) {
        lines += 1
      }
      #expect(row.line == lines, sourceLocation: location)
      for cell in row.cells {
        guard let at = cell.lastIndex(of: "@"), let offset = Int(cell[cell.index(after: at)...]) else { continue }
        #expect(bytes[offset] == UInt8(ascii: "<"), sourceLocation: location)
        // The tag's name is the last element of the path.
        let path = cell[..<(cell.firstIndex(of: "=") ?? cell.endIndex)]
        let elements = path.split(separator: "/").filter { !$0.hasPrefix("@") && $0 != "." && $0 != ".." }
        if let name = elements.last.map({ Array($0.prefix { $0 != "[" }.utf8) }), !name.isEmpty {
          let tag = bytes[(offset + 1)...].prefix { ![9, 10, 13, 32, 47, 62].contains($0) }
          let local = tag.split(separator: UInt8(ascii: ":")).last.map(Array.init) ?? []
          #expect(local == name, sourceLocation: location)
        }
      }
    }
  }
}

extension XMLPushParser {
  /// Appends UTF-8 to the window, as the decoder would.
  mutating func append(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      state.pointee.builder.block.reserve(source.count).copyMemory(from: start, byteCount: source.count)
      state.pointee.builder.block.count += source.count
    }
  }
}
