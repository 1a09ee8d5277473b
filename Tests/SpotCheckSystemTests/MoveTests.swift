import Glibc
import SpotCheckSystem
import Testing

@Suite("Moving and copying")
struct MoveTests {
  /// A folder on another file system than the scratch one, if the machine has one.
  private func elsewhere(_ scratch: Scratch) throws -> Scratch? {
    guard try FileSystem.exists("/dev/shm"),
      try FileSystem.status("/dev/shm").device != FileSystem.status(scratch.path).device
    else { return nil }
    return try Scratch(in: "/dev/shm")
  }

  private let content = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  @Test("a file moves to another file system whole, and only once")
  func acrossFileSystems() throws {
    let scratch = try Scratch()
    guard let other = try elsewhere(scratch) else { return }
    try writeFile(scratch("a"), content)
    #expect(try FileSystem.move(from: scratch("a"), to: other("b")) == .copied(Int64(content.count)))
    #expect(try InputFile.contents(of: other("b")) == content)
    #expect(try FileSystem.names(in: scratch.path).isEmpty)
    #expect(try FileSystem.names(in: other.path) == ["b"])
    try writeFile(scratch("a"), [1])
    let error = #expect(throws: SystemError.self) { try FileSystem.move(from: scratch("a"), to: other("b")) }
    #expect(error?.isExisting == true)
    #expect(try InputFile.contents(of: scratch("a")) == [1])
    #expect(try FileSystem.names(in: other.path) == ["b"])
    #expect(symlink("a", scratch("link")) == 0)
    #expect(throws: SystemError.self) { try FileSystem.move(from: scratch("link"), to: other("c")) }
    #expect(try FileSystem.names(in: other.path) == ["b"])
  }

  @Test("a move that fails or is killed at any call leaves the file here, or there, or in both, whole")
  func sweep() throws {
    let scratch = try Scratch()
    guard let other = try elsewhere(scratch) else { return }
    for (from, target) in [(scratch("a"), other("b")), (scratch("a"), scratch("b"))] {
      let counting = FaultPlan([])
      try writeFile(from, content)
      _ = try FaultPlan.with(counting) { try FileSystem.move(from: from, to: target) }
      for call in 1...counting.mutations {
        for effect in [FaultPlan.Effect.die, .fail(EIO), .failAlways(ENOSPC)] {
          for folder in [scratch.path, other.path] {
            for name in try FileSystem.names(in: folder) { try FileSystem.removeFile(PathText.join(folder, name)) }
          }
          try writeFile(from, content)
          #expect(throws: SystemError.self) {
            try FaultPlan.with(FaultPlan(mutation: call, effect)) { try FileSystem.move(from: from, to: target) }
          }
          let (isHere, isThere) = (try FileSystem.exists(from), try FileSystem.exists(target))
          #expect(isHere || isThere)
          if isHere { #expect(try InputFile.contents(of: from) == content) }
          if isThere { #expect(try InputFile.contents(of: target) == content) }
        }
      }
    }
  }

  @Test("a file that grows while it is copied is not moved")
  func growing() throws {
    let scratch = try Scratch()
    try writeFile(scratch("a"), content)
    let file = try InputFile(scratch("a"))
    try writeFile(scratch("a"), content + [1])
    let folder = try OpenFolder(scratch.path)
    let error = #expect(throws: SystemError.self) { try folder.copy(file, as: "b") }
    #expect(error?.code == SystemError.changedCode)
    #expect(try FileSystem.names(in: scratch.path) == ["a"])
  }

  @Test("who reads behind a copy gets all its bytes, and hears of its end where it fails", arguments: [0, 1, 3, 17])
  func readingBehind(megabytes: Int) throws {
    let scratch = try Scratch()
    let all = (0..<(megabytes << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) } + [7]
    try writeFile(scratch("a"), all)
    let plans = [
      FaultPlan([]), FaultPlan([.init(.copy, call: 1, .fail(EINVAL)), .init(.write, call: 2, .short(70_001))]),
      FaultPlan(.copy, call: 1, .fail(EIO)), FaultPlan(.sync, call: 1, .fail(EIO)),
    ]
    for (index, plan) in plans.enumerated() {
      var reader: BackgroundWork<[UInt8]>?
      let count = FaultPlan.with(plan) {
        try? FileSystem.copyFile(
          from: scratch("a"), to: scratch("b\(index)"),
          behind: { copy in
            reader = BackgroundWork {
              var (found, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 100_003))
              while true {
                var span = buffer.mutableSpan
                let count = try copy.read(into: &span)
                if count == 0 { return found }
                found += buffer[..<count]
              }
            }
          })
      }
      let found = try #require(try reader?.result().get())
      #expect(count == (index < 2 ? Int64(all.count) : nil))
      // Where nothing could be copied there was nothing to read.
      #expect(found == (index == 2 ? [] : all))
    }
  }

  @Test("a copy has all bytes, also where blocks cannot be shared, and passes them on in their order")
  func copying() throws {
    let scratch = try Scratch()
    try writeFile(scratch("a"), content)
    let plans = [
      FaultPlan([]), FaultPlan(.copy, call: 1, .fail(EXDEV)),
      FaultPlan([
        .init(.copy, call: 1, .fail(ENOSYS)), .init(.read, call: 2, .short(7)), .init(.write, call: 1, .short(3)),
      ]),
    ]
    for (index, plan) in plans.enumerated() {
      var passed: [UInt8] = []
      let count = try FaultPlan.with(plan) {
        try FileSystem.copyFile(
          from: scratch("a"), to: scratch("b\(index)"), releasing: index == 1,
          passing: { piece in
            for place in piece.indices { passed.append(piece[place]) }
          })
      }
      #expect(count == Int64(content.count))
      #expect(passed == content)
      #expect(try InputFile.contents(of: scratch("b\(index)")) == content)
      #expect(try FileSystem.status(scratch("b\(index)")).mode == 0o640 & ~currentUmask())
    }
    let error = #expect(throws: SystemError.self) { try FileSystem.copyFile(from: scratch("a"), to: scratch("b0")) }
    #expect(error?.isExisting == true)
    try DurableWriter.write([], to: scratch("empty"))
    #expect(try FileSystem.copyFile(from: scratch("empty"), to: scratch("empty2")) == 0)
  }

  @Test("the kind of file system is known, and how full it is")
  func kinds() throws {
    let here = try FileSystemKind(of: "/proc")
    #expect(here.name == "proc" && !here.isLocal)
    let scratch = try Scratch()
    let kind = try FileSystemKind(of: scratch.path)
    #expect(kind.totalBytes > 0 && kind.freeBytes <= kind.totalBytes)
    if try FileSystem.exists("/dev/shm") { #expect(try FileSystemKind(of: "/dev/shm").name == "tmpfs") }
    #expect(throws: SystemError.self) { _ = try FileSystemKind(of: scratch("nothing")) }
  }
}
