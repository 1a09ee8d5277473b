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

  /// What samples that are counted together have in common. It lies in place, so that a row needs no memory.
  private struct Kind: Hashable {
    typealias Codes = InlineArray<6, UInt32>
    /// One for each of ``columns``.
    var codes: Codes
    var flags: UInt32
    var month: Int32

    static func == (left: Kind, right: Kind) -> Bool {
      for index in left.codes.indices where left.codes[index] != right.codes[index] { return false }
      return left.flags == right.flags && left.month == right.month
    }

    func hash(into hasher: inout Hasher) {
      for index in stride(from: 0, to: codes.count, by: 2) {
        hasher.combine(UInt64(codes[index]) << 32 | UInt64(codes[index + 1]))
      }
      hasher.combine(UInt64(flags) << 32 | UInt64(UInt32(bitPattern: month)))
    }
  }

  /// Nil if the samples are few, or too different for this to be of use.
  init?(of samples: SampleTable, leastRows: Int = leastRows, leastShare: Int = leastShare) {
    let count = samples.rowCount
    guard count >= leastRows, count > 0 else { return nil }
    let columns = SegmentCounts.columns.map { samples[$0] }
    precondition(columns.count == Kind.Codes.count, "as many codes as columns")
    let days = samples[.sampled].days
    var months = MonthStarts()
    var kinds: [Kind: Int] = [:]
    // Rows of one kind often stand together.
    var last = Kind(codes: Kind.Codes(repeating: .max), flags: 0, month: 0)
    var run = 0
    for row in 0..<count {
      let flags = samples.flags[row] & SegmentCounts.flags.rawValue
      let month = months.start(of: days[row])
      var kind = Kind(codes: Kind.Codes(repeating: 0), flags: flags, month: month)
      for index in columns.indices { kind.codes[index] = columns[index].codes[row] }
      if kind == last {
        run += 1
        continue
      }
      if run > 0 { kinds[last, default: 0] += run }
      if kinds.count > count / leastShare { return nil }
      last = kind
      run = 1
    }
    kinds[last, default: 0] += run
    guard kinds.count <= count / leastShare else { return nil }
    self.init(kinds.map { ($0.key, $0.value) }, columns)
  }

  private init(_ kinds: [(kind: Kind, count: Int)], _ columns: [TextColumn]) {
    // Codes in the order of the texts' bytes, so that the same samples in any order give the same.
    var texts: [[String]] = []
    var numbers: [[UInt32: Int]] = []
    for (index, column) in columns.enumerated() {
      let used = Set(kinds.map { $0.kind.codes[index] }).subtracting([0])
      let sorted = used.map { ($0, column.dictionary.string($0)) }
        .sorted { $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) }
      texts.append([""] + sorted.map(\.1))
      numbers.append(
        Dictionary(uniqueKeysWithValues: [(0, 0)] + sorted.enumerated().map { ($0.element.0, $0.offset + 1) }))
    }
    var lines: [[Int]] = kinds.map { kind, count in
      kind.codes.indices.map { numbers[$0][kind.codes[$0]] ?? 0 } + [Int(kind.flags), Int(kind.month), count]
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
