import SpotCheckModel
import Testing

@testable import SpotCheckReading

@Suite("Hostile bytes")
struct ReadingFuzzTests {
  /// How many inputs; a night's run may take more.
  static let rounds = 1500

  @Test("Damaged files of every kind: no trap, and the same reading in every cut")
  func mutations() throws {
    var random = Seeded(31)
    let text = (0..<12).map { "编号\($0),\"名\"\"称\",\($0 % 2 == 0 ? "合格" : "不合格")，😀\r\n" }.joined()
    let seeds: [[UInt8]] = [
      Array(text.utf8), gbk(text.replacingGrin), utf16(text, bigEndian: false),
      [0xFE, 0xFF] + utf16(text, bigEndian: true), gzip(Array(text.utf8)), gzip(gbk(text.replacingGrin)),
    ]
    let labels = ["auto", "auto", "auto", "gbk", "utf-8", "utf-16", "ascii", "latin1"]
    for round in 0..<Self.rounds {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 0..<6, using: &random) {
        guard !bytes.isEmpty else { break }
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.remove(at: at)
        case 3: bytes.insert([0, 0x22, 0x0D, 0x0A, 0x2C, 0xFF, 0x81, 0xF0][at % 8], at: at)
        case 4: bytes = Array(bytes[..<max(1, at)])
        default: bytes += bytes[at...].prefix(9)
        }
      }
      var limits = ReadingLimits()
      if round % 4 == 0 {
        limits.csvRowBytes = Int.random(in: 1..<60, using: &random)
        limits.csvFields = Int.random(in: 1..<5, using: &random)
        limits.invalidSequences = Int.random(in: 0..<4, using: &random)
      }
      let label = labels[Int.random(in: 0..<labels.count, using: &random)]
      let dialect: CSVDialect? = round % 3 == 0 ? nil : .comma
      let whole = try readCSV(bytes, encoding: label, dialect: dialect, limits: limits)
      let other = try readCSV(
        bytes, cuts[1 + round % (cuts.count - 1)], encoding: label, dialect: dialect, limits: limits)
      if whole != other { Issue.record("round \(round): \(whole) differs from \(other)") }
      // Positions never run backwards, and lines are never before their predecessors.
      for (row, next) in zip(whole.rows, whole.rows.dropFirst()) {
        #expect(row.offset < next.offset && row.line < next.line)
        #expect(row.sources == row.sources.sorted())
      }
    }
  }
}

extension String {
  /// The test encoder knows no four-byte characters beyond the first plane.
  fileprivate var replacingGrin: String { String(map { $0 == "😀" ? "é" : $0 }) }
}
