import SpotCheck
import SpotCheckTestSupport
import Testing

@Suite struct GateTests {
  private func subject(rejected: Int, of records: Int, unmapped: [String: Int] = [:]) -> GateSubject {
    var subject = GateSubject(bureau: "nyncj", pipeline: "agriculture", layout: "items")
    subject.accounts = RowAccounts(
      read: records + 2, accepted: records - rejected, rejected: rejected, blank: 2, blankByKind: ["blank": 2])
    subject.unmapped = unmapped
    return subject
  }

  private func gate(
    _ change: (inout GateLimits) -> Void, action: GateSettings.Action = .file, recent: [Int] = []
  ) -> QualityGate {
    var settings = GateSettings()
    settings.action = action
    change(&settings.all)
    return QualityGate(settings) { _, limit in Array(recent.prefix(limit)) }
  }

  /// At the limit all is well; one more is not. Rates are compared as integers: 0.29 × 100 is 29, whatever binary
  /// fractions think.
  @Test(arguments: [(28, false), (29, false), (30, true)])
  func theBorderOfARateIsExact(_ rejected: Int, _ isBreach: Bool) throws {
    let gate = gate { $0.rejectRate = ExactDecimal(plain: "0.29") }
    #expect(try gate.findings(subject(rejected: rejected, of: 100)).isEmpty == !isBreach)
  }

  @Test(arguments: [(4, false), (5, false), (6, true)])
  func theBorderOfACountIsExact(_ rejected: Int, _ isBreach: Bool) throws {
    let gate = gate { $0.rejectCount = 5 }
    #expect(try gate.findings(subject(rejected: rejected, of: 100)).isEmpty == !isBreach)
  }

  @Test func zeroMeansNotOneAndTheCountIsPrinted() throws {
    for change in [{ $0.rejectCount = 0 }, { $0.rejectRate = ExactDecimal(plain: "0") }] as [(inout GateLimits) -> Void]
    {
      let gate = gate(change)
      #expect(try gate.findings(subject(rejected: 0, of: 10_000_000)).isEmpty)
      let finding = try #require(try gate.findings(subject(rejected: 1, of: 10_000_000)).first)
      #expect(finding.code == .gateRejects && finding.severity == .fatal)
      #expect(finding.message == "1 of 10000000 records rejected; allowed: not one")
      #expect(!finding.message.contains("%") && !finding.messageZh.contains("%"))
      #expect(finding.messageZh.contains("10000000 条记录中 1 条被拒收"))
    }
  }

  @Test func aCodeHasItsOwnLimit() throws {
    let gate = gate { $0.codes[.cellDate] = CodeLimit(count: 0) }
    var subject = subject(rejected: 0, of: 50)
    #expect(try gate.findings(subject).isEmpty)
    subject.counts[.cellDate] = 1
    let finding = try #require(try gate.findings(subject).first)
    #expect(finding.message == "CELL_DATE was found 1 times in 50 records; allowed: not one")
  }

  @Test func unmappedValuesCountByTheWorstTable() throws {
    let gate = gate { $0.unmappedShare = ExactDecimal(plain: "0.1") }
    #expect(try gate.findings(subject(rejected: 0, of: 100, unmapped: ["districts": 10, "categories": 10])).isEmpty)
    let finding = try #require(
      try gate.findings(subject(rejected: 0, of: 100, unmapped: ["districts": 10, "categories": 11])).first)
    #expect(finding.code == .gateUnmapped && finding.message.contains("'categories'"))
  }

  @Test(arguments: [
    // records, recent deliveries, breach: half of the median is the border
    (50, [100, 100, 100], false), (49, [100, 100, 100], true), (10, [100, 100], false), (10, [20, 20, 20], false),
    (51, [90, 110, 100, 101], false), (50, [90, 110, 100, 101], true), (50, [100, 101, 102, 99], true),
    (0, [100, 100, 100], true),
    // A flood among them moves no median.
    (51, [100, 1_000_000, 100, 100], false),
  ])
  func aDropIsMeasuredAgainstTheMedian(_ records: Int, _ recent: [Int], _ isBreach: Bool) throws {
    var limit = RowDropLimit(share: try #require(ExactDecimal(plain: "0.5")))
    limit.action = .file
    let gate = gate({ $0.rowDrop = limit }, recent: recent)
    let findings = try gate.findings(subject(rejected: 0, of: records))
    #expect(findings.isEmpty == !isBreach, "\(findings.map(\.message))")
    #expect(findings.allSatisfy { $0.code == .gateRowDrop && $0.severity == .fatal })
  }

  /// A file of corrections is small by nature: unless told otherwise a drop is worth knowing, and no more.
  @Test func aDropWarnsUnlessToldOtherwise() throws {
    let limit = RowDropLimit(share: try #require(ExactDecimal(plain: "0.5")))
    let gate = gate({ $0.rowDrop = limit }, recent: [100, 100, 100])
    #expect(try gate.findings(subject(rejected: 0, of: 3)).map(\.severity) == [.warning])
  }

  @Test func hugeNumbersDoNotTrap() throws {
    let gate = gate(
      {
        $0.rejectRate = ExactDecimal(plain: "0.000000000000000001")
        $0.rowDrop = RowDropLimit(share: ExactDecimal(mantissa: 1, scale: 18))
      }, recent: [.max, .max, .max])
    #expect(try gate.findings(subject(rejected: Int.max - 2, of: Int.max - 2)).count == 1)
  }

  /// Through the importer: what is refused is not visible, what is warned about counts and carries the warning.
  @Test(arguments: GateSettings.Action.allCases)
  func aBreachRefusesTheFileOrIsReportedWithIt(_ action: GateSettings.Action) throws {
    let store = try ScratchStore()
    let run = try ImportRun(store: store.root, library: try Repository.library.get())
    let gate = gate({ $0.codes[.codeRetired] = CodeLimit(count: 0) }, action: action)
    run.gate = { try gate.findings($0) }
    let outcome = try run.take(Delivery(path: Repository.path("samples/hostile/CODE_RETIRED.csv")))
    #expect(outcome.counts[.gateRejects] == 1)
    #expect(try store.open().segments().isEmpty == (action == .file))
    switch action {
    case .file: #expect(outcome.state == .refused && outcome.refusal?.code == .gateRejects)
    case .warn:
      #expect(outcome.state == .accepted)
      #expect(outcome.diagnostics.contains { $0.code == .gateRejects && $0.severity == .warning })
    }
  }

  /// What came before is asked of the catalogue: accepted batches of that layout alone, newest first.
  @Test func recentDeliveriesAreThoseOfTheLayout() throws {
    let store = try ScratchStore()
    let summary = try store.importFiles([
      Repository.path("samples/hostile/CODE_RETIRED.csv"), Repository.path("samples/hostile/GZ_TRUNCATED.csv.gz"),
    ])
    let accepted = try #require(summary.files.first { $0.state == .accepted })
    let names = accepted.layout.split(separator: "/").map(String.init)
    let catalogue = try OpenStore(store.root).catalogue
    let records = try catalogue.recentRecords(bureau: accepted.bureau, pipeline: names[0], layout: names[1], limit: 5)
    #expect(records == [accepted.accounts.read - accepted.accounts.blank])
    #expect(
      try catalogue.recentRecords(bureau: accepted.bureau, pipeline: names[0], layout: "other", limit: 5).isEmpty)
  }
}
