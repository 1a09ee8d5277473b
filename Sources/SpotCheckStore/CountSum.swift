import SpotCheckModel

/// What was said about the rows of a segment since they were written, as one snapshot sees it.
public struct RowsSaid: Sendable, Hashable {
  /// Rows that do not count, ascending.
  public var closed: [UInt32]
  /// Rows to which an objection is open although their own flags do not say so, ascending.
  public var pending: [UInt32]
  /// Rows whose flag ``SampleFlags/pending`` no longer holds, ascending.
  public var settled: [UInt32]

  public init(closed: [UInt32] = [], pending: [UInt32] = [], settled: [UInt32] = []) {
    self.closed = closed
    self.pending = pending
    self.settled = settled
  }

  public var isNothing: Bool { closed.isEmpty && pending.isEmpty && settled.isEmpty }

  /// What holds for one row.
  fileprivate enum Fate: Hashable {
    case closed, pending, settled
  }

  fileprivate var fates: [UInt32: Fate] {
    var fates: [UInt32: Fate] = [:]
    for row in pending { fates[row] = .pending }
    for row in settled { fates[row] = .settled }
    for row in closed { fates[row] = .closed }
    return fates
  }
}

/// Samples of any number of segments, counted by bureau, category, district, park, purpose, verdict, the flags that decide
/// a sample's class, and the month of sampling: sums of ``SegmentCounts`` and of single rows.
///
/// Segments are added as a snapshot sees them, and taken off again: the counts of one snapshot become those of the next at
/// the cost of what is different.
public struct CountSum {
  /// Codes of the columns, flags, month.
  private typealias Kind = SIMD8<UInt32>
  private static let flagsPlace = SegmentCounts.columns.count
  private static let monthPlace = flagsPlace + 1

  /// Texts are compared by their bytes; code 0 is the empty text.
  private var texts = SegmentCounts.columns.map { _ in ByteDictionary() }
  private var counts: [Kind: Int] = [:]
  private var months = MonthStarts()

  public init() {}

  public init(_ table: SegmentCountTable) { add(table) }

  /// Combinations that were met.
  public var kinds: Int { counts.count }

  public mutating func add(_ table: SegmentCountTable, sign: Int = 1) {
    let maps = table.texts.indices.map { column in table.texts[column].map { texts[column].intern($0) } }
    for row in 0..<table.rowCount {
      var kind = Kind()
      for column in maps.indices { kind[column] = maps[column][Int(table.codes[column][row])] }
      kind[CountSum.flagsPlace] = table.flags[row]
      kind[CountSum.monthPlace] = UInt32(bitPattern: table.days[row])
      counts[kind, default: 0] += sign * Int(table.counts[row])
    }
  }

  /// Adds a segment, or takes it off. It is opened if something was said about its rows, or if it has no counts of its own.
  ///
  /// - Returns: false if it has none and is too large to be counted here.
  public mutating func add(
    _ description: SegmentDescription, _ said: RowsSaid, sign: Int = 1, open: () throws -> Segment
  ) throws -> Bool {
    guard let kept = description.counts?.table() else {
      guard description.sampleRows < SegmentCounts.leastRows else { return false }
      try add(try open(), said, sign: sign)
      return true
    }
    add(kept, sign: sign)
    if !said.isNothing { try change(try open(), from: RowsSaid(), to: said, sign: sign) }
    return true
  }

  /// Adds all rows of a segment, or takes them off, whatever was counted before.
  public mutating func add(_ segment: Segment, _ said: RowsSaid, sign: Int = 1) throws {
    let fates = said.fates
    let rows = (0..<segment.sampleCount).map { UInt32(truncatingIfNeeded: $0) }
    try add(rows.filter { fates[$0] != .closed }, of: segment, fates, sign: sign)
  }

  /// Counts the rows anew about which something else was said.
  public mutating func change(_ segment: Segment, from: RowsSaid, to: RowsSaid, sign: Int = 1) throws {
    let (before, after) = (from.fates, to.fates)
    let rows = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    try add(rows.filter { before[$0] != .closed }, of: segment, before, sign: -sign)
    try add(rows.filter { after[$0] != .closed }, of: segment, after, sign: sign)
  }

  /// - Parameter rows: ascending.
  private mutating func add(_ rows: [UInt32], of segment: Segment, _ fates: [UInt32: RowsSaid.Fate], sign: Int) throws {
    guard let last = rows.last else { return }
    guard Int(last) < segment.sampleCount else {
      throw StoreError.damaged(segment.samples.path, .description, "something is said about row \(last)")
    }
    var kinds = [Kind](repeating: Kind(), count: rows.count)
    for (place, column) in SegmentCounts.columns.enumerated() {
      var map: [UInt32: UInt32] = [0: 0]
      let codes = try segment.withCodes(column) { view in rows.map { view[Int($0)] } }
      try segment.withDictionary(of: column) { offsets, bytes in
        for code in Set(codes).subtracting([0]) where Int(code) < offsets.count - 1 {
          let text = bytes.extracting(TextOffsets.range(offsets, Int(code), byteCount: bytes.count))
          map[code] = texts[place].intern(text)
        }
      }
      for index in rows.indices { kinds[index][place] = map[codes[index]] ?? 0 }
    }
    try segment.withNumbers(.flags) { flags in
      for index in rows.indices {
        var bits = flags[Int(rows[index])]
        switch fates[rows[index]] {
        case .pending: bits |= SampleFlags.pending.rawValue
        case .settled: bits &= ~SampleFlags.pending.rawValue
        case .closed, nil: break
        }
        kinds[index][CountSum.flagsPlace] = bits & SegmentCounts.flags.rawValue
      }
    }
    let days = try segment.withDays(.sampled) { days in rows.map { days[Int($0)] } }
    for index in rows.indices {
      kinds[index][CountSum.monthPlace] = UInt32(bitPattern: months.start(of: days[index]))
      counts[kinds[index], default: 0] += sign
    }
  }

  /// The same samples in any order, by whatever way they were added, give the same. Nil if some number is none: what was
  /// taken off had not been added.
  public func table() -> SegmentCountTable? {
    let found = counts.filter { $0.value != 0 }
    guard found.values.allSatisfy({ UInt32(exactly: $0) != nil }) else { return nil }
    var maps: [[UInt32: UInt32]] = []
    var sorted: [[String]] = []
    for (place, dictionary) in texts.enumerated() {
      let used = Set(found.keys.map { $0[place] }).subtracting([0]).map { ($0, dictionary.string($0)) }
        .sorted { $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) }
      sorted.append([""] + used.map(\.1))
      var map: [UInt32: UInt32] = [0: 0]
      for (index, text) in used.enumerated() { map[text.0] = UInt32(truncatingIfNeeded: index + 1) }
      maps.append(map)
    }
    let lines = found.map { kind, count in
      var line = kind
      for place in maps.indices { line[place] = maps[place][kind[place]] ?? 0 }
      return (line, UInt32(truncatingIfNeeded: count))
    }.sorted { CountSum.precedes($0.0, $1.0) }
    var table = SegmentCountTable(texts: sorted)
    for (line, count) in lines {
      for place in maps.indices { table.codes[place].append(line[place]) }
      table.flags.append(line[CountSum.flagsPlace])
      table.days.append(Int32(bitPattern: line[CountSum.monthPlace]))
      table.counts.append(count)
    }
    return table
  }

  private static func precedes(_ left: Kind, _ right: Kind) -> Bool {
    for place in 0..<Kind.scalarCount where left[place] != right[place] { return left[place] < right[place] }
    return false
  }
}
