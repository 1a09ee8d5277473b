import SpotCheckModel
import Testing

@testable import SpotCheckStore

@Suite("Counts kept with a segment")
struct SegmentCountsTests {
  private func tables(_ seed: UInt64, _ rows: Int) -> SampleTable {
    TestTables.random(seed: seed, samples: rows, items: rows, distinct: 5, interleaved: false).samples
  }

  /// Slow and obvious: a text for each row.
  private func naive(_ samples: SampleTable) -> [String: Int] {
    var counts: [String: Int] = [:]
    for row in 0..<samples.rowCount {
      var parts = SegmentCounts.columns.map { samples[$0].string(row) }
      parts.append(String(samples.flags[row] & SegmentCounts.flags.rawValue))
      parts.append(samples[.sampled].day(row).map { "\($0.civil.year)-\($0.civil.month)" } ?? "")
      counts[parts.joined(separator: "|"), default: 0] += 1
    }
    return counts
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>) func sayWhatTheRowsSay(_ seed: UInt64) throws {
    let samples = tables(seed, 300)
    let counts = try #require(SegmentCounts(of: samples, leastRows: 1, leastShare: 1))
    let table = try #require(counts.table())
    var found: [String: Int] = [:]
    for row in 0..<table.rowCount {
      var parts = table.texts.indices.map { table.texts[$0][Int(table.codes[$0][row])] }
      parts.append(String(table.flags[row]))
      let day = table.days[row] == DayColumn.missing ? nil : CalendarDay(daysSinceEpoch: table.days[row])
      if let day { #expect(day.civil.day == 1) }
      parts.append(day.map { "\($0.civil.year)-\($0.civil.month)" } ?? "")
      found[parts.joined(separator: "|"), default: 0] += Int(table.counts[row])
    }
    #expect(found == naive(samples))
    #expect(found.values.reduce(0, +) == 300)
  }

  @Test("survive the description's JSON, and are none in one of an older program")
  func json() throws {
    let samples = tables(3, 40)
    let description = SegmentDescription(of: samples, itemRows: 0)
    let read = try #require(SegmentDescription(json: description.json()))
    #expect(read == description && read.counts?.table() != nil)
    var old = description
    old.counts = nil
    #expect(SegmentDescription(json: old.json())?.counts == nil)
  }

  @Test("are not used when a bit of them is wrong")
  func damaged() throws {
    var counts = try #require(SegmentCounts(of: tables(4, 60), leastRows: 1, leastShare: 1))
    let sound = counts
    for index in stride(from: 0, to: counts.rows.utf8.count, by: 7) {
      var bytes = Array(sound.rows.utf8)
      bytes[index] ^= 1
      counts.rows = String(decoding: bytes, as: UTF8.self)
      #expect(counts.table() == nil)
    }
    counts = sound
    counts.texts[1].append("more")
    #expect(counts.table() == nil)
  }

  @Test("are not made of few samples, or of samples that are all different")
  func worth() {
    let samples = tables(5, 600)
    #expect(SegmentCounts(of: samples, leastRows: 601, leastShare: 1) == nil)
    #expect(SegmentCounts(of: samples, leastRows: 1, leastShare: 601) == nil)
    #expect(SegmentCounts(of: SampleTable(), leastRows: 0, leastShare: 1) == nil)
  }
}
