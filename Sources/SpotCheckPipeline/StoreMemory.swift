import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

/// What a run knows of the newest snapshot, kept up to date from file to file, so that the thousandth small file costs no
/// more than the first.
///
/// Memory is bounded: rows that do not count and are marked; the sorted keys of segments up to ``indexedRows`` rows; and a
/// limited number of open segments.
final class StoreMemory {
  /// Rows whose keys are held at most, 12 bytes each, and as many whose lots are, up to 18.
  private static let indexedRows = 4_000_000
  /// Segments that are kept open at most: each has two files mapped.
  private static let openSegments = 512

  private let layout: StoreLayout
  private(set) var state: StoreState
  private var opened: [String: Segment] = [:]
  private var keys: [String: SegmentKeys] = [:]
  private var lots: [String: LotIndex] = [:]
  /// Segments that were read through once: whose keys and lots are worth sorting.
  private var wasScanned: Set<String> = []
  private var wasCompared: Set<String> = []
  private var keyRows = 0
  private var lotRows = 0

  init(_ catalogue: Catalogue, layout: StoreLayout) throws {
    self.layout = layout
    state = try StoreState(catalogue, at: try catalogue.latestSnapshot())
  }

  /// Reads again what another than this run has changed.
  func refresh(_ catalogue: Catalogue) throws {
    let newest = try catalogue.latestSnapshot()
    guard newest != state.snapshot else { return }
    state = try StoreState(catalogue, at: newest)
    forgetOthers()
  }

  /// Takes in what this run has compacted. Reading everything again would make a burst of files cost the square of their
  /// number.
  func apply(_ compaction: Rearrangement, as snapshot: SnapshotNumber) {
    state.apply(compaction, as: snapshot)
    forgetOthers()
  }

  /// Forgets segments that are not of the snapshot any more.
  private func forgetOthers() {
    let known = Set(state.segments.map(\.record.id))
    opened = opened.filter { known.contains($0.key) }
    keys = keys.filter { known.contains($0.key) }
    lots = lots.filter { known.contains($0.key) }
    wasScanned.formIntersection(known)
    wasCompared.formIntersection(known)
    keyRows = keys.values.reduce(0) { $0 + $1.count }
    lotRows = lots.values.reduce(0) { $0 + $1.count }
  }

  /// Takes in what this run has published: rows of the newest batch, which stand behind all others.
  /// - Parameter sorted: the keys of its segments, by name, as far as they had to be sorted to be compared with earlier ones.
  func add(
    _ publication: Publication, sorted: [String: SegmentKeys], batch: BatchID, snapshot: SnapshotNumber
  ) {
    var row = 0
    for record in publication.segments {
      state.segments.append(
        StoredSegment(
          record: record, ordinal: (state.segments.last?.ordinal ?? 0) + 1, batch: batch, added: snapshot,
          parts: [SegmentPart(firstRow: 0, rowCount: record.samples, batch: batch, batchRow: row)]))
      row += record.samples
      if let known = sorted[record.id] { hold(known, of: record.id) }
    }
    for entry in publication.superseded { state.closed.add(entry) }
    for entry in publication.marks { state.mark(entry) }
    state.snapshot = snapshot
  }

  func segment(_ stored: StoredSegment) throws -> Segment {
    if let segment = opened[stored.record.id] { return segment }
    if opened.count >= StoreMemory.openSegments { opened.removeAll(keepingCapacity: true) }
    let segment = try Segment(try SegmentDescription(record: stored.record), in: layout)
    opened[stored.record.id] = segment
    return segment
  }

  /// Rows of a segment whose keys occur among some samples: (row there, first row of its key here).
  /// - Parameter own: the keys of those samples, sorted when somebody asks.
  func matches(_ chains: KeyChains, _ own: () throws -> SegmentKeys, in stored: StoredSegment) throws -> [(Int, Int)] {
    let id = stored.record.id
    if let known = keys[id] { return known.matches(try own()) }
    let segment = try segment(stored)
    // Looked through once; of a large store that would be hundreds of megabytes.
    defer { segment.releasePages() }
    if !wasScanned.insert(id).inserted, hasRoom(segment.sampleCount) {
      let sorted = try SegmentKeys(segment)
      hold(sorted, of: id)
      return sorted.matches(try own())
    }
    return try chains.matches(in: segment)
  }

  private func hasRoom(_ rows: Int) -> Bool { keyRows + rows <= StoreMemory.indexedRows }

  private func hold(_ sorted: SegmentKeys, of id: String) {
    guard keys[id] == nil, hasRoom(sorted.count) else { return }
    keys[id] = sorted
    keyRows += sorted.count
  }

  /// Whether a segment may hold a sample of a lot that another level took here. True if nobody knows yet.
  func mayShareLots(_ fresh: LotIndex, with stored: StoredSegment) throws -> Bool {
    let id = stored.record.id
    if let known = lots[id] { return known.hasPartner(in: fresh) }
    let segment = try segment(stored)
    defer { segment.releasePages() }
    guard !wasCompared.insert(id).inserted, lotRows + segment.sampleCount <= StoreMemory.indexedRows else {
      return true
    }
    let index = try LotIndex(segment)
    lots[id] = index
    lotRows += index.count
    return index.hasPartner(in: fresh)
  }
}
