public import SpotCheckModel

/// How many samples of a segment are alike in everything that rates are usually asked by: bureau, category, district, park,
/// purpose, verdict, the flags that decide a sample's class, and the month of sampling.
///
/// Made when a segment is sealed, from its rows alone, and kept in its description: a question that needs nothing else adds
/// up a few hundred of these instead of reading every row. Rows that stopped counting later are taken off by whoever asks.
/// `store verify` counts again.
public struct SegmentCounts: Sendable, Codable, Hashable {
  public static let columns: [SampleText] = [.bureau, .category, .district, .park, .purpose, .verdict]
  /// The flags that are told apart; the others are not kept.
  public static let flags: SampleFlags = [.labelOnly, .riskMonitoring, .pending, .refused, .unlicensed, .listed]
  #if DEBUG
    // Every test of a store is a test of its counts.
    static let leastRows = 1
    static let leastShare = 1
  #else
    /// Fewer rows are as quickly read as this.
    static let leastRows = 512
    /// A segment is counted only if so many rows, on average, are alike.
    static let leastShare = 8
  #endif

  /// The distinct texts of each of ``columns``; entry 0 is the empty text, which means missing.
  var texts: [[String]]
  /// A piece for each combination, with `;` between (nothing that JSON must escape): codes into ``texts``, flags, first day of the month (days since 1970; empty for
  /// none), number of samples; decimal, with blanks between. Sorted.
  var rows: String
  /// XXH64 of everything above: nobody else guards a description against flipped bits.
  var hash: String

  /// Nil if the samples are few, or too different for this to be of use.
  init?(of samples: SampleTable, leastRows: Int = leastRows, leastShare: Int = leastShare) {
    let count = samples.rowCount
    guard count >= leastRows, count > 0 else { return nil }
    let columns = SegmentCounts.columns.map { samples[$0] }
    precondition(columns.count == SampleKind.Codes.count, "as many codes as columns")
    let (bureaus, categories, districts) = (columns[0].codes, columns[1].codes, columns[2].codes)
    let (parks, purposes, verdicts) = (columns[3].codes, columns[4].codes, columns[5].codes)
    let days = samples[.sampled].days
    let flags = samples.flags
    var months = MonthStarts()
    var kinds = KindCounts()
    // Rows of one kind often stand together.
    var last = SampleKind(codes: SampleKind.Codes(repeating: .max), flags: 0, month: 0)
    var run = 0
    for row in 0..<count {
      let kind = SampleKind(
        codes: [bureaus[row], categories[row], districts[row], parks[row], purposes[row], verdicts[row]],
        flags: flags[row] & SegmentCounts.flags.rawValue, month: months.start(of: days[row]))
      if kind == last {
        run += 1
        continue
      }
      if run > 0 { kinds.add(last, run) }
      if kinds.found.count > count / leastShare { return nil }
      last = kind
      run = 1
    }
    kinds.add(last, run)
    guard kinds.found.count <= count / leastShare else { return nil }
    self.init(kinds.found, columns)
  }

  private init(_ kinds: [(kind: SampleKind, count: Int)], _ columns: [TextColumn]) {
    // Codes in the order of the texts' bytes, so that the same samples in any order give the same.
    var texts: [[String]] = []
    var numbers: [[Int]] = []
    for (index, column) in columns.enumerated() {
      var places = [Int](repeating: -1, count: column.dictionary.count)
      for (kind, _) in kinds { places[Int(kind.codes[index])] = 0 }
      let sorted = places.indices.filter { $0 > 0 && places[$0] == 0 }
        .map { ($0, column.dictionary.string(UInt32($0))) }
        .sorted { $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) }
      texts.append([""] + sorted.map(\.1))
      for (place, text) in sorted.enumerated() { places[text.0] = place + 1 }
      numbers.append(places)
    }
    var lines: [[Int]] = kinds.map { kind, count in
      kind.codes.indices.map { numbers[$0][Int(kind.codes[$0])] } + [Int(kind.flags), Int(kind.month), count]
    }
    lines.sort { $0.lexicographicallyPrecedes($1) }
    self.texts = texts
    rows = lines.map { line in
      line.map { $0 == Int(DayColumn.missing) ? "" : String($0) }.joined(separator: " ")
    }.joined(separator: ";")
    hash = ""
    hash = Hex.text(digest)
  }

  private var digest: UInt64 {
    var state = XXH64()
    state.update(Array(texts.map { $0.joined(separator: "\u{1F}") }.joined(separator: "\u{1E}").utf8))
    state.update(Array(rows.utf8))
    return state.finish()
  }

  /// The combinations as columns; nil if they are not what was written.
  public func table() -> SegmentCountTable? {
    guard hash == Hex.text(digest), texts.count == SegmentCounts.columns.count else { return nil }
    var table = SegmentCountTable(texts: texts)
    var reader = LineReader(bytes: Array(rows.utf8))
    while !reader.isAtEnd {
      for column in texts.indices {
        guard let code = reader.number(), code >= 0, code < texts[column].count else { return nil }
        table.codes[column].append(UInt32(code))
      }
      guard let flags = reader.number(), let flags = UInt32(exactly: flags) else { return nil }
      let day = reader.number()
      guard let day = day.map({ Int32(exactly: $0) }) ?? DayColumn.missing, let count = reader.number(),
        let count = UInt32(exactly: count)
      else { return nil }
      table.flags.append(flags)
      table.days.append(day)
      table.counts.append(count)
    }
    return table
  }
}

/// Reads decimal numbers with one byte behind each, without making texts of them.
private struct LineReader {
  let bytes: [UInt8]
  var index = 0

  var isAtEnd: Bool { index >= bytes.count }

  /// Nil for nothing, and for anything that is no number.
  mutating func number() -> Int? {
    var value = 0
    var isNegative = false
    let start = index
    while index < bytes.count, bytes[index] != 0x20, bytes[index] != 0x3B {
      let byte = bytes[index]
      if byte == 0x2D, index == start {
        isNegative = true
      } else if (0x30...0x39).contains(byte), value < 1 << 40 {
        value = value * 10 + Int(byte - 0x30)
      } else {
        return nil
      }
      index += 1
    }
    let isEmpty = index == start
    index += 1
    return isEmpty ? nil : (isNegative ? -value : value)
  }
}
