import Dispatch
import Synchronization

/// Work that another thread does while this one goes on. The fault plan and the clock that are in force here are in force
/// there too.
///
/// It has a thread at once, whatever others wait for: works wait for each other, and the threads of a global queue are as many as
/// processors until somebody notices, a second later, that all of them wait.
public final class BackgroundWork<Value: Sendable>: Sendable {
  private let found = Mutex<Result<Value, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  public init(_ body: @escaping @Sendable () throws -> Value) {
    let (plan, clock) = (FaultPlan.current, TestClock.current)
    // A queue of its own is served by a new thread where the global one would make it wait.
    DispatchQueue(label: "spotcheck.background").async { [self] in
      let result = FaultPlan.$current.withValue(plan) {
        TestClock.$current.withValue(clock) { Result(catching: body) }
      }
      found.withLock { $0 = result }
      isDone.signal()
    }
  }

  /// What came of it; nil if it is not done within this time. Waited for by one thread, and once.
  public func wait(milliseconds: Int) -> Result<Value, any Error>? {
    guard isDone.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
    return found.withLock { $0 }
  }

  /// What came of it, however long it takes. Waited for by one thread, and once.
  public func result() -> Result<Value, any Error> {
    isDone.wait()
    guard let result = found.withLock({ $0 }) else { preconditionFailure("work that is done has a result") }
    return result
  }
}
