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
  ///
  /// However large the file, the system need not hold more of the copy in memory than ``PassingPages/window``.
  /// - Parameters:
  ///   - mode: of the copy.
  ///   - releasing: whether the system may forget what it has read of the original for our sake, because nobody is expected
  ///     to read it again. An original of which it held most in memory before stays there.
  ///   - passing: gets all bytes of the copy, in their order, here and now.
  ///   - behind: called once, before the first byte, with the copy as it grows: another thread may read it.
  /// - Returns: the number of bytes.
  /// - Throws: ``SystemError/changedCode`` if the file was written to meanwhile: then there is no copy.
  @discardableResult
  public borrowing func copy(
    _ source: borrowing InputFile, as name: String, mode: UInt32 = 0o640, releasing: Bool = false,
    passing: ((Span<UInt8>) -> Void)? = nil, behind: ((GrowingCopy) -> Void)? = nil
  ) throws(SystemError) -> Int64 {
    try OpenFolder.check(name)
    // Not made from the name, which may be as long as names can be.
    let temporary = ".copy." + String(UInt64.random(in: .min ... .max), radix: 36) + DurableWriter.temporarySuffix
    let full = PathText.join(path, temporary)
    var output = try SystemCalls.descriptor(.open, full, temporary, mutates: true) {
      spotcheck_open_at(descriptor, $0, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    }
    var growing: GrowingCopy?
    defer { growing?.end() }
    let forgetsOriginal = releasing && !PassingPages.isInMemory(source)
    var settled: Int64 = 0
    do throws(SystemError) {
      if let behind {
        let copy = GrowingCopy(try openFile(temporary))
        growing = copy
        behind(copy)
      }
      try SystemCalls.run(.read, source.path) { lseek(source.descriptor, 0, SEEK_SET) }
      let count = try SystemCalls.copy(source.descriptor, source.path, to: output, full, passing: passing) {
        (done) throws(SystemError) in
        growing?.grow(to: done.upperBound)
        // What is small may stay, as in every cache.
        if forgetsOriginal, done.upperBound >= PassingPages.step { PassingPages.forget(source.descriptor, done) }
        let passed = min(done.upperBound - PassingPages.window, growing?.takenCount ?? .max)
        if passed > settled {
          try PassingPages.settle(output, full, settled..<passed)
          settled = passed
        }
      }
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
    releasing: Bool = false, passing: ((Span<UInt8>) -> Void)? = nil, behind: ((GrowingCopy) -> Void)? = nil
  ) throws(SystemError) -> Int64 {
    let source = try InputFile(from, followSymlinks: followSymlinks)
    return try OpenFolder(PathText.folder(of: target)).copy(
      source, as: PathText.name(of: target), mode: mode, releasing: releasing, passing: passing, behind: behind)
  }
}

extension SystemCalls {
  /// Small enough to stay in a core's own cache from the read to the write. Not copy_file_range: where blocks cannot
  /// be shared it goes page by page, at three times the time (Linux 6.18, ext4).
  private static let copyPiece = 1 << 18

  /// Copies to the end of the file, into an empty one: by sharing its blocks where the file system can, else through memory.
  /// - Parameters:
  ///   - target: open for reading too.
  ///   - passing: gets all bytes of the copy, in their order.
  ///   - grown: told after each step which bytes are there now.
  static func copy(
    _ source: Int32, _ sourcePath: String, to target: Int32, _ targetPath: String, passing: ((Span<UInt8>) -> Void)?,
    grown: (Range<Int64>) throws(SystemError) -> Void
  ) throws(SystemError) -> Int64 {
    let isShared = try sharesBlocks(source, target, targetPath)
    if isShared, passing == nil {
      let count = try status(target, targetPath).byteCount
      try grown(0..<count)
      return count
    }
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: copyPiece)
    defer { buffer.deallocate() }
    let room = UnsafeMutableRawBufferPointer(buffer)
    var (count, told) = (Int64(0), Int64(0))
    while true {
      let filled =
        isShared
        ? try read(target, targetPath, into: room, at: count) : try read(source, sourcePath, into: room, at: nil)
      // SAFETY: filled <= buffer.count, and so many bytes have just been read into it; it is lent during the call only.
      let piece = UnsafeBufferPointer(rebasing: buffer[..<filled])
      if !isShared { try write(target, targetPath, UnsafeRawBufferPointer(piece)) }
      passing?(piece.span)
      count += Int64(filled)
      let isLast = filled < buffer.count
      if count - told >= PassingPages.step || isLast && count > told {
        // Only advice: the disk is at work while the rest is copied, and less is left to be waited for in the end.
        spotcheck_begin_writing(target, told, count - told)
        try grown(told..<count)
        told = count
      }
      if isLast { return count }
    }
  }

  private static func sharesBlocks(_ source: Int32, _ target: Int32, _ path: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      try run(.copy, path) { Int(spotcheck_share_blocks(source, target)) }
      return true
    } catch {
      let unsupported = [EXDEV, EINVAL, ENOSYS, ENOTTY, EOPNOTSUPP, EBADF, ETXTBSY, EPERM]
      guard unsupported.contains(error.code) else { throw error }
      return false
    }
  }
}
