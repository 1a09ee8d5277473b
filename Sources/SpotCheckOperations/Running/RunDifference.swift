public import SpotCheckCatalogue
import SpotCheckModel
public import SpotCheckQuery
import SpotCheckStatistics

/// What lies between two runs, number by number: for every bureau the counts at the end of the one, what each file in
/// between added to them or took away, and the counts at the end of the other. The sum always comes out, because each
/// line is asked of the snapshots themselves.
public struct RunDifference {
  /// One line: a bureau at the beginning or end, or what one snapshot changed.
  struct Line {
    var bureau: String
    var name: String
    var kind: Kind
    /// Of a change the file's name, or `v12` for a snapshot without one.
    var cause = ""
    var snapshot: SnapshotNumber
    /// Of a change what it added; numbers below 0 were taken away.
    var counts: RateCounts
  }

  enum Kind: String {
    case before, change, after
  }

  /// More snapshots than this are told together, as `…`.
  static let snapshotLimit = 200

  private(set) var lines: [Line] = []
  private let from: SnapshotNumber
  private let to: SnapshotNumber

  /// - Parameters:
  ///   - earlier: a snapshot; `later`: another one. Given the wrong way round, they are exchanged.
  public init(_ store: OpenStore, from earlier: SnapshotNumber, to later: SnapshotNumber) throws {
    from = min(earlier, later)
    to = max(earlier, later)
    let names = Dictionary(
      try store.catalogue.batches(at: to).compactMap { batch in batch.snapshot.map { ($0, batch.record.name) } },
      uniquingKeysWith: { first, _ in first })
    let between = try store.catalogue.snapshots().filter { $0.number > from && $0.number <= to }
    let told = between.count <= RunDifference.snapshotLimit ? between : between.suffix(1)
    let before = try RunDifference.counts(store, from)
    var steps: [(cause: String, snapshot: SnapshotNumber, counts: [String: (name: String, counts: RateCounts)])] = []
    for snapshot in told {
      let cause = told.count == between.count ? names[snapshot.number] ?? "v\(snapshot.number)" : "…"
      steps.append((cause, snapshot.number, try RunDifference.counts(store, snapshot.number)))
    }
    let after = steps.last?.counts ?? before
    for bureau in Set(before.keys).union(after.keys).union(steps.flatMap(\.counts.keys)).sorted() {
      let name = (after[bureau] ?? before[bureau])?.name ?? bureau
      var last = before[bureau]?.counts ?? RateCounts()
      let start = last
      var changes: [Line] = []
      for step in steps {
        let now = step.counts[bureau]?.counts ?? RateCounts()
        if now != last {
          changes.append(
            Line(
              bureau: bureau, name: name, kind: .change, cause: step.cause, snapshot: step.snapshot,
              counts: now - last))
        }
        last = now
      }
      guard !changes.isEmpty else { continue }
      lines.append(Line(bureau: bureau, name: name, kind: .before, snapshot: from, counts: start))
      lines += changes
      lines.append(Line(bureau: bureau, name: name, kind: .after, snapshot: to, counts: last))
    }
  }

  public var isEmpty: Bool { lines.isEmpty }

  private static func counts(_ store: OpenStore, _ snapshot: SnapshotNumber) throws
    -> [String: (name: String, counts: RateCounts)]
  {
    var query = RateQuery(by: [Dimension(.bureau)])
    query.pool = true
    let result = try query.run(on: try store.snapshot(asOf: "v\(snapshot)"))
    return result.rows.reduce(into: [:]) { $0[$1.codes[0]] = ($1.names[0], $1.counts) }
  }

  /// Rows in order of bureau and snapshot; a change has what it added.
  public func report() -> Report {
    let columns = [
      ReportColumn("bureau", heading: "部门", display: .hidden), ReportColumn("bureau_name", heading: "部门"),
      ReportColumn("kind", heading: "行"), ReportColumn("cause", heading: "变化来源"),
      ReportColumn("snapshot", heading: "快照", isNumeric: true),
      ReportColumn("samples", heading: "样品", isNumeric: true),
      ReportColumn("inspected", heading: "检验", isNumeric: true),
      ReportColumn("passed", heading: "合格", isNumeric: true), ReportColumn("failed", heading: "不合格", isNumeric: true),
      ReportColumn("excluded", heading: "不计入", isNumeric: true),
      ReportColumn("pass_rate", heading: "合格率（合并）", isNumeric: true),
    ]
    let rows = lines.map { line -> [ReportCell] in
      let counts = line.counts
      let proportion = line.kind == .change ? nil : Proportion(counts.passed, of: counts.inspected)
      return [
        .text(line.bureau), .text(line.name), .text(line.kind.rawValue),
        line.cause.isEmpty ? .missing : .text(line.cause), .integer(Int(clamping: line.snapshot)),
        .integer(counts.samples), .integer(counts.inspected), .integer(counts.passed), .integer(counts.failed),
        .integer(counts.excluded),
        proportion?.rate.map { .rate($0, of: proportion) } ?? .missing,
      ]
    }
    return Report(
      columns: columns,
      query: [("from", .integer(Int(clamping: from))), ("to", .integer(Int(clamping: to)))], snapshot: to
    ) { body in
      for row in rows { try body(row) }
    }
  }
}

extension RateCounts {
  /// What has changed; counts may be negative.
  static func - (left: RateCounts, right: RateCounts) -> RateCounts {
    RateCounts(
      passed: left.passed - right.passed, failed: left.failed - right.failed,
      undetermined: left.undetermined - right.undetermined, notTested: left.notTested - right.notTested,
      refused: left.refused - right.refused, unlicensed: left.unlicensed - right.unlicensed,
      riskMonitoring: left.riskMonitoring - right.riskMonitoring, screening: left.screening - right.screening,
      listed: left.listed - right.listed, pending: left.pending - right.pending,
      labelOnly: left.labelOnly - right.labelOnly, screeningPositive: left.screeningPositive - right.screeningPositive)
  }
}
