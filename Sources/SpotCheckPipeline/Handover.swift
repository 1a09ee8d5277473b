import Synchronization

/// A value that one thread leaves for another. Tables go this way: they have one owner at a time, so that their memory is
/// used again, instead of being copied, or given back and asked for anew with every segment.
final class Handover<Value: Sendable>: Sendable {
  private let value: Mutex<Value?>

  init(_ value: Value? = nil) { self.value = Mutex(value) }

  func put(_ value: Value) { self.value.withLock { $0 = value } }

  func take() -> Value? { value.withLock { $0.take() } }
}
