import Glibc
import SpotCheckSystem
import Testing

@Suite("Durable writing")
struct DurableWriterTests {
  @Test("small and large pieces arrive in order", arguments: [1, 7, 64, 1 << 18])
  func content(bufferLimit: Int) throws {
    let scratch = try Scratch()
    var expected: [UInt8] = []
    var writer = try DurableWriter(scratch("a"), bufferLimit: bufferLimit)
    for size in [0, 1, 5, 100, 63, 64, 65, 1000, 3] {
      let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &+ size) }
      try writer.write(piece)
      expected += piece
    }
    #expect(writer.byteCount == expected.count)
    #expect(try !FileSystem.exists(scratch("a")), "nothing is visible before it is published")
    try writer.publish()
    #expect(try InputFile.contents(of: scratch("a")) == expected)
    #expect(try FileSystem.names(in: scratch.path) == ["a"])
  }

  @Test("an abandoned file leaves nothing behind")
  func abandoned() throws {
    let scratch = try Scratch()
    func abandon() throws {
      var writer = try DurableWriter(scratch("a"))
      try writer.write([1, 2, 3])
      #expect(try FileSystem.names(in: scratch.path).count == 1)
    }
    try abandon()
    #expect(try FileSystem.names(in: scratch.path).isEmpty)
  }

  @Test("without replacing, an existing file stays as it is")
  func noReplace() throws {
    let scratch = try Scratch()
    try DurableWriter.write([1], to: scratch("a"))
    do {
      try DurableWriter.write([2], to: scratch("a"), replacing: false)
      Issue.record("replaced")
    } catch { #expect(error.isExisting) }
    #expect(try InputFile.contents(of: scratch("a")) == [1])
    #expect(try FileSystem.names(in: scratch.path) == ["a"])
    try DurableWriter.write([2], to: scratch("a"))
    #expect(try InputFile.contents(of: scratch("a")) == [2])
  }

  @Test("every call that fails leaves before or after, and no litter")
  func sweep() throws {
    let scratch = try Scratch()
    let operations: [FaultPlan.Operation] = [.open, .write, .sync, .close, .rename]
    func write() throws {
      var writer = try DurableWriter(scratch("a"), bufferLimit: 2)
      for _ in 0..<4 { try writer.write([9, 9, 9]) }
      try writer.publish()
    }
    for operation in operations {
      for code in [EIO, ENOSPC] {
        let counting = FaultPlan([])
        try FaultPlan.with(counting, write)
        for call in 1...counting.calls(of: operation) {
          try DurableWriter.write([1], to: scratch("a"))
          let error = #expect(throws: SystemError.self) {
            try FaultPlan.with(FaultPlan(operation, call: call, .fail(code)), write)
          }
          #expect(error?.code == code)
          #expect(error?.path.isEmpty == false)
          let after = try InputFile.contents(of: scratch("a"))
          #expect(after == [1] || after == [UInt8](repeating: 9, count: 12))
          #expect(try FileSystem.names(in: scratch.path) == ["a"], "\(operation) \(call)")
        }
      }
    }
  }

  @Test("a failed sync is final: nothing is published and it is not tried again")
  func failedSync() throws {
    let scratch = try Scratch()
    let plan = FaultPlan(.sync, call: 1, .fail(EIO))
    try FaultPlan.with(plan) {
      var writer = try DurableWriter(scratch("a"))
      try writer.write([1])
      for _ in 0..<2 {
        #expect(throws: SystemError(operation: "sync", path: scratch("a"), code: EIO)) { try writer.publish() }
        #expect(throws: SystemError.self) { try writer.write([1]) }
      }
    }
    #expect(plan.calls(of: .sync) == 1)
    #expect(try FileSystem.names(in: scratch.path).isEmpty)
  }

  @Test("short and interrupted writes go on")
  func shortWrites() throws {
    let scratch = try Scratch()
    let plan = FaultPlan([
      .init(.write, call: 1, .short(1)), .init(.write, call: 2, .fail(EINTR)), .init(.write, call: 3, .short(2)),
    ])
    try FaultPlan.with(plan) { try DurableWriter.write([1, 2, 3, 4, 5], to: scratch("a")) }
    #expect(try InputFile.contents(of: scratch("a")) == [1, 2, 3, 4, 5])
  }

  @Test("a full device is an error that says so")
  func fullDevice() throws {
    let descriptor = Glibc.open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    defer { _ = Glibc.close(descriptor) }
    let error = #expect(throws: SystemError.self) { try StandardStreams.writeAll(descriptor, "x") }
    #expect(error?.code == ENOSPC)
    #expect(error?.advice.contains("df -h") == true)
  }
}
