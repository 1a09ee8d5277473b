import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Synchronization

/// Bureaus, a clock, a disk and a program that is killed: everything that happens comes from one seed.
final class SimulatedWorld {
  let store: ScratchStore
  let clock: TestClock
  private(set) var model = ReferenceModel()
  /// What happened, for whoever has to understand a failure.
  private(set) var story: [String] = []
  private var numbers: SeededNumbers
  private let library: PipelineLibrary
  private let writers: Writers
  private var contents: [SimulatedContent] = []
  private var dropped = 0
  private var step: Int64 = 0
  /// Passes since the last whole one that were cut short: more than two, and a file at work might be called poison.
  private var cutShort = 0
  private var missingReceipts: Set<String> = []

  init(seed: UInt64) throws {
    store = try ScratchStore()
    numbers = SeededNumbers(state: seed)
    library = try SimulatedContent.library()
    let writers = Writers(seed: seed)
    self.writers = writers
    clock = TestClock(onSleep: { _, _ in writers.goOn() })
  }

  var layout: StoreLayout { StoreLayout(root: store.root) }

  // MARK: What happens

  /// One random event.
  func go() throws {
    step += 1
    clock.advance(by: Double.random(in: 0.5...90, using: &numbers) + 0.001)
    switch Int.random(in: 0..<100, using: &numbers) {
    case 0..<38: try drop()
    case 38..<44: try beginSlowly()
    case 44..<50: jump()
    case 50..<54: try loseReceipt()
    case 54..<70 where cutShort < 2: try passCutShort()
    case 70..<78 where cutShort < 2: try passWithError()
    case 78..<86: try pass(maximumFiles: Int.random(in: 1...3, using: &numbers))
    default: try pass()
    }
  }

  /// Nobody delivers any more, everything works: soon nothing is left to do.
  func comeToRest() throws {
    writers.finish()
    for writer in writers.takeFinished() { model.add(writer) }
    for _ in 0..<3 {
      step += 1
      clock.advance(by: 7200)
      try pass()
    }
  }

  private func drop() throws {
    let content: SimulatedContent
    switch Int.random(in: 0..<10, using: &numbers) {
    case 0..<3 where !contents.isEmpty: content = numbers.pick(contents)
    case 3..<5 where !contents.isEmpty: content = numbers.pick(contents).corrected(&numbers)
    default: content = .random(&numbers)
    }
    contents.append(content)
    let (folder, name) = place()
    if numbers.chance(5) {
      // Never a delivery.
      try write(content.bytes, folder, "." + name)
      try write(content.bytes, folder, name + ".part")
      return
    }
    try write(content.bytes, folder, name)
    model.add(.init(folder: folder, name: name, content: content))
    note("drop \(folder)/\(name) \(content.verdicts.count)")
  }

  private func beginSlowly() throws {
    let content = SimulatedContent.random(&numbers)
    guard content.bytes.count > 3 else { return }
    let (folder, name) = place()
    try write([], folder, name)
    writers.begin(path: path(folder, name), drop: .init(folder: folder, name: name, content: content))
    note("begin \(folder)/\(name)")
  }

  private func place() -> (folder: String, name: String) {
    dropped += 1
    let folder = numbers.pick(["nyncj", "nyncj", "lcj", "其他", ""])
    let name = numbers.pick(["a", "报表", "-x", "b c", "名\n行", String(repeating: "长", count: 70)])
    // Nobody drops a file over one that is still there; an old name is used again.
    if numbers.chance(20), !FileManager.default.fileExists(atPath: path(folder, name + ".csv")) {
      return (folder, name + ".csv")
    }
    return (folder, "\(name)\(dropped).csv")
  }

  private func path(_ folder: String, _ name: String) -> String {
    PathText.join(folder.isEmpty ? layout.inbox : PathText.join(layout.inbox, folder), name)
  }

  private func write(_ bytes: [UInt8], _ folder: String, _ name: String) throws {
    let path = path(folder, name)
    try FileSystem.createFolder(PathText.folder(of: path))
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    if numbers.chance(30) {
      // Old, or of the future: only our own clock counts.
      let date = Date(timeIntervalSince1970: numbers.pick([0, 915_148_800, 4_102_444_800]))
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }
  }

  private func jump() {
    let now = clock.wallNanoseconds
    // One hour back (NTP, or the end of summer time), the end of 32-bit seconds, the day before.
    let times = [
      now - 3_600_000_000_000, 2_147_483_640_000_000_000, now - 86_400_000_000_000, now + 86_400_000_000_000,
    ]
    clock.setWall(nanoseconds: numbers.pick(times) + step * 1_000_000)
    note("clock")
  }

  private func loseReceipt() throws {
    let all = try receipts()
    guard let path = all.sorted().randomElement(using: &numbers) else { return }
    try FileSystem.removeFile(path)
    missingReceipts.insert(path)
    note("receipt gone")
  }

  // MARK: The program

  private func passCutShort() throws {
    let plan = FaultPlan(mutation: Int.random(in: 1...120, using: &numbers), .die)
    cutShort += 1
    try pass(plan, "killed")
  }

  private func passWithError() throws {
    let operation = numbers.pick([
      FaultPlan.Operation.open, .read, .write, .sync, .rename, .remove, .list, .createDirectory,
    ])
    let code = numbers.pick([EIO, ENOSPC, EDQUOT])
    let call = Int.random(in: 1...40, using: &numbers)
    cutShort += 1
    try pass(FaultPlan(operation, call: call, .fail(code)), "\(operation.rawValue) \(call) failed with \(code)")
  }

  private func pass(maximumFiles: Int? = nil) throws {
    try pass(FaultPlan([]), "whole", maximumFiles: maximumFiles)
    if maximumFiles == nil { cutShort = 0 }
  }

  private func pass(_ plan: FaultPlan, _ what: String, maximumFiles: Int? = nil) throws {
    var settings = OperationSettings()
    settings.maximumFiles = maximumFiles
    settings.freeFloor = 0
    let isMeantToFail = what != "whole"
    do {
      let outcome = try TestClock.with(clock) {
        try FaultPlan.with(plan) {
          let run = try ImportRun(store: store.root, library: library)
          let outcome = try InboxPass(run: run, settings: settings).run { false }
          try run.end("done")
          return outcome
        }
      }
      note("pass \(what): \(outcome.deliveries.map { "\($0.name) \($0.state)" }), \(outcome.waiting) waiting")
    } catch {
      note("pass \(what): \(error)")
      guard isMeantToFail else { throw error }
    }
    for drop in writers.takeFinished() { model.add(drop) }
  }

  private func note(_ what: String) { story.append("\(step): \(what)") }

  // MARK: What is there

  func receipts() throws -> Set<String> {
    var found: Set<String> = []
    for folder in try FileSystem.list(layout.receipts) where folder.status.kind == .folder {
      let path = PathText.join(layout.receipts, folder.name)
      for name in try FileSystem.names(in: path) where name.hasSuffix(".json") && !name.hasSuffix(".received.json") {
        found.insert(PathText.join(path, name))
      }
    }
    return found
  }

  func batches() throws -> [StoredBatch] { try OpenStore(store.root).catalogue.batches() }

  /// Everything that differs from the model now.
  func differences(isQuiet: Bool) throws -> [String] {
    let open = try OpenStore(store.root)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    var found = try verifier.verify().findings.filter(\.isDamage).map(\.message)
    let stored = try open.catalogue.batches()
    let recorded = stored.map {
      ReferenceModel.Recorded(
        folder: $0.record.folder, name: $0.record.name, digest: $0.record.fileDigest, state: $0.record.state)
    }
    found += model.differences(of: recorded, isQuiet: isQuiet)
    let expected = model.samples(after: recorded)
    let total = try store.rate("bureau").total.counts
    if total.samples != expected.count || total.failed != expected.values.count(where: { !$0 }) {
      found.append("\(total.samples) samples, \(total.failed) failed; the model has \(expected)")
    }
    if isQuiet { found += try restDifferences(stored) }
    return found
  }

  private func restDifferences(_ stored: [StoredBatch]) throws -> [String] {
    var found: [String] = []
    for batch in stored {
      let path = layout.path(of: batch.record.place)
      guard !batch.record.place.isEmpty, let kept = try? InputFile.contents(of: path),
        ContentHasher.digest(of: kept).hex == batch.record.fileDigest
      else {
        found.append("\(batch.record.name) is not kept at '\(batch.record.place)'")
        continue
      }
    }
    let deliveries = Set(stored.compactMap(\.record.delivery))
    if deliveries.count != stored.count { found.append("\(stored.count) batches of \(deliveries.count) deliveries") }
    let receipts = try receipts()
    for delivery in deliveries.sorted() where !receipts.contains(where: { $0.contains("~" + delivery + ".") }) {
      if !missingReceipts.contains(where: { $0.contains("~" + delivery + ".") }) {
        found.append("no receipt for \(delivery)")
      }
    }
    for name in try FileSystem.names(in: layout.processing) { found.append("left in processing: \(name)") }
    for folder in [""] + (try FileSystem.list(layout.inbox).filter { $0.status.kind == .folder }.map(\.name)) {
      for entry in try FileSystem.list(PathText.join(layout.inbox, folder)) where entry.status.kind == .regular {
        if !entry.name.hasPrefix("."), !entry.name.hasSuffix(".part") {
          found.append("left in the inbox: \(entry.name)")
        }
      }
    }
    return found
  }
}

/// Uploads that go on while a pass waits.
final class Writers: Sendable {
  private struct Writer {
    var path: String
    var rest: [UInt8]
    var drop: ReferenceModel.Drop
  }
  private struct State {
    var open: [Writer] = []
    var finished: [ReferenceModel.Drop] = []
    var numbers: SeededNumbers
  }
  private let state: Mutex<State>

  init(seed: UInt64) { state = Mutex(State(numbers: SeededNumbers(state: seed ^ 0x5A5A))) }

  func begin(path: String, drop: ReferenceModel.Drop) {
    state.withLock { $0.open.append(Writer(path: path, rest: drop.content.bytes, drop: drop)) }
  }

  /// Every upload gets a little further, each time: never at rest for long enough until it is whole.
  func goOn() { advance { numbers, rest in Int.random(in: 1...max(1, rest / 2), using: &numbers) } }

  func finish() { advance { _, rest in rest } }

  func takeFinished() -> [ReferenceModel.Drop] {
    state.withLock { state in
      defer { state.finished = [] }
      return state.finished
    }
  }

  private func advance(_ amount: (inout SeededNumbers, Int) -> Int) {
    state.withLock { state in
      for index in state.open.indices {
        let count = min(state.open[index].rest.count, amount(&state.numbers, state.open[index].rest.count))
        guard let handle = FileHandle(forWritingAtPath: state.open[index].path) else { continue }
        handle.seekToEndOfFile()
        handle.write(Data(state.open[index].rest.prefix(count)))
        try? handle.close()
        state.open[index].rest.removeFirst(count)
      }
      state.finished += state.open.filter(\.rest.isEmpty).map(\.drop)
      state.open.removeAll(where: \.rest.isEmpty)
    }
  }
}
