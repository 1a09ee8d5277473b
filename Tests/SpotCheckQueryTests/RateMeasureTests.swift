import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

@Suite struct RateMeasureTests {
  /// The numbers of one bulletin of Chengdu (2018-05): 监督抽检 1166 / 140 不合格, 评价性抽检 629 / 624 合格. Pooled they
  /// would be 91.92 % and mean nothing.
  @Test func namesFollowThePurpose() throws {
    var store = SmallStore()
    store.add(140, .selective, .fail)
    store.add(1026, .selective, .pass)
    store.add(624, .objective, .pass)
    store.add(5, .objective, .fail)
    let result = try store.rate("purpose")
    #expect(result.rows.map(\.rateName) == ["合格率", "合格率"])
    #expect(result.rows.map { $0.finding?.count } == [nil, 140])
    let text = try TableEmitter().text(result.report())
    #expect(text.contains("问题发现率") && text.contains("12.01%") && text.contains("99.21%"))
    #expect(!text.contains("91.92") && !text.contains("率名"))
    let pooled = try store.rate("") { $0.pool = true }
    #expect(pooled.total.rateName == "合格率（合并）")
    #expect(
      pooled.notes.contains { $0.code == "pooled" && $0.isWarning && $0.text.contains("objective 629, selective 1166") }
    )
    #expect(try TableEmitter().text(pooled.report()).contains("合格率（合并）"))
  }

  /// A numerator of one population over the denominator of another was a bug of the real system: risk monitoring and
  /// screening are counted, shown, and in no rate, whatever they found and however it is asked.
  @Test func riskMonitoringAndScreeningAreInNoRate() throws {
    var store = SmallStore()
    store.add(9, .selective, .pass)
    store.add(.selective, .fail)
    for verdict in Verdict.allCases { store.add(.selective, verdict, flags: .riskMonitoring) }
    store.add(5, .screening, .pass)
    store.add(2, .screening, .fail)
    for pool in [false, true] {
      let result = try store.rate("") { $0.pool = pool }
      #expect(result.total.counts.inspected == 10 && result.total.counts.samples == 21)
      #expect(result.total.counts.riskMonitoring == 3 && result.total.counts.notTested == 1)
      #expect(result.total.counts.screening == 7 && result.total.counts.screeningPositive == 2)
      #expect(result.total.counts.samples == result.total.counts.inspected + result.total.counts.excluded)
    }
    let rows = try store.rate("purpose").rows
    #expect(rows.map(\.codes) == [["screening"], ["selective"]])
    #expect(rows[0].rate == nil && rows[0].interval == nil && rows[0].finding == nil)
    #expect(rows[1].rate == 0.9)
    let text = try TableEmitter().text(store.rate("purpose").report())
    #expect(text.contains("快检阳性") && text.contains("风险监测"))
  }

  @Test func otherPurposesAreNotCalledPassRates() throws {
    var store = SmallStore()
    store.add(3, .suspect, .fail)
    store.add(1, .suspect, .pass)
    store.add(4, .followup, .pass)
    store.add(2, .census, .pass)
    let result = try store.rate("purpose") { $0.target = TargetQuestion(percent: "100") }
    let rows = Dictionary(uniqueKeysWithValues: result.rows.map { ($0.codes[0], $0) })
    #expect(rows["suspect"]?.rate == nil && rows["suspect"]?.finding?.count == 3)
    #expect(rows["suspect"]?.counts.passed == 1)
    #expect(rows["followup"]?.rateName == "整改合格率")
    // Everybody was examined: integers decide. Of the others a sample proves nothing about 100 %.
    let question = try #require(result.query.target)
    #expect(rows["census"]?.decision(question)?.verdict == .met)
    #expect(rows["followup"]?.decision(question)?.verdict == .notProven)
    #expect(rows["suspect"]?.decision(question) == nil)
    #expect(try TableEmitter().text(result.report()).contains("整改合格率"))
  }

  @Test func whyASampleWasNotTested() throws {
    var store = SmallStore()
    store.add(10, .selective, .pass)
    store.add(.selective, .notTested)
    store.add(.selective, .notTested, flags: .refused)
    store.add(.selective, .notTested, flags: [.refused, .unlicensed])
    store.add(.selective, .undetermined, flags: .pending)
    store.add(.selective, .fail, flags: [.labelOnly, .pending])
    let result = try store.rate("") { $0.measures = [.physical] }
    let expected = RateCounts(
      passed: 10, failed: 1, undetermined: 1, notTested: 1, refused: 1, unlicensed: 1, pending: 2, labelOnly: 1)
    #expect(result.total.counts == expected)
    #expect(result.total.rate == 10.0 / 11 && result.total.physical?.rate == 1)
    #expect(result.notes.contains { $0.code == "pending" && $0.textZh.contains("2 个样品") })
    #expect(try TableEmitter().text(result.report()).contains("注：有 2 个样品处于异议或复检处置中"))
  }

  /// 217 of 233 batches and 206 of 222 enterprises passed in one campaign (Bayannur 2010).
  @Test func enterpriseRateBesideSampleRate() throws {
    var store = SmallStore()
    // 222 enterprises, 16 of them with one failing batch each; eleven further passing batches of the first.
    for index in 0..<222 {
      store.add(1, .selective, index < 16 ? .fail : .pass, [.producerName: "企业\(index)", .district: "630102"])
    }
    store.add(11, .selective, .pass, [.producerName: "企业100", .district: "630103"])
    let result = try store.rate("district") { $0.measures = [.enterprise] }
    #expect(result.total.counts.passed == 217 && result.total.counts.inspected == 233)
    let total = try #require(result.total.enterprises)
    #expect(total.passed == 206 && total.enterprises == 222)
    // The enterprise of both districts counts in each, and once in the total.
    #expect(result.rows.map { $0.enterprises?.enterprises } == [222, 1])
    #expect(try TableEmitter().text(result.report()).contains("92.79%"))
  }

  @Test func anEnterpriseIsItsCodeBeforeItsName() throws {
    var store = SmallStore()
    store.add(1, .selective, .pass, [.producerCode: "A", .producerName: "青海甲厂"])
    store.add(1, .selective, .fail, [.producerName: "青海甲厂 "])
    store.add(1, .selective, .pass, [.producerCode: "B", .producerName: "乙厂"])
    store.add(1, .selective, .pass, [.producerCode: "C", .producerName: "乙厂"])
    store.add(1, .selective, .pass, [.producerName: "乙厂"])
    store.add(1, .selective, .pass)
    store.add(1, .selective, .undetermined, [.producerName: "丁厂"])
    let counts = try #require(try store.rate("") { $0.measures = [.enterprise] }.total.enterprises)
    // A with a failing sample; B, C, and 乙厂 that may be either.
    #expect(counts.enterprises == 4 && counts.failed == 1 && counts.unnamedSamples == 1)
  }

  @Test func itemsAndHazards() throws {
    var store = SmallStore()
    let both: [(String, String, Verdict)] = [("铅", "heavy_metal", .pass), ("毒死蜱", "pesticide", .fail)]
    store.add(.objective, .fail, items: both)
    store.add(.objective, .fail, items: both + [("克百威", "pesticide", .fail)])
    store.add(.objective, .pass, items: [("铅", "heavy_metal", .pass)])
    store.add(.objective, .pass)
    store.add(.objective, .undetermined, items: [("铅", "heavy_metal", .pass)])
    store.add(.screening, .fail, items: [("毒死蜱", "pesticide", .fail)])
    let items = try #require(
      try store.rate("") { $0.measures = [.item] }.rows.first { $0.codes == ["objective"] }?.items)
    // Of inspected samples only: the undetermined sample's item and the rapid test's are not among them.
    #expect(items.passed == 3 && items.failed == 3)
    let result = try store.rate("") {
      $0.measures = [.hazard]
      $0.filter = try Filter("purpose = objective")
    }
    #expect(result.dimensions.map(\.text) == ["hazard", "purpose"])
    let rows = Dictionary(uniqueKeysWithValues: result.rows.map { ($0.codes[0], $0) })
    // Two samples were tested for pesticides and two failed, with three failing items in all.
    #expect(rows["pesticide"]?.counts.failed == 2 && rows["pesticide"]?.counts.inspected == 2)
    #expect(rows["pesticide"]?.items?.failed == 3 && rows["pesticide"]?.failingItems == 3)
    #expect(rows["heavy_metal"]?.counts.inspected == 4 && rows["heavy_metal"]?.items?.failed == 0)
    #expect(result.notes.contains { $0.code == "without_items" && $0.text.hasPrefix("1 of 4") })
    #expect(result.rows.reduce(0) { $0 + ($1.items?.failed ?? 0) } == 3)
  }

  /// 246 of 320 was published as "95.6 %": the mean of five rates (a municipal bulletin of 2014).
  @Test func theMeanOfRatesStandsBesideThePooledRate() throws {
    var store = SmallStore()
    for (district, passed, failed) in [("630102", 90, 10), ("630103", 1, 1), ("630106", 0, 0)] {
      store.add(passed, .objective, .pass, [.district: district, .category: "1001"])
      store.add(failed, .objective, .fail, [.district: district, .category: "1001"])
      store.add(1, .objective, .undetermined, [.district: district, .category: "1001"])
    }
    let result = try store.rate("category") { $0.meanOver = Dimension(.district) }
    #expect(result.rows[0].rate == 91.0 / 102)
    #expect(result.rows[0].mean == MeanRate(rate: 0.7, parts: 2))
    #expect(result.total.mean == result.rows[0].mean)
    #expect(result.notes.contains { $0.code == "mean_of_rates" })
    #expect(throws: QueryError.self) { try store.rate("district") { $0.meanOver = Dimension(.district) } }
  }

  @Test func theSamePeriodLastYear() throws {
    var store = SmallStore()
    for (day, passed, failed) in [
      ("2023-02-28", 80, 20), ("2023-03-01", 5, 0), ("2024-02-29", 95, 5), ("2024-03-01", 7, 0),
    ] {
      for _ in 0..<passed { store.add(.objective, .pass, [.district: "630102"], day: day) }
      for _ in 0..<failed { store.add(.objective, .fail, [.district: "630102"], day: day) }
    }
    let month = try store.rate("district") {
      $0.period = try PeriodSpan("2024-02")
      $0.yearOnYear = true
    }
    #expect(month.rows.map(\.counts.inspected) == [100] && month.rows[0].before?.inspected == 100)
    #expect(month.total.before == month.rows[0].before)
    #expect(try TableEmitter().text(month.report()).contains("+15.0"))
    let byMonth = try store.rate("month") { $0.yearOnYear = true }
    #expect(byMonth.rows.map { $0.before?.inspected } == [0, 0, 100, 5])
    #expect(byMonth.total.before == nil)
    #expect(throws: QueryError.self) { try store.rate("district") { $0.yearOnYear = true } }
  }

  @Test func verdictsAgainstATarget() throws {
    func verdict(_ passed: Int, _ failed: Int, _ percent: String) throws -> [ReportCell] {
      var store = SmallStore()
      store.add(passed, .objective, .pass)
      store.add(failed, .objective, .fail)
      let result = try store.rate("") { $0.target = TargetQuestion(percent: percent) }
      let report = result.report()
      let first = try #require(report.columns.firstIndex { $0.name == "target_verdict" })
      return Array(try #require(report.total)[first...])
    }
    // Wilson's lower bound would call both met.
    #expect(try verdict(28, 0, "90").first == .text("not_proven"))
    #expect(try verdict(187, 13, "90%").first == .text("not_proven"))
    #expect(try verdict(187, 13, "90%")[3] == .integer(3))
    #expect(try verdict(29, 0, "90").first == .text("met"))
    #expect(try verdict(188, 12, "≥ 90 %").first == .text("met"))
    #expect(try verdict(172, 28, "90")[1] == .text("未达标"))
    #expect(try verdict(0, 0, "90").first == .missing)
    for bad in ["", "101", "-1", "a", "9.", ".5", "1.2.3", "99999999999999999999", "90%%"] {
      #expect(TargetQuestion(percent: bad) == nil, "\(bad)")
    }
    #expect(TargetQuestion(percent: "97.5")?.target == RateTarget(975, outOf: 1000))
  }

  @Test func aRateIsNeverRoundedAcrossItsTarget() throws {
    var store = SmallStore()
    store.add(8996, .objective, .pass)
    store.add(1004, .objective, .fail)
    let text = try TableEmitter().text(store.rate("").report())
    #expect(text.contains("89.96%") && !text.contains("90.0"))
    var almost = SmallStore()
    almost.add(2999, .objective, .pass)
    almost.add(1, .objective, .fail)
    // Truncated with `.to_i` this was 99 % in the real system, rounded it would be 100 %.
    #expect(try TableEmitter().text(almost.rate("").report()).contains("99.97%"))
  }
}
