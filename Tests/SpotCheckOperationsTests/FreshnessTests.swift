import SpotCheck
import SpotCheckTestSupport
import Testing

@Suite struct FreshnessTests {
  private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(iso: text)) }

  private func findings(
    _ rule: FreshnessRule, today: String, months: [String], calendar: WorkCalendar? = nil
  ) throws -> [FreshnessFinding] {
    let check = FreshnessCheck(
      ["scjgj": rule], calendar: try calendar ?? Repository.library.get().calendar, today: try day(today))
    let covered = try months.map { try #require(FreshnessCheck.month(code: $0)) }
    return check.findings(["scjgj": Dictionary(uniqueKeysWithValues: covered.map { ($0, 1) })])
  }

  /// January's data are due on the tenth working day of February: in 2024 that is Monday the 19th, because the Spring
  /// Festival takes the week before and two Sundays are worked for it.
  @Test(arguments: [("2024-02-19", false), ("2024-02-20", true)])
  func aDeadlineRunsOverTheSpringFestival(_ today: String, _ isLate: Bool) throws {
    let rule = FreshnessRule(every: .month, errorAfter: 10)
    let found = try findings(rule, today: today, months: ["2023-12"])
    #expect(found.isEmpty == !isLate)
    if let late = found.first {
      #expect(late.level == .error && late.period == "2024-01" && late.due?.description == "2024-02-19")
      #expect(late.workingDaysLate == 1 && late.weekendsOnly.isEmpty && late.code == "SET_FRESHNESS")
    }
  }

  @Test func warningComesBeforeError() throws {
    let rule = FreshnessRule(every: .month, warnAfter: 3, errorAfter: 5)
    // October 2024: the holidays end on the 7th; 8, 9, 10, 11, Saturday the 12th is worked.
    #expect(try findings(rule, today: "2024-10-10", months: ["2024-08"]).isEmpty)
    #expect(try findings(rule, today: "2024-10-11", months: ["2024-08"]).map(\.level) == [.warning])
    #expect(try findings(rule, today: "2024-10-12", months: ["2024-08"]).map(\.level) == [.warning])
    #expect(try findings(rule, today: "2024-10-14", months: ["2024-08"]).map(\.level) == [.error])
  }

  @Test(arguments: [
    (FreshnessRule.Every.quarter, "2024-07-20", ["2024-03"], "2024Q2"),
    (.halfYear, "2024-07-20", ["2023-12"], "2024H1"), (.year, "2025-03-01", ["2023-01"], "2024"),
    (.month, "2024-07-20", ["2024-04"], "2024-05"),
  ])
  func periodsAreNamed(_ every: FreshnessRule.Every, _ today: String, _ months: [String], _ period: String) throws {
    let found = try findings(FreshnessRule(every: every, errorAfter: 3), today: today, months: months)
    #expect(found.map(\.period) == [period] && found.map(\.level) == [.error])
  }

  @Test func aGapBehindNewerDataIsReportedAndRaisesNoAlarm() throws {
    let rule = FreshnessRule(every: .month, errorAfter: 5)
    let found = try findings(rule, today: "2024-06-03", months: ["2024-01", "2024-02", "2024-05"])
    #expect(found.map(\.level) == [.gap] && found.first?.period == "2024-03" && found.first?.periods == 2)
    #expect(found.first?.code == "SET_COVERAGE")
  }

  @Test func aBureauThatNeverCameIsOverdueToo() throws {
    let rule = FreshnessRule(every: .month, errorAfter: 5, since: try day("2024-01-15"))
    let found = try findings(rule, today: "2024-04-20", months: [])
    #expect(found.map(\.level) == [.error] && found.first?.period == "2024-02" && found.first?.periods == 2)
    #expect(try findings(FreshnessRule(every: .month, errorAfter: 5), today: "2024-04-20", months: []).count == 1)
  }

  @Test func aYearWithoutANoticeIsSaidToBeReckonedByWeekends() throws {
    let rule = FreshnessRule(every: .month, errorAfter: 3)
    let found = try #require(try findings(rule, today: "2031-02-20", months: ["2030-12"]).first)
    #expect(found.weekendsOnly == [2031] && found.message.contains("of 2031 only the weekends are known"))
  }

  @Test func aWrongDayInTheDataMakesNoLongNight() throws {
    let rule = FreshnessRule(every: .month, errorAfter: 3)
    #expect(try findings(rule, today: "2024-04-20", months: ["0001-01"]).isEmpty)
    #expect(try findings(rule, today: "2024-04-20", months: ["9999-12"]).isEmpty)
  }

  @Test func coverageCountsSamplesByMonth() throws {
    let store = try ScratchStore()
    var options = GeneratorOptions()
    options.bureaus = [.agriculture, .market]
    options.quarters = 2
    options.samplesPerFile = [.agriculture: 30, .market: 30]
    let files = try Generator.run(options, into: store.folder + "/made")
    let summary = try store.importFiles(files.map(\.path))
    let coverage = try Coverage(try store.open())
    let total = try store.rate("bureau") { $0.pool = true }.total.counts.samples
    let counted = coverage.months.values.reduce(0) { $0 + $1.values.reduce(0, +) }
    #expect(counted + coverage.withoutDay.values.reduce(0, +) == total && total > 0, "\(summary.files.map(\.state))")
    #expect(coverage.months.keys.sorted() == ["nyncj", "scjgj"])
    var sink = ByteBuffer()
    try OutputFormat.csv.emitter().emit(coverage.report(), to: &sink)
    #expect(sink.text.contains("bureau,bureau_name,year,m01"))
  }
}
