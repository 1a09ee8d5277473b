public import SpotCheckPipeline

/// What one pass over the inbox did: every file that was seen is in exactly one of its lists and counts.
public struct PassOutcome: Sendable {
  /// Files that were dealt with, in order; recovered ones first.
  public var deliveries: [DeliveryOutcome] = []
  /// Files left for the next run, because this one had reached a limit, by reason: `files`, `bytes`, `seconds`,
  /// `space`, `stopped`.
  public var deferred: [String: Int] = [:]
  /// Files that are still being written, or wait for their done file.
  public var waiting = 0
  /// Names that are never deliveries.
  public var ignored = 0
  /// Things in the inbox that cannot be deliveries and were left where they are (folders, links, devices).
  public var notes: [String] = []
  /// Seconds that the oldest file has been waiting, by folder of the inbox; by our clock since we first saw it.
  public var oldestPending: [String: Double] = [:]

  public init() {}

  /// files seen = imported + duplicate + quarantined + returned + deferred + waiting + ignored.
  public var seen: Int { deliveries.count + deferred.values.reduce(0, +) + waiting + ignored }
}

/// What became of one delivery.
public struct DeliveryOutcome: Sendable {
  public enum State: String, Sendable, CaseIterable {
    /// Its rows count.
    case imported
    /// Its bytes or its payload had been imported before.
    case duplicate
    /// Refused, and put aside with the reason.
    case quarantined
    /// Put back, to be tried again: it changed while it was read, or could not be read.
    case returned
  }
  public var id: String
  /// The folder of the inbox.
  public var folder: String
  public var name: String
  public var state: State
  /// From 1.
  public var attempt: Int
  /// Nil if it was put back.
  public var file: FileOutcome?
  /// Path of the receipt, relative to the store; empty if there is none.
  public var receipt = ""

  public init(id: String, folder: String, name: String, state: State, attempt: Int = 1, file: FileOutcome? = nil) {
    self.id = id
    self.folder = folder
    self.name = name
    self.state = state
    self.attempt = attempt
    self.file = file
  }
}
