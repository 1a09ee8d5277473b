import SpotCheckCuration
import SpotCheckModel
import SpotCheckReading
import SpotCheckSystem

/// The beginning of a delivered file, read as little and as seldom as the questions about it allow.
struct DeliveryHead {
  /// Header rows are looked for in this much text.
  static let textLimit = 1 << 20

  let name: String
  /// Names of the folders above, as the path gives them.
  let folders: [String]
  private(set) var format = DeliveredFormat.csv
  private let limits: ReadingLimits
  private let open: () throws -> any ByteSource
  private var knownRoot: Root?
  private var beginnings: [ReadingPlan: Beginning] = [:]
  private var names = HeadNames()

  /// The XML root, or why it could not be read.
  struct Root {
    var name = ""
    var namespace = ""
    var fault: Diagnostic?
  }

  /// The first rows of a CSV file as numbers of ``HeadNames``, and what ended them before their time.
  private struct Beginning {
    var rows: [[UInt32]] = []
    var fault: Diagnostic?
    /// There is no row behind these that could be read.
    var isAll = false
  }

  /// A header row held against the conditions of a layout.
  struct HeaderComparison {
    /// What the best row still lacks, as written.
    var missing: [String] = []
    /// What it has too much.
    var excess: [String] = []
    /// The rows ended here, so that the header may stand where nobody can read it.
    var fault: Diagnostic?
  }

  init(path: String, limits: ReadingLimits, open: @escaping () throws -> any ByteSource) {
    name = PathText.name(of: path)
    folders = path.split(separator: "/").dropLast().map { String($0) }
    self.limits = limits
    self.open = open
  }

  /// Decides the format; a fatal diagnostic if there is nothing to read.
  mutating func readFormat() throws -> Diagnostic? {
    var text = TextStream(PayloadStream(try open(), name: name, limits: limits), limits: limits)
    format = FormatSniffer.format(of: try text.head())
    return text.takeDiagnostics().first { $0.severity == .fatal }
  }

  /// The layout that a mended table of refused rows names (empty: none that can be read); nil: it is no such table.
  mutating func returnedLayout() throws -> String? {
    guard format == .csv else { return nil }
    let reading = ReadingPlan(format: .csv)
    var reader = CSVReader(try open(), name: name, encoding: "auto", dialect: CSVDialect(reading), limits: limits)
    var chunk = RecordChunk()
    var marks: [String: Int]?
    var count = 0
    while count < DeliveryHead.textLimit, try reader.next(into: &chunk) {
      for row in chunk.rows {
        let texts = ReturnedTable.texts(row, chunk)
        if let column = marks?[ReturnedColumns.layout] {
          if column < texts.count, !texts[column].isEmpty { return texts[column].filter { !$0.isWhitespace } }
        } else {
          // Ours is the first row; somebody may have put a title or two above it.
          marks = ReturnedColumns.find(in: texts)
          if marks == nil, row.line > 30 { return nil }
        }
      }
      count += chunk.bytes.count
    }
    return marks == nil ? nil : ""
  }

  /// Local name and namespace of the XML root; empty, with the fault, if it cannot be read.
  mutating func root() throws -> Root {
    if let knownRoot { return knownRoot }
    // Every child of the root counts as a record here, so that one chunk is soon full.
    var reader = XMLRecordReader(
      TextStream(PayloadStream(try open(), name: name, limits: limits), limits: limits), limits: limits)
    var chunk = RecordChunk()
    _ = try reader.next(into: &chunk)
    let full = reader.rootName
    var root = Root(name: full)
    if full.hasPrefix("{"), let close = full.lastIndex(of: "}") {
      root.name = String(full[full.index(after: close)...])
      root.namespace = String(full[full.index(after: full.startIndex)..<close])
    }
    if full.isEmpty { root.fault = reader.takeDiagnostics().first { $0.severity == .fatal } }
    knownRoot = root
    return root
  }

  /// Nothing missing and nothing in excess: the best row is the header.
  mutating func compare(_ match: MatchPlan, _ layout: LayoutPlan) throws -> HeaderComparison {
    var key = layout.reading
    key.isHeaderless = false
    let within = max(layout.curation.header.within, 1)
    let beginning = try rows(within, key)
    let wanted = match.normalisedHeader.map { names.number(of: $0) }
    var best = match.header
    for row in beginning.rows.prefix(within) {
      let missing = wanted.indices.filter { wanted[$0].map { !row.contains($0) } ?? true }
      if missing.count < best.count { best = missing.map { match.header[$0] } }
      guard best.isEmpty else { continue }
      return HeaderComparison(excess: match.lacks.filter { names.number(of: $0).map { row.contains($0) } ?? false })
    }
    return HeaderComparison(missing: best, fault: beginning.rows.count < within ? beginning.fault : nil)
  }

  /// At least so many rows, if the beginning of the file has them.
  private mutating func rows(_ count: Int, _ reading: ReadingPlan) throws -> Beginning {
    if let known = beginnings[reading], known.isAll || known.rows.count >= count { return known }
    let beginning = try readRows(reading, count)
    beginnings[reading] = beginning
    return beginning
  }

  private mutating func readRows(_ reading: ReadingPlan, _ wanted: Int) throws -> Beginning {
    var reader = CSVReader(
      try open(), name: name, encoding: reading.encoding ?? "auto", dialect: CSVDialect(reading), limits: limits)
    var chunk = RecordChunk()
    var beginning = Beginning()
    var count = 0
    // No more rows than are asked for: each of their cells may be a new text.
    while count < DeliveryHead.textLimit, beginning.rows.count < wanted {
      guard try reader.next(into: &chunk) else {
        beginning.isAll = true
        break
      }
      for row in chunk.rows.prefix(wanted - beginning.rows.count) {
        beginning.rows.append(chunk.cells(of: row).map { names.number(ofCell: chunk.bytes.span, $0) })
      }
      count += chunk.bytes.count
    }
    if count >= DeliveryHead.textLimit { beginning.isAll = true }
    beginning.fault = reader.takeDiagnostics().first { $0.severity == .fatal }
    return beginning
  }
}

/// The texts of the first rows as normalised header names, numbered. To normalise a text costs much more than to find
/// it again, and most cells of a table repeat.
private struct HeadNames {
  private var delivered = ByteDictionary()
  private var normalised = ByteDictionary()
  /// By number of the delivered text.
  private var numbers: [UInt32] = [0]

  /// - Parameter bytes: those of the cell's chunk.
  mutating func number(ofCell bytes: Span<UInt8>, _ cell: Cell) -> UInt32 {
    let start = Int(cell.offset)
    let code = Int(delivered.intern(bytes.extracting(start..<(start + Int(cell.length)))))
    if code == numbers.count {
      numbers.append(normalised.intern(HeaderNames.normalise(delivered.string(UInt32(code)))))
    }
    return numbers[code]
  }

  /// The number of a normalised name, or nil if no cell has it.
  func number(of name: String) -> UInt32? {
    let utf8 = name.utf8
    return normalised.find(utf8.span)
  }
}

extension CSVDialect {
  /// The dialect that a plan prescribes, or nil: to be found out.
  init?(_ reading: ReadingPlan) {
    guard let delimiter = reading.delimiter else { return nil }
    self.init(
      delimiter: delimiter, quote: reading.quote, quotesInsideAreText: delimiter == UInt8(ascii: "\t"))
  }
}
