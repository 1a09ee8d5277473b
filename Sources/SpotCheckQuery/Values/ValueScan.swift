import SpotCheckModel
import SpotCheckStore

/// Collects measured values by group and unit: numbers in different units are never put in one order.
struct ValueScan: Sendable {
  struct Key: Hashable, Sendable {
    var group: Int
    var unit: UInt32
  }

  /// What a segment's codes mean, by code.
  struct Maps: Sendable {
    var units: [UInt32]
    var qualifiers: [Qualifier]
  }

  private(set) var tallies: [Key: ValueTally] = [:]
  private var reader: ItemScan
  private var buffer: [UInt32] = []

  init(cardinalities: [Int], groups: Int) {
    reader = ItemScan(cardinalities: cardinalities, groups: groups, purposeIndex: nil, purposes: 1)
  }

  mutating func merge(_ other: ValueScan) {
    for (key, tally) in other.tallies { tallies[key, default: ValueTally()].merge(tally) }
  }

  mutating func count(_ prepared: PreparedSegment, _ maps: Maps, _ rows: Range<Int>) throws {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let part = start..<min(start + RateScan.chunk, rows.upperBound)
      try countChunk(prepared, maps, part)
      start = part.upperBound
    }
  }

  private mutating func countChunk(_ prepared: PreparedSegment, _ maps: Maps, _ rows: Range<Int>) throws {
    let chunk = try reader.read(prepared, rows)
    let items = chunk.firstItem..<chunk.firstItem + chunk.verdicts.count
    let segment = prepared.segment
    let units = try codes(.unit, items, segment)
    let qualifiers = try codes(.qualifier, items, segment)
    let values = try segment.decimals(.value, items)
    let limits = try segment.decimals(.limitHigh, items)
    let flags = try flags(items, segment)
    for index in 0..<rows.count where chunk.classes[index] != CountPlace.ignored {
      for item in chunk.items(of: index) where chunk.itemMask[item] == 1 {
        let unit = Int(units[item])
        let qualifier = Int(qualifiers[item])
        let key = Key(
          group: chunk.sampleKeys[index] + chunk.itemKeys[item], unit: unit < maps.units.count ? maps.units[unit] : 0)
        tallies[key, default: ValueTally()].add(
          qualifier < maps.qualifiers.count ? maps.qualifiers[qualifier] : .none, values[item],
          limit: flags[item].isDisjoint(with: ValueScan.otherUnit) ? limits[item] : nil,
          isFailed: chunk.verdicts[item] == CountPlace.failed)
      }
    }
  }

  /// A segment keeps value and limit as they were delivered, and the unit of the value. Where judging had to convert, or could
  /// not, the numbers of the two are of different units, and none is near the other.
  private static let otherUnit: ItemFlags = [.unitConverted, .unitMismatch, .lostSuperscript]

  private mutating func flags(_ rows: Range<Int>, _ segment: any QuerySegment) throws -> [ItemFlags] {
    if buffer.count < rows.count { buffer = [UInt32](repeating: 0, count: rows.count) }
    try segment.readNumbers(ItemNumber.flags, rows, into: &buffer)
    return buffer.prefix(rows.count).map { ItemFlags(rawValue: $0) }
  }

  private mutating func codes(_ column: ItemText, _ rows: Range<Int>, _ segment: any QuerySegment) throws -> [UInt32] {
    if buffer.count < rows.count { buffer = [UInt32](repeating: 0, count: rows.count) }
    try segment.readCodes(column, rows, into: &buffer)
    return Array(buffer.prefix(rows.count))
  }
}

extension ValueTally {
  mutating func add(_ qualifier: Qualifier, _ value: ExactDecimal?, limit: ExactDecimal?, isFailed: Bool) {
    items += 1
    if isFailed { failed += 1 }
    switch qualifier {
    case .equal:
      guard let value else {
        others += 1
        return
      }
      add(value)
      guard let limit else { return }
      limited += 1
      if value.isNear(limit) { nearLimit += 1 }
    case .below, .notDetected:
      notDetected += 1
      if limit != nil { limited += 1 }
    case .above, .detected: detectedOnly += 1
    case .text, .none: others += 1
    }
  }
}
