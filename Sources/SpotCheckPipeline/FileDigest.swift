public import SpotCheckDigest
public import SpotCheckSystem

/// The identity of a file's bytes, and what the file system said when they were read.
public struct FileDigest: Sendable {
  public var digest: ContentDigest
  public var status: FileStatus

  /// Reads the whole file.
  public init(of path: String, followSymlinks: Bool = false) throws(SystemError) {
    let file = try InputFile(path, followSymlinks: followSymlinks)
    var hasher = ContentHasher()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      var span = buffer.mutableSpan
      let count = try file.read(into: &span)
      if count == 0 { break }
      hasher.update(buffer.span.extracting(0..<count))
    }
    digest = hasher.finalise()
    status = file.status
  }
}
