import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// VAL-01: which rows of a damaged table are refused, where they stand, and why, as another reader sees it. Runs where
/// SPOTCHECK_PYTHON names a Python that has duckdb.
@Suite(
  "Refused rows beside DuckDB's reject_errors",
  .enabled(
    if: ProcessInfo.processInfo.environment["SPOTCHECK_PYTHON"]?.isEmpty == false, "SPOTCHECK_PYTHON is not set"))
struct ForeignRejectsTests {
  private struct Foreign: Decodable, Equatable {
    var line: Int
    var byte: Int
    var column: Int
    var kind: String
  }

  /// Rows with too few and too many fields among whole ones, some of them with quoted commas, quotes and line ends.
  private func damaged(_ random: inout SeededNumbers) throws -> String {
    let source = try String(contentsOfFile: Repository.path("samples/hostile/CODE_RETIRED.csv"), encoding: .utf8)
    let lines = source.split(separator: "\r\n").map(String.init)
    var text = lines[0] + "\n"
    for number in 0..<60 {
      let row = lines[1].replacing("NCP236301000000001", with: "NCP\(236_301_900_000_000 + number)")
      var fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<3: fields = Array(fields.prefix(Int.random(in: 3..<fields.count, using: &random)))
      case 3..<6: fields += Array(repeating: "x", count: Int.random(in: 1...3, using: &random))
      case 6..<8: fields[7] = "\"西宁,城西\n商店\""
      case 8..<10: fields[7] = "\"引\"\"号\""
      default: break
      }
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }

  @Test(arguments: 0..<6 as Range<UInt64>) func theSameRowsAtTheSamePlaces(_ seed: UInt64) throws {
    var random = SeededNumbers(state: seed)
    let text = try damaged(&random)
    let store = try ScratchStore()
    let path = try store.file("damaged.csv", Array(text.utf8))
    _ = try store.importFiles([path])
    let foreign = try foreignRejects(path)
    #expect(foreign.count > 5)

    let catalogue = try OpenStore(store.root).catalogue
    let batch = try #require(try catalogue.batches().first)
    var ours: [Foreign] = []
    try catalogue.forEachReject(batch: batch.id) { _, reject in
      // They count rows, we count lines: a quoted line end is one line more.
      let before = text.utf8.prefix(reject.position.byteOffset)
      let quoted = String(decoding: before, as: UTF8.self).split(separator: "城西\n商店").count - 1
      let isMany = reject.cause?.code == .csvManyColumns
      #expect(isMany || reject.cause?.code == .csvFewColumns)
      ours.append(
        Foreign(
          line: reject.position.line - quoted, byte: reject.position.byteOffset + 1,
          column: Int(reject.cause?.position.field ?? -1) + 1,
          kind: isMany ? "TOO MANY COLUMNS" : "MISSING COLUMNS"))
      return true
    }
    #expect(ours.map(\.line) == foreign.map(\.line))
    #expect(ours.map(\.byte) == foreign.map(\.byte))
    #expect(ours.map(\.kind) == foreign.map(\.kind))
    // A row with too few fields is refused as a row; they name the last field that is there.
    let many = { (rejects: [Foreign]) in rejects.filter { $0.kind == "TOO MANY COLUMNS" }.map(\.column) }
    #expect(many(ours) == many(foreign))
  }

  private func foreignRejects(_ path: String) throws -> [Foreign] {
    let python = try #require(ProcessInfo.processInfo.environment["SPOTCHECK_PYTHON"])
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("duckdb_rejects.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [script.path, path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return try data.split(separator: 10).map { try JSONDecoder().decode(Foreign.self, from: Data($0)) }
  }
}
