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
