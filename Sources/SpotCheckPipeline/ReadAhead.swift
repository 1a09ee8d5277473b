import Dispatch
import SpotCheckModel
import SpotCheckSystem
import Synchronization

/// Reads the records of a delivery on a thread of its own while those before are curated. What comes out, and in which
/// order, is what a ``RecordSource`` gives; at most a few pieces are read before they are wanted.
final class ReadAhead: Sendable {
  /// As many pieces wait to be curated. More would not make it faster: the slower of both threads sets the pace.
  static let most = 2

  private enum End {
    /// Nothing more is wanted, but the taps are to see the rest.
    case drained
    case abandoned
  }

  private struct State {
    var ready: [Result<RecordPiece, any Error>] = []
    /// Chunks that are done with.
    var used: [RecordChunk] = []
    var end: End?
  }

  private final class Board: Sendable {
    let state = Mutex(State())
    // Counted up from zero: Dispatch traps on a semaphore that goes away with less than it began with.
    let room = DispatchSemaphore(value: 0)
    let filled = DispatchSemaphore(value: 0)

    func put(_ piece: Result<RecordPiece, any Error>) {
      state.withLock { $0.ready.append(piece) }
      filled.signal()
    }
  }

  private let board = Board()
  private let work: BackgroundWork<Void>
  private let isJoined = Mutex(false)

  /// - Parameter source: opens the records, on the thread that will read them.
  init(_ source: @escaping @Sendable () throws -> RecordSource) {
    for _ in 0..<ReadAhead.most { board.room.signal() }
    work = BackgroundWork { [board] in
      do {
        var source = try source()
        var hasMore = true
        while true {
          board.room.wait()
          let (chunk, end) = board.state.withLock { ($0.used.popLast(), $0.end) }
          switch end {
          case .abandoned: return
          case .drained: return board.put(.success(try source.drain()))
          case nil where hasMore:
            let piece = try source.next(chunk ?? RecordChunk())
            hasMore = piece.hasMore
            board.put(.success(piece))
          case nil: break
          }
        }
      } catch {
        board.put(.failure(error))
      }
    }
  }

  deinit {
    board.state.withLock { $0.end = .abandoned }
    board.room.signal()
    join()
  }

  /// The next piece, as ``RecordSource/next(_:)`` gives it; not to be called after one without more.
  /// - Parameter done: the chunk of the piece before, or an empty one; taken away to be filled again.
  func next(_ done: inout RecordChunk) throws -> RecordPiece {
    board.state.withLock { state in
      state.used.append(RecordChunk())
      swap(&state.used[state.used.count - 1], &done)
    }
    board.room.signal()
    board.filled.wait()
    return try board.state.withLock { $0.ready.removeFirst() }.get()
  }

  /// Lets the rest pass the taps, and ends.
  /// - Returns: a piece without records.
  func drain() throws -> RecordPiece {
    board.state.withLock { $0.end = .drained }
    board.room.signal()
    join()
    // What was read ahead is not wanted any more; the last that was put is the end.
    return try board.state.withLock { $0.ready.last ?? .success(RecordPiece()) }.get()
  }

  private func join() {
    guard
      isJoined.withLock({ isJoined in
        defer { isJoined = true }
        return !isJoined
      })
    else { return }
    _ = work.result()
  }
}
