import SpotCheckModel
import SpotCheckStore

/// A segment's kept counts in place of its rows, and the few rows about which something was said since.
struct KeptCounts {
  let segment: CountedSegment
  private let visible: VisibleSegment

  /// Rows that are counted beside the kept counts.
  struct Correction {
    var rows: PickedRows
    var weights: [UInt32]
    var sign: Int
  }

  /// Nil if none were kept, they are damaged, or so much was said since that reading the rows is as quick.
  init?(_ visible: VisibleSegment) {
    let said = visible.excludedRows.count + visible.pendingRows.count + visible.settledRows.count
    guard said * 32 <= visible.sampleRows, let table = visible.description?.counts?.table() else { return nil }
    segment = CountedSegment(id: visible.id, table: table)
    self.visible = visible
  }

  /// Takes off the rows that do not count any more, and counts those whose flags have changed as they are now.
  func corrections() throws -> [Correction] {
    let marked = visible.pendingRows + visible.settledRows
    let gone = (visible.excludedRows + marked).sorted()
    var corrections: [Correction] = []
    func add(_ rows: [UInt32], of base: any QuerySegment, sign: Int) {
      guard !rows.isEmpty else { return }
      corrections.append(
        Correction(
          rows: PickedRows(base: base, picked: rows), weights: Array(repeating: 1, count: rows.count), sign: sign))
    }
    if !gone.isEmpty { add(gone, of: try visible.openBare(), sign: -1) }
    if !marked.isEmpty { add(marked.sorted(), of: try visible.open(), sign: 1) }
    return corrections
  }

  /// Whether a question asks for nothing but what is counted.
  static func suffice(
    for asked: [Dimension], _ keyed: [Dimension], _ plan: FilterPlan, periodBy: SampleDay
  ) -> Bool {
    (asked + keyed).allSatisfy { dimension in
      switch dimension.kind.source {
      case .item: false
      // Years, quarters and months are made of months.
      case .period: periodBy == .sampled
      case .sample(let column): SegmentCounts.columns.contains(column)
      }
    } && suffice(for: plan.root)
  }

  private static func suffice(for node: FilterPlan.Node) -> Bool {
    switch node {
    case .constant: true
    case .all(let parts), .any(let parts): parts.allSatisfy(suffice)
    case .not(let part): suffice(for: part)
    case .text(let column, _): SegmentCounts.columns.contains(column)
    case .days(.sampled, let matcher): matcher.ranges.allSatisfy(isWholeMonths)
    default: false
    }
  }

  /// Whether a month lies wholly inside or wholly outside.
  private static func isWholeMonths(_ days: ClosedRange<Int32>) -> Bool {
    let valid = KeyPlanner.validDays
    func beginsMonth(_ day: Int32) -> Bool { CalendarDay(daysSinceEpoch: day).civil.day == 1 }
    let (first, last) = (days.lowerBound, days.upperBound)
    return (first < valid.lowerBound || first > valid.upperBound || beginsMonth(first))
      && (last >= valid.upperBound || last < valid.lowerBound || beginsMonth(last + 1))
  }
}

/// Kept counts as a segment: a row for each combination, which stands on the first day of its month.
///
/// It answers only what ``KeptCounts/suffice(for:_:_:periodBy:)`` lets through; anything else is our own mistake.
struct CountedSegment: QuerySegment {
  let id: String
  let table: SegmentCountTable

  var sampleRows: Int { table.rowCount }
  var itemRows: Int { 0 }

  private func place(_ column: SampleText) -> Int {
    guard let place = SegmentCounts.columns.firstIndex(of: column) else {
      preconditionFailure("samples were not counted by \(column.name)")
    }
    return place
  }

  func entries(_ column: SampleText) throws -> [String] { table.texts[place(column)] }

  func readCodes(_ column: SampleText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    CountedSegment.copy(table.codes[place(column)], rows, to: &buffer)
  }

  func readDays(_ column: SampleDay, _ rows: Range<Int>, into buffer: inout [Int32]) throws {
    precondition(column == .sampled, "samples were counted by month of sampling only")
    CountedSegment.copy(table.days, rows, to: &buffer)
  }

  func readNumbers(_ column: SampleNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    precondition(column == .flags, "samples were counted by flags only")
    CountedSegment.copy(table.flags, rows, to: &buffer)
  }

  private static func copy<Number>(_ column: [Number], _ rows: Range<Int>, to buffer: inout [Number]) {
    let source = column.span.extracting(rows)
    var target = buffer.mutableSpan
    for index in source.indices { target[index] = source[index] }
  }

  func dayRange(_ column: SampleDay) throws -> ClosedRange<Int32>? {
    precondition(column == .sampled, "samples were counted by month of sampling only")
    var range: ClosedRange<Int32>?
    for day in table.days where day != DayColumn.missing && range?.contains(day) != true {
      range = min(range?.lowerBound ?? day, day)...max(range?.upperBound ?? day, day)
    }
    return range
  }

  func entries(_ column: ItemText) throws -> [String] { preconditionFailure("items were not counted") }
  func readCodes(_ column: ItemText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    preconditionFailure("items were not counted")
  }
  func readNumbers(_ column: ItemNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    preconditionFailure("items were not counted")
  }
  func readPositions(_ column: RowPosition, ofItems: Bool, _ rows: Range<Int>, into buffer: inout [Int64]) throws {
    preconditionFailure("counts have no place")
  }
  func plainTexts(_ column: SamplePlainText, _ rows: Range<Int>) throws -> [String] {
    preconditionFailure("samples were not counted by \(column)")
  }
  func decimals(_ column: ItemDecimal, _ rows: Range<Int>) throws -> [ExactDecimal?] {
    preconditionFailure("items were not counted")
  }
}

/// Some rows of a segment, as if they were all of it.
struct PickedRows: QuerySegment {
  let base: any QuerySegment
  /// Ascending.
  let picked: [UInt32]

  var id: String { base.id }
  var sampleRows: Int { picked.count }
  var itemRows: Int { 0 }
  func entries(_ column: SampleText) throws -> [String] { try base.entries(column) }
  func entries(_ column: ItemText) throws -> [String] { try base.entries(column) }

  /// Rows of the segment that are read at once, for those among them that were picked: asking for a row costs as much as
  /// asking for hundreds.
  private static let stretch = 4096

  private func read<Value>(
    _ rows: Range<Int>, into buffer: inout [Value], _ zero: Value, _ many: (Range<Int>, inout [Value]) throws -> Void
  ) throws {
    var block = [Value](repeating: zero, count: PickedRows.stretch)
    var index = rows.lowerBound
    while index < rows.upperBound {
      let first = Int(picked[index])
      var end = index + 1
      while end < rows.upperBound, Int(picked[end]) - first < PickedRows.stretch { end += 1 }
      try many(first..<Int(picked[end - 1]) + 1, &block)
      for place in index..<end { buffer[place - rows.lowerBound] = block[Int(picked[place]) - first] }
      index = end
    }
  }

  func readCodes(_ column: SampleText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try read(rows, into: &buffer, 0) { try base.readCodes(column, $0, into: &$1) }
  }
  func readDays(_ column: SampleDay, _ rows: Range<Int>, into buffer: inout [Int32]) throws {
    try read(rows, into: &buffer, 0) { try base.readDays(column, $0, into: &$1) }
  }
  func readNumbers(_ column: SampleNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    try read(rows, into: &buffer, 0) { try base.readNumbers(column, $0, into: &$1) }
  }
  func dayRange(_ column: SampleDay) throws -> ClosedRange<Int32>? { try base.dayRange(column) }
  func plainTexts(_ column: SamplePlainText, _ rows: Range<Int>) throws -> [String] {
    try picked[rows].flatMap { try base.plainTexts(column, Int($0)..<Int($0) + 1) }
  }
  func readPositions(_ column: RowPosition, ofItems: Bool, _ rows: Range<Int>, into buffer: inout [Int64]) throws {
    try read(rows, into: &buffer, 0) { try base.readPositions(column, ofItems: ofItems, $0, into: &$1) }
  }

  func readCodes(_ column: ItemText, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    preconditionFailure("picked rows are samples")
  }
  func readNumbers(_ column: ItemNumber, _ rows: Range<Int>, into buffer: inout [UInt32]) throws {
    preconditionFailure("picked rows are samples")
  }
  func decimals(_ column: ItemDecimal, _ rows: Range<Int>) throws -> [ExactDecimal?] {
    preconditionFailure("picked rows are samples")
  }
}
