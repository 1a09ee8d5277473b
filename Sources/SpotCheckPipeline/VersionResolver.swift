import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

/// Finds, for the samples of a new batch, their earlier versions, and decides which version counts (decisions 0006, 0009).
///
/// Candidates are found by the 64-bit key hash and confirmed by bureau and sampling number, so that two samples whose
/// hashes collide are never confused. Works segment by segment: memory is bounded by the segment size, not the batch.
struct VersionResolver {
  struct Resolution {
    /// Rows that stop counting, grouped by segment and reason.
    var rows: [SupersededRows] = []
    /// Rows that go on counting, about which a notice says whether an objection is open.
    var marks: [MarkedRows] = []
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

  /// What has been decided so far, and what the catalogue knew before.
  private struct State {
    /// Why rows of this publication, or of earlier ones, do not count from now on.
    var decided: [Place: SupersessionReason] = [:]
    /// Rows that do not count already, and still have a say: a withdrawn sample is not brought back by a late initial
    /// report, and a notice speaks against every report of its standing.
    var speaking: [Place: SupersessionReason] = [:]
    /// Rows that neither count nor have a say.
    var dead = RowSets()
    /// Whether an objection is open, for rows of which the catalogue, or the row itself, says otherwise.
    var marks: [Place: Bool] = [:]
    var knownMarks: [Place: Bool] = [:]
    /// Segments published before.
    var known: Set<String> = []

    func isClosed(_ place: Place) -> Bool {
      if let reason = decided[place] { return !VersionResolver.hasSay(reason) }
      return dead.contains(place.segment, place.row)
    }

    func counts(_ place: Place) -> Bool {
      decided[place] == nil && speaking[place] == nil && !dead.contains(place.segment, place.row)
    }

    mutating func close(_ place: Place, _ reason: SupersessionReason) {
      // What the catalogue says already need not be said again.
      if decided[place] == nil, speaking[place] == reason { return }
      decided[place] = reason
      marks[place] = nil
    }
  }

  private static func hasSay(_ reason: SupersessionReason) -> Bool { reason == .withdrawn || reason == .objection }

  func resolve(_ fresh: [SegmentDescription]) throws -> Resolution {
    var resolution = Resolution()
    let snapshot = try catalogue.latestSnapshot()
    var state = State()
    for entry in try catalogue.supersessions(at: snapshot) {
      // Of several reasons of one row the newest holds.
      for row in entry.rows.rows where VersionResolver.hasSay(entry.rows.reason) || !state.speaking.isEmpty {
        let place = Place(segment: entry.rows.segment, row: Int(row))
        state.speaking[place] = VersionResolver.hasSay(entry.rows.reason) ? entry.rows.reason : nil
      }
      if !VersionResolver.hasSay(entry.rows.reason) { state.dead.insert(entry.rows.segment, entry.rows.rows) }
    }
    for (segment, kinds) in try catalogue.marks(at: snapshot) {
      for (kind, rows) in kinds {
        for row in rows { state.knownMarks[Place(segment: segment, row: Int(row))] = kind == .pending }
      }
    }
    var earlier = try catalogue.visibleSegments(at: snapshot).map {
      try SegmentDescription(record: $0.record)
    }
    state.known = Set(earlier.map(\.id))
    for description in fresh {
      let segment = try Segment(description, in: layout)
      var chains = try KeyChains(segment)
      // Every earlier segment, and this one against itself.
      for other in earlier {
        let older = try Segment(other, in: layout)
        for (row, newRow) in try chains.matches(in: older) {
          if state.isClosed(Place(segment: other.id, row: row)) {
            try chains.remember(older, row: row, for: newRow)
          } else {
            try chains.append(older: older, row: row, to: newRow)
          }
        }
      }
      for chain in try chains.all() {
        try decide(chain, arrivingIn: segment, &state, &resolution)
        if resolution.split != nil { return resolution }
      }
      for (row, kind) in try chains.singles() where kind == .withdrawal {
        state.close(Place(segment: description.id, row: row), .withdrawn)
      }
      earlier.append(description)
    }
    resolution.rows = VersionResolver.grouped(state.decided)
    resolution.marks = VersionResolver.grouped(state.marks)
    return resolution
  }

  /// Walks the versions of one sample in order of arrival: its reports, and beside them the notices of objections,
  /// which never take a report's verdict away.
  private func decide(
    _ chain: KeyChains.Chain, arrivingIn segment: Segment, _ state: inout State, _ resolution: inout Resolution
  ) throws {
    var report: KeyChains.Link?
    var notice: KeyChains.Link?
    var said = chain.past
    for link in chain.links {
      // The same content again is a duplicate, even of a version that no longer counts: an old file that is sent once
      // more does not undo what came after it.
      if !said.insert(link.version.content).inserted, link.segment === segment {
        state.close(VersionResolver.place(link), .duplicate)
        resolution.duplicateRows += try link.segment.deliveredRows(link.row)
        continue
      }
      if link.version.isNotice {
        try contest(&notice, link, &state, &resolution)
      } else {
        try contest(&report, link, &state, &resolution)
      }
      if resolution.split != nil { return }
    }
    // A notice alone stands for its sample until a report arrives.
    guard let report else { return }
    let reportPlace = VersionResolver.place(report)
    if report.version.kind == .withdrawal { state.close(reportPlace, .withdrawn) }
    guard let notice else { return }
    let noticePlace = VersionResolver.place(notice)
    if state.known.contains(noticePlace.segment), state.counts(noticePlace) { resolution.supersededEarlier += 1 }
    guard SupersessionRule.holds(notice: notice.version, against: report.version) else {
      return state.close(noticePlace, .superseded)
    }
    state.close(noticePlace, .objection)
    let before = state.knownMarks[reportPlace] ?? report.version.isPending
    state.marks[reportPlace] = notice.version.isPending == before ? nil : notice.version.isPending
  }

  /// Puts one more version against the one that stands so far.
  private func contest(
    _ standing: inout KeyChains.Link?, _ link: KeyChains.Link, _ state: inout State, _ resolution: inout Resolution
  ) throws {
    guard let winner = standing else {
      standing = link
      return
    }
    let place = VersionResolver.place(link)
    let previous = VersionResolver.place(winner)
    switch SupersessionRule.decide(earlier: winner.version, later: link.version) {
    case .earlierWins:
      state.close(place, .superseded)
    case .laterWins:
      // Several notices of objections to one report do not contradict each other.
      let isNew = !state.known.contains(previous.segment) && !winner.version.isNotice
      if mergesRows, isNew, previous.segment != place.segment, winner.version.isAsOld(as: link.version) {
        resolution.split = try VersionResolver.splitDiagnostic(winner, link)
        return
      }
      if state.known.contains(previous.segment), state.counts(previous) { resolution.supersededEarlier += 1 }
      if isNew, winner.version.isAsOld(as: link.version) {
        resolution.conflicts.append(try VersionResolver.conflictDiagnostic(winner, link))
      }
      state.close(previous, .superseded)
      standing = link
    }
  }

  private static func place(_ link: KeyChains.Link) -> Place {
    Place(segment: link.segment.description.id, row: link.row)
  }

  private static func splitDiagnostic(_ first: KeyChains.Link, _ second: KeyChains.Link) throws -> Diagnostic {
    let number = PersonalData.maskedKey(try second.segment.plainText(.samplingNumber, row: second.row))
    let lines = (try first.segment.line(first.row), try second.segment.line(second.row))
    return Diagnostic(
      .rowSplitSample, at: SourcePosition(line: lines.1.line, byteOffset: lines.1.byteOffset),
      "rows of sample \(number) stand at line \(lines.0.line) and again at line \(lines.1.line)",
      zh: "样品 \(number) 的行出现在第 \(lines.0.line) 行和第 \(lines.1.line) 行，相距过远")
  }

  private static func conflictDiagnostic(_ first: KeyChains.Link, _ second: KeyChains.Link) throws -> Diagnostic {
    let number = PersonalData.maskedKey(try second.segment.plainText(.samplingNumber, row: second.row))
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

  private static func grouped(_ marks: [Place: Bool]) -> [MarkedRows] {
    var groups: [String: [MarkKind: [UInt32]]] = [:]
    for (place, isPending) in marks {
      groups[place.segment, default: [:]][isPending ? .pending : .settled, default: []].append(UInt32(place.row))
    }
    return groups.sorted { $0.key < $1.key }.flatMap { segment, kinds in
      MarkKind.allCases.compactMap { kind in
        kinds[kind].map { MarkedRows(segment: segment, rows: $0.sorted(), kind: kind) }
      }
    }
  }
}

/// Rows that neither count nor have a say, by segment.
private struct RowSets {
  private var rows: [String: Set<UInt32>] = [:]
  mutating func insert(_ segment: String, _ more: [UInt32]) { rows[segment, default: []].formUnion(more) }
  func contains(_ segment: String, _ row: Int) -> Bool { rows[segment]?.contains(UInt32(row)) ?? false }
}
