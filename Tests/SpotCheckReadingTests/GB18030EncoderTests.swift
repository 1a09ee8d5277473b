import Testing

@testable import SpotCheckReading

/// What is written is what the decoder reads: every character, and text in any pieces.
@Suite struct GB18030EncoderTests {
  private func encoded(_ text: String) -> [UInt8] {
    var encoder = GB18030Encoder()
    return encoder.encode(Array(text.utf8))
  }

  private func decoded(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = TextStream(PayloadStream(MemorySource(bytes)), label: "gb18030")
    var block = TextBlock()
    while try stream.append(to: &block) {}
    return block.withBytes { Array($0) }
  }

  /// Every character of two or four bytes that the decoder yields is written so that it reads as itself; nothing but 24
  /// private places has no code.
  @Test func everyCharacterComesBack() throws {
    var missing: [UInt32] = []
    for plane in stride(from: UInt32(0), to: 0x11_0000, by: 0x1000) {
      let scalars = (plane..<plane + 0x1000).compactMap { Unicode.Scalar($0) }
      var encoder = GB18030Encoder()
      var bytes: [UInt8] = []
      var kept = String.UnicodeScalarView()
      for scalar in scalars where scalar.value > 0 {
        let lost = encoder.lost
        let code = encoder.encode(Array(String(scalar).utf8))
        guard encoder.lost == lost else {
          #expect(code == [0x84, 0x31, 0xA4, 0x37])
          missing.append(scalar.value)
          continue
        }
        bytes += code
        kept.append(scalar)
      }
      #expect(try decoded(bytes) == Array(String(kept).utf8), "plane \(plane)")
    }
    #expect(missing.count == 24 && missing.allSatisfy { (0xE000...0xF8FF).contains($0) }, "\(missing)")
  }

  @Test func knownCodes() {
    #expect(encoded("A中朱镕€") == [0x41, 0xD6, 0xD0, 0xD6, 0xEC, 0xE9, 0x46, 0xA2, 0xE3])
    #expect(encoded("\u{1F600}") == [0x94, 0x39, 0xFC, 0x36])
    #expect(encoded("\u{80}") == [0x81, 0x30, 0x81, 0x30])
    #expect(encoded("\u{10FFFF}") == [0xE3, 0x32, 0x9A, 0x35])
    #expect(encoded("").isEmpty)
  }

  @Test func textMayComeInAnyPieces() {
    let text = "城东区,€ 0.05 mg/kg \u{1F600}\u{20087}μ\n"
    let whole = encoded(text)
    let bytes = Array(text.utf8)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        var encoder = GB18030Encoder()
        let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
        #expect(parts.flatMap { encoder.encode(Array($0)) } == whole)
      }
    }
  }
}
