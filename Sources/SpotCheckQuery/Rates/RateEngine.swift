import Dispatch
import SpotCheckModel
import SpotCheckStatistics
import SpotCheckStore
import Synchronization

extension RateQuery {
  /// What it groups and filters by.
  var kinds: [DimensionKind] { dimensions.map(\.kind) + (filter?.kinds ?? []) }

  /// Counts.
  ///
  /// - Throws: ``QueryError`` for a filter that means nothing here, `StoreError` for damaged segments.
  public func run(on source: QuerySource) throws -> RateResult {
    let query = completed
    let engine = try RateEngine(query, source)
    let scan = try engine.prepare()
    var result = try engine.count(scan)
    if !query.measures.isEmpty { try engine.addMeasures(scan, to: &result) }
    if let dimension = query.meanOver { try MeanRates(query, source).add(over: dimension, to: &result) }
    if query.yearOnYear { try YearOnYear(query, source).add(to: &result) }
    return result
  }
}

/// Answers one ``RateQuery``: prepare segments, count their rows in parts, merge, name.
struct RateEngine {
  /// Rows a thread takes at a time.
  static let rowsPerPart = 1 << 18

  let query: RateQuery
  let source: QuerySource
  let book: CodeBook

  init(_ query: RateQuery, _ source: QuerySource) throws {
    self.query = query
    self.source = source
    book = try CodeBook(source, onMap: query.onMap, kinds: query.kinds)
  }

  struct Part: Sendable {
    var segment: Int
    var rows: Range<Int>
  }

  /// A query made ready for a snapshot: keys numbered, segments opened, work divided.
  struct Scan {
    var plan: FilterPlan
    var planner: KeyPlanner
    var prepared: [PreparedSegment]
    var summary: ScanSummary
    var cardinalities: [Int]
    /// Group numbers are below this.
    var groups: Int
    var parts: [Part]
    var threads: Int
    /// Counts that were kept with segments took the place of some rows.
    var usesCounts: Bool

    var purposeIndex: Int? { planner.dimensions.firstIndex { $0.kind == .purpose } }
    var isItemBased: Bool { planner.dimensions.contains { $0.isItemBased } }
  }

  func prepare() throws -> Scan { try prepare(usesCounts: query.measures.isEmpty && !query.recounts) }

  private func prepare(usesCounts: Bool) throws -> Scan {
    let dimensions = query.dimensions
    let isItemBased = dimensions.contains { $0.isItemBased }
    if let filter = query.filter, filter.usesItems, !isItemBased {
      throw QueryError(
        "the filter asks for items, but samples are counted", source: filter.text, position: 0,
        advice: "Group by analyte or hazard as well, or leave the item's columns out.")
    }
    let plan = try FilterPlan(query.filter, book, periodBy: query.periodBy, period: query.period)
    // Purposes are always read, so that pooling can show what it mixes.
    var keyed = query
    if !dimensions.contains(where: { $0.kind == .purpose }) { keyed.by.append(Dimension(.purpose)) }
    var planner = KeyPlanner(keyed, book)
    var summary = ScanSummary()
    let usesCounts =
      usesCounts && KeptCounts.suffice(for: dimensions, planner.dimensions, plan, periodBy: query.periodBy)
    let prepared = try prepare(plan, &planner, &summary, usesCounts: usesCounts)
    let cardinalities = planner.spaces.map(\.count)
    let parts = parts(prepared)
    return Scan(
      plan: plan, planner: planner, prepared: prepared, summary: summary, cardinalities: cardinalities,
      groups: try RateEngine.product(cardinalities), parts: parts,
      threads: parts.count > 1 ? max(1, min(query.threads, parts.count, 64)) : 1,
      usesCounts: prepared.contains { $0.weights != nil })
  }

  func count(_ scan: Scan) throws -> RateResult {
    let result = try counted(scan)
    #if DEBUG
      // Counts kept with segments say what their rows say; every test of anything that asks for rates asks this.
      if scan.usesCounts {
        let read = try counted(try prepare(usesCounts: false))
        precondition(read.rows == result.rows && read.total == result.total, "kept counts differ from the rows")
      }
    #endif
    return result
  }

  private func counted(_ scan: Scan) throws -> RateResult {
    let (cardinalities, groups, prepared) = (scan.cardinalities, scan.groups, scan.prepared)
    let assembly = RateAssembly(
      query: query, dimensions: query.dimensions, planner: scan.planner, book: book, snapshot: source.snapshot,
      scan: scan.summary, filterNotes: scan.plan.notes)
    guard scan.isItemBased else {
      var scans = try RateEngine.parallel(scan.parts, threads: scan.threads) {
        RateScan(cardinalities: cardinalities, groups: groups)
      } body: { scan, part in
        try scan.count(prepared[part.segment], part.rows)
      }
      for index in scans.indices { scans[index].finish() }
      // Of kept counts there is one part: its counter is the sum, and nothing is copied.
      var all = scans.first?.counter ?? GroupCounter(groups: groups)
      for scan in scans.dropFirst() { all.merge(scan.counter) }
      return assembly.result(all, purposeTotals: nil)
    }
    let purposeIndex = scan.purposeIndex
    let purposes = purposeIndex.map { cardinalities[$0] } ?? 1
    let scans = try RateEngine.parallel(scan.parts, threads: scan.threads) {
      ItemScan(cardinalities: cardinalities, groups: groups, purposeIndex: purposeIndex, purposes: purposes)
    } body: { scan, part in
      try scan.count(prepared[part.segment], part.rows)
    }
    var (all, totals) = (GroupCounter(groups: groups), GroupCounter(groups: purposes))
    for scan in scans {
      all.merge(scan.base.counter)
      totals.merge(scan.totals)
    }
    return assembly.result(all, purposeTotals: totals)
  }

  static func product(_ cardinalities: [Int]) throws -> Int {
    var groups = 1
    for cardinality in cardinalities {
      let (product, overflow) = groups.multipliedReportingOverflow(by: cardinality)
      guard !overflow, product <= Int.max / 16 else {
        throw QueryError("too many groups are possible", advice: "Group by fewer dimensions, or narrow the filter.")
      }
      groups = product
    }
    return groups
  }

  private func prepare(
    _ plan: FilterPlan, _ planner: inout KeyPlanner, _ summary: inout ScanSummary, usesCounts: Bool
  ) throws -> [PreparedSegment] {
    var prepared: [PreparedSegment] = []
    let readsItems = planner.dimensions.contains { $0.isItemBased } || query.measures.contains { $0.readsItems }
    func add(_ segment: any QuerySegment, excluded: [UInt32] = [], weights: [UInt32]? = nil, sign: Int = 1) throws
      -> Bool
    {
      let test = try SegmentTest(plan.root, segment)
      if case .constant(false) = test { return false }
      prepared.append(
        PreparedSegment(
          segment: segment, test: test, readers: try planner.readers(segment),
          itemMaps: try planner.itemMaps(segment).map { entry in
            entry.map { PreparedSegment.ItemKeys(column: $0.column, map: $0.map) }
          },
          classifier: try SampleClassifier(segment, book),
          itemClasses: readsItems ? try segment.entries(ItemText.verdict).map(SampleClassifier.verdictBits) : [],
          excluded: excluded, weights: weights, sign: sign))
      return true
    }
    // One sum over the whole snapshot, if it is kept (decision 0017): then no segment is even described.
    if usesCounts, let counts = try source.counts() {
      _ = try add(CountedSegment(id: "counts of the snapshot", table: counts), weights: counts.counts)
      summary.origin = .snapshotCounts
      return prepared
    }
    for visible in try source.segments() where visible.sampleRows > 0 {
      summary.segments += 1
      if let description = visible.description, !plan.canMatch(description) {
        summary.segmentsPruned += 1
        continue
      }
      let isRead: Bool
      if usesCounts, let kept = KeptCounts(visible) {
        isRead = try add(kept.segment, weights: kept.segment.table.counts)
        summary.origin = .segmentCounts
        for correction in isRead ? try kept.corrections() : [] {
          _ = try add(correction.rows, weights: correction.weights, sign: correction.sign)
        }
      } else {
        isRead = try add(try visible.open(), excluded: visible.excludedRows)
      }
      guard isRead else {
        summary.segmentsPruned += 1
        continue
      }
      summary.rowsRead += visible.sampleRows
      summary.rowsExcluded += visible.excludedRows.count
    }
    return prepared
  }

  private func parts(_ prepared: [PreparedSegment]) -> [Part] {
    var parts: [Part] = []
    for (index, entry) in prepared.enumerated() {
      var start = 0
      while start < entry.segment.sampleRows {
        let end = min(start + RateEngine.rowsPerPart, entry.segment.sampleRows)
        parts.append(Part(segment: index, rows: start..<end))
        start = end
      }
    }
    return parts
  }

  /// Lets each thread take part after part into a state of its own. Who took what does not show in sums.
  static func parallel<State: Sendable>(
    _ parts: [Part], threads: Int, make: @Sendable () -> State, body: @Sendable (inout State, Part) throws -> Void
  ) throws -> [State] {
    if threads == 1 {
      var state = make()
      for part in parts { try body(&state, part) }
      return [state]
    }
    let next = Atomic<Int>(0)
    let results = Mutex<(states: [State], error: (any Error)?)>(([], nil))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      var state = make()
      do {
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < parts.count else { break }
          try body(&state, parts[index])
        }
        results.withLock { $0.states.append(state) }
      } catch {
        results.withLock { $0.error = error }
      }
    }
    return try results.withLock { result in
      if let error = result.error { throw error }
      return result.states
    }
  }
}
