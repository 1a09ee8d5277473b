import Glibc
import SpotCheckSystem
import Testing

@Suite("Folders, locks, machine")
struct FileSystemTests {
  @Test("folders are made with those above them, and may exist")
  func folders() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("a/b/c"))
    try FileSystem.createFolder(scratch("a/b/c"))
    #expect(try FileSystem.status(scratch("a/b/c")).kind == .folder)
    try DurableWriter.write([], to: scratch("file"))
    #expect(throws: SystemError.self) { try FileSystem.createFolder(scratch("file")) }
    #expect(throws: SystemError.self) { try FileSystem.createFolder(scratch("file/x")) }
    #expect(try FileSystem.exists(scratch("file/x")) == false)
    #expect(try FileSystem.removeFolder(scratch("a/b/c")))
    #expect(try !FileSystem.removeFolder(scratch("a/b/c")))
    #expect(try FileSystem.removeFile(scratch("file")))
    #expect(try !FileSystem.removeFile(scratch("file")))
  }

  @Test("every folder that was made is synced into the one above it")
  func foldersAreDurable() throws {
    let scratch = try Scratch()
    let counting = FaultPlan([])
    try FaultPlan.with(counting) { try FileSystem.createFolder(scratch("a/b/c")) }
    #expect(counting.calls(of: .sync) == 3)
    let failing = FaultPlan(.sync, call: 1, .fail(EIO))
    #expect(throws: SystemError.self) { try FaultPlan.with(failing) { try FileSystem.createFolder(scratch("d")) } }
  }

  @Test("a folder is listed by the bytes of the names, odd names included")
  func listing() throws {
    let scratch = try Scratch()
    let gbk = PathText.decode([0xCE, 0xF7, 0xC4, 0xFE, 0x2E, 0x63, 0x73, 0x76])
    let names = ["-rf", "B", "a", "new\nline", "中", gbk]
    for name in names.reversed() { try DurableWriter.write([1], to: scratch(name)) }
    let entries = try FileSystem.list(scratch.path)
    #expect(
      entries.map { PathText.encode($0.name) }
        == names.map { PathText.encode($0) }.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(entries.allSatisfy { $0.status.isRegular && $0.status.byteCount == 1 })
    #expect(try InputFile.contents(of: scratch(gbk)) == [1])
  }

  @Test("renaming without replacing keeps both files")
  func renaming() throws {
    let scratch = try Scratch()
    try DurableWriter.write([1], to: scratch("a"))
    try DurableWriter.write([2], to: scratch("b"))
    let error = #expect(throws: SystemError.self) {
      try FileSystem.rename(scratch("a"), to: scratch("b"), replacing: false)
    }
    #expect(error?.isExisting == true)
    try FileSystem.rename(scratch("a"), to: scratch("c"), replacing: false)
    try FileSystem.rename(scratch("c"), to: scratch("b"), replacing: true)
    #expect(try InputFile.contents(of: scratch("b")) == [1])
    #expect(try FileSystem.names(in: scratch.path) == ["b"])
  }

  @Test("a lock keeps others out, names its holder and ends with the value")
  func lock() throws {
    let scratch = try Scratch()
    func hold() throws {
      guard let lock = try FileLock.acquire(scratch("lock")) else {
        Issue.record("a free lock was refused")
        return
      }
      #expect(FileLock.holder(of: scratch("lock")).hasPrefix("pid \(Machine.processID) on "))
      let taken = try FileLock.acquire(scratch("lock")) != nil
      #expect(!taken)
      _ = lock.path
    }
    try hold()
    let taken = try FileLock.acquire(scratch("lock")) != nil
    #expect(taken)
  }

  @Test("the machine answers")
  func machine() throws {
    #expect(Machine.monotonicSeconds <= Machine.monotonicSeconds)
    #expect(Machine.wallClockSeconds > 1.6e9)
    #expect(Machine.usage.peakBytes > 1 << 20)
    #expect(Machine.usage.cpuSeconds > 0)
    #expect(Machine.environment("SPOTCHECK_SURELY_NOT_SET") == nil)
    #expect(try Machine.executablePath().hasPrefix("/"))
    #expect(try Machine.currentFolder().hasPrefix("/"))
    #expect(Machine.coreCount >= 1)
    #expect(try FileSystem.freeBytes("/") > 0)
    #expect(Machine.randomHex(8).utf8.count == 8)
  }

  @Test("a reader that goes away is EPIPE, not the end of the process")
  func brokenPipe() throws {
    StandardStreams.ignoreBrokenPipeSignal()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    _ = Glibc.close(ends[0])
    defer { _ = Glibc.close(ends[1]) }
    let error = #expect(throws: SystemError.self) { try StandardStreams.writeAll(ends[1], "x") }
    #expect(error?.isBrokenPipe == true)
    #expect(!StandardStreams.isTerminal(ends[1]))
  }
}
