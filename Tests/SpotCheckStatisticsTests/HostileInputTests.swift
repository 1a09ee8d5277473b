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

  /// Numbers of samples that no country takes, negative ones, and every option beside them.
  @Test func everyIntegerOptionIsSurvived() throws {
    let target = try #require(RateTarget.percent(90))
    let sample = try #require(Proportion(9, of: 10))
    for n in Self.integers {
      _ = RunChartTest.longestRunLimit(n)
      _ = RunChartTest.crossingsLimit(n)
      _ = CellTier(samples: n, minimumToShow: n, minimumToRank: Int.min)
      _ = CellTier(samples: 7, minimumToShow: Int.max, minimumToRank: n)
      _ = TargetPlanning.failuresAllowed(among: n, for: target)
      _ = TargetPlanning.failuresStillAllowed(sample, planned: n, for: target)
      _ = BinomialDistribution.doubledTail(n, n: 10, p: 0.2)
      _ = BinomialDistribution.quantile(0.5, n: n, p: 0.2)
      _ = HypergeometricDistribution.upperTail(n, population: 10, marked: 4, drawn: 3)
      _ = HypergeometricDistribution.cdf(n, population: 10, marked: 4, drawn: 3)
      _ = FinitePopulation.plausibleCounts(sample, population: n)
      _ = FunnelPlot.arcsineLimits(samples: n, centre: 0.1, z: 2)
      _ = SamplePlanning.precision(rate: 0.5, margin: 0.01, population: n)
      _ = SamplePlanning.margin(rate: 0.5, samples: n, population: n)
      _ = SamplePlanning.margin(rate: 0.5, samples: 3, population: n)
      _ = SamplePlanning.neyman(total: n, [.init(weight: 1, rate: 0.5)])
      _ = SamplePlanning.allocate(total: n, shares: [1, 2, 3], floor: n)
      _ = SamplePlanning.allocate(total: n, shares: [1, 2, 3], floor: 1)
      _ = PartialPooling.moments([sample, sample], fewestGroups: n)
      _ = PartialPooling.maximumLikelihood([sample, sample], fewestGroups: n)
      _ = PercentText(digits: n).text(sample)
      _ = PercentText.points(from: sample, to: sample.complement, digits: n)
      _ = RateTarget(n, outOf: Int.max)?.complement
      let cusum = try #require(BinomialCUSUM(expected: 0.05, shifted: 0.1))
      _ = cusum.averageRunLength(level: 2, samples: n, rate: 0.05)
      _ = cusum.averageRunLength(level: 2, samples: 5, rate: 0.05, states: n)
      _ = cusum.alarmLevel(inControlRunLength: 5, samples: min(n, 50))
    }
  }

  /// Series, groups and tables made of extremes: empty, of one, all the same, of Int.max, with gaps.
  @Test func everyListIsSurvived() throws {
    let one = try #require(Proportion(1, of: 2))
    let none = try #require(Proportion(0, of: 0))
    let clean = try #require(Proportion(0, of: 5))
    let full = try #require(Proportion(5, of: 5))
    let huge = try #require(Proportion(Int.max / 2, of: Int.max))
    let lists: [[Proportion]] = [
      [], [none], [one], [huge], [none, none], [one, none], [clean, clean], [full, full], [clean, full], [huge, huge],
      [one, huge, clean], [one, one, one, one, one], [none, one, clean, full, huge, one, one],
    ]
    let target = try #require(RateTarget.percent(95))
    for list in lists {
      _ = Proportion.sum(list)
      _ = SurveyEstimate.stratified(list, weights: list.map { _ in .greatestFiniteMagnitude })
      _ = SurveyEstimate.stratified(list, weights: list.map { _ in 0 })
      _ = SurveyEstimate.clustered(list).flatMap { $0.kornGraubard(degreesOfFreedom: .leastNonzeroMagnitude) }
      _ = SurveyEstimate.clustered(list).flatMap { $0.wilson(confidence: .nan) }
      _ = SurveyEstimate.needsClusters(list)
      _ = PartialPooling.moments(list, fewestGroups: 0)?.prior?.interval(huge)
      _ = PartialPooling.maximumLikelihood(list, fewestGroups: 0)
      _ = HeterogeneityTest.test(list)
      _ = FunnelDispersion.estimate(list, winsorise: 0)
      _ = FunnelSignals.evaluate(list, fewest: 0, dispersionLimit: 0)
      _ = FunnelSignals.evaluate(list, fewest: Int.min, falseDiscovery: .nan, dispersionLimit: .nan)
      _ = CochranArmitageTest.test(list, scores: list.map { _ in .greatestFiniteMagnitude })
      _ = MantelHaenszel.estimate(zip(list, list.reversed()).map { ($0, $1) })?.interval(confidence: 2)
      _ = RateDecomposition.kitagawa(before: list, after: list.reversed())
      for chart in [RateChart.p(list), RateChart.laney(list), RateChart.recommended(list)].compactMap({ $0 }) {
        #expect(chart.points.count == list.count)
        #expect(VariationRules.evaluate(chart).count == list.count)
        #expect(chart.points.allSatisfy { $0.lower >= 0 && $0.lower <= $0.upper && $0.upper <= 1 })
        _ = ProcessAssurance.assess(chart, target: target)
        if let decision = TargetDecision.decide(one, target) { _ = ProcessAssurance.isStable(decision, chart) }
      }
      #expect(try #require(RateEWMA.chart(list, expected: 0.05)).points.count == list.count)
      #expect(try #require(BinomialCUSUM(expected: 0.05, shifted: 0.1)).path(list).count == list.count)
      for other in list {
        _ = one.removing(other)
        _ = RateDifference.newcombe(one, other)
        _ = RateDifference.newcombe(other, one, confidence: .infinity)
        _ = other.oneSidedBounds(confidence: 1 - 1e-17)
        _ = TargetDecision.decide(other, target, alpha: .nan)
        _ = TargetDecision.decide(other, target, alpha: .leastNonzeroMagnitude)
        _ = PercentText(.perMille, digits: 12, target: target.complement).text(other)
      }
    }
  }

  @Test func everyDoubleOptionIsSurvived() throws {
    let target = try #require(RateTarget.percent(90))
    let sample = try #require(Proportion(9, of: 10))
    let other = try #require(Proportion(3, of: 40))
    for a in Self.doubles {
      _ = sample.oneSidedBounds(confidence: a)
      _ = NormalDistribution.twoSidedZ(a)
      _ = RateDifference.newcombe(sample, other, confidence: a)
      _ = TargetDecision.decide(sample, target, alpha: a)
      _ = TargetPlanning.sampleSize(proving: target, truth: a)
      _ = TargetPlanning.sampleSize(proving: target, truth: 0.95, power: a)
      _ = TargetPlanning.sampleSize(proving: target, truth: 0.95, alpha: a)
      _ = TargetPlanning.smallestSample(proving: target, alpha: a)
      _ = TargetPlanning.fewestFailuresRefuting(target, among: 10, alpha: a)
      _ = TargetPlanning.zeroFailureSample(population: 10, proving: target, alpha: a)
      _ = FinitePopulation.plausibleCounts(sample, population: 40, tail: a)
      _ = FinitePopulation.wilson(sample, population: 40, confidence: a)
      _ = Multiplicity.rejected([0.1, 0.2], level: a)
      _ = RateChart.p([sample, other], width: a)
      _ = RateChart.laney([sample, other], width: a)
      _ = RateEWMA.chart([sample, other], expected: 0.1, lambda: a, width: 3)
      _ = RateEWMA.chart([sample, other], expected: 0.1, lambda: 0.2, width: a)
      _ = RunChartTest.anhoej([1, 2], centre: a)
      _ = FunnelDispersion.estimate([sample, other], centre: a)
      _ = FunnelDispersion.estimate([sample, other], winsorise: a)
      _ = FunnelDispersion.estimate([sample, other])?.limits(samples: 10, z: a)
      _ = SurveyEstimate.stratified([sample, other], weights: [1, 1], largestEmptyShare: a)
      _ = SurveyEstimate.stratified([sample, other], weights: [1, 1])?.kornGraubard(confidence: a)
      _ = SurveyEstimate.stratified([sample, other], weights: [1, 1])?.kornGraubard(degreesOfFreedom: a)
      _ = CochranArmitageTest.test([sample, other], scores: [a, 1])
      _ = ProductGradeRate.rate(superior: a, first: 1, qualified: 1, total: a)
      let cusum = try #require(BinomialCUSUM(expected: 0.05, shifted: 0.1))
      _ = cusum.averageRunLength(level: a, samples: 5, rate: 0.05, states: 10)
      _ = cusum.averageRunLength(level: 2, samples: 5, rate: a, states: 10)
      if a <= 10 { _ = cusum.alarmLevel(inControlRunLength: a, samples: 5) }
      for b in Self.doubles {
        _ = SamplePlanning.margin(rate: a, samples: 5, confidence: b)
        _ = FunnelPlot.exactLimit(samples: 10, centre: a, probability: b)
        _ = FunnelPlot.arcsineLimits(samples: 10, centre: a, betweenVariance: b, z: 2)
        _ = PublicationAssessment.assess(rate: a, interval: Interval(lower: b, upper: a), effectiveSize: b)
        _ = PublicationAssessment.assess(
          rate: 0.5, interval: Interval(lower: 0.1, upper: 0.9), effectiveSize: a, degreesOfFreedom: b)
        _ = SamplePlanning.neyman(total: Int.max, [.init(weight: a, rate: 0.5, cost: b)])
        _ = BinomialDistribution.pmf(3, n: 7, p: a)
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
