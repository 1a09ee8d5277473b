import SpotCheckModel
import SpotCheckStore

/// The samples of one new segment by key, and the versions found for each in arrival order.
struct KeyChains {
  /// One version of a sample, where it lies.
  struct Link {
    var segment: Segment
    var row: Int
    var name: SampleName
    var version: SampleVersion
  }

  /// The versions of one sample, earlier segments first.
  struct Chain {
    var links: [Link]
    /// What earlier versions said that have no say any more.
    var past: Set<SampleContent> = []
  }

  private let segment: Segment
  private let keys: SegmentKeys
  /// Rows of keys that the segment has more than once, by the first of them.
  private let own: [Int: ArraySlice<UInt32>]
  private var older: [Int: [Link]] = [:]
  private var past: [Int: Set<SampleContent>] = [:]

  /// - Parameter keys: those of the segment.
  init(_ segment: Segment, _ keys: SegmentKeys) {
    self.segment = segment
    self.keys = keys
    own = Dictionary(
      keys.repeated().compactMap { rows in rows.first.map { (Int($0), rows) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Rows of another segment whose key hash occurs here: (row there, first row here).
  func matches(in other: Segment) throws -> [(Int, Int)] {
    let finder = SegmentKeys.Finder(keys)
    var found: [(Int, Int)] = []
    try other.withHashes(.key) { hashes in
      for row in 0..<hashes.count {
        if let mine = finder.first(hashes[row]) { found.append((row, mine)) }
      }
    }
    return found
  }

  /// The same of some of its rows.
  func matches(_ rows: [RepeatedKeys.Row]) -> [(Int, Int)] {
    var found: [(Int, Int)] = []
    for other in rows {
      if let mine = keys.first(other.key) { found.append((Int(other.row), mine)) }
    }
    return found
  }

  /// Adds versions of an earlier segment: its rows, each with the first row of its key here.
  mutating func append(_ rows: [(Int, Int)], of older: Segment) throws {
    let links = try KeyChains.links(older, rows.map(\.0))
    for (link, row) in zip(links, rows) { self.older[row.1, default: []].append(link) }
  }

  /// Remembers versions that have no say any more: the same content is no news.
  mutating func remember(_ rows: [(Int, Int)], of older: Segment) throws {
    let contents = try older.contents(rows.map(\.0))
    for (content, row) in zip(contents, rows) { past[row.1, default: []].insert(content) }
  }

  /// The versions of every sample whose key hash occurs more than once. A chain of one is a sample that only shares its
  /// hash with another.
  func all() throws -> [Chain] {
    // By their first rows, not by keys: nothing downstream may see hashes.
    let firsts = Set(own.keys).union(older.keys).union(past.keys).sorted()
    let ownRows = firsts.map { first in own[first]?.map { Int($0) } ?? [first] }
    var ownLinks = try KeyChains.links(segment, ownRows.flatMap { $0 }).makeIterator()
    var chains: [Chain] = []
    for (first, rows) in zip(firsts, ownRows) {
      var links = older[first] ?? []
      for _ in rows {
        if let link = ownLinks.next() { links.append(link) }
      }
      let past = past[first] ?? []
      if links.allSatisfy({ $0.name == links[0].name }) {
        chains.append(Chain(links: links, past: past))
        continue
      }
      // Rows with one hash are nearly always one sample; the few that are not are told apart by their texts.
      var samples: [Chain] = []
      for link in links {
        if let place = samples.firstIndex(where: { $0.links[0].name == link.name }) {
          samples[place].links.append(link)
        } else {
          // Content holds the number, so that what another sample of this hash once said cannot be mistaken.
          samples.append(Chain(links: [link], past: past))
        }
      }
      chains += samples
    }
    return chains.sorted { left, right in
      (left.links.last?.row ?? 0) < (right.links.last?.row ?? 0)
    }
  }

  /// Withdrawals that are the only version of their sample.
  func lonelyWithdrawals() throws -> [Int] {
    let kinds = try segment.versionKinds()
    let found = try segment.withCodes(.versionKind) { codes in
      var rows: [Int] = []
      // Hardly a file has one.
      guard kinds.contains(.withdrawal) else { return rows }
      for row in 0..<codes.count where kinds[Int(codes[row])] == .withdrawal { rows.append(row) }
      return rows
    }
    if found.isEmpty { return [] }
    let shared = Set(own.values.joined().map { Int($0) })
    return found.filter { older[$0] == nil && past[$0] == nil && !shared.contains($0) }
  }

  private static func links(_ segment: Segment, _ rows: [Int]) throws -> [Link] {
    let names = try segment.sampleNames(rows)
    let versions = try segment.versions(rows)
    return rows.indices.map {
      Link(segment: segment, row: rows[$0], name: names[$0], version: versions[$0])
    }
  }
}
