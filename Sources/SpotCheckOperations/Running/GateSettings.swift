public import SpotCheckModel

/// When a file is refused for what it is as a whole, although each of its rows may be what it is.
public struct GateSettings: Sendable, Hashable {
  /// What a breach does. There is no `run`: files are published one by one, each durable before the next is read, so a
  /// run could only be taken back after it was visible (decision 0015).
  public enum Action: String, Sendable, CaseIterable {
    /// The file is refused and put aside; nothing of it is visible.
    case file
    /// The file counts, and the breach is reported with it.
    case warn
  }

  public var action = Action.file
  public var all = GateLimits()
  /// By bureau code; what is not set there holds as in ``all``.
  public var byBureau: [String: GateLimits] = [:]

  public init() {}

  /// The limits in force for a bureau.
  public func limits(for bureau: String) -> GateLimits {
    guard var limits = byBureau[bureau] else { return all }
    limits.rejectRate = limits.rejectRate ?? all.rejectRate
    limits.rejectCount = limits.rejectCount ?? all.rejectCount
    limits.codes.merge(all.codes) { own, _ in own }
    limits.unmappedShare = limits.unmappedShare ?? all.unmappedShare
    limits.rowDrop = limits.rowDrop ?? all.rowDrop
    return limits
  }
}

/// What must not be exceeded; nil: no limit. 0 means not one.
public struct GateLimits: Sendable, Hashable {
  /// Share of records that are rejected.
  public var rejectRate: ExactDecimal?
  /// Records that are rejected.
  public var rejectCount: Int?
  public var codes: [DiagnosticCode: CodeLimit] = [:]
  /// Values that stand in no code table, a record, by the worst table.
  public var unmappedShare: ExactDecimal?
  public var rowDrop: RowDropLimit?

  public init() {}
}

/// How often one diagnostic may be found.
public struct CodeLimit: Sendable, Hashable {
  public var count: Int?
  /// A record.
  public var rate: ExactDecimal?

  public init(count: Int? = nil, rate: ExactDecimal? = nil) {
    self.count = count
    self.rate = rate
  }
}

/// How much smaller than usual a delivery may be. A warning unless told otherwise: a file of corrections is small by
/// nature, and nothing in it says that it is one.
public struct RowDropLimit: Sendable, Hashable {
  /// Largest drop below the median, as a share of it.
  public var share: ExactDecimal
  /// How many earlier deliveries of the same layout are looked at …
  public var last = 6
  /// … and with fewer nothing is said.
  public var atLeast = 3
  /// With a smaller median nothing is said.
  public var minimumRows = 30
  public var action = GateSettings.Action.warn

  public init(share: ExactDecimal) { self.share = share }
}
