import SpotCheckModel

@testable import SpotCheckCuration

/// Builds chunks from rows of texts, as the CSV reader would.
enum Chunks {
  static func flat(_ rows: [[String]], firstLine: Int = 1, payloadStart: Int = 0) -> RecordChunk {
    var chunk = RecordChunk()
    chunk.payloadStart = payloadStart
    var source = 0
    for (index, texts) in rows.enumerated() {
      append(texts.enumerated().map { ($0, $1) }, kind: .flat, line: firstLine + index, &source, &chunk)
    }
    chunk.noteRepeats()
    return chunk
  }

  /// Rows of an XML reader: pairs of path index and text.
  static func nested(_ rows: [(RowKind, [(Int, String)])]) -> RecordChunk {
    var chunk = RecordChunk()
    var source = 0
    for (index, row) in rows.enumerated() { append(row.1, kind: row.0, line: index + 1, &source, &chunk) }
    return chunk
  }

  private static func append(
    _ cells: [(Int, String)], kind: RowKind, line: Int, _ source: inout Int, _ chunk: inout RecordChunk
  ) {
    let rawOffset = chunk.bytes.count
    let start = source
    let firstCell = chunk.cells.count
    for (column, text) in cells {
      let offset = chunk.bytes.count
      chunk.bytes.append(contentsOf: text.utf8)
      chunk.cells.append(
        Cell(offset: UInt32(offset), length: UInt32(text.utf8.count), source: UInt32(source), column: UInt32(column)))
      chunk.bytes.append(0x2C)
      source += text.utf8.count + 1
    }
    let length = kind == .flat ? chunk.bytes.count - rawOffset : 0
    chunk.rows.append(
      RawRow(
        firstCell: UInt32(firstCell), cellCount: UInt32(cells.count), rawOffset: UInt32(rawOffset),
        rawLength: UInt32(length), line: line, byteOffset: start, kind: kind, isDamaged: false))
  }
}

/// What became of some rows.
struct Curated {
  var tables = TablePair()
  var report = CurationReport()

  var accounts: RowAccounts { report.accounts }

  func codes(_ severity: Severity = .warning) -> [String] {
    report.diagnostics.filter { $0.severity >= severity }.map(\.code.rawValue).sorted()
  }
  func sample(_ row: Int, _ column: SampleText) -> String { tables.samples[column].string(row) }
  func numbers() -> [String] { (0..<tables.samples.rowCount).map { tables.samples[.samplingNumber].string($0) } }
  func samples(_ column: SampleText) -> [String] { (0..<tables.samples.rowCount).map { sample($0, column) } }
  func item(_ row: Int, _ column: ItemText) -> String { tables.items[column].string(row) }
  func items(_ column: ItemText) -> [String] { (0..<tables.items.rowCount).map { item($0, column) } }
  func value(_ row: Int, _ column: ItemDecimal = .value) -> String {
    tables.items[column].value(row)?.description ?? ""
  }
  func flags(_ row: Int) -> SampleFlags { SampleFlags(rawValue: tables.samples.flags[row]) }
  func itemFlags(_ row: Int) -> ItemFlags { ItemFlags(rawValue: tables.items.flags[row]) }
  func itemCounts() -> [Int] { tables.samples.itemCount.map { Int($0) } }
}

extension CurationPlan {
  /// Fields by delivered name; default tables where `tables` has them.
  static func make(
    _ shape: RecordShape, _ fields: [(FieldTarget, [String])], tables: [String: CodeTable] = [:],
    change: (inout CurationPlan) -> Void = { _ in }
  ) -> CurationPlan {
    let plans = fields.map { target, names -> FieldPlan in
      var field = FieldPlan(
        target,
        from: names.map { name in
          name.hasPrefix("#") ? .position((Int(name.dropFirst()) ?? 1) - 1) : .name(CodeTable.normalise(name))
        })
      switch target {
      case .category: field.table = tables["categories"] == nil ? nil : "categories"
      case .unitDistrict, .producerDistrict: field.table = tables["districts"] == nil ? nil : "districts"
      case .park: field.table = tables["parks"] == nil ? nil : "parks"
      default: break
      }
      return field
    }
    var plan = CurationPlan(
      name: "test", bureau: "test", shape: shape, fields: plans, tables: CodeTables(tables: tables))
    if shape == .nested { plan.header.mode = .paths }
    change(&plan)
    return plan
  }

  mutating func field(_ target: FieldTarget, _ change: (inout FieldPlan) -> Void) {
    for index in fields.indices where fields[index].target == target { change(&fields[index]) }
  }

  func run(_ rows: [[String]]) -> Curated { run(chunks: [Chunks.flat(rows)]) }

  func run(chunks: [RecordChunk], names: [String] = []) -> Curated {
    var curator = Curator(plan: self)
    var result = Curated()
    for chunk in chunks {
      curator.curate(chunk, columnNames: names, into: &result.tables, report: &result.report)
    }
    curator.finish(into: &result.tables, report: &result.report)
    return result
  }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// The districts of Xining with their history (GB/T 2260), and the parks.
enum XiningCodes {
  static func day(_ text: String) -> CalendarDay? { CalendarDay(iso: text) }

  static let districts = CodeTable(
    name: "districts",
    entries: [
      CodeEntry(code: "630000", name: "青海省", level: 1, aliases: ["青海"]),
      CodeEntry(code: "630100", name: "西宁市", parent: "630000", level: 2, aliases: ["西宁", "市本级"]),
      CodeEntry(code: "630102", name: "城东区", parent: "630100", level: 3, aliases: ["东区"]),
      CodeEntry(code: "630103", name: "城中区", parent: "630100", level: 3),
      CodeEntry(code: "630104", name: "城西区", parent: "630100", level: 3),
      CodeEntry(code: "630105", name: "城北区", parent: "630100", level: 3),
      CodeEntry(
        code: "630106", name: "湟中区", parent: "630100", level: 3, validFrom: day("2019-12-01")),
      CodeEntry(
        code: "630122", name: "湟中县", parent: "630100", level: 3, validFrom: day("1999-12-31"),
        validTo: day("2019-12-01"), successors: ["630106"]),
      CodeEntry(
        code: "632124", name: "湟中县", parent: "632100", level: 3, validFrom: day("1981-01-01"),
        validTo: day("1999-12-31"), successors: ["630122"]),
      CodeEntry(code: "630121", name: "大通回族土族自治县", parent: "630100", level: 3, aliases: ["大通县", "大通"]),
      CodeEntry(code: "630123", name: "湟源县", parent: "630100", level: 3, aliases: ["湟源"]),
      CodeEntry(code: "630106101", name: "多巴镇", parent: "630106", level: 4),
      CodeEntry(code: "630121107", name: "城关镇", parent: "630121", level: 4),
      CodeEntry(code: "630123100", name: "城关镇", parent: "630123", level: 4),
    ])
  static let parks = CodeTable(
    name: "parks",
    entries: [
      CodeEntry(code: "630102400", name: "东川工业园", parent: "630102", aliases: ["东川工业园区"]),
      CodeEntry(code: "630105400", name: "生物科技产业园", parent: "630105", aliases: ["生物园区"]),
      CodeEntry(code: "630106400", name: "甘河工业园", parent: "630106", aliases: ["甘河工业园区"]),
    ])
}
