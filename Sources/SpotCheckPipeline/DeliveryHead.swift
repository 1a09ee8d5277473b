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
  private var readings: [Reading: HeadRows] = [:]
  private var beginnings: [Reading: Beginning] = [:]
  private var names = HeadNames()

  /// The XML root, or why it could not be read.
  struct Root {
    var name = ""
    var namespace = ""
    var fault: Diagnostic?
  }

  /// What of a plan decides how the text of a CSV file is read.
  private struct Reading: Hashable {
    var encoding: String?
    var delimiter: UInt8?
    var quote: UInt8?
  }

  /// The first rows of a CSV file as numbers of ``HeadNames``, and what ended them before their time.
  private struct Beginning {
    var rows: [[UInt32]] = []
    var fault: Diagnostic?
    /// There is no row behind these that could be read.
    var isAll = false
    // The chunk under way, its next row, and how much text there was up to its end.
    var chunk = -1
    var next = 0
    var textBytes = 0
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
    let head = try firstChunks(ReadingPlan(format: .csv))
    var marks: [String: Int]?
    var count = 0
    var number = 0
    while count < DeliveryHead.textLimit, let chunk = try head.chunk(number) {
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
      number += 1
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
    let within = max(layout.curation.header.within, 1)
    let beginning = try rows(within, layout.reading)
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

  /// The file read as a plan says.
  private mutating func firstChunks(_ plan: ReadingPlan) throws -> HeadRows {
    let reading = DeliveryHead.reading(plan)
    if let known = readings[reading] { return known }
    let head = HeadRows(
      CSVReader(
        try open(), name: name, encoding: plan.encoding ?? "auto", dialect: CSVDialect(plan),
        limits: limits))
    readings[reading] = head
    return head
  }

  private static func reading(_ plan: ReadingPlan) -> Reading {
    // A dialect that is found out is not asked for its quote.
    Reading(
      encoding: plan.encoding, delimiter: plan.delimiter,
      quote: plan.delimiter == nil ? nil : plan.quote)
  }

  /// At least so many rows, if the beginning of the file has them.
  private mutating func rows(_ wanted: Int, _ plan: ReadingPlan) throws -> Beginning {
    let reading = DeliveryHead.reading(plan)
    var beginning = beginnings[reading] ?? Beginning()
    if beginning.isAll || beginning.rows.count >= wanted { return beginning }
    let head = try firstChunks(plan)
    // No more rows than are asked for: each of their cells may be a new text.
    while beginning.rows.count < wanted {
      if let chunk = try beginning.chunk < 0 ? nil : head.chunk(beginning.chunk),
        beginning.next < chunk.rows.count
      {
        let rows = chunk.rows[beginning.next...].prefix(wanted - beginning.rows.count)
        for row in rows {
          beginning.rows.append(
            chunk.cells(of: row).map { names.number(ofCell: chunk.bytes.span, $0) })
        }
        beginning.next += rows.count
        continue
      }
      guard beginning.textBytes < DeliveryHead.textLimit else { break }
      beginning.chunk += 1
      beginning.next = 0
      guard let chunk = try head.chunk(beginning.chunk) else {
        beginning.isAll = true
        break
      }
      beginning.textBytes += chunk.bytes.count
    }
    if beginning.textBytes >= DeliveryHead.textLimit { beginning.isAll = true }
    beginning.fault = head.fault(upTo: beginning.chunk)
    beginnings[reading] = beginning
    return beginning
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
