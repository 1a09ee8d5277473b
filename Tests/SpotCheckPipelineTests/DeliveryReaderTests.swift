import SpotCheckCuration
import SpotCheckModel
import SpotCheckPipeline
import SpotCheckReading
import Testing

struct DeliveryReaderTests {
  static let csv = """
    某市抽检结果
    抽样编号,检验项目,结果,判定,区县,抽样日期
    a-1,铅,0.05,合格,城东区,2024-03-05
    a-1,镉,0.2,不合格,城东区,2024-03-05
    ,铅,1,合格,城东区,2024-03-05

    a-2,铅,<0.01,符合,湟中县,2019-03-05
    a-3,铅,0.01,合格,城东区,2024-13-05

    """

  static let xml = """
    <?xml version="1.0" encoding="UTF-8"?>
    <数据><样品><抽样编号>x-1</抽样编号><区县>城东区</区县><项目><名称>铅</名称></项目><项目><名称>镉</名称></项目></样品>
    <样品><编号>x-2</编号></样品></数据>
    """

  struct Outcome: Equatable {
    var samples: [String] = []
    var items: [String] = []
    var accounts = RowAccounts()
    var codes: [DiagnosticCode: Int] = [:]
    var rejects: [Reject] = []
    var rawBytes = 0
  }

  /// Reads everything; seals after every step if asked to.
  func read(_ layout: String, _ text: String, pieces: MemorySource.Pieces = .whole, sealing: Bool = false) throws
    -> Outcome
  {
    let plan = try #require(Fixture.compile(Fixture.pipeline).plan?.layout(layout))
    var reader = DeliveryReader(
      MemorySource(Array(text.utf8), pieces: pieces), name: "x", layout: plan,
      batch: String(repeating: "a", count: 64))
    var tables = TablePair()
    var report = CurationReport()
    var outcome = Outcome()
    func keep(_ tables: TablePair) {
      for row in 0..<tables.samples.rowCount {
        outcome.samples.append(
          [
            tables.samples[.samplingNumber].string(row), tables.samples[.unitDistrict].string(row),
            tables.samples[.verdict].string(row), "\(tables.samples.itemCount[row])",
          ].joined(separator: " "))
        #expect(tables.samples[.batch].string(row) == String(repeating: "a", count: 64))
      }
      for row in 0..<tables.items.rowCount {
        outcome.items.append(tables.items[.analyte].string(row) + " " + tables.items[.verdict].string(row))
      }
    }
    while try reader.step(into: &tables, report: &report) {
      if sealing, reader.canSeal {
        reader.prepareSeal(&tables, report: &report)
        keep(tables)
        tables = TablePair()
        reader.didSeal()
      }
    }
    let isComplete = reader.isComplete
    let more = try reader.step(into: &tables, report: &report)
    #expect(isComplete && !more)
    reader.prepareSeal(&tables, report: &report)
    keep(tables)
    outcome.accounts = report.accounts
    outcome.codes = report.counts
    outcome.rejects = report.rejects
    outcome.rawBytes = reader.rawBytes
    return outcome
  }

  @Test func csvBecomesSamplesAndItems() throws {
    let outcome = try read("items", Self.csv)
    #expect(outcome.samples == ["A-1 630102 fail 2", "A-2 630122 pass 1", "A-3 630102 pass 1"])
    #expect(outcome.items.count == 4)
    #expect(outcome.accounts.read == 8 && outcome.accounts.accepted == 4 && outcome.accounts.rejected == 1)
    #expect(outcome.accounts.isBalanced)
    #expect(outcome.rejects.map { $0.diagnostics.map(\.code) } == [[.cellRequired]])
    #expect(outcome.codes[.cellDate] == 1)
    #expect(outcome.rawBytes == Self.csv.utf8.count)
  }

  @Test func xmlBecomesSamplesAndItems() throws {
    let outcome = try read("xml", Self.xml)
    #expect(outcome.samples.map { $0.prefix(3) } == ["X-1", "X-2"])
    #expect(outcome.items.count == 2 && outcome.accounts.isBalanced)
  }

  @Test func resultsDoNotDependOnPiecesOrSeals() throws {
    let whole = try read("items", Self.csv)
    #expect(try read("items", Self.csv, pieces: .fixed(1)) == whole)
    #expect(try read("items", Self.csv, pieces: .random(seed: 7, upTo: 50), sealing: true) == whole)
    #expect(try read("xml", Self.xml, pieces: .fixed(3), sealing: true) == read("xml", Self.xml))
  }

  @Test func damagedRowsAreRefusedWithTheReadersReason() throws {
    let text = "抽样编号,检验项目,结果\na-1,铅,1\na-2,铅\"x\",2\na-3,铅,3\n"
    let outcome = try read("items", text)
    #expect(outcome.accounts.rejected == 1 && outcome.accounts.accepted == 2)
    #expect(outcome.rejects.map { $0.diagnostics.map(\.code) } == [[.csvStrayQuote]])
  }

  @Test func afterAFatalDiagnosticNothingIsProducedAndTapsSeeTheRest() throws {
    let good = "抽样编号,检验项目,结果\na-1,铅,1\n"
    // An unclosed quotation mark swallows the rest: the file cannot be trusted.
    let text = good + "a-2,\"铅,2\n" + String(repeating: "x,y,z\n", count: 1000)
    let plan = try #require(Fixture.compile(Fixture.pipeline).plan?.layout("items"))
    let seen = Counter()
    var reader = DeliveryReader(
      MemorySource(Array(text.utf8), pieces: .fixed(100)), name: "x.csv", layout: plan,
      taps: PayloadTaps(raw: { seen.raw += $0.byteCount }, payload: { seen.payload += $0.byteCount }))
    var tables = TablePair()
    var report = CurationReport()
    while try reader.step(into: &tables, report: &report) {}
    #expect(report.fatal?.code == .csvUnclosedQuote)
    let rows = tables.samples.rowCount
    let more = try reader.step(into: &tables, report: &report)
    #expect(!more)
    #expect(tables.samples.rowCount == rows)
    #expect(seen.raw == text.utf8.count && seen.payload == text.utf8.count)
  }

  final class Counter {
    var raw = 0
    var payload = 0
  }

  @Test func severitiesOfThePipelineApplyToTheReaderToo() throws {
    let compilation = Fixture.compile("encoding: auto", "severity: { CSV_MIXED_EOL: error }")
    let plan = try #require(compilation.plan?.layout("items"), "\(compilation.problems)")
    var reader = DeliveryReader(
      MemorySource(Array("抽样编号,检验项目\r\na-1,铅\na-2,铅\n".utf8)), name: "x.csv", layout: plan)
    var tables = TablePair()
    var report = CurationReport()
    while try reader.step(into: &tables, report: &report) {}
    #expect(report.diagnostics.first { $0.code == .csvMixedLineEnds }?.severity == .error)
  }
}
