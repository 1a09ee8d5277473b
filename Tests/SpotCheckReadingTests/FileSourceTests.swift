import SpotCheckReading
import Testing

@testable import SpotCheckSystem

@Suite("Files as sources")
struct FileSourceTests {
  @Test("a file that is read once gives all its bytes, and a large one leaves memory behind the reader")
  func readingOnce() throws {
    let path = (Machine.environment("TMPDIR") ?? "/tmp") + "/spotcheck-once-\(Machine.processID)"
    defer { _ = try? FileSystem.removeFile(path) }
    var all = [UInt8](repeating: 7, count: Int(PassingPages.step) * 3 + 777)
    for place in stride(from: 0, to: all.count, by: 4_000) { all[place] = UInt8(truncatingIfNeeded: place >> 7) }
    try DurableWriter.write(all, to: path)
    for once in [false, true] {
      let source = try FileSource(path, once: once)
      var found: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        if count == 0 { break }
        found += buffer[..<count]
      }
      #expect(found == all)
      let (isKept, canForget) = try probe(path, all.count)
      // Where the system cannot tell, or cannot forget, there is nothing to see.
      if canForget { #expect(isKept != once) }
    }
  }

  /// Whether a file is in memory, and whether it can be forgotten; it is read into memory again.
  private func probe(_ path: String, _ count: Int) throws -> (isKept: Bool, canForget: Bool) {
    let file = try InputFile(path)
    let isKept = PassingPages.isInMemory(file)
    _ = try InputFile.contents(of: path, limit: count)
    guard PassingPages.isInMemory(file) else { return (isKept, false) }
    PassingPages.forget(file.descriptor, 0..<Int64(count))
    let canForget = !PassingPages.isInMemory(file)
    _ = try InputFile.contents(of: path, limit: count)
    return (isKept, canForget)
  }
}
