import SpotCheckModel

/// A sample row, with what a message about it needs.
public struct SampleReference: Sendable, Hashable {
  public var segment: String
  public var row: Int
  public var bureau: String
  public var samplingNumber: String
  public var level: String
  /// Digest of the delivered file.
  public var batch: String
  public var line: Int
  public var byteOffset: Int
}

/// Two samples that were probably taken from one lot by authorities of different levels.
///
/// A higher level's sample must not be taken again by a lower one (产品质量法 art. 15, 农产品质量安全法 art. 47), and the
/// same lot counted twice is a flaw of the figures. Nobody can be sure, so it is said and nothing is merged.
public struct PossibleDuplicate: Sendable, Hashable {
  public var first: SampleReference
  public var second: SampleReference
}

/// A segment and its rows that do not count. Opened only when it is looked at.
public struct CountingSegment {
  public var closed: [UInt32]
  public var open: () throws -> Segment

  public init(closed: [UInt32], open: @escaping () throws -> Segment) {
    self.closed = closed
    self.open = open
  }
}

/// Finds samples with the same producer (credit code where both have one, else the normalised name), product, lot and
/// specification, but different sampling numbers and different, known levels. Missing lot, product or producer: no claim.
public enum PossibleDuplicates {
  /// For the samples of a new file the first that arrived before them: in earlier segments, in those of the file that stand
  /// before their own, or above them in their own.
  ///
  /// Memory is bounded: earlier segments are passed one by one, and those that share no lot with a new one cost no more than
  /// their lots; of the file see ``FileLots``.
  /// - Parameters:
  ///   - file: the new segments, in order.
  ///   - earlier: the segments of other files that may share a lot with a new one, in order of arrival.
  ///   - body: called for pairs (earlier, new) in order of the new rows, at most once a row. What is said of a pair is read
  ///     when it is asked for: of most only the number is told.
  /// - Throws: ``StoreError``, or what opening a segment or a body throws.
  public static func forEachPartner(
    inFile file: [CountingSegment], among earlier: (Segment) throws -> [CountingSegment],
    _ body: (_ pair: () throws -> PossibleDuplicate) throws -> Void
  ) throws {
    try forEachPartner(inFile: file, mostKeys: FileLots.mostKeys, among: earlier, body)
  }

  /// - Parameter mostKeys: more of the file's keys are not held.
  static func forEachPartner(
    inFile file: [CountingSegment], mostKeys: Int, among earlier: (Segment) throws -> [CountingSegment],
    _ body: (_ pair: () throws -> PossibleDuplicate) throws -> Void
  ) throws {
    var own = try FileLots(file)
    for (number, fresh) in file.enumerated() {
      let segment = own.segments[number]
      let others = try earlier(segment)
      if own.count > mostKeys {
        var alone = try FileLots([fresh])
        try forEachPartner(of: fresh, 0, among: others + file[..<number], &alone, body)
      } else {
        try forEachPartner(of: fresh, number, among: others, &own, body)
      }
      segment.releasePages()
    }
  }

  /// - Parameters:
  ///   - number: which of its file's segments it is.
  ///   - own: what the file's segments before it hold, and now this one.
  private static func forEachPartner(
    of fresh: CountingSegment, _ number: Int, among earlier: [CountingSegment], _ own: inout FileLots,
    _ body: (_ pair: () throws -> PossibleDuplicate) throws -> Void
  ) throws {
    if earlier.isEmpty, own.isEmpty { return }
    let segment = own.segments[number]
    let levels = try LotColumns.levels(segment)
    let lots = try LotColumns.lotHashes(segment)
    guard lots.contains(where: { $0 != 0 }), !levels.isEmpty else { return }
    // Lots of the segment, if others are to be searched for them.
    let wanted = earlier.isEmpty ? [] : Set(lots.filter { $0 != 0 })
    let columns = try LotColumns(segment, lots: lots)
    // Made when something can be found at all: most deliveries are of one level.
    var found: FirstByLevel?
    var opened: [Segment] = []
    for other in earlier {
      let older = try other.open()
      guard try levels.union(LotColumns.levels(older)).count > 1 else { continue }
      let olderLots = try LotColumns.lotHashes(older).map { wanted.contains($0) ? $0 : 0 }
      guard olderLots.contains(where: { $0 != 0 }) else { continue }
      let olderColumns = try LotColumns(older, lots: olderLots)
      let closed = Set(other.closed)
      var firsts = found ?? FirstByLevel(columns, closed: fresh.closed)
      found = nil
      opened.append(older)
      for row in 0..<olderColumns.rowCount where !closed.contains(UInt32(row)) {
        if let key = olderColumns.key(row) { firsts.note(key, segment: opened.count - 1, row: row) }
      }
      found = firsts
      // It stays open for what may be found in it; usually that is nothing.
      older.releasePages()
    }
    guard found != nil || !own.isEmpty else { return }
    let isAlone = found == nil
    try columns.forEachKeys(closed: fresh.closed) { keys in
      // All rows' places are asked for before the first is used, so that memory is waited for once.
      let isMixed = keys.map { own.isMixed($0.key) }
      for (index, (key, row)) in keys.enumerated() where !isAlone || isMixed[index] {
        let candidates = candidates(key, found, opened, own)
        if !candidates.isEmpty {
          let second = SampleRow(segment, row)
          let lot = try second.lot()
          if let first = try candidates.first(where: { try $0.lot().isSame(as: lot) }) {
            try body { PossibleDuplicate(first: try first.reference(), second: try second.reference()) }
          }
        }
        own.note(key, segment: number, row: row)
      }
    }
  }

  /// What was met first at the other levels, in order of arrival: what stands in other files came before what stands in this
  /// one.
  private static func candidates(
    _ key: LotColumns.Key, _ found: FirstByLevel?, _ opened: [Segment], _ own: FileLots
  ) -> [SampleRow] {
    var others: [(order: Int, row: SampleRow)] = []
    var ours: [(order: Int, row: SampleRow)] = []
    for hash in [key.byName, key.byCode] where hash != 0 {
      for level in 0..<LotColumns.levelCount where level != key.level {
        if let place = found?.place(hash, level: level) {
          others.append((place.order, SampleRow(opened[place.segment], place.row)))
        } else if let place = own.place(hash, level: level) {
          let (number, row) = (Int(place.segment), Int(place.row))
          ours.append((number << 32 | row, SampleRow(own.segments[number], row)))
        }
      }
    }
    if others.isEmpty, ours.isEmpty { return [] }
    return others.sorted { $0.order < $1.order }.map(\.row) + ours.sorted { $0.order < $1.order }.map(\.row)
  }

  /// All pairs of a snapshot, whatever the order of arrival: each sample with the first, by sampling number, of another
  /// level. Ordered by sampling numbers, bureau and place.
  ///
  /// Two passes: a table of fixed size says which keys occur at several levels at all, and only their rows are held.
  /// - Throws: ``StoreError``, or what opening a segment throws.
  public static func pairs(in segments: [CountingSegment]) throws -> [PossibleDuplicate] {
    var sketch = LevelSketch()
    try forEachKey(segments) { key, _, _ in sketch.note(key) }
    var groups: [UInt64: [SampleRow]] = [:]
    try forEachKey(segments) { key, segment, row in
      for hash in [key.byName, key.byCode] where hash != 0 && sketch.isMixed(hash) {
        groups[hash, default: []].append(SampleRow(segment, row))
      }
    }
    var found: Set<PossibleDuplicate> = []
    for rows in groups.values where rows.count > 1 { found.formUnion(try pairs(among: rows)) }
    return found.sorted { left, right in
      (left.first, left.second) < (right.first, right.second)
    }
  }

  private static func forEachKey(
    _ segments: [CountingSegment], _ body: (LotColumns.Key, Segment, Int) throws -> Void
  ) throws {
    for counting in segments {
      let segment = try counting.open()
      try LotColumns.forEachKey(segment, closed: counting.closed) { key, row in try body(key, segment, row) }
    }
  }

  /// Rows with one hash, compared in order of their sampling numbers: linear, because a sample needs to be seen beside
  /// one other only.
  private static func pairs(among rows: [SampleRow]) throws -> Set<PossibleDuplicate> {
    let samples = try rows.map { (row: $0, reference: try $0.reference()) }.sorted { $0.reference < $1.reference }
    var firsts: [String: Int] = [:]
    for (index, sample) in samples.enumerated() where firsts[sample.reference.level] == nil {
      firsts[sample.reference.level] = index
    }
    var found: Set<PossibleDuplicate> = []
    for sample in samples {
      for other in firsts.filter({ $0.key != sample.reference.level }).values.sorted() {
        guard try samples[other].row.lot().isSame(as: sample.row.lot()) else { continue }
        let pair = [samples[other].reference, sample.reference].sorted()
        found.insert(PossibleDuplicate(first: pair[0], second: pair[1]))
        break
      }
    }
    return found
  }
}

extension SampleReference: Comparable {
  public static func < (left: SampleReference, right: SampleReference) -> Bool {
    (left.samplingNumber, left.bureau, left.segment, left.row)
      < (right.samplingNumber, right.bureau, right.segment, right.row)
  }
}

/// A row of an open segment.
struct SampleRow {
  var segment: Segment
  var row: Int

  init(_ segment: Segment, _ row: Int) {
    self.segment = segment
    self.row = row
  }

  func reference() throws -> SampleReference {
    let texts = try segment.texts(of: [.bureau, .level, .batch], plain: [.samplingNumber], row: row)
    return SampleReference(
      segment: segment.description.id, row: row, bureau: texts[0], samplingNumber: texts[3], level: texts[1],
      batch: texts[2], line: Int(try segment.withSamplePositions(.line) { $0[row] }),
      byteOffset: Int(try segment.withSamplePositions(.byteOffset) { $0[row] }))
  }

  /// What tells its lot.
  func lot() throws -> SampleLot {
    let texts = try segment.texts(
      of: [.level, .producerCode, .producerName, .lot, .product, .specification], plain: [.samplingNumber], row: row)
    return SampleLot(
      number: texts[6], level: texts[0], producerCode: texts[1], producerName: texts[2], lot: texts[3],
      product: texts[4], specification: texts[5])
  }
}

/// The texts themselves by which samples of one lot are told: hashes only find candidates.
struct SampleLot {
  var number: String
  var level: String
  var producerCode: String
  var producerName: String
  var lot: String
  var product: String
  var specification: String

  /// Whether another level took that lot under another number.
  func isSame(as other: SampleLot) -> Bool {
    func same(_ text: KeyPath<SampleLot, String>) -> Bool {
      let (mine, theirs) = (self[keyPath: text], other[keyPath: text])
      return mine == theirs || CodeTable.normalise(mine) == CodeTable.normalise(theirs)
    }
    guard number != other.number, level != other.level else { return false }
    let isSameProducer =
      producerCode.isEmpty || other.producerCode.isEmpty ? same(\.producerName) : same(\.producerCode)
    return isSameProducer && same(\.lot) && same(\.product) && same(\.specification)
  }
}
