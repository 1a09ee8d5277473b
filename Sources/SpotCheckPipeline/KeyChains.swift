import SpotCheckModel
import SpotCheckStore

/// The samples of one new segment by key, and the versions found for each in arrival order.
struct KeyChains {
  /// One version of a sample, where it lies.
  struct Link {
    var segment: Segment
    var row: Int
    var version: SampleVersion
  }

  /// The versions of one sample, earlier segments first.
  struct Chain {
    var links: [Link]
    /// What earlier versions said that have no say any more.
    var past: Set<SampleContent> = []
  }

  private let segment: Segment
  /// Key hash → first row of the segment with it, open addressing; -1 is free.
  private var slots: [Int32]
  private var keys: [UInt64]
  /// Next row of the same hash in this segment, -1 at the end.
  private var next: [Int32]
  private var older: [Int: [Link]] = [:]
  private var past: [Int: Set<SampleContent>] = [:]

  init(_ segment: Segment) throws {
    self.segment = segment
    var size = 64
    while size < segment.sampleCount * 2 { size *= 2 }
    var slots = [Int32](repeating: -1, count: size)
    var keys = [UInt64](repeating: 0, count: segment.sampleCount)
    var next = [Int32](repeating: -1, count: segment.sampleCount)
    var last = [Int32](repeating: -1, count: segment.sampleCount)
    try segment.withHashes(.key) { hashes in
      for row in 0..<hashes.count {
        let hash = hashes[row]
        keys[row] = hash
        var slot = Int(truncatingIfNeeded: hash) & (size - 1)
        while slots[slot] >= 0, keys[Int(slots[slot])] != hash { slot = (slot + 1) & (size - 1) }
        if slots[slot] < 0 {
          slots[slot] = Int32(row)
          last[row] = Int32(row)
        } else {
          let first = Int(slots[slot])
          next[Int(last[first])] = Int32(row)
          last[first] = Int32(row)
        }
      }
    }
    self.slots = slots
    self.keys = keys
    self.next = next
  }

  /// First row of this segment with a key hash.
  private func first(_ hash: UInt64) -> Int? {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      if keys[Int(slots[slot])] == hash { return Int(slots[slot]) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Rows of another segment whose key hash occurs here: (row there, first row here).
  func matches(in other: Segment) throws -> [(Int, Int)] {
    var found: [(Int, Int)] = []
    try other.withHashes(.key) { hashes in
      for row in 0..<hashes.count {
        if let mine = first(hashes[row]) { found.append((row, mine)) }
      }
    }
    return found
  }

  /// The same, from sorted keys; the rows of one key ascend.
  func matches(in other: SegmentKeys) -> [(Int, Int)] {
    var found: [(Int, Int)] = []
    for slot in slots where slot >= 0 {
      for row in other.rows(keys[Int(slot)]) { found.append((Int(row), Int(slot))) }
    }
    return found
  }

  mutating func append(older: Segment, row: Int, to first: Int) throws {
    self.older[first, default: []].append(try KeyChains.link(older, row))
  }

  /// Remembers a version that has no say any more: the same content is no news.
  mutating func remember(_ older: Segment, row: Int, for first: Int) throws {
    past[first, default: []].insert(try KeyChains.content(older, row))
  }

  /// The versions of every sample whose key hash occurs more than once. A chain of one is a sample that only shares its
  /// hash with another.
  func all() throws -> [Chain] {
    var chains: [Chain] = []
    for slot in slots where slot >= 0 {
      let first = Int(slot)
      if isSingle(first) { continue }
      // Rows with one hash are nearly always one sample; the few that are not are told apart by their texts.
      var links = older[first] ?? []
      var row = first
      while row >= 0 {
        links.append(try KeyChains.link(segment, row))
        row = Int(next[row])
      }
      var samples: [(name: SampleName, chain: Chain)] = []
      for link in links {
        let name = try SampleName(link)
        if let place = samples.firstIndex(where: { $0.name == name }) {
          samples[place].chain.links.append(link)
        } else {
          // Content holds the number, so that what another sample of this hash once said cannot be mistaken.
          samples.append((name, Chain(links: [link], past: past[first] ?? [])))
        }
      }
      chains += samples.map(\.chain)
    }
    // Slot order depends on hashes, not on the file: sort, so that nothing downstream sees it.
    return chains.sorted { left, right in
      (left.links.last?.row ?? 0) < (right.links.last?.row ?? 0)
    }
  }

  private func isSingle(_ first: Int) -> Bool { next[first] < 0 && older[first] == nil && past[first] == nil }

  private struct SampleName: Equatable {
    var bureau: String
    var number: String
    init(_ link: Link) throws {
      bureau = try link.segment.text(.bureau, row: link.row)
      number = try link.segment.plainText(.samplingNumber, row: link.row)
    }
  }

  /// Rows that are the only version of their sample, with their kind.
  func singles() throws -> [(Int, VersionKind)] {
    let kinds = try KeyChains.kinds(segment)
    return try segment.withCodes(.versionKind) { codes in
      var result: [(Int, VersionKind)] = []
      for slot in slots where slot >= 0 && isSingle(Int(slot)) {
        result.append((Int(slot), kinds[Int(codes[Int(slot)])]))
      }
      return result
    }
  }

  private static func kinds(_ segment: Segment) throws -> [VersionKind] {
    try segment.dictionary(of: .versionKind).map { VersionKind(rawValue: $0) ?? .initial }
  }

  private static func content(_ segment: Segment, _ row: Int) throws -> SampleContent {
    SampleContent(
      low: try segment.withHashes(.contentLow) { $0[row] }, high: try segment.withHashes(.contentHigh) { $0[row] })
  }

  static func link(_ segment: Segment, _ row: Int) throws -> Link {
    let day = try segment.withDays(.reported) { $0[row] }
    var version = SampleVersion(
      kind: VersionKind(rawValue: try segment.text(.versionKind, row: row)) ?? .initial,
      reportedDay: day == DayColumn.missing ? nil : CalendarDay(daysSinceEpoch: day),
      content: try content(segment, row))
    let flags = SampleFlags(rawValue: try segment.withNumbers(.flags) { $0[row] })
    version.isPending = flags.contains(.pending)
    version.isListed = flags.contains(.listed)
    if version.kind == .objection {
      let verdict = Verdict(rawValue: try segment.text(.verdict, row: row))
      version.isNotice = verdict != .pass && verdict != .fail
    }
    return Link(segment: segment, row: row, version: version)
  }
}

extension Segment {
  /// The text of a dictionary column in one row.
  func text(_ column: SampleText, row: Int) throws -> String {
    let code = try withCodes(column) { $0[row] }
    return try dictionary(of: column)[Int(code)]
  }

  /// How many delivered rows made a sample.
  func deliveredRows(_ row: Int) throws -> Int { try withNumbers(.deliveredRows) { Int($0[row]) } }

  /// Where a sample's record stands in the payload.
  func line(_ row: Int) throws -> (line: Int, byteOffset: Int) {
    (
      Int(try withSamplePositions(.line) { $0[row] }), Int(try withSamplePositions(.byteOffset) { $0[row] })
    )
  }
}
