import Foundation
import SpotCheckModel
import SpotCheckStore
import Testing

@testable import SpotCheckQuery

/// What a segment lends to those who count, against copies of its columns.
struct LentRowsTests {
  private struct Rows: Equatable {
    var codes: [[UInt8]] = []
    var days: [Int32] = []
    var flags: [UInt32] = []
  }

  private static func copy<T>(_ span: Span<T>) -> [T] { span.indices.map { span[$0] } }

  private func rows(
    _ lend: ((Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<UInt8>, Span<Int32>, Span<UInt32>) throws -> Void) throws
      -> Void
  ) throws -> Rows {
    var rows = Rows()
    try lend { one, two, three, four, days, flags in
      rows.codes = [
        LentRowsTests.copy(one), LentRowsTests.copy(two), LentRowsTests.copy(three), LentRowsTests.copy(four),
      ]
      rows.days = LentRowsTests.copy(days)
      rows.flags = LentRowsTests.copy(flags)
    }
    return rows
  }

  private func withSegment(
    rows: Int, change: (inout SampleTable) -> Void = { _ in }, _ body: (StoredQuerySegment, TablePair) throws -> Void
  ) throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    let layout = StoreLayout(root: root.path)
    try layout.createFolders()
    var numbers = SeededNumbers(state: 5)
    var tables = RandomStore.tables(rows: rows, &numbers)
    change(&tables.samples)
    let description = try SegmentWriter.write(tables, into: layout)
    try body(StoredQuerySegment(try Segment(description, in: layout)), tables)
  }

  @Test func rowsAreLentAsTheyAreCopied() throws {
    try withSegment(rows: 700) { segment, tables in
      // The last has more entries than bytes have values: then all are copies.
      for columns: [SampleText] in [
        [.category, .district, .purpose, .verdict], [.verdict, .verdict, .bureau, .verdict],
      ] {
        for (days, part) in [(SampleDay.sampled, 0..<700), (nil, 13..<699), (.reported, 699..<700), (.received, 5..<5)]
          as [(
            SampleDay?, Range<Int>
          )]
        {
          let lent = try rows { try segment.withRows(columns, days, part, $0) }
          #expect(lent == (try rows { try segment.withCopies(columns, days, part, $0) }))
          #expect(lent.flags == Array(tables.samples.flags[part]))
          #expect(lent.codes[0] == tables.samples[columns[0]].codes[part].map { UInt8($0) })
          #expect(lent.days == days.map { Array(tables.samples[$0].days[part]) } ?? [])
        }
      }
    }
  }

  /// What does not fit into a byte is 255: beyond every table of those who ask for bytes.
  @Test func longDictionariesAreClamped() throws {
    func lengthen(_ samples: inout SampleTable) {
      var column = TextColumn()
      for row in 0..<samples.rowCount {
        let text = Array("text \(row)".utf8)
        column.append(text.span)
      }
      samples.text[SampleText.park.rawValue] = column
    }
    try withSegment(rows: 900, change: lengthen) { segment, tables in
      let lent = try rows { try segment.withRows([.verdict, .park, .bureau, .verdict], nil, 0..<900, $0) }
      #expect(lent.codes[1] == tables.samples[.park].codes.map { UInt8(clamping: $0) })
      #expect(lent.codes[1].last == 255 && lent.codes[1].first == 1)
    }
  }

  @Test func flaggedRowsAreListedIfTheyAreFew() throws {
    let pending = SampleFlags.pending
    func flag(_ samples: inout SampleTable) {
      for row in samples.flags.indices {
        samples.flags[row] = (row % 61 == 7 ? [.pending, .labelOnly] : SampleFlags.labelOnly).rawValue
      }
    }
    try withSegment(rows: 9000, change: flag) { segment, _ in
      let expected = (0..<UInt32(9000)).filter { $0 % 61 == 7 }
      for time in ["first", "again"] {
        let rows = try segment.rows(flagged: pending.rawValue)
        #expect(rows == expected, "\(time)")
      }
      let (all, none) = (
        try segment.rows(flagged: SampleFlags.labelOnly.rawValue),
        try segment.rows(flagged: SampleFlags.refused.rawValue)
      )
      #expect(all == nil && none == [])
    }
  }
}
