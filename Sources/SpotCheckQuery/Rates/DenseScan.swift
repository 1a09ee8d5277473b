import SpotCheckModel
import SpotCheckStore

/// Counts samples with as little as can be done for each: one number looked up for each column, and one added where their sum
/// points (``CodeCounting``). What few samples need besides (a flag that changes the class, a row that does not count) is
/// put right afterwards.
struct DenseScan {
  /// Rows at a time, a whole segment of most: each time a column is asked for, the system is asked whether its file is still
  /// whole, and the codes and flags of so many rows fit in the processor's second cache.
  let chunk: Int
  private static let verdict = CodeCounting.columns - 1

  /// - Parameter chunk: a multiple of ``CodeCounting/rowsAtOnce``.
  init(chunk: Int = 1 << 16) { self.chunk = chunk }

  /// Made of the first segment; the same for all.
  private var layout: DenseLayout?
  private var counters: [UInt32] = []
  /// Rows that may have been counted in ``counters``: no counter is larger.
  private var counted = 0

  /// Codes in bytes, ``chunk`` a column; and what each is worth.
  private var codes: [UInt8] = []
  private var tables: [UInt16] = []
  /// What the other columns are worth; empty: there are none.
  private var sums: [UInt32] = []
  private var block = CodeBlock(capacity: 0)
  private var parks = CodeBlock(capacity: 0)
  private var purposes = CodeBlock(capacity: 0)
  private var days: [Int32] = []
  private var flags: [UInt32] = []
  /// 1 for rows that count; empty: all do.
  private var mask: [UInt8] = []
  /// Rows of the chunk whose class does not follow from their verdict alone.
  private var special: [Int] = []

  /// Counts some rows of a segment.
  /// - Returns: false if they are not of the kind that can be counted so; then nothing was counted.
  /// - Throws: what reading the segment throws.
  mutating func count(
    _ prepared: PreparedSegment, _ rows: Range<Int>, _ cardinalities: [Int], into counter: inout GroupCounter
  ) throws -> Bool {
    if layout == nil { prepare(DenseLayout(prepared.readers, cardinalities, counter)) }
    guard let layout, let terms = DenseTerms(prepared, layout) else { return false }
    for (column, term) in terms.narrow.enumerated() {
      GroupKernels.copy(term.worth, to: &tables, at: column * CodeCounting.codes, count: CodeCounting.codes)
    }
    var filter = FilterScan(prepared.segment)
    var start = rows.lowerBound
    while start < rows.upperBound {
      let part = start..<min(start + chunk, rows.upperBound)
      let counting = try readMask(prepared, part, &filter)
      if counting > 0 {
        if counted > Int(UInt32.max) - part.count { drain(into: &counter) }
        counted += part.count
        try readCodes(prepared.segment, terms, part)
        try readSums(prepared.segment, terms, part)
        try readSpecial(prepared, part)
        countChunk(part.count, counting: counting)
        for row in special where mask.isEmpty || mask[row] != 0 { recount(row, prepared.classifier, &counter) }
      }
      start = part.upperBound
    }
    return true
  }

  /// Adds what was counted to the counts of others, and begins anew.
  mutating func drain(into counter: inout GroupCounter) {
    guard let layout, counted > 0 else { return }
    counted = 0
    for cell in counters.indices where counters[cell] != 0 {
      let (key, place) = layout.meaning(of: cell)
      counter.add(key, Int(place), UInt64(counters[cell]))
      counters[cell] = 0
    }
  }

  private mutating func prepare(_ layout: DenseLayout?) {
    guard let layout else { return }
    self.layout = layout
    counters = Array(repeating: 0, count: layout.cells)
    codes = Array(repeating: 0, count: CodeCounting.columns * chunk)
    tables = Array(repeating: 0, count: CodeCounting.columns * CodeCounting.codes)
    block = CodeBlock(capacity: chunk)
    parks = block
    purposes = block
    flags = Array(repeating: 0, count: chunk)
  }

  // MARK: Reading a chunk

  /// Fills ``mask``, if any row does not count.
  /// - Returns: how many do.
  private mutating func readMask(
    _ prepared: PreparedSegment, _ rows: Range<Int>, _ filter: inout FilterScan
  ) throws -> Int {
    mask.removeAll(keepingCapacity: true)
    let isFiltered = if case .constant(true) = prepared.test { false } else { true }
    if !isFiltered, prepared.excluded.isEmpty { return rows.count }
    mask.append(contentsOf: repeatElement(1, count: rows.count))
    if isFiltered { try filter.narrow(&mask, by: prepared.test, samples: rows) }
    prepared.excluded.forEach(in: rows) { mask[$0] = 0 }
    var counting = 0
    for index in 0..<rows.count { counting &+= Int(mask[index]) }
    return counting
  }

  private mutating func readCodes(_ segment: any QuerySegment, _ terms: DenseTerms, _ rows: Range<Int>) throws {
    for (column, term) in terms.narrow.enumerated() {
      try segment.readCodes(term.column, rows, into: &block)
      block.narrow(rows.count)
      GroupKernels.copy(block.narrow, to: &codes, at: column * chunk, count: rows.count)
    }
  }

  private mutating func readSums(_ segment: any QuerySegment, _ terms: DenseTerms, _ rows: Range<Int>) throws {
    let count = rows.count
    sums.removeAll(keepingCapacity: true)
    if terms.wide.isEmpty { return }
    sums.append(contentsOf: repeatElement(0, count: count))
    for term in terms.wide {
      switch term {
      case .codes(let column, let worth):
        try segment.readCodes(column, rows, into: &block)
        for index in 0..<count { sums[index] &+= DenseScan.entry(worth, block[index]) }
      case .codesOrPark(let column, let worth, let ofParks):
        try segment.readCodes(column, rows, into: &block)
        try segment.readCodes(SampleText.park, rows, into: &parks)
        for index in 0..<count {
          let inside = DenseScan.entry(ofParks, parks[index])
          sums[index] &+= inside != 0 ? inside : DenseScan.entry(worth, block[index])
        }
      case .days(let column, let first, let worth):
        if days.isEmpty { days = Array(repeating: 0, count: chunk) }
        try segment.readDays(column, rows, into: &days)
        GroupKernels.add(days, first: first, worth, to: &sums, count: count)
      }
    }
  }

  @inline(__always)
  private static func entry(_ table: [UInt32], _ code: Int) -> UInt32 { code < table.count ? table[code] : 0 }

  private mutating func readSpecial(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    special.removeAll(keepingCapacity: true)
    try prepared.segment.readNumbers(SampleNumber.flags, rows, into: &flags)
    GroupKernels.places(in: flags, of: SampleClassifier.decidingFlags, count: rows.count, into: &special)
    let screening = prepared.classifier.screening
    guard !screening.isEmpty else { return }
    try prepared.segment.readCodes(SampleText.purpose, rows, into: &purposes)
    for index in 0..<rows.count where flags[index] & SampleClassifier.decidingFlags == 0 {
      let code = purposes[index]
      if code < screening.count, screening[code] != 0 { special.append(index) }
    }
  }

  // MARK: Counting it

  private mutating func countChunk(_ count: Int, counting: Int) {
    // Of few rows each is looked for, of many none is.
    if counting * 16 < count {
      for row in 0..<count where mask[row] != 0 {
        let cell = cell(row)
        counters[cell] &+= 1
      }
      return
    }
    DenseScan.count(codes, chunk, tables, sums, mask, count, into: &counters)
  }

  private static func count(
    _ codes: [UInt8], _ stride: Int, _ tables: [UInt16], _ sums: [UInt32], _ mask: [UInt8], _ rows: Int,
    into counters: inout [UInt32]
  ) {
    var target = counters.mutableSpan
    CodeCounting.count(
      codes.span, stride: stride, worth: tables.span, sums: sums.span, mask: mask.span, rows: rows, into: &target)
  }

  private func cell(_ row: Int) -> Int {
    var cell = sums.isEmpty ? 0 : Int(sums[row])
    for column in 0..<CodeCounting.columns {
      let code = min(Int(codes[column * chunk + row]), CodeCounting.codes - 1)
      cell += Int(tables[column * CodeCounting.codes + code])
    }
    return cell
  }

  /// Counts a row in its own class, and not in that of its verdict.
  private mutating func recount(_ row: Int, _ classifier: SampleClassifier, _ counter: inout GroupCounter) {
    let cell = cell(row)
    counters[cell] &-= 1
    let verdict = Int(codes[DenseScan.verdict * chunk + row])
    var signature = verdict < classifier.verdicts.count ? classifier.verdicts[verdict] : SampleClassifier.unknownVerdict
    signature |= SampleClassifier.bits(ofFlags: flags[row])
    if !classifier.screening.isEmpty, purposes[row] < classifier.screening.count {
      signature |= classifier.screening[purposes[row]]
    }
    let (classes, marks) = SampleClassifier.tables
    if let key = layout?.meaning(of: cell).key {
      counter.add(key, classes[Int(signature)], marks: marks[Int(signature)])
    }
  }
}
