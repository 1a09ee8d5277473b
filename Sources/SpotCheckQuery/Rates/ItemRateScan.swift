import SpotCheckModel
import SpotCheckStore

/// Counts items (项次) of inspected samples by group. Items of samples that are in no denominator are left out, so that
/// item rate and sample rate speak of the same samples.
struct ItemRateScan {
  var counter: GroupCounter
  /// Inspected samples that match, and those of them that were delivered without any item.
  var inspected = 0
  var withoutItems = 0
  private var reader: ItemScan

  init(cardinalities: [Int], groups: Int) {
    counter = GroupCounter(groups: groups)
    reader = ItemScan(cardinalities: cardinalities, groups: groups, purposeIndex: nil, purposes: 1)
  }

  mutating func count(_ prepared: PreparedSegment, _ rows: Range<Int>) throws {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let part = start..<min(start + RateScan.chunk, rows.upperBound)
      let chunk = try reader.read(prepared, part)
      for index in 0..<part.count where SampleClass.isInspected(place: chunk.classes[index]) {
        if chunk.bareMask[index] == 1 {
          inspected += 1
          if chunk.counts[index] == 0 { withoutItems += 1 }
        }
        for item in chunk.items(of: index) where chunk.itemMask[item] == 1 {
          counter.add(chunk.sampleKeys[index] + chunk.itemKeys[item], chunk.verdicts[item])
        }
      }
      start = part.upperBound
    }
  }
}

extension SampleClass {
  static func isInspected(place: UInt8) -> Bool { place == CountPlace.passed || place == CountPlace.failed }
}
