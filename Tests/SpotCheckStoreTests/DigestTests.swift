import SpotCheckDigest
import Testing

@Suite("SHA-256")
struct DigestTests {
  @Test(
    "published vectors (FIPS 180-4 examples)",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func published(text: String, hex: String) {
    #expect(ContentHasher.digest(of: Array(text.utf8)).hex == hex)
    var pieces = ContentHasher()
    for byte in text.utf8 { pieces.update([byte]) }
    #expect(pieces.finalise().hex == hex)
    #expect(pieces.byteCount == Int64(text.utf8.count))
  }

  @Test(
    "HMAC-SHA256: published vectors (RFC 4231, cases 1, 3 and 6)",
    arguments: [
      (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ])
  func seals(key: [UInt8], message: [UInt8], hex: String) throws {
    let key = try #require(SealKey(key))
    let seal = key.seal(message)
    #expect(seal.hex == hex)
    #expect(key.isSeal(seal, of: message))
    #expect(!key.isSeal(seal, of: message + [0]))
    #expect(SealKey([UInt8](repeating: 1, count: 15)) == nil)
  }

  @Test("a copy of a hasher goes its own way")
  func copies() {
    var one = ContentHasher()
    one.update([1, 2, 3])
    var two = one
    two.update([4])
    #expect(one.finalise() == ContentHasher.digest(of: [1, 2, 3]))
    #expect(two.finalise() == ContentHasher.digest(of: [1, 2, 3, 4]))
  }

  @Test("hex and bytes come back, and nothing else is a digest")
  func text() throws {
    let digest = ContentHasher.digest(of: [7])
    #expect(ContentDigest(hex: digest.hex) == digest)
    #expect(ContentDigest(hex: digest.hex.uppercased()) == digest)
    #expect(ContentDigest(bytes: digest.bytes) == digest)
    #expect(ContentDigest(hex: String(digest.hex.dropLast())) == nil)
    #expect(ContentDigest(hex: String(digest.hex.dropLast()) + "g") == nil)
    #expect(ContentDigest(bytes: Array(repeating: 0, count: 31)) == nil)
  }

  @Test("digests are ordered as their texts are")
  func order() {
    let digests = (0..<50).map { ContentHasher.digest(of: [UInt8($0)]) }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }
}
