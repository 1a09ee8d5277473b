import SpotCheckCatalogue
import SpotCheckDigest
import SpotCheckModel
import SpotCheckPipeline
import SpotCheckStore
import SpotCheckSystem

/// Puts manifests into the archive once every file that they list has been taken, so that nothing is left in the inbox
/// for ever.
struct ManifestKeeping {
  let run: ImportRun
  let folders: KeptFolders

  /// - Parameter left: keys of the files that stay in the inbox.
  func keepFinished(_ sidecars: Sidecars, left: Set<String>) throws {
    for (folder, manifest) in sidecars.manifests where try isFinished(manifest, folder, left) {
      try keep(folder)
    }
  }

  private func isFinished(_ manifest: Manifest, _ folder: String, _ left: Set<String>) throws -> Bool {
    // A manifest without files speaks of nothing: it would stay for ever otherwise.
    guard !manifest.entries.isEmpty else { return true }
    if manifest.entries.keys.contains(where: { left.contains(folder + "/" + $0) }) { return false }
    let delivered = try run.catalogue.deliveredNames(folder: folder)
    for (name, declared) in manifest.entries {
      // A file that was refused because it is not the one that is listed has still to come.
      if let digest = declared.digest {
        guard try run.catalogue.hasBatch(fileDigest: digest.lowercased()) else { return false }
      } else if !delivered.contains(name) {
        return false
      }
    }
    return true
  }

  private func keep(_ folder: String) throws {
    let inbox = try OpenFolder(run.layout.inbox)
    if folder.isEmpty { return try keep(inbox) }
    let inner = try inbox.folder(folder)
    try keep(inner)
  }

  private func keep(_ inbox: borrowing OpenFolder) throws {
    let name = StoreLayout.manifestName
    let digest: String
    do throws(SystemError) {
      digest = try FileDigest(of: PathText.join(inbox.path, name)).digest.hex
    } catch {
      // Somebody has taken it away.
      if error.isNotFound { return }
      throw error
    }
    let places = [8, 16, 32, 64].map {
      StoreLayout.archived(day: StoreDay.today, digest: digest, name: name, digits: $0)
    }
    _ = try folders.keep(name, of: inbox, places: places, digest: digest)
    try inbox.sync()
  }
}
