import SpotCheckDigest
import SpotCheckModel
import SpotCheckSystem

extension Segment {
  /// Reads every byte and checks everything that can be checked: digests, checksums, dictionaries, codes, offsets,
  /// texts, missing values, item ranges, and the description.
  /// - Throws: ``StoreError`` naming the file and the first check that failed.
  public func verify() throws {
    let (samplesDigest, itemsDigest, id) = Segment.digests(samples.reader.file, items.reader.file)
    try Segment.compare(samples.path, samplesDigest.hex, description.samples.sha256)
    try Segment.compare(items.path, itemsDigest.hex, description.items.sha256)
    guard id == description.id else {
      throw StoreError.damaged(samples.path, .name, "the two files together are \(id), not \(description.id)")
    }
    try samples.verifyChecksums()
    try items.verifyChecksums()
    let tables = try readTables()
    try verifyValidity(tables)
    try verifyTexts(tables)
    try verifyItems(tables)
    try verifyDescription(tables)
  }

  /// Describes a segment that no catalogue knows, after checking it completely against its name.
  public static func adopt(_ id: String, in layout: StoreLayout) throws -> SegmentDescription {
    let paths = (samples: layout.samplesFile(id), items: layout.itemsFile(id))
    guard StoreLayout.isSegmentID(id) else { throw StoreError.damaged(paths.samples, .name, "it is no segment's name") }
    let files: (samples: MappedFile, items: MappedFile)
    do throws(SystemError) {
      files = (try MappedFile(paths.samples), try MappedFile(paths.items))
    } catch { throw StoreError(error) }
    let (samplesDigest, itemsDigest, found) = digests(files.samples, files.items)
    guard found == id else {
      throw StoreError.damaged(paths.samples, .name, "the two files together are \(found), not \(id)")
    }
    let samples = try read(files.samples, .samples)
    let items = try read(files.items, .items)
    let bare = SegmentDescription(of: SampleTable(), itemRows: 0)
    let tables = try Segment(description: bare, samples: StoredTable(samples), items: StoredTable(items)).readTables()
    var description = SegmentDescription(of: tables.samples, itemRows: tables.items.rowCount)
    description.id = id
    description.samples = file(samples, id, .samples, samplesDigest)
    description.items = file(items, id, .items, itemsDigest)
    try Segment(description: description, samples: StoredTable(samples), items: StoredTable(items)).verify()
    return description
  }

  private static func read(_ file: MappedFile, _ table: SegmentTable) throws(StoreError) -> ArrowFileReader {
    do throws(Malformed) { return try ArrowFileReader(file, table, expectedHash: nil) } catch {
      throw error.inFile(file.path)
    }
  }

  private static func file(
    _ reader: ArrowFileReader, _ id: String, _ table: SegmentTable, _ digest: ContentDigest
  ) -> SegmentDescription.File {
    SegmentDescription.File(
      name: StoreLayout.fileName(id, table), byteCount: reader.file.count, sha256: digest.hex,
      metadataHash: Hex.text(reader.metadataHash))
  }

  private static func digests(
    _ samples: MappedFile, _ items: MappedFile
  ) -> (samples: ContentDigest, items: ContentDigest, id: String) {
    var first = ContentHasher()
    // The whole of a file is never outside of it, so the answers that may be nil are not.
    _ = samples.withColumn(UInt8.self, at: 0, rows: samples.count) { first.update($0) }
    var second = ContentHasher()
    var pair = first
    _ = items.withColumn(UInt8.self, at: 0, rows: items.count) { bytes in
      second.update(bytes)
      pair.update(bytes)
    }
    return (first.finalise(), second.finalise(), String(pair.finalise().hex.prefix(StoreLayout.idLength)))
  }

  private static func compare(_ path: String, _ found: String, _ expected: String) throws(StoreError) {
    guard found == expected else {
      throw .damaged(path, .contentDigest, "SHA-256 is \(found) and must be \(expected)")
    }
  }

  /// A value is marked as missing exactly where the tables say that it is.
  private func verifyValidity(_ tables: TablePair) throws {
    for column in SampleText.allCases {
      try Segment.verifyValidity(samples, column.index) { tables.samples.text[column.rawValue].codes[$0] == 0 }
    }
    for column in SamplePlainText.allCases {
      let offsets = tables.samples.plainText[column.rawValue].offsets
      try Segment.verifyValidity(samples, column.index) { offsets[$0] == offsets[$0 + 1] }
    }
    for column in SampleDay.allCases {
      try Segment.verifyValidity(samples, column.index) {
        tables.samples.days[column.rawValue].days[$0] == DayColumn.missing
      }
    }
    for column in ItemText.allCases {
      try Segment.verifyValidity(items, column.index) { tables.items.text[column.rawValue].codes[$0] == 0 }
    }
    for column in ItemDecimal.allCases {
      let scales = tables.items.decimals[column.rawValue].scales
      for index in [column.mantissaIndex, column.scaleIndex] {
        try Segment.verifyValidity(items, index) { scales[$0] == DecimalColumn.missing }
      }
    }
  }

  private static func verifyValidity(
    _ table: StoredTable, _ column: Int, _ isMissing: (Int) -> Bool
  ) throws {
    let stored = table.reader.columns[column]
    let missing = (0..<table.rows).count { isMissing($0) }
    let bitsFit = try table.withValidity(column) { bits in
      (0..<table.rows).allSatisfy { (bits[$0 >> 3] >> UInt8($0 & 7) & 1 == 0) == isMissing($0) }
    }
    guard missing == stored.nullCount, bitsFit ?? true else {
      throw StoreError.damaged(table.path, .validity, "\(stored.spec.name) marks the wrong values as missing")
    }
  }

  private func verifyTexts(_ tables: TablePair) throws(StoreError) {
    for (column, spec) in zip(tables.samples.text, samples.reader.columns) {
      guard Utf8Texts.areValid(column.dictionary.bytes.span, column.dictionary.offsets.span) else {
        throw .damaged(samples.path, .text, "\(spec.spec.name) is not UTF-8")
      }
    }
    for column in SamplePlainText.allCases {
      let text = tables.samples[column]
      guard Utf8Texts.areValid(text.bytes.span, text.offsets.span) else {
        throw .damaged(samples.path, .text, "\(column.name) is not UTF-8")
      }
    }
    for column in ItemText.allCases {
      let dictionary = tables.items[column].dictionary
      guard Utf8Texts.areValid(dictionary.bytes.span, dictionary.offsets.span) else {
        throw .damaged(items.path, .text, "\(column.name) is not UTF-8")
      }
    }
  }

  private func verifyItems(_ tables: TablePair) throws(StoreError) {
    var next = 0
    for sample in 0..<tables.samples.rowCount {
      let (first, count) = (Int(tables.samples.firstItem[sample]), Int(tables.samples.itemCount[sample]))
      guard first == next, count <= tables.items.rowCount - first else {
        throw .damaged(samples.path, .itemRanges, "the items of sample \(sample) are not where they must be")
      }
      next += count
      for item in first..<next where Int(tables.items.sample[item]) != sample {
        throw .damaged(items.path, .itemRanges, "item \(item) does not belong to sample \(sample)")
      }
    }
    guard next == tables.items.rowCount else {
      throw .damaged(items.path, .itemRanges, "\(tables.items.rowCount - next) items belong to no sample")
    }
  }

  private func verifyDescription(_ tables: TablePair) throws(StoreError) {
    var expected = SegmentDescription(of: tables.samples, itemRows: tables.items.rowCount)
    expected.id = description.id
    expected.samples = description.samples
    expected.items = description.items
    // Counted again wherever they were kept; which segments are worth it is for each program to say.
    expected.counts = description.counts.flatMap { _ in SegmentCounts(of: tables.samples, leastRows: 1, leastShare: 1) }
    guard expected == description else {
      throw .damaged(samples.path, .description, "the catalogue says something else about the rows")
    }
  }
}
