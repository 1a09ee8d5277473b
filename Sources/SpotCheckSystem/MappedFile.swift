// UNSAFE FILE: maps files into memory and lends out views of the mapping.
//
// SAFETY of mapping at all: if a mapped file is cut, touching the lost pages raises SIGBUS, and if it is overwritten,
// values change under a reader. Therefore only files are mapped that this program wrote, synced and published by
// renaming a finished temporary file, and that it never opens for writing again (``DurableWriter``, mode 0440).
// Whoever may write in the store folder could still do it: then the handler in BusGuard.c puts zeros in the place of
// lost pages, and ``isIntact`` tells. ``copying`` reads such files instead.

import CSystem
import Glibc

/// A file's bytes, read-only, as long as the object lives. Safe to use from any number of threads.
public final class MappedFile: @unchecked Sendable {
  // SAFETY of @unchecked Sendable: the memory is never written after init, and the fields are constant.
  private let base: UnsafeRawPointer?
  public let count: Int
  public let path: String
  private let isMapped: Bool
  /// The place of the mapping in the table of BusGuard.c.
  private let guardHandle: Int32
  /// When it was mapped.
  private let status: FileStatus

  /// Maps a regular file of exactly `expectedCount` bytes (nil = whatever it has).
  /// - Parameter copying: read the file into memory of our own instead: slower, but immune to whoever cuts it.
  public init(_ path: String, expectedCount: Int? = nil, copying: Bool = false) throws(SystemError) {
    let descriptor = try SystemCalls.open(path, flags: O_RDONLY | O_NONBLOCK)
    defer { _ = Glibc.close(descriptor) }
    let status = try SystemCalls.status(descriptor, path)
    guard status.isRegular else { throw SystemError(operation: "map", path: path, code: SystemError.notRegularCode) }
    let count = Int(status.byteCount)
    if let expectedCount, count < expectedCount {
      throw SystemError(operation: "map", path: path, code: SystemError.unexpectedEndCode)
    }
    self.path = path
    self.count = count
    self.status = status
    guard count > 0 else {
      base = nil
      isMapped = false
      guardHandle = -1
      return
    }
    if copying {
      base = try MappedFile.copy(descriptor, path, count: count)
      isMapped = false
      guardHandle = -1
      return
    }
    var address: UnsafeMutableRawPointer?
    try SystemCalls.run(.map, path) {
      // SAFETY: a fresh private read-only mapping of `count` > 0 bytes, checked for MAP_FAILED.
      let result = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
      if result == MAP_FAILED { return -1 }
      address = result
      return 0
    }
    let handle = spotcheck_guard_add(address, UInt(count))
    if handle < 0, let mapped = address {
      // More mappings than the guard has places for: what cannot be protected is copied.
      munmap(mapped, count)
      base = try MappedFile.copy(descriptor, path, count: count)
      isMapped = false
      guardHandle = -1
      return
    }
    base = UnsafeRawPointer(address)
    isMapped = true
    guardHandle = handle
  }

  private static func copy(
    _ descriptor: Int32, _ path: String, count: Int
  ) throws(SystemError) -> UnsafeRawPointer? {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    do throws(SystemError) {
      let filled = try SystemCalls.read(descriptor, path, into: memory, at: 0)
      guard filled == count else {
        throw SystemError(operation: "read", path: path, code: SystemError.unexpectedEndCode)
      }
    } catch {
      memory.deallocate()
      throw error
    }
    return UnsafeRawPointer(memory.baseAddress)
  }

  /// Whether a page of the file was missing or unreadable when somebody looked: zeros were shown instead, and nothing
  /// that was computed from the mapping since it was made is worth anything. Stays true. Costs one load.
  public var wasTorn: Bool { isMapped && spotcheck_guard_is_torn(guardHandle) == 1 }

  /// Whether what was read from the file so far is what it held when it was mapped, as far as the file system can
  /// tell: not ``wasTorn``, and nobody has cut, grown or written to it since. To be asked *after* reading, before the
  /// result is used: a file that is cut inside its last page shows zeros there without any signal. Costs one stat(2).
  /// A file that was removed or replaced by another one under its name is still what it was. A copy is always intact.
  public var isIntact: Bool {
    guard isMapped else { return true }
    guard !wasTorn else { return false }
    guard let now = try? SystemCalls.status(path, followSymlinks: true), now.inode == status.inode,
      now.device == status.device
    else { return true }
    return now.byteCount == status.byteCount && now.modifiedNanoseconds == status.modifiedNanoseconds
  }

  /// Gives back the memory of what was read; whoever reads it again gets it from the system's cache of the file. For
  /// files that are looked through once and stay open: pages that lie in memory count as this process's.
  public func releasePages() {
    guard isMapped, let base else { return }
    // SAFETY: the mapping is ours, private and never written to, so that dropping its pages loses nothing; pages that
    // the guard has put in show zeros as before. Advice that is not taken does no harm.
    madvise(UnsafeMutableRawPointer(mutating: base), count, MADV_DONTNEED)
  }

  deinit {
    guard let base else { return }
    let memory = UnsafeMutableRawPointer(mutating: base)
    // SAFETY: base and count are those of init; views cannot outlive the closures that got them.
    if isMapped {
      spotcheck_guard_remove(guardHandle)
      munmap(memory, count)
    } else {
      memory.deallocate()
    }
  }

  /// Lends the bytes `offset ..< offset + count`; nil if they are not all inside the file.
  public func withBytes<R, E: Error>(
    at offset: Int, count: Int, _ body: (RawSpan) throws(E) -> R
  ) throws(E) -> R? {
    guard contains(offset, count) else { return nil }
    // SAFETY: in bounds by the check above; the closure form keeps `self` alive and the span from escaping.
    let bytes = UnsafeRawBufferPointer(start: base.map { $0 + offset }, count: count)
    return try withExtendedLifetime(self) { () throws(E) -> R in try body(bytes.bytes) }
  }

  /// Lends `rows` values of a plain type at a byte offset; nil if they are not all inside the file or not aligned.
  public func withColumn<T: BitwiseCopyable, R, E: Error>(
    _ type: T.Type, at offset: Int, rows: Int, _ body: (Span<T>) throws(E) -> R
  ) throws(E) -> R? {
    // Division instead of multiplication: `rows` comes from a file and may be anything.
    guard rows >= 0, contains(offset, 0), rows <= (self.count - offset) / MemoryLayout<T>.stride,
      offset % MemoryLayout<T>.alignment == 0
    else { return nil }
    guard rows > 0, let base else { return try body(Span()) }
    // SAFETY: in bounds and aligned by the checks above (mappings are page-aligned, copies 64-byte-aligned);
    // T is trivial and every bit pattern of the integer types used here is a value.
    let values = UnsafeBufferPointer(start: (base + offset).assumingMemoryBound(to: T.self), count: rows)
    return try withExtendedLifetime(self) { () throws(E) -> R in try body(values.span) }
  }

  private func contains(_ offset: Int, _ length: Int) -> Bool {
    offset >= 0 && length >= 0 && offset <= count && length <= count - offset
  }
}
