public import SpotCheckCatalogue
public import SpotCheckPipeline
public import SpotCheckStore
public import SpotCheckSystem

/// What the program's exit says. Stable for scripts; an unknown number is a failure.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  case success = 0
  /// Failed; nothing changed.
  case failure = 1
  case usage = 2
  /// Done, but rows were rejected, files refused, or files left for the next run.
  case withRejects = 3
  /// A quality gate was breached; what it covers is not visible.
  case qualityGate = 4
  /// A bureau's data are overdue, or the health check found something.
  case alert = 5
  case noStore = 10
  case locked = 11
  case damaged = 12
  case newerStore = 13
  case inputOutput = 74
  /// Ended by a signal, with the file at work undone.
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  /// What a run that could not go on leaves with.
  public init(failure error: any Error) {
    self =
      switch error {
      case let error as CatalogueError: ExitStatus(error)
      case let error as ImportError: ExitStatus(error)
      case is SettingsError, is SealKeyError: .usage
      case is SystemError: .inputOutput
      case let error as StoreError: ExitStatus(error)
      default: .failure
      }
  }

  public init(_ error: CatalogueError) {
    self =
      switch error.kind {
      case .missing: .noStore
      case .unknownSnapshot: .usage
      case .newerFormat: .newerStore
      case .corrupt, .foreign: .damaged
      case .busy: .locked
      case .io: .inputOutput
      default: .failure
      }
  }

  public init(_ error: StoreError) {
    self =
      switch error.problem {
      case .damaged: .damaged
      case .newerFormat: .newerStore
      case .unstorable: .failure
      case .system: .inputOutput
      }
  }

  public init(_ error: ImportError) {
    self =
      switch error.kind {
      case .locked: .locked
      case .noStore: .noStore
      case .unbalanced, .changed, .exists: .failure
      case .stopped: ExitStatus(StopSignal.requested ?? .terminate)
      case .pipeline: .usage
      }
  }

  public init(_ signal: StopSignal) {
    self =
      switch signal {
      case .hangUp: .hungUp
      case .interrupt: .interrupted
      case .terminate: .terminated
      }
  }

  /// Whether a run did its work, though perhaps not everything that was delivered counts.
  public var isDone: Bool { self == .success || self == .withRejects }
}
