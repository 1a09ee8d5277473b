import Foundation
public import SpotCheck

/// The repository that the tests run in.
public enum Repository {
  public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  public static func path(_ relative: String) -> String { root + "/" + relative }

  /// The shipped pipelines, loaded once.
  public static let library: Result<PipelineLibrary, any Error> = Result {
    try PipelineLibrary.load(folder: path("pipelines"))
  }
}

/// A store in a temporary folder, removed at the end of its life.
public final class ScratchStore {
  public let folder: String
  public var root: String { folder + "/store" }

  public init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try ImportRun.createStore(root)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Writes a file beside the store.
  public func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  public func importFiles(_ paths: [String], _ change: (inout ImportOptions) -> Void = { _ in }) throws -> ImportSummary
  {
    var options = ImportOptions()
    change(&options)
    return try ImportRun(store: root, library: try Repository.library.get(), options: options).run(paths)
  }

  public func open(asOf: String? = nil) throws -> QuerySource { try OpenStore(root).snapshot(asOf: asOf) }

  public func rate(_ by: String, _ change: (inout RateQuery) throws -> Void = { _ in }) throws -> RateResult {
    var query = RateQuery(by: try Dimension.parse(list: by))
    try change(&query)
    return try query.run(on: try open())
  }

  /// Every rejected record of the store.
  public func rejects() throws -> [Reject] {
    var found: [Reject] = []
    let catalogue = try OpenStore(root).catalogue
    for batch in try catalogue.batches() {
      try catalogue.forEachReject(batch: batch.id) { _, reject in
        found.append(reject)
        return true
      }
    }
    return found
  }
}

/// Bytes of a file of the repository.
public func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
