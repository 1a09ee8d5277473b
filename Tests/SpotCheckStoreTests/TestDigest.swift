import SpotCheckDigest

enum TestDigest {
  /// The id of a segment with these two files.
  static func id(_ files: [[UInt8]]) -> String {
    var hasher = ContentHasher()
    for file in files { hasher.update(file) }
    return String(hasher.finalise().hex.prefix(32))
  }
}
