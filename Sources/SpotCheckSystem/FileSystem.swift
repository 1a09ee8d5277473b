// UNSAFE FILE: passes C strings to libc.

import CSystem
import Glibc

/// Folders and names. Paths are texts as ``PathText`` makes them; every failure is a ``SystemError``.
public enum FileSystem {
  /// One name in a folder.
  public struct Entry: Sendable, Hashable {
    public var name: String
    /// The entry itself: a symbolic link is reported as such, not followed.
    public var status: FileStatus
  }

  /// Makes a folder and the missing ones above it, durably; it may exist.
  ///
  /// A folder whose name a power failure takes away takes everything in it along, however well that was synced.
  public static func createFolder(_ path: String, mode: UInt32 = 0o750) throws(SystemError) {
    do throws(SystemError) {
      try makeFolder(path, mode: mode)
    } catch {
      switch error.code {
      case EEXIST:
        guard try status(path).kind == .folder else { throw error }
      case ENOENT where PathText.folder(of: path) != path && !path.isEmpty:
        try createFolder(PathText.folder(of: path), mode: mode)
        do throws(SystemError) {
          try makeFolder(path, mode: mode)
        } catch {
          guard error.code == EEXIST, try status(path).kind == .folder else { throw error }
        }
      default: throw error
      }
    }
  }

  private static func makeFolder(_ path: String, mode: UInt32) throws(SystemError) {
    try SystemCalls.onPath(.createDirectory, path) { mkdir($0, mode) }
    do throws(SystemError) {
      try syncFolder(PathText.folder(of: path))
    } catch {
      // A folder that we may write in but not read cannot be opened for syncing: nothing to be done about it.
      guard error.code == EACCES else { throw error }
    }
  }

  /// Everything in a folder, sorted by the bytes of the names. A name that vanishes meanwhile is left out.
  public static func list(_ path: String) throws(SystemError) -> [Entry] {
    var entries: [Entry] = []
    for name in try names(in: path) {
      do throws(SystemError) {
        entries.append(Entry(name: name, status: try status(PathText.join(path, name), followSymlinks: false)))
      } catch  where error.code == ENOENT {
        continue
      }
    }
    return entries
  }

  /// The names in a folder, sorted by their bytes.
  public static func names(in path: String) throws(SystemError) -> [String] {
    try SystemCalls.names(in: path).sorted { $0.lexicographicallyPrecedes($1) }.map { PathText.decode($0) }
  }

  public static func status(_ path: String, followSymlinks: Bool = true) throws(SystemError) -> FileStatus {
    try SystemCalls.status(path, followSymlinks: followSymlinks)
  }

  /// Whether the path names something. Other failures than "no such file" are thrown, not taken for absence.
  public static func exists(_ path: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      _ = try status(path, followSymlinks: false)
      return true
    } catch {
      if error.code == ENOENT || error.code == ENOTDIR { return false }
      throw error
    }
  }

  /// Removes a file (not a folder). Returns false if there was none.
  @discardableResult
  public static func removeFile(_ path: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      try SystemCalls.onPath(.remove, path) { unlink($0) }
      return true
    } catch {
      if error.code == ENOENT { return false }
      throw error
    }
  }

  /// Removes an empty folder. Returns false if there was none.
  @discardableResult
  public static func removeFolder(_ path: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      try SystemCalls.onPath(.remove, path) { rmdir($0) }
      return true
    } catch {
      if error.code == ENOENT { return false }
      throw error
    }
  }

  /// Removes a folder with everything in it, links not followed. For scratch folders.
  public static func removeTree(_ path: String) throws(SystemError) {
    guard try exists(path) else { return }
    guard try status(path, followSymlinks: false).kind == .folder else {
      try removeFile(path)
      return
    }
    for entry in try list(path) { try removeTree(PathText.join(path, entry.name)) }
    try removeFolder(path)
  }

  /// Renames inside one file system. Without `replacing`, an existing target is EEXIST and nothing changes.
  public static func rename(_ from: String, to target: String, replacing: Bool) throws(SystemError) {
    let targetBytes = PathText.encode(target)
    guard !targetBytes.contains(0) else { throw SystemError(operation: "rename", path: target, code: EINVAL) }
    // SAFETY: both texts end in a NUL and live for the call.
    try (targetBytes + [0]).span.withRenameTarget(from, target, replacing: replacing)
  }

  /// Makes the names in a folder durable.
  public static func syncFolder(_ path: String) throws(SystemError) {
    let descriptor = try SystemCalls.open(path, flags: O_RDONLY | O_DIRECTORY)
    defer { _ = Glibc.close(descriptor) }
    try SystemCalls.run(.sync, path) { Int(fsync(descriptor)) }
  }

  /// Makes a file's content durable, for files that came here by renaming.
  public static func syncFile(_ path: String) throws(SystemError) {
    let descriptor = try SystemCalls.open(path, flags: O_RDONLY | O_NONBLOCK)
    defer { _ = Glibc.close(descriptor) }
    try SystemCalls.run(.sync, path) { Int(fsync(descriptor)) }
  }

  public static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
    try SystemCalls.onPath(.setMode, path) { chmod($0, mode) }
  }

  /// Bytes free for this user on the file system of a path.
  public static func freeBytes(_ path: String) throws(SystemError) -> Int64 {
    var buffer = statvfs()
    try SystemCalls.onPath(.status, path) { statvfs($0, &buffer) }
    return Int64(
      clamping: UInt64(buffer.f_bavail).multipliedReportingOverflow(by: UInt64(buffer.f_frsize)).partialValue)
  }

  /// The absolute path without links, `.` and `..`.
  public static func absolutePath(_ path: String) throws(SystemError) -> String {
    // SAFETY: realpath allocates the result, which is copied and freed here.
    guard let resolved = try SystemCalls.withPath(path, .status, { realpath($0, nil) }) else {
      throw SystemError(operation: "resolve", path: path, code: errno)
    }
    defer { free(resolved) }
    return PathText.decode(Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved))))
  }

  /// A new folder of our own under `parent`, mode 0700.
  public static func makeTemporaryFolder(in parent: String, prefix: String) throws(SystemError) -> String {
    var attempt = 0
    while true {
      let path = PathText.join(parent, prefix + String(UInt64.random(in: .min ... .max), radix: 36))
      do throws(SystemError) {
        try SystemCalls.onPath(.createDirectory, path) { mkdir($0, 0o700) }
        return path
      } catch {
        attempt += 1
        if error.code != EEXIST || attempt > 16 { throw error }
      }
    }
  }
}

extension Span<UInt8> {
  /// The second path of a rename, as a C string that `self` holds.
  fileprivate func withRenameTarget(_ from: String, _ target: String, replacing: Bool) throws(SystemError) {
    var outcome: Result<Void, SystemError> = .success(())
    withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        guard let base = text.baseAddress else { return }
        do throws(SystemError) {
          try SystemCalls.onPath(.rename, from) {
            replacing ? Glibc.rename($0, base) : spotcheck_rename_noreplace($0, base)
          }
        } catch { outcome = .failure(SystemError(operation: "rename", path: from + " → " + target, code: error.code)) }
      }
    }
    try outcome.get()
  }
}
