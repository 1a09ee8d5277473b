import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// A claim that an earlier run has left in `processing/`.
struct FoundClaim: Hashable {
  /// The folder in `processing/`.
  var run: String
  var name: ClaimName
  /// The delivered file, if it is still there.
  var file: String?
  var hasDone = false
  /// The done file's own name, if it is there without its file.
  var lonelyDone: String?

  /// All of them, by run and delivery. What nobody of us has made is noted and left; what is empty is removed.
  static func all(in layout: StoreLayout, notes: inout [IntakeNote]) throws(SystemError) -> [FoundClaim] {
    var found: [FoundClaim] = []
    let processing = try OpenFolder(layout.processing)
    for run in try processing.list().entries {
      guard run.status.kind == .folder else {
        if DurableWriter.isTemporary(run.name) { continue }
        notes.append(IntakeNote(.fileNotRegular, folder: "", name: run.name, "nobody knows what it is in processing/"))
        continue
      }
      let folder = try processing.folder(run.name)
      for entry in try folder.list().entries {
        guard entry.status.kind == .folder, let name = ClaimName(entry.name) else {
          notes.append(
            IntakeNote(.fileNotRegular, folder: run.name, name: entry.name, "nobody knows what it is in processing/"))
          continue
        }
        let claimFolder = try folder.folder(entry.name)
        found.append(try FoundClaim(run: run.name, name: name, in: claimFolder))
      }
      removeRun(run.name, in: layout)
    }
    return found
  }

  /// Removes temporary files that a killed program has left in a folder of the store.
  static func sweep(_ path: String) throws(SystemError) {
    guard try FileSystem.exists(path) else { return }
    let folder = try OpenFolder(path)
    for name in try FileSystem.names(in: path) where DurableWriter.isTemporary(name) { try folder.removeFile(name) }
  }

  /// Removes the folder of a run if it is empty; that it is not is no failure.
  static func removeRun(_ run: String, in layout: StoreLayout) {
    _ = try? FileSystem.removeFolder(PathText.join(layout.processing, run))
  }
}

extension FoundClaim {
  /// What is in a claim's folder; litter is swept.
  fileprivate init(run: String, name: ClaimName, in folder: borrowing OpenFolder) throws(SystemError) {
    self.run = run
    self.name = name
    var done: Set<String> = []
    for entry in try folder.list().entries {
      if DurableWriter.isTemporary(entry.name) {
        try folder.removeFile(entry.name)
      } else if entry.name.hasSuffix(StoreLayout.doneSuffix) {
        done.insert(entry.name)
      } else {
        file = entry.name
      }
    }
    if let file { hasDone = done.contains(file + StoreLayout.doneSuffix) } else { lonelyDone = done.first }
  }
}
