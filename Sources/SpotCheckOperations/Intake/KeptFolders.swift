import SpotCheckDigest
import SpotCheckPipeline
import SpotCheckStore
import SpotCheckSystem

/// The folders in which files are kept for good, and how a file gets there: under a name that is free, durable, never
/// over another file.
final class KeptFolders {
  private let layout: StoreLayout
  /// Folders that are known to be there, durably; relative to the store.
  private var made: Set<String> = []

  init(layout: StoreLayout) { self.layout = layout }

  /// Makes the folder and those above it, durably. One that is there already is made durable once a run: whoever made
  /// it may have been killed before that.
  func make(_ folder: String) throws(SystemError) {
    guard !made.contains(folder) else { return }
    let parent = PathText.folder(of: folder)
    if parent != "." { try make(parent) }
    let path = layout.path(of: folder)
    try FileSystem.createFolder(path)
    try FileSystem.syncFolder(PathText.folder(of: path))
    made.insert(folder)
  }

  /// Moves a file to its place, read-only. If these very bytes are there already the file is dropped, if others are
  /// nothing changes.
  ///
  /// - Returns: false if something else stands there.
  func keep(
    _ name: String, of source: borrowing OpenFolder, at place: String, digest: String
  ) throws(SystemError) -> Bool {
    try make(PathText.folder(of: place))
    let path = layout.path(of: place)
    do throws(SystemError) {
      try FileSystem.setMode(PathText.join(source.path, name), 0o440)
    } catch {
      // Somebody else's file: it is behind our folder's permissions.
      guard error.isPermission else { throw error }
    }
    let target = try OpenFolder(PathText.folder(of: path))
    do throws(SystemError) {
      do throws(SystemError) {
        try source.rename(name, to: target, as: PathText.name(of: place))
        try target.sync()
      } catch {
        guard error.isAcrossFileSystems else { throw error }
        try source.move(name, to: target, as: PathText.name(of: place))
        try FileSystem.setMode(path, 0o440)
      }
      return true
    } catch {
      guard error.isExisting else { throw error }
      // What cannot be read is not the same.
      guard (try? FileDigest(of: path).digest.hex) == digest else { return false }
    }
    // The earlier move may have been cut short before it was durable.
    try target.sync()
    try source.removeFile(name)
    return true
  }

  /// The same under the first name that works: `places` in order of liking.
  func keep(
    _ name: String, of source: borrowing OpenFolder, places: [String], digest: String
  ) throws(SystemError) -> String {
    for place in places where try keep(name, of: source, at: place, digest: digest) { return place }
    throw SystemError(operation: "keep", path: PathText.join(source.path, name), code: SystemError.unexpectedEndCode)
  }
}
