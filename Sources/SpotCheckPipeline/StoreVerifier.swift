public import SpotCheckCatalogue
import SpotCheckModel
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
    public var isSound: Bool { !findings.contains { $0.isDamage } }
  }

  private let layout: StoreLayout
  private let catalogue: Catalogue
  private var outcome = Outcome()

  public init(layout: StoreLayout, catalogue: Catalogue) {
    self.layout = layout
    self.catalogue = catalogue
  }

  /// Reads every byte of every segment, and adds every account up again.
  public mutating func verify() throws -> Outcome {
    let snapshot = try catalogue.latestSnapshot()
    var closed: [String: [SupersessionReason: [UInt32]]] = [:]
    for entry in try catalogue.supersessions(at: snapshot) {
      closed[entry.rows.segment, default: [:]][entry.rows.reason, default: []] += entry.rows.rows
    }
    /// Delivered rows by batch: all, and those of samples that repeat others.
    var delivered: [BatchID: (all: Int, repeated: Int, samples: Int, items: Int)] = [:]
    for stored in try catalogue.visibleSegments(at: snapshot) {
      outcome.segments += 1
      do {
        let segment = try Segment(try SegmentDescription(record: stored.record), in: layout)
        try segment.verify()
        outcome.samples += segment.sampleCount
        outcome.items += segment.itemCount
        expect(
          segment.sampleCount == stored.record.samples && segment.itemCount == stored.record.items,
          "\(stored.record.id): the catalogue counts \(stored.record.samples) samples and \(stored.record.items) items, "
            + "the segment has \(segment.sampleCount) and \(segment.itemCount)")
        let rows = try segment.withNumbers(.deliveredRows) { span in (0..<span.count).map { Int(span[$0]) } }
        let repeated = closed[stored.record.id]?[.duplicate] ?? []
        for reason in closed[stored.record.id] ?? [:] {
          expect(
            reason.value.allSatisfy { $0 < rows.count },
            "\(stored.record.id): a row that does not exist is \(reason.key)")
        }
        if let batch = stored.batch {
          delivered[batch, default: (0, 0, 0, 0)].all += rows.reduce(0, +)
          delivered[batch, default: (0, 0, 0, 0)].repeated += repeated.reduce(0) {
            $0 + (Int($1) < rows.count ? rows[Int($1)] : 0)
          }
          delivered[batch, default: (0, 0, 0, 0)].samples += segment.sampleCount
          delivered[batch, default: (0, 0, 0, 0)].items += segment.itemCount
        }
      } catch let error as StoreError {
        outcome.findings.append(Finding(isDamage: true, message: error.description))
      }
    }
    try verifyBatches(delivered)
    let known = try catalogue.segmentIDs()
    let found = try layout.listSegments()
    for id in found.whole + found.halves where !known.contains(id) {
      outcome.findings.append(
        Finding(isDamage: false, message: "\(id): a segment that no batch mentions; the next import removes it"))
    }
    return outcome
  }

  private mutating func verifyBatches(
    _ delivered: [BatchID: (all: Int, repeated: Int, samples: Int, items: Int)]
  ) throws {
    for batch in try catalogue.batches() {
      outcome.batches += 1
      let accounts = batch.record.accounts
      let name = "batch \(batch.id) (\(batch.record.name))"
      expect(accounts.isBalanced, "\(name): rows read are not accepted + rejected + duplicate + blank")
      guard batch.record.state == .accepted else { continue }
      let rows = delivered[batch.id] ?? (0, 0, 0, 0)
      expect(
        rows.all - rows.repeated == accounts.accepted,
        "\(name): \(accounts.accepted) rows accepted, but its samples were made of \(rows.all - rows.repeated)")
      expect(
        rows.samples == batch.record.samples && rows.items == batch.record.items,
        "\(name): \(batch.record.samples) samples and \(batch.record.items) items recorded, \(rows.samples) and "
          + "\(rows.items) found")
    }
  }

  private mutating func expect(_ holds: Bool, _ message: String) {
    if !holds { outcome.findings.append(Finding(isDamage: true, message: message)) }
  }
}
