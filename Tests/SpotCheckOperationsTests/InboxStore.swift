import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport

/// A store with an inbox, and a clock that stands still: what is dropped, what passes do, what lies where.
/// Tests use each from one task only.
final class InboxStore: @unchecked Sendable {
  let store: ScratchStore
  let clock: TestClock
  var settings = OperationSettings()
  var readiness = Readiness()
  var jobs = 1
  var segmentRows = ImportOptions().segmentRows
  var root: String { store.root }
  var layout: StoreLayout { StoreLayout(root: store.root) }

  init(onSleep: (@Sendable (TestClock, Double) -> Void)? = nil) throws {
    store = try ScratchStore()
    clock = TestClock(onSleep: onSleep)
    settings.freeFloor = 0
  }

  /// The same store at another place, with a clock of its own.
  init(copying other: InboxStore) throws {
    store = try ScratchStore()
    clock = TestClock()
    settings.freeFloor = 0
    try FileManager.default.removeItem(atPath: store.root)
    try FileManager.default.copyItem(atPath: other.root, toPath: store.root)
  }

  // Dropping

  func path(_ name: String, in folder: String = "nyncj") -> String {
    PathText.join(folder.isEmpty ? layout.inbox : PathText.join(layout.inbox, folder), name)
  }

  @discardableResult
  func drop(_ name: String, _ bytes: [UInt8], in folder: String = "nyncj") throws -> String {
    let path = path(name, in: folder)
    try FileSystem.createFolder(PathText.folder(of: path))
    let beside = PathText.join(store.folder, "beside")
    try DurableWriter.write(bytes, to: beside)
    try FileSystem.rename(beside, to: path, replacing: true)
    return path
  }

  @discardableResult
  func drop(_ name: String, _ text: String, in folder: String = "nyncj") throws -> String {
    try drop(name, Array(text.utf8), in: folder)
  }

  // Passes

  /// A pass that stands alone.
  func pass(_ report: @escaping (IntakeEvent) -> Void = { _ in }, stop: @escaping () -> Bool = { false }) throws
    -> PassOutcome
  {
    try TestClock.with(clock) {
      let run = try self.run()
      let outcome = try InboxPass(run: run, settings: settings, report: report).run(stop: stop)
      try run.end("done")
      return outcome
    }
  }

  /// A pass of many, as a watcher makes them.
  func look(_ report: @escaping (IntakeEvent) -> Void = { _ in }) throws -> PassOutcome {
    try TestClock.with(clock) {
      let run = try self.run()
      let outcome = try InboxPass(run: run, settings: settings, report: report).run(observing: &readiness) { false }
      try run.end("done")
      return outcome
    }
  }

  func run() throws -> ImportRun {
    var options = ImportOptions()
    options.command = "nightly"
    options.version = "test"
    options.jobs = jobs
    options.segmentRows = segmentRows
    return try ImportRun(store: root, library: try Repository.library.get(), options: options)
  }

  // What lies where

  /// Paths relative to the store, of files in the folders given.
  func files(_ folders: String...) throws -> [String] {
    try folders.flatMap { try InboxStore.files(below: $0, of: root) }
  }

  static func files(below folder: String, of root: String) throws -> [String] {
    var found: [String] = []
    guard try FileSystem.exists(PathText.join(root, folder)) else { return [] }
    for entry in try FileSystem.list(PathText.join(root, folder)) {
      let path = PathText.join(folder, entry.name)
      if entry.status.kind == .folder { found += try files(below: path, of: root) } else { found.append(path) }
    }
    return found
  }

  func contents(_ place: String) throws -> [UInt8] { try InputFile.contents(of: layout.path(of: place)) }

  /// Of what counts, and of where it came from.
  func digest() throws -> [String] {
    let digest = try StoreDigest(
      layout: layout, catalogue: try Catalogue.open(path: layout.catalogue, access: .readOnly))
    return [digest.content, digest.provenance]
  }

  func batches() throws -> [StoredBatch] {
    try Catalogue.open(path: layout.catalogue, access: .readOnly).batches()
  }
}

/// Deliveries of the agriculture bureau, as small as they can be.
enum SmallDelivery {
  private static let lines: [String] = {
    let path = Repository.path("samples/hostile/CODE_RETIRED.csv")
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\r\n").map(String.init)
  }()

  /// A whole file with these samples, one row each.
  static func csv(_ numbers: Int...) -> String { csv(numbers) }
  static func csv(_ numbers: [Int]) -> String {
    var text = lines[0] + "\r\n"
    for number in numbers { text += row(number) + "\r\n" }
    return text
  }

  static func row(_ number: Int) -> String {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    return lines[1].replacing("NCP236301000000001", with: "NCP236301900" + padded)
      .replacing("QH2023-000001", with: "QH2023-9" + padded)
  }

  /// One row that counts and one with a result that nobody can place.
  static func withRefusedRow(_ number: Int) -> String {
    csv(number) + row(number + 1).split(separator: ",").prefix(5).joined(separator: ",") + "\r\n"
  }
}
