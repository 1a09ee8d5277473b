import SpotCheckStatistics
import Testing

/// Every vector of the fixture against the function it names. `scripts/stat_vectors.py` says where each came from.
@Suite struct VectorTests {
  @Test func everyFunctionAgreesWithItsVectors() throws {
    let vectors = try VectorFile.load()
    #expect(vectors.count > 1000)
    var seen: Set<String> = []
    for vector in vectors {
      guard let function = VectorFunctions.table[vector.f] else {
        Issue.record("no function for vectors named \(vector.f)")
        continue
      }
      seen.insert(vector.f)
      guard let result = function(vector) else {
        Issue.record("\(vector.f)(\(vector.in)) gave nothing [\(vector.source)]")
        continue
      }
      if let difference = vector.difference(from: result) {
        Issue.record("\(vector.f)(\(vector.in)): \(difference) [\(vector.source)]")
      }
    }
    let unused = Set(VectorFunctions.table.keys).subtracting(seen)
    #expect(unused.isEmpty, "functions without a vector: \(unused.sorted())")
  }
}

/// How the arguments of a vector are given to the function of its name.
enum VectorFunctions {
  typealias Call = @Sendable (StatVector) -> [Double]?

  static let table: [String: Call] = [distributions, intervals, targets, groups, series]
    .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  static func proportion(_ v: StatVector, _ x: String = "x", _ n: String = "n") -> Proportion? {
    Proportion(v.whole(x), of: v.whole(n))
  }

  static func proportions(_ v: StatVector, _ x: String = "x", _ n: String = "n") -> [Proportion] {
    zip(v.wholes(x), v.wholes(n)).compactMap { Proportion($0, of: $1) }
  }

  static func target(_ v: StatVector) -> RateTarget? { .percent(v.whole("percent")) }

  static func ends(_ interval: Interval?) -> [Double]? { interval.map { [$0.lower, $0.upper] } }

  static func number(_ value: Int?) -> [Double]? { value.map { [Double($0)] } }

  static let distributions: [String: Call] = [
    "logGamma": { [SpecialFunctions.logGamma($0.number("x"))] },
    "regularisedBeta": { [SpecialFunctions.regularisedBeta($0.number("a"), $0.number("b"), at: $0.number("x"))] },
    "betaQuantile": { [SpecialFunctions.betaQuantile($0.number("p"), $0.number("a"), $0.number("b"))] },
    "normalQuantile": { [NormalDistribution.quantile($0.number("p"))] },
    "normalCDF": { [NormalDistribution.cdf($0.number("x"))] },
    "studentQuantile": { [StudentDistribution.quantile($0.number("p"), df: $0.number("df"))] },
    "studentCDF": { [StudentDistribution.cdf($0.number("t"), df: $0.number("df"))] },
    "chiSquareUpperTail": { [ChiSquareDistribution.upperTail($0.number("x"), df: $0.number("df"))] },
    "binomialPMF": { [BinomialDistribution.pmf($0.whole("x"), n: $0.whole("n"), p: $0.number("p"))] },
    "binomialCDF": { [BinomialDistribution.cdf($0.whole("x"), n: $0.whole("n"), p: $0.number("p"))] },
    "binomialUpperTail": { [BinomialDistribution.upperTail($0.whole("x"), n: $0.whole("n"), p: $0.number("p"))] },
    "binomialQuantile": { number(BinomialDistribution.quantile($0.number("q"), n: $0.whole("n"), p: $0.number("p"))) },
    "hypergeometricPMF": {
      [
        HypergeometricDistribution.pmf(
          $0.whole("x"), population: $0.whole("population"), marked: $0.whole("marked"), drawn: $0.whole("drawn"))
      ]
    },
    "hypergeometricCDF": {
      [
        HypergeometricDistribution.cdf(
          $0.whole("x"), population: $0.whole("population"), marked: $0.whole("marked"), drawn: $0.whole("drawn"))
      ]
    },
  ]

  static let intervals: [String: Call] = {
    var table: [String: Call] = [
      "newcombe": { v in
        guard let one = proportion(v, "x1", "n1"), let two = proportion(v, "x2", "n2"),
          let result = RateDifference.newcombe(one, two)
        else { return nil }
        return [result.difference, result.interval.lower, result.interval.upper]
      },
      "plausibleCounts": { v in
        guard let sample = proportion(v) else { return nil }
        let counts = FinitePopulation.plausibleCounts(
          sample, population: v.whole("population"), tail: v.number("tail"))
        return counts.map { [Double($0.lowerBound), Double($0.upperBound)] }
      },
      "wilsonFinite": { v in
        proportion(v).flatMap { ends(FinitePopulation.wilson($0, population: v.whole("population"))) }
      },
    ]
    for method in IntervalMethod.allCases {
      table[method.rawValue] = { v in
        proportion(v).flatMap { ends($0.interval(method, confidence: v.number("confidence"))) }
      }
    }
    return table
  }()

  static let targets: [String: Call] = [
    "decision": { v in
      guard let sample = proportion(v), let target = target(v), let decision = TargetDecision.decide(sample, target)
      else { return nil }
      let verdict: Double = decision.verdict == .met ? 1 : decision.verdict == .notMet ? -1 : 0
      return [
        verdict, decision.chanceOfAsGood ?? .nan, decision.chanceOfAsBad ?? .nan, decision.bounds.lower,
      ]
    },
    "decisionUpperBound": { v in
      guard let sample = proportion(v), let target = target(v) else { return nil }
      return TargetDecision.decide(sample, target).map { [$0.bounds.upper] }
    },
    "smallestSample": { v in
      target(v).flatMap { number(TargetPlanning.smallestSample(proving: $0, failures: v.whole("failures"))) }
    },
    "cleanSamplesNeeded": { v in
      guard let sample = proportion(v), let target = target(v) else { return nil }
      return number(TargetPlanning.cleanSamplesNeeded(sample, for: target))
    },
    "fewestFailuresRefuting": { v in
      target(v).flatMap { number(TargetPlanning.fewestFailuresRefuting($0, among: v.whole("n"))) }
    },
    "zeroFailureSample": { v in
      target(v).flatMap { number(TargetPlanning.zeroFailureSample(population: v.whole("population"), proving: $0)) }
    },
    "sampleSize": { v in
      target(v).flatMap { number(TargetPlanning.sampleSize(proving: $0, truth: v.number("truth"))) }
    },
    "precision": { number(SamplePlanning.precision(rate: $0.number("rate"), margin: $0.number("margin"))) },
    "neyman": { v in
      SamplePlanning.neyman(
        total: v.whole("total"), zip(v.list("weights"), v.list("rates")).map { .init(weight: $0, rate: $1) })
    },
  ]

  static let groups: [String: Call] = [
    "stratified": { v in
      guard let estimate = SurveyEstimate.stratified(proportions(v), weights: v.list("weights")),
        let beta = estimate.kornGraubard(), let wilson = estimate.wilson()
      else { return nil }
      return [
        estimate.rate, estimate.variance, estimate.effectiveSize, beta.lower, beta.upper, wilson.lower, wilson.upper,
      ]
    },
    "kornGraubardWithDF": { v in
      ends(
        SurveyEstimate.stratified(proportions(v), weights: v.list("weights"))?
          .kornGraubard(degreesOfFreedom: v.number("df")))
    },
    "weightedRate": { v in
      SurveyEstimate.stratified(proportions(v), weights: v.list("weights"))
        .map { [$0.rate, $0.variance.squareRoot()] }
    },
    "clustered": { v in
      guard let estimate = SurveyEstimate.clustered(proportions(v)), let beta = estimate.kornGraubard() else {
        return nil
      }
      return [
        estimate.rate, estimate.variance, estimate.designEffect, estimate.effectiveSize, beta.lower, beta.upper,
      ]
    },
    "gradeRate": { v in
      ProductGradeRate.rate(
        superior: v.number("superior"), first: v.number("first"), qualified: v.number("qualified"),
        total: v.number("total")
      )
      .map { [$0] }
    },
    "moments": { v in
      guard let fit = PartialPooling.moments(proportions(v)), let prior = fit.prior else { return nil }
      return [fit.pooledRate, fit.rho, prior.strength, prior.alpha, prior.beta]
    },
    "shrunkenRates": { v in PartialPooling.moments(proportions(v)).map { fit in proportions(v).map(fit.rate) } },
    "shrunkenIntervals": { v in
      guard let prior = PartialPooling.moments(proportions(v))?.prior else { return nil }
      return proportions(v).flatMap { ends(prior.interval($0)) ?? [] }
    },
    "maximumLikelihood": { v in
      guard let fit = PartialPooling.maximumLikelihood(proportions(v)), let prior = fit.prior else { return nil }
      return [prior.alpha, prior.beta, fit.logLikelihood ?? .nan]
    },
    "doubledTails": { v in
      let groups = proportions(v)
      guard let rate = Proportion.sum(groups)?.rate else { return nil }
      return groups.map { BinomialDistribution.doubledTail($0.count, n: $0.total, p: rate) }
    },
    "benjaminiHochberg": { Multiplicity.adjusted($0.list("p"), .benjaminiHochberg) },
    "benjaminiYekutieli": { Multiplicity.adjusted($0.list("p"), .benjaminiYekutieli) },
    "holm": { Multiplicity.adjusted($0.list("p"), .holm) },
    "bonferroni": { Multiplicity.adjusted($0.list("p"), .bonferroni) },
    "rejections": { v in
      let method = MultiplicityMethod.allCases[v.whole("method")]
      return number(Multiplicity.rejected(v.list("p"), level: 0.05, method)?.count)
    },
    "funnelLimits": { v in
      let outer = FunnelPlot.exactLimits(samples: v.whole("n"), centre: v.number("centre"), tail: 0.001)
      let inner = FunnelPlot.exactLimits(samples: v.whole("n"), centre: v.number("centre"), tail: 0.025)
      guard let outer, let inner else { return nil }
      return [outer.lower, inner.lower, inner.upper, outer.upper]
    },
    "heterogeneity": { v in
      HeterogeneityTest.test(proportions(v))
        .map { [$0.chiSquare, Double($0.degreesOfFreedom), $0.pValue, $0.dispersion] }
    },
    "dispersion": { v in
      guard let fit = FunnelDispersion.estimate(proportions(v)),
        let outer = fit.limits(samples: v.whole("size"), z: 3.090232),
        let inner = fit.limits(samples: v.whole("size"), z: 1.959964)
      else { return nil }
      return [fit.ratio, fit.betweenVariance, outer.lower, outer.upper, inner.lower, inner.upper]
    },
    "arcsineLimits": { v in
      let (n, centre) = (v.whole("size"), v.number("centre"))
      guard let outer = FunnelPlot.arcsineLimits(samples: n, centre: centre, z: 3.090232),
        let inner = FunnelPlot.arcsineLimits(samples: n, centre: centre, z: 1.959964)
      else { return nil }
      return [outer.lower, outer.upper, inner.lower, inner.upper]
    },
    "mantelHaenszel": { v in
      let pairs = zip(proportions(v, "x1", "n1"), proportions(v, "x2", "n2")).map { (first: $0, second: $1) }
      guard let result = MantelHaenszel.estimate(pairs), let interval = result.interval(),
        let chiSquare = result.chiSquare, let pValue = result.pValue
      else { return nil }
      return [result.oddsRatio, interval.lower, interval.upper, chiSquare, pValue]
    },
    "mantelHaenszelOR": { v in
      let pairs = zip(proportions(v, "x1", "n1"), proportions(v, "x2", "n2")).map { (first: $0, second: $1) }
      return MantelHaenszel.estimate(pairs).map { [$0.oddsRatio] }
    },
    "kitagawa": { v in
      RateDecomposition.kitagawa(before: proportions(v, "x0", "n0"), after: proportions(v, "x1", "n1"))
        .map { [$0.before, $0.after, $0.change, $0.rateEffect, $0.mixEffect] }
    },
  ]

  static let series: [String: Call] = [
    "pChart": { v in
      RateChart.p(proportions(v)).map { [$0.centre, $0.points[v.whole("at")].lower, $0.points[v.whole("at")].upper] }
    },
    "laney": { v in
      RateChart.laney(proportions(v)).map {
        let point = $0.points[v.whole("at")]
        return [$0.centre, $0.meanMovingRange ?? .nan, $0.sigmaZ, point.lower, point.upper]
      }
    },
    "ewma": { v in
      RateEWMA.chart(proportions(v), expected: v.number("expected")).map { chart in
        v.wholes("at").flatMap { [chart.points[$0].average, chart.points[$0].upperLimit] }
      }
    },
    "cusum": { v in
      BinomialCUSUM(expected: v.number("expected"), shifted: v.number("shifted"))
        .map { [$0.perFailure, $0.perSample] + $0.path(proportions(v)) }
    },
    "runLimits": { v in
      guard let run = RunChartTest.longestRunLimit(v.whole("n")),
        let crossings = RunChartTest.crossingsLimit(v.whole("n"))
      else { return nil }
      return [Double(run), Double(crossings)]
    },
    "cochranArmitage": { v in
      CochranArmitageTest.test(proportions(v)).map { [$0.statistic, $0.chiSquare, $0.pValue] }
    },
  ]
}
