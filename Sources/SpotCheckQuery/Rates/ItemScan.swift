import SpotCheckModel
import SpotCheckStore

/// Counts samples under what was tested in them: a sample stands once under each analyte (or class of hazard), with the
/// conclusion that its items of that analyte give. So the denominator of an analyte is what was tested for it.
///
/// A sample without items stands under "missing" with its own conclusion: nothing is dropped.
struct ItemScan {
  var base: RateScan
  /// Samples counted once each, by purpose number.
  var totals: GroupCounter
  let purposeIndex: Int?
  private let cardinalities: [Int]
  private var buffer: [UInt32] = []

  init(cardinalities: [Int], groups: Int, purposeIndex: Int?, purposes: Int) {
    self.cardinalities = cardinalities
    self.purposeIndex = purposeIndex
    base = RateScan(cardinalities: cardinalities, groups: groups)
    totals = GroupCounter(groups: max(purposes, 1))
  }

  mutating func count(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let part = start..<min(start + RateScan.chunk, rows.upperBound)
      try countChunk(prepared, part)
      start = part.upperBound
    }
  }

  private mutating func countChunk(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    let segment = prepared.segment
    let sampleKeys = try sampleKeys(prepared, rows)
    let classes = Array(try base.sampleClasses(prepared, rows))
    let firsts = try numbers(.firstItem, rows, segment)
    let counts = try numbers(.itemCount, rows, segment)
    // The items of consecutive samples stand one after the other.
    let low = firsts.min().map(Int.init) ?? 0
    let high = min(zip(firsts, counts).map { Int($0) + Int($1) }.max() ?? 0, segment.itemRows)
    let items = min(low, high)..<high
    var scan = FilterScan(segment)
    let itemMask = try scan.mask(prepared.test, items: items, samples: rows)
    let bareMask = try scan.mask(prepared.test, samples: rows)
    let itemKeys = try self.itemKeys(prepared, items)
    let verdicts = try itemClasses(prepared, items)

    var found: [(key: Int, place: UInt8)] = []
    for index in rows.indices.map({ $0 - rows.lowerBound }) where classes[index] != CountClass.ignored {
      found.removeAll(keepingCapacity: true)
      let first = Int(firsts[index]) - items.lowerBound
      let last = min(first + Int(counts[index]), items.count)
      if counts[index] == 0 {
        if bareMask[index] == 1 { found.append((0, classes[index])) }
      } else if first >= 0, first < last {
        for item in first..<last where itemMask[item] == 1 { found.append((itemKeys[item], verdicts[item])) }
      }
      guard !found.isEmpty else { continue }
      found.sort { $0.key != $1.key ? $0.key < $1.key : rank($0.place) < rank($1.place) }
      var previous = -1
      for (key, place) in found where key != previous {
        base.counter.add(sampleKeys[index] + key, place)
        previous = key
      }
      totals.add(purpose(of: sampleKeys[index]), classes[index])
    }
  }

  /// Which verdict of several items of one analyte decides: fail, pass, undetermined, not tested.
  private func rank(_ place: UInt8) -> Int {
    switch place {
    case CountClass.failed: 0
    case CountClass.passed: 1
    case CountClass.undetermined: 2
    default: 3
    }
  }

  /// What a step of a dimension is worth in a group number.
  private func weight(_ dimension: Int) -> Int { cardinalities[(dimension + 1)...].reduce(1, *) }

  private func purpose(of key: Int) -> Int {
    guard let purposeIndex else { return 0 }
    return key / weight(purposeIndex) % cardinalities[purposeIndex]
  }

  /// Group numbers with the item dimensions at 0.
  private mutating func sampleKeys(_ prepared: PreparedSegment, _ rows: Range<Int>) throws -> [Int] {
    // Item dimensions are read as a constant 0 so that the radix is the same everywhere.
    var complete = prepared
    complete.readers = prepared.readers.map { $0 ?? .days(.sampled, first: 0, []) }
    return Array(try base.sampleKeys(complete, rows))
  }

  private mutating func itemKeys(_ prepared: PreparedSegment, _ items: Range<Int>) throws -> [Int] {
    var keys = [Int](repeating: 0, count: items.count)
    for (dimension, source) in prepared.itemMaps.enumerated() {
      guard let source else { continue }
      prepareBuffer(items.count)
      try prepared.segment.readCodes(source.column, items, into: &buffer)
      let weight = weight(dimension)
      for index in 0..<items.count {
        let code = Int(buffer[index])
        keys[index] += code < source.map.count ? Int(source.map[code]) * weight : 0
      }
    }
    return keys
  }

  private mutating func itemClasses(_ prepared: PreparedSegment, _ items: Range<Int>) throws -> [UInt8] {
    prepareBuffer(items.count)
    try prepared.segment.readCodes(ItemText.verdict, items, into: &buffer)
    var result = [UInt8](repeating: 0, count: items.count)
    GroupKernels.classify(buffer, prepared.itemClasses, into: &result, count: items.count)
    return result
  }

  private mutating func numbers(_ column: SampleNumber, _ rows: Range<Int>, _ segment: any QuerySegment) throws
    -> [UInt32]
  {
    prepareBuffer(rows.count)
    try segment.readNumbers(column, rows, into: &buffer)
    return Array(buffer.prefix(rows.count))
  }

  private mutating func prepareBuffer(_ count: Int) {
    if buffer.count < count { buffer = [UInt32](repeating: 0, count: count) }
  }
}
