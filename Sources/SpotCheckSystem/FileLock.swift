import Glibc

/// An exclusive lock on a store, held as long as the value lives. The kernel releases it when the process dies,
/// however it dies, so no lock is ever left behind.
public struct FileLock: ~Copyable, Sendable {
  private let descriptor: Int32
  public let path: String
  private let plan = FaultPlan.current

  /// Takes the lock without waiting; nil if another process has it. The file then says who, see ``holder(of:)``.
  public static func acquire(_ path: String) throws(SystemError) -> FileLock? {
    let descriptor = try SystemCalls.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o640)
    do throws(SystemError) {
      try SystemCalls.run(.lock, path) { Int(flock(descriptor, LOCK_EX | LOCK_NB)) }
    } catch {
      _ = Glibc.close(descriptor)
      if error.code == EWOULDBLOCK { return nil }
      throw error
    }
    let lock = FileLock(descriptor: descriptor, path: path)
    // The text only helps people; that it cannot be written (a full disk) does not make the lock worth less.
    let text = "pid \(getpid()) on \(Machine.hostName)\n"
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
    _ = Glibc.close(descriptor)
  }

  /// Who holds the lock: `pid 123 on host`; empty if nobody says so.
  public static func holder(of path: String) -> String {
    let bytes = (try? InputFile.contents(of: path, limit: 4096)) ?? []
    return String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
  }
}
