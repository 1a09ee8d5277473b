public import SpotCheckModel
import SpotCheckStore
import Synchronization

/// One snapshot of a store, opened for questions. What a question does not need is not read.
public struct QuerySource: Sendable {
  /// Number of the snapshot; every answer names it.
  public var snapshot: Int64
  /// The code tables in force at the snapshot, by name.
  public var tables: StoredCodeTables
  private let listed: Lazily<[VisibleSegment]>
  private let named: Lazily<[String: String]>
  private let counted: Lazily<SegmentCountTable?>

  public init(
    snapshot: Int64, segments: [VisibleSegment], tables: StoredCodeTables = [:], batchNames: [String: String] = [:]
  ) {
    self.init(
      snapshot: snapshot, tables: tables, segments: { segments }, batchNames: { batchNames }, counts: { nil })
  }

  init(
    snapshot: Int64, tables: StoredCodeTables, segments: @escaping @Sendable () throws -> [VisibleSegment],
    batchNames: @escaping @Sendable () throws -> [String: String],
    counts: @escaping @Sendable () throws -> SegmentCountTable?
  ) {
    self.snapshot = snapshot
    self.tables = tables
    listed = Lazily(segments)
    named = Lazily(batchNames)
    counted = Lazily(counts)
  }

  /// In order of arrival of their rows.
  public func segments() throws -> [VisibleSegment] { try listed.value() }

  /// File names of batches by digest.
  public func batchNames() throws -> [String: String] { try named.value() }

  /// All counting samples, counted by ``SegmentCounts/columns``, flags and month; nil: that is not kept.
  func counts() throws -> SegmentCountTable? { try counted.value() }
}

/// Something that is read when it is first asked for, once.
final class Lazily<Value: Sendable>: Sendable {
  private let known = Mutex<Value?>(nil)
  private let read: @Sendable () throws -> Value

  init(_ read: @escaping @Sendable () throws -> Value) { self.read = read }

  func value() throws -> Value {
    try known.withLock { known in
      if let known { return known }
      let value = try read()
      known = value
      return value
    }
  }
}
