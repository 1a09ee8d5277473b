import SpotCheckModel
import SpotCheckStore

/// One segment made ready for counting. Everything in it is immutable: parts of it are counted on any thread.
struct PreparedSegment: Sendable {
  var segment: any QuerySegment
  var test: SegmentTest
  /// One a dimension; nil where the key comes from items.
  var readers: [KeyReader?]
  /// Key numbers by item dictionary code; nil where the key comes from samples.
  var itemMaps: [ItemKeys?]
  /// How the class of a sample is found.
  var classifier: SampleClassifier
  /// Class by verdict code of items.
  var itemClasses: [UInt8]
  /// Rows that do not count, ascending.
  var excluded: [UInt32]
  /// How many samples each row stands for; nil: one.
  var weights: [UInt32]?
  /// -1 for samples that are taken off again.
  var sign = 1

  struct ItemKeys: Sendable {
    var column: ItemText
    var map: [UInt32]
  }
}

/// Counts samples by group over a stretch of rows of one segment.
struct RateScan {
  /// Rows at a time: keys, classes and codes of a chunk stay in the first cache levels.
  static let chunk = 4096

  let cardinalities: [Int]
  var counter: GroupCounter
  private var codes = [UInt32](repeating: 0, count: chunk)
  private var parks = [UInt32](repeating: 0, count: chunk)
  private var days = [Int32](repeating: 0, count: chunk)
  private var keys = [Int](repeating: 0, count: chunk)
  private var classes = [UInt8](repeating: 0, count: chunk)
  private var marks = [UInt8](repeating: 0, count: chunk)
  private var hasMarks = false
  private var dense = DenseScan()

  init(cardinalities: [Int], groups: Int) {
    self.cardinalities = cardinalities
    counter = GroupCounter(groups: groups)
  }

  mutating func count(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    if try dense.count(prepared, rows, cardinalities, into: &counter) { return }
    try countByClasses(prepared, rows)
  }

  /// To be called when all is counted: only then does ``counter`` hold it.
  mutating func finish() { dense.drain(into: &counter) }

  /// Counts anything: each row's group and class first. The slow twin of ``DenseScan``.
  mutating func countByClasses(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    var scan = FilterScan(prepared.segment)
    var start = rows.lowerBound
    while start < rows.upperBound {
      let part = start..<min(start + RateScan.chunk, rows.upperBound)
      try readClasses(prepared, part, &scan)
      try readKeys(prepared, part)
      if let weights = prepared.weights {
        counter.add(
          keys, classes, marks: hasMarks ? marks : [], weights: weights[part], sign: prepared.sign, count: part.count)
      } else {
        counter.add(keys, classes, marks: hasMarks ? marks : [], count: part.count)
      }
      start = part.upperBound
    }
  }

  /// Fills ``classes`` (the sample's class, or ignored) and ``marks``.
  private mutating func readClasses(_ prepared: PreparedSegment, _ rows: Range<Int>, _ scan: inout FilterScan) throws {
    hasMarks = try prepared.classifier.classify(
      prepared.segment, rows, codes: &codes, classes: &classes, marks: &marks)
    if case .constant(true) = prepared.test {
    } else {
      GroupKernels.ignore(try scan.mask(prepared.test, samples: rows), in: &classes, count: rows.count)
    }
    prepared.excluded.forEach(in: rows) { classes[$0] = CountPlace.ignored }
  }

  /// Fills ``keys`` with group numbers in mixed radix, first dimension first.
  private mutating func readKeys(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    let count = rows.count
    for index in 0..<count { keys[index] = 0 }
    for (reader, cardinality) in zip(prepared.readers, cardinalities) {
      switch reader {
      case nil: break
      case .codes(let column, let map):
        try prepared.segment.readCodes(column, rows, into: &codes)
        GroupKernels.append(codes, map, cardinality: cardinality, to: &keys, count: count)
      case .codesOrPark(let column, let map, let parkMap):
        try prepared.segment.readCodes(column, rows, into: &codes)
        try prepared.segment.readCodes(SampleText.park, rows, into: &parks)
        GroupKernels.append(codes, map, parks: parks, parkMap, cardinality: cardinality, to: &keys, count: count)
      case .days(let column, let first, let map):
        try prepared.segment.readDays(column, rows, into: &days)
        GroupKernels.append(days, first: first, map, cardinality: cardinality, to: &keys, count: count)
      }
    }
  }

  /// Group number of one sample over the sample dimensions only (others 0), for item scans.
  mutating func sampleKeys(_ prepared: PreparedSegment, _ rows: Range<Int>) throws -> ArraySlice<Int> {
    try readKeys(prepared, rows)
    return keys[0..<rows.count]
  }

  /// Classes and marks of samples, whatever the filter says.
  mutating func sampleClasses(_ prepared: PreparedSegment, _ rows: Range<Int>) throws -> (
    classes: ArraySlice<UInt8>, marks: ArraySlice<UInt8>
  ) {
    var unfiltered = prepared
    unfiltered.test = .constant(true)
    return try filteredClasses(unfiltered, rows)
  }

  /// The same; samples that the filter leaves out are ignored.
  mutating func filteredClasses(_ prepared: PreparedSegment, _ rows: Range<Int>) throws -> (
    classes: ArraySlice<UInt8>, marks: ArraySlice<UInt8>
  ) {
    var scan = FilterScan(prepared.segment)
    try readClasses(prepared, rows, &scan)
    return (classes[0..<rows.count], marks[0..<rows.count])
  }
}

extension [UInt32] {
  /// Places, counted from the start of `rows`, of those elements of a sorted array that lie in `rows`.
  func forEach(in rows: Range<Int>, _ body: (Int) -> Void) {
    var index = firstIndex(notBelow: UInt32(truncatingIfNeeded: rows.lowerBound))
    while index < count, Int(self[index]) < rows.upperBound {
      body(Int(self[index]) - rows.lowerBound)
      index += 1
    }
  }

  /// Index of the first element of a sorted array that is not below `value`.
  func firstIndex(notBelow value: UInt32) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
