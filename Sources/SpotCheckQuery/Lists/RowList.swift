import SpotCheckModel
import SpotCheckStore

extension ListQuery {
  /// Lists samples or items of a snapshot.
  ///
  /// - Throws: ``QueryError`` for unknown columns or a filter that means nothing; while rows are read, `StoreError`.
  public func report(on source: QuerySource) throws -> Report {
    guard kind == .samples || kind == .items else {
      throw QueryError("the list '\(kind.rawValue)' is read from the catalogue")
    }
    let fields = try RowField.list(self)
    let parsed = try filter.map { try Filter($0, itemsFirst: kind == .items) }
    let book = try CodeBook(source, onMap: onMap, kinds: parsed?.kinds ?? [])
    if let parsed, parsed.usesItems, kind == .samples {
      throw QueryError(
        "the filter asks for items, but samples are listed", source: parsed.text, position: 0,
        advice: "List items instead, or leave the item's columns out.")
    }
    let plan = try FilterPlan(parsed, book, periodBy: periodBy)
    var listing = RowListing(query: self, fields: fields.map(\.field), source: source, plan: plan)
    try listing.findStart()
    return Report(
      columns: fields.map { ReportColumn($0.name, heading: $0.name, isNumeric: $0.field.isNumeric) },
      query: described, snapshot: source.snapshot, notes: plan.notes
    ) { [listing] body in try listing.forEachRow(body) }
  }
}

/// Walks over segments in order and lends the rows that match.
struct RowListing: Sendable {
  static let chunk = 16_384

  let query: ListQuery
  let fields: [RowField]
  let source: QuerySource
  let plan: FilterPlan
  /// A further condition, made for each segment.
  var group: (@Sendable (any QuerySegment) throws -> SegmentTest)?
  /// The last row of the page before: the number of its segment, the sample's row, the item's.
  private(set) var start: (segment: Int, row: Int, item: Int)?

  init(query: ListQuery, fields: [RowField], source: QuerySource, plan: FilterPlan) {
    self.query = query
    self.fields = fields
    self.source = source
    self.plan = plan
  }

  /// Finds the row that the query's cursor names. Segments before it are not even opened.
  ///
  /// - Throws: ``QueryError`` if there is none; what opening its segment throws.
  mutating func findStart() throws {
    guard let cursor = query.cursor else { return }
    let segments = try source.segments()
    guard let place = cursor.numbers(query.kind == .items ? 3 : 2), segments.indices.contains(place.numbers[0]),
      ShortHash.of(segments[place.numbers[0]].id) == place.first
    else { throw cursor.lost() }
    let (index, row) = (place.numbers[0], place.numbers[1])
    let segment = try segments[index].open()
    guard (0..<segment.sampleRows).contains(row) else { throw cursor.lost() }
    start = (index, row, -1)
    guard query.kind == .items else { return }
    var (first, count): ([UInt32], [UInt32]) = ([0], [0])
    try segment.readNumbers(SampleNumber.firstItem, row..<row + 1, into: &first)
    try segment.readNumbers(SampleNumber.itemCount, row..<row + 1, into: &count)
    let item = place.numbers[2]
    guard item >= Int(first[0]), item - Int(first[0]) < Int(count[0]) else { throw cursor.lost() }
    start = (index, row, item)
  }

  func forEachRow(_ body: ([ReportCell]) throws -> Void) throws {
    var left = query.readLimit
    let batchNames = fields.contains(.batchName) ? try source.batchNames() : [:]
    for (number, visible) in try source.segments().enumerated() where visible.sampleRows > 0 && left > 0 {
      if let start, number < start.segment { continue }
      if let description = visible.description, !plan.canMatch(description) { continue }
      let segment = try visible.open()
      var test = try SegmentTest(plan.root, segment)
      if case .constant(false) = test { continue }
      if let group { test = .all([test, try group(segment)]) }
      var reader = RowReader(segment, fields, batchNames: batchNames)
      var scan = FilterScan(segment)
      let name = query.isPlaced ? "\(ShortHash.of(segment.id)).\(number)" : nil
      let before = start.flatMap { $0.segment == number ? $0 : nil }
      var next = before.map { query.kind == .items ? $0.row : $0.row + 1 } ?? 0
      while next < segment.sampleRows, left > 0 {
        let rows = next..<min(next + RowListing.chunk, segment.sampleRows)
        next = rows.upperBound
        var mask = [UInt8](repeating: 1, count: rows.count)
        if !query.includesExcluded {
          var index = visible.excludedRows.firstIndex(notBelow: UInt32(rows.lowerBound))
          while index < visible.excludedRows.count, Int(visible.excludedRows[index]) < rows.upperBound {
            mask[Int(visible.excludedRows[index]) - rows.lowerBound] = 0
            index += 1
          }
        }
        if query.kind == .samples {
          let matching = try scan.mask(test, samples: rows)
          try reader.load(samples: rows, items: nil)
          for index in 0..<rows.count where mask[index] & matching[index] == 1 && left > 0 {
            try body(reader.cells(sample: index, item: nil) + place(name, rows.lowerBound + index, nil))
            left -= 1
          }
        } else {
          try listItems(test, rows, mask, name, before, &reader, &scan, &left, body)
        }
      }
    }
  }

  private func listItems(
    _ test: SegmentTest, _ rows: Range<Int>, _ mask: [UInt8], _ name: String?,
    _ before: (segment: Int, row: Int, item: Int)?,
    _ reader: inout RowReader, _ scan: inout FilterScan,
    _ left: inout Int, _ body: ([ReportCell]) throws -> Void
  ) throws {
    let segment = scan.segment
    var firsts = [UInt32](repeating: 0, count: rows.count)
    var counts = firsts
    try segment.readNumbers(SampleNumber.firstItem, rows, into: &firsts)
    try segment.readNumbers(SampleNumber.itemCount, rows, into: &counts)
    let low = firsts.min().map(Int.init) ?? 0
    let high = min(zip(firsts, counts).map { Int($0) + Int($1) }.max() ?? 0, segment.itemRows)
    let items = min(low, high)..<high
    let matching = try scan.mask(test, items: items, samples: rows)
    try reader.load(samples: rows, items: items)
    for index in 0..<rows.count where mask[index] == 1 {
      let first = max(0, Int(firsts[index]) - items.lowerBound)
      for item in first..<max(first, min(first + Int(counts[index]), items.count)) where matching[item] == 1 {
        guard left > 0 else { return }
        let (row, itemRow) = (rows.lowerBound + index, items.lowerBound + item)
        if let before, row == before.row, itemRow <= before.item { continue }
        try body(reader.cells(sample: index, item: item) + place(name, row, itemRow))
        left -= 1
      }
    }
  }
}

extension RowListing {
  /// The cell that says where a row stands, if it is wanted.
  private func place(_ segment: String?, _ row: Int, _ item: Int?) -> [ReportCell] {
    segment.map { [.text("\($0).\(row)" + (item.map { ".\($0)" } ?? ""))] } ?? []
  }
}

/// Reads the fields of a stretch of rows, a column at a time, and puts them together row by row.
struct RowReader {
  private let segment: any QuerySegment
  private let fields: [RowField]
  private let batchNames: [String: String]
  private var columns: [[ReportCell]]
  private var entries: [RowField: [ReportCell]] = [:]

  init(_ segment: any QuerySegment, _ fields: [RowField], batchNames: [String: String]) {
    self.segment = segment
    self.fields = fields
    self.batchNames = batchNames
    columns = fields.map { _ in [] }
  }

  mutating func load(samples: Range<Int>, items: Range<Int>?) throws {
    for (index, field) in fields.enumerated() {
      columns[index] = try column(field, field.isOfItems ? items ?? 0..<0 : samples)
    }
  }

  func cells(sample: Int, item: Int?) -> [ReportCell] {
    fields.indices.map { index in
      let row = fields[index].isOfItems ? item ?? -1 : sample
      return columns[index].indices.contains(row) ? columns[index][row] : .missing
    }
  }

  private static func cell(_ text: String) -> ReportCell { text.isEmpty ? .missing : .text(text) }

  private mutating func column(_ field: RowField, _ rows: Range<Int>) throws -> [ReportCell] {
    var codes = [UInt32](repeating: 0, count: rows.count)
    func looked(_ entries: [ReportCell]) -> [ReportCell] {
      codes.map { Int($0) < entries.count ? entries[Int($0)] : .missing }
    }
    switch field {
    case .sample(let column):
      try segment.readCodes(column, rows, into: &codes)
      return looked(
        try entries(field) { try $0.entries(column).map { RowReader.cell(ShownText.of($0, column)) } })
    case .item(let column):
      try segment.readCodes(column, rows, into: &codes)
      return looked(
        try entries(field) { try $0.entries(column).map { RowReader.cell(PersonalData.masked($0)) } })
    case .batchName:
      try segment.readCodes(SampleText.batch, rows, into: &codes)
      let names = batchNames
      return looked(try entries(field) { try $0.entries(SampleText.batch).map { RowReader.cell(names[$0] ?? $0) } })
    case .plain(let column):
      return try segment.plainTexts(column, rows).map { RowReader.cell(ShownText.of($0, column)) }
    case .day(let column):
      var days = [Int32](repeating: 0, count: rows.count)
      try segment.readDays(column, rows, into: &days)
      return days.map { $0 == DayColumn.missing ? .missing : .text(CalendarDay(daysSinceEpoch: $0).description) }
    case .decimal(let column):
      return try segment.decimals(column, rows).map { $0.map { .text($0.description) } ?? .missing }
    case .sampleFlags:
      try segment.readNumbers(SampleNumber.flags, rows, into: &codes)
      return codes.map { RowReader.cell(FlagNames.text($0, items: false)) }
    case .itemFlags:
      try segment.readNumbers(ItemNumber.flags, rows, into: &codes)
      return codes.map { RowReader.cell(FlagNames.text($0, items: true)) }
    case .sampleLine: return try positions(.line, false, rows)
    case .sampleByte: return try positions(.byteOffset, false, rows)
    case .itemLine: return try positions(.line, true, rows)
    case .itemByte: return try positions(.byteOffset, true, rows)
    case .segment: return rows.map { _ in .text(segment.id) }
    case .row: return rows.map { .integer($0) }
    }
  }

  private func positions(_ column: RowPosition, _ ofItems: Bool, _ rows: Range<Int>) throws -> [ReportCell] {
    var numbers = [Int64](repeating: 0, count: rows.count)
    try segment.readPositions(column, ofItems: ofItems, rows, into: &numbers)
    return numbers.map { .integer(Int($0)) }
  }

  /// A dictionary as cells, made once a segment.
  private mutating func entries(_ field: RowField, _ make: (any QuerySegment) throws -> [ReportCell]) throws
    -> [ReportCell]
  {
    if let known = entries[field] { return known }
    let cells = try make(segment)
    entries[field] = cells
    return cells
  }
}
