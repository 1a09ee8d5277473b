// UNSAFE FILE: passes raw buffers on to the crypto library.

internal import Crypto

/// Computes the ``ContentDigest`` of bytes that come in pieces.
public struct ContentHasher: Sendable {
  private var hash = SHA256()
  /// Bytes hashed so far.
  public private(set) var byteCount: Int64 = 0

  public init() {}

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    // SAFETY: the buffer is read during the call only.
    hash.update(bufferPointer: bytes)
    byteCount &+= Int64(bytes.count)
  }

  public mutating func update(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBytes { update($0) }
  }

  public mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { update($0) }
  }

  public mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

  /// The digest of everything so far; more may follow.
  public func finalise() -> ContentDigest {
    let bytes = Array(hash.finalize())
    guard let digest = ContentDigest(bytes: bytes) else { preconditionFailure("SHA-256 has 32 bytes") }
    return digest
  }

  public static func digest(of bytes: [UInt8]) -> ContentDigest {
    var hasher = ContentHasher()
    hasher.update(bytes)
    return hasher.finalise()
  }
}
