import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

@Suite struct RunHistoryTests {
  private func lines(_ report: Report) throws -> [[String: String]] {
    var sink = ByteBuffer()
    try OutputFormat.ndjson.emitter().emit(report, to: &sink)
    return try sink.text.split(separator: "\n").map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return object.mapValues { "\($0)" }
    }
  }

  /// Between two runs every bureau's counts are explained file by file, corrections too, and the sums come out.
  @Test func theDifferenceOfTwoRunsExplainsEveryNumber() throws {
    let fixture = try RunFixture()
    var options = GeneratorOptions()
    options.bureaus = [.agriculture, .market]
    options.quarters = 4
    options.samplesPerFile = [.agriculture: 40, .market: 40]
    let files = try Generator.run(options, into: fixture.store.folder + "/made").map(\.path)
    let first = try fixture.run(RunFixture.importing([files[0]]))
    _ = try fixture.run(RunFixture.importing(Array(files.dropFirst())))
    let open = try OpenStore(fixture.store.root)
    let history = RunHistory(open)
    let (from, to) = (try history.find(first.figures.id).lastSnapshot, try history.find("last").lastSnapshot)
    #expect(from == 1 && to == Int64(files.count))
    let rows = try lines(RunDifference(open, from: from, to: to).report())
    let bureaus = Set(rows.compactMap { $0["bureau"] })
    #expect(bureaus == ["nyncj", "scjgj"])
    for bureau in bureaus {
      let own = rows.filter { $0["bureau"] == bureau }
      for count in ["samples", "inspected", "passed", "failed", "excluded"] {
        func sum(_ kind: String) -> Int {
          own.filter { $0["kind"] == kind }.reduce(0) { $0 + (Int($1[count] ?? "") ?? 0) }
        }
        #expect(sum("before") + sum("change") == sum("after"), "\(bureau) \(count)")
        let now = try fixture.store.rate("bureau") { $0.pool = true }.rows.first { $0.codes[0] == bureau }
        if count == "samples" { #expect(sum("after") == now?.counts.samples) }
        if count == "passed" { #expect(sum("after") == now?.counts.passed) }
      }
      #expect(own.filter { $0["kind"] == "change" }.allSatisfy { $0["cause"]?.contains(".") == true })
    }
    #expect(try RunDifference(open, from: to, to: to).isEmpty)
    #expect(try lines(RunDifference(open, from: to, to: from).report()) == rows)
  }

  @Test func runsAreListedAndShown() throws {
    let fixture = try RunFixture()
    let report = try fixture.run(RunFixture.importing([goodFile, brokenFile]))
    _ = try fixture.store.importFiles([goodFile])
    let history = RunHistory(try OpenStore(fixture.store.root))
    let rows = try lines(history.list())
    #expect(rows.map { $0["command"] } == ["nightly", "import"])
    #expect(rows[0]["state"] == "done_with_rejects" && rows[0]["accepted"] == "1" && rows[0]["refused"] == "1")
    #expect(try lines(history.list(limit: 1)).count == 1)
    let found = try history.find(report.figures.id)
    #expect(try history.record(found) == (try bytes(of: fixture.layout.runRecord(report.figures.id))))
    // One without a record of its own has what the catalogue knows, under the same keys.
    let other = try history.find("last")
    #expect(try history.record(other) == nil)
    let made = try JSONSerialization.jsonObject(with: Data(try history.figures(other).json)) as? [String: Any]
    #expect(made?["command"] as? String == "import")
    #expect(Set(made?.keys.map { $0 } ?? []) == Set(try fixture.record(report).keys))
    #expect(throws: SettingsError.self) { try history.find("nobody") }
    #expect(throws: SettingsError.self) { try history.find("r") }
  }
}
