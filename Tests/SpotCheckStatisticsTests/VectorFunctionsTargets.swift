import SpotCheckStatistics

extension VectorFunctions {
  static let targets: [String: Call] = [
    "decision": { v in
      guard let sample = proportion(v), let target = target(v), let decision = TargetDecision.decide(sample, target)
      else { return nil }
      let verdict: Double = decision.verdict == .met ? 1 : decision.verdict == .notMet ? -1 : 0
      return [
        verdict, decision.chanceOfAsGood ?? .nan, decision.chanceOfAsBad ?? .nan, decision.bounds.lower,
      ]
    },
    "decisionInPopulation": { v in
      guard let sample = proportion(v), let target = target(v),
        let decision = TargetDecision.decide(sample, target, basis: .sampleOf(population: v.whole("population")))
      else { return nil }
      let verdict: Double = decision.verdict == .met ? 1 : decision.verdict == .notMet ? -1 : 0
      return [verdict, decision.chanceOfAsGood ?? .nan, decision.chanceOfAsBad ?? .nan]
    },
    "failuresAllowed": { v in
      target(v).flatMap { number(TargetPlanning.failuresAllowed(among: v.whole("n"), for: $0)) }
    },
    "failuresStillAllowed": { v in
      guard let sample = proportion(v), let target = target(v) else { return nil }
      return number(TargetPlanning.failuresStillAllowed(sample, planned: v.whole("planned"), for: target))
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
  ]

  static let planning: [String: Call] = [
    "precision": { v in
      number(
        SamplePlanning.precision(
          rate: v.number("rate"), margin: v.number("margin"), population: v.wholes("population").first))
    },
    "margin": { v in
      SamplePlanning.margin(
        rate: v.number("rate"), samples: v.whole("n"), population: v.wholes("population").first
      )
      .map { [$0] }
    },
    "neyman": { v in
      let strata = zip(zip(v.list("weights"), v.list("rates")), v.list("costs"))
      return SamplePlanning.neyman(
        total: v.whole("total"), strata.map { .init(weight: $0.0, rate: $0.1, cost: $1) })
    },
    "publication": { v in
      guard let sample = proportion(v), let assessment = PublicationAssessment.assess(sample),
        let width = sample.interval(.clopperPearson)?.width
      else { return nil }
      let reasons = PublicationAssessment.Reason.allCases
      let reason = assessment.reason.flatMap { reasons.firstIndex(of: $0) } ?? -1
      let rate = sample.rate ?? .nan
      return [
        flag(assessment.decision == .show), Double(reason), flag(assessment.complementUnreliable),
        flag(assessment.reviewExtreme), width, width / rate, width / (1 - rate),
      ]
    },
    "cellTier": { v in number(CellTier.allCases.firstIndex(of: CellTier(samples: v.whole("n")))) },
  ]
}
