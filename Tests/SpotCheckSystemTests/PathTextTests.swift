import SpotCheckSystem
import Testing

@Suite("Names on disk are bytes and survive as text")
struct PathTextTests {
  @Test("every byte string comes back, valid UTF-8 or not")
  func roundTrip() {
    var generator = SplitMix(state: 7)
    for _ in 0..<3000 {
      let length = Int(generator.next() % 12)
      let bytes = (0..<length).map { _ in
        // Mostly bytes of multi-byte sequences, so that valid, cut and wrong ones all occur.
        [0x41, 0xE4, 0xB8, 0xAD, 0xF4, 0x8F, 0xBE, 0x9F, 0xFF, 0xC3, 0xBF, 0x80][Int(generator.next() % 12)] as UInt8
      }
      #expect(PathText.encode(PathText.decode(bytes)) == bytes)
    }
    for byte in UInt8.min...UInt8.max { #expect(PathText.encode(PathText.decode([byte, 65])) == [byte, 65]) }
  }

  @Test("valid text is not changed, and different names stay different")
  func identity() {
    #expect(PathText.decode(Array("西宁/鲜活农产品😀.csv.gz".utf8)) == "西宁/鲜活农产品😀.csv.gz")
    // The escape of 0xFF, delivered as such, must not be taken for 0xFF itself.
    let escape = Array("\u{10FFFF}".utf8)
    #expect(PathText.decode(escape) != PathText.decode([0xFF]))
    #expect(PathText.encode(PathText.decode(escape)) == escape)
  }

  @Test("messages show odd bytes and controls as hex")
  func printable() {
    #expect(PathText.printable(PathText.decode([0x61, 0xCE, 0xF7, 0x0A])) == "a%CE%F7%0A")
  }

  @Test("folder, name, join", arguments: [("a/b/c", "a/b", "c"), ("/x", "/", "x"), ("y", ".", "y"), ("a/", "a", "")])
  func parts(path: String, folder: String, name: String) {
    #expect(PathText.folder(of: path) == folder)
    #expect(PathText.name(of: path) == name)
    #expect(PathText.join("a", "b") == "a/b")
    #expect(PathText.join("a/", "b") == "a/b")
    #expect(PathText.join("", "b") == "b")
  }
}

/// A small deterministic generator (splitmix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
