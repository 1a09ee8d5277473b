import Glibc
import SpotCheckSystem
import Testing

@Suite("Faults and killed processes")
struct FaultPlanTests {
  /// Everything that changes a disk, once each.
  private func work(_ scratch: Scratch) throws {
    try FileSystem.createFolder(scratch("folder"))
    try DurableWriter.write([1, 2, 3], to: scratch("folder/a"))
    try FileSystem.setMode(scratch("folder/a"), 0o400)
    try FileSystem.copyFile(from: scratch("folder/a"), to: scratch("folder/b"))
    try FileSystem.move(from: scratch("folder/b"), to: scratch("c"))
    try FileSystem.syncFile(scratch("c"))
    guard let lock = try FileLock.acquire(scratch("lock")) else { return }
    try FaultPlan.checkpoint("commit")
    _ = lock.path
    try FileSystem.removeFile(scratch("folder/a"))
    try FileSystem.removeFolder(scratch("folder"))
  }

  private func tree(_ scratch: Scratch) throws -> [String] {
    var lines: [String] = []
    func visit(_ folder: String) throws {
      for entry in try FileSystem.list(folder) {
        let path = PathText.join(folder, entry.name)
        let content = entry.status.isRegular ? try InputFile.contents(of: path) : []
        // Temporary names are random.
        let name = entry.name.hasSuffix(DurableWriter.temporarySuffix) ? "(temporary)" : entry.name
        lines.append("\(folder.dropFirst(scratch.path.utf8.count))/\(name) \(entry.status.mode) \(content.count)")
        if entry.status.kind == .folder { try visit(path) }
      }
    }
    try visit(scratch.path)
    return lines.sorted()
  }

  @Test("a killed process leaves what it had done, and does nothing more")
  func killing() throws {
    let counting = FaultPlan([])
    let whole = try Scratch()
    try FaultPlan.with(counting) { try work(whole) }
    #expect(!counting.hasDied)
    #expect(counting.mutations > 20)
    var states: [[String]] = []
    for call in 1...counting.mutations {
      let scratch = try Scratch()
      let plan = FaultPlan(mutation: call, .die)
      do {
        try FaultPlan.with(plan) { try work(scratch) }
        #expect(call == counting.mutations, "only the lock's destructor can be killed without an error")
      } catch let error as SystemError {
        #expect(error.code == SystemError.killedCode, "\(call)")
      }
      #expect(plan.hasDied)
      #expect(plan.mutations == call, "nothing is counted after death")
      states.append(try tree(scratch))
      FaultPlan.with(plan) {
        #expect(FaultPlan.isDead)
        for attempt in [
          { _ = try FileSystem.exists(scratch.path) }, { _ = try FileSystem.names(in: scratch.path) },
          { _ = try FileSystem.freeBytes("/") }, { try DurableWriter.write([], to: scratch("x")) },
          { _ = try MappedFile("/proc/self/exe") }, { try FaultPlan.checkpoint("x") },
        ] {
          #expect(throws: SystemError.self) { try attempt() }
        }
      }
      #expect(try tree(scratch) == states.last)
    }
    #expect(states[0].isEmpty)
    #expect(states.contains { $0.contains { $0.contains("(temporary)") } }, "a killed process tidies nothing up")
    #expect(!FaultPlan.isDead)
  }

  @Test("a value that outlives the plan does not tidy up either")
  func outliving() throws {
    let scratch = try Scratch()
    final class Owner {
      var writer: DurableWriter
      init(_ path: String) throws { writer = try DurableWriter(path) }
    }
    func die() throws {
      let plan = FaultPlan(.write, call: 1, .die)
      let owner = try FaultPlan.with(plan) { try Owner(scratch("a")) }
      #expect(throws: SystemError.self) {
        try FaultPlan.with(plan) {
          try owner.writer.write([1])
          try owner.writer.publish()
        }
      }
    }
    try die()
    #expect(try FileSystem.names(in: scratch.path).count == 1)
  }

  @Test("a fault can be put on the n-th mutating call, once or for ever")
  func mutations() throws {
    let scratch = try Scratch()
    let counting = FaultPlan([])
    try FaultPlan.with(counting) { try work(scratch) }
    for call in 1...counting.mutations {
      for effect in [FaultPlan.Effect.fail(ENOSPC), .failAlways(EDQUOT)] {
        let scratch = try Scratch()
        let plan = FaultPlan(mutation: call, effect)
        // A lock's text may fail to be written without harm, so not every fault is an error.
        do {
          try FaultPlan.with(plan) { try work(scratch) }
        } catch let error as SystemError {
          #expect(error.code == ENOSPC || error.code == EDQUOT)
        }
        #expect(!plan.hasDied)
      }
    }
  }

  @Test("output to a pipe or terminal is no mutating call, but a dead process prints nothing")
  func output() throws {
    let null = Glibc.open("/dev/null", O_WRONLY)
    defer { _ = Glibc.close(null) }
    let plan = FaultPlan(.checkpoint, call: 1, .die)
    try FaultPlan.with(plan) {
      try StandardStreams.writeAll(null, "x")
      #expect(plan.mutations == 0)
      #expect(throws: SystemError.self) { try FaultPlan.checkpoint("commit") }
      #expect(throws: SystemError.self) { try StandardStreams.writeAll(null, "x") }
    }
  }
}
