import Glibc
import SpotCheckSystem
import Testing

@Suite("Watching folders")
struct FolderWatchTests {
  @Test("a file written, moved in or begun is a change; nothing is none")
  func changes() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("a"))
    try FileSystem.createFolder(scratch("b"))
    guard try FileSystemKind(of: scratch.path).isLocal else { return }
    var watch = FolderWatch([scratch("a"), scratch("b")])
    #expect(watch.unwatched.isEmpty)
    #expect(watch.folders == [scratch("a"), scratch("b")])
    #expect(watch.wait(seconds: 0) == .timedOut)
    try writeFile(scratch("a/x"), [1])
    #expect(watch.wait(seconds: 60) == .changed)
    #expect(watch.wait(seconds: 0.01) == .timedOut, "all events were taken")
    try FileSystem.rename(scratch("a/x"), to: scratch("b/x"), replacing: false)
    #expect(watch.wait(seconds: 60) == .changed)
    try FileSystem.removeFile(scratch("b/x"))
    #expect(watch.wait(seconds: 0) == .timedOut, "that a file goes away is nothing to look at")
    try FileSystem.removeFolder(scratch("b"))
    #expect(watch.wait(seconds: 60) == .changed)
    watch.update([scratch("a"), scratch("b")])
    #expect(watch.folders == [scratch("a")])
    #expect(watch.unwatched.map(\.folder) == [scratch("b")])
    try FileSystem.createFolder(scratch("b"))
    watch.update([scratch("a"), scratch("b")])
    watch.update([scratch("b")])
    try writeFile(scratch("a/y"), [1])
    #expect(watch.wait(seconds: 0) == .timedOut, "no longer watched")
    try writeFile(scratch("b/y"), [1])
    #expect(watch.wait(seconds: 60) == .changed)
  }

  @Test("more than the kernel can keep is told")
  func overflow() throws {
    let scratch = try Scratch()
    guard try FileSystemKind(of: scratch.path).isLocal else { return }
    let limit = text("/proc/sys/fs/inotify/max_queued_events")
    var watch = FolderWatch([scratch.path])
    // Two names in turn, because the kernel merges an event with an equal one before it.
    for index in 0...(limit / 2) + 10 {
      let descriptor = Glibc.open(scratch("f\(index % 2)"), O_WRONLY | O_CREAT, 0o600)
      _ = Glibc.close(descriptor)
      unlink(scratch("f\(index % 2)"))
    }
    #expect(watch.wait(seconds: 60) == .overflowed)
    #expect(watch.wait(seconds: 0) == .timedOut)
    try writeFile(scratch("x"), [1])
    #expect(watch.wait(seconds: 60) == .changed)
  }

  private func text(_ path: String) -> Int {
    guard let file = try? InputFile(path) else { return 16_384 }
    var buffer = [UInt8](repeating: 0, count: 40)
    var span = buffer.mutableSpan
    let count = (try? file.read(into: &span)) ?? 0
    return Int(String(decoding: buffer[..<count].prefix { $0 != 10 }, as: UTF8.self)) ?? 16_384
  }

  @Test("what cannot be watched is said, and stops nobody")
  func unwatched() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("b"))
    var watch = FolderWatch(["/proc/self", scratch("nothing")])
    #expect(watch.unwatched.count == 2)
    #expect(watch.unwatched[0].description.contains("is on proc, which does not report every change"))
    #expect(watch.unwatched[1].description.contains("ENOENT"))
    #expect(watch.wait(seconds: 0) == .timedOut)
    for code in [ENOSPC, EMFILE] {
      let limited = FaultPlan.with(FaultPlan(.watch, call: 1, .fail(code))) {
        FolderWatch([scratch.path, scratch("b")]).unwatched
      }
      #expect(limited.map(\.folder) == [scratch.path])
      #expect(limited[0].description.contains("max_user_watches"))
      let none = FaultPlan.with(FaultPlan(.open, call: 1, .fail(code))) {
        var watch = FolderWatch([scratch.path, scratch("b")])
        let outcome = watch.wait(seconds: 0.001)
        #expect(outcome == .timedOut)
        return watch.unwatched
      }
      #expect(none.count == 2)
    }
  }

  @Test("under a test's clock and signals no time goes by")
  func testClock() throws {
    let scratch = try Scratch()
    guard try FileSystemKind(of: scratch.path).isLocal else { return }
    let path = scratch.path
    let signals = TestSignals()
    let clock = TestClock { _, seconds in
      if seconds == 60 { try? writeFile(path + "/x", [1]) }
      if seconds == 61 { signals.requestStatus() }
      if seconds == 62 { signals.send(.interrupt) }
    }
    TestClock.with(clock) {
      TestSignals.with(signals) {
        var watch = FolderWatch([path])
        #expect(watch.wait(seconds: 5) == .timedOut)
        #expect(watch.wait(seconds: 60) == .changed)
        #expect(watch.wait(seconds: 61) == .signalled)
        #expect(StopSignal.takeStatusRequest())
        #expect(watch.wait(seconds: 62) == .signalled)
        #expect(watch.wait(seconds: 5) == .signalled)
      }
    }
    #expect(clock.sleptSeconds == 188)
  }
}
