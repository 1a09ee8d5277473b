import Foundation
import Glibc
import SpotCheckSystem
import Testing

@Suite("Files that are cut while they are mapped")
struct BusGuardTests {
  private let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  private func sum(_ file: MappedFile) -> Int? {
    file.withColumn(UInt8.self, at: 0, rows: file.count) { bytes in
      var sum = 0
      for index in 0..<bytes.count { sum += Int(bytes[index]) }
      return sum
    }
  }

  @Test("reading what is gone does not end the process, and is told", arguments: [0, 1, 4095, 4096, 4097, 40_000])
  func cut(length: Int) throws {
    let scratch = try Scratch()
    let count = 10 * page
    try writeFile(scratch("a"), [UInt8](repeating: 1, count: count))
    try writeFile(scratch("b"), [UInt8](repeating: 1, count: count))
    let file = try MappedFile(scratch("a"))
    let other = try MappedFile(scratch("b"))
    #expect(sum(file) == count)
    #expect(file.isIntact && !file.wasTorn)
    #expect(truncate(scratch("a"), length) == 0)
    #expect(sum(file) == length)
    #expect(!file.isIntact)
    // A cut inside the last page shows zeros without a signal.
    #expect(file.wasTorn == (length <= 9 * page))
    #expect(sum(file) == length, "and again")
    try writeFile(scratch("a"), [UInt8](repeating: 1, count: count))
    #expect(!file.isIntact, "it does not become whole again")
    #expect(sum(other) == count)
    #expect(other.isIntact && !other.wasTorn)
  }

  @Test("a cut inside the last page, and a byte that is overwritten, are told without a signal")
  func silent() throws {
    let scratch = try Scratch()
    try writeFile(scratch("a"), [UInt8](repeating: 1, count: page + 100))
    let file = try MappedFile(scratch("a"))
    #expect(truncate(scratch("a"), page + 50) == 0)
    #expect(sum(file) == page + 50)
    #expect(!file.wasTorn && !file.isIntact)
    let again = try MappedFile(scratch("a"))
    // The times of two writes can be the same tick.
    usleep(20_000)
    let descriptor = Glibc.open(scratch("a"), O_WRONLY)
    #expect(pwrite(descriptor, [9], 1, 5) == 1)
    _ = Glibc.close(descriptor)
    #expect(!again.isIntact)
  }

  /// Kilobytes of a mapped file that lie in this process's memory.
  private func resident(_ path: String) throws -> Int {
    // Not by name: a file in /proc says that it is empty.
    let maps = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
    let text = String(decoding: try maps.readToEnd() ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n")
    var kilobytes = 0
    for (index, line) in lines.enumerated() where line.hasSuffix(path) {
      let entry = lines[index...].first { $0.hasPrefix("Rss:") }
      kilobytes += entry?.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
    return kilobytes
  }

  @Test("pages are given back, and come again when they are read")
  func released() throws {
    let scratch = try Scratch()
    try writeFile(scratch("a"), [UInt8](repeating: 1, count: 10 * page))
    let file = try MappedFile(scratch("a"))
    #expect(sum(file) == 10 * page)
    #expect(try resident(scratch("a")) == 10 * page / 1024)
    file.releasePages()
    #expect(try resident(scratch("a")) == 0)
    #expect(sum(file) == 10 * page && file.isIntact)
    // Zeros that stand for what is gone stay zeros.
    #expect(truncate(scratch("a"), 2 * page) == 0)
    #expect(sum(file) == 2 * page)
    file.releasePages()
    #expect(sum(file) == 2 * page && file.wasTorn)
  }

  @Test("a file that is removed or replaced under its name is still what it was")
  func replaced() throws {
    let scratch = try Scratch()
    try writeFile(scratch("a"), [UInt8](repeating: 1, count: 3 * page))
    let file = try MappedFile(scratch("a"))
    try DurableWriter.write([7], to: scratch("a"))
    #expect(sum(file) == 3 * page)
    #expect(file.isIntact)
    try FileSystem.removeFile(scratch("a"))
    #expect(sum(file) == 3 * page)
    #expect(file.isIntact)
    let copy = try MappedFile("/proc/self/exe", copying: true)
    #expect(copy.isIntact && !copy.wasTorn)
  }

  @Test("many mappings come and go in many threads while files are cut")
  func threads() throws {
    let scratch = try Scratch()
    let (path, page) = (scratch.path, page)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<60 {
        let name = path + "/\(thread)-\(round)"
        guard (try? writeFile(name, [UInt8](repeating: 1, count: 3 * page))) != nil,
          let file = try? MappedFile(name)
        else {
          Issue.record("not mapped")
          return
        }
        let isCut = (thread + round) % 2 == 0
        if isCut { truncate(name, page) }
        #expect(sum(file) == (isCut ? page : 3 * page))
        #expect(file.wasTorn == isCut)
        unlink(name)
      }
    }
  }

  @Test("any other bus error still ends the process")
  func others() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      var limit = rlimit(rlim_cur: 0, rlim_max: 0)
      setrlimit(__rlimit_resource_t(4), &limit)
      _ = try MappedFile("/proc/self/exe")
      kill(getpid(), SIGBUS)
      sleep(10)
    }
    await #expect(processExitsWith: .signal(SIGBUS)) {
      var limit = rlimit(rlim_cur: 0, rlim_max: 0)
      setrlimit(__rlimit_resource_t(4), &limit)
      let scratch = try Scratch()
      try writeFile(scratch("a"), [UInt8](repeating: 1, count: 8192))
      let guarded = try MappedFile(scratch("a"))
      // A mapping of somebody else's, cut.
      let descriptor = Glibc.open(scratch("a"), O_RDWR)
      guard let foreign = mmap(nil, 8192, PROT_READ, MAP_PRIVATE, descriptor, 0), foreign != MAP_FAILED else { exit(9) }
      truncate(scratch("a"), 0)
      try FileSystem.removeTree(scratch.path)
      let byte = foreign.load(as: UInt8.self)
      exit(guarded.count > 0 ? Int32(byte) : 8)
    }
  }
}
