// UNSAFE FILE: fills raw buffers from a descriptor. The descriptor is owned by one value and closed once.

import CSystem
import Glibc

/// A regular file open for reading; closed when the value goes away.
public struct InputFile: ~Copyable, Sendable {
  let descriptor: Int32
  public let path: String
  /// As it was when the file was opened.
  public let status: FileStatus

  /// Opens without waiting (a pipe in an inbox must not stop us) and refuses what is no regular file.
  public init(_ path: String, followSymlinks: Bool = true) throws(SystemError) {
    let flags = O_RDONLY | O_NONBLOCK | (followSymlinks ? 0 : O_NOFOLLOW)
    try self.init(adopting: try SystemCalls.open(path, flags: flags), path: path)
  }

  /// Takes over an open descriptor, or closes it if it is no regular file.
  init(adopting descriptor: Int32, path: String) throws(SystemError) {
    do throws(SystemError) {
      let status = try SystemCalls.status(descriptor, path)
      guard status.isRegular else {
        throw SystemError(operation: "open", path: path, code: SystemError.notRegularCode)
      }
      self.status = status
    } catch {
      _ = Glibc.close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.path = path
    // Only advice to the kernel: its failure changes nothing.
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { _ = Glibc.close(descriptor) }

  /// What the file system says about the open file now: compared with ``status`` it tells whether somebody wrote.
  public borrowing func currentStatus() throws(SystemError) -> FileStatus {
    try SystemCalls.status(descriptor, path)
  }

  /// Fills the buffer, or as much of it as the file still has. 0 means the end.
  public borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    try SystemCalls.read(descriptor, path, into: buffer, at: nil)
  }

  /// The same for rooms without pointers.
  /// - Parameter limit: no more bytes than these.
  public borrowing func read(
    into buffer: inout MutableSpan<UInt8>, limit: Int = .max
  ) throws(SystemError) -> Int {
    try SystemCalls.read(descriptor, path, into: &buffer, limit: limit)
  }

  /// Tells that nobody is expected to read a stretch again, which is where a read from `before` to `after` has ended: whole
  /// steps of some megabytes, so that a small file stays in memory, as in every cache.
  public borrowing func letGo(from before: Int64, to after: Int64) {
    let step = PassingPages.step
    let (first, last) = (before / step * step, after / step * step)
    if first < last { PassingPages.forget(descriptor, first..<last) }
  }

  /// Bytes `offset ..< offset + count`, or fewer if the file ends before. Does not move the reading position.
  public borrowing func bytes(at offset: Int64, count wanted: Int) throws(SystemError) -> [UInt8] {
    // Never more memory than the file had bytes, whatever is asked for.
    guard offset >= 0, wanted > 0, offset < status.byteCount else { return [] }
    let count = min(wanted, Int(status.byteCount - offset))
    var outcome: Result<Int, SystemError> = .success(0)
    let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      // SAFETY: exactly the bytes that were read are declared initialized.
      do throws(SystemError) {
        initialized = try SystemCalls.read(descriptor, path, into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      } catch {
        initialized = 0
        outcome = .failure(error)
      }
    }
    _ = try outcome.get()
    return result
  }

  /// The bytes of an inclusive range, as `trace` names them; fewer if the file ends before.
  public borrowing func bytes(in range: ClosedRange<Int64>) throws(SystemError) -> [UInt8] {
    let (distance, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    guard !overflow, distance < Int64.max else { return [] }
    return try bytes(at: range.lowerBound, count: Int(distance) + 1)
  }

  /// The whole of a small file. More than `limit` bytes is EFBIG.
  public static func contents(
    of path: String, limit: Int = 64 << 20, followSymlinks: Bool = true
  ) throws(SystemError) -> [UInt8] {
    let file = try InputFile(path, followSymlinks: followSymlinks)
    guard file.status.byteCount <= Int64(limit) else { throw SystemError(operation: "read", path: path, code: EFBIG) }
    return try file.bytes(at: 0, count: Int(file.status.byteCount))
  }

  /// The whole of a file that does not know its length, as those in /proc. More than `limit` bytes is EFBIG.
  static func stream(of path: String, limit: Int = 1 << 14) throws(SystemError) -> [UInt8] {
    let file = try InputFile(path)
    var buffer = [UInt8](repeating: 0, count: limit + 1)
    var span = buffer.mutableSpan
    let count = try file.read(into: &span)
    guard count <= limit else { throw SystemError(operation: "read", path: path, code: EFBIG) }
    return Array(buffer[..<count])
  }

  /// Whether another process has the file open for writing; nil where the system cannot tell.
  public borrowing func isOpenForWriting() -> Bool? {
    if spotcheck_probe_lease(descriptor) == 0 { return false }
    return errno == EAGAIN ? true : nil
  }
}
