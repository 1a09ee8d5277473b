import SpotCheckStatistics
import Testing

@Suite struct TargetTests {
  func decide(
    _ x: Int, _ n: Int, _ percent: Int, _ direction: RateTarget.Direction = .atLeast, _ basis: EvidenceBasis = .sample
  ) throws -> TargetDecision {
    let target = try #require(RateTarget.percent(percent, direction))
    let sample = try #require(Proportion(x, of: n))
    return try #require(TargetDecision.decide(sample, target, basis: basis))
  }

  /// Both pass by Wilson's lower bound and must not: the reason for the exact test.
  @Test func scoreBoundsWouldPassWhatTheExactTestDoesNot() throws {
    for (x, n) in [(28, 28), (187, 200)] {
      let sample = try #require(Proportion(x, of: n))
      let wilson = try #require(sample.interval(.wilson, confidence: 0.90))
      #expect(wilson.lower > 0.9)
      let decision = try decide(x, n, 90)
      #expect(decision.verdict == .notProven)
      #expect(decision.pointEstimateMeets)
    }
    #expect(try decide(29, 29, 90).verdict == .met)
    #expect(try decide(188, 200, 90).verdict == .met)
  }

  /// 89.96 % prints as 90.0 % and is still below 90 %: integers decide.
  @Test func theSubLabelIsDecidedOnIntegers() throws {
    #expect(try !decide(8996, 10000, 90).pointEstimateMeets)
    #expect(try decide(9000, 10000, 90).pointEstimateMeets)
    #expect(try decide(9000, 10000, 90, .atMost).pointEstimateMeets)
    #expect(try decide(8999, 10000, 90, .atLeast, .census).verdict == .notMet)
    #expect(try decide(9000, 10000, 90, .atLeast, .census).verdict == .met)
  }

  @Test func theBoundsAndTheTestNeverDisagree() throws {
    for n in 1...60 {
      for x in 0...n {
        let decision = try decide(x, n, 90)
        #expect((decision.bounds.lower >= 0.9) == (decision.verdict == .met), "\(x)/\(n)")
        #expect((decision.bounds.upper <= 0.9) == (decision.verdict == .notMet), "\(x)/\(n)")
      }
    }
  }

  @Test func atMostIsAtLeastOfTheComplement() throws {
    for n in [1, 13, 29, 200] {
      for x in 0...n {
        let pass = try decide(x, n, 90)
        let fail = try decide(n - x, n, 10, .atMost)
        #expect(pass.verdict == fail.verdict)
        #expect(pass.pointEstimateMeets == fail.pointEstimateMeets)
        #expect(abs(pass.bounds.lower - (1 - fail.bounds.upper)) < 1e-13)
      }
    }
  }

  @Test func aHundredPercentIsProvenOnlyByACensus() throws {
    let clean = try decide(59, 59, 100)
    #expect(clean.verdict == .notProven)
    #expect(clean.pointEstimateMeets)
    #expect(abs(clean.bounds.lower - 0.950492) < 1e-6)
    #expect(try decide(58, 59, 100).verdict == .notMet)
    #expect(try decide(59, 59, 100, .atLeast, .census).verdict == .met)
    #expect(try decide(58, 59, 100, .atLeast, .census).verdict == .notMet)
    #expect(try decide(20, 20, 100, .atLeast, .sampleOf(population: 20)).verdict == .met)
    #expect(try decide(19, 19, 100, .atLeast, .sampleOf(population: 20)).verdict == .notProven)
    #expect(try decide(0, 40, 0, .atMost).verdict == .notProven)
    #expect(try decide(1, 40, 0, .atMost).verdict == .notMet)
  }

  @Test func finitePopulationsNeedFewerSamples() throws {
    #expect(try decide(20, 20, 90, .atLeast, .sampleOf(population: 50)).verdict == .met)
    #expect(try decide(20, 20, 90).verdict == .notProven)
    #expect(try decide(19, 20, 90, .atLeast, .sampleOf(population: 50)).verdict == .notProven)
    #expect(try decide(0, 20, 90, .atLeast, .sampleOf(population: 50)).verdict == .notMet)
    let target = try #require(RateTarget.percent(90))
    for population in [20, 50, 100] {
      let n = try #require(TargetPlanning.zeroFailureSample(population: population, proving: target))
      #expect(try decide(n, n, 90, .atLeast, .sampleOf(population: population)).verdict == .met)
      #expect(try decide(n - 1, n - 1, 90, .atLeast, .sampleOf(population: population)).verdict == .notProven)
    }
  }

  /// One failure of one against 95 % has probability 0.05 exactly; the last bit of a Double must not decide.
  @Test func equalityWithAlphaRejects() throws {
    #expect(try decide(0, 1, 95).verdict == .notMet)
    #expect(try decide(1, 1, 5, .atMost).verdict == .notMet)
    #expect(try decide(1, 1, 5).verdict == .met)
  }

  @Test func plansAgreeWithVerdicts() throws {
    let target = try #require(RateTarget.percent(90))
    for n in 1...120 {
      let allowed = TargetPlanning.failuresAllowed(among: n, for: target)
      let refuting = TargetPlanning.fewestFailuresRefuting(target, among: n)
      for failures in 0...n {
        let verdict = try decide(n - failures, n, 90).verdict
        #expect((verdict == .met) == (failures <= allowed ?? -1), "\(failures) of \(n)")
        #expect((verdict == .notMet) == (failures >= refuting ?? Int.max), "\(failures) of \(n)")
      }
    }
    #expect(TargetPlanning.failuresAllowed(among: 28, for: target) == nil)
    #expect(TargetPlanning.fewestFailuresRefuting(target, among: 1) == nil)
    let sample = try #require(Proportion(27, of: 28))
    #expect(TargetPlanning.failuresStillAllowed(sample, planned: 61, for: target) == 1)
    #expect(TargetPlanning.failuresStillAllowed(sample, planned: 45, for: target) == nil)
    #expect(TargetPlanning.failuresStillAllowed(sample, planned: 46, for: target) == 0)
    #expect(TargetPlanning.failuresStillAllowed(sample, planned: 20, for: target) == nil)
    let none = try #require(RateTarget.percent(100))
    #expect(TargetPlanning.smallestSample(proving: none) == nil)
    #expect(TargetPlanning.cleanSamplesNeeded(sample, for: none) == nil)
    let defects = try #require(RateTarget.percent(10, .atMost))
    #expect(TargetPlanning.cleanSamplesNeeded(sample.complement, for: defects) == 18)
  }

  @Test func theDecisionReportsWhatItUsed() throws {
    let decision = try decide(1, 10, 5, .atMost, .census)
    #expect(decision.verdict == .notMet)
    #expect(decision.chanceOfAsGood == nil)
    #expect(decision.bounds == Interval(lower: 0.1, upper: 0.1))
    #expect(decision.basis == .census)
  }
}
