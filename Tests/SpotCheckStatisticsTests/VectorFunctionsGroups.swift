import SpotCheckStatistics

extension VectorFunctions {
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
    "mixShift": { v in
      guard let crude = Proportion.sum(proportions(v))?.rate,
        let standard = SurveyEstimate.stratified(proportions(v), weights: v.list("weights"))
      else { return nil }
      return [crude - standard.rate]
    },
    "clustered": { v in
      guard let estimate = SurveyEstimate.clustered(proportions(v)), let beta = estimate.kornGraubard() else {
        return nil
      }
      return [
        estimate.rate, estimate.variance, estimate.simpleVariance, estimate.designEffect, estimate.effectiveSize,
        beta.lower, beta.upper,
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
    "ownWeights": { v in
      guard let prior = PartialPooling.moments(proportions(v))?.prior else { return nil }
      return proportions(v).map(prior.ownWeight)
    },
    "shrunkenIntervals": { v in
      guard let prior = PartialPooling.moments(proportions(v))?.prior else { return nil }
      return proportions(v).flatMap { ends(prior.interval($0)) ?? [] }
    },
    "maximumLikelihood": { v in
      guard let fit = PartialPooling.maximumLikelihood(proportions(v)), let prior = fit.prior else { return nil }
      return [prior.alpha, prior.beta, fit.logLikelihood ?? .nan]
    },
  ]

  static let comparisons: [String: Call] = [
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
      guard let result = MantelHaenszel.estimate(pairs(v)), let interval = result.interval(),
        let chiSquare = result.chiSquare, let pValue = result.pValue
      else { return nil }
      return [result.oddsRatio, interval.lower, interval.upper, chiSquare, pValue]
    },
    "kitagawa": { v in
      RateDecomposition.kitagawa(before: proportions(v, "x0", "n0"), after: proportions(v, "x1", "n1"))
        .map { [$0.before, $0.after, $0.change, $0.rateEffect, $0.mixEffect] }
    },
    "kitagawaParts": { v in
      RateDecomposition.kitagawa(before: proportions(v, "x0", "n0"), after: proportions(v, "x1", "n1"))
        .map { $0.parts.flatMap { [$0.rateEffect, $0.mixEffect, $0.centredMixEffect] } }
    },
    "flags": { v in
      FunnelSignals.evaluate(proportions(v), dispersionLimit: .infinity)?.signals.map { side($0?.position) }
    },
    "overDispersedSignals": { v in
      guard let funnel = FunnelSignals.evaluate(proportions(v)), funnel.isOverDispersed else { return nil }
      return funnel.signals.flatMap { [$0?.pValue ?? .nan, $0?.adjusted ?? .nan, side($0?.position)] }
    },
    "funnelSides": { v in
      guard let fit = FunnelDispersion.estimate(proportions(v)) else { return nil }
      return [0, fit.betweenVariance].flatMap { variance in
        proportions(v).map { group in
          let limits = FunnelPlot.arcsineLimits(
            samples: group.total, centre: fit.centre, betweenVariance: variance, z: 1.959964)
          guard let limits, let rate = group.rate else { return .nan }
          return rate < limits.lower ? -1 : rate > limits.upper ? 1 : 0
        }
      }
    },
  ]

  static func side(_ position: FunnelSignals.Position?) -> Double {
    switch position {
    case .high: 1
    case .low: -1
    case .within: 0
    case nil: .nan
    }
  }
}
