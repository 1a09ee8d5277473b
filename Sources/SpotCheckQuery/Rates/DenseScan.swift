import SpotCheckModel
import SpotCheckStore

/// Counts samples with as little as can be done for each: one number looked up for each column, and one added where their sum
/// points (``CodeCounting``), straight from the mapped file. What few samples need besides (a flag that changes the class, a
/// row that does not count) is put right afterwards.
struct DenseScan {
  /// Rows at a time: what is remembered of them fits in the processor's second cache.
  let chunk: Int

  init(chunk: Int = 1 << 16) { self.chunk = chunk }

  /// Made of the first segment; the same for all.
  private var layout: DenseLayout?
  /// As many for each cell as ``step`` says, side by side.
  private var counters: [UInt32] = []
  /// Many cells have one counter each: they are seldom counted twice in a row, and lanes would fill the caches.
  private var step = 1
  /// Rows that may have been counted in ``counters``: no counter is larger.
  private var counted = 0

  /// What columns of more than a byte are worth; empty: there are none.
  private var sums: [UInt32] = []
  /// 0 for rows that do not count; empty: only codes, days and ``PreparedSegment/excluded`` tell.
  private var mask: [UInt8] = []
  /// Rows of the chunk that have a flag that decides; the first so many.
  private var flagged: [UInt32] = []
  private var placed = PlacedRows()
  /// Purposes of the chunk, and its rows whose purpose is a screening; if there is such a purpose.
  private var purposes = CodeBlock(capacity: 0)
  private var screened: [Int] = []
  private var block = CodeBlock(capacity: 0)
  private var parks = CodeBlock(capacity: 0)
  private var days: [Int32] = []

  /// Counts some rows of a segment.
  /// - Returns: false if they are not of the kind that can be counted so; then nothing was counted.
  /// - Throws: what reading the segment throws.
  mutating func count(
    _ prepared: PreparedSegment, _ rows: Range<Int>, _ cardinalities: [Int], into counter: inout GroupCounter
  ) throws -> Bool {
    // Kept counts need none of what follows.
    guard prepared.weights == nil else { return false }
    if layout == nil { prepare(DenseLayout(prepared.readers, cardinalities, counter)) }
    guard let layout, let terms = DenseTerms(prepared, layout) else { return false }
    let listed = try prepared.segment.rows(flagged: SampleClassifier.decidingFlags)
    var filter = FilterScan(prepared.segment)
    var start = rows.lowerBound
    while start < rows.upperBound {
      let part = start..<min(start + chunk, rows.upperBound)
      if counted > Int(UInt32.max) - part.count { drain(into: &counter) }
      counted += part.count
      try readMask(prepared, terms.rest, part, &filter)
      try readSums(prepared.segment, terms.wide, part)
      try readPurposes(prepared, part)
      try prepared.segment.withRows(terms.columns, terms.days, part) { one, two, three, four, days, flags in
        DenseScan.count(one, two, three, four, days: days, sums, mask, terms.worth, into: &counters, isLaned: step > 1)
        if mask.isEmpty {
          placed.removeAll()
          placed.append(prepared.excluded, in: part)
          placed.findCells(one, two, three, four, days: days, sums: sums, worth: terms.worth)
          placed.discount(from: &counters, step: step)
        }
        findSpecial(flags, listed, part)
        placed.findCells(one, two, three, four, days: days, sums: sums, worth: terms.worth)
        for index in 0..<placed.count {
          guard let (row, cell) = placed[index], isCounting(row, prepared.excluded, part) else { continue }
          counters[cell * step] &-= 1
          let known = classOf(row, verdict: four[row], flags: flags[row], prepared.classifier)
          counter.add(layout.meaning(of: cell).key, known.class, marks: known.marks)
        }
      }
      start = part.upperBound
    }
    return true
  }

  /// Adds what was counted to the counts of others, and begins anew.
  mutating func drain(into counter: inout GroupCounter) {
    guard let layout, counted > 0 else { return }
    counted = 0
    for cell in 0..<layout.cells {
      var sum: UInt32 = 0
      for lane in cell * step..<(cell + 1) * step {
        sum &+= counters[lane]
        counters[lane] = 0
      }
      if sum == 0 { continue }
      let (key, place) = layout.meaning(of: cell)
      counter.add(key, Int(place), UInt64(sum))
    }
  }

  private mutating func prepare(_ layout: DenseLayout?) {
    guard let layout else { return }
    self.layout = layout
    step = layout.cells <= CodeCounting.cellsInLanes ? CodeCounting.lanes : 1
    counters = Array(repeating: 0, count: layout.cells * step)
  }

  // MARK: Reading a chunk

  /// Fills ``mask``, if what is left of the filter leaves out any row.
  private mutating func readMask(
    _ prepared: PreparedSegment, _ test: SegmentTest, _ rows: Range<Int>, _ filter: inout FilterScan
  ) throws {
    mask.removeAll(keepingCapacity: true)
    if case .constant(true) = test { return }
    mask.append(contentsOf: repeatElement(1, count: rows.count))
    try filter.narrow(&mask, by: test, samples: rows)
    prepared.excluded.forEach(in: rows) { mask[$0] = 0 }
  }

  private mutating func readSums(
    _ segment: any QuerySegment, _ wide: [DenseTerms.Wide], _ rows: Range<Int>
  ) throws {
    let count = rows.count
    sums.removeAll(keepingCapacity: true)
    if wide.isEmpty { return }
    if block.capacity < count { (block, parks) = (CodeBlock(capacity: chunk), CodeBlock(capacity: chunk)) }
    sums.append(contentsOf: repeatElement(0, count: count))
    for term in wide {
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

  /// Fills ``screened`` and ``purposes``, if any purpose is a screening.
  private mutating func readPurposes(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    screened.removeAll(keepingCapacity: true)
    let screening = prepared.classifier.screening
    if screening.isEmpty { return }
    if purposes.capacity < rows.count { purposes = CodeBlock(capacity: chunk) }
    try prepared.segment.readCodes(SampleText.purpose, rows, into: &purposes)
    for row in 0..<rows.count {
      let code = purposes[row]
      if code < screening.count, screening[code] != 0 { screened.append(row) }
    }
  }

  // MARK: Counting it

  private static func count(
    _ one: Span<UInt8>, _ two: Span<UInt8>, _ three: Span<UInt8>, _ four: Span<UInt8>, days: Span<Int32>,
    _ sums: [UInt32], _ mask: [UInt8], _ worth: CodeWorth, into counters: inout [UInt32], isLaned: Bool
  ) {
    var target = counters.mutableSpan
    CodeCounting.count(
      one, two, three, four, days: days, sums: sums.span, mask: mask.span, worth: worth, into: &target,
      isLaned: isLaned)
  }

  /// Fills ``placed`` with the rows of the chunk whose class does not follow from their verdict alone: flags decide, or the
  /// purpose.
  /// - Parameter listed: the segment's rows of such flags, if they are known.
  private mutating func findSpecial(_ flags: Span<UInt32>, _ listed: [UInt32]?, _ rows: Range<Int>) {
    let deciding = SampleClassifier.decidingFlags
    placed.removeAll()
    if let listed {
      placed.append(listed, in: rows)
    } else {
      if flagged.isEmpty { flagged = Array(repeating: 0, count: chunk + CodeCounting.roomBeyond) }
      let found = DenseScan.findPlaces(of: deciding, in: flags, into: &flagged)
      for place in 0..<found { placed.append(flagged[place]) }
    }
    for row in screened where flags[row] & deciding == 0 { placed.append(UInt32(truncatingIfNeeded: row)) }
  }

  private static func findPlaces(of bits: UInt32, in flags: Span<UInt32>, into places: inout [UInt32]) -> Int {
    var target = places.mutableSpan
    return CodeCounting.findPlaces(of: bits, in: flags, into: &target)
  }

  /// Whether a row counts, if its codes and its day do not leave it out.
  private func isCounting(_ row: Int, _ excluded: [UInt32], _ rows: Range<Int>) -> Bool {
    guard mask.isEmpty else { return mask[row] != 0 }
    let number = UInt32(truncatingIfNeeded: rows.lowerBound + row)
    let index = excluded.firstIndex(notBelow: number)
    return index == excluded.count || excluded[index] != number
  }

  /// How a row is counted by all that is known of it, and not by its verdict alone.
  private func classOf(
    _ row: Int, verdict: UInt8, flags: UInt32, _ classifier: SampleClassifier
  ) -> (class: UInt8, marks: UInt8) {
    let verdict = Int(verdict)
    var signature = verdict < classifier.verdicts.count ? classifier.verdicts[verdict] : SampleClassifier.unknownVerdict
    signature |= SampleClassifier.bits(ofFlags: flags)
    if !classifier.screening.isEmpty, purposes[row] < classifier.screening.count {
      signature |= classifier.screening[purposes[row]]
    }
    let (classes, marks) = SampleClassifier.tables
    return (classes[Int(signature)], marks[Int(signature)])
  }
}
