import Synchronization

/// How many threads a run may use, and how many are at work: a file that is alone is read by two.
final class ReadingThreads: Sendable {
  private let most: Int
  private let atWork = Mutex(0)

  init(most: Int) { self.most = most }

  /// A file is begun; it is, whatever else is at work.
  func begin() { atWork.withLock { $0 += 1 } }

  /// A second thread for a file, if none is needed elsewhere now.
  func take() -> Bool {
    atWork.withLock { count in
      if count >= most { return false }
      count += 1
      return true
    }
  }

  func giveBack() { atWork.withLock { $0 -= 1 } }
}
