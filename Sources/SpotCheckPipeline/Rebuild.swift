import SpotCheckCatalogue
public import SpotCheckModel
public import SpotCheckStore
import SpotCheckSystem

/// Makes a new store from the delivered files that another one has kept.
///
/// With the old catalogue: in its order, under the names, folders and numbers of deliveries that it has recorded. Without:
/// by day and name; the rules then decide which version counts, and where they do not, the order does.
public struct Rebuild {
  /// A kept file, and how it is to be taken in.
  struct Source {
    var place: String
    var delivery: Delivery
    /// What the old catalogue says about it.
    var record: BatchRecord?
    /// Why it was refused for how it came; nil: what its bytes say decides.
    var refusal: Diagnostic?
  }

  /// Makes the gate of the run that takes the files in; nil: none.
  public var gate: ((ImportRun) -> (GateSubject) throws -> [Diagnostic])?

  private let old: StoreLayout
  private let library: PipelineLibrary
  private let options: ImportOptions

  /// - Parameter options: a pipeline in it is not looked at: each file is read as it was asked for.
  public init(from old: StoreLayout, library: PipelineLibrary, options: ImportOptions = ImportOptions()) {
    self.old = old
    self.library = library
    self.options = options
  }

  /// Imports everything into a new store.
  ///
  /// - Parameter usesCatalogue: false: as if the old catalogue were lost.
  /// - Returns: what became of each file, and the places of files that are missing.
  /// - Throws: ``ImportError`` (`exists` if the folder is not empty), ``CatalogueError``, ``SystemError``.
  public func rebuild(
    into root: String, usesCatalogue: Bool = true, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> (summary: ImportSummary, missing: [String]) {
    let workshop = try StoreWorkshop(for: root)
    let hasCatalogue = try usesCatalogue && FileSystem.exists(old.catalogue)
    return try workshop.make { try fill($0.root, hasCatalogue ? try recorded() : try found(), progress) }
  }

  private func fill(
    _ root: String, _ sources: [Source], _ progress: (Int, Int) -> Void
  ) throws -> (summary: ImportSummary, missing: [String]) {
    _ = try ImportRun.createStore(root)
    var options = options
    options.pipeline = nil
    let run = try ImportRun(store: root, library: library, options: options)
    run.gate = gate.map { $0(run) }
    var summary = ImportSummary()
    var missing: [String] = []
    do {
      for (index, source) in sources.enumerated() {
        progress(index, sources.count)
        guard try FileSystem.exists(old.path(of: source.place)) else {
          missing.append(source.place)
          continue
        }
        summary.files.append(try take(source, run))
        try Compactor(run).compactIfNeeded()
      }
    } catch {
      try? run.end("failed", message: "\(error)")
      throw error
    }
    try run.end(summary.isClean ? "done" : "done_with_rejects")
    return (summary, missing)
  }

  private func take(_ source: Source, _ run: ImportRun) throws -> FileOutcome {
    var delivery = source.delivery
    delivery.path = run.layout.path(of: source.place)
    try copy(old.path(of: source.place), delivery.path)
    let preparer = run.preparer
    if let refusal = source.refusal {
      return try run.publish(try preparer.refused(delivery, refusal, run.dealings()))
    }
    guard let record = source.record else { return try run.publish(try preparer.prepare(delivery, run.dealings())) }
    return try run.publish(try preparer.prepareAgain(delivery, as: record, run.dealings()))
  }

  private func copy(_ from: String, _ to: String) throws {
    guard try !FileSystem.exists(to) else { return }
    try FileSystem.createFolder(PathText.folder(of: to))
    try FileSystem.copyFile(from: from, to: to, mode: 0o440)
  }

  // MARK: What there is

  /// In the order of the old catalogue.
  private func recorded() throws -> [Source] {
    let catalogue = try Catalogue.open(path: old.catalogue, access: .readOnly)
    defer { try? catalogue.close() }
    return try catalogue.batches().compactMap { batch in
      let record = batch.record
      guard !record.place.isEmpty else { return nil }
      var delivery = Delivery(path: "", name: record.name, id: record.delivery ?? "rebuilt-\(batch.id)")
      delivery.folder = record.folder
      delivery.bureau = record.askedBureau.isEmpty ? nil : record.askedBureau
      delivery.origin = record.folder.isEmpty ? record.name : PathText.join(record.folder, record.name)
      delivery.keptPlace = record.place
      var source = Source(place: record.place, delivery: delivery, record: record)
      if record.state == .refused, let code = DiagnosticCode(rawValue: record.refusalCode), code.isOfDelivery {
        source.refusal = Diagnostic(code, at: .file, record.refusalMessage)
      }
      return source
    }
  }

  /// Everything below `archive/` and `quarantine/`, by path.
  private func found() throws -> [Source] {
    var places: [String] = []
    try collect("archive", depth: 3, &places)
    try collect("quarantine", depth: 2, &places)
    return places.enumerated().map { index, place in
      let name = StoreLayout.deliveredName(ofKept: PathText.name(of: place))
      var delivery = Delivery(path: "", name: name, id: "rebuilt-\(index + 1)")
      delivery.origin = name
      delivery.keptPlace = place
      return Source(place: place, delivery: delivery)
    }
  }

  private func collect(_ folder: String, depth: Int, _ places: inout [String]) throws {
    guard try FileSystem.exists(old.path(of: folder)) else { return }
    for entry in try FileSystem.list(old.path(of: folder)) where !entry.name.hasPrefix(".") {
      let place = PathText.join(folder, entry.name)
      if entry.status.kind == .folder, depth > 0 {
        try collect(place, depth: depth - 1, &places)
      } else if entry.status.kind == .regular, depth == 0, !entry.name.hasSuffix(StoreLayout.reasonSuffix) {
        places.append(place)
      }
    }
  }
}
