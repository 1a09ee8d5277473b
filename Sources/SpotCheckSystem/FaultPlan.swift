import Synchronization

/// Faults for tests: the n-th call of an operation fails with an errno, or moves fewer bytes than asked.
///
/// A plan is in force inside ``with(_:_:)`` only, for the current task and its children, so tests that run side by
/// side do not meet. Without a plan a system call costs one look at a task-local value more.
public final class FaultPlan: Sendable {
  public enum Operation: String, Sendable, CaseIterable {
    case open, read, write, sync, close, rename, remove, map, list, status, createDirectory, lock
  }

  public enum Effect: Sendable, Hashable {
    /// The call fails with this errno and has no effect.
    case fail(Int32)
    /// The call fails with this errno, and so does every later one of the operation.
    case failAlways(Int32)
    /// A read or write moves at most this many bytes.
    case short(Int)
  }

  public struct Fault: Sendable {
    public var operation: Operation
    /// Counted from 1.
    public var call: Int
    public var effect: Effect

    public init(_ operation: Operation, call: Int, _ effect: Effect) {
      self.operation = operation
      self.call = call
      self.effect = effect
    }
  }

  private let faults: [Fault]
  private let counts = Mutex<[Operation: Int]>([:])

  public init(_ faults: [Fault]) { self.faults = faults }
  public convenience init(_ operation: Operation, call: Int, _ effect: Effect) {
    self.init([Fault(operation, call: call, effect)])
  }

  @TaskLocal static var current: FaultPlan?

  /// Runs a body under a plan.
  public static func with<R>(_ plan: FaultPlan, _ body: () throws -> R) rethrows -> R {
    try $current.withValue(plan, operation: body)
  }

  /// How many calls of an operation were made so far: an empty plan counts them for a sweep.
  public func calls(of operation: Operation) -> Int { counts.withLock { $0[operation] ?? 0 } }

  /// For operations that are not repeated: the errno that the plan in force wants now.
  static func plannedFailure(of operation: Operation) -> Int32? {
    switch current?.effect(of: operation) {
    case .fail(let code), .failAlways(let code): code
    case .short, nil: nil
    }
  }

  func effect(of operation: Operation) -> Effect? {
    let call = counts.withLock { counts in
      counts[operation, default: 0] += 1
      return counts[operation] ?? 0
    }
    for fault in faults where fault.operation == operation {
      if fault.call == call { return fault.effect }
      if case .failAlways = fault.effect, call > fault.call { return fault.effect }
    }
    return nil
  }
}
