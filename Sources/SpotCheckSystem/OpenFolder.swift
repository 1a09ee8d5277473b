import CSystem
import Glibc

/// A folder held open, so that everything is done to the folder that was looked at, whatever happens to its path.
///
/// For folders that others write in (an inbox): names are single names, never paths; no symbolic link is followed
/// below the trusted root; what is looked at, opened and moved is the entry itself.
public struct OpenFolder: ~Copyable, Sendable {
  let descriptor: Int32
  /// For messages, and for calls that need a path; others may have renamed the folder since.
  public let path: String

  /// Opens a folder that is trusted: symbolic links on the way are followed, as an operator may want them.
  public init(_ path: String) throws(SystemError) {
    descriptor = try SystemCalls.open(path, flags: O_RDONLY | O_DIRECTORY)
    self.path = path
  }

  /// Opens `path` below this folder: relative, without `..`, and no part of it may be a symbolic link (ELOOP, or
  /// ENOTDIR for the last part).
  public borrowing func folder(_ path: String) throws(SystemError) -> OpenFolder {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for part in parts { try OpenFolder.check(part, of: path) }
    let full = PathText.join(self.path, path)
    do throws(SystemError) {
      let opened = try SystemCalls.descriptor(.open, full, path) { spotcheck_open_folder_beneath(descriptor, $0) }
      return OpenFolder(descriptor: opened, path: full)
    } catch {
      // An older kernel, or a sandbox that does not know the call; a real EPERM comes again below.
      guard error.code == ENOSYS || error.code == EPERM else { throw error }
      return try folderStepwise(parts)
    }
  }

  /// The same without openat2: one part after the other, none of them followed.
  borrowing func folderStepwise(_ parts: [String]) throws(SystemError) -> OpenFolder {
    var full = path
    var opened: Int32 = -1
    for part in parts {
      full = PathText.join(full, part)
      let parent = opened < 0 ? descriptor : opened
      do throws(SystemError) {
        let next = try SystemCalls.descriptor(.open, full, part) {
          spotcheck_open_at(parent, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
        }
        if opened >= 0 { _ = Glibc.close(opened) }
        opened = next
      } catch {
        if opened >= 0 { _ = Glibc.close(opened) }
        throw error
      }
    }
    guard opened >= 0 else { throw SystemError(operation: "open", path: full, code: EINVAL) }
    return OpenFolder(descriptor: opened, path: full)
  }

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = Glibc.close(descriptor) }

  /// A single name: not empty, not `.` or `..`, without `/` and NUL.
  static func check(_ name: String, of path: String? = nil) throws(SystemError) {
    if name.isEmpty || name == "." || name == ".." || name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
    {
      throw SystemError(operation: "use the name", path: path ?? name, code: EINVAL)
    }
  }

  /// What is in the folder.
  public struct Listing: Sendable, Hashable {
    /// Sorted by the bytes of the names.
    public var entries: [FileSystem.Entry]
    /// False if there were more than the limit; which ones are missing then depends on the file system.
    public var isComplete: Bool
  }

  /// The entries themselves (symbolic links as such), at most `limit` of them, however many there are. A name that
  /// vanishes meanwhile is left out.
  public borrowing func list(limit: Int = 1_000_000) throws(SystemError) -> Listing {
    let (names, isComplete) = try SystemCalls.names(inFolder: descriptor, path, limit: limit)
    var entries: [FileSystem.Entry] = []
    entries.reserveCapacity(names.count)
    for bytes in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let name = PathText.decode(bytes)
      do throws(SystemError) {
        entries.append(FileSystem.Entry(name: name, status: try status(of: name)))
      } catch  where error.code == ENOENT {
        continue
      }
    }
    return Listing(entries: entries, isComplete: isComplete)
  }

  /// The status of the folder itself.
  public borrowing func status() throws(SystemError) -> FileStatus { try SystemCalls.status(descriptor, path) }

  /// The status of an entry; a symbolic link is not followed.
  public borrowing func status(of name: String) throws(SystemError) -> FileStatus {
    try OpenFolder.check(name)
    let full = PathText.join(path, name)
    var buffer = stat()
    try SystemCalls.run(.status, full, onName: name) { fstatat(descriptor, $0, &buffer, AT_SYMLINK_NOFOLLOW) }
    return FileStatus(buffer)
  }

  /// Opens a regular file: no symbolic link (ELOOP), and without waiting for a pipe's writer.
  public borrowing func openFile(_ name: String) throws(SystemError) -> InputFile {
    // Opening a device can do something to it, so it is asked first; what it is in the end the open file tells.
    switch try status(of: name).kind {
    case .regular: break
    case .symbolicLink: throw SystemError(operation: "open", path: PathText.join(path, name), code: ELOOP)
    case .folder, .other:
      throw SystemError(operation: "open", path: PathText.join(path, name), code: SystemError.notRegularCode)
    }
    let full = PathText.join(path, name)
    let opened = try SystemCalls.descriptor(.open, full, name) {
      spotcheck_open_at(descriptor, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    }
    return try InputFile(adopting: opened, path: full)
  }

  /// Makes a folder; one that exists is EEXIST.
  public borrowing func createFolder(_ name: String, mode: UInt32 = 0o750) throws(SystemError) {
    try OpenFolder.check(name)
    try SystemCalls.run(.createDirectory, PathText.join(path, name), onName: name) { mkdirat(descriptor, $0, mode) }
  }

  /// Removes a file (not a folder). Returns false if there was none.
  @discardableResult
  public borrowing func removeFile(_ name: String) throws(SystemError) -> Bool { try remove(name, flags: 0) }

  /// Removes an empty folder. Returns false if there was none.
  @discardableResult
  public borrowing func removeFolder(_ name: String) throws(SystemError) -> Bool {
    try remove(name, flags: AT_REMOVEDIR)
  }

  private borrowing func remove(_ name: String, flags: Int32) throws(SystemError) -> Bool {
    try OpenFolder.check(name)
    do throws(SystemError) {
      try SystemCalls.run(.remove, PathText.join(path, name), onName: name) { unlinkat(descriptor, $0, flags) }
      return true
    } catch {
      if error.code == ENOENT { return false }
      throw error
    }
  }

  /// Makes the names in the folder durable.
  public borrowing func sync() throws(SystemError) { try SystemCalls.run(.sync, path) { Int(fsync(descriptor)) } }

  /// Renames an entry into another folder of the same file system; an existing target is EEXIST and nothing changes.
  /// What is moved is the entry: if somebody has put a symbolic link in its place, the link. Not synced.
  public borrowing func rename(
    _ name: String, to target: borrowing OpenFolder, as newName: String
  ) throws(SystemError) {
    try OpenFolder.check(name)
    try OpenFolder.check(newName)
    let full = PathText.join(path, name)
    let targetDescriptor = target.descriptor
    var outcome: Result<Void, SystemError> = .success(())
    do throws(SystemError) {
      try SystemCalls.run(.rename, full, onName: name) { from in
        do throws(SystemError) {
          return try SystemCalls.withPath(newName, .rename) {
            spotcheck_rename_noreplace_at(descriptor, from, targetDescriptor, $0)
          }
        } catch {
          errno = error.code
          return -1
        }
      }
    } catch {
      outcome = .failure(
        SystemError(operation: "rename", path: full + " → " + PathText.join(target.path, newName), code: error.code))
    }
    try outcome.get()
  }
}
