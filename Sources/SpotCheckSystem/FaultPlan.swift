import Synchronization

/// Faults for tests: the n-th call fails with an errno, moves fewer bytes than asked, or kills the process.
///
/// A plan is in force inside ``with(_:_:)`` only, for the current task and its children, so tests that run side by
/// side do not meet. Without a plan a system call costs one look at a task-local value more.
///
/// **Killing.** After ``Effect/die`` that call and every later one of any operation fails with
/// ``SystemError/killedCode`` and has no effect; nothing is tidied up either, because a killed process tidies nothing
/// up. What then lies on the disk is what a kill -9 before that call would leave. Rooms with their own way to the disk
/// (the catalogue) ask ``checkpoint(_:)`` before they change anything.
public final class FaultPlan: Sendable {
  public enum Operation: String, Sendable, CaseIterable {
    case open, read, write, sync, close, rename, remove, map, list, status, createDirectory, lock
    /// chmod and chown.
    case setMode
    case truncate
    /// A copy that shares the blocks of its original (FICLONE).
    case copy
    /// Start of a child process.
    case spawn
    /// inotify_add_watch.
    case watch
    /// A step of another room, see ``FaultPlan/checkpoint(_:)``.
    case checkpoint

    /// Whether every call changes what is on the disk. Of the others, `open` does when it makes a file, and `write`
    /// does not when it goes to a pipe or terminal; those say so call by call.
    var isMutating: Bool {
      switch self {
      case .write, .sync, .rename, .remove, .createDirectory, .setMode, .truncate, .copy, .checkpoint: true
      case .open, .read, .close, .map, .list, .status, .lock, .spawn, .watch: false
      }
    }
  }

  public enum Effect: Sendable, Hashable {
    /// The call fails with this errno and has no effect.
    case fail(Int32)
    /// The call fails with this errno, and so does every later one of the operation.
    case failAlways(Int32)
    /// A read or write moves at most this many bytes.
    case short(Int)
    /// The process is dead from this call on.
    case die
  }

  public struct Fault: Sendable {
    /// nil means any mutating call.
    public var operation: Operation?
    /// Counted from 1: calls of the operation, or mutating calls of any.
    public var call: Int
    public var effect: Effect

    public init(_ operation: Operation, call: Int, _ effect: Effect) {
      self.operation = operation
      self.call = call
      self.effect = effect
    }

    /// The n-th call of any operation that changes what is on the disk.
    public init(mutation call: Int, _ effect: Effect) {
      operation = nil
      self.call = call
      self.effect = effect
    }
  }

  private struct State {
    var counts: [Operation: Int] = [:]
    var mutations = 0
    var isDead = false
    var faults: [Fault]
  }

  private let state: Mutex<State>

  public init(_ faults: [Fault]) { state = Mutex(State(faults: faults)) }
  public convenience init(_ operation: Operation, call: Int, _ effect: Effect) {
    self.init([Fault(operation, call: call, effect)])
  }
  public convenience init(mutation call: Int, _ effect: Effect) { self.init([Fault(mutation: call, effect)]) }

  @TaskLocal static var current: FaultPlan?

  /// Runs a body under a plan.
  public static func with<R>(_ plan: FaultPlan, _ body: () throws -> R) rethrows -> R {
    try $current.withValue(plan, operation: body)
  }

  /// How many calls of an operation were made so far: an empty plan counts them for a sweep.
  public func calls(of operation: Operation) -> Int { state.withLock { $0.counts[operation] ?? 0 } }

  /// How many calls that change what is on the disk were made so far, the fatal one included.
  public var mutations: Int { state.withLock { $0.mutations } }

  /// Adds a fault while the plan is in force: the next call of the operation, or the next mutating one of any.
  public func arm(_ operation: Operation?, _ effect: Effect) {
    state.withLock { state in
      guard let operation else { return state.faults.append(Fault(mutation: state.mutations + 1, effect)) }
      state.faults.append(Fault(operation, call: (state.counts[operation] ?? 0) + 1, effect))
    }
  }

  /// Whether ``Effect/die`` has happened.
  public var hasDied: Bool { state.withLock { $0.isDead } }

  /// Whether the process counts as killed here: the plan in force has died.
  public static var isDead: Bool { current?.hasDied ?? false }

  /// A mutating step of a room with its own way to the disk, such as the commit of a transaction: to be called
  /// before it. Counts as one mutating call. Costs nothing without a plan.
  /// - Throws: ``SystemError`` if the plan wants the step to fail, or the process is dead: then do not make it.
  public static func checkpoint(_ what: String) throws(SystemError) {
    if let code = plannedFailure(of: .checkpoint) { throw SystemError(operation: "pass", path: what, code: code) }
  }

  /// For operations that are not repeated: the errno that the plan in force wants now.
  static func plannedFailure(of operation: Operation) -> Int32? {
    switch current?.effect(of: operation, mutates: operation.isMutating) {
    case .fail(let code), .failAlways(let code): code
    case .die: SystemError.killedCode
    case .short, nil: nil
    }
  }

  func effect(of operation: Operation, mutates: Bool) -> Effect? {
    state.withLock { state in
      if state.isDead { return .die }
      let call = (state.counts[operation] ?? 0) + 1
      state.counts[operation] = call
      if mutates { state.mutations += 1 }
      for fault in state.faults {
        if let wanted = fault.operation, wanted != operation { continue }
        if fault.operation == nil, !mutates { continue }
        let number = fault.operation == nil ? state.mutations : call
        var isDue = fault.call == number
        if case .failAlways = fault.effect, number > fault.call { isDue = true }
        guard isDue else { continue }
        if fault.effect == .die { state.isDead = true }
        return fault.effect
      }
      return nil
    }
  }

  /// For destructors, which may run where no plan is in force any more: whether a call that tidies up may be made.
  /// - Parameter plan: the one that was in force when the value was made.
  static func allowsTidying(_ plan: FaultPlan?, _ operation: Operation) -> Bool {
    guard let plan = plan ?? current else { return true }
    return plan.effect(of: operation, mutates: operation.isMutating) == nil
  }
}
