public import SpotCheckDigest
public import SpotCheckSystem

/// The identity of a file's bytes, and what the file system said when they were read.
public struct FileDigest: Sendable, Hashable {
  public var digest: ContentDigest
  public var status: FileStatus

  /// Reads the whole file.
  public init(of path: String, followSymlinks: Bool = false) throws(SystemError) {
    let file = try InputFile(path, followSymlinks: followSymlinks)
    digest = try FileDigest.digest { (span) throws(SystemError) in try file.read(into: &span) }
    status = file.status
  }

  /// Reads a copy behind who makes it, until it is whole.
  init(behind copy: GrowingCopy) throws(SystemError) {
    digest = try FileDigest.digest { (span) throws(SystemError) in try copy.read(into: &span) }
    status = try copy.status()
  }

  /// Copies a file, as ``FileSystem/copyFile(from:to:mode:followSymlinks:releasing:passing:behind:)`` does, and digests the very bytes of
  /// the copy: never what the original says at another time, into which somebody else may write.
  /// - Parameter besides: another thread digests, behind who copies.
  public init(
    copying path: String, to target: String, followSymlinks: Bool = false, besides: Bool
  ) throws(SystemError) {
    guard besides else {
      var hasher = ContentHasher()
      try FileSystem.copyFile(
        from: path, to: target, followSymlinks: followSymlinks, releasing: true, passing: { hasher.update($0) })
      digest = hasher.finalise()
      status = try FileSystem.status(target)
      return
    }
    var work: BackgroundWork<FileDigest>?
    // However the copy ends, nobody reads it any more when this returns.
    defer { _ = work?.result() }
    try FileSystem.copyFile(
      from: path, to: target, followSymlinks: followSymlinks, releasing: true,
      behind: { copy in work = BackgroundWork { try FileDigest(behind: copy) } })
    guard let digesting = work.take() else { preconditionFailure("a copy is shown before it is made") }
    do {
      self = try digesting.result().get()
    } catch let error as SystemError {
      throw error
    } catch {
      preconditionFailure("reading a file throws nothing but errors of the system: \(error)")
    }
  }

  private static func digest(
    _ read: (inout MutableSpan<UInt8>) throws(SystemError) -> Int
  ) throws(SystemError) -> ContentDigest {
    var hasher = ContentHasher()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      var span = buffer.mutableSpan
      let count = try read(&span)
      if count == 0 { break }
      hasher.update(buffer.span.extracting(0..<count))
    }
    return hasher.finalise()
  }
}
