// UNSAFE FILE: passes a raw buffer through to the file.

public import SpotCheckSystem
import Synchronization

/// A file on disk as a source of bytes.
public final class FileSource: ByteSource, Sendable {
  private let file: InputFile
  private let isReadOnce: Bool
  /// Bytes read so far.
  private let position = Atomic<Int64>(0)

  /// - Parameter once: nobody is expected to read the file again, so that a large one need not be held in memory.
  /// - Throws: ``SystemError`` if the path cannot be opened or names no regular file.
  public init(_ path: String, followSymlinks: Bool = true, once: Bool = false) throws(SystemError) {
    file = try InputFile(path, followSymlinks: followSymlinks)
    isReadOnce = once
  }

  public var path: String { file.path }

  /// As it was when the file was opened.
  public var status: FileStatus { file.status }

  /// What the file system says now: a difference from ``status`` means that somebody wrote meanwhile.
  public func currentStatus() throws(SystemError) -> FileStatus { try file.currentStatus() }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try file.read(into: buffer)
    guard isReadOnce else { return count }
    let (before, after) = position.add(Int64(count), ordering: .relaxed)
    file.letGo(from: before, to: after)
    return count
  }
}
