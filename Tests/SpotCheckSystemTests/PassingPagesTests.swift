import Glibc
import Testing

@testable import SpotCheckSystem

@Suite("Large files in memory")
struct PassingPagesTests {
  /// More than a copy may leave in memory, and no whole number of steps.
  private let count = Int(PassingPages.window) * 3 + 12_345

  private func isInMemory(_ path: String) throws -> Bool {
    let file = try InputFile(path)
    return PassingPages.isInMemory(file)
  }

  /// Makes a large file that is on the disk, and is in memory or not; false where the system or its disk cannot forget anything.
  private func make(_ path: String, isKept: Bool) throws -> Bool {
    var bytes = [UInt8](repeating: 7, count: count)
    for place in stride(from: 0, to: count, by: 4_000) { bytes[place] = UInt8(truncatingIfNeeded: place >> 7) }
    try DurableWriter.write(bytes, to: path)
    guard try isInMemory(path) else { return false }
    let file = try InputFile(path)
    PassingPages.forget(file.descriptor, 0..<Int64(count))
    guard try !isInMemory(path) else { return false }
    if isKept { _ = try InputFile.contents(of: path, limit: count) }
    return true
  }

  @Test(
    "of a copy little stays in memory; of its original what was there before", arguments: [true, false], [true, false])
  func copying(isKept: Bool, isReadBehind: Bool) throws {
    let scratch = try Scratch()
    guard try make(scratch("a"), isKept: isKept) else { return }
    var passed = 0
    var reader: BackgroundWork<Int>?
    // Blocks that are shared are not written.
    try FaultPlan.with(FaultPlan(.copy, call: 1, .fail(EXDEV))) {
      let behind: (GrowingCopy) -> Void = { copy in
        reader = BackgroundWork {
          var (found, buffer) = (0, [UInt8](repeating: 0, count: 100_003))
          while true {
            var span = buffer.mutableSpan
            let count = try copy.read(into: &span)
            if count == 0 { return found }
            found += count
          }
        }
      }
      try FileSystem.copyFile(
        from: scratch("a"), to: scratch("b"), releasing: true,
        passing: { passed += $0.count },
        behind: isReadBehind ? behind : nil)
    }
    #expect(passed == count)
    if isReadBehind { #expect(try reader?.result().get() == count) }
    let isStillKept = try isInMemory(scratch("a"))
    #expect(isStillKept == isKept)
    // Who reads behind and is late keeps what it has not read.
    let isCopyKept = try isInMemory(scratch("b"))
    if !isReadBehind { #expect(!isCopyKept) }
    let (copy, whole) = try (
      InputFile.contents(of: scratch("b"), limit: count), InputFile.contents(of: scratch("a"), limit: count)
    )
    #expect(copy == whole)
  }

  @Test("a disk that fails while a large copy is written is heard, and there is no copy")
  func failing() throws {
    let scratch = try Scratch()
    try DurableWriter.write([UInt8](repeating: 7, count: count), to: scratch("a"))
    let plan = FaultPlan([.init(.copy, call: 1, .fail(EXDEV)), .init(.sync, call: 1, .fail(EIO))])
    var passed = 0
    let error = #expect(throws: SystemError.self) {
      try FaultPlan.with(plan) {
        try FileSystem.copyFile(from: scratch("a"), to: scratch("b"), passing: { passed += $0.count })
      }
    }
    #expect(error?.code == EIO)
    // It is told in the middle, not by the sync of the whole.
    #expect(passed < count)
    #expect(try FileSystem.names(in: scratch.path) == ["a"])
  }

  @Test("of a file that is let go as it is read whole steps leave memory, and of a small one nothing")
  func lettingGo() throws {
    let scratch = try Scratch()
    guard try make(scratch("a"), isKept: true) else { return }
    let file = try InputFile(scratch("a"))
    for (before, after) in [(0, 0), (0, 1), (1, PassingPages.step - 1)] as [(Int64, Int64)] {
      file.letGo(from: before, to: after)
    }
    let isKept = try isInMemory(scratch("a"))
    #expect(isKept)
    file.letGo(from: PassingPages.step - 1, to: Int64(count))
    let isKeptStill = try isInMemory(scratch("a"))
    #expect(!isKeptStill)
  }
}
