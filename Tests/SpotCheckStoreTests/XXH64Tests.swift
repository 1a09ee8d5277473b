import Testing

@testable import SpotCheckStore

@Suite("XXH64")
struct XXH64Tests {
  /// Published values: the sanity checks of the reference implementation (`XXH64` of `XXH64_sanity` data) and the
  /// values in the specification's users' test suites.
  @Test(
    "published vectors",
    arguments: [
      ("", 0, 0xEF46_DB37_51D8_E999), ("", 0x9E37_79B1, 0xAC75_FDA2_929B_17EF),
      ("a", 0, 0xD24E_C4F1_A98C_6E5B), ("abc", 0, 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0, 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64, UInt64)])
  func published(text: String, seed: UInt64, expected: UInt64) {
    #expect(XXH64.hash(Array(text.utf8).span, seed: seed) == expected)
  }

  /// The reference implementation's own generator and values (`tests/sanity_test.c`).
  @Test(
    "the reference implementation's sanity buffer",
    arguments: [
      (1, 0, 0xE934_A84A_DB05_2768), (1, 0x9E37_79B1, 0x5014_6076_43A9_B4C3), (14, 0, 0x8282_DCC4_994E_35C8),
      (14, 0x9E37_79B1, 0xC3BD_6BF6_3DEB_6DF0), (222, 0, 0xB641_AE8C_B691_C174),
      (222, 0x9E37_79B1, 0x20CB_8AB7_AE10_C14A),
    ] as [(Int, UInt64, UInt64)])
  func sanity(length: Int, seed: UInt64, expected: UInt64) {
    var generator: UInt64 = 0x9E37_79B1
    let buffer = (0..<length).map { _ in
      let byte = UInt8(truncatingIfNeeded: generator >> 56)
      generator = generator &* 0x9E37_79B1_85EB_CA8D
      return byte
    }
    #expect(XXH64.hash(buffer.span, seed: seed) == expected)
  }

  @Test("pieces give the same as the whole, however cut")
  func pieces() {
    let bytes = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let whole = XXH64.hash(bytes.span)
    for size in [1, 2, 7, 8, 31, 32, 33, 63, 64, 65, 100, 499] {
      var state = XXH64()
      var start = 0
      while start < bytes.count {
        state.update(Array(bytes[start..<min(start + size, bytes.count)]))
        start += size
      }
      #expect(state.finish() == whole)
    }
  }
}
