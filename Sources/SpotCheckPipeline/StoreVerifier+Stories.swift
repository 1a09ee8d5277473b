import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

extension StoreVerifier {
  /// Tells the story of every sample again that has more than one row, or of which something is recorded, and compares:
  /// which version counts is what the rules say of all that was delivered.
  ///
  /// A store with batches of format 1 was made under rules without objections: differences are said, and are no damage.
  /// Holds 8 bytes a row, and the rows of the samples concerned.
  mutating func verifyStories(_ segments: [StoredSegment], at snapshot: SnapshotNumber) throws {
    let state = try StoreState(catalogue, at: snapshot)
    let layout = layout
    let sources = try segments.map { stored in
      let description = try SegmentDescription(record: stored.record)
      return Retelling.Source(
        id: stored.record.id, parts: stored.parts, closed: state.closed[stored.record.id],
        marks: state.marks[stored.record.id] ?? [:], open: { try Segment(description, in: layout) })
    }
    var hashes: [UInt64] = []
    var concerned: Set<UInt64> = []
    for source in sources {
      let (closed, marks) = (source.closed, source.marks)
      try source.open().withHashes(.key) { keys in
        for row in 0..<keys.count {
          hashes.append(keys[row])
          if closed[UInt32(row)] != nil || marks[UInt32(row)] != nil { concerned.insert(keys[row]) }
        }
      }
    }
    hashes.sort()
    for (left, right) in zip(hashes, hashes.dropFirst()) where left == right { concerned.insert(left) }
    hashes = []
    let outcome = try Retelling().tell(concerned, in: sources)
    for (segment, rows) in outcome.reopened.sorted(by: { $0.key < $1.key }) {
      tell("\(segment): rows \(rows.sorted()) do not count, and nothing that was delivered says so")
    }
    for (segment, rows) in outcome.closed.sorted(by: { $0.key < $1.key }) {
      for (row, reason) in rows.sorted(by: { $0.key < $1.key }) {
        tell("\(segment): row \(row) is \(reason.rawValue) by what was delivered, and is not recorded so")
      }
    }
    for (segment, rows) in outcome.marks.sorted(by: { $0.key < $1.key }) {
      tell("\(segment): whether rows \(rows.keys.sorted()) are pending is not what was delivered")
    }
  }

  private mutating func tell(_ message: String) {
    outcome.findings.append(Finding(isDamage: unaccounted == 0, message: message))
  }
}
