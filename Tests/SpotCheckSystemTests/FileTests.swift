import Glibc
import SpotCheckSystem
import Testing

@Suite("Reading files")
struct InputFileTests {
  @Test("a file is read whole, in pieces and by range")
  func reading() throws {
    let scratch = try Scratch()
    let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try DurableWriter.write(content, to: scratch("a"))
    #expect(try InputFile.contents(of: scratch("a")) == content)

    let file = try InputFile(scratch("a"))
    #expect(file.status.byteCount == 1000)
    #expect(file.status.linkCount == 1)
    #expect(file.status.mode == 0o640 & ~currentUmask())
    var collected: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 333)
    while true {
      var span = buffer.mutableSpan
      let count = try file.read(into: &span)
      if count == 0 { break }
      collected += buffer[..<count]
    }
    #expect(collected == content)
    #expect(try file.bytes(in: 10...19) == Array(content[10...19]))
    #expect(try file.bytes(in: 990...5000) == Array(content[990...]))
    #expect(try file.bytes(in: 5000...6000).isEmpty)
    #expect(try file.bytes(in: Int64.min...Int64.max).isEmpty)
    #expect(try file.bytes(at: 0, count: Int.max) == content)
  }

  @Test("what is no regular file is refused without waiting")
  func notRegular() throws {
    let scratch = try Scratch()
    #expect(throws: SystemError.self) { _ = try InputFile(scratch.path) }
    #expect(mkfifo(scratch("pipe"), 0o600) == 0)
    do {
      _ = try InputFile(scratch("pipe"))
      Issue.record("a pipe was opened")
    } catch { #expect(error.isNotRegular) }
  }

  @Test("symbolic links are followed only where that is asked for")
  func links() throws {
    let scratch = try Scratch()
    try DurableWriter.write([1], to: scratch("real"))
    #expect(symlink(scratch("real"), scratch("link")) == 0)
    #expect(try InputFile.contents(of: scratch("link")) == [1])
    do {
      _ = try InputFile(scratch("link"), followSymlinks: false)
      Issue.record("a link was followed")
    } catch { #expect(error.isSymbolicLink) }
    #expect(try FileSystem.status(scratch("link"), followSymlinks: false).kind == .symbolicLink)
  }

  @Test("errors name path, errno and advice")
  func errors() throws {
    do {
      _ = try InputFile("/nowhere/西宁.csv")
      Issue.record("opened")
    } catch {
      #expect(error.isNotFound)
      #expect(error.description == "cannot open /nowhere/西宁.csv: no such file or folder (ENOENT). Check the path.")
    }
    #expect(throws: SystemError(operation: "open", path: "a\0b", code: EINVAL)) { _ = try InputFile("a\0b") }
  }

  @Test("interrupted and short reads go on")
  func faults() throws {
    let scratch = try Scratch()
    let content = [UInt8]("0123456789".utf8)
    try DurableWriter.write(content, to: scratch("a"))
    let plan = FaultPlan([
      .init(.read, call: 1, .fail(EINTR)), .init(.read, call: 2, .short(3)), .init(.read, call: 3, .short(1)),
    ])
    let read = try FaultPlan.with(plan) { try InputFile.contents(of: scratch("a")) }
    #expect(read == content)
    #expect(plan.calls(of: .read) == 4)
    #expect(throws: SystemError(operation: "read", path: scratch("a"), code: EIO)) {
      try FaultPlan.with(FaultPlan(.read, call: 1, .fail(EIO))) { _ = try InputFile.contents(of: scratch("a")) }
    }
  }

  @Test("a writer elsewhere is noticed or the answer is unknown, never a wrong no")
  func lease() throws {
    let scratch = try Scratch()
    try DurableWriter.write([1], to: scratch("a"))
    let writing = Glibc.open(scratch("a"), O_WRONLY)
    defer { _ = Glibc.close(writing) }
    #expect(try InputFile(scratch("a")).isOpenForWriting() != false)
  }
}

@Suite("Mapping files")
struct MappedFileTests {
  @Test("mapped and copied files show the same bytes", arguments: [false, true])
  func views(copying: Bool) throws {
    let scratch = try Scratch()
    let content = (0..<100).map { UInt8($0) }
    try DurableWriter.write(content, to: scratch("a"))
    let file = try MappedFile(scratch("a"), expectedCount: 100, copying: copying)
    #expect(file.count == 100)
    let piece = file.withBytes(at: 3, count: 4) { bytes in
      (0..<bytes.byteCount).map { bytes.unsafeLoadUnaligned(fromByteOffset: $0, as: UInt8.self) }
    }
    #expect(piece == [3, 4, 5, 6])
    #expect(file.withColumn(UInt16.self, at: 2, rows: 2) { [$0[0], $0[1]] } == [0x0302, 0x0504])
  }

  @Test("no request leaves the file, whatever its numbers")
  func bounds() throws {
    let scratch = try Scratch()
    try DurableWriter.write([UInt8](repeating: 1, count: 64), to: scratch("a"))
    let file = try MappedFile(scratch("a"))
    for (offset, count) in [(-1, 1), (64, 1), (0, 65), (1, Int.max), (Int.max, Int.max), (Int.max, 1), (0, -1)] {
      #expect(file.withBytes(at: offset, count: count) { _ in true } == nil)
      #expect(file.withColumn(UInt8.self, at: offset, rows: count) { _ in true } == nil)
    }
    #expect(file.withColumn(UInt64.self, at: 0, rows: Int.max) { _ in true } == nil)
    #expect(file.withColumn(UInt64.self, at: 0, rows: 9) { _ in true } == nil)
    #expect(file.withColumn(UInt64.self, at: 4, rows: 1) { _ in true } == nil, "not aligned")
    #expect(file.withColumn(UInt64.self, at: 64, rows: 0) { $0.count } == 0)
  }

  @Test("empty files and files that are too short")
  func sizes() throws {
    let scratch = try Scratch()
    try DurableWriter.write([], to: scratch("empty"))
    #expect(try MappedFile(scratch("empty")).withBytes(at: 0, count: 0) { $0.byteCount } == 0)
    #expect(
      throws: SystemError(operation: "map", path: scratch("empty"), code: SystemError.unexpectedEndCode)
    ) { _ = try MappedFile(scratch("empty"), expectedCount: 1) }
  }
}

func currentUmask() -> UInt32 {
  let mask = umask(0o022)
  umask(mask)
  return UInt32(mask)
}
