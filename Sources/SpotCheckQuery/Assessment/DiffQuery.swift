import SpotCheckCatalogue
import SpotCheckModel

/// Asks which numbers of an answer changed between two snapshots, and which files changed them.
public struct DiffQuery: Sendable {
  public var rate: RateQuery

  public init(_ rate: RateQuery) { self.rate = rate.plain }

  /// - Parameter publications: the snapshot at which each file was published, by its digest.
  /// - Throws: ``QueryError``, `StoreError`.
  public func run(from old: QuerySource, to new: QuerySource, publications: [String: Int64] = [:]) throws -> DiffResult
  {
    let (before, after) = (try rate.run(on: old), try rate.run(on: new))
    var result = DiffResult(
      query: self, dimensions: after.dimensions, from: old.snapshot, to: new.snapshot,
      total: DiffRow(codes: after.total.codes, names: after.total.names, before: before.total, after: after.total))
    result.rows = DiffRow.paired(before.rows, after.rows).filter(\.isChanged)
    guard !result.rows.isEmpty, !rate.dimensions.contains(where: { $0.kind == .batch }) else { return result }
    try addFiles(to: &result, old, new, publications)
    return result
  }

  /// The same question, by file as well: what a file holds of a changed cell before and after is its part of the change.
  private func addFiles(
    to result: inout DiffResult, _ old: QuerySource, _ new: QuerySource, _ publications: [String: Int64]
  ) throws {
    var query = rate
    query.by = rate.dimensions + [Dimension(.batch)]
    let (before, after) = (try query.run(on: old), try query.run(on: new))
    // Pooled purposes are shown in no row: they are added up here.
    let count = rate.dimensions.count
    var parts: [[String]: [DiffRow]] = [:]
    for part in DiffRow.paired(summed(before.rows, count), summed(after.rows, count)) where part.isChanged {
      parts[Array(part.codes.prefix(count)), default: []].append(part)
    }
    for index in result.rows.indices {
      result.rows[index].files = (parts[result.rows[index].codes] ?? []).map { part in
        DiffRow.FilePart(
          digest: part.codes[count], name: part.names[count], published: publications[part.codes[count]],
          before: part.before.counts, after: part.after.counts)
      }.sorted { ($0.published ?? 0, $0.digest) < ($1.published ?? 0, $1.digest) }
    }
  }

  /// Rows by the asked dimensions and the file; the purpose that a pooled question adds is summed over.
  private func summed(_ rows: [RateRow], _ count: Int) -> [RateRow] {
    var sums: [[String]: RateRow] = [:]
    for row in rows {
      let codes = Array(row.codes.prefix(count + 1))
      let names = Array(row.names.prefix(count + 1))
      sums[codes, default: RateRow(codes: codes, names: names, counts: RateCounts(), purpose: row.purpose)].counts +=
        row.counts
    }
    return sums.values.sorted { $0.codes.lexicographicallyPrecedes($1.codes) }
  }
}

/// One group in both snapshots.
public struct DiffRow: Sendable {
  public var codes: [String]
  public var names: [String]
  public var before: RateRow
  public var after: RateRow
  /// The files that changed it, in order of publication; what they add and take away is all of the change.
  public var files: [FilePart] = []

  /// What one file holds of a group, before and after.
  public struct FilePart: Sendable, Hashable {
    public var digest: String
    public var name: String
    /// Snapshot at which it became visible.
    public var published: Int64?
    public var before: RateCounts
    public var after: RateCounts
  }

  public var isChanged: Bool { before.counts != after.counts }

  /// Groups of either answer, in the order of their codes.
  static func paired(_ before: [RateRow], _ after: [RateRow]) -> [DiffRow] {
    var old: [[String]: RateRow] = [:]
    for row in before { old[row.codes] = row }
    var rows = after.map { row in
      DiffRow(codes: row.codes, names: row.names, before: old.removeValue(forKey: row.codes) ?? row.emptied, after: row)
    }
    rows += old.values.map { DiffRow(codes: $0.codes, names: $0.names, before: $0, after: $0.emptied) }
    return rows.sorted { $0.codes.lexicographicallyPrecedes($1.codes) { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
  }
}

extension RateRow {
  /// The same group without samples.
  fileprivate var emptied: RateRow {
    var row = self
    row.counts = RateCounts()
    return row
  }
}

/// The answer to a ``DiffQuery``.
public struct DiffResult: Sendable {
  public var query: DiffQuery
  public var dimensions: [Dimension]
  public var from: Int64
  public var to: Int64
  /// Changed groups only, in the order of their codes.
  public var rows: [DiffRow] = []
  public var total: DiffRow
  /// What was published between the two, oldest first: `v5 nyncj-2023.csv.gz`.
  public var publications: [String] = []

  init(query: DiffQuery, dimensions: [Dimension], from: Int64, to: Int64, total: DiffRow) {
    self.query = query
    self.dimensions = dimensions
    self.from = from
    self.to = to
    self.total = total
  }
}

extension OpenStore {
  /// What changed between two snapshots, with what happened to the store in between.
  ///
  /// - Parameters: snapshots as in ``snapshot(asOf:)``; `to` nil = the newest.
  public func diff(_ query: DiffQuery, from: String, to: String? = nil) throws -> DiffResult {
    let (old, new) = (try snapshot(asOf: from), try snapshot(asOf: to))
    var published: [String: Int64] = [:]
    var names: [Int64: String] = [:]
    for batch in try catalogue.batches() where batch.record.state == .accepted {
      guard let snapshot = batch.snapshot else { continue }
      published[batch.record.fileDigest] = snapshot
      names[snapshot] = batch.record.name
    }
    var result = try query.run(from: old, to: new, publications: published)
    let span = min(old.snapshot, new.snapshot)..<max(old.snapshot, new.snapshot)
    result.publications = try catalogue.snapshots().filter { span.contains($0.number - 1) }.map { snapshot in
      "v\(snapshot.number) " + (names[snapshot.number] ?? snapshot.kind.rawValue)
    }
    return result
  }
}
