public import SpotCheckCatalogue
public import SpotCheckStore
import SpotCheckSystem

/// Copies a store to another place, while it is in use: a backup, or the way back from one.
///
/// The catalogue is copied as of one moment; then every segment that it knows, and every delivered file that it says is
/// kept, with receipts, records of runs, tables and settings. The copy gets its name when all of it is durable. What waits
/// in the inbox is not part of it.
public struct StoreCopy {
  public struct Outcome: Sendable, Hashable {
    public var snapshot: SnapshotNumber = 0
    public var segments = 0
    public var files = 0
    public var bytes: Int64 = 0
  }

  private let from: StoreLayout
  private let target: String

  public init(from: StoreLayout, to target: String) {
    self.from = from
    self.target = target
  }

  /// - Throws: ``ImportError`` (`noStore`; `exists` if there is something at the target already), ``CatalogueError``,
  ///   ``SystemError``.
  public func copy() throws -> Outcome {
    guard try FileSystem.exists(from.catalogue) else {
      throw ImportError(.noStore, path: from.root, "there is no store here")
    }
    let workshop = try StoreWorkshop(for: target)
    let pin = ReaderPin.take(from)
    return try withExtendedLifetime(pin) { try workshop.make { try Copying(from: from, to: $0).copy() } }
  }
}

/// The copying of one store into a new folder.
private struct Copying {
  let from: StoreLayout
  let to: StoreLayout

  func copy() throws -> StoreCopy.Outcome {
    var outcome = StoreCopy.Outcome()
    try to.createFolders()
    let source = try Catalogue.open(path: from.catalogue, access: .readOnly)
    try source.copy(to: to.catalogue)
    try source.close()
    // From here on the copy says what belongs to it.
    let copied = try Catalogue.open(path: to.catalogue, access: .readOnly)
    outcome.snapshot = try copied.latestSnapshot()
    for id in try copied.segmentIDs().sorted() {
      for (source, target) in [
        (from.samplesFile(id), to.samplesFile(id)), (from.itemsFile(id), to.itemsFile(id)),
      ] { try copyFile(source, target, mode: 0o440, &outcome) }
      outcome.segments += 1
    }
    for place in Set(try copied.batches().map(\.record.place)).sorted() where !place.isEmpty {
      try copyKept(place, &outcome)
    }
    try copied.close()
    for folder in ["receipts", "runs", "tables"] { try copyTree(folder, &outcome) }
    if try FileSystem.exists(from.settings) { try copyFile(from.settings, to.settings, mode: 0o640, &outcome) }
    try FileSystem.syncFile(to.catalogue)
    try FileSystem.syncFolder(to.root)
    return outcome
  }

  /// A delivered file, and the reason beside one that was refused. One that a run has yet to move is left out: verifying
  /// the copy says so.
  private func copyKept(_ place: String, _ outcome: inout StoreCopy.Outcome) throws {
    for name in [place, place + StoreLayout.reasonSuffix] where try FileSystem.exists(from.path(of: name)) {
      try FileSystem.createFolder(PathText.folder(of: to.path(of: name)))
      try copyFile(from.path(of: name), to.path(of: name), mode: 0o440, &outcome)
    }
  }

  private func copyTree(_ folder: String, _ outcome: inout StoreCopy.Outcome, depth: Int = 0) throws {
    guard depth < 8, try FileSystem.exists(from.path(of: folder)) else { return }
    try FileSystem.createFolder(to.path(of: folder))
    for entry in try FileSystem.list(from.path(of: folder)) {
      let name = PathText.join(folder, entry.name)
      switch entry.status.kind {
      case .folder: try copyTree(name, &outcome, depth: depth + 1)
      case .regular where !(entry.name.hasPrefix(".") && entry.name.hasSuffix(DurableWriter.temporarySuffix)):
        try copyFile(from.path(of: name), to.path(of: name), mode: 0o640, &outcome)
      default: break
      }
    }
  }

  private func copyFile(_ source: String, _ target: String, mode: UInt32, _ outcome: inout StoreCopy.Outcome) throws {
    outcome.bytes += try FileSystem.copyFile(from: source, to: target, mode: mode)
    outcome.files += 1
  }
}
