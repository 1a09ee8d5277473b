import CSystem
import Glibc
import Synchronization

/// Being asked to stop: SIGTERM, SIGINT, SIGHUP.
///
/// The first signal is noted and wakes ``Machine/sleep(seconds:)`` and ``FolderWatch``; the work looks at
/// ``requested`` between its steps, finishes or rolls back what it is at, and exits with ``exitStatus``. A second
/// signal ends the process at once with 128 + its number (what comes within 0.3 s of the first is the same wish:
/// timeout(1), sudo and terminals send it twice). SIGUSR1 asks for a line about the state of the work.
///
/// Handlers in C, no blocked signals: so they work while a library computes, and children inherit nothing.
public enum StopSignal: Int32, Sendable, Hashable, CaseIterable {
  case hangUp = 1
  case interrupt = 2
  case terminate = 15

  /// `SIGTERM`.
  public var name: String {
    switch self {
    case .hangUp: "SIGHUP"
    case .interrupt: "SIGINT"
    case .terminate: "SIGTERM"
    }
  }

  /// What the process exits with: 143 after SIGTERM, 130 after SIGINT, 129 after SIGHUP.
  public var exitStatus: Int32 { 128 + rawValue }

  /// Installs the handlers; once, at the start of the program. An ignored SIGHUP (nohup) stays ignored.
  public static func install() throws(SystemError) {
    if spotcheck_stop_install() != 0 {
      throw SystemError(operation: "install", path: "the signal handlers", code: errno)
    }
  }

  /// The signal that asked first; nil if none did.
  public static var requested: StopSignal? {
    if let test = TestSignals.current { return test.requested }
    return StopSignal(rawValue: spotcheck_stop_requested())
  }

  /// Whether SIGUSR1 came since the last time somebody asked.
  public static func takeStatusRequest() -> Bool {
    if let test = TestSignals.current { return test.takeStatusRequest() }
    return spotcheck_status_take() == 1
  }
}

/// Signals for tests: under ``with(_:_:)``, ``StopSignal`` answers from here and no real signal counts.
public final class TestSignals: Sendable {
  private let state = Mutex((requested: StopSignal?.none, isStatusWanted: false))

  public init() {}

  @TaskLocal static var current: TestSignals?

  /// Runs a body under these signals, for the current task and its children.
  public static func with<R>(_ signals: TestSignals, _ body: () throws -> R) rethrows -> R {
    try $current.withValue(signals, operation: body)
  }

  /// Asks to stop; only the first one counts.
  public func send(_ signal: StopSignal) { state.withLock { $0.requested = $0.requested ?? signal } }

  /// As SIGUSR1.
  public func requestStatus() { state.withLock { $0.isStatusWanted = true } }

  var requested: StopSignal? { state.withLock { $0.requested } }

  /// Whether a wait would be woken.
  var isPending: Bool { state.withLock { $0.requested != nil || $0.isStatusWanted } }

  func takeStatusRequest() -> Bool {
    state.withLock { state in
      defer { state.isStatusWanted = false }
      return state.isStatusWanted
    }
  }
}
