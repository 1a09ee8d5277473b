import Glibc
import SpotCheckSystem
import Testing

@Suite("Locks")
struct LockTests {
  @Test("the file says which process has the lock, since when, and whether it lives")
  func holder() throws {
    let scratch = try Scratch()
    #expect(FileLock.lockHolder(of: scratch("lock")) == nil)
    let clock = TestClock(wallNanoseconds: 1_764_000_000_999_999_999)
    try TestClock.with(clock) {
      guard let lock = try FileLock.acquire(scratch("lock")) else {
        Issue.record("refused")
        return
      }
      var holder = try #require(FileLock.lockHolder(of: lock.path))
      #expect(holder.description == FileLock.holder(of: lock.path))
      #expect(holder.processID == Machine.processID && holder.host == Machine.hostName)
      #expect(holder.since == 1_764_000_000)
      #expect(holder.startTicks > 0)
      #expect(holder.isAlive == true)
      holder.startTicks -= 1
      #expect(holder.isAlive == false, "the same number, another process")
      holder.processID = 0
      #expect(holder.isAlive == false)
      holder.host = "elsewhere"
      #expect(holder.isAlive == nil)
      #expect(try FileLock.isHeld(lock.path))
    }
    #expect(FileLock.lockHolder(of: scratch("lock")) == nil)
    #expect(try !FileLock.isHeld(scratch("lock")))
    #expect(try !FileLock.isHeld(scratch("none")))
    for text in ["pid x on h started 1 since 2", "pid 1 on h", "", "\u{FF}", "pid 1 on h started -1 since 2"] {
      try DurableWriter.write(Array(text.utf8), to: scratch("lock"))
      #expect(FileLock.lockHolder(of: scratch("lock")) == nil)
    }
  }

  @Test("waiting ends when the lock is free, when the time is over, or at a stop")
  func waiting() throws {
    let scratch = try Scratch()
    final class Holding {
      let lock: FileLock?
      init(_ path: String) throws { lock = try FileLock.acquire(path) }
    }
    final class Box: @unchecked Sendable { var holding: Holding? }
    let box = Box()
    box.holding = try Holding(scratch("lock"))
    let silent = TestClock()
    let refused = try TestClock.with(silent) { try FileLock.acquire(scratch("lock"), wait: 5) == nil }
    #expect(refused && abs(silent.sleptSeconds - 5) < 0.001)
    let signals = TestSignals()
    let stopping = TestClock { _, _ in signals.send(.terminate) }
    let stopped = try TestSignals.with(signals) {
      try TestClock.with(stopping) { try FileLock.acquire(scratch("lock"), wait: 1e6) == nil }
    }
    #expect(stopped && stopping.sleptSeconds < 1)
    let releasing = TestClock { clock, _ in if clock.sleptSeconds > 2 { box.holding = nil } }
    let taken = try TestClock.with(releasing) { try FileLock.acquire(scratch("lock"), wait: 60) != nil }
    #expect(taken && releasing.sleptSeconds < 3)
  }

  @Test("readers share, a writer waits for them, and they for a writer")
  func shared() throws {
    let scratch = try Scratch()
    func pins() throws {
      let first: SharedFileLock? = try SharedFileLock.acquire(scratch("pin"))
      let second: SharedFileLock? = try SharedFileLock.acquire(scratch("pin"))
      guard let first, let second else {
        Issue.record("refused")
        return
      }
      let isRefused = try FileLock.acquire(scratch("pin")) == nil
      #expect(isRefused)
      #expect(try !FileLock.isHeld(scratch("pin")), "a pin is no holder")
      #expect(first.path == second.path)
    }
    try pins()
    func exclusive() throws {
      guard let lock = try FileLock.acquire(scratch("pin")) else {
        Issue.record("refused")
        return
      }
      let isRefused = try SharedFileLock.acquire(scratch("pin")) == nil
      #expect(isRefused)
      #expect(lock.path == scratch("pin"))
    }
    try exclusive()
    try FileSystem.setMode(scratch("pin"), 0o440)
    let isReadable = try SharedFileLock.acquire(scratch("pin")) != nil
    #expect(isReadable)
  }

  @Test("what is no file cannot be locked, and says so at once")
  func odd() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("folder"))
    #expect(mkfifo(scratch("pipe"), 0o600) == 0)
    #expect(symlink("x", scratch("link")) == 0)
    for name in ["folder", "pipe", "link"] {
      #expect(throws: SystemError.self) { _ = try FileLock.acquire(scratch(name)) == nil }
    }
  }

  @Test("a killed process leaves its text, and the lock is free")
  func killed() throws {
    let scratch = try Scratch()
    let plan = FaultPlan(.checkpoint, call: 1, .die)
    try FaultPlan.with(plan) {
      guard let lock = try FileLock.acquire(scratch("lock")) else { return }
      #expect(throws: SystemError.self) { try FaultPlan.checkpoint("commit") }
      _ = lock.path
    }
    #expect(FileLock.lockHolder(of: scratch("lock")) != nil)
    let isFree = try FileLock.acquire(scratch("lock")) != nil
    #expect(isFree)
  }

  /// A child that is being started has a copy of every descriptor until it becomes another program.
  @Test("given back is given back, also while a copy of the descriptor lives elsewhere")
  func copiesDoNotHold() throws {
    let scratch = try Scratch()
    for isShared in [false, true] {
      var copies: [Int32] = []
      func copyAll() throws {
        let wanted = try FileSystem.status(scratch("lock"))
        // All are found before one is copied: a copy takes the lowest free number, which may stand in the list too.
        let held = try FileSystem.names(in: "/proc/self/fd").compactMap(Int32.init).filter { number in
          guard let status = try? FileSystem.status("/proc/self/fd/\(number)") else { return false }
          return status.inode == wanted.inode && status.device == wanted.device
        }
        copies += held.map { dup($0) }
      }
      func hold() throws {
        if isShared {
          guard let lock = try SharedFileLock.acquire(scratch("lock")) else { return }
          try copyAll()
          _ = lock.path
        } else {
          guard let lock = try FileLock.acquire(scratch("lock")) else { return }
          try copyAll()
          _ = lock.path
        }
      }
      try hold()
      #expect(copies.count == 1)
      let isFree = try FileLock.acquire(scratch("lock")) != nil
      #expect(isFree)
      for copy in copies { close(copy) }
    }
  }
}
