import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

/// Finds, for the samples of a new batch, their earlier versions, and decides which version counts.
///
/// Candidates are found by the 64-bit key hash and confirmed by bureau and sampling number, so that two samples whose
/// hashes collide are never confused. Works segment by segment: memory is bounded by the segment size, not the batch.
struct VersionResolver {
  struct Resolution {
    /// Rows that stop counting, grouped by segment and reason.
    var rows: [SupersededRows] = []
    /// Delivered rows of the new batch that only repeat what is known.
    var duplicateRows = 0
    /// Sample rows of earlier batches whose place was taken.
    var supersededEarlier = 0
    /// One sampling number twice in the delivery with different content, and nothing that says which is newer.
    var conflicts: [Diagnostic] = []
    /// The rows of one sample lie in two segments of the batch: they cannot be put together.
    var split: Diagnostic?
  }

  private let catalogue: Catalogue
  private let layout: StoreLayout
  /// Rows of one sampling number inside the file belong together (shape `items`).
  private let mergesRows: Bool

  init(catalogue: Catalogue, layout: StoreLayout, mergesRows: Bool) {
    self.catalogue = catalogue
    self.layout = layout
    self.mergesRows = mergesRows
  }

  /// A sample row in some segment.
  private struct Place: Hashable {
    var segment: String
    var row: Int
  }

  func resolve(_ fresh: [SegmentDescription]) throws -> Resolution {
    var resolution = Resolution()
    let snapshot = try catalogue.latestSnapshot()
    var dead = Decisions()
    // A withdrawn sample still has a say: a late initial report does not bring it back.
    for entry in try catalogue.supersessions(at: snapshot) where entry.rows.reason != .withdrawn {
      dead.close(entry.rows.segment, entry.rows.rows)
    }
    var earlier = try catalogue.visibleSegments(at: snapshot).map {
      try SegmentDescription(record: $0.record)
    }
    let known = Set(earlier.map(\.id))
    var decided: [Place: SupersessionReason] = [:]
    for description in fresh {
      let segment = try Segment(description, in: layout)
      var chains = try KeyChains(segment)
      // Every earlier segment, and this one against itself.
      for other in earlier {
        let older = try Segment(other, in: layout)
        for (row, newRow) in try chains.matches(in: older) {
          let place = Place(segment: other.id, row: row)
          if dead.contains(other.id, row) || (decided[place].map { $0 != .withdrawn } ?? false) { continue }
          try chains.append(older: older, row: row, to: newRow)
        }
      }
      for chain in try chains.all() {
        try decide(chain, isKnown: known, into: &decided, &resolution)
        if resolution.split != nil { return resolution }
      }
      for (row, kind) in try chains.singles() where kind == .withdrawal {
        decided[Place(segment: description.id, row: row)] = .withdrawn
      }
      earlier.append(description)
    }
    resolution.rows = VersionResolver.grouped(decided)
    return resolution
  }

  /// Walks the versions of one sample in order of arrival.
  private func decide(
    _ chain: [KeyChains.Link], isKnown known: Set<String>, into decided: inout [Place: SupersessionReason],
    _ resolution: inout Resolution
  ) throws {
    var winner = chain[0]
    for link in chain.dropFirst() {
      let place = Place(segment: link.segment.description.id, row: link.row)
      let previous = Place(segment: winner.segment.description.id, row: winner.row)
      switch SupersessionRule.decide(earlier: winner.version, later: link.version) {
      case .duplicate:
        decided[place] = .duplicate
        resolution.duplicateRows += try link.segment.deliveredRows(link.row)
      case .earlierWins:
        decided[place] = .superseded
      case .laterWins:
        if mergesRows, !known.contains(previous.segment), previous.segment != place.segment,
          winner.version.isAsOld(as: link.version)
        {
          resolution.split = try VersionResolver.splitDiagnostic(winner, link)
          return
        }
        if known.contains(previous.segment), decided[previous] == nil { resolution.supersededEarlier += 1 }
        if !known.contains(previous.segment), winner.version.isAsOld(as: link.version) {
          resolution.conflicts.append(try VersionResolver.conflictDiagnostic(winner, link))
        }
        decided[previous] = .superseded
        winner = link
      }
    }
    if winner.version.kind == .withdrawal {
      decided[Place(segment: winner.segment.description.id, row: winner.row)] = .withdrawn
    }
  }

  private static func splitDiagnostic(_ first: KeyChains.Link, _ second: KeyChains.Link) throws -> Diagnostic {
    let number = try second.segment.plainText(.samplingNumber, row: second.row)
    let lines = (try first.segment.line(first.row), try second.segment.line(second.row))
    return Diagnostic(
      .rowSplitSample, at: SourcePosition(line: lines.1.line, byteOffset: lines.1.byteOffset),
      "rows of sample \(number) stand at line \(lines.0.line) and again at line \(lines.1.line)",
      zh: "样品 \(number) 的行出现在第 \(lines.0.line) 行和第 \(lines.1.line) 行，相距过远")
  }

  private static func conflictDiagnostic(_ first: KeyChains.Link, _ second: KeyChains.Link) throws -> Diagnostic {
    let number = try second.segment.plainText(.samplingNumber, row: second.row)
    let lines = (try first.segment.line(first.row), try second.segment.line(second.row))
    return Diagnostic(
      .rowConflict, at: SourcePosition(line: lines.1.line, byteOffset: lines.1.byteOffset),
      "sampling number \(number) stands at line \(lines.0.line) and, with other content, at line \(lines.1.line); "
        + "the later one counts",
      zh: "抽样编号 \(number) 在第 \(lines.0.line) 行和第 \(lines.1.line) 行内容不同，以后者为准", severity: .warning)
  }

  private static func grouped(_ decided: [Place: SupersessionReason]) -> [SupersededRows] {
    var groups: [String: [SupersessionReason: [UInt32]]] = [:]
    for (place, reason) in decided {
      groups[place.segment, default: [:]][reason, default: []].append(UInt32(place.row))
    }
    return groups.sorted { $0.key < $1.key }.flatMap { segment, reasons in
      SupersessionReason.allCases.compactMap { reason in
        reasons[reason].map { SupersededRows(segment: segment, rows: $0.sorted(), reason: reason) }
      }
    }
  }
}

/// Rows that no longer count, by segment.
private struct Decisions {
  private var rows: [String: Set<UInt32>] = [:]
  mutating func close(_ segment: String, _ closed: [UInt32]) { rows[segment, default: []].formUnion(closed) }
  func contains(_ segment: String, _ row: Int) -> Bool { rows[segment]?.contains(UInt32(row)) ?? false }
}
