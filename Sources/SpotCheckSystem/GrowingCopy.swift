import Dispatch
import Synchronization

/// A file that is being written, for another thread that reads it behind the writer. Read by one thread, which must not
/// outlive the writing by more than it takes to read the rest.
public final class GrowingCopy: Sendable {
  private struct State {
    var written: Int64 = 0
    var isEnded = false
  }

  /// A descriptor of its own: the writer's may be closed while the rest is read.
  private let file: InputFile
  private let state = Mutex(State())
  // Counted up from zero: Dispatch traps on a semaphore that goes away with less than it began with.
  private let news = DispatchSemaphore(value: 0)
  private let taken = Mutex<Int64>(0)

  init(_ file: consuming InputFile) { self.file = file }

  /// So many bytes stand in the file now.
  func grow(to count: Int64) {
    state.withLock { $0.written = count }
    news.signal()
  }

  /// So many bytes were read.
  var takenCount: Int64 { taken.withLock { $0 } }

  /// Nothing more will be written, be it that all is.
  func end() {
    state.withLock { $0.isEnded = true }
    news.signal()
  }

  /// Fills the buffer with what comes next, or with as much of it as is there; waits for some. 0 means the end.
  public func read(into buffer: inout MutableSpan<UInt8>) throws(SystemError) -> Int {
    var ready = 0
    while true {
      let now = state.withLock { $0 }
      // What a copy through the kernel has written is seen by a read once its call has come back, and not before.
      ready = Int(min(now.written - taken.withLock { $0 }, Int64(buffer.count)))
      if ready > 0 || now.isEnded { break }
      news.wait()
    }
    if ready == 0 { return 0 }
    let count = try file.read(into: &buffer, limit: ready)
    taken.withLock { $0 += Int64(count) }
    return count
  }

  /// What the file system says about the file now.
  public func status() throws(SystemError) -> FileStatus { try file.currentStatus() }
}
