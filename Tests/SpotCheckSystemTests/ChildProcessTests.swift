import Glibc
import SpotCheckSystem
import Testing

@Suite("Hooks")
struct ChildProcessTests {
  private func shell(_ script: String, _ change: (inout ChildProcess) -> Void = { _ in }) throws
    -> ChildProcess.Result
  {
    var child = ChildProcess(["/bin/sh", "-c", script])
    change(&child)
    return try child.run()
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test("input, outputs, environment and exit status pass")
  func passing() throws {
    let result = try shell("cat; echo \"$WHO\"; echo bad >&2; exit 7") {
      $0.input = Array("hello\n".utf8)
      $0.environment = ["WHO": "西宁"]
    }
    #expect(result.end == .exited(7) && !result.succeeded)
    #expect(text(result.output) == "hello\n西宁\n")
    #expect(text(result.errors) == "bad\n")
    #expect(!result.isCut)
    #expect(try ChildProcess(["true"]).run().succeeded, "looked up in PATH")
    #expect(try shell("kill -9 $$").end == .killed(signal: SIGKILL))
  }

  @Test("words are not read by a shell")
  func words() throws {
    let result = try ChildProcess(["/bin/echo", "$HOME; `id`", "", "a b"]).run()
    #expect(text(result.output) == "$HOME; `id`  a b\n")
  }

  @Test("much input and much output do not wait for each other, and no more is kept than the limit")
  func volume() throws {
    let big = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
    let whole = try ChildProcess(["cat"], input: big, outputLimit: 4_000_000).run()
    #expect(whole.output == big && !whole.isCut)
    let cut = try ChildProcess(["cat"], input: big, outputLimit: 1000).run()
    #expect(cut.output.count == 1000 && cut.isCut && cut.succeeded)
  }

  @Test("a child that does not read its input is no trouble")
  func deaf() throws {
    let big = [UInt8](repeating: 1, count: 1_000_000)
    #expect(try ChildProcess(["true"], input: big).run().succeeded)
    #expect(try shell("exec <&-; exit 3") { $0.input = big }.end == .exited(3))
  }

  @Test("a child that takes too long ends, with everything that it started")
  func timeouts() throws {
    let scratch = try Scratch()
    let pid = scratch("pid")
    let result = try shell("trap '' TERM; sleep 600 & echo $! > \(pid); echo started; sleep 600; sleep 600") {
      $0.timeout = 0.3
    }
    #expect(result.end == .timedOut)
    #expect(text(result.output) == "started\n")
    let process = try #require(Int32(text(try InputFile.contents(of: pid)).dropLast()))
    // It is a zombie or gone; init reaps it.
    for _ in 0..<500 where kill(process, 0) == 0 && isRunning(process) { usleep(10_000) }
    #expect(!isRunning(process))
  }

  private func isRunning(_ process: Int32) -> Bool {
    guard let file = try? InputFile("/proc/\(process)/stat") else { return false }
    var buffer = [UInt8](repeating: 0, count: 400)
    var span = buffer.mutableSpan
    guard let count = try? file.read(into: &span) else { return false }
    return !text(Array(buffer[..<count])).contains(") Z")
  }

  @Test("a grandchild that keeps the output open does not keep us")
  func daemons() throws {
    let result = try shell("sleep 600 & echo $!") { $0.timeout = 500 }
    #expect(result.end == .exited(0))
    if let process = Int32(text(result.output).dropLast()) { kill(process, SIGKILL) }
  }

  @Test("no file and no lock of ours is inherited, no signal is blocked or ignored")
  func inheritance() throws {
    let scratch = try Scratch()
    StandardStreams.ignoreBrokenPipeSignal()
    // Not closed on exec, as a library may open one.
    let stray = Glibc.open("/dev/null", O_RDONLY)
    defer { _ = Glibc.close(stray) }
    _ = fcntl(stray, F_SETFD, 0)
    let result = try ChildProcess(["/bin/ls", "/proc/self/fd"]).run()
    // 0, 1, 2 and the listing's own.
    #expect(text(result.output).split(separator: "\n") == ["0", "1", "2", "3"])
    let status = text(try ChildProcess(["/bin/cat", "/proc/self/status"]).run().output)
    for name in ["SigBlk", "SigIgn"] {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
      let mask = UInt64(line.suffix(16), radix: 16)
      // 32 and 33 are the C library's own; it lets them be ignored.
      #expect((mask ?? 1) & 0x7FFF_FFFF == 0, "\(line)")
    }
    func holdAndSpawn() throws -> ChildProcess.Result? {
      guard let lock = try FileLock.acquire(scratch("lock")) else { return nil }
      let result = try shell("sleep 600 & echo $!") { $0.timeout = 500 }
      _ = lock.path
      return result
    }
    let held = try #require(try holdAndSpawn())
    let isFree = try FileLock.acquire(scratch("lock")) != nil
    #expect(isFree, "a grandchild lives, the lock does not")
    if let process = Int32(text(held.output).dropLast()) { kill(process, SIGKILL) }
  }

  @Test("what cannot be started says so")
  func missing() {
    for arguments in [[], ["/nowhere/hook"], ["surely-no-such-program"], ["/etc/passwd"]] {
      let error = #expect(throws: SystemError.self) { try ChildProcess(arguments).run() }
      #expect(error?.operation == "start")
    }
    #expect(throws: SystemError.self) {
      try FaultPlan.with(FaultPlan(.spawn, call: 1, .die)) { try ChildProcess(["true"]).run() }
    }
  }

  @Test("nothing is left open")
  func leaks() throws {
    _ = try ChildProcess(["true"]).run()
    let before = Machine.openDescriptorCount
    #expect(before >= 3)
    for _ in 0..<10 {
      _ = try ChildProcess(["true"]).run()
      _ = try? ChildProcess(["/nowhere/hook"]).run()
    }
    // Other tests run beside this one and open files.
    #expect(Machine.openDescriptorCount < before + 40)
  }
}
