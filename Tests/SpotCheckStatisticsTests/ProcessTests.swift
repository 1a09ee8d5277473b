import SpotCheckStatistics
import Testing

@Suite struct ProcessTests {
  func series(_ counts: [Int], of n: Int) -> [Proportion] { counts.compactMap { Proportion($0, of: n) } }

  @Test func anhoejCountsRunsAndCrossings() throws {
    // Above, above, on the line (not counted), below ×3, above: runs 2, 3, 1 and two crossings.
    let test = try #require(RunChartTest.anhoej([5, 6, 4, 1, 2, 3, 9], centre: 4))
    #expect(test.useful == 6 && test.longestRun == 3 && test.crossings == 2)
    #expect(test.longestRunLimit == 6 && test.crossingsLimit == 1)
    #expect(!test.signals)
    // Twelve low then twelve high: one run of twelve, one crossing.
    let shifted = try #require(RunChartTest.anhoej((0..<24).map { $0 < 12 ? 1 : 2 }))
    #expect(shifted.longestRun == 12 && shifted.crossings == 1 && shifted.signals)
    let zigzag = try #require(RunChartTest.anhoej((0..<24).map { Double($0 % 2) }))
    #expect(zigzag.longestRun == 1 && zigzag.crossings == 23 && !zigzag.signals)
    #expect(RunChartTest.anhoej([3, 3, 3]) == nil)
    #expect(RunChartTest.anhoej([]) == nil)
    #expect(RunChartTest.anhoej([1, .nan]) == nil)
    #expect(RunChartTest.longestRunLimit(0) == nil)
    #expect(RunChartTest.longestRunLimit(Int.max) == 66)
  }

  @Test func eachVariationRuleMarksItsPoints() throws {
    func marks(_ counts: [Int], _ rule: VariationRules) throws -> [Int] {
      let chart = try #require(RateChart.p(series(counts, of: 1000)))
      let rules = VariationRules.evaluate(chart)
      return rules.indices.filter { rules[$0].contains(rule) }
    }
    // p̄ = 0.1, σ ≈ 9.5 per thousand.
    #expect(try marks([100, 98, 102, 140, 99, 100, 61], .beyondLimits) == [3, 6])
    #expect(try marks([101, 102, 101, 103, 101, 102, 101, 89, 100], .shift) == [0, 1, 2, 3, 4, 5, 6])
    #expect(try marks([101, 102, 101, 103, 101, 102, 90, 100], .shift) == [])
    #expect(try marks([110, 85, 90, 95, 100, 104, 107, 109, 100], .trend) == [1, 2, 3, 4, 5, 6, 7])
    #expect(try marks([110, 90, 95, 100, 104, 107, 109, 85, 100], .trend) == [])
    #expect(try marks([100, 122, 99, 121, 100, 79, 79, 100, 100], .nearLimit) == [1, 3, 5, 6])
    #expect(try marks([100, 122, 99, 100, 121, 79, 100, 79], .nearLimit) == [5, 7])
  }

  @Test func emptyPeriodsAreSteppedOver() throws {
    let gap = try #require(Proportion(0, of: 0))
    let full = series([10, 12, 8, 11], of: 100)
    let withGap = [full[0], full[1], gap, full[2], full[3]]
    let chart = try #require(RateChart.laney(withGap))
    let plain = try #require(RateChart.laney(full))
    #expect(chart.sigmaZ == plain.sigmaZ && chart.centre == plain.centre)
    #expect(chart.points[2].rate == nil && chart.points[2].signal == 0)
    #expect(VariationRules.evaluate(chart)[2] == [])
    let ewma = try #require(RateEWMA.chart(withGap, expected: 0.1))
    #expect(ewma.points[2] == ewma.points[1])
    #expect(try #require(BinomialCUSUM(expected: 0.05, shifted: 0.1)).path(withGap)[2] > 0)
  }

  @Test func theBaselineSetsTheCentre() throws {
    let chart = try #require(RateChart.p(series([10, 10, 10, 30], of: 100), baseline: 0..<3))
    #expect(chart.centre == 0.1)
    #expect(chart.points.map(\.signal) == [0, 0, 0, 1])
    #expect(RateChart.p(series([10], of: 100), baseline: 0..<0) == nil)
  }

  /// The house rule for p or p′: large periods, or more variation than chance.
  @Test func theChartFitsTheSeries() throws {
    func prime(_ periods: [Proportion]) throws -> Bool {
      try #require(RateChart.recommended(periods)).meanMovingRange != nil
    }
    #expect(try !prime(series([5, 6, 4, 5, 5, 6], of: 100)))
    #expect(try prime(series([1, 12, 2, 14, 0, 11], of: 100)))
    #expect(try !prime(series([25, 26, 24, 25], of: 500)))
    #expect(try prime(series([25, 26, 24, 25], of: 501)))
    // No p′ for a single period or without failures.
    #expect(try !prime(series([40], of: 900)))
    #expect(try !prime(series([0, 0, 0], of: 900)))
    #expect(RateChart.recommended([]) == nil)
    #expect(RateChart.recommended(series([1, 2], of: 9), baseline: 0..<3) == nil)
    let eleven = try #require(RateChart.p(series([Int](repeating: 3, count: 11), of: 50)))
    let twelve = try #require(RateChart.p(series([Int](repeating: 3, count: 12), of: 50)))
    #expect(eleven.isProvisional && !twelve.isProvisional)
    #expect(try #require(RateChart.p(series([Int](repeating: 3, count: 40), of: 50), baseline: 0..<11)).isProvisional)
  }

  /// With λ = 1 the average forgets everything: the plain rate inside one-sided Shewhart limits.
  @Test func ewmaWithoutMemoryIsAShewhartChart() throws {
    let periods = series([5, 9, 30, 4], of: 100)
    let chart = try #require(RateEWMA.chart(periods, expected: 0.05, lambda: 1))
    let limit = 0.05 + 3 * (0.05 * 0.95 / 100).squareRoot()
    for (point, period) in zip(chart.points, periods) {
      #expect(abs(point.average - (period.rate ?? .nan)) < 1e-15)
      #expect(abs(point.upperLimit - limit) < 1e-15)
      #expect(point.signals == ((period.rate ?? 0) > limit))
    }
  }

  /// More failures never lower a CUSUM, more clean samples never raise it.
  @Test func cusumFollowsTheFailures() throws {
    let cusum = try #require(BinomialCUSUM(expected: 0.05, shifted: 0.1))
    let base = cusum.path(series([4, 6, 3, 9], of: 60))
    for (more, less) in zip(cusum.path(series([4, 7, 3, 9], of: 60)), base) { #expect(more >= less) }
    for (cleaner, sum) in zip(cusum.path(series([4, 6, 3, 9], of: 61)), base) { #expect(cleaner <= sum) }
    #expect(BinomialCUSUM(expected: 0.1, shifted: 0.05) == nil)
    #expect(BinomialCUSUM(expected: 0, shifted: 0.05) == nil)
  }

  /// "稳定在95%以上": proven for the period, and the process limit above the target.
  @Test func stabilityNeedsVerdictAndProcess() throws {
    let target = try #require(RateTarget.percent(95))
    func assess(_ counts: [Int], of n: Int) throws -> (ProcessAssurance?, Bool) {
      let periods = series(counts, of: n)
      let chart = try #require(RateChart.p(periods))
      let year = try #require(Proportion.sum(periods))
      let decision = try #require(TargetDecision.decide(year, target))
      return (ProcessAssurance.assess(chart, target: target), ProcessAssurance.isStable(decision, chart))
    }
    #expect(try assess([995, 993, 996, 994], of: 1000) == (.consistentlyPasses, true))
    #expect(try assess([97, 98, 96, 99], of: 100) == (.hitAndMiss, false))
    #expect(try assess([700, 710, 690, 705], of: 1000) == (.consistentlyFails, false))
    // A process well above the target and a year with too few samples to prove it.
    let chart95 = try #require(RateChart.p(series([995, 993, 996, 994], of: 1000)))
    let few = try #require(Proportion(28, of: 28))
    #expect(!ProcessAssurance.isStable(try #require(TargetDecision.decide(few, target)), chart95))
    let defects = try #require(RateTarget.percent(5, .atMost))
    let chart = try #require(RateChart.p(series([5, 7, 4, 6], of: 1000)))
    #expect(ProcessAssurance.assess(chart, target: defects) == .consistentlyPasses)
  }

  /// Deterministic average run lengths against a simulation with a fixed seed.
  @Test func cusumRunLengthAgreesWithSimulation() throws {
    let cusum = try #require(BinomialCUSUM(expected: 0.05, shifted: 0.10))
    let exact = try #require(cusum.averageRunLength(level: 3, samples: 50, rate: 0.05))
    var random = PropertyTests.Seeded(state: 1)
    var total = 0
    let runs = 1500
    for _ in 0..<runs {
      var sum = 0.0
      repeat {
        var failures = 0
        for _ in 0..<50 where Double.random(in: 0..<1, using: &random) < 0.05 { failures += 1 }
        sum = max(0, sum + Double(failures) * cusum.perFailure + 50 * cusum.perSample)
        total += 1
      } while sum <= 3
    }
    let simulated = Double(total) / Double(runs)
    #expect(abs(exact / simulated - 1) < 0.08, "\(exact) and \(simulated)")
    let shifted = try #require(cusum.averageRunLength(level: 3, samples: 50, rate: 0.10))
    #expect(shifted < exact / 5)
    let level = try #require(cusum.alarmLevel(inControlRunLength: 370, samples: 50))
    let reached = try #require(cusum.averageRunLength(level: level, samples: 50, rate: 0.05))
    #expect(reached >= 370)
    #expect(try #require(cusum.averageRunLength(level: level - 0.05, samples: 50, rate: 0.05)) < 370)
    #expect(cusum.averageRunLength(level: -1, samples: 50, rate: 0.05) == nil)
    #expect(cusum.averageRunLength(level: 3, samples: Int.max, rate: 0.05) == nil)
    #expect(cusum.averageRunLength(level: .nan, samples: 10, rate: 0.05) == nil)
  }
}
