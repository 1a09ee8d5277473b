// UNSAFE FILE: passes a raw buffer through to the file.

public import SpotCheckSystem

/// A file on disk as a source of bytes.
public final class FileSource: ByteSource, Sendable {
  private let file: InputFile

  /// - Throws: ``SystemError`` if the path cannot be opened or names no regular file.
  public init(_ path: String, followSymlinks: Bool = true) throws(SystemError) {
    file = try InputFile(path, followSymlinks: followSymlinks)
  }

  public var path: String { file.path }

  /// As it was when the file was opened.
  public var status: FileStatus { file.status }

  /// What the file system says now: a difference from ``status`` means that somebody wrote meanwhile.
  public func currentStatus() throws(SystemError) -> FileStatus { try file.currentStatus() }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int { try file.read(into: buffer) }
}
