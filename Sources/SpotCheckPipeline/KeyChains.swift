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

  /// The same of some of its rows.
  func matches(_ rows: [RepeatedKeys.Row]) -> [(Int, Int)] {
    var found: [(Int, Int)] = []
    for other in rows {
      if let mine = first(other.key) { found.append((Int(other.row), mine)) }
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
    // By their first rows, not by slots: those depend on hashes, and nothing downstream may see that.
    let firsts = slots.filter { $0 >= 0 && !isSingle(Int($0)) }.map { Int($0) }.sorted()
    var own: [Int] = []
    for first in firsts {
      var row = first
      while row >= 0 {
        own.append(row)
        row = Int(next[row])
      }
    }
    var ownLinks = try KeyChains.links(segment, own).makeIterator()
    var chains: [Chain] = []
    for first in firsts {
      var links = older[first] ?? []
      var row = first
      while row >= 0, let link = ownLinks.next() {
        links.append(link)
        row = Int(next[row])
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

  private func isSingle(_ first: Int) -> Bool { next[first] < 0 && older[first] == nil && past[first] == nil }

  /// Rows that are the only version of their sample, with their kind.
  func singles() throws -> [(Int, VersionKind)] {
    let kinds = try segment.versionKinds()
    return try segment.withCodes(.versionKind) { codes in
      var result: [(Int, VersionKind)] = []
      for slot in slots where slot >= 0 && isSingle(Int(slot)) {
        result.append((Int(slot), kinds[Int(codes[Int(slot)])]))
      }
      return result
    }
  }

  private static func links(_ segment: Segment, _ rows: [Int]) throws -> [Link] {
    let names = try segment.sampleNames(rows)
    let versions = try segment.versions(rows)
    return rows.indices.map {
      Link(segment: segment, row: rows[$0], name: names[$0], version: versions[$0])
    }
  }
}
