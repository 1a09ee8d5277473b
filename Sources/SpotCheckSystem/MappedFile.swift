// UNSAFE FILE: maps files into memory and lends out views of the mapping.
//
// SAFETY of mapping at all: if a mapped file is cut, touching the lost pages kills the process (SIGBUS), and if it
// is overwritten, values change under a reader. Therefore only files are mapped that this program wrote, synced
// and published by renaming a finished temporary file, and that it never opens for writing again (``DurableWriter``,
// mode 0440). Whoever may write in the store folder could still cut one; ``copying`` reads such files instead.

import Glibc

/// A file's bytes, read-only, as long as the object lives. Safe to use from any number of threads.
public final class MappedFile: @unchecked Sendable {
  // SAFETY of @unchecked Sendable: the memory is never written after init, and the fields are constant.
  private let base: UnsafeRawPointer?
  public let count: Int
  public let path: String
  private let isMapped: Bool

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
    guard count > 0 else {
      base = nil
      isMapped = false
      return
    }
    if copying {
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
      base = UnsafeRawPointer(memory.baseAddress)
      isMapped = false
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
    base = UnsafeRawPointer(address)
    isMapped = true
  }

  deinit {
    guard let base else { return }
    let memory = UnsafeMutableRawPointer(mutating: base)
    // SAFETY: base and count are those of init; views cannot outlive the closures that got them.
    if isMapped { munmap(memory, count) } else { memory.deallocate() }
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
