import Synchronization

/// A clock for tests: both clocks of ``Machine`` stand still until they are told to go on, and sleeping takes no time.
///
/// It is in force inside ``with(_:_:)`` only, for the current task and its children, like ``FaultPlan``. The clock on
/// the wall may be set to anything, back as well; the monotonic one only goes forward. Waiting for a child process
/// (``ChildProcess``) is real even then, because the child's work is.
public final class TestClock: Sendable {
  private struct Times {
    var wallNanoseconds: Int64
    var monotonicSeconds: Double
    var sleptSeconds = 0.0
  }

  private let times: Mutex<Times>
  private let onSleep: (@Sendable (TestClock, _ seconds: Double) -> Void)?

  /// - Parameters:
  ///   - wallNanoseconds: since 1970; 2026-01-01T00:00:00Z unless told otherwise.
  ///   - onSleep: called after each sleep has advanced the clocks: here a test lets the world go on, by dropping
  ///     files, setting the wall clock, or sending a ``TestSignals``.
  public init(
    wallNanoseconds: Int64 = 1_767_225_600_000_000_000, monotonicSeconds: Double = 1000,
    onSleep: (@Sendable (TestClock, _ seconds: Double) -> Void)? = nil
  ) {
    times = Mutex(Times(wallNanoseconds: wallNanoseconds, monotonicSeconds: monotonicSeconds))
    self.onSleep = onSleep
  }

  @TaskLocal static var current: TestClock?

  /// Runs a body under a clock.
  public static func with<R>(_ clock: TestClock, _ body: () throws -> R) rethrows -> R {
    try $current.withValue(clock, operation: body)
  }

  public var wallNanoseconds: Int64 { times.withLock { $0.wallNanoseconds } }
  public var monotonicSeconds: Double { times.withLock { $0.monotonicSeconds } }
  /// All sleeps together.
  public var sleptSeconds: Double { times.withLock { $0.sleptSeconds } }

  /// Sets the clock on the wall, forward or back; the monotonic one does not notice.
  public func setWall(nanoseconds: Int64) { times.withLock { $0.wallNanoseconds = nanoseconds } }

  /// Both clocks go on. A negative or undefined duration is none.
  public func advance(by seconds: Double) {
    guard seconds > 0, seconds.isFinite else { return }
    times.withLock { times in
      times.monotonicSeconds += seconds
      // Far more than any test needs, and no trap in the conversion.
      let nanoseconds = Int64((min(seconds, 4e9) * 1e9).rounded())
      let (sum, overflow) = times.wallNanoseconds.addingReportingOverflow(nanoseconds)
      times.wallNanoseconds = overflow ? Int64.max : sum
    }
  }

  func sleep(_ seconds: Double) {
    guard seconds > 0, seconds.isFinite else { return }
    advance(by: seconds)
    times.withLock { $0.sleptSeconds += seconds }
    onSleep?(self, seconds)
  }
}
