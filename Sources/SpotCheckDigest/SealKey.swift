internal import Crypto

/// A secret with which receipts are sealed: HMAC-SHA256 (RFC 2104, FIPS 198-1). Only who has the key can make a seal, or
/// check one.
public struct SealKey: Sendable {
  private let key: SymmetricKey

  /// Shorter secrets can be guessed.
  public static let leastBytes = 16

  /// - Parameter bytes: the secret, at least ``leastBytes``; nil if there are fewer.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count >= SealKey.leastBytes else { return nil }
    key = SymmetricKey(data: bytes)
  }

  public func seal(_ message: [UInt8]) -> ContentDigest {
    let bytes = Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    guard let seal = ContentDigest(bytes: bytes) else { preconditionFailure("HMAC-SHA256 has 32 bytes") }
    return seal
  }

  /// Takes as long for every wrong seal.
  public func isSeal(_ seal: ContentDigest, of message: [UInt8]) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(seal.bytes, authenticating: message, using: key)
  }
}
