import SpotCheckModel
import Testing

@Suite struct ByteDictionaryTwinTests {
  /// The published definition, byte by byte: stored hashes must never change.
  private func slowHash(_ text: [UInt8], seed: UInt64) -> UInt64 {
    func fold(_ value: UInt64) -> UInt64 {
      let product = value.multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
      return product.high ^ product.low ^ (value >> 29)
    }
    var state = seed ^ (UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15)
    var word: UInt64 = 0
    for (index, byte) in text.enumerated() {
      word |= UInt64(byte) << UInt64(index % 8 * 8)
      if index % 8 == 7 { (state, word) = (fold(state ^ word), 0) }
    }
    return fold(fold(state ^ word) ^ 0xA076_1D64_78BD_642F)
  }

  @Test func hashesAreThoseOfTheSlowTwin() {
    for count in 0..<70 {
      let text = (0..<count).map { UInt8(truncatingIfNeeded: ($0 * 37 + count) ^ 0xA5) }
      let hash = ByteDictionary.stableHash(text.span, seed: 7)
      #expect(hash == slowHash(text, seed: 7))
    }
    let word = Array("西宁市".utf8)
    let hash = ByteDictionary.stableHash(word.span, seed: 1)
    #expect(hash == 3_196_344_757_823_893_773)
  }

  @Test func equalityOfRuns() {
    for count in 0..<110 {
      let text = (0..<count).map { UInt8($0) }
      let same = text
      let equalsItself = ByteDictionary.equal(text.span, same.span)
      #expect(equalsItself)
      for index in 0..<count {
        var other = text
        other[index] ^= 0x80
        let equalsOther = ByteDictionary.equal(text.span, other.span)
        #expect(!equalsOther)
      }
      let longer = text + [0]
      let equalsLonger = ByteDictionary.equal(text.span, longer.span)
      #expect(!equalsLonger)
    }
  }

  /// Every length, and every place at which two texts may differ.
  @Test func textsThatDifferInOneByteAreTwo() {
    var dictionary = ByteDictionary()
    var texts: [[UInt8]] = []
    for count in 1..<70 {
      let text = (0..<count).map { UInt8($0 % 5) }
      texts.append(text)
      for index in 0..<count {
        var other = text
        other[index] ^= 0x40
        texts.append(other)
      }
    }
    for (index, text) in texts.enumerated() {
      let code = dictionary.intern(text.span)
      #expect(Int(code) == index + 1)
    }
    for (index, text) in texts.enumerated() {
      let code = dictionary.intern(text.span)
      let found = dictionary.find(text.span)
      #expect(Int(code) == index + 1 && found == code)
    }
  }

  @Test func codesAreNumbersOfFirstAppearance() {
    var dictionary = ByteDictionary()
    var twin: [[UInt8]: UInt32] = [[]: 0]
    var order: [[UInt8]] = [[]]
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Int(state >> 40) % 5000
      let text = Array(String(repeating: "样", count: number % 7).utf8) + Array("\(number)".utf8.dropFirst(number % 3))
      let code = dictionary.intern(text.span)
      if let known = twin[text] {
        #expect(code == known)
      } else {
        #expect(code == UInt32(order.count))
        twin[text] = code
        order.append(text)
      }
    }
    #expect(dictionary.count == order.count)
    for (code, text) in order.enumerated() {
      let found = dictionary.find(text.span)
      #expect(found == UInt32(code))
      let length = dictionary.withBytes(UInt32(code)) { $0.count }
      #expect(length == text.count)
      #expect(dictionary.string(UInt32(code)) == String(decoding: text, as: UTF8.self))
    }
    let unknown = Array("不在".utf8)
    let found = dictionary.find(unknown.span)
    #expect(found == nil)
  }
}
