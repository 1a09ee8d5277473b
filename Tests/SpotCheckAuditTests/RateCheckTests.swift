import Testing

@testable import SpotCheckAudit

@Suite struct RateCheckTests {
  /// A bulletin with one row.
  func codes(_ inspected: String, _ failed: String, _ rate: String, targets: [String] = []) throws -> [AuditCode] {
    try Audit.codes("total: {inspected: \(inspected), failed: \(failed), \(rate)}", targets: targets)
  }

  @Test func ratesThatRecomputeAreSilent() throws {
    #expect(try codes("6474", "188", "不合格率: 2.90%") == [])
    #expect(try codes("6474", "188", "不合格率: 2.9%") == [])
    #expect(try codes("6474", "188", "不合格率: 3%") == [])
    #expect(try codes("6474", "188", "合格率: 97.1%") == [])
    #expect(try codes("6474", "188", "问题发现率: 29.04‰") == [])
    #expect(try codes("1166", "140", "finding_rate: 12.01%") == [])
    #expect(try codes("8", "0", "合格率: 100%") == [])
  }

  @Test func ratesThatDoNotAreFound() throws {
    #expect(try codes("812", "47", "合格率: 98.1%") == [.percent])
    #expect(try codes("6474", "188", "不合格率: 2.91%") == [.percent])
    #expect(try codes("6474", "188", "不合格率: 29.05‰") == [.percent])
    #expect(try codes("8", "0", "合格率: 99.9%") == [.percent])
    #expect(try codes("0", "0", "合格率: 100%") == [.percent])
    #expect(try codes("10", "2", "合格率: 180%") == [.percent])
  }

  /// 1 of 8 is 12.5 %: half up prints 13, half to even 12. 3 of 8 is 37.5 %: 38, or 37 as 100 minus a rounded 63.
  @Test func everyWayToRoundAHalfIsAccepted() throws {
    for rate in ["12%", "13%"] { #expect(try codes("8", "1", "不合格率: \(rate)") == []) }
    for rate in ["37%", "38%"] { #expect(try codes("8", "3", "不合格率: \(rate)") == []) }
    #expect(try codes("8", "1", "不合格率: 14%") == [.percent])
    #expect(try codes("8", "1", "不合格率: 11%") == [.percent])
  }

  @Test func cuttingOffIsAWarning() throws {
    let report = try Audit.report("total: {inspected: 1000, failed: 1, 合格率: 99%}")
    #expect(report.findings.map(\.code) == [.percentTruncated])
    #expect(report.findings.map(\.severity) == [.warning])
    #expect(report.errors == 0)
    #expect(report.findings.first?.expected == "99.90%")
  }

  @Test func theComplementUnderTheWrongNameIsNamed() throws {
    #expect(try codes("10", "2", "合格率: 20%") == [.rateName])
    #expect(try codes("10", "2", "不合格率: 80%") == [.rateName])
    #expect(try codes("10", "2", "问题发现率: 80%") == [.rateName])
    #expect(try codes("10", "5", "合格率: 50%") == [])
  }

  @Test func aRateThatNoWholeNumberGives() throws {
    #expect(try Audit.codes("total: {inspected: 8, 合格率: 93%}") == [.percentUnreachable])
    #expect(try Audit.codes("total: {inspected: 8, 合格率: 87.5%}") == [])
    #expect(try Audit.codes("total: {inspected: 8, 合格率: 100%}") == [])
    #expect(try Audit.codes("total: {inspected: 8, 合格率: 101%}") == [.percentUnreachable])
    #expect(try Audit.codes("total: {inspected: 6474, 合格率: 97.10%}") == [])
  }

  /// Of every whole number up to n, the check must find exactly those percentages that one of them rounds to.
  @Test func reachableIsWhatSomeWholeNumberRoundsTo() throws {
    for n in 1...40 {
      let whole = PrintedCount(n, position: .document)
      for mantissa in 0...1000 {
        let number = ScannedNumber(mantissa: mantissa, decimals: 1, zeros: 0, text: "", end: 0)
        let percent = try #require(PrintedPercent(number, .percent, position: .document))
        // |m/10 − 100k/n| ≤ 1/20, in integers.
        let byHand = (0...n).contains { k in abs(2 * mantissa * n - 2000 * k) <= n }
        #expect(ExactShare.isReachable(percent, of: whole) == byHand, "\(mantissa) \(n)")
      }
    }
  }

  @Test func countsInTenThousandsStandForARange() throws {
    #expect(try codes("699.74万", "19.09万", "不合格率: 2.73%") == [])
    #expect(try codes("699.74万", "19.09万", "不合格率: 2.75%") == [.percent])
    // All digits given: exact, and 423/31392 = 1.34748 %.
    #expect(try codes("3.1392万", "423", "不合格率: 1.347%") == [])
    #expect(try codes("3.1392万", "423", "不合格率: 1.348%") == [.percent])
    #expect(PrintedCountTests.range("3.1392万") == 31_392...31_392)
    #expect(PrintedCountTests.range("3.13万") == 31_250...31_350)
  }

  @Test func roundingMustNotCrossATarget() throws {
    // method.md: 8996 of 10000 prints 90.0 % and is still below 90 %.
    let report = try Audit.report("total: {inspected: 10000, passed: 8996, 合格率: 90.0%}")
    #expect(report.findings.map(\.code) == [.roundingCrossesTarget])
    #expect(report.findings.map(\.severity) == [.warning])
    #expect(report.findings.first?.expected == "89.96%")
    let declared = try Audit.report("total: {inspected: 10000, passed: 8996, 合格率: 90.0%}", targets: ["90"])
    #expect(declared.findings.map(\.severity) == [.error])
    let written = try Audit.report("targets: [90]\ntotal: {inspected: 10000, passed: 8996, 合格率: 90.0%}")
    #expect(written.findings.map(\.severity) == [.error])

    #expect(try codes("10000", "1004", "合格率: 89.96%") == [])
    #expect(try codes("10000", "1000", "合格率: 90.0%") == [])
    #expect(try codes("10000", "996", "合格率: 90.0%") == [])
    // The same seen from the failures.
    #expect(try codes("10000", "1004", "不合格率: 10.0%") == [.roundingCrossesTarget])
    #expect(try codes("10000", "504", "不合格率: 5%") == [.roundingCrossesTarget])
    // Another target replaces the plan's, and a rate of findings has none.
    #expect(try codes("10000", "1004", "合格率: 90.0%", targets: ["98"]) == [])
    #expect(try codes("10000", "1004", "问题发现率: 10.0%") == [])
  }

  @Test func aMeanOfRatesIsNoPooledRate() throws {
    // Invented rows: 90 % of 200 and 70 % of 10, pooled 187/210 = 89.05 %, mean 80 %.
    let rows = """
      breakdowns:
        - name: 类别
          rows:
            - {name: 甲, inspected: 200, passed: 180}
            - {name: 乙, inspected: 10, passed: 7}
      """
    #expect(try Audit.codes("total: {inspected: 210, passed: 187, 合格率: 80%}\n" + rows) == [.meanOfRates])
    #expect(try Audit.codes("total: {inspected: 210, passed: 187, 合格率: 89.05%}\n" + rows) == [])
    #expect(try Audit.codes("total: {inspected: 210, passed: 187, 合格率: 81%}\n" + rows) == [.percent])
    // The total's counts may be left to its rows.
    #expect(try Audit.codes("total: {合格率: 80%}\n" + rows) == [.meanOfRates])
    #expect(try Audit.codes("total: {合格率: 89.05%}\n" + rows) == [])
  }

  /// domain.md 3.4: 246 of 320 printed 95.6 %, the unweighted mean of five rates. The five rates here are invented.
  @Test func theMunicipalBulletinOf2014() throws {
    let report = try Audit.report(
      """
      total: {inspected: 320, passed: 246, 合格率: 95.6%}
      breakdowns:
        - name: 类别
          rows:
            - {name: 一, 合格率: 100%}
            - {name: 二, 合格率: 98%}
            - {name: 三, 合格率: 97%}
            - {name: 四, 合格率: 93%}
            - {name: 五, 合格率: 90%}
      """)
    #expect(report.findings.map(\.code) == [.meanOfRates])
    #expect(report.findings.first?.expected == "76.88%")
  }

  /// domain.md 3.4: 99.38 % is the mean of two rounds (98.76, 100); the counts were not printed.
  @Test func aMeanWithoutCountsIsOnlySuspicious() throws {
    let rows = "\nbreakdowns: [{name: 轮次, rows: [{name: 一, 合格率: 98.76%}, {name: 二, 合格率: 100%}]}]"
    let report = try Audit.report("total: {合格率: 99.38%}" + rows)
    #expect(report.findings.map(\.code) == [.meanOfRates])
    #expect(report.findings.map(\.severity) == [.warning])
    #expect(try Audit.codes("total: {合格率: 99.21%}" + rows) == [])
    let equal = "\nbreakdowns: [{name: 轮次, rows: [{name: 一, 合格率: 98%}, {name: 二, 合格率: 98%}]}]"
    #expect(Audit.refusal("total: {合格率: 98%}" + equal) != nil, "equal rates: nothing can be checked")
  }
}

@Suite struct PrintedCountTests {
  static func range(_ text: String) -> ClosedRange<Int>? {
    BulletinNumbers.count(text, at: .document).map { $0.low...$0.high }
  }

  @Test func countsAsPrinted() {
    #expect(PrintedCountTests.range("6474") == 6474...6474)
    #expect(PrintedCountTests.range("６４７４") == 6474...6474)
    #expect(PrintedCountTests.range("6,474") == 6474...6474)
    #expect(PrintedCountTests.range("1,234,567") == 1_234_567...1_234_567)
    #expect(PrintedCountTests.range("2 万") == 15_000...25_000)
    #expect(PrintedCountTests.range("0") == 0...0)
    for wrong in [
      "", "12,34", "1234,567", "1.5", "-1", "十二", "12a", "1e3", "0x10", "1_000", "2000000000000", "1.23456万",
    ] {
      #expect(PrintedCountTests.range(wrong) == nil, "\(wrong)")
    }
    #expect(PrintedCountTests.range(String(repeating: "9", count: 400)) == nil)
    #expect(PrintedCountTests.range(String(repeating: "0", count: 400) + "7") == 7...7)
  }

  @Test func percentagesAsPrinted() throws {
    let percent = try #require(BulletinNumbers.percent("2.90 ％", at: .document))
    #expect(percent.value == 2_900_000_000)
    #expect(percent.halfUnit == 5_000_000)
    #expect(percent.text == "2.90%")
    #expect(try #require(BulletinNumbers.percent("5.5‰", at: .document)).value == 550_000_000)
    for wrong in ["", "2.90", "%", "1,5%", "100.123456789%", "99999999%", "-1%", "1%%", "1 % x"] {
      #expect(BulletinNumbers.percent(wrong, at: .document) == nil, "\(wrong)")
    }
    #expect(try #require(BulletinNumbers.points("-0.13", at: .document)).value == -130_000_000)
    #expect(try #require(BulletinNumbers.points("+0.4个百分点", at: .document)).value == 400_000_000)
    #expect(BulletinNumbers.points("0.4%", at: .document) == nil)
  }

  @Test func targetsAsWritten() {
    #expect(AuditTarget("90") != nil && AuditTarget("94.5") != nil && AuditTarget("98%") != nil)
    for wrong in ["", "101", "-5", "ninety", "90%%", "9万", String(repeating: "9", count: 40)] {
      #expect(AuditTarget(wrong) == nil, "\(wrong)")
    }
  }
}
