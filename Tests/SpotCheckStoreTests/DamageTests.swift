import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem
import Testing

/// Whatever happens to a segment's bytes is noticed before any of them is used, and never traps.
///
/// By default a spread of positions is tried; with SPOTCHECK_EXHAUSTIVE=1 (use a release build) every bit and every
/// length.
@Suite("Damaged segments")
struct DamageTests {
  private static let isExhaustive = Machine.environment("SPOTCHECK_EXHAUSTIVE") == "1"

  private struct Subject {
    let scratch: Scratch
    let description: SegmentDescription
    let lines: (samples: [String], items: [String])

    init() throws {
      scratch = try Scratch()
      let tables = TestTables.random(seed: 11, samples: 2, items: 3, distinct: 3)
      description = try SegmentWriter.write(tables, into: scratch.layout)
      lines = TestTables.lines(tables)
    }

    var paths: [String] {
      [scratch.layout.samplesFile(description.id), scratch.layout.itemsFile(description.id)]
    }

    /// Verifying and adopting throw a StoreError about that file. Reading throws, or gives what was written: a
    /// reader of ours does not look at validity bitmaps, so damage there cannot mislead it.
    func expectRefusal(_ path: String, _ what: @autoclosure () -> String) {
      do {
        let tables = try Segment(description, in: scratch.layout, copying: true).readTables()
        #expect(TestTables.lines(tables) == lines, "wrong values: \(what())")
      } catch {
        #expect((error as? StoreError)?.isDamage == true, "\(what()): \(error)")
      }
      for attempt in [
        { try Segment(description, in: scratch.layout, copying: true).verify() },
        { _ = try Segment.adopt(description.id, in: scratch.layout) },
      ] {
        do {
          try attempt()
          Issue.record("not noticed: \(what())")
        } catch let error as StoreError {
          guard error.isDamage, StoreLayout.segmentID(ofFile: PathText.name(of: error.path)) != nil else {
            Issue.record("\(what()): \(error)")
            return
          }
        } catch {
          Issue.record("\(what()): \(error)")
        }
      }
    }
  }

  @Test("a flipped bit", arguments: [0, 1])
  func flips(file: Int) throws {
    let subject = try Subject()
    let path = subject.paths[file]
    let sound = try InputFile.contents(of: path)
    // A stride that is prime to everything here visits headers, padding, data, footer and all bits of a byte.
    for bit in stride(from: 0, to: sound.count * 8, by: DamageTests.isExhaustive ? 1 : 599) {
      var bytes = sound
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      try overwrite(path, bytes)
      subject.expectRefusal(path, "bit \(bit)")
    }
    try overwrite(path, sound)
    try Segment(subject.description, in: subject.scratch.layout).verify()
  }

  @Test("a file cut short or made longer", arguments: [0, 1])
  func truncations(file: Int) throws {
    let subject = try Subject()
    let path = subject.paths[file]
    let sound = try InputFile.contents(of: path)
    let step = DamageTests.isExhaustive ? 1 : 211
    for length in Array(stride(from: 0, to: sound.count, by: step)) + [sound.count - 1] {
      try overwrite(path, Array(sound[..<length]))
      subject.expectRefusal(path, "length \(length)")
    }
    try overwrite(path, sound + [0])
    subject.expectRefusal(path, "one byte more")
  }

  /// Damage that somebody has given matching checksums: structure checks must hold on their own.
  @Test("metadata full of nonsense is refused without trapping", arguments: [0, 1])
  func hostileMetadata(file: Int) throws {
    let subject = try Subject()
    let path = subject.paths[file]
    let sound = try InputFile.contents(of: path)
    var generator = SplitMix(state: 12)
    for _ in 0..<(DamageTests.isExhaustive ? 200_000 : 400) {
      var bytes = sound
      for _ in 0...generator.below(3) {
        let position = generator.below(bytes.count)
        bytes[position] = [0, 1, 0x7F, 0x80, 0xFF, UInt8(generator.below(256))][generator.below(6)]
      }
      if bytes == sound { continue }
      try overwrite(path, bytes)
      // The name is made to fit the damaged content, as an attacker would.
      let pair = try subject.paths.map { try InputFile.contents(of: $0) }
      let id = TestDigest.id(pair)
      let layout = subject.scratch.layout
      try overwrite(layout.samplesFile(id), pair[0])
      try overwrite(layout.itemsFile(id), pair[1])
      do {
        let description = try Segment.adopt(id, in: layout)
        // Some changes make another sound segment. Then it must be one in every respect.
        try Segment(description, in: layout).verify()
      } catch is StoreError {}
      try FileSystem.removeFile(layout.samplesFile(id))
      try FileSystem.removeFile(layout.itemsFile(id))
    }
  }

  @Test("only the damaged column is refused, so a query is told the truth about what it reads")
  func lazyChecks() throws {
    let subject = try Subject()
    let path = subject.paths[0]
    var bytes = try InputFile.contents(of: path)
    // The last buffer before the end-of-stream mark is a hash column.
    let mark = try #require(
      (0..<bytes.count - 8).last { Array(bytes[$0..<$0 + 8]) == [255, 255, 255, 255, 0, 0, 0, 0] })
    bytes[mark - 64] ^= 1
    try overwrite(path, bytes)
    let segment = try Segment(subject.description, in: subject.scratch.layout)
    #expect(try segment.codes(of: SampleText.verdict).count == 2)
    let error = #expect(throws: StoreError.self) { try segment.withHashes(.contentHigh) { $0.count } }
    guard case .damaged(.bufferChecksum, _) = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.path == path)
  }

  @Test("a missing file and a wrong description are named")
  func wrongDescription() throws {
    let subject = try Subject()
    var description = subject.description
    description.sampleRows += 1
    #expect(throws: StoreError.self) { _ = try Segment(description, in: subject.scratch.layout) }
    description = subject.description
    description.bureaus = ["other"]
    #expect(throws: StoreError.self) { try Segment(description, in: subject.scratch.layout).verify() }
    try FileSystem.removeFile(subject.paths[1])
    let error = #expect(throws: StoreError.self) { _ = try Segment(subject.description, in: subject.scratch.layout) }
    #expect(error?.description.contains("ENOENT") == true)
  }
}
