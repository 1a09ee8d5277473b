import Glibc

/// An exclusive lock on a store, held as long as the value lives. The kernel releases it when the process dies,
/// however it dies, so no lock is ever left behind. Children do not inherit it, and the file is never removed: two
/// processes would then hold locks on two files of one name.
public struct FileLock: ~Copyable, Sendable {
  private let descriptor: Int32
  public let path: String
  private let plan = FaultPlan.current

  /// Takes the lock; nil if another process has it all the time. The file then says who, see ``holder(of:)``.
  /// - Parameter wait: seconds to try again for; a ``StopSignal`` ends the wait.
  public static func acquire(_ path: String, wait seconds: Double = 0) throws(SystemError) -> FileLock? {
    let descriptor = try LockFile.open(path, O_RDWR | O_CREAT)
    guard try LockFile.lock(descriptor, path, LOCK_EX, wait: seconds) else { return nil }
    let lock = FileLock(descriptor: descriptor, path: path)
    // The text only helps people; that it cannot be written (a full disk) does not make the lock worth less.
    let text = LockHolder.current.description + "\n"
    do throws(SystemError) {
      try SystemCalls.run(.truncate, path) { Int(ftruncate(descriptor, 0)) }
      try SystemCalls.write(descriptor, path, Array(text.utf8).span)
    } catch {
      if error.code == SystemError.killedCode { throw error }
    }
    return lock
  }

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit {
    // A killed process leaves its text; whoever has the lock next replaces it.
    if FaultPlan.allowsTidying(plan, .truncate) { _ = ftruncate(descriptor, 0) }
    LockFile.release(descriptor)
  }

  /// Who holds the lock, in one line: `pid 123 on host started 4567 since 1764000000`; empty if nobody says so.
  public static func holder(of path: String) -> String {
    let bytes = (try? InputFile.contents(of: path, limit: 4096)) ?? []
    return String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// The same, taken apart; nil if nobody says so.
  public static func lockHolder(of path: String) -> LockHolder? { LockHolder(holder(of: path)) }

  /// Whether somebody holds the lock now. It is tried with a shared lock that is given back at once.
  public static func isHeld(_ path: String) throws(SystemError) -> Bool {
    guard try FileSystem.exists(path) else { return false }
    return try SharedFileLock.acquire(path) == nil
  }
}

/// A lock that any number of processes can hold while none has the ``FileLock`` of the same file: a reader's pin.
/// Gone with the value or the process. Writes nothing.
public struct SharedFileLock: ~Copyable, Sendable {
  private let descriptor: Int32
  public let path: String

  /// Takes the lock; nil if a process holds the ``FileLock`` all the time. The file is made if it is missing; one
  /// that may only be read is enough.
  public static func acquire(_ path: String, wait seconds: Double = 0) throws(SystemError) -> SharedFileLock? {
    var descriptor: Int32 = -1
    do throws(SystemError) {
      descriptor = try LockFile.open(path, O_RDONLY)
    } catch  where error.code == ENOENT {
      descriptor = try LockFile.open(path, O_RDWR | O_CREAT)
    }
    guard try LockFile.lock(descriptor, path, LOCK_SH, wait: seconds) else { return nil }
    return SharedFileLock(descriptor: descriptor, path: path)
  }

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { LockFile.release(descriptor) }
}

/// What both locks do with their file.
private enum LockFile {
  static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Int32 {
    let descriptor = try SystemCalls.open(path, flags: flags | O_NOFOLLOW | O_NONBLOCK, mode: 0o640)
    do throws(SystemError) {
      guard try SystemCalls.status(descriptor, path).isRegular else {
        throw SystemError(operation: "lock", path: path, code: SystemError.notRegularCode)
      }
    } catch {
      _ = Glibc.close(descriptor)
      throw error
    }
    return descriptor
  }

  /// Unlocked first, and not by closing alone: a child that another thread is just starting has copies of all descriptors
  /// until it becomes another program, and would hold the lock for that long.
  static func release(_ descriptor: Int32) {
    _ = flock(descriptor, LOCK_UN)
    _ = Glibc.close(descriptor)
  }

  /// False, and the descriptor closed, if others have the file to the end of the wait.
  static func lock(
    _ descriptor: Int32, _ path: String, _ kind: Int32, wait seconds: Double
  ) throws(SystemError) -> Bool {
    let end = Machine.monotonicSeconds + (seconds.isFinite ? seconds : 0)
    var pause = 0.01
    while true {
      do throws(SystemError) {
        try SystemCalls.run(.lock, path) { Int(flock(descriptor, kind | LOCK_NB)) }
        return true
      } catch {
        let left = end - Machine.monotonicSeconds
        if error.code == EWOULDBLOCK, left > 0, Machine.sleep(seconds: min(pause, left)) {
          pause = min(pause * 2, 0.25)
          continue
        }
        _ = Glibc.close(descriptor)
        if error.code == EWOULDBLOCK { return false }
        throw error
      }
    }
  }
}
