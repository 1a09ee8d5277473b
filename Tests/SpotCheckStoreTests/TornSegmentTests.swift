import Glibc
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem
import Testing

/// A file that is cut while it is open and mapped: no signal ends the process, nothing traps, and no number of it is
/// given out, also where every checksum had been compared before.
@Suite("Segments cut while they are read")
struct TornSegmentTests {
  private static let isExhaustive = Machine.environment("SPOTCHECK_EXHAUSTIVE") == "1"

  /// Larger than a few pages.
  private let tables = TestTables.random(seed: 5, samples: 300, items: 900, distinct: 200)

  private func expectDamage(_ path: String, _ what: String, _ body: () throws -> Void) {
    do {
      try body()
      Issue.record("not noticed: \(what)")
    } catch {
      #expect((error as? StoreError)?.isDamage == true, "\(what): \(error)")
      #expect((error as? StoreError)?.path == path, "\(what)")
    }
  }

  @Test("at any length, before or after it was read once", arguments: [0, 1], [false, true])
  func cut(file: Int, isRead: Bool) throws {
    let scratch = try Scratch()
    let description = try SegmentWriter.write(tables, into: scratch.layout)
    let path = [scratch.layout.samplesFile(description.id), scratch.layout.itemsFile(description.id)][file]
    let sound = try InputFile.contents(of: path)
    #expect(sound.count > 3 * 4096)
    let step = TornSegmentTests.isExhaustive ? 1 : 3001
    for length in Array(stride(from: 0, to: sound.count, by: step)) + [sound.count - 1] {
      try overwrite(path, sound)
      let segment = try Segment(description, in: scratch.layout)
      if isRead { _ = try segment.readTables() }
      #expect(truncate(path, length) == 0)
      expectDamage(path, "reading, length \(length)") { _ = try segment.readTables() }
      expectDamage(path, "verifying, length \(length)") { try segment.verify() }
      // What is written back does not make the old mapping trustworthy.
      let descriptor = Glibc.open(path, O_WRONLY)
      try StandardStreams.writeAll(descriptor, sound)
      _ = Glibc.close(descriptor)
      expectDamage(path, "after repair, length \(length)") { _ = try segment.readTables() }
    }
    try overwrite(path, sound)
    try Segment(description, in: scratch.layout).verify()
  }

  @Test("while rows are lent to be counted, from any column")
  func whileCounting() throws {
    // Few different texts, so that codes are bytes.
    let tables = TestTables.random(seed: 5, samples: 300, items: 900, distinct: 40)
    let scratch = try Scratch()
    let description = try SegmentWriter.write(tables, into: scratch.layout)
    let path = scratch.layout.samplesFile(description.id)
    let sound = try InputFile.contents(of: path)
    for length in [0, 4096, sound.count - 1] {
      let segment = try Segment(description, in: scratch.layout)
      func sum(_ isCut: Bool) throws -> Int? {
        try segment.withRows((.verdict, .bureau, .purpose, .level), .sampled, .flags, 10..<200) {
          one, two, three, four, days, flags in
          if isCut { truncate(path, length) }
          var sum = 0
          for row in 0..<190 { sum += Int(one[row]) + Int(two[row]) + Int(three[row]) + Int(four[row]) }
          return sum + days.count + flags.count
        }
      }
      let whole = try sum(false)
      #expect(try #require(whole) > 380)
      expectDamage(path, "counting, length \(length)") { _ = try sum(true) }
      try overwrite(path, sound)
    }
  }

  @Test("in the middle of a reading, texts are empty rather than out of bounds")
  func during() throws {
    for length in [0, 4096, 8192] {
      let scratch = try Scratch()
      let description = try SegmentWriter.write(tables, into: scratch.layout)
      let path = scratch.layout.samplesFile(description.id)
      for column in SampleText.allCases {
        let segment = try Segment(description, in: scratch.layout)
        _ = try segment.readTables()
        let sound = try InputFile.contents(of: path)
        expectDamage(path, "\(column)") {
          try segment.withDictionary(of: column) { offsets, bytes in
            truncate(path, length)
            for index in 0..<offsets.count - 1 {
              let range = TextOffsets.range(offsets, index, byteCount: bytes.count)
              #expect(range.upperBound <= bytes.count)
            }
          }
        }
        try overwrite(path, sound)
      }
    }
  }

  @Test("a segment that is removed while it is read is read to its end")
  func removed() throws {
    let scratch = try Scratch()
    let description = try SegmentWriter.write(tables, into: scratch.layout)
    let segment = try Segment(description, in: scratch.layout)
    try FileSystem.removeFile(scratch.layout.samplesFile(description.id))
    try FileSystem.removeFile(scratch.layout.itemsFile(description.id))
    try segment.verify()
  }
}
