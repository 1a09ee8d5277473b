public import SpotCheckModel

/// What one run did, for its record `runs/<run>.json`. Filled by whoever runs; ``json`` is the file.
public struct RunFigures: Sendable {
  public static let schemaVersion = 1

  public var id: String
  /// `nightly`, `watch`, `import`, `replay` …
  public var command: String
  public var arguments: [String] = []
  public var program = ""
  public var host = ""
  /// Digest of pipelines, code tables and operations.yaml in force.
  public var configuration = ""
  public var started: TimeStamp
  public var ended: TimeStamp?
  /// By the monotonic clock, which no correction of the time of day disturbs.
  public var durationMilliseconds: Int64 = 0
  /// `complete`, `interrupted`, `failed`, `nothing` …: a word of whoever runs.
  public var state = "complete"
  public var exitStatus = 0
  public var message = ""
  public var snapshotBefore: Int64 = 0
  public var snapshotAfter: Int64 = 0
  public var files: [FileFigures] = []
  /// Files left where they are: still being written; or for want of time or room.
  public var waiting: [String] = []
  public var deferred: [String] = []
  /// Gates that did not hold, hooks that were called, and other things to know, in order.
  public var findings: [RunFinding] = []
  public var log: String?
  public var journalHead: String?

  public init(id: String, command: String, started: TimeStamp) {
    self.id = id
    self.command = command
    self.started = started
  }

  public var rows: RowAccounts { files.reduce(into: RowAccounts()) { $0.add($1.rows) } }

  /// Diagnostics of all files, by code.
  public var counts: [String: Int] { files.reduce(into: [:]) { $0.merge($1.counts, uniquingKeysWith: &+) } }

  /// How many files ended in each state.
  public var filesByState: [String: Int] { files.reduce(into: [:]) { $0[$1.state, default: 0] += 1 } }
}

/// What became of one file of a run.
public struct FileFigures: Sendable {
  public var delivery: String
  public var bureau: String
  /// The name as delivered.
  public var name: String
  public var digest = ""
  public var bytes: Int64 = 0
  /// A ``ReceiptStage``'s word.
  public var state: String
  /// Why it was refused or must wait; empty if it was not.
  public var code = ""
  public var layout = ""
  public var revision = ""
  public var batch: Int64?
  public var snapshot: Int64?
  public var attempt = 1
  public var rows = RowAccounts()
  public var samples = 0
  public var items = 0
  public var superseded = 0
  public var counts: [String: Int] = [:]
  public var milliseconds: Int64 = 0
  /// Where it is kept, relative to the store.
  public var place: String?

  public init(delivery: String, bureau: String, name: String, state: String) {
    self.delivery = delivery
    self.bureau = bureau
    self.name = name
    self.state = state
  }
}

/// Something about the run as a whole.
public struct RunFinding: Sendable, Hashable {
  /// `gate`, `freshness`, `hook`, `recovery` …
  public var kind: String
  public var code: String
  public var severity: Severity
  public var bureau: String?
  public var message: String

  public init(kind: String, code: String, severity: Severity, bureau: String? = nil, message: String) {
    self.kind = kind
    self.code = code
    self.severity = severity
    self.bureau = bureau
    self.message = message
  }
}
