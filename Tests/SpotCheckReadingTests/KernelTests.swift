import Testing

@testable import SpotCheckReading

@Suite("Kernels and their scalar twins")
struct KernelTests {
  private static var levels: [Int32] { Array(0...Kernels.level) }

  @Test("Special bytes: every level finds what the twin finds, at every alignment and length")
  func find() {
    var random = Seeded(11)
    let alphabet = Array(",\"\r\nabc中;".utf8)
    let bytes = (0..<700).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
    let set = UInt32(0x2C) | 0x22 << 8 | 0x0A << 16 | 0x0D << 24
    for start in 0..<70 {
      for length in [0, 1, 15, 16, 31, 32, 63, 64, 65, 127, 128, 129, 200, 500] + [start] {
        let slice = Array(bytes[start..<start + length])
        let expected = slice.indices.filter { [0x2C, 0x22, 0x0A, 0x0D].contains(slice[$0]) }.map { UInt32($0) }
        bytes.withUnsafeBytes { all in
          let text = UnsafeRawBufferPointer(rebasing: all[start..<start + length])
          for level in Self.levels {
            var out = [UInt32](repeating: .max, count: length + 64)
            let count = out.withUnsafeMutableBufferPointer {
              $0.baseAddress.map { Kernels.find(in: text, set: set, into: $0, level: level) } ?? 0
            }
            #expect(Array(out[..<count]) == expected, "level \(level) start \(start) length \(length)")
          }
        }
      }
    }
    // Every byte special: the densest output.
    let dense = [UInt8](repeating: 0x2C, count: 333)
    dense.withUnsafeBytes { text in
      for level in Self.levels {
        var out = [UInt32](repeating: .max, count: 333 + 64)
        let count = out.withUnsafeMutableBufferPointer {
          $0.baseAddress.map { Kernels.find(in: text, set: set, into: $0, level: level) } ?? 0
        }
        #expect(Array(out[..<count]) == (0..<333).map { UInt32($0) })
      }
    }
  }

  @Test("Bytes of the payload in front of special bytes: every level counts what the twin counts, at every length")
  func measure() {
    var random = Seeded(13)
    let pieces = [",", ",", "\n", "a", "bcdefgh", "é", "中", "合格", "😀"].map { Array($0.utf8) }
    let bytes = (0..<9000).flatMap { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
    let set = UInt32(0x2C) | 0x22 << 8 | 0x0A << 16 | 0x0D << 24
    for length in Array(0..<200) + [1000, 4095, 16383, Kernels.measuredBytes] {
      let start = Int.random(in: 0..<100, using: &random)
      bytes.withUnsafeBytes { all in
        let text = UnsafeRawBufferPointer(rebasing: all[start..<start + length])
        var offsets = [UInt32](repeating: .max, count: length + 64)
        let count = offsets.withUnsafeMutableBufferPointer {
          $0.baseAddress.map { Kernels.find(in: text, set: set, into: $0, level: 0) } ?? 0
        }
        for (ascii, other) in [(1, 2), (1, 1), (2, 2)] {
          let expected = offsets[..<count].map { end in
            text[..<Int(end)].reduce(0) { $0 + ($1 < 0x80 ? ascii : $1 >= 0xC0 ? other : 0) }
          }
          let whole = text.reduce(0) { $0 + ($1 < 0x80 ? ascii : $1 >= 0xC0 ? other : 0) }
          for level in Self.levels {
            var sums = [UInt32](repeating: .max, count: count + 1)
            let sum = offsets.withUnsafeBufferPointer { offsets in
              sums.withUnsafeMutableBufferPointer {
                $0.baseAddress.map {
                  Kernels.measure(
                    text, ascii: ascii, other: other, at: UnsafeBufferPointer(rebasing: offsets[..<count]), into: $0,
                    level: level)
                }
              }
            }
            #expect(sum == whole, "level \(level) length \(length)")
            #expect(sums[..<count].map { Int($0) } == expected, "level \(level) start \(start) length \(length)")
            #expect(sums[count] == .max)
          }
        }
      }
    }
  }

  @Test("UTF-8: the vector check agrees with the twin and with Swift's own decoder")
  func utf8() {
    var random = Seeded(12)
    let pieces: [[UInt8]] = [
      Array("a".utf8), Array("é".utf8), Array("中".utf8), Array("😀".utf8), Array("abcdefgh".utf8), [0xEE, 0x80, 0x80],
      [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0x80],
      [0xFF], [0xE4, 0xB8], [0xF0, 0x9F, 0x98], [0xC3], [0], [0xEF, 0xBC, 0x8C], [0xEF, 0xA3, 0xBF],
      [0xF3, 0xB0, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xC1, 0xBF],
    ]
    for round in 0..<6000 {
      var bytes: [UInt8] = []
      let most = round % 2 == 0 ? 5 : pieces.count
      for _ in 0..<Int.random(in: 0..<40, using: &random) {
        // Mostly good text, so that many inputs are valid as a whole.
        bytes +=
          pieces[
            Int.random(in: 0..<(Int.random(in: 0..<20, using: &random) == 0 ? pieces.count : most), using: &random)]
      }
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      bytes.withUnsafeBytes { text in
        let twin = Kernels.scanUTF8Scalar(text)
        #expect(twin.contains(.invalid) == !isValid)
        #expect(twin.contains(.nul) == bytes.contains(0))
        #expect(twin.contains(.nonASCII) == bytes.contains { $0 >= 0x80 })
        if isValid,
          String(decoding: bytes, as: UTF8.self).unicodeScalars.contains(where: {
            (0xE000...0xF8FF).contains($0.value) || $0.value >= 0xF0000
          })
        {
          #expect(twin.contains(.maybePrivate))
        }
        for level in Self.levels where level > 1 {
          let scan = Kernels.scanUTF8(text, level: level)
          #expect(scan.contains(.invalid) == twin.contains(.invalid), "\(bytes)")
          #expect(scan.contains(.nul) == twin.contains(.nul))
          #expect(scan.contains(.nonASCII) == twin.contains(.nonASCII))
          if isValid, twin.contains(.maybePrivate) { #expect(scan.contains(.maybePrivate)) }
        }
      }
    }
  }

  @Test("UTF-8: all two-byte and all shifted three-byte sequences")
  func utf8Exhaustive() {
    var bytes = [UInt8](repeating: 0x61, count: 70)
    for first in UInt8(0x80)...0xFF {
      for second in UInt8.min...0xFF {
        for third in [UInt8(0x61), 0x80, 0xBF, 0xC0] {
          let at = (Int(first) &* 7 &+ Int(second)) % 66
          bytes[at] = first
          bytes[at + 1] = second
          bytes[at + 2] = third
          bytes.withUnsafeBytes { text in
            let twin = Kernels.scanUTF8Scalar(text).contains(.invalid)
            for level in Self.levels where level > 1 {
              if Kernels.scanUTF8(text, level: level).contains(.invalid) != twin {
                Issue.record("\(first) \(second) \(third)")
              }
            }
          }
          bytes[at] = 0x61
          bytes[at + 1] = 0x61
          bytes[at + 2] = 0x61
        }
      }
    }
  }

  @Test("Line breaks: CR, LF and CRLF count one each, wherever the text is cut")
  func breaks() {
    var random = Seeded(13)
    for round in 0..<300 {
      let alphabet: [UInt8] = [0x0D, 0x0A, 0x61]
      // Long ones, too, of which one byte in place of another counts more than 255.
      let most = round % 50 == 0 ? 20_000 : 600
      let bytes: [UInt8] = (0..<Int.random(in: 1..<most, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<(round % 100 == 0 ? 1 : 3), using: &random)]
      }
      var expected = 0
      for index in bytes.indices {
        if bytes[index] == 0x0D || (bytes[index] == 0x0A && !(index > 0 && bytes[index - 1] == 0x0D)) { expected += 1 }
      }
      let cut = Int.random(in: 0...bytes.count, using: &random)
      for level in Self.levels {
        let counted = bytes.withUnsafeBytes { text in
          Kernels.lineBreaks(in: UnsafeRawBufferPointer(rebasing: text[..<cut]), afterCR: false, level: level)
            + Kernels.lineBreaks(
              in: UnsafeRawBufferPointer(rebasing: text[cut...]), afterCR: cut > 0 && text[cut - 1] == 0x0D,
              level: level)
        }
        #expect(counted == expected)
      }
    }
  }

  @Test("the checksum by multiplication is zlib's, at every length, alignment and cut")
  func checksum() {
    var random = Seeded(29)
    let bytes = (0..<1400).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    for text in [bytes, [UInt8](repeating: 0, count: 1400), [UInt8](repeating: 0xFF, count: 1400)] {
      text.withUnsafeBytes { text in
        for start in 0..<17 {
          for count in Array(0..<200) + [255, 256, 257, 1023, 1024, 1300] {
            let part = UnsafeRawBufferPointer(rebasing: text[start..<(start + count)])
            let twin = Kernels.crc32(0, part, isFast: false)
            #expect(Kernels.crc32(0, part) == twin)
            let cut = Int.random(in: 0...count, using: &random)
            let begun = Kernels.crc32(0, UnsafeRawBufferPointer(rebasing: part[..<cut]))
            #expect(Kernels.crc32(begun, UnsafeRawBufferPointer(rebasing: part[cut...])) == twin)
          }
        }
      }
    }
    // The check value of CRC-32/ISO-HDLC.
    Array("123456789".utf8).withUnsafeBytes { #expect(Kernels.crc32(0, $0) == 0xCBF4_3926) }
  }
}

@Suite("XML marks: kernels and their scalar twin")
struct XMLMarksTests {
  private func marks(_ text: UnsafeRawBufferPointer, _ level: Int32) -> ([UInt32], [UInt64]) {
    var out = [UInt32](repeating: .max, count: text.count + 64)
    var feeds = [UInt64](repeating: .max, count: (text.count + 63) / 64)
    let count = out.withUnsafeMutableBufferPointer { out in
      feeds.withUnsafeMutableBufferPointer { feeds in
        guard let out = out.baseAddress, let feeds = feeds.baseAddress else { return 0 }
        return Kernels.xmlMarks(in: text, into: out, feeds: feeds, level: level)
      }
    }
    return (Array(out[..<count]), feeds)
  }

  @Test("Every level marks what the twin marks, at every alignment and length")
  func levels() {
    var random = Seeded(31)
    let alphabets: [[UInt8]] = [
      Array("<>&\r\n\t abc中文".utf8), [0xEF, 0xBF, 0xBE, 0xBD, 0x3C], [0xEF, 0xBF, 0xBF], Array(0...0xFF), [0x3C],
      [0x0A],
      Array("a".utf8), Array(0...0x20),
    ]
    for alphabet in alphabets {
      let bytes = (0..<700).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
      bytes.withUnsafeBytes { all in
        for start in 0..<66 {
          for length in [1, 2, 3, 15, 16, 31, 32, 63, 64, 65, 66, 127, 128, 129, 200, 500, 1 + start] {
            let text = UnsafeRawBufferPointer(rebasing: all[start..<start + length])
            let twin = marks(text, 0)
            for level in 1...max(1, Kernels.level) where level <= Kernels.level {
              #expect(marks(text, level) == twin, "level \(level) start \(start) length \(length)")
            }
          }
        }
      }
    }
  }

  @Test("The twin marks what ends plain text, and counts line feeds")
  func twin() {
    let text: [UInt8] = Array("a<\n>&\t\r\u{1}\u{FFFD}\u{FFFE}x\u{FFFF}\u{1F}\u{7F}".utf8)
    text.withUnsafeBytes {
      let (found, feeds) = marks($0, 0)
      #expect(found.map { text[Int($0)] } == [0x3C, 0x3E, 0x26, 0x0D, 0x01, 0xBE, 0xBF, 0x1F])
      #expect(feeds == [1 << 2])
    }
  }
}
