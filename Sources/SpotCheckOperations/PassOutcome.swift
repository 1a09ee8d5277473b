public import SpotCheckModel
public import SpotCheckPipeline

/// What one pass over the inbox did: every file that was seen is in exactly one of its lists and counts.
public struct PassOutcome: Sendable {
  /// Files that the pass met, counted when it looked: those in the inbox and those that an earlier run had claimed.
  public var seen = 0
  /// Files that were dealt with, in order; recovered ones first.
  public var deliveries: [DeliveryOutcome] = []
  /// Files left for the next run, by reason: a limit was reached (`files`, `bytes`, `seconds`, `space`), the run was
  /// `stopped`, or the file cannot be moved out of its folder (`unmovable`).
  public var deferred: [String: Int] = [:]
  /// Files that are still being written, wait for their done file, or for their next try.
  public var waiting = 0
  /// Names that are never deliveries.
  public var ignored = 0
  /// Done files and manifests: no deliveries, but what speaks of them.
  public var sidecars = 0
  /// Files that somebody took away between looking and claiming.
  public var vanished = 0
  /// Things in the inbox that cannot be deliveries and were left where they are (folders, links, devices), and what
  /// else somebody should know.
  public var notes: [IntakeNote] = []
  /// Seconds that the oldest file left has been waiting, by folder of the inbox: since we first saw it, or since the
  /// file system says it came, whichever is longer.
  public var oldestPending: [String: Double] = [:]

  public init() {}

  /// Imported + duplicate + quarantined + returned + deferred + waiting + ignored + sidecars + vanished.
  public var accounted: Int {
    deliveries.count + deferred.values.reduce(0, +) + waiting + ignored + sidecars + vanished
  }

  /// Nothing was lost sight of.
  public var isBalanced: Bool { seen == accounted }

  public func count(_ state: DeliveryOutcome.State) -> Int { deliveries.count { $0.state == state } }
}

/// Something in the inbox that is no delivery, or a delivery that something is to be said about.
public struct IntakeNote: Sendable, Hashable, CustomStringConvertible {
  public var code: DiagnosticCode
  /// The folder of the inbox.
  public var folder: String
  public var name: String
  /// What was found, in English; empty: the code's own text says enough.
  public var message: String

  public init(_ code: DiagnosticCode, folder: String, name: String, _ message: String = "") {
    self.code = code
    self.folder = folder
    self.name = name
    self.message = message
  }

  /// `FS_SYMLINK inbox/lcj/x.csv: a symbolic link`; the name as delivered, so make it printable before it is shown.
  public var description: String {
    let place = (["inbox", folder, name].filter { !$0.isEmpty }).joined(separator: "/")
    return "\(code.rawValue) \(place): \(message.isEmpty ? code.text.title : message)"
  }
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
  /// Why it was put back, in English.
  public var reason = ""
  /// An earlier run had taken it in, and was cut short.
  public var isRecovered = false

  public init(id: String, folder: String, name: String, state: State, attempt: Int = 1, file: FileOutcome? = nil) {
    self.id = id
    self.folder = folder
    self.name = name
    self.state = state
    self.attempt = attempt
    self.file = file
  }
}
