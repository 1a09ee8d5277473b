/// How unattended runs behave: as written in the store's `operations.yaml`, or by options, or by default.
public struct OperationSettings: Sendable, Hashable {
  /// Whether a delivery must bring a done file or a manifest.
  public enum DoneRule: String, Sendable, CaseIterable {
    case never, always
  }

  // Intake

  /// Seconds that a file must have been at rest, by our own monotonic clock.
  public var stability = 10.0
  /// Patterns of names that are never deliveries, added to the built-in ones …
  public var ignoreAlso: [String] = []
  /// … and built-in ones that are taken out.
  public var ignoreNot: [String] = []
  /// Whether the kernel is asked if anybody has the file open for writing, where its file system can tell.
  public var asksForLease = true
  public var done = DoneRule.never
  /// By folder of the inbox, where it differs.
  public var doneByBureau: [String: DoneRule] = [:]
  /// Seconds after which a done file without its data, or data without its done file, is reported.
  public var doneTimeout = 86_400.0
  /// Tries of one file that ended the process, or in which it could not be read, before it is put aside as `POISON`.
  public var attempts = 3

  // Back-pressure, for one pass; nil: no limit

  public var maximumFiles: Int?
  public var maximumBytes: Int64?
  public var maximumSeconds: Double?
  /// Bytes that must stay free; nil: the greater of 5 % of the file system and twice the largest file that waits.
  public var freeFloor: Int64?

  // Runs

  /// Files that are read at once; nil: one a core, four at most. Each needs memory of its own.
  public var jobs: Int?
  public var gates = GateSettings()
  /// By bureau code.
  public var freshness: [String: FreshnessRule] = [:]
  public var hooks = HookSettings()
  /// The file that Prometheus' collector reads; nil: none is written.
  public var metricsFile: String?
  public var logFormat = LogFormat.human
  /// The file with the key that seals receipts; nil: they are not sealed.
  public var seal: String?
  /// Whether small segments are joined at the end of a run.
  public var compacts = true
  public var poll = PollSettings()
  public var health = HealthLimits()

  public init() {}

  /// The rule for a folder of the inbox.
  public func doneRule(folder: String) -> DoneRule { doneByBureau[folder] ?? done }
}
