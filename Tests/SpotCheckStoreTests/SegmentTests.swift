import SpotCheckDigest
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem
import Testing

@Suite("Segments")
struct SegmentTests {
  @Test(
    "what is written is read",
    arguments: [(0, 0, 1), (1, 0, 5), (1, 1, 5), (7, 23, 3), (64, 64, 40), (300, 900, 126), (500, 200, 4000)])
  func roundTrip(samples: Int, items: Int, distinct: Int) throws {
    let scratch = try Scratch()
    let tables = TestTables.random(seed: UInt64(samples), samples: samples, items: items, distinct: distinct)
    let description = try SegmentWriter.write(tables, into: scratch.layout)
    let segment = try Segment(description, in: scratch.layout)
    #expect(segment.sampleCount == samples)
    #expect(segment.itemCount == tables.items.rowCount)
    #expect(TestTables.lines(try segment.readTables()) == TestTables.lines(tables))
    try segment.verify()
    try Segment(description, in: scratch.layout, copying: true).verify()
    #expect(try Segment.adopt(description.id, in: scratch.layout) == description)
  }

  @Test("codes take 1, 2 or 4 bytes, as the dictionary needs", arguments: [(127, 1), (128, 2), (32767, 2), (32768, 4)])
  func widths(entries: Int, width: Int) throws {
    let scratch = try Scratch()
    var tables = TestTables.random(seed: 1, samples: 1, items: 0)
    // One entry is the empty text, so `entries` texts make codes up to `entries`.
    var column = TextColumn()
    for entry in 1..<entries { _ = column.dictionary.intern("n\(entry)") }
    column.append(column.dictionary.intern("last"))
    tables.samples.text[SampleText.unitName.rawValue] = column
    let segment = try Segment(try SegmentWriter.write(tables, into: scratch.layout), in: scratch.layout)
    #expect(try segment.withCodes(SampleText.unitName) { $0.width } == width)
    #expect(try segment.codes(of: SampleText.unitName) == [UInt32(entries)])
    #expect(try segment.dictionary(of: SampleText.unitName)[entries] == "last")
  }

  @Test("columns are lent as they were written")
  func columns() throws {
    let scratch = try Scratch()
    let tables = TestTables.random(seed: 3, samples: 40, items: 100)
    let segment = try Segment(try SegmentWriter.write(tables, into: scratch.layout), in: scratch.layout)
    for column in SampleText.allCases {
      let codes = tables.samples[column].codes
      #expect(try segment.codes(of: column) == codes)
      #expect(try segment.withCodes(column) { view in (0..<view.count).map { view[$0] } } == codes)
      let entries = try segment.dictionary(of: column)
      #expect(codes.map { entries[Int($0)] } == (0..<40).map { tables.samples[column].string($0) })
    }
    for column in ItemText.allCases { #expect(try segment.codes(of: column) == tables.items[column].codes) }
    for row in 0..<40 {
      #expect(
        try segment.plainText(.samplingNumber, row: row) == tables.samples[SamplePlainText.samplingNumber].string(row))
    }
    let missing = try segment.withDays(.received) { days in (0..<days.count).count { days[$0] == DayColumn.missing } }
    #expect(missing == tables.samples[.received].days.count { $0 == DayColumn.missing })
    let values = try segment.withDecimals(.limitHigh) { mantissas, scales in
      (0..<scales.count).map { scales[$0] == DecimalColumn.missing ? nil : mantissas[$0] }
    }
    #expect(values == (0..<100).map { tables.items[.limitHigh].value($0)?.mantissa })
    #expect(try segment.withHashes(.contentHigh) { $0[39] } == tables.samples.contentHashHigh[39])
    #expect(try segment.withItemPositions(.byteOffset) { $0[99] } == 9900)
    #expect(try segment.withSamplePositions(.line) { $0[39] } == 41)
    #expect(try segment.withItemNumbers(.flags) { $0[7] } == tables.items.flags[7])
    #expect(try segment.withNumbers(.flags) { $0[7] } == tables.samples.flags[7])
  }

  @Test("many tasks may use one segment at once")
  func concurrency() async throws {
    let scratch = try Scratch()
    let tables = TestTables.random(seed: 14, samples: 200, items: 300)
    let segment = try Segment(try SegmentWriter.write(tables, into: scratch.layout), in: scratch.layout)
    let expected = TestTables.lines(tables)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          _ = try segment.dictionary(of: SampleText.product)
          return try TestTables.lines(segment.readTables()) == expected
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }

  @Test("columns of one query are lent together, as a scan wants them")
  func nested() throws {
    let scratch = try Scratch()
    let tables = TestTables.random(seed: 15, samples: 100, items: 0)
    let segment = try Segment(try SegmentWriter.write(tables, into: scratch.layout), in: scratch.layout)
    let counts = try segment.withCodes(SampleText.category) { category in
      try segment.withCodes(SampleText.district) { district in
        try segment.withDays(.sampled) { days in
          (0..<category.count).count { category[$0] == district[$0] && days[$0] != DayColumn.missing }
        }
      }
    }
    let expected = (0..<100).count { row in
      tables.samples[.category].codes[row] == tables.samples[.district].codes[row]
        && tables.samples[.sampled].day(row) != nil
    }
    #expect(counts == expected)
  }

  @Test("a block of codes is widened into the caller's buffer")
  func widening() throws {
    let scratch = try Scratch()
    let tables = TestTables.random(seed: 4, samples: 50, items: 0)
    let segment = try Segment(try SegmentWriter.write(tables, into: scratch.layout), in: scratch.layout)
    var buffer = [UInt32](repeating: 99, count: 12)
    try segment.withCodes(SampleText.lab) { view in
      var target = buffer.mutableSpan
      view.copy(rows: 20..<30, into: &target)
    }
    #expect(buffer == Array(tables.samples[.lab].codes[20..<30]) + [99, 99])
  }

  @Test("items that arrive interleaved are brought together, in order of delivery", arguments: 0..<8 as Range<UInt64>)
  func interleaved(seed: UInt64) throws {
    let scratch = try Scratch()
    let tables = TestTables.random(seed: seed, samples: 9, items: 50, interleaved: true)
    let segment = try Segment(try SegmentWriter.write(tables, into: scratch.layout), in: scratch.layout)
    try segment.verify()
    let read = try segment.readTables()
    let delivered = TestTables.lines(tables).items
    let stored = TestTables.lines(read).items
    for sample in 0..<9 {
      let first = Int(read.samples.firstItem[sample])
      let range = first..<first + Int(read.samples.itemCount[sample])
      let expected = zip(tables.items.sample, delivered).filter { $0.0 == UInt32(sample) }.map(\.1)
      #expect(Array(stored[range]) == expected)
    }
  }

  @Test("the same tables give the same bytes, and writing again changes nothing")
  func determinism() throws {
    let one = try Scratch()
    let two = try Scratch()
    let tables = TestTables.random(seed: 5, samples: 30, items: 90, interleaved: true)
    let first = try SegmentWriter.write(tables, into: one.layout)
    #expect(try SegmentWriter.write(tables, into: two.layout) == first)
    for path in [StoreLayout.samplesFile, StoreLayout.itemsFile] {
      #expect(
        try InputFile.contents(of: path(one.layout)(first.id)) == InputFile.contents(of: path(two.layout)(first.id)))
    }
    let before = try FileSystem.list(one.layout.segments)
    #expect(try SegmentWriter.write(tables, into: one.layout) == first)
    #expect(try FileSystem.list(one.layout.segments) == before, "not even the inode has changed")
    #expect(before.allSatisfy { $0.status.mode == 0o440 })
    #expect(try one.layout.listSegments().whole == [first.id])
  }

  @Test("a damaged file is replaced when its segment is written again")
  func healing() throws {
    let scratch = try Scratch()
    let tables = TestTables.random(seed: 6, samples: 3, items: 3)
    let description = try SegmentWriter.write(tables, into: scratch.layout)
    let path = scratch.layout.itemsFile(description.id)
    var bytes = try InputFile.contents(of: path)
    bytes[bytes.count / 2] ^= 1
    try DurableWriter.write(bytes, to: path)
    #expect(throws: StoreError.self) { try Segment(description, in: scratch.layout).verify() }
    _ = try SegmentWriter.write(tables, into: scratch.layout)
    try Segment(description, in: scratch.layout).verify()
  }

  @Test("the description prunes: days, codes, and no list where there are too many")
  func description() throws {
    let scratch = try Scratch()
    var tables = TestTables.random(seed: 8, samples: 600, items: 0)
    var purpose = TextColumn()
    var category = TextColumn()
    for row in 0..<600 {
      purpose.append(purpose.dictionary.intern(["objective", "", "suspect"][row % 3]))
      category.append(category.dictionary.intern("c\(row)"))
    }
    tables.samples.text[SampleText.purpose.rawValue] = purpose
    tables.samples.text[SampleText.category.rawValue] = category
    let description = try SegmentWriter.write(tables, into: scratch.layout)
    #expect(description.values(of: .purpose) == ["", "objective", "suspect"])
    #expect(description.values(of: .category) == nil)
    #expect(description.values(of: .lab) == nil)
    let days = (0..<600).compactMap { tables.samples[.sampled].day($0) }
    #expect(description.firstDay == days.min())
    #expect(description.lastDay == days.max())
    #expect(description.samplesWithoutDay == 600 - days.count)
  }

  @Test("text that is not UTF-8 is refused, because other readers of the file would choke on it")
  func invalidText() throws {
    let scratch = try Scratch()
    var tables = TestTables.random(seed: 9, samples: 1, items: 0)
    tables.samples.text[0] = TextColumn()
    tables.samples.text[0].append([0xCE, 0xF7].span)
    #expect(throws: StoreError.self) { try SegmentWriter.write(tables, into: scratch.layout) }
    #expect(try FileSystem.names(in: scratch.layout.segments).isEmpty)
  }

  @Test("every call that fails while writing is reported and leaves no segment and no litter")
  func faults() throws {
    let scratch = try Scratch()
    let tables = TestTables.random(seed: 10, samples: 5, items: 5)
    for operation in [FaultPlan.Operation.open, .write, .sync, .close, .rename] {
      let count = try {
        let plan = FaultPlan([])
        let scratch = try Scratch()
        _ = try FaultPlan.with(plan) { try SegmentWriter.write(tables, into: scratch.layout) }
        return plan.calls(of: operation)
      }()
      for call in 1...count {
        // Opening the file that may exist already is allowed to fail: it does not exist.
        let outcome = Result {
          try FaultPlan.with(FaultPlan(operation, call: call, .fail(28))) {
            try SegmentWriter.write(tables, into: scratch.layout)
          }
        }
        let names = try FileSystem.names(in: scratch.layout.segments)
        #expect(names.allSatisfy { StoreLayout.segmentID(ofFile: $0) != nil }, "litter after \(operation) \(call)")
        switch outcome {
        case .success(let description): try Segment(description, in: scratch.layout).verify()
        case .failure(let error): #expect((error as? StoreError)?.description.contains("ENOSPC") == true)
        }
        // The next run heals.
        try Segment(try SegmentWriter.write(tables, into: scratch.layout), in: scratch.layout).verify()
        for name in names { try FileSystem.removeFile(PathText.join(scratch.layout.segments, name)) }
        for name in try FileSystem.names(in: scratch.layout.segments) {
          try FileSystem.removeFile(PathText.join(scratch.layout.segments, name))
        }
      }
    }
  }

  /// Foundation's reader traps on exactly this text; found by `make fuzz`.
  @Test("a description that nests without end is none")
  func nestedDescription() {
    #expect(SegmentDescription(json: String(repeating: "[", count: 513)) == nil)
  }
}
