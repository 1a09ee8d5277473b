import SpotCheckCatalogue
public import SpotCheckModel
import SpotCheckSystem
import Synchronization

/// Deliveries on their way into the store: several are read at once, and they are recorded one after the other, in the
/// order in which they were begun. What becomes of them is the same for any number of jobs.
///
/// Only reading is done by other threads. Everything that asks or changes the store, and every hook, runs on the thread
/// that owns the queue. With one job nothing is done ahead, and no thread is made.
public final class ImportQueue {
  private let run: ImportRun
  private let jobs: Int
  private var entries: [Entry] = []

  /// One delivery under way.
  private struct Entry {
    var delivery: Delivery
    var hooks: TakeHooks
    var work: Work
  }

  private enum Work {
    /// Everything is left to be done when its turn comes.
    case later
    /// It is to be refused, whatever is in it.
    case refusal(Diagnostic)
    /// It is known what its bytes are, or that they need not be read.
    case identified(PreparedFile)
    case reading(Reading)
    /// It could not even be identified.
    case failed(any Error)
  }

  public init(_ run: ImportRun) {
    self.run = run
    jobs = max(1, run.options.jobs)
  }

  public var isEmpty: Bool { entries.isEmpty }
  /// As many deliveries are under way as may be: the oldest must be finished first.
  public var isFull: Bool { entries.count >= jobs }

  /// Begins a delivery. Whatever fails is told when its turn comes.
  public func begin(_ delivery: Delivery, _ hooks: TakeHooks = TakeHooks()) {
    var entry = Entry(delivery: delivery, hooks: hooks, work: .later)
    if jobs > 1 { entry.work = ahead(delivery, hooks) }
    entries.append(entry)
  }

  /// Begins a delivery that is refused without asking what is in it.
  public func begin(refusing delivery: Delivery, _ reason: Diagnostic, _ hooks: TakeHooks = TakeHooks()) {
    entries.append(Entry(delivery: delivery, hooks: hooks, work: .refusal(reason)))
  }

  private func ahead(_ delivery: Delivery, _ hooks: TakeHooks) -> Work {
    do {
      let file = try run.preparer.identified(delivery, run.dealings(hooks))
      guard case .unread = file.finding else { return .identified(file) }
      // The same bytes make the same segments, under the same names: never two at once. If the first is accepted, the
      // second need not be read at all.
      if isReading(file.batch.fileDigest) { return .identified(file) }
      return .reading(Reading(of: file, run))
    } catch {
      return .failed(error)
    }
  }

  private func isReading(_ digest: String) -> Bool {
    entries.contains {
      if case .reading(let reading) = $0.work { return reading.digest == digest }
      return false
    }
  }

  /// Waits until the oldest delivery is read, and records it: what ``ImportRun/take(_:_:)`` does.
  ///
  /// - Precondition: the queue is not empty.
  /// - Throws: as ``ImportRun/take(_:_:)``. The delivery has then left the queue, the others have not.
  public func finishOldest() throws -> FileOutcome {
    let entry = entries.removeFirst()
    switch entry.work {
    case .later: return try run.take(entry.delivery, entry.hooks)
    case .refusal(let reason): return try run.refuse(entry.delivery, reason, entry.hooks)
    case .failed(let error): throw error
    case .identified(var file):
      if try run.catalogue.acceptedBatch(fileDigest: file.batch.fileDigest) == nil {
        try run.preparer.finish(&file, run.dealings(entry.hooks))
      }
      return try run.publish(file)
    case .reading(let reading):
      return try run.publish(try reading.wait(run.isStopped, entry.hooks.progress))
    }
  }

  /// Ends what is under way; nothing of it is recorded, and nothing that was sealed stays.
  public func abandon() {
    for case .reading(let reading) in entries.map(\.work) {
      guard var file = try? reading.wait({ true }, { _, _, _ in }) else { continue }
      file.removeSegments(from: run.layout, except: run.dealings().isPublished)
    }
    entries = []
  }
}

/// A file that another thread reads.
private final class Reading {
  /// What the two threads tell each other.
  private final class Board: Sendable {
    struct State {
      var rows = 0
      var bytes = 0
      var total = 0
      var isStopped = false
    }
    let state = Mutex(State())
  }

  private let board = Board()
  private let work: BackgroundWork<PreparedFile>
  let digest: String

  init(of file: PreparedFile, _ run: ImportRun) {
    digest = file.batch.fileDigest
    work = BackgroundWork { [board, preparer = run.preparer, isPublished = run.isPublished] in
      var dealings = FilePreparer.Dealings()
      dealings.isPublished = isPublished
      dealings.isStopped = { board.state.withLock(\.isStopped) }
      dealings.hooks.progress = { rows, bytes, total in
        board.state.withLock {
          $0.rows = rows
          $0.bytes = bytes
          $0.total = total
        }
      }
      var file = file
      try preparer.finish(&file, dealings)
      return file
    }
  }

  /// The file as read. The owner's hooks are asked and told from here, a few times a second.
  func wait(_ isStopped: () -> Bool, _ progress: (Int, Int, Int) -> Void) throws -> PreparedFile {
    while true {
      if isStopped() { board.state.withLock { $0.isStopped = true } }
      let result = work.wait(milliseconds: 50)
      let state = board.state.withLock { $0 }
      if state.total > 0 { progress(state.rows, state.bytes, state.total) }
      if let result { return try result.get() }
    }
  }
}
