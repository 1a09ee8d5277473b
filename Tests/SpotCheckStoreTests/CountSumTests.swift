import SpotCheckModel
import Testing

@testable import SpotCheckStore

@Suite("Counts of many segments")
struct CountSumTests {
  /// A segment as written, and its rows.
  private struct Written {
    var samples: SampleTable
    var description: SegmentDescription
    var segment: Segment
  }

  private func write(_ seed: UInt64, _ scratch: Scratch, counted: Bool = true) throws -> Written {
    let tables = TestTables.random(seed: seed, samples: 90, items: 90, distinct: 4)
    var description = try SegmentWriter.write(tables, into: scratch.layout)
    if !counted { description.counts = nil }
    return Written(
      samples: tables.samples, description: description, segment: try Segment(description, in: scratch.layout))
  }

  /// Slow and obvious: a text for each row that counts.
  private func naive(_ parts: [(Written, RowsSaid)]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for (written, said) in parts {
      for row in 0..<written.samples.rowCount where !said.closed.contains(UInt32(row)) {
        var cells = SegmentCounts.columns.map { written.samples[$0].string(row) }
        var flags = SampleFlags(rawValue: written.samples.flags[row]).intersection(SegmentCounts.flags)
        if said.pending.contains(UInt32(row)) { flags.insert(.pending) }
        if said.settled.contains(UInt32(row)) { flags.remove(.pending) }
        cells.append(String(flags.rawValue))
        cells.append(written.samples[.sampled].day(row).map { "\($0.civil.year)-\($0.civil.month)" } ?? "")
        counts[cells.joined(separator: "|"), default: 0] += 1
      }
    }
    return counts
  }

  private func texts(_ table: SegmentCountTable) -> [String: Int] {
    var counts: [String: Int] = [:]
    for row in 0..<table.rowCount {
      var cells = table.texts.indices.map { table.texts[$0][Int(table.codes[$0][row])] }
      cells.append(String(table.flags[row]))
      let day = table.days[row] == DayColumn.missing ? nil : CalendarDay(daysSinceEpoch: table.days[row])
      cells.append(day.map { "\($0.civil.year)-\($0.civil.month)" } ?? "")
      counts[cells.joined(separator: "|"), default: 0] += Int(table.counts[row])
    }
    return counts
  }

  @Test("say what the rows say, whether or not a segment has counts of its own", arguments: [true, false])
  func sums(_ counted: Bool) throws {
    let scratch = try Scratch()
    let (one, two) = (try write(1, scratch, counted: counted), try write(2, scratch))
    let said = RowsSaid(closed: [0, 7, 33], pending: [2, 7, 40], settled: [3, 41, 89])
    var sum = CountSum()
    if counted {
      #expect(try sum.add(one.description, said, open: { one.segment }))
    } else {
      try sum.add(one.segment, said)
    }
    #expect(try sum.add(two.description, RowsSaid(), open: { two.segment }))
    let table = try #require(sum.table())
    #expect(texts(table) == naive([(one, said), (two, RowsSaid())]))

    // The other way round, from the rows alone: the same bytes.
    var other = CountSum()
    try other.add(two.segment, RowsSaid())
    try other.add(one.segment, said)
    #expect(other.table()?.bytes == table.bytes)
  }

  @Test("follow what is said about rows later, and segments that go")
  func changes() throws {
    let scratch = try Scratch()
    let (one, two) = (try write(3, scratch), try write(4, scratch))
    let first = RowsSaid(closed: [1, 2], pending: [5], settled: [6])
    let later = RowsSaid(closed: [2, 5, 9], pending: [6], settled: [7])
    var sum = CountSum()
    _ = try sum.add(one.description, first, open: { one.segment })
    _ = try sum.add(two.description, RowsSaid(), open: { two.segment })
    try sum.change(one.segment, from: first, to: later)
    #expect(texts(try #require(sum.table())) == naive([(one, later), (two, RowsSaid())]))
    _ = try sum.add(two.description, RowsSaid(), sign: -1, open: { two.segment })
    var alone = CountSum()
    try alone.add(one.segment, later)
    #expect(sum.table() == alone.table())
    // Taken off twice: no number of samples.
    _ = try sum.add(two.description, RowsSaid(), sign: -1, open: { two.segment })
    #expect(sum.table() == nil)
  }

  @Test("a row that is not there is damage, and no trap")
  func outside() throws {
    let scratch = try Scratch()
    let one = try write(5, scratch)
    var sum = CountSum()
    #expect(throws: StoreError.self) {
      try sum.add(one.description, RowsSaid(closed: [90]), open: { one.segment })
    }
  }

  @Test("survive as bytes, and no bit of them may be another")
  func bytes() throws {
    let scratch = try Scratch()
    let one = try write(6, scratch)
    var sum = CountSum()
    try sum.add(one.segment, RowsSaid())
    let table = try #require(sum.table())
    let bytes = table.bytes
    #expect(SegmentCountTable(bytes: bytes) == table)
    #expect(CountSum(table).table() == table)
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      #expect(SegmentCountTable(bytes: damaged) == nil)
    }
    for length in 0..<min(200, bytes.count) { #expect(SegmentCountTable(bytes: Array(bytes[..<length])) == nil) }
    #expect(SegmentCountTable(bytes: try #require(CountSum().table()).bytes)?.rowCount == 0)
  }

  @Test("whatever the bytes are, with a checksum that fits, nothing traps", arguments: 0..<40 as Range<UInt64>)
  func hostile(_ seed: UInt64) throws {
    let scratch = try Scratch()
    let one = try write(7, scratch)
    var sum = CountSum()
    try sum.add(one.segment, RowsSaid())
    let sound = try #require(sum.table()).bytes
    var generator = SplitMix(state: seed)
    for _ in 0..<50 {
      var bytes = Array(sound.dropLast(8))
      for _ in 0..<1 + generator.below(4) { bytes[5 + generator.below(bytes.count - 5)] = UInt8(generator.below(256)) }
      let hash = XXH64.hash(bytes.span)
      for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: hash >> UInt64(8 * place))) }
      guard let table = SegmentCountTable(bytes: bytes) else { continue }
      for column in table.texts.indices {
        #expect(table.codes[column].allSatisfy { Int($0) < table.texts[column].count })
      }
    }
  }
}
