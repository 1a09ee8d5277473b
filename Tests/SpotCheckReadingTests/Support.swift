import CZlib
import SpotCheckModel

@testable import SpotCheckReading

/// splitmix64: every test draws from a seed of its own.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// How a payload may be cut: reading must give the same for each.
let cuts: [MemorySource.Pieces] = [
  .whole, .fixed(1), .fixed(2), .fixed(7), .random(seed: 1, upTo: 5), .random(seed: 2, upTo: 64),
  .random(seed: 3, upTo: 5000),
]

/// A record as read, free of chunk offsets.
struct ReadRow: Equatable, CustomStringConvertible {
  var cells: [String]
  var sources: [Int]
  var raw: String
  var line: Int
  var offset: Int
  var isDamaged: Bool

  var description: String { "\(line)@\(offset)\(isDamaged ? "!" : "") \(cells) \(sources)" }
}

/// Everything a reading gave.
struct Reading: Equatable {
  var rows: [ReadRow] = []
  /// Rows of each chunk: the borders too must not depend on cuts.
  var chunks: [Int] = []
  var diagnostics: [Diagnostic] = []
  var dialect: CSVDialect?
  var encoding: TextEncoding?
  var hasFailed = false

  var codes: [DiagnosticCode] { diagnostics.map(\.code) }
  var fatal: DiagnosticCode? { diagnostics.first { $0.severity == .fatal }?.code }
  var texts: [[String]] { rows.map(\.cells) }
}

func readCSV(
  _ bytes: [UInt8], _ pieces: MemorySource.Pieces = .whole, name: String = "", encoding: String = "auto",
  dialect: CSVDialect? = nil, limits: ReadingLimits = .init()
) throws -> Reading {
  var reader = CSVReader(
    MemorySource(bytes, pieces: pieces), name: name, encoding: encoding, dialect: dialect, limits: limits)
  var chunk = RecordChunk()
  var reading = Reading()
  while try reader.next(into: &chunk) {
    reading.chunks.append(chunk.rows.count)
    for row in chunk.rows {
      let cells = chunk.cells(of: row)
      reading.rows.append(
        ReadRow(
          cells: cells.map { chunk.text(of: $0) }, sources: cells.map { chunk.payloadStart + Int($0.source) },
          raw: chunk.rawText(of: row) ?? "", line: row.line, offset: row.byteOffset, isDamaged: row.isDamaged))
    }
    reading.diagnostics += reader.takeDiagnostics()
  }
  reading.diagnostics += reader.takeDiagnostics()
  reading.dialect = reader.dialect
  reading.encoding = reader.encoding
  reading.hasFailed = reader.hasFailed
  return reading
}

func readCSV(_ text: String, dialect: CSVDialect? = .comma, limits: ReadingLimits = .init()) throws -> Reading {
  try readCSV(Array(text.utf8), dialect: dialect, limits: limits)
}

/// Reads every way of cutting; `body` gets each reading with the first one, which it equals in a right world.
func forEachSplit(
  _ bytes: [UInt8], name: String = "", encoding: String = "auto", dialect: CSVDialect? = nil,
  limits: ReadingLimits = .init(), _ body: (Reading, Reading) throws -> Void
) throws {
  let whole = try readCSV(bytes, .whole, name: name, encoding: encoding, dialect: dialect, limits: limits)
  for cut in cuts {
    try body(
      try readCSV(bytes, cut, name: name, encoding: encoding, dialect: dialect, limits: limits), whole)
  }
}

/// A whole payload, and what was said about it.
func readPayload(
  _ bytes: [UInt8], _ pieces: MemorySource.Pieces = .whole, name: String = "", limits: ReadingLimits = .init(),
  buffer: Int = 1000
) throws -> (payload: [UInt8], diagnostics: [Diagnostic], hasFailed: Bool) {
  var stream = PayloadStream(MemorySource(bytes, pieces: pieces), name: name, limits: limits)
  var payload: [UInt8] = []
  var scratch = [UInt8](repeating: 0, count: buffer)
  while true {
    let count = try scratch.withUnsafeMutableBytes { try stream.read(into: $0) }
    if count == 0 { break }
    payload += scratch[..<count]
  }
  return (payload, stream.takeDiagnostics(), stream.hasFailed)
}

/// One gzip member; `header` replaces the plain ten bytes.
func gzip(_ payload: [UInt8], header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], level: Int32 = 6) -> [UInt8] {
  var stream = z_stream()
  var out = [UInt8](repeating: 0, count: payload.count + payload.count / 100 + 100)
  var input = payload
  deflateInit2_(
    &stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  let made = input.withUnsafeMutableBufferPointer { source in
    out.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      deflate(&stream, Z_FINISH)
      return target.count - Int(stream.avail_out)
    }
  }
  deflateEnd(&stream)
  func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  let checksum = payload.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, payload.count)) }
  return header + out[..<made] + little(checksum) + little(UInt32(truncatingIfNeeded: payload.count))
}

/// GB18030 bytes of a text of characters known to these tests.
func gbk(_ text: String) -> [UInt8] {
  let tables = GB18030.tables
  var result: [UInt8] = []
  for scalar in text.unicodeScalars {
    if scalar.value < 0x80 {
      result.append(UInt8(scalar.value))
      continue
    }
    if let index = (0..<126 * 191).first(where: { tables.two[$0] == scalar.value }) {
      result += [UInt8(0x81 + index / 191), UInt8(0x40 + index % 191)]
    } else if let index = (0..<39420).first(where: { tables.four[$0] == scalar.value }) {
      result += [
        UInt8(0x81 + index / 12600), UInt8(0x30 + index / 1260 % 10), UInt8(0x81 + index / 10 % 126),
        UInt8(0x30 + index % 10),
      ]
    }
  }
  return result
}

func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
  text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
}
