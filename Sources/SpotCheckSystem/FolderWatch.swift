// UNSAFE FILE: reads the kernel's event records from a buffer.

import CSystem
import Glibc

/// Waits for something to happen in a set of folders. **Only a hint**: it shortens the wait for the next look, and a
/// look must come anyway, because events can be lost, and some file systems have none.
///
/// Nothing here is an error that stops anybody: what cannot be watched is said in ``unwatched``.
public struct FolderWatch: ~Copyable {
  /// Why ``wait(seconds:)`` came back.
  public enum Outcome: Sendable, Hashable {
    /// Something happened in one of the folders.
    case changed
    /// More happened than the kernel could keep: look at everything.
    case overflowed
    case timedOut
    /// A stop or status signal is there: ask ``StopSignal``.
    case signalled
  }

  /// A folder that cannot be watched, so that one must look again and again.
  public struct Unwatched: Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
      /// Its file system does not tell about what other computers do.
      case notLocal(FileSystemKind)
      /// The limit of watches (fs.inotify.max_user_watches) or of instances is reached.
      case tooMany(SystemError)
      case failed(SystemError)
    }

    public var folder: String
    public var reason: Reason

    /// For the log: `/inbox/a is on nfs, which does not report changes; it is looked at again and again`.
    public var description: String {
      let place = PathText.printable(folder)
      let rest = "; it is looked at again and again instead"
      return switch reason {
      case .notLocal(let kind): "\(place) is on \(kind.name), which does not report every change" + rest
      case .tooMany(let error):
        "\(place) cannot be watched: the system's limit of watches is reached (\(error.name)); "
          + "raise fs.inotify.max_user_watches or max_user_instances" + rest
      case .failed(let error): "\(place) cannot be watched: \(error.meaning) (\(error.name))" + rest
      }
    }
  }

  private var descriptor: Int32 = -1
  private var startError: SystemError?
  private var watched: [Int32: String] = [:]
  public private(set) var unwatched: [Unwatched] = []

  /// The folders that are watched, sorted.
  public var folders: [String] { watched.values.sorted() }

  public init(_ folders: [String]) {
    do throws(SystemError) {
      descriptor = Int32(
        try SystemCalls.run(.open, "inotify") { Int(inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))) })
    } catch { startError = error }
    update(folders)
  }

  deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

  /// Watches these folders from now on: those that are new (or were made anew) are added, others are let go. Cheap;
  /// to be called before each look, so that what happens during the look is not missed.
  public mutating func update(_ folders: [String]) {
    unwatched = []
    var kept: [Int32: String] = [:]
    for folder in folders {
      do throws(SystemError) {
        if let startError { throw startError }
        let kind = try FileSystemKind(of: folder)
        guard kind.isLocal else {
          unwatched.append(Unwatched(folder: folder, reason: .notLocal(kind)))
          continue
        }
        // The same folder gets the same number again.
        kept[try add(folder)] = folder
      } catch {
        let isLimit = error.code == ENOSPC || error.code == EMFILE || error.code == ENFILE
        unwatched.append(Unwatched(folder: folder, reason: isLimit ? .tooMany(error) : .failed(error)))
      }
    }
    for number in watched.keys where kept[number] == nil { _ = inotify_rm_watch(descriptor, number) }
    watched = kept
  }

  private borrowing func add(_ folder: String) throws(SystemError) -> Int32 {
    let events = UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_CREATE) | UInt32(IN_DELETE_SELF)
    let descriptor = descriptor
    return try SystemCalls.descriptor(.watch, folder, folder) {
      inotify_add_watch(descriptor, $0, events | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR))
    }
  }

  /// Waits until something happens, a signal comes, or the time is over. What happened since the last wait counts.
  /// Under a ``TestClock`` no time goes by: if nothing has happened, the clock's sleep lets it happen.
  public mutating func wait(seconds: Double) -> Outcome {
    if isSignalPending { return .signalled }
    if let outcome = drain() { return outcome }
    if let clock = TestClock.current {
      clock.sleep(seconds)
      return isSignalPending ? .signalled : drain() ?? .timedOut
    }
    let end = Waiting.realSeconds + seconds
    while true {
      switch Waiting.wait(seconds: end - Waiting.realSeconds, alsoFor: descriptor) {
      case .timedOut: return .timedOut
      case .signalled: return .signalled
      case .ready: if let outcome = drain() { return outcome }
      }
    }
  }

  private var isSignalPending: Bool {
    if let test = TestSignals.current { return test.isPending }
    return StopSignal.requested != nil
  }

  /// Takes all events that are there; nil if there are none that matter.
  private mutating func drain() -> Outcome? {
    guard descriptor >= 0 else { return nil }
    var outcome: Outcome?
    let header = MemoryLayout<inotify_event>.size
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    defer { buffer.deallocate() }
    while true {
      let filled = read(descriptor, buffer.baseAddress, buffer.count)
      if filled < 0 && errno == EINTR { continue }
      guard filled > 0 else { return outcome }
      var offset = 0
      while offset + header <= filled {
        // SAFETY: a whole header lies inside the bytes read; the record is plain.
        let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
        offset += header + Int(event.len)
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
          outcome = .overflowed
        } else if event.mask & UInt32(IN_IGNORED) != 0 {
          // The folder is gone, or we let it go.
          if watched.removeValue(forKey: event.wd) != nil { outcome = outcome ?? .changed }
        } else if watched[event.wd] != nil {
          outcome = outcome ?? .changed
        }
      }
    }
  }
}
