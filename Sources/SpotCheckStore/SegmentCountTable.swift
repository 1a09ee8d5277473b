import SpotCheckModel

/// ``SegmentCounts`` or a ``CountSum``, a row for each combination.
public struct SegmentCountTable: Sendable, Hashable {
  /// Beside ``SegmentCounts/columns``: the distinct texts; entry 0 is the empty text, which means missing.
  public let texts: [[String]]
  public internal(set) var codes: [[UInt32]]
  public internal(set) var flags: [UInt32] = []
  /// The first day of the month, days since 1970, or ``DayColumn/missing``.
  public internal(set) var days: [Int32] = []
  public internal(set) var counts: [UInt32] = []

  init(texts: [[String]]) {
    self.texts = texts
    codes = texts.map { _ in [] }
  }

  public var rowCount: Int { counts.count }
}

/// As bytes: what the catalogue keeps about a snapshot.
///
/// `SPCC`, the version 1; for each column the number of its texts and each text behind its length; the number of rows; for
/// each column its codes, then flags, days and counts, each as the width of a number (1, 2 or 4) and the numbers, little
/// endian; XXH64 of all of it. Numbers and lengths outside columns are four bytes, little endian.
extension SegmentCountTable {
  private static let magic: [UInt8] = Array("SPCC".utf8) + [1]

  public var bytes: [UInt8] {
    var out = CountBytes(bytes: SegmentCountTable.magic)
    for column in texts {
      out.append(UInt32(truncatingIfNeeded: column.count), width: 4)
      for text in column {
        out.append(UInt32(truncatingIfNeeded: text.utf8.count), width: 4)
        out.bytes.append(contentsOf: text.utf8)
      }
    }
    out.append(UInt32(truncatingIfNeeded: rowCount), width: 4)
    for column in codes { out.append(column) }
    out.append(flags)
    out.append(days.map { UInt32(bitPattern: $0) })
    out.append(counts)
    let hash = XXH64.hash(out.bytes.span)
    out.append(UInt32(truncatingIfNeeded: hash), width: 4)
    out.append(UInt32(truncatingIfNeeded: hash >> 32), width: 4)
    return out.bytes
  }

  /// Nil if they are not what ``bytes`` made.
  public init?(bytes: [UInt8]) {
    var reader = CountBytes(bytes: bytes)
    guard bytes.count > SegmentCountTable.magic.count + 8, bytes.starts(with: SegmentCountTable.magic) else {
      return nil
    }
    let end = bytes.count - 8
    reader.index = end
    guard let low = reader.number(width: 4), let high = reader.number(width: 4),
      XXH64.hash(bytes.span.extracting(0..<end)) == UInt64(high) << 32 | UInt64(low)
    else { return nil }
    reader.end = end
    reader.index = SegmentCountTable.magic.count
    var texts: [[String]] = []
    for _ in SegmentCounts.columns {
      guard let count = reader.number(width: 4) else { return nil }
      var column: [String] = []
      for _ in 0..<count {
        guard let length = reader.number(width: 4), let text = reader.text(Int(length)) else { return nil }
        column.append(text)
      }
      texts.append(column)
    }
    self.init(texts: texts)
    guard let rows = reader.number(width: 4).map({ Int($0) }) else { return nil }
    for column in texts.indices {
      guard let codes = reader.numbers(rows), rows == 0 || SegmentCountTable.largest(codes) < texts[column].count else {
        return nil
      }
      self.codes[column] = codes
    }
    guard let flags = reader.numbers(rows), let days = reader.numbers(rows), let counts = reader.numbers(rows),
      reader.index == end
    else { return nil }
    self.flags = flags
    self.days = days.map { Int32(bitPattern: $0) }
    self.counts = counts
  }
}

extension SegmentCountTable {
  private static func largest(_ codes: [UInt32]) -> Int {
    let codes = codes.span
    var largest: UInt32 = 0
    for index in codes.indices { largest = max(largest, codes[index]) }
    return Int(largest)
  }
}

/// Numbers as bytes, and back.
private struct CountBytes {
  var bytes: [UInt8]
  var index = 0
  /// Nothing is read from here on.
  lazy var end = bytes.count

  mutating func append(_ number: UInt32, width: Int) {
    for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(8 * place))) }
  }

  mutating func append(_ column: [UInt32]) {
    let largest = column.max() ?? 0
    let width = largest <= 0xFF ? 1 : largest <= 0xFFFF ? 2 : 4
    bytes.append(UInt8(width))
    for number in column { append(number, width: width) }
  }

  mutating func number(width: Int) -> UInt32? {
    guard end - index >= width else { return nil }
    var number: UInt32 = 0
    for place in 0..<width { number |= UInt32(bytes[index + place]) << UInt32(8 * place) }
    index += width
    return number
  }

  mutating func text(_ length: Int) -> String? {
    guard end - index >= length else { return nil }
    let start = index
    index += length
    guard let text = try? UTF8Span(validating: bytes.span.extracting(start..<start + length)) else { return nil }
    return String(copying: text)
  }

  mutating func numbers(_ count: Int) -> [UInt32]? {
    guard let width = number(width: 1).map({ Int($0) }), [1, 2, 4].contains(width),
      count <= (end - index) / width
    else { return nil }
    let start = index
    index += count * width
    var numbers = [UInt32](repeating: 0, count: count)
    var target = numbers.mutableSpan
    let source = bytes.span.extracting(start..<start + count * width)
    switch width {
    case 1: for row in 0..<count { target[row] = UInt32(source[row]) }
    case 2: for row in 0..<count { target[row] = UInt32(source[2 * row]) | UInt32(source[2 * row + 1]) << 8 }
    default:
      for row in 0..<count {
        let low = UInt32(source[4 * row]) | UInt32(source[4 * row + 1]) << 8
        target[row] = low | UInt32(source[4 * row + 2]) << 16 | UInt32(source[4 * row + 3]) << 24
      }
    }
    return numbers
  }
}
