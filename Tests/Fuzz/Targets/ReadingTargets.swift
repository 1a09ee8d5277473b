import SpotCheck

/// Delivered bytes: whatever they are, and however they are cut, reading says the same.
enum ReadingTargets {
  static let labels = ["auto", "gbk", "utf-8", "utf-16", "utf-16le", "utf-16be", "ascii", "latin1"]
  /// Nobody can tell these from `auto`, which tells by the bytes: the cuts of a payload that a fuzzer makes.
  static func cut(_ choice: UInt8) -> MemorySource.Pieces {
    choice & 1 == 0 ? .fixed(1 + Int(choice >> 3)) : .random(seed: UInt64(choice), upTo: 40)
  }

  /// Small bounds, so that a short input meets them.
  static func limits(_ choice: UInt8) -> ReadingLimits {
    var limits = ReadingLimits()
    limits.gzipOutputBytes = 1 << 20
    guard choice & 0x40 != 0 else { return limits }
    limits.csvRowBytes = 64
    limits.csvFields = 6
    limits.invalidSequences = 3
    limits.depth = 5
    limits.startTagBytes = 100
    limits.attributes = 3
    limits.nameBytes = 12
    limits.distinctNames = 12
    limits.textBytes = 200
    limits.recordBytes = 500
    limits.gzipHeaderFieldBytes = 20
    limits.gzipRatioAfter = 100
    return limits
  }

  static func gzip(_ bytes: [UInt8], _ choice: UInt8) {
    let input = choice & 0x80 != 0 && bytes.first != 0x1F ? [0x1F, 0x8B] + bytes : bytes
    func read(_ pieces: MemorySource.Pieces) -> (payload: [UInt8], said: [Diagnostic], hasFailed: Bool) {
      var stream = PayloadStream(
        MemorySource(input, pieces: pieces), name: choice & 2 == 0 ? "a.csv.gz" : "a.csv", limits: limits(choice))
      var payload: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4096)
      while let count = try? buffer.withUnsafeMutableBytes({ try stream.read(into: $0) }), count > 0 {
        payload += buffer[..<count]
      }
      return (payload, stream.takeDiagnostics(), stream.hasFailed)
    }
    let whole = read(.whole)
    let pieces = read(cut(choice))
    FuzzTarget.require(whole.said == pieces.said, "the same diagnostics: \(whole.said) / \(pieces.said)")
    FuzzTarget.require(whole.hasFailed == pieces.hasFailed, "the same end")
    FuzzTarget.require(!whole.hasFailed || whole.said.contains { $0.severity == .fatal }, "a failure has a reason")
    FuzzTarget.require(whole.hasFailed || whole.payload == pieces.payload, "the same payload")
  }

  static func text(_ bytes: [UInt8], _ choice: UInt8) {
    func read(_ pieces: MemorySource.Pieces) -> (text: [UInt8], said: [Diagnostic]) {
      let payload = PayloadStream(MemorySource(bytes, pieces: pieces), limits: limits(choice))
      var stream = TextStream(payload, label: labels[Int(choice) % labels.count], limits: limits(choice))
      var block = TextBlock()
      while (try? stream.append(to: &block)) == true {}
      return (block.withBytes { Array($0) }, stream.takeDiagnostics())
    }
    let whole = read(.whole)
    let pieces = read(cut(choice))
    FuzzTarget.require(whole.text == pieces.text, "the same text")
    FuzzTarget.require(whole.said == pieces.said, "the same diagnostics")
    FuzzTarget.require(String(validating: whole.text, as: UTF8.self) != nil, "decoded text is UTF-8")
  }

  /// A reading as text: rows with places, then what was said.
  private static func show(_ chunk: RecordChunk, _ names: [String], into lines: inout [String]) {
    for row in chunk.rows {
      let cells = chunk.cells(of: row).map {
        "\($0.column):\(chunk.payloadStart + Int($0.source)):" + chunk.text(of: $0)
      }
      lines.append("\(row.line)@\(row.byteOffset)\(row.isDamaged ? "!" : "") \(cells) \(chunk.rawText(of: row) ?? "")")
    }
  }

  static func csv(_ bytes: [UInt8], _ choice: UInt8) {
    let dialects: [CSVDialect?] = [nil, .comma, .tab, CSVDialect(delimiter: UInt8(ascii: ";"), quote: nil)]
    func read(_ pieces: MemorySource.Pieces) -> [String] {
      var reader = CSVReader(
        MemorySource(bytes, pieces: pieces), name: "", encoding: choice & 8 == 0 ? "auto" : labels[Int(choice) % 8],
        dialect: dialects[Int(choice >> 4) % 4], limits: limits(choice))
      var chunk = RecordChunk()
      var lines: [String] = []
      while (try? reader.next(into: &chunk)) == true { show(chunk, [], into: &lines) }
      let said = reader.takeDiagnostics()
      FuzzTarget.require(!reader.hasFailed || said.contains { $0.severity == .fatal }, "a failure has a reason")
      return lines + said.map { "\($0)" }
    }
    let whole = read(.whole)
    FuzzTarget.require(whole == read(cut(choice)), "the same rows however the bytes are cut")
  }

  static func xml(_ bytes: [UInt8], _ choice: UInt8) {
    var options = XMLReadingOptions()
    options.indexRepeats = choice & 1 != 0
    if choice & 2 != 0 { options.recordPath = try? XMLPath("/r/s") }
    if choice & 4 != 0 {
      options.recordPath = try? XMLPath("/*/抽样单")
      options.itemPath = try? XMLPath("检验项目/项目")
    }
    func read(_ pieces: MemorySource.Pieces, plainStretch: Int = 1 << 15) -> (all: [String], ofXML: [String]) {
      let payload = PayloadStream(MemorySource(bytes, pieces: pieces), limits: limits(choice))
      var reader = XMLRecordReader(
        TextStream(payload, label: choice & 0x20 == 0 ? "auto" : "gbk", limits: limits(choice)), options: options,
        limits: limits(choice), plainStretch: plainStretch)
      var chunk = RecordChunk()
      var lines: [String] = []
      while (try? reader.next(into: &chunk)) == true { show(chunk, reader.columnNames, into: &lines) }
      let said = reader.takeDiagnostics()
      FuzzTarget.require(!reader.hasFailed || !said.isEmpty, "a failure has a reason")
      // How much has been decoded when a document is found to be wrong, and what is said of those bytes, is not promised:
      // libxml2 sees a wrong tag at its first letter, ours hands it over when it is whole.
      let ofXML = reader.hasFailed ? said.filter { !$0.code.rawValue.hasPrefix("ENC_") } : said
      return (lines + said.map { "\($0)" }, lines + ofXML.map { "\($0)" })
    }
    let whole = read(.whole)
    FuzzTarget.require(whole.all == read(cut(choice)).all, "the same records however the bytes are cut")
    FuzzTarget.require(whole.ofXML == read(.whole, plainStretch: 0).ofXML, "the same records from libxml2 alone")
    FuzzTarget.require(whole.ofXML == read(.whole, plainStretch: 64).ofXML, "the same records in short stretches")
  }
}
