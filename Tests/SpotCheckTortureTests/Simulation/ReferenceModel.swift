import SpotCheck

/// What must be true of a store after any history of deliveries: as simple as it can be said, and slow.
///
/// The model does not know when a file is taken in or in which order: it looks at the order of the recorded batches, and
/// from there everything follows.
struct ReferenceModel {
  /// A file that was dropped whole, once.
  struct Drop: Hashable {
    var folder: String
    var name: String
    var content: SimulatedContent
  }

  /// A batch as recorded: which delivery, what became of it.
  struct Recorded {
    var folder: String
    var name: String
    var digest: String
    var state: BatchState
  }

  private(set) var drops: [Drop] = []

  mutating func add(_ drop: Drop) { drops.append(drop) }

  static func digest(_ content: SimulatedContent) -> String { ContentHasher.digest(of: content.bytes).hex }

  /// Every drop is recorded at most once (exactly once if `isQuiet`), and nothing else is.
  func differences(of batches: [Recorded], isQuiet: Bool) -> [String] {
    var open: [String: Int] = [:]
    for drop in drops { open[key(drop.folder, drop.name, ReferenceModel.digest(drop.content)), default: 0] += 1 }
    var found: [String] = []
    for batch in batches {
      let key = key(batch.folder, batch.name, batch.digest)
      open[key, default: 0] -= 1
      if open[key, default: 0] < 0 { found.append("recorded too often, or never dropped: \(key)") }
    }
    if isQuiet {
      for (key, count) in open.sorted(by: { $0.key < $1.key }) where count > 0 {
        found.append("never recorded: \(key)")
      }
    }
    return found + stateDifferences(of: batches)
  }

  /// The first readable file of a content is accepted, the others are duplicates; what cannot be read is refused.
  private func stateDifferences(of batches: [Recorded]) -> [String] {
    let contents = contentByDigest
    var seen: Set<String> = []
    return batches.compactMap { batch in
      guard let content = contents[batch.digest] else { return nil }
      let expected: BatchState
      if !content.isReadable {
        expected = .refused
      } else {
        expected = seen.insert(batch.digest).inserted ? .accepted : .duplicate
      }
      return batch.state == expected ? nil : "\(batch.name) is \(batch.state) and must be \(expected)"
    }
  }

  /// Sampling number → passed, after these batches: what is new for a sample replaces what was known; what was known
  /// of it once already does not come back.
  func samples(after batches: [Recorded]) -> [Int: Bool] {
    let contents = contentByDigest
    var known: [Int: Set<Bool>] = [:]
    var current: [Int: Bool] = [:]
    for batch in batches where batch.state == .accepted {
      for (number, verdict) in contents[batch.digest]?.verdicts ?? [:]
      where known[number, default: []].insert(verdict).inserted {
        current[number] = verdict
      }
    }
    return current
  }

  private var contentByDigest: [String: SimulatedContent] {
    Dictionary(drops.map { (ReferenceModel.digest($0.content), $0.content) }, uniquingKeysWith: { first, _ in first })
  }

  private func key(_ folder: String, _ name: String, _ digest: String) -> String {
    "\(folder)/\(name) \(digest.prefix(8))"
  }
}
