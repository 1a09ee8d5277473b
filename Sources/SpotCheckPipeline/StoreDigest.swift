public import SpotCheckCatalogue
import SpotCheckDigest
import SpotCheckModel
public import SpotCheckStore

/// The identity of what a snapshot says, whatever it is kept in.
///
/// SHA-256 over the digests of all counting samples, sorted; a sample's digest covers every field of it and of its items,
/// and whether it is pending. It depends neither on segments and dictionaries nor on the order of import, numbers of
/// batches or times: two stores with the same digest give the same answers. ``provenance`` covers as well which file,
/// line and byte each sample and item came from, and of how many rows it was made.
public struct StoreDigest: Sendable, Hashable {
  public var snapshot: SnapshotNumber
  public var samples: Int
  public var items: Int
  /// 64 hex digits.
  public var content: String
  /// 64 hex digits.
  public var provenance: String

  /// Reads every counting row. Holds 64 bytes a sample, beside one segment.
  ///
  /// - Throws: ``CatalogueError``, ``StoreError``.
  public init(layout: StoreLayout, catalogue: Catalogue, at snapshot: SnapshotNumber? = nil) throws {
    let state = try StoreState(catalogue, at: snapshot ?? catalogue.latestSnapshot())
    var digests = SampleDigests()
    for stored in state.segments {
      let segment = try Segment(try SegmentDescription(record: stored.record), in: layout)
      try digests.add(segment, closed: state.closed[stored.record.id], marks: state.marks[stored.record.id] ?? [:])
    }
    self.snapshot = state.snapshot
    samples = digests.content.count
    items = digests.items
    content = StoreDigest.combine(&digests.content, "content", items: digests.items)
    provenance = StoreDigest.combine(&digests.provenance, "provenance", items: digests.items)
  }

  private static func combine(_ digests: inout [ContentDigest], _ name: String, items: Int) -> String {
    digests.sort()
    var hasher = ContentHasher()
    hasher.update(Array("spotcheck store 1 \(name) \(digests.count) samples \(items) items\n".utf8))
    for digest in digests { hasher.update(digest.bytes) }
    return hasher.finalise().hex
  }
}

/// The digests of samples, in no order.
struct SampleDigests {
  var content: [ContentDigest] = []
  var provenance: [ContentDigest] = []
  var items = 0

  /// Adds the counting rows of a segment.
  mutating func add(
    _ segment: Segment, closed: [UInt32: SupersessionReason], marks: [UInt32: MarkKind]
  ) throws {
    let tables = try segment.readTables()
    for row in 0..<tables.samples.rowCount where closed[UInt32(row)] == nil {
      let (said, placed) = SampleDigests.digests(tables, row, mark: marks[UInt32(row)])
      content.append(said)
      provenance.append(placed)
      items += Int(tables.samples.itemCount[row])
    }
  }

  /// The digests of one sample: of what it says, and of that with where it came from.
  static func digests(_ tables: TablePair, _ row: Int, mark: MarkKind?) -> (ContentDigest, ContentDigest) {
    let samples = tables.samples
    var bytes = FieldBytes()
    for column in SampleText.allCases where column != .batch {
      bytes.add(samples.text[column.rawValue], row)
    }
    for column in SamplePlainText.allCases { bytes.add(samples.plainText[column.rawValue], row) }
    for column in SampleDay.allCases { bytes.add(Int64(samples.days[column.rawValue].days[row])) }
    var flags = SampleFlags(rawValue: samples.flags[row])
    switch mark {
    case .pending: flags.insert(.pending)
    case .settled: flags.remove(.pending)
    case nil: break
    }
    bytes.add(Int64(flags.rawValue))
    bytes.add(Int64(bitPattern: samples.contentHashLow[row]))
    bytes.add(Int64(bitPattern: samples.contentHashHigh[row]))

    // In order of their content: the same items in another order say the same.
    let (first, count) = (Int(samples.firstItem[row]), Int(samples.itemCount[row]))
    var items: [ContentDigest] = []
    var placedItems: [ContentDigest] = []
    for item in first..<first + count {
      var fields = FieldBytes()
      for column in ItemText.allCases { fields.add(tables.items.text[column.rawValue], item) }
      for column in ItemDecimal.allCases {
        let decimals = tables.items.decimals[column.rawValue]
        fields.add(Int64(decimals.scales[item]))
        fields.add(decimals.scales[item] == DecimalColumn.missing ? 0 : decimals.mantissas[item])
      }
      fields.add(Int64(tables.items.flags[item]))
      items.append(fields.digest)
      fields.add(tables.items.line[item])
      fields.add(tables.items.byteOffset[item])
      placedItems.append(fields.digest)
    }
    var placed = bytes
    bytes.add(items)
    placed.add(samples.text[SampleText.batch.rawValue], row)
    placed.add(samples.line[row])
    placed.add(samples.byteOffset[row])
    placed.add(Int64(samples.deliveredRows[row]))
    placed.add(placedItems)
    return (bytes.digest, placed.digest)
  }
}

/// Fields one after the other, each behind its length, so that no two different lists of fields have the same bytes.
private struct FieldBytes {
  private var bytes: [UInt8] = []

  var digest: ContentDigest { ContentHasher.digest(of: bytes) }

  mutating func add(_ number: Int64) {
    let bits = UInt64(bitPattern: number)
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
  }

  mutating func add(_ column: TextColumn, _ row: Int) {
    column.dictionary.withBytes(column.codes[row]) { text in
      add(Int64(text.count))
      bytes.append(copying: text)
    }
  }

  mutating func add(_ column: PlainTextColumn, _ row: Int) {
    let text = column.bytes.span.extracting(Int(column.offsets[row])..<Int(column.offsets[row + 1]))
    add(Int64(text.count))
    bytes.append(copying: text)
  }

  mutating func add(_ digests: [ContentDigest]) {
    add(Int64(digests.count))
    for digest in digests.sorted() { bytes += digest.bytes }
  }
}
