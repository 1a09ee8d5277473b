public import SpotCheckCatalogue
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

  private let layout: StoreLayout
  private let catalogue: Catalogue
  private var outcome = Outcome()
  private var found: [BatchID: Found] = [:]
  /// Batches of format 1, which recorded no accounts of samples.
  private var unaccounted = 0

  public init(layout: StoreLayout, catalogue: Catalogue) {
    self.layout = layout
    self.catalogue = catalogue
  }

  /// Reads every byte of every segment, and adds every account up again.
  public mutating func verify() throws -> Outcome {
    let snapshot = try catalogue.latestSnapshot()
    let supersessions = try catalogue.supersessions(at: snapshot)
    var closed = ClosedRows()
    for entry in supersessions { closed.add(entry.rows) }
    let segments = try catalogue.visibleSegments(at: snapshot)
    let added = Dictionary(uniqueKeysWithValues: segments.map { ($0.record.id, $0.added) })
    var closedAtFirst = ClosedRows()
    for entry in supersessions where entry.since == added[entry.rows.segment] { closedAtFirst.add(entry.rows) }
    let marks = try catalogue.marks(at: snapshot)
    for stored in segments {
      outcome.segments += 1
      do {
        try verify(
          stored, atFirst: closedAtFirst[stored.record.id], now: closed[stored.record.id],
          marked: marks[stored.record.id] ?? [:])
      } catch let error as StoreError {
        outcome.findings.append(Finding(isDamage: true, message: error.description))
        if let batch = stored.batch { found[batch, default: Found()].isWhole = false }
      }
    }
    try verifyBatches()
    if unaccounted > 0 {
      note("\(unaccounted) batches were imported before accounts of samples were kept: only counted, not compared")
    }
    try verifySnapshot(snapshot, rows: segments)
    let known = try catalogue.segmentIDs()
    let listed = try layout.listSegments()
    for id in listed.whole + listed.halves where !known.contains(id) {
      note("\(id): a segment that no batch mentions; the next import removes it")
    }
    return outcome
  }

  private mutating func verify(
    _ stored: StoredSegment, atFirst: [UInt32: SupersessionReason], now: [UInt32: SupersessionReason],
    marked: [MarkKind: [UInt32]]
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
    for (row, reason) in now where Int(row) >= segment.sampleCount {
      expect(false, "\(id): a row that does not exist (\(row)) is \(reason.rawValue)")
    }
    for (kind, rows) in marked {
      expect(
        rows.allSatisfy { Int($0) < segment.sampleCount }, "\(id): a row that does not exist is \(kind.rawValue)")
    }
    guard let batch = stored.batch else { return }
    let purposes = try catalogue.table("purposes", at: stored.added)
    var account = found[batch] ?? Found()
    try segment.withNumbers(.deliveredRows) { rows in
      for row in 0..<rows.count {
        account.rows += Int(rows[row])
        if now[UInt32(row)] == .duplicate { account.repeatedRows += Int(rows[row]) }
      }
    }
    account.samples += segment.sampleCount
    account.items += segment.itemCount
    try account.then.add(segment, closed: atFirst, purposes: purposes)
    try account.now.add(segment, closed: now, purposes: purposes)
    found[batch] = account
  }

  private mutating func verifyBatches() throws {
    for batch in try catalogue.batches() {
      outcome.batches += 1
      let record = batch.record
      let name = "batch \(batch.id) (\(record.name))"
      expect(record.accounts.isBalanced, "\(name): rows read are not accepted + rejected + duplicate + blank")
      guard record.state == .accepted else { continue }
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

  private mutating func note(_ message: String) {
    outcome.findings.append(Finding(isDamage: false, message: message))
  }

  private mutating func expect(_ holds: Bool, _ message: String) {
    if !holds { outcome.findings.append(Finding(isDamage: true, message: message)) }
  }
}
