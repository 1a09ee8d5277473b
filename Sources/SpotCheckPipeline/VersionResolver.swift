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
    /// The keys of the batch's segments, by name, as far as they were sorted.
    var sorted: [String: SegmentKeys] = [:]
  }

  private let memory: StoreMemory
  private let layout: StoreLayout
  /// Rows of one sampling number inside the file belong together (shape `items`).
  private let mergesRows: Bool

  /// - Parameter memory: what is known before; it is not changed.
  init(memory: StoreMemory, layout: StoreLayout, mergesRows: Bool) {
    self.memory = memory
    self.layout = layout
    self.mergesRows = mergesRows
  }

  /// A sample row in some segment.
  private struct Place: Hashable {
    var segment: String
    var row: Int
  }

  /// What has been decided so far, and what was known before.
  private struct State {
    let before: StoreState
    /// Why rows of this publication, or of earlier ones, do not count from now on.
    var decided: [Place: SupersessionReason] = [:]
    /// Whether an objection is open, for rows of which what was known before, or the row itself, says otherwise.
    var marks: [Place: Bool] = [:]
    /// Segments of this publication.
    var fresh: Set<String> = []

    private func known(_ place: Place) -> SupersessionReason? {
      before.closed[place.segment][UInt32(truncatingIfNeeded: place.row)]
    }

    /// The row neither counts nor has a say.
    func isClosed(_ place: Place) -> Bool {
      (decided[place] ?? known(place)).map { !VersionResolver.hasSay($0) } ?? false
    }

    func counts(_ place: Place) -> Bool { decided[place] == nil && known(place) == nil }

    /// What is known of a row beyond its own flags.
    func mark(_ place: Place) -> Bool? {
      before.marks[place.segment]?[UInt32(truncatingIfNeeded: place.row)].map { $0 == .pending }
    }

    mutating func close(_ place: Place, _ reason: SupersessionReason) {
      // What is known already need not be said again.
      if decided[place] == nil, known(place) == reason { return }
      decided[place] = reason
      marks[place] = nil
    }
  }

  /// Whether a row that does not count still has a say: a withdrawn sample is not brought back by a late initial report,
  /// and a notice speaks against every report of its standing.
  private static func hasSay(_ reason: SupersessionReason) -> Bool { reason == .withdrawn || reason == .objection }

  func resolve(_ fresh: [SegmentDescription]) throws -> Resolution {
    var resolution = Resolution()
    var state = State(before: memory.state)
    let segments = try fresh.map { try Segment($0, in: layout) }
    let repeated = segments.count > 1 ? try RepeatedKeys(segments) : nil
    for (number, segment) in segments.enumerated() {
      let description = segment.description
      state.fresh.insert(description.id)
      let keys = try SegmentKeys(segment)
      var chains = KeyChains(segment, keys)
      func own() -> SegmentKeys {
        resolution.sorted[description.id] = keys
        return keys
      }
      for stored in memory.state.segments {
        let matches = try memory.matches(chains, own, in: stored)
        if !matches.isEmpty { try collect(matches, try memory.segment(stored), &chains, state) }
      }
      // The segments of this file before it; against itself it goes in any case.
      for (index, other) in segments[..<number].enumerated() {
        let matches = try repeated?.rows(index).map { chains.matches($0) } ?? chains.matches(in: other)
        if !matches.isEmpty { try collect(matches, other, &chains, state) }
      }
      for chain in try chains.all() {
        try decide(chain, arrivingIn: segment, &state, &resolution)
        if resolution.split != nil { return resolution }
      }
      for row in try chains.lonelyWithdrawals() {
        state.close(Place(segment: description.id, row: row), .withdrawn)
      }
      for other in segments[...number] { other.releasePages() }
    }
    resolution.rows = VersionResolver.grouped(state.decided)
    resolution.marks = VersionResolver.grouped(state.marks)
    return resolution
  }

  private func collect(
    _ matches: [(Int, Int)], _ older: Segment, _ chains: inout KeyChains, _ state: State
  ) throws {
    let id = older.description.id
    let closed = matches.map { state.isClosed(Place(segment: id, row: $0.0)) }
    try chains.remember(zip(matches, closed).filter(\.1).map(\.0), of: older)
    try chains.append(zip(matches, closed).filter { !$0.1 }.map(\.0), of: older)
  }

  private func decide(
    _ chain: KeyChains.Chain, arrivingIn segment: Segment, _ state: inout State, _ resolution: inout Resolution
  ) throws {
    let links = chain.links
    let story = SampleStory(links.map(\.version), past: chain.past) { links[$0].segment === segment }
    for (loser, winner) in story.displaced {
      try judge(links[loser], displacedBy: links[winner], state, &resolution)
      if resolution.split != nil { return }
    }
    for (link, reason) in zip(links, story.reasons) {
      guard let reason else { continue }
      let place = VersionResolver.place(link)
      if reason == .duplicate {
        resolution.duplicateRows += try link.segment.deliveredRows(link.row)
      } else if !state.fresh.contains(place.segment), state.counts(place) {
        resolution.supersededEarlier += 1
      }
      state.close(place, reason)
    }
    guard let contested = story.contested else { return }
    let link = links[contested.report]
    let place = VersionResolver.place(link)
    let before = state.mark(place) ?? link.version.isPending
    state.marks[place] = contested.isPending == before ? nil : contested.isPending
  }

  /// What is to be said when both versions of one sample came in this file.
  private func judge(
    _ loser: KeyChains.Link, displacedBy winner: KeyChains.Link, _ state: State, _ resolution: inout Resolution
  ) throws {
    // Several notices of objections to one report do not contradict each other.
    guard state.fresh.contains(loser.segment.description.id), !loser.version.isNotice,
      loser.version.isAsOld(as: winner.version)
    else { return }
    if mergesRows, loser.segment !== winner.segment {
      resolution.split = try VersionResolver.splitDiagnostic(loser, winner)
    } else {
      resolution.conflicts.append(try VersionResolver.conflictDiagnostic(loser, winner))
    }
  }

  private static func place(_ link: KeyChains.Link) -> Place {
    Place(segment: link.segment.description.id, row: link.row)
  }

  static func splitDiagnostic(_ first: KeyChains.Link, _ second: KeyChains.Link) throws -> Diagnostic {
    let number = PersonalData.maskedKey(second.name.number)
    let lines = (try first.segment.line(first.row), try second.segment.line(second.row))
    return Diagnostic(
      .rowSplitSample, at: SourcePosition(line: lines.1.line, byteOffset: lines.1.byteOffset),
      "rows of sample \(number) stand at line \(lines.0.line) and again at line \(lines.1.line)",
      zh: "样品 \(number) 的行出现在第 \(lines.0.line) 行和第 \(lines.1.line) 行，相距过远")
  }

  private static func conflictDiagnostic(_ first: KeyChains.Link, _ second: KeyChains.Link) throws -> Diagnostic {
    let number = PersonalData.maskedKey(second.name.number)
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
