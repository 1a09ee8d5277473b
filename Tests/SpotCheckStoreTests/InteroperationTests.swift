import Foundation
import SpotCheckModel
import SpotCheckStore
import Testing

/// Other people's readers see the values that were written. Runs where SPOTCHECK_PYTHON names a Python that has
/// pyarrow and polars.
@Suite(
  "Segments in pyarrow and polars",
  .enabled(
    if: ProcessInfo.processInfo.environment["SPOTCHECK_PYTHON"]?.isEmpty == false, "SPOTCHECK_PYTHON is not set"))
struct InteroperationTests {
  @Test("every value arrives, nulls as nulls", arguments: [(0, 0, 1), (2, 0, 3), (50, 170, 100), (200, 10, 300)])
  func values(samples: Int, items: Int, distinct: Int) throws {
    let scratch = try Scratch()
    let tables = TestTables.random(
      seed: 77, samples: samples, items: items, distinct: distinct, interleaved: items == 170)
    let description = try SegmentWriter.write(tables, into: scratch.layout)
    let stored = try Segment(description, in: scratch.layout).readTables()
    let files = try read([scratch.layout.samplesFile(description.id), scratch.layout.itemsFile(description.id)])
    try #require(files.count == 2)
    #expect(files[0].metadata == ["format": "spotcheck.segment", "version": "1", "table": "samples"])
    #expect(files[1].metadata == ["format": "spotcheck.segment", "version": "1", "table": "items"])
    #expect(files[0].columns == InteroperationTests.expected(stored.samples))
    #expect(files[1].columns == InteroperationTests.expected(stored.items))
    #expect(files[0].types["sampled_day"] == "date32[day]")
    #expect(files[0].types["bureau"]?.hasPrefix("dictionary<values=string, indices=int") == true)
    #expect(files[0].types["key_hash"] == "uint64")
    #expect(files[1].types["value_scale"] == "int8")
  }

  private struct File: Decodable {
    var metadata: [String: String]
    var types: [String: String]
    var columns: [String: [Value]]
  }

  private enum Value: Decodable, Equatable {
    case missing
    case text(String)
    case signed(Int64)
    case unsigned(UInt64)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .missing
      } else if let number = try? container.decode(Int64.self) {
        self = .signed(number)
      } else if let number = try? container.decode(UInt64.self) {
        self = .unsigned(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    init(_ text: String) { self = text.isEmpty ? .missing : .text(text) }
    init(_ number: some BinaryInteger) {
      self = Int64(exactly: number).map { .signed($0) } ?? .unsigned(UInt64(number))
    }
  }

  private func read(_ paths: [String]) throws -> [File] {
    let python = try #require(ProcessInfo.processInfo.environment["SPOTCHECK_PYTHON"])
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("arrow_check.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [script.path] + paths
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "the script says on standard error what is wrong")
    return try data.split(separator: 10).map { try JSONDecoder().decode(File.self, from: Data($0)) }
  }

  private static func expected(_ table: SampleTable) -> [String: [Value]] {
    var columns: [String: [Value]] = [:]
    let rows = 0..<table.rowCount
    for column in SampleText.allCases { columns[column.name] = rows.map { Value(table[column].string($0)) } }
    for column in SamplePlainText.allCases { columns[column.name] = rows.map { Value(table[column].string($0)) } }
    for column in SampleDay.allCases {
      columns[column.name] = rows.map { table[column].day($0).map { Value($0.daysSinceEpoch) } ?? .missing }
    }
    columns["flags"] = table.flags.map { Value($0) }
    columns["first_item"] = table.firstItem.map { Value($0) }
    columns["item_count"] = table.itemCount.map { Value($0) }
    columns["delivered_rows"] = table.deliveredRows.map { Value($0) }
    columns["line"] = table.line.map { Value($0) }
    columns["byte_offset"] = table.byteOffset.map { Value($0) }
    columns["key_hash"] = table.keyHash.map { Value($0) }
    columns["content_hash_low"] = table.contentHashLow.map { Value($0) }
    columns["content_hash_high"] = table.contentHashHigh.map { Value($0) }
    return columns
  }

  private static func expected(_ table: ItemTable) -> [String: [Value]] {
    var columns: [String: [Value]] = [:]
    let rows = 0..<table.rowCount
    columns["sample"] = table.sample.map { Value($0) }
    for column in ItemText.allCases { columns[column.name] = rows.map { Value(table[column].string($0)) } }
    for column in ItemDecimal.allCases {
      columns[column.name + "_mantissa"] = rows.map { table[column].value($0).map { Value($0.mantissa) } ?? .missing }
      columns[column.name + "_scale"] = rows.map { table[column].value($0).map { Value($0.scale) } ?? .missing }
    }
    columns["flags"] = table.flags.map { Value($0) }
    columns["line"] = table.line.map { Value($0) }
    columns["byte_offset"] = table.byteOffset.map { Value($0) }
    return columns
  }
}
