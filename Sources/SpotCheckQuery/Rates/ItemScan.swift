import SpotCheckModel
import SpotCheckStore

/// Counts samples under what was tested in them: a sample stands once under each analyte (or class of hazard), with the
/// conclusion that its items of that analyte give. So the denominator of an analyte is what was tested for it.
///
/// A sample without items stands under "missing" with its own conclusion: nothing is dropped. A sample of a class that is
/// never judged (refused, unlicensed, risk monitoring, screening) has that class under each of its analytes.
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

  /// A stretch of samples with the items that belong to them.
  struct Chunk {
    var classes: [UInt8]
    var marks: [UInt8]
    /// Group numbers with the item dimensions at 0.
    var sampleKeys: [Int]
    /// By place in the stretch of items.
    var itemKeys: [Int]
    var verdicts: [UInt8]
    var itemMask: [UInt8]
    /// Whether a sample matches that has no item.
    var bareMask: [UInt8]
    var firsts: [UInt32]
    var counts: [UInt32]
    var firstItem: Int

    /// Places of a sample's items; empty for counts that point outside.
    func items(of sample: Int) -> Range<Int> {
      let first = Int(firsts[sample]) - firstItem
      let last = min(first + Int(counts[sample]), verdicts.count)
      return first >= 0 && first < last ? first..<last : 0..<0
    }
  }

  /// Reads a stretch of at most ``RateScan/chunk`` samples.
  mutating func read(_ prepared: PreparedSegment, _ rows: Range<Int>) throws -> Chunk {
    let segment = prepared.segment
    let sampleKeys = try sampleKeys(prepared, rows)
    let samples = try base.sampleClasses(prepared, rows)
    let (classes, marks) = (Array(samples.classes), Array(samples.marks))
    let firsts = try numbers(.firstItem, rows, segment)
    let counts = try numbers(.itemCount, rows, segment)
    // The items of consecutive samples stand one after the other.
    let low = firsts.min().map(Int.init) ?? 0
    let high = min(zip(firsts, counts).map { Int($0) + Int($1) }.max() ?? 0, segment.itemRows)
    let items = min(low, high)..<high
    var scan = FilterScan(segment)
    return Chunk(
      classes: classes, marks: marks, sampleKeys: sampleKeys, itemKeys: try itemKeys(prepared, items),
      verdicts: try itemClasses(prepared, items),
      itemMask: try scan.mask(prepared.test, items: items, samples: rows),
      bareMask: try scan.mask(prepared.test, samples: rows), firsts: firsts, counts: counts,
      firstItem: items.lowerBound)
  }

  private mutating func countChunk(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    let chunk = try read(prepared, rows)
    var found: [(key: Int, place: UInt8)] = []
    for index in 0..<rows.count where chunk.classes[index] != CountPlace.ignored {
      found.removeAll(keepingCapacity: true)
      let sampleClass = chunk.classes[index]
      if chunk.counts[index] == 0 {
        if chunk.bareMask[index] == 1 { found.append((0, sampleClass)) }
      } else {
        let keepsClass = sampleClass > CountPlace.notTested
        for item in chunk.items(of: index) where chunk.itemMask[item] == 1 {
          found.append((chunk.itemKeys[item], keepsClass ? sampleClass : chunk.verdicts[item]))
        }
      }
      guard !found.isEmpty else { continue }
      found.sort { $0.key != $1.key ? $0.key < $1.key : rank($0.place) < rank($1.place) }
      var previous = -1
      for (key, place) in found where key != previous {
        base.counter.add(chunk.sampleKeys[index] + key, place, marks: chunk.marks[index] & CountPlace.pendingMark)
        previous = key
      }
      totals.add(purpose(of: chunk.sampleKeys[index]), sampleClass, marks: chunk.marks[index])
    }
  }

  /// Which verdict of several items of one analyte decides: fail, pass, undetermined, not tested.
  private func rank(_ place: UInt8) -> Int {
    switch place {
    case CountPlace.failed: 0
    case CountPlace.passed: 1
    case CountPlace.undetermined: 2
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
    guard !prepared.itemClasses.isEmpty else { return [UInt8](repeating: CountPlace.undetermined, count: items.count) }
    try prepared.segment.readCodes(ItemText.verdict, items, into: &buffer)
    var result = [UInt8](repeating: 0, count: items.count)
    GroupKernels.classify(
      buffer, prepared.itemClasses, fallback: CountPlace.undetermined, into: &result, count: items.count)
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
