import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

@Suite struct ScorecardTests {
  private func target(
    _ id: String, _ goal: TargetGoal?, population: String? = "category = 10", purposes: [Purpose] = [.selective],
    live: Bool = true, period: TargetPeriod = .year, census: Bool = false, stable: Bool = false,
    from: String = "2015-01-01", to: String? = nil
  ) -> QualityTarget {
    QualityTarget(
      id: id, name: "目标" + id, ring: 0, kind: .passRate,
      document: TargetDocument(key: "plan", number: "文〔2015〕1号", title: "", issuer: "", issued: nil), section: "三(一)",
      quotes: ["达到90%以上"], owners: [TargetOwner(code: "scjgj", name: "市场监管局")], goal: goal, isLive: live,
      population: population, purposes: purposes, period: period, isCensus: census, isStable: stable,
      validFrom: CalendarDay(iso: from) ?? CalendarDay(daysSinceEpoch: 0), validTo: to.flatMap { CalendarDay(iso: $0) })
  }

  private static let ninety = TargetGoal(.atLeast, ExactDecimal(mantissa: 90, scale: 0), .percent)

  private func card(_ targets: [QualityTarget], _ store: SmallStore, _ period: String) throws -> Scorecard {
    try ScorecardQuery(TargetRegister(targets, revision: "abc"), period: PeriodSpan(period)).run(on: store.source)
  }

  private func store(passed: Int, failed: Int, year: String = "2024") -> SmallStore {
    var store = SmallStore()
    for index in 0..<(passed + failed) {
      let month = index % 12 + 1
      store.add(
        .selective, index < passed ? .pass : .fail, [.category: "1001"],
        day: "\(year)-" + (month < 10 ? "0" : "") + "\(month)-15")
    }
    return store
  }

  /// 28 of 28 and 187 of 200 pass the score bound and not the exact test: 证据不足.
  @Test(arguments: [
    (28, 0, "not_proven", 1), (187, 13, "not_proven", 3), (29, 0, "met", nil), (188, 12, "met", nil),
    (172, 28, "not_met", nil), (217, 16, "not_proven", 6),
  ]) func verdictsAreExact(_ passed: Int, _ failed: Int, _ verdict: String, _ needed: Int?) throws {
    let card = try card([target("a", ScorecardTests.ninety)], store(passed: passed, failed: failed), "2024")
    let entry = try #require(card.entries.first)
    #expect(entry.decision?.verdict.code == verdict && entry.isFormal)
    let report = card.report()
    var rows: [[ReportCell]] = []
    try report.rows { rows.append($0) }
    func cell(_ name: String) -> ReportCell? { report.columns.firstIndex { $0.name == name }.map { rows[0][$0] } }
    #expect(rows.count == 1 && rows[0].count == report.columns.count)
    #expect(cell("verdict") == .text(verdict) && cell("clause") == .text("文〔2015〕1号 三(一)"))
    #expect(cell("samples_needed") == (needed.map { .integer($0) } ?? .missing))
    #expect(cell("goal") == .text("≥90%") && cell("owner") == .text("市场监管局"))
  }

  /// Only the purposes, the population, the period and the classes that the register names are counted.
  @Test func onlyWhatTheTargetSpeaksOfCounts() throws {
    var store = store(passed: 40, failed: 0)
    store.add(.objective, .fail, [.category: "1001"])
    store.add(.selective, .fail, [.category: "2001"])
    store.add(.selective, .fail, [.category: "1001"], day: "2023-12-31")
    store.add(.selective, .fail, [.category: "1001"], flags: .riskMonitoring)
    store.add(.screening, .fail, [.category: "1001"])
    store.add(.selective, .undetermined, [.category: "100101"], flags: .pending)
    let card = try card([target("a", ScorecardTests.ninety)], store, "2024")
    let entry = try #require(card.entries.first)
    #expect(entry.counts.passed == 40 && entry.counts.failed == 0)
    #expect(entry.counts.riskMonitoring == 1 && entry.counts.undetermined == 1 && entry.counts.pending == 1)
    #expect(entry.before?.failed == 1)
    #expect(card.report().notes.contains { $0.code == "pending" })
  }

  @Test func severalPurposesAreCountedTogetherOnlyAsTheRegisterSaysAndTheMixIsPrinted() throws {
    var store = store(passed: 30, failed: 0)
    store.add(10, .objective, .pass, [.category: "10"])
    let both = target("a", ScorecardTests.ninety, purposes: [.selective, .objective])
    let card = try card([both], store, "2024")
    #expect(card.entries[0].counts.passed == 40)
    #expect(card.report().notes.contains { $0.textZh.contains("评价性抽检 10，监督抽检 30") })
  }

  @Test func aLookInBetweenIsMonitoring() throws {
    let quarter = try card([target("a", ScorecardTests.ninety)], store(passed: 60, failed: 0), "2024Q1")
    #expect(!quarter.entries[0].isFormal && quarter.report().notes.contains { $0.code == "monitoring" })
    let rolling = target("a", ScorecardTests.ninety, period: .rollingFourQuarters)
    let year = try card([rolling], store(passed: 60, failed: 0), "2024Q4")
    #expect(year.entries[0].period.text == "2024Q1..2024Q4" && year.entries[0].isFormal)
    #expect(year.entries[0].counts.passed == 60)
  }

  /// The version of a target in force on the last day of the period counts.
  @Test func targetsHaveVersions() throws {
    let versions = [
      target("a", ScorecardTests.ninety, to: "2024-01-01"),
      target("a", TargetGoal(.atLeast, ExactDecimal(mantissa: 94, scale: 0), .percent), from: "2024-01-01"),
    ]
    let store = store(passed: 187, failed: 13)
    #expect(try card(versions, store, "2023").entries[0].target.goal?.description == "≥90%")
    #expect(try card(versions, store, "2024").entries[0].rateTarget == RateTarget(94, outOf: 100))
    var query = ScorecardQuery(TargetRegister(versions, revision: ""), period: try PeriodSpan("2024"))
    query.ids = ["b"]
    #expect(throws: QueryError.self) { try query.run(on: store.source) }
  }

  @Test func definitionsAreListedWhenAskedForAndNeverJudged() throws {
    let targets = [
      target("a", ScorecardTests.ninety),
      target("b", TargetGoal(.equal, ExactDecimal(mantissa: 100, scale: 0), .percent), population: nil, live: false),
      target("c", nil, population: nil, live: false),
    ]
    let store = store(passed: 60, failed: 0)
    let live = try card(targets, store, "2024")
    #expect(live.entries.map(\.target.id) == ["a"])
    #expect(live.report().notes.contains { $0.code == "definitions" && $0.text.hasPrefix("2 ") })
    var query = ScorecardQuery(TargetRegister(targets, revision: ""), period: try PeriodSpan("2024"))
    query.includesDefinitions = true
    let all = try query.run(on: store.source)
    #expect(all.entries.map(\.decision?.verdict) == [.met, nil, nil])
    let text = try CSVEmitter().text(all.report())
    #expect(text.split(separator: "\n").count == 4 && text.contains("no_data"))
  }

  @Test func aCensusComparesIntegers() throws {
    let goal = TargetGoal(.equal, ExactDecimal(mantissa: 100, scale: 0), .percent)
    let census = target("a", goal, purposes: [.selective], census: true)
    #expect(try card([census], store(passed: 5, failed: 0), "2024").entries[0].decision?.verdict == .met)
    #expect(try card([census], store(passed: 500, failed: 1), "2024").entries[0].decision?.verdict == .notMet)
    let sample = target("a", goal)
    #expect(try card([sample], store(passed: 500, failed: 0), "2024").entries[0].decision?.verdict == .notProven)
    #expect(try card([sample], store(passed: 500, failed: 1), "2024").entries[0].decision?.verdict == .notMet)
  }

  /// 稳定: met this year and a process whose lower limit is above the target; one year's luck is not enough.
  @Test func stabilityIsMoreThanBeingMet() throws {
    let stable = target("a", ScorecardTests.ninety, stable: true)
    #expect(try card([stable], store(passed: 60, failed: 0), "2024").entries[0].stability == .stable)
    var steady = SmallStore()
    for month in 1...12 {
      for _ in 0..<400 {
        steady.add(
          .selective, .pass, [.category: "1001"], day: "2024-" + (month < 10 ? "0" : "") + "\(month)-03")
      }
      for _ in 0..<4 {
        steady.add(
          .selective, .fail, [.category: "1001"], day: "2024-" + (month < 10 ? "0" : "") + "\(month)-04")
      }
    }
    #expect(try card([stable], steady, "2024").entries[0].stability == .stable)
    // Met over the year, but swinging: two months below the target.
    var swinging = steady
    for _ in 0..<60 { swinging.add(.selective, .fail, [.category: "1001"], day: "2024-07-05") }
    let entry = try card([stable], swinging, "2024").entries[0]
    #expect(entry.decision?.verdict == .met && entry.stability == .notStable)
    #expect(try card([stable], steady, "2024Q2").entries[0].stability == .tooShort)
  }

  @Test func trendsNeedThreeYears() throws {
    var store = SmallStore()
    for (year, failed) in [("2022", 2), ("2023", 8), ("2024", 20)] {
      for index in 0..<100 {
        store.add(.selective, index < failed ? .fail : .pass, [.category: "1001"], day: year + "-05-05")
      }
    }
    let three = try card([target("a", ScorecardTests.ninety)], store, "2024").entries[0]
    #expect((three.trend?.pValue ?? 1) < 0.001 && (three.trend?.statistic ?? 0) < 0)
    #expect(try card([target("a", ScorecardTests.ninety)], store, "2023").entries[0].trend == nil)
  }

  @Test func theNewestYearIsTheDefault() throws {
    #expect(try ScorecardQuery.newestYear(of: store(passed: 1, failed: 0, year: "2019").source)?.text == "2019")
    #expect(try ScorecardQuery.newestYear(of: SmallStore().source) == nil)
  }
}
