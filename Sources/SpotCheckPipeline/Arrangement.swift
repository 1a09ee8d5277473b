import SpotCheckCatalogue
import SpotCheckCuration
import SpotCheckModel
import SpotCheckStore

/// The store as a replay leaves it: which segments go, which take their place, and what is said about their rows.
struct Arrangement {
  private let replay: Replay
  private let run: ImportRun
  private(set) var change: Rearrangement
  /// All segments as they will be, in order of arrival.
  private(set) var sources: [Retelling.Source] = []
  private(set) var retold = Retelling.Outcome()
  /// Where the rows of each batch stand: indices of sources, and parts.
  private var places: [BatchID: [(source: Int, part: SegmentPart)]] = [:]

  /// Seals what must be sealed. Nothing of it is published.
  init(_ replay: Replay, _ state: StoreState) throws {
    self.replay = replay
    run = replay.run
    change = Rearrangement(.replay, base: state.snapshot)
    change.runID = run.id
    try arrange(state)
    var retelling = Retelling()
    for (id, fate) in replay.fates where fate.state == .accepted && fate.hasOtherRows {
      guard case .acceptable(let layout) = fate.file?.finding, layout.curation.shape == .items else { continue }
      retelling.mergingBatches.insert(id)
    }
    retold = try retelling.tell(replay.keys, in: sources)
    if retold.split.isEmpty { sayAnew() }
  }

  // MARK: Segments

  private func isReplaced(_ batch: BatchID) -> Bool { replay.fates[batch]?.hasOtherRows ?? false }

  /// Whether something of the batch stands in the new store although nothing of it stood in the old one.
  private func comesBetween(_ first: BatchID, _ last: BatchID) -> Bool {
    arriving.contains { first < $0 && $0 < last }
  }

  /// Batches with new rows, in order.
  private var arriving: [BatchID] {
    replay.fates.filter { $0.value.hasOtherRows && $0.value.state == .accepted }.keys.sorted()
  }

  private mutating func arrange(_ state: StoreState) throws {
    var order: [(batch: BatchID, row: Int, source: Retelling.Source)] = []
    func add(_ source: Retelling.Source) {
      order.append((source.parts.first?.batch ?? 0, source.parts.first?.batchRow ?? 0, source))
    }
    let fresh = freshSegments()
    let isFresh = Set(fresh)
    /// New segments that are there already, at the same place, with what is said about their rows.
    var isThere: Set<String> = []
    let maker = try SegmentMaker(run.catalogue, layout: run.layout, at: state.snapshot)
    for stored in state.segments {
      let id = stored.record.id
      let placed = PlacedSegment(record: stored.record, parts: stored.parts)
      let isAffected = stored.parts.contains { isReplaced($0.batch) }
      let isCut = comesBetween(stored.parts.first?.batch ?? 0, stored.parts.last?.batch ?? 0)
      if !isAffected && !isCut || isFresh.contains(placed) {
        if isAffected { isThere.insert(id) }
        add(try source(placed, closed: state.closed[id], marks: state.marks[id] ?? [:]))
        continue
      }
      change.removed.append(id)
      for rows in keptRows(stored) {
        let first = change.carried.count
        let firstMark = change.carriedMarks.count
        try maker.make([SegmentMaker.Piece(stored: stored, rows: rows)], into: &change)
        guard let made = change.added.last else { continue }
        replay.made.append(made)
        var closed = ClosedRows()
        for entry in change.carried[first...] where entry.until == nil { closed.add(entry.rows) }
        var marks: [UInt32: MarkKind] = [:]
        for entry in change.carriedMarks[firstMark...] { for row in entry.rows.rows { marks[row] = entry.rows.kind } }
        add(try source(made, closed: closed[made.record.id], marks: marks))
      }
    }
    for placed in fresh where !isThere.contains(placed.record.id) {
      change.added.append(placed)
      add(try source(placed, closed: [:], marks: [:]))
    }
    // Recorded in order of arrival too, so that the same replay makes the same catalogue.
    change.added.sort { Arrangement.place($0.parts) < Arrangement.place($1.parts) }
    sources = order.sorted { ($0.batch, $0.row) < ($1.batch, $1.row) }.map(\.source)
  }

  private static func place(_ parts: [SegmentPart]) -> (BatchID, Int) {
    (parts.first?.batch ?? 0, parts.first?.batchRow ?? 0)
  }

  private func source(
    _ placed: PlacedSegment, closed: [UInt32: SupersessionReason], marks: [UInt32: MarkKind]
  ) throws -> Retelling.Source {
    let description = try SegmentDescription(record: placed.record)
    let layout = run.layout
    return Retelling.Source(
      id: placed.record.id, parts: placed.parts, closed: closed, marks: marks,
      open: { try Segment(description, in: layout) })
  }

  /// The segments of the batches that have new rows.
  private func freshSegments() -> [PlacedSegment] {
    var result: [PlacedSegment] = []
    for batch in arriving {
      var row = 0
      for description in replay.fates[batch]?.file?.segments ?? [] {
        let part = SegmentPart(firstRow: 0, rowCount: description.sampleRows, batch: batch, batchRow: row)
        result.append(PlacedSegment(record: description.record, parts: [part]))
        row += description.sampleRows
      }
    }
    return result
  }

  /// The rows of a segment that stay, in stretches between which others go or come.
  private func keptRows(_ stored: StoredSegment) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var last: SegmentPart?
    for part in stored.parts where !isReplaced(part.batch) {
      if let before = last, let open = result.last, open.upperBound == part.firstRow,
        !comesBetween(before.batch, part.batch)
      {
        result[result.count - 1] = open.lowerBound..<part.rows.upperBound
      } else {
        result.append(part.rows)
      }
      last = part
    }
    return result
  }

  // MARK: Rows

  /// Takes what the stories say into the change, and into the sources.
  private mutating func sayAnew() {
    for index in sources.indices {
      let source = sources[index]
      if let rows = retold.reopened[source.id] {
        change.reopened[source.id] = rows.sorted()
        for row in rows { sources[index].closed[row] = nil }
      }
      for (row, reason) in retold.closed[source.id] ?? [:] { sources[index].closed[row] = reason }
      for (row, kind) in retold.marks[source.id] ?? [:] { sources[index].marks[row] = kind }
      for part in source.parts {
        for (reason, rows) in Arrangement.grouped(retold.closed[source.id] ?? [:], in: part) {
          change.closed.append((part.batch, SupersededRows(segment: source.id, rows: rows, reason: reason)))
        }
        for (kind, rows) in Arrangement.grouped(retold.marks[source.id] ?? [:], in: part) {
          change.marks.append((part.batch, MarkedRows(segment: source.id, rows: rows, kind: kind)))
        }
      }
    }
  }

  private static func grouped<Word: RawRepresentable<String> & Hashable>(
    _ rows: [UInt32: Word], in part: SegmentPart
  ) -> [(Word, [UInt32])] {
    if rows.isEmpty { return [] }
    let own = rows.filter { part.rows.contains(Int($0.key)) }
    return Dictionary(grouping: own.keys) { own[$0]?.rawValue ?? "" }.sorted { $0.key < $1.key }.compactMap { entry in
      Word(rawValue: entry.key).map { ($0, entry.value.sorted()) }
    }
  }

  // MARK: Batches

  /// The code tables of the pipelines that accepted files were read by.
  var tables: [CodeTable] {
    var tables: [String: CodeTable] = [:]
    for fate in replay.fates.values.sorted(by: { $0.stored.id < $1.stored.id }) {
      guard fate.state == .accepted, case .acceptable(let layout) = fate.file?.finding else { continue }
      for table in layout.curation.tables.all { tables[table.name] = table }
    }
    return tables.values.sorted { $0.name < $1.name }
  }

  /// Writes the records of the batches that were curated anew.
  ///
  /// - Throws: ``ImportError`` (`unbalanced`).
  mutating func reviseBatches() throws {
    change.tables = tables
    for (index, source) in sources.enumerated() {
      for part in source.parts { places[part.batch, default: []].append((index, part)) }
    }
    for (id, fate) in replay.fates.sorted(by: { $0.key < $1.key }) {
      change.batches.append(try revised(id, fate))
    }
  }

  private func revised(_ id: BatchID, _ fate: Replay.Fate) throws -> RevisedBatch {
    var record = fate.file?.batch ?? fate.stored.record
    record.state = fate.state
    record.duplicateOf = fate.duplicateOf
    record.samples = 0
    record.items = 0
    record.sampleAccounts = nil
    record.closedSamples = nil
    record.refusalCode = ""
    record.refusalMessage = ""
    var report = fate.file?.report ?? CurationReport()
    var revised = RevisedBatch(id: id, record: record)
    switch fate.state {
    case .duplicate:
      report = CurationReport()
      let isSameBytes = fate.stored.record.fileDigest == fate.duplicateOf.flatMap(digest)
      report.add(
        Diagnostic(
          isSameBytes ? .fileDuplicate : .fileDuplicatePayload, at: .file,
          "imported before as batch \(fate.duplicateOf ?? 0)", zh: "先前已导入（批号 \(fate.duplicateOf ?? 0)）"))
    case .refused:
      let reason = fate.refusal ?? Diagnostic(.fileUnreadable, at: .file)
      report.refuse(reason)
      revised.record.refusalCode = reason.code.rawValue
      revised.record.refusalMessage = reason.message.isEmpty ? reason.code.text.title : reason.message
      revised.rejects = fate.file?.rejects ?? []
      revised.unmapped = fate.file?.unmapped ?? []
    case .accepted:
      guard let file = fate.file else { return RevisedBatch(id: id, record: fate.stored.record) }
      try accept(id, file, fate, &report, &revised)
    }
    revised.record.accounts = report.accounts
    revised.record.diagnosticCounts = Dictionary(
      uniqueKeysWithValues: report.counts.map { ($0.key.rawValue, $0.value) })
    // What an import says about a file beside others is said of them as they were then.
    for code in [DiagnosticCode.rowConflict, .rowPossibleDuplicate] where fate.state == .accepted {
      revised.record.diagnosticCounts[code.rawValue] = fate.stored.record.diagnosticCounts[code.rawValue]
    }
    revised.diagnostics = report.diagnostics
    if fate.state == .accepted {
      revised.diagnostics += try run.catalogue.diagnostics(batch: id).filter {
        $0.code == .rowConflict || $0.code == .rowPossibleDuplicate
      }
    }
    return revised
  }

  private func digest(_ batch: BatchID) -> String? {
    replay.fates[batch]?.stored.record.fileDigest ?? (try? run.catalogue.batch(batch))??.record.fileDigest
  }

  private func accept(
    _ id: BatchID, _ file: PreparedFile, _ fate: Replay.Fate, _ report: inout CurationReport,
    _ revised: inout RevisedBatch
  ) throws {
    guard case .acceptable(let layout) = file.finding else { return }
    var samples = BatchSamples()
    var repeated = 0
    for (index, part) in places[id] ?? [] {
      let segment = try sources[index].open()
      var closed: [UInt32: SupersessionReason] = [:]
      for row in part.rows { closed[UInt32(row)] = sources[index].closed[UInt32(row)] }
      try samples.add(segment, part: part.rows, closed: closed, purposes: layout.curation.tables["purposes"])
      for (row, reason) in closed where reason == .duplicate { repeated += try segment.deliveredRows(Int(row)) }
    }
    let isWhole = file.deliveredRows == report.accounts.accepted && samples.isBalanced(sealed: file.samples)
    report.accounts.accepted -= repeated
    report.accounts.duplicate += repeated
    guard report.accounts.isBalanced, isWhole else {
      throw ImportError(
        .unbalanced, path: file.delivery.name,
        "rows do not add up: \(report.accounts), samples made of \(file.deliveredRows); nothing was replayed. This is a defect of SpotCheck: please report it"
      )
    }
    revised.record.samples = file.samples
    revised.record.items = file.items
    revised.record.sampleAccounts = samples.accounts
    revised.record.closedSamples = samples.closed
    revised.rejects = file.rejects
    revised.unmapped = file.unmapped
  }
}
