import SpotCheckDigest

/// The identity of a mapping: the pipeline and every table that it uses, byte for byte.
enum RevisionDigest {
  /// - Parameter parts: name and bytes of each file; the order does not matter.
  static func hex(_ parts: [(name: String, bytes: [UInt8])]) -> String {
    var hasher = ContentHasher()
    for part in parts.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      // Name and length first, so that moving a byte from one file to the next changes the digest.
      hasher.update(Array("\(part.name)\n\(part.bytes.count)\n".utf8))
      hasher.update(part.bytes)
    }
    return hasher.finalise().hex
  }
}
