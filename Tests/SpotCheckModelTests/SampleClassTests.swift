import SpotCheckModel
import Testing

@Suite struct SampleClassTests {
  private static let none: SampleFlags = []

  @Test(
    arguments: [
      (Verdict.pass, none, false, "passed"), (.fail, none, false, "failed"),
      (.undetermined, none, false, "undetermined"), (nil, none, false, "undetermined"),
      (.notTested, none, false, "not_tested"), (.notTested, .refused, false, "refused"),
      (.notTested, .unlicensed, false, "unlicensed"), (.notTested, [.refused, .unlicensed], false, "unlicensed"),
      // A remark that says 拒检 beside a conclusion: it was tested.
      (.pass, .refused, false, "passed"), (.fail, [.unlicensed, .pending, .labelOnly], false, "failed"),
      // Risk monitoring is never in a pass rate, whatever it found; what was not tested was not monitored.
      (.pass, .riskMonitoring, false, "risk_monitoring"), (.fail, .riskMonitoring, false, "risk_monitoring"),
      (.undetermined, .riskMonitoring, false, "risk_monitoring"), (nil, .riskMonitoring, false, "risk_monitoring"),
      (.notTested, .riskMonitoring, false, "not_tested"), (.notTested, [.riskMonitoring, .refused], false, "refused"),
      // Screening is counted apart first of all.
      (.pass, none, true, "screening"), (.fail, .riskMonitoring, true, "screening"), (nil, none, true, "screening"),
      (.notTested, .refused, true, "screening"), (.fail, .listed, true, "screening"),
      // A list of outcomes has no denominator, whatever it says.
      (.fail, .listed, false, "listed"), (.pass, [.listed, .riskMonitoring], false, "listed"),
      (.notTested, [.listed, .refused], false, "listed"),
    ] as [(Verdict?, SampleFlags, Bool, String)])
  func everySampleIsInOneClass(
    _ verdict: Verdict?, _ flags: SampleFlags, _ isScreening: Bool, _ expected: String
  ) {
    #expect(SampleClass(verdict: verdict, flags: flags, isScreening: isScreening).rawValue == expected)
  }

  @Test func placesAreTheOrderOfTheCases() {
    #expect(SampleClass.allCases.map(\.place) == Array(0..<9))
    #expect(SampleClass.allCases.filter(\.isInspected) == [.passed, .failed])
  }

  @Test func samplesAreInspectedPlusExcludedByReason() {
    var accounts = SampleAccounts()
    for (index, sampleClass) in SampleClass.allCases.enumerated() {
      for _ in 0...index { accounts.count(sampleClass) }
    }
    #expect(accounts.samples == 45 && accounts.inspected == 3 && accounts.excluded == 42)
    #expect(accounts.isBalanced)
    var twice = accounts
    twice.add(accounts)
    #expect(twice.samples == 90 && twice[.screening] == 16 && twice.isBalanced)
    twice[.failed] -= 1
    #expect(!twice.isBalanced)
    #expect(!SampleAccounts(samples: 0, [.passed: 1, .failed: -1]).isBalanced)
    // Counts of a damaged catalogue do not trap.
    #expect(!SampleAccounts(samples: 1, [.passed: .max, .failed: .max]).isBalanced)
  }
}
