import Foundation
import SpotCheck
import SpotCheckTestSupport

/// The program as `swift build` has made it, run for real: with its own process, streams and signals.
final class Program {
  static let path = CaseFolderTests.program
  static let pipelines = Repository.path("pipelines")

  let process = Process()
  private let output = Pipe()
  private let errors = Pipe()
  private var collected: (Data, Data) = (Data(), Data())

  /// Starts it; nothing of the tests' environment is passed on.
  init(_ arguments: [String], environment: [String: String] = [:], in folder: String? = nil) throws {
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.environment = ["SWIFT_BACKTRACE": "enable=no", "SPOTCHECK_PIPELINES": Program.pipelines]
      .merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  struct End {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Waits for its end. A process that was killed has minus the signal as its status.
  func end() -> End {
    // Small outputs only: both fit into the pipes.
    let out = output.fileHandleForReading.readDataToEndOfFile()
    let err = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return End(
      status: status, output: String(decoding: out, as: UTF8.self), errors: String(decoding: err, as: UTF8.self))
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  @discardableResult
  static func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
  ) throws -> End {
    try Program(arguments, environment: environment, in: folder).end()
  }
}

/// A store with an inbox, for the program.
final class InboxStore {
  let scratch: ScratchStore
  var root: String { scratch.root }
  var layout: StoreLayout { StoreLayout(root: root) }

  init() throws { scratch = try ScratchStore() }

  /// Drops bytes into a bureau's folder, whole.
  func drop(_ bytes: [UInt8], as name: String, into bureau: String = "nyncj") throws {
    let folder = layout.inbox(bureau: bureau)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  func drop(_ path: String, as name: String? = nil, into bureau: String = "nyncj") throws {
    try drop(try bytes(of: path), as: name ?? (path as NSString).lastPathComponent, into: bureau)
  }

  /// Small deliveries of agriculture, each with samples of its own.
  func deliveries(_ count: Int, samples: Int = 5) throws -> [String] {
    var options = GeneratorOptions()
    options.bureaus = [.agriculture]
    options.quarters = count
    options.samplesPerFile = [.agriculture: samples]
    return try Generator.run(options, into: scratch.folder + "/made").map(\.path)
  }

  func nightly(_ more: [String] = [], environment: [String: String] = [:]) throws -> Program.End {
    try Program.run(["nightly", "--store", root, "--stability", "0"] + more, environment: environment)
  }

  func batches() throws -> [StoredBatch] { try OpenStore(root).catalogue.batches() }
  func runs() throws -> [StoredRun] { try OpenStore(root).catalogue.runs() }

  /// What is in the inbox, by folder and name.
  func inbox() throws -> [String] {
    let base = layout.inbox
    return (FileManager.default.enumerator(atPath: base)?.allObjects as? [String] ?? []).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: base + "/" + $0, isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }
}
