import SpotCheckModel
import Testing

@testable import SpotCheckReading

@Suite("Gzip payloads")
struct GzipTests {
  private static let text = Array(
    (0..<60).map { "XN-2024-\($0),城东区,\($0 % 3 == 0 ? "不合格" : "合格"),0.0\($0)\n" }.joined().utf8)

  /// Reads in every cut and asserts that all agree.
  private func read(_ bytes: [UInt8], name: String = "a.csv.gz", limits: ReadingLimits = .init()) throws -> (
    payload: [UInt8], diagnostics: [Diagnostic], hasFailed: Bool
  ) {
    let whole = try readPayload(bytes, name: name, limits: limits)
    for cut in cuts.dropFirst() {
      let other = try readPayload(bytes, cut, name: name, limits: limits, buffer: 313)
      #expect(other.payload == whole.payload && other.diagnostics == whole.diagnostics)
    }
    return whole
  }

  @Test("A member, several members, and zero padding")
  func good() throws {
    let one = gzip(Self.text)
    var result = try read(one)
    #expect(result.payload == Self.text && result.diagnostics.isEmpty && !result.hasFailed)

    result = try read(gzip(Self.text, level: 0))
    #expect(result.payload == Self.text && result.diagnostics.isEmpty)

    result = try read(gzip(Array(Self.text[..<100])) + gzip([]) + gzip(Array(Self.text[100...])))
    #expect(result.payload == Self.text)
    #expect(result.diagnostics.map(\.code) == [.gzipMultiMember])
    #expect(result.diagnostics[0].position.byteOffset == gzip(Array(Self.text[..<100])).count)

    result = try read(one + [UInt8](repeating: 0, count: 700))
    #expect(result.payload == Self.text && result.diagnostics.map(\.code) == [.gzipTrailingZeros])
    #expect(result.diagnostics[0].position.byteOffset == one.count)
  }

  @Test("All header fields, bounded")
  func header() throws {
    var fields: [UInt8] = [0x1F, 0x8B, 8, 0x1F, 1, 2, 3, 4, 0, 3]
    fields += [5, 0, 1, 2, 3, 4, 5] + Array("../../etc/passwd".utf8) + [0] + Array("注释".utf8) + [0]
    let checksum = UInt16(truncatingIfNeeded: gzipChecksum(fields))
    let good = gzip(Self.text, header: fields + [UInt8(checksum & 0xFF), UInt8(checksum >> 8)])
    let result = try read(good)
    #expect(result.payload == Self.text && result.diagnostics.isEmpty)
    // The cut is noticed in every header field too.
    for end in 2..<fields.count + 2 {
      #expect(try readPayload(Array(good[..<end])).diagnostics.map(\.code) == [.gzipTruncated])
    }
    let bad = gzip(Self.text, header: fields + [UInt8(checksum & 0xFF) ^ 1, UInt8(checksum >> 8)])
    #expect(try read(bad).diagnostics.map(\.code) == [.gzipData])
    var limits = ReadingLimits()
    limits.gzipHeaderFieldBytes = 100
    let endless = [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0x61, count: 101)
    #expect(try read(endless, limits: limits).diagnostics.map(\.code) == [.gzipData])
    #expect(try read([0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 3]).diagnostics.map(\.code) == [.gzipData])
    #expect(try read([0x1F, 0x8B, 8, 0x20, 0, 0, 0, 0, 0, 3]).diagnostics.map(\.code) == [.gzipData])
  }

  @Test("Cut at every byte: never accepted")
  func truncated() throws {
    let whole = gzip(Self.text)
    for end in 0..<whole.count {
      let result = try readPayload(Array(whole[..<end]), end % 2 == 0 ? .whole : .fixed(3), name: "a.GZ")
      #expect(result.hasFailed)
      #expect(result.diagnostics.map(\.code) == [end == 0 ? .fileEmpty : .gzipTruncated])
      #expect(result.diagnostics[0].position.byteOffset == (end == 0 ? 0 : end))
      let reading = try readCSV(Array(whole[..<end]), end % 2 == 0 ? .fixed(1) : .whole, name: "a.gz", dialect: .comma)
      #expect(reading.hasFailed && reading.fatal == (end == 0 ? .fileEmpty : .gzipTruncated))
    }
  }

  @Test("Any flipped bit that changes the payload is noticed")
  func flipped() throws {
    let whole = gzip(Self.text)
    for index in whole.indices {
      for bit in [0, 3, 7] {
        var bytes = whole
        bytes[index] ^= 1 << bit
        let result = try readPayload(bytes, name: "a.gz")
        #expect(result.hasFailed || result.payload == Self.text, "byte \(index)")
        let other = try readPayload(bytes, cuts[index % cuts.count], name: "a.gz", buffer: 1 + index % 700)
        #expect(other == result, "byte \(index)")
      }
    }
    var checksum = whole
    checksum[whole.count - 8] ^= 1
    #expect(try read(checksum).diagnostics.map(\.code) == [.gzipCRC])
    #expect(try read(checksum).diagnostics[0].position.byteOffset == whole.count - 8)
    var length = whole
    length[whole.count - 1] ^= 1
    #expect(try read(length).diagnostics.map(\.code) == [.gzipLength])
    var body = whole
    body[10] = 0xFF
    #expect(try read(body).diagnostics.map(\.code) == [.gzipData])
  }

  @Test("What follows the data, and what is not gzip")
  func garbage() throws {
    let one = gzip(Self.text)
    for tail in [[0x41], [0, 0, 0x41], [0x1F, 0x41], [0x1F, 0, 0]] as [[UInt8]] {
      let result = try read(one + tail)
      #expect(result.hasFailed && result.diagnostics.map(\.code) == [.gzipTrailingGarbage], "\(tail)")
    }
    #expect(try read(one + [0x1F]).diagnostics.map(\.code) == [.gzipTruncated])
    #expect(try read(one + one.dropLast(5)).diagnostics.map(\.code) == [.gzipTruncated])
    #expect(try read(Self.text).diagnostics.map(\.code) == [.gzipNotGzip])
    #expect(try read([0x1F, 0x8C]).diagnostics.map(\.code) == [.gzipNotGzip])
    let plain = try read(Self.text, name: "a.csv")
    #expect(plain.payload == Self.text && plain.diagnostics.isEmpty)
    #expect(try read(one, name: "a.csv").payload == Self.text)
    #expect(try read(gzip(one)).diagnostics.map(\.code) == [.gzipNested])
    #expect(try read([]).diagnostics.map(\.code) == [.fileEmpty])
    #expect(try read(gzip([])).diagnostics.map(\.code) == [.fileEmpty])
  }

  @Test("Bombs are stopped: by ratio, by size, by file size")
  func bombs() throws {
    let zeros = gzip([UInt8](repeating: 0, count: 4 << 20))
    let stopped = try readPayload(zeros, buffer: 1 << 16)
    #expect(stopped.diagnostics.map(\.code) == [.gzipRatio])
    #expect(stopped.payload.count < 1 << 21)
    let small = gzip([UInt8](repeating: 0, count: 1 << 20))
    #expect(try !readPayload(small, buffer: 1 << 16).hasFailed)
    var limits = ReadingLimits()
    limits.gzipOutputBytes = 1000
    #expect(try read(gzip(Array(Self.text[..<1000])), limits: limits).diagnostics.isEmpty)
    #expect(
      try readPayload(gzip(Array(Self.text[..<1001])), limits: limits).diagnostics.map(\.code) == [.gzipOutputLimit])
    limits = ReadingLimits()
    limits.fileBytes = 100
    #expect(try readPayload(Array(Self.text[..<100]), limits: limits).diagnostics.isEmpty)
    #expect(try readPayload(Array(Self.text[..<101]), limits: limits).diagnostics.map(\.code) == [.fileTooBig])
  }

  /// CRC-32, the slow way.
  private func gzipChecksum(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}
