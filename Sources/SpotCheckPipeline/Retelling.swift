import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

/// The stories of some samples, told again from all that was ever delivered about them, whatever was decided before.
///
/// What an import decides file by file, this decides at once (see ``SampleStory``), so that a store in which rows were
/// replaced is again what importing everything in order of arrival would have made of it.
struct Retelling {
  /// A segment of the store as it is to be, and what is said about its rows so far.
  struct Source {
    var id: String
    var parts: [SegmentPart]
    var closed: [UInt32: SupersessionReason]
    var marks: [UInt32: MarkKind]
    var open: () throws -> Segment
  }

  /// What must be said anew.
  struct Outcome {
    /// Rows that do not count from now on, or for another reason; by segment.
    var closed: [String: [UInt32: SupersessionReason]] = [:]
    /// Rows that count again.
    var reopened: [String: [UInt32]] = [:]
    var marks: [String: [UInt32: MarkKind]] = [:]
    /// Batches in which the rows of one sample lie in two segments, and cannot be put together.
    var split: [BatchID: Diagnostic] = [:]
  }

  /// One telling, where it lies.
  private struct Link {
    var source: Int
    var row: Int
    var name: SampleName
    var version: SampleVersion
  }

  /// Batches whose rows of one sampling number belong together (shape `items`).
  var mergingBatches: Set<BatchID> = []

  /// - Parameters:
  ///   - keys: key hashes of the samples.
  ///   - sources: all segments in order of arrival.
  /// - Throws: ``StoreError``.
  func tell(_ keys: Set<UInt64>, in sources: [Source]) throws -> Outcome {
    var outcome = Outcome()
    guard !keys.isEmpty else { return outcome }
    var stories: [SampleName: [Link]] = [:]
    for (index, source) in sources.enumerated() {
      let segment = try source.open()
      let rows = try segment.withHashes(.key) { hashes in
        (0..<hashes.count).filter { keys.contains(hashes[$0]) }
      }
      for (row, (name, version)) in zip(rows, zip(try segment.sampleNames(rows), try segment.versions(rows))) {
        stories[name, default: []].append(Link(source: index, row: row, name: name, version: version))
      }
    }
    for links in stories.values { try tell(links, in: sources, &outcome) }
    return outcome
  }

  private func tell(_ links: [Link], in sources: [Source], _ outcome: inout Outcome) throws {
    let story = SampleStory(links.map(\.version))
    for (loser, winner) in story.displaced {
      try noteSplit(links[loser], links[winner], sources, &outcome)
    }
    for (index, link) in links.enumerated() {
      let source = sources[link.source]
      let row = UInt32(link.row)
      let known = source.closed[row]
      switch (story.reasons[index], known) {
      case (nil, nil): break
      case (nil, .some): outcome.reopened[source.id, default: []].append(row)
      case (let reason?, _) where reason != known: outcome.closed[source.id, default: [:]][row] = reason
      default: break
      }
      guard story.reasons[index] == nil else { continue }
      var isPending = link.version.isPending
      if let contested = story.contested, contested.report == index { isPending = contested.isPending }
      let isMarked = source.marks[row].map { $0 == .pending } ?? link.version.isPending
      if isPending != isMarked { outcome.marks[source.id, default: [:]][row] = isPending ? .pending : .settled }
    }
  }

  /// Rows of one sample in two segments of one delivery, with nothing that says which is newer, refuse it.
  private func noteSplit(_ loser: Link, _ winner: Link, _ sources: [Source], _ outcome: inout Outcome) throws {
    guard loser.source != winner.source, !loser.version.isNotice, loser.version.isAsOld(as: winner.version),
      let batch = batch(of: loser, sources), batch == self.batch(of: winner, sources), mergingBatches.contains(batch),
      outcome.split[batch] == nil
    else { return }
    outcome.split[batch] = try VersionResolver.splitDiagnostic(
      try keyLink(loser, sources), try keyLink(winner, sources))
  }

  private func keyLink(_ link: Link, _ sources: [Source]) throws -> KeyChains.Link {
    KeyChains.Link(segment: try sources[link.source].open(), row: link.row, name: link.name, version: link.version)
  }

  private func batch(of link: Link, _ sources: [Source]) -> BatchID? {
    sources[link.source].parts.first { $0.rows.contains(link.row) }?.batch
  }
}
