// UNSAFE FILE: copies through a raw buffer. Each descriptor is closed once, on every way out.

import CSystem
import Glibc

extension OpenFolder {
  /// How an entry came to its new place.
  public enum Moved: Sendable, Hashable {
    case renamed
    /// From another file system, by copying this many bytes.
    case copied(Int64)
  }

  /// Moves an entry into another folder, durably: both folders are synced before this returns. An existing target
  /// is EEXIST and nothing changes.
  ///
  /// Across file systems a regular file is copied, synced, named, and only then removed here. A crash in between
  /// leaves the file in both places, whole, or here and a temporary file there; never in none. If somebody writes
  /// to it meanwhile nothing is moved and ``SystemError/changedCode`` thrown. Other kinds are not copied.
  @discardableResult
  public borrowing func move(
    _ name: String, to target: borrowing OpenFolder, as newName: String
  ) throws(SystemError) -> Moved {
    do throws(SystemError) {
      try rename(name, to: target, as: newName)
      // The name in the target first: after a power loss between the two, the file is in both rather than in none.
      try target.sync()
      try sync()
      return .renamed
    } catch {
      guard error.code == EXDEV else { throw error }
    }
    let source = try openFile(name)
    let count = try target.copy(source, as: newName)
    do throws(SystemError) {
      let now = try status(of: name)
      guard now.isUnwritten(since: source.status) else {
        throw SystemError(operation: "move", path: PathText.join(path, name), code: SystemError.changedCode)
      }
    } catch {
      try target.removeFile(newName)
      throw error
    }
    try removeFile(name)
    try sync()
    return .copied(count)
  }

  /// Copies an open file from its beginning into this folder, durably, under a name that must be free (EEXIST).
  /// - Parameters:
  ///   - mode: of the copy.
  ///   - behind: called once, before the first byte, with the copy as it grows: another thread may read it.
  /// - Returns: the number of bytes.
  /// - Throws: ``SystemError/changedCode`` if the file was written to meanwhile: then there is no copy.
  @discardableResult
  public borrowing func copy(
    _ source: borrowing InputFile, as name: String, mode: UInt32 = 0o640, behind: ((GrowingCopy) -> Void)? = nil
  ) throws(SystemError) -> Int64 {
    try OpenFolder.check(name)
    // Not made from the name, which may be as long as names can be.
    let temporary = ".copy." + String(UInt64.random(in: .min ... .max), radix: 36) + DurableWriter.temporarySuffix
    let full = PathText.join(path, temporary)
    var output = try SystemCalls.descriptor(.open, full, temporary, mutates: true) {
      spotcheck_open_at(descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    }
    var growing: GrowingCopy?
    defer { growing?.end() }
    do throws(SystemError) {
      if let behind {
        let copy = GrowingCopy(try openFile(temporary))
        growing = copy
        behind(copy)
      }
      try SystemCalls.run(.read, source.path) { lseek(source.descriptor, 0, SEEK_SET) }
      let count = try SystemCalls.copy(source.descriptor, source.path, to: output, full) { growing?.grow(to: $0) }
      growing?.end()
      let now = try source.currentStatus()
      guard now.isUnwritten(since: source.status), now.byteCount == count else {
        throw SystemError(operation: "copy", path: source.path, code: SystemError.changedCode)
      }
      try SystemCalls.run(.sync, full) { Int(fsync(output)) }
      let closing = output
      output = -1
      try SystemCalls.close(closing, full)
      try rename(temporary, to: self, as: name)
      try sync()
      return count
    } catch {
      if output >= 0 { _ = Glibc.close(output) }
      // Best effort: litter is swept by name. After a successful rename there is none.
      _ = try? removeFile(temporary)
      throw error
    }
  }
}

extension FileSystem {
  /// Moves a file, durably, also to another file system; see ``OpenFolder/move(_:to:as:)``. Both paths are trusted;
  /// the last part of `from` is not followed if it is a symbolic link, but moved.
  @discardableResult
  public static func move(from: String, to target: String) throws(SystemError) -> OpenFolder.Moved {
    let source = try OpenFolder(PathText.folder(of: from))
    let destination = try OpenFolder(PathText.folder(of: target))
    return try source.move(PathText.name(of: from), to: destination, as: PathText.name(of: target))
  }

  /// Copies a regular file, durably, under a name that must be free (EEXIST). Returns the number of bytes.
  /// - Throws: ``SystemError/changedCode`` if the file was written to meanwhile: then there is no copy.
  @discardableResult
  public static func copyFile(
    from: String, to target: String, mode: UInt32 = 0o640, followSymlinks: Bool = false,
    behind: ((GrowingCopy) -> Void)? = nil
  ) throws(SystemError) -> Int64 {
    let source = try InputFile(from, followSymlinks: followSymlinks)
    return try OpenFolder(PathText.folder(of: target)).copy(
      source, as: PathText.name(of: target), mode: mode, behind: behind)
  }
}

extension SystemCalls {
  /// Bytes copied at once: the disk begins to write them, and whoever reads behind finds them in the cache.
  private static let copyStep = 8 << 20

  /// Copies to the end of the file; inside the kernel where it can (copy_file_range), else through memory.
  /// - Parameter grown: told after each step how many bytes are there.
  static func copy(
    _ source: Int32, _ sourcePath: String, to target: Int32, _ targetPath: String, grown: (Int64) -> Void
  ) throws(SystemError) -> Int64 {
    var count: Int64 = 0
    func add(_ moved: Int) {
      // Only advice: the disk is at work while the rest is copied, and less is left to be waited for in the end.
      spotcheck_begin_writing(target, count, Int64(moved))
      count += Int64(moved)
      grown(count)
    }
    do throws(SystemError) {
      while true {
        let moved = try run(.copy, targetPath, limit: copyStep) { spotcheck_copy_range(source, target, UInt($0)) }
        if moved == 0 { break }
        add(moved)
      }
      // Some file systems answer 0 for files whose length they do not know: reading decides where the end is.
    } catch {
      let unsupported = [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EBADF, ETXTBSY, EPERM]
      guard unsupported.contains(error.code) else { throw error }
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let filled = try read(source, sourcePath, into: buffer, at: nil)
      // SAFETY: filled <= buffer.count.
      try write(target, targetPath, UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
      if filled > 0 { add(filled) }
      if filled < buffer.count { return count }
    }
  }
}
