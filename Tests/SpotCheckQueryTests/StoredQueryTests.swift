import Foundation
import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem
import Testing

@testable import SpotCheckQuery

/// The same questions over real segment files and a real catalogue.
@Suite struct StoredQueryTests {
  private func decode(_ text: String) throws -> SegmentDescription {
    try JSONDecoder().decode(SegmentDescription.self, from: Data(text.utf8))
  }

  @Test func answersFromFilesAsOfEverySnapshot() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    let layout = StoreLayout(root: root.path)
    try layout.createFolders()
    let catalogue = try Catalogue.create(path: layout.catalogue)
    var numbers = SeededNumbers(state: 21)
    var memory: [VisibleSegment] = []
    for index in 0..<3 {
      let tables = RandomStore.tables(rows: 150 + index, &numbers)
      let description = try SegmentWriter.write(tables, into: layout)
      var publication = Publication(
        batch: BatchRecord(fileDigest: "digest\(index)", payloadDigest: "p\(index)", name: "\(index).csv.gz"))
      publication.segments = [
        SegmentRecord(
          id: description.id, samples: description.sampleRows, items: description.itemRows,
          firstDay: description.firstDay, lastDay: description.lastDay,
          description: String(decoding: try JSONEncoder().encode(description), as: UTF8.self))
      ]
      if let first = memory.first {
        let rows = [UInt32(index), UInt32(100 + index)]
        publication.superseded = [SupersededRows(segment: first.id, rows: rows, reason: .superseded)]
        memory[0].excludedRows = (first.excludedRows + rows).sorted()
      }
      publication.tables = SmallTables.all.all
      let snapshot = try catalogue.publish(publication)
      memory.append(VisibleSegment(TableSegment(id: description.id, tables: tables)))
      memory[index].description = description

      let expected = QuerySource(snapshot: snapshot, segments: memory, tables: SmallTables.all)
      let source = try QuerySource(catalogue: catalogue, layout: layout, decode: decode)
      #expect(source.snapshot == snapshot)
      // A segment whose first or last day is just inside must be read.
      let (first, last) = (try #require(description.firstDay), try #require(description.lastDay))
      for filter in ["sampled_day <= \(first)", "sampled_day >= \(last)", "sampled_day = \(last)"] {
        var query = RateQuery(by: [], filter: try Filter(filter))
        query.pool = true
        let total = try query.run(on: source).total.counts
        #expect(total == (try NaiveQuery(query: query, source: expected).run()).total)
        #expect(total.samples > 0)
      }
      for list in ["category:1,district", "quarter,park,verdict", "analyte,purpose", "producer,month"] {
        for filter in [nil, "category = 10 and year = 2023", "sampled_day < 1999-01-01", "sampling_number = 'N-7'"] {
          var query = RateQuery(by: try Dimension.parse(list: list))
          query.filter = try filter.map { try Filter($0) }
          let result = try query.run(on: source)
          #expect(result.rows == (try query.run(on: expected)).rows)
          #expect(result.total.counts == (try NaiveQuery(query: query, source: expected).run()).total)
          if filter?.contains("1999") == true { #expect(result.scan.segmentsPruned == index + 1) }
        }
      }
    }
    // The past stays as it was.
    let past = try QuerySource(catalogue: catalogue, layout: layout, snapshot: 1, decode: decode)
    #expect(try RateQuery(by: []).run(on: past).total.counts.samples == 150)
    let now = try QuerySource(catalogue: catalogue, layout: layout, decode: decode)
    #expect(try RateQuery(by: []).run(on: now).total.counts.samples == 150 + 151 + 152 - 4)
    #expect(try now.batchNames()["digest1"] == "1.csv.gz")

    var listed = 0
    try ListQuery(.items).report(on: now).rows { _ in listed += 1 }
    #expect(listed > 100)
    let batches = try ListQuery(.batches, columns: ["file", "state"], filter: "file = '1.csv.gz'")
      .report(on: catalogue, snapshot: 3)
    #expect(try CSVEmitter().text(batches) == "file,state\n1.csv.gz,accepted\n")
    for kind in [ListKind.rejects, .runs, .unmapped, .batches] {
      _ = try CSVEmitter().text(try ListQuery(kind).report(on: catalogue, snapshot: 3))
    }
  }
}
