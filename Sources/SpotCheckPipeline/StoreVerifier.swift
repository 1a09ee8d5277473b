public import SpotCheckCatalogue
public import SpotCheckDigest
public import SpotCheckModel
public import SpotCheckStore
import SpotCheckSystem

/// Checks everything that can be checked about a store, and says what is wrong and where.
public struct StoreVerifier {
  public struct Finding: Sendable, Hashable {
    /// False: odd but harmless (litter of an interrupted run).
    public var isDamage: Bool
    public var message: String
  }

  public struct Outcome: Sendable {
    public var findings: [Finding] = []
    public var segments = 0
    public var samples = 0
    public var items = 0
    public var batches = 0
    /// Delivered files that were hashed again.
    public var keptFiles = 0
    public var journalEntries = 0
    /// The last entry's hash; empty for an empty journal.
    public var journalHead = ""
    /// Receipts whose seal was found to be genuine.
    public var sealedReceipts = 0
    /// The samples that count in the newest snapshot, by class, counted from the segments.
    public var counting = SampleAccounts()
    public var isSound: Bool { !findings.contains { $0.isDamage } }
  }

  /// What the segments of one batch hold.
  private struct Found {
    /// Delivered rows: all, and those of samples that repeat others.
    var rows = 0
    var repeatedRows = 0
    var samples = 0
    var items = 0
    /// When the batch was published.
    var then = BatchSamples()
    /// In the newest snapshot.
    var now = BatchSamples()
    var isWhole = true
  }

  let layout: StoreLayout
  let catalogue: Catalogue
  /// The key of the store's receipts; nil: their seals are not looked at.
  public var sealKey: SealKey?
  var outcome = Outcome()
  private var found: [BatchID: Found] = [:]
  private var batches: [BatchID: StoredBatch] = [:]
  private var purposes: TableHistory
  /// Batches of format 1, which recorded no accounts of samples.
  var unaccounted = 0

  public init(layout: StoreLayout, catalogue: Catalogue) {
    self.layout = layout
    self.catalogue = catalogue
    purposes = TableHistory("purposes", catalogue)
  }

  /// Reads every byte of every segment, and adds every account up again.
  public mutating func verify() throws -> Outcome {
    try verifyCatalogue()
    let snapshot = try catalogue.latestSnapshot()
    for batch in try catalogue.batches() { batches[batch.id] = batch }
    var said: [String: RowHistory] = [:]
    for entry in try catalogue.history(at: snapshot) { said[entry.rows.segment, default: RowHistory()].add(entry) }
    let segments = try catalogue.visibleSegments(at: snapshot)
    let marks = try catalogue.marks(at: snapshot)
    for stored in segments {
      outcome.segments += 1
      do {
        try verify(
          stored, said[stored.record.id] ?? RowHistory(), at: snapshot, marked: marks[stored.record.id] ?? [:])
      } catch let error as StoreError {
        // A machine without memory or descriptors says nothing about the file.
        if case .system(let failure) = error.problem, failure.isOfMachine { throw error }
        outcome.findings.append(Finding(isDamage: true, message: error.description))
        for part in stored.parts { found[part.batch, default: Found()].isWhole = false }
      }
    }
    try verifyBatches()
    if unaccounted > 0 {
      note("\(unaccounted) batches were imported before accounts of samples were kept: only counted, not compared")
    }
    try verifySnapshot(snapshot, rows: segments)
    if outcome.isSound { try verifyCounts() }
    if outcome.isSound { try verifyStories(segments, at: snapshot) }
    let known = try catalogue.segmentIDs()
    let listed = try layout.listSegments()
    for id in listed.whole + listed.halves where !known.contains(id) {
      note("\(id): a segment that no batch mentions; the next import removes it")
    }
    return outcome
  }

  private mutating func verify(
    _ stored: StoredSegment, _ said: RowHistory, at snapshot: SnapshotNumber, marked: [MarkKind: [UInt32]]
  ) throws {
    let id = stored.record.id
    let segment = try Segment(try SegmentDescription(record: stored.record), in: layout)
    try segment.verify()
    outcome.samples += segment.sampleCount
    outcome.items += segment.itemCount
    expect(
      segment.sampleCount == stored.record.samples && segment.itemCount == stored.record.items,
      "\(id): the catalogue counts \(stored.record.samples) samples and \(stored.record.items) items, "
        + "the segment has \(segment.sampleCount) and \(segment.itemCount)")
    let now = said.reasons(at: snapshot)
    for (row, reason) in now where Int(row) >= segment.sampleCount {
      expect(false, "\(id): a row that does not exist (\(row)) is \(reason.rawValue)")
    }
    for (kind, rows) in marked {
      expect(
        rows.allSatisfy { Int($0) < segment.sampleCount }, "\(id): a row that does not exist is \(kind.rawValue)")
    }
    var next = 0
    for part in stored.parts {
      expect(part.firstRow == next && part.rowCount > 0, "\(id): its parts do not follow each other at row \(next)")
      next = part.firstRow + part.rowCount
      try verify(part, of: segment, said, at: snapshot)
    }
    expect(next == segment.sampleCount, "\(id): \(segment.sampleCount) samples, but its parts end at row \(next)")
  }

  /// The rows that came from one batch say so themselves, and go into its accounts.
  private mutating func verify(
    _ part: SegmentPart, of segment: Segment, _ said: RowHistory, at snapshot: SnapshotNumber
  ) throws {
    let id = segment.description.id
    let rows = part.rows.clamped(to: 0..<segment.sampleCount)
    guard let batch = batches[part.batch] else {
      return expect(false, "\(id): rows \(rows) belong to the batch \(part.batch), which does not exist")
    }
    let files = try segment.dictionary(of: SampleText.batch)
    let isItsOwn = try segment.withCodes(SampleText.batch) { codes in
      rows.allSatisfy { Int(codes[$0]) < files.count && files[Int(codes[$0])] == batch.record.fileDigest }
    }
    expect(isItsOwn, "\(id): rows \(rows) do not name the file of batch \(part.batch)")
    let then = said.reasons(at: batch.accountedAt ?? 0, of: rows)
    let now = said.reasons(at: snapshot, of: rows)
    let table = try purposes.table(at: batch.accountedAt ?? 0)
    var account = found[batch.id] ?? Found()
    try segment.withNumbers(.deliveredRows) { numbers in
      for row in rows {
        account.rows += Int(numbers[row])
        if then[UInt32(row)] == .duplicate { account.repeatedRows += Int(numbers[row]) }
      }
    }
    let items = (try segment.withNumbers(.itemCount) { numbers in rows.reduce(0) { $0 &+ Int(numbers[$1]) } })
    account.samples += rows.count
    account.items += items
    try account.then.add(segment, part: rows, closed: then, purposes: table)
    try account.now.add(segment, part: rows, closed: now, purposes: table)
    found[batch.id] = account
  }

  private mutating func verifyBatches() throws {
    for batch in batches.values.sorted(by: { $0.id < $1.id }) {
      outcome.batches += 1
      let record = batch.record
      let name = "batch \(batch.id) (\(record.name))"
      expect(record.accounts.isBalanced, "\(name): rows read are not accepted + rejected + duplicate + blank")
      guard record.state == .accepted else {
        expect(found[batch.id] == nil, "\(name): it is \(record.state.rawValue), and rows of it are visible")
        continue
      }
      let found = found[batch.id] ?? Found()
      // What a damaged segment would have held has been said already.
      guard found.isWhole else { continue }
      expect(
        found.rows - found.repeatedRows == record.accounts.accepted,
        "\(name): \(record.accounts.accepted) rows accepted, but its samples were made of "
          + "\(found.rows - found.repeatedRows)")
      expect(
        found.samples == record.samples && found.items == record.items,
        "\(name): \(record.samples) samples and \(record.items) items recorded, \(found.samples) and "
          + "\(found.items) found")
      verifySamples(record, found, name)
    }
  }

  /// samples = inspected + excluded by class + closed by reason: as recorded, as it was, as it is.
  private mutating func verifySamples(_ record: BatchRecord, _ found: Found, _ name: String) {
    for (samples, when) in [(found.then, "when it was published"), (found.now, "now")] {
      expect(
        samples.isBalanced(sealed: found.samples),
        "\(name): \(found.samples) samples are not \(samples.accounts.inspected) inspected + "
          + "\(samples.accounts.excluded) excluded + \(samples.closedCount) closed \(when)")
    }
    guard let accounts = record.sampleAccounts, let closed = record.closedSamples else {
      unaccounted += 1
      return
    }
    let recorded = BatchSamples(accounts: accounts, closed: closed)
    expect(
      recorded.isBalanced(sealed: record.samples), "\(name): the recorded accounts of its samples do not add up")
    for difference in found.then.differences(from: recorded) { expect(false, "\(name): \(difference)") }
  }

  /// The snapshot as a whole: what every batch has left adds up, and is as much as queries see.
  private mutating func verifySnapshot(_ snapshot: SnapshotNumber, rows segments: [StoredSegment]) throws {
    var total = BatchSamples()
    var sealed = 0
    for account in found.values {
      total.accounts.add(account.now.accounts)
      total.closed.merge(account.now.closed, uniquingKeysWith: +)
      sealed += account.samples
    }
    outcome.counting = total.accounts
    expect(
      total.isBalanced(sealed: sealed),
      "snapshot \(snapshot): \(sealed) samples are not \(total.accounts.inspected) inspected + "
        + "\(total.accounts.excluded) excluded + \(total.closedCount) closed")
    guard found.values.allSatisfy(\.isWhole) else { return }
    let closed = try catalogue.superseded(at: snapshot)
    let visible = segments.reduce(0) { $0 + $1.record.samples - (closed[$1.record.id]?.count ?? 0) }
    expect(
      total.accounts.samples == visible,
      "snapshot \(snapshot): queries see \(visible) samples, the segments hold \(total.accounts.samples) that count")
  }

  /// What is kept of a snapshot as a whole is what its rows say.
  private mutating func verifyCounts() throws {
    guard let number = try catalogue.countedSnapshot(), let kept = try catalogue.counts(at: number) else { return }
    let counted = try SnapshotCounter(catalogue: catalogue, layout: layout).counted(at: number)
    expect(
      counted?.bytes == kept.bytes,
      "snapshot \(number): the counts that are kept of it are not what its rows say; the next import counts again")
  }

  mutating func note(_ message: String) {
    outcome.findings.append(Finding(isDamage: false, message: message))
  }

  mutating func expect(_ holds: Bool, _ message: String) {
    if !holds { outcome.findings.append(Finding(isDamage: true, message: message)) }
  }
}
