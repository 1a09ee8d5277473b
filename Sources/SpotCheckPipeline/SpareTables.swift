import SpotCheckModel
import Synchronization

/// Tables that one thread leaves for another: their memory is used again, instead of being given back and asked for anew
/// with every segment.
final class SpareTables: Sendable {
  private let tables: Mutex<TablePair?>

  init(_ tables: TablePair? = nil) { self.tables = Mutex(tables) }

  func put(_ used: TablePair) { tables.withLock { $0 = used } }

  func take() -> TablePair? { tables.withLock { $0.take() } }
}
