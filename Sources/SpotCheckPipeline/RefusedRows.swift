import SpotCheckCuration
import SpotCheckModel
public import SpotCheckReading
public import SpotCheckReceipts
import SpotCheckSystem

/// Gathers the refused rows of a delivery, with all other rows of their samples, from the delivered file.
///
/// The file is read twice by the reader that imported it, with the same plan: to learn which samples have a refused
/// row, and to take their rows. Memory holds the rows that go back and a number for each sample of the file.
public struct RefusedRows {
  /// A table with more rows than this is no help to anybody who has to mend it.
  public static let maximumRows = 200_000

  private let path: String
  private let name: String
  private let layout: LayoutPlan
  private let limits: ReadingLimits
  /// Tables are emptied at this size, as at import: what counts as a repetition depends on it.
  private let segmentRows: Int

  /// - Parameters:
  ///   - path: where the file as delivered is kept now.
  ///   - name: its name as delivered, for its ending.
  ///   - layout: the one that read it (`batch.pipeline`, `batch.layout`).
  public init(
    path: String, name: String, layout: LayoutPlan, limits: ReadingLimits = ReadingLimits(), segmentRows: Int = 250_000
  ) {
    self.path = path
    self.name = name
    self.layout = layout
    self.limits = limits
    self.segmentRows = segmentRows
  }

  /// The table, or nil if there is nothing that could be mended in one: no refused row, a file that cannot be read to
  /// its end, or more than ``maximumRows`` rows.
  ///
  /// - Parameter isWhole: the file was refused as a whole (too many rows were), so all its records go back.
  /// - Throws: what reading the file throws.
  public func table(isWhole: Bool = false) throws -> RefusedRowsTable? {
    let fitted = try PipelineMatcher.fitted(layout, path: name, limits: limits) { try FileSource(path) }
    let affected = AffectedSamples()
    guard try pass(fitted, affected.look), affected.hasRejects else { return nil }
    let builder = RefusedRowsBuilder(fitted, isWhole ? nil : affected.groups)
    guard try pass(fitted, builder.take), builder.rowCount <= RefusedRows.maximumRows else { return nil }
    return builder.table()
  }

  /// One reading of the file; false if it ended in a fatal diagnostic.
  private func pass(_ layout: LayoutPlan, _ body: @escaping (RecordChunk, [String], RowTrace, [Int: Reject]) -> Void)
    throws -> Bool
  {
    var tables = TablePair()
    var report = CurationReport()
    var reader = DeliveryReader(try FileSource(path), name: name, layout: layout, limits: limits)
    let seen = LastChunk()
    reader.observer = { seen.take($0, $1, $2) }
    while try reader.step(into: &tables, report: &report) {
      let rejects = Dictionary(report.rejects.map { ($0.position.byteOffset, $0) }) { first, _ in first }
      report.rejects.removeAll(keepingCapacity: true)
      if let last = seen.value { body(last.chunk, last.names, last.trace, rejects) }
      seen.value = nil
      if tables.items.rowCount >= segmentRows || tables.samples.rowCount >= segmentRows, reader.canSeal {
        reader.prepareSeal(&tables, report: &report)
        tables = TablePair()
        reader.didSeal()
      }
    }
    return report.fatal == nil
  }
}

/// The chunk that the reader has just curated.
private final class LastChunk {
  var value: (chunk: RecordChunk, names: [String], trace: RowTrace)?
  func take(_ chunk: RecordChunk, _ names: [String], _ trace: RowTrace) { value = (chunk, names, trace) }
}

/// First reading: which samples have a refused row.
private final class AffectedSamples {
  private(set) var groups: Set<Int> = []
  private(set) var hasRejects = false

  func look(_ chunk: RecordChunk, _ names: [String], _ trace: RowTrace, _ rejects: [Int: Reject]) {
    guard !rejects.isEmpty else { return }
    hasRejects = true
    for (row, traced) in zip(chunk.rows, trace.rows) where rejects[row.byteOffset] != nil {
      groups.insert(traced.group)
    }
  }
}
