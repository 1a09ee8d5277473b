import SpotCheckStatistics
import Testing

/// Counts and numbers nobody means seriously: an answer or nil, never a trap and never an endless loop.
@Suite struct HostileInputTests {
  static let doubles: [Double] = [
    .nan, .infinity, -.infinity, -1, -0.0, 0, .leastNonzeroMagnitude, 1e-300, 0.5, 1, 1.0000001, 7, 1e9, 1e10, 1e18,
    1e300,
    .greatestFiniteMagnitude,
  ]
  static let integers = [Int.min, -1, 0, 1, 2, 30, 1 << 31, 1 << 40, Int.max - 1, Int.max]

  @Test func impossibleCountsAreNoProportion() throws {
    #expect(Proportion(3, of: 2) == nil)
    #expect(Proportion(-1, of: 2) == nil)
    #expect(Proportion(0, of: -1) == nil)
    #expect(Proportion(Int.min, of: Int.max) == nil)
    let empty = try #require(Proportion(0, of: 0))
    #expect(empty.rate == nil)
    let huge = try #require(Proportion(Int.max, of: Int.max))
    #expect(Proportion.sum([huge, huge]) == nil)
    #expect(Proportion.sum([]) == empty)
    for method in IntervalMethod.allCases {
      #expect(empty.interval(method) == nil)
      for confidence in [.nan, -1, 0, 1, 2, .infinity] { #expect(huge.interval(method, confidence: confidence) == nil) }
    }
    #expect(TargetDecision.decide(empty, try #require(.percent(90))) == nil)
  }

  @Test func everyIntegerIsSurvived() throws {
    for n in Self.integers {
      for x in Self.integers {
        _ = BinomialDistribution.pmf(x, n: n, p: 0.3)
        _ = BinomialDistribution.cdf(x, n: n, p: 0.3)
        _ = BinomialDistribution.upperTail(x, n: n, p: 0.3)
        _ = HypergeometricDistribution.cdf(x, population: n, marked: 3, drawn: 2)
        _ = HypergeometricDistribution.upperTail(x, population: 10, marked: n, drawn: 2)
        _ = HypergeometricDistribution.pmf(1, population: n, marked: x, drawn: n)
        _ = FunnelPlot.exactLimits(samples: n, centre: 0.1, tail: 0.025)
        _ = CellTier(samples: n)
        _ = RateTarget(mantissa: x, scale: n)
        guard let target = RateTarget(x, outOf: n) ?? RateTarget(1, outOf: 2), let proportion = Proportion(x, of: n)
        else {
          continue
        }
        for method in IntervalMethod.allCases {
          if let interval = proportion.interval(method) {
            #expect(
              interval.lower >= 0 && interval.lower <= interval.upper && interval.upper <= 1, "\(method) \(x)/\(n)")
          }
        }
        for basis in [EvidenceBasis.sample, .census, .sampleOf(population: n), .sampleOf(population: 3)] {
          _ = TargetDecision.decide(proportion, target, basis: basis)
          _ = TargetDecision.decide(proportion, target.complement, basis: basis)
        }
        _ = TargetPlanning.cleanSamplesNeeded(proportion, for: target)
        _ = TargetPlanning.failuresStillAllowed(proportion, planned: n, for: target)
        _ = TargetPlanning.fewestFailuresRefuting(target, among: n)
        _ = TargetPlanning.smallestSample(proving: target, failures: x)
        _ = TargetPlanning.zeroFailureSample(population: n, proving: target)
        _ = TargetPlanning.sampleSize(proving: target, truth: 0.9999)
        _ = FinitePopulation.wilson(proportion, population: n)
        _ = PublicationAssessment.assess(proportion)
        let pair = [proportion, proportion, try #require(Proportion(1, of: 3))]
        _ = SurveyEstimate.stratified(pair, weights: [1, 2, 3])?.kornGraubard()
        _ = SurveyEstimate.clustered(pair)?.kornGraubard(degreesOfFreedom: 2)
        _ = PartialPooling.moments(pair, fewestGroups: 2)
        _ = RateDecomposition.kitagawa(before: pair, after: pair)
        _ = HeterogeneityTest.test(pair)
        _ = CochranArmitageTest.test(pair)
        _ = MantelHaenszel.estimate([(proportion, proportion)])
        _ = FunnelDispersion.estimate(pair)
        _ = RateChart.laney(pair).map { VariationRules.evaluate($0) }
        _ = PercentText(target: target).text(proportion)
        _ = PercentText.points(from: proportion, to: pair[2])
      }
    }
  }

  @Test func everyDoubleIsSurvived() {
    for a in Self.doubles {
      _ = SpecialFunctions.logGamma(a)
      _ = NormalDistribution.quantile(a)
      _ = NormalDistribution.cdf(a)
      _ = PercentText().text(rate: a)
      _ = RateEWMA.chart([], expected: a, lambda: a)
      for b in Self.doubles {
        _ = StudentDistribution.quantile(a, df: b)
        _ = StudentDistribution.cdf(a, df: b)
        _ = ChiSquareDistribution.upperTail(a, df: b)
        _ = SamplePlanning.precision(rate: a, margin: b)
        _ = SamplePlanning.neyman(total: 10, [.init(weight: a, rate: b), .init(weight: 1, rate: 0.5)])
        _ = SamplePlanning.allocate(total: 100, shares: [a, b, 1], floor: 3)
        _ = Multiplicity.adjusted([a, b, 0.5])
        _ = RunChartTest.anhoej([a, b, 1, 2])
        _ = BinomialCUSUM(expected: a, shifted: b)
        _ = BinomialDistribution.quantile(a, n: 100, p: b)
        _ = BetaPrior(alpha: a, beta: b).flatMap { prior in Proportion(3, of: 9).flatMap { prior.interval($0) } }
        for p in [-1, 0, 1e-300, 0.3, 0.975, 1, .nan] {
          let x = SpecialFunctions.betaQuantile(p, a, b)
          #expect(x.isNaN || (x >= 0 && x <= 1))
          let value = SpecialFunctions.regularisedBeta(a, b, at: p)
          #expect(value.isNaN || (value >= 0 && value <= 1))
        }
      }
    }
    #expect(Multiplicity.adjusted([0.1, .nan]) == nil)
    #expect(Multiplicity.adjusted([0.1, 1.1]) == nil)
  }

  @Test func listsThatDoNotFitGiveNil() throws {
    let one = try #require(Proportion(1, of: 2))
    let empty = try #require(Proportion(0, of: 0))
    #expect(SurveyEstimate.stratified([one], weights: [1, 2]) == nil)
    #expect(SurveyEstimate.stratified([one], weights: [.nan]) == nil)
    #expect(SurveyEstimate.stratified([one], weights: [-1]) == nil)
    #expect(SurveyEstimate.stratified([], weights: []) == nil)
    #expect(SurveyEstimate.stratified([one, empty], weights: [0.9, 0.1]) == nil)
    let covered = try #require(SurveyEstimate.stratified([one, empty], weights: [0.96, 0.04]))
    #expect(covered.rate == 0.5 && abs(covered.coveredWeight - 0.96) < 1e-15)
    #expect(SurveyEstimate.clustered([one, empty]) == nil)
    #expect(RateDecomposition.kitagawa(before: [one], after: []) == nil)
    #expect(RateDecomposition.kitagawa(before: [empty], after: [one]) == nil)
    #expect(CochranArmitageTest.test([one, one], scores: [1]) == nil)
    #expect(CochranArmitageTest.test([one, one], scores: [1, 1]) == nil)
    #expect(RateChart.p([]) == nil)
    #expect(RateChart.p([one], baseline: 0..<2) == nil)
    #expect(RateChart.laney([one]) == nil)
    #expect(HeterogeneityTest.test([one, empty]) == nil)
    #expect(PartialPooling.moments([one, one, one, one]) == nil)
    #expect(Multiplicity.adjusted([]) == [])
  }
}
