import SpotCheckStatistics
import Testing

@Suite struct PublicationTests {
  @Test func tiersFollowTheNumberOfSamples() {
    #expect(
      [-1, 0, 1, 4, 5, 29, 30].map { CellTier(samples: $0) }
        == [.empty, .empty, .countsOnly, .countsOnly, .lowSample, .lowSample, .full])
  }

  /// The four cases of the NCHS 2017 rule in the method reference, and the ones beside them.
  @Test func nchsRuleOnPassRates() throws {
    func assess(_ x: Int, _ n: Int) throws -> PublicationAssessment {
      let proportion = try #require(Proportion(x, of: n))
      return try #require(PublicationAssessment.assess(proportion))
    }
    let few = try assess(29, 29)
    #expect(few.decision == .suppress && few.reason == .fewSamples && few.reviewExtreme)
    let small = try assess(27, 30)
    #expect(small.decision == .show && small.complementUnreliable)
    let medium = try assess(190, 200)
    #expect(medium.decision == .show && medium.complementUnreliable)
    let large = try assess(198, 200)
    #expect(large.decision == .show && !large.complementUnreliable)
    // The same cell as a failure rate: 10 of 200 is 5 % with a width of 131.6 % of it.
    let failures = try assess(10, 200)
    #expect(failures.decision == .suppress && failures.reason == .wideRelativeInterval)
    let wide = try assess(15, 30)
    #expect(wide.decision == .suppress && wide.reason == .wideInterval)
    let review = PublicationAssessment.assess(
      rate: 0.5, interval: Interval(lower: 0.45, upper: 0.55), effectiveSize: 400, degreesOfFreedom: 7)
    #expect(review?.reviewFewDegrees == true && review?.decision == .show)
    #expect(PublicationAssessment.assess(rate: .nan, interval: Interval(lower: 0, upper: 1), effectiveSize: 50) == nil)
  }

  /// Ends must be exact where there is nothing to estimate.
  @Test func surveysWithoutFailures() throws {
    let strata = [(40, 40), (7, 7)].compactMap { Proportion($0.0, of: $0.1) }
    let estimate = try #require(SurveyEstimate.stratified(strata, weights: [0.1, 0.2]))
    #expect(estimate.rate == 1 && estimate.variance == 0 && estimate.effectiveSize == 47)
    let all = try #require(Proportion(47, of: 47))
    #expect(estimate.kornGraubard() == all.interval(.clopperPearson))
    #expect(estimate.kornGraubard(degreesOfFreedom: 1) == all.interval(.clopperPearson))
    #expect(estimate.wilson() == all.interval(.wilson))
    #expect(estimate.designEffect == 1)
    let tenths = (1...9).compactMap { Proportion($0, of: $0) }
    for last in 1...50 {
      let weights = tenths.map { 0.1 * Double($0.total + last) }
      #expect(try #require(SurveyEstimate.stratified(tenths, weights: weights)).rate == 1)
    }
    let none = try #require(SurveyEstimate.stratified(strata.map(\.complement), weights: [0.1, 0.2]))
    #expect(none.rate == 0 && none.kornGraubard()?.lower == 0)
  }

  /// More than 1.2 samples an enterprise on average, decided on integers.
  @Test func clustersMatterAboveTheThreshold() {
    func clusters(_ sizes: [Int]) -> [Proportion] { sizes.compactMap { Proportion(0, of: $0) } }
    #expect(!SurveyEstimate.needsClusters(clusters([1, 1, 1, 1, 2])))
    #expect(SurveyEstimate.needsClusters(clusters([1, 1, 1, 2, 2])))
    #expect(!SurveyEstimate.needsClusters(clusters([1, 1, 1, 1, 2, 0, 0])))
    #expect(!SurveyEstimate.needsClusters([]))
    #expect(SurveyEstimate.needsClusters(clusters([Int.max, Int.max])))
  }

  /// A stratum of more than 5 % of the weight must have samples; one of just 5 % may be left out, and that is said.
  @Test func standardisationRefusesLargeEmptyStrata() throws {
    let strata = [(90, 100), (0, 0)].compactMap { Proportion($0.0, of: $0.1) }
    #expect(SurveyEstimate.stratified(strata, weights: [949, 51]) == nil)
    let estimate = try #require(SurveyEstimate.stratified(strata, weights: [950, 50]))
    #expect(estimate.rate == 0.9 && abs(estimate.coveredWeight - 0.95) < 1e-15)
    #expect(SurveyEstimate.stratified(strata, weights: [1, 1], largestEmptyShare: 0.5)?.rate == 0.9)
  }

  /// At its own mix a rate is its crude rate; a common scale of the weights does not matter.
  @Test func ownWeightsGiveTheCrudeRate() throws {
    let strata = [(69, 1537), (37, 828), (18, 1130), (64, 2979)].compactMap { Proportion($0.0, of: $0.1) }
    let crude = try #require(Proportion.sum(strata)?.rate)
    for scale in [1, 0.001, 1e6] {
      let own = try #require(SurveyEstimate.stratified(strata, weights: strata.map { Double($0.total) * scale }))
      #expect(abs(own.rate - crude) < 1e-15)
      #expect(own.effectiveSize <= 6474)
    }
  }

  @Test func remaindersAreParts() throws {
    let whole = try #require(Proportion(10, of: 30))
    #expect(whole.removing(try #require(Proportion(4, of: 10))) == Proportion(6, of: 20))
    #expect(whole.removing(whole) == Proportion(0, of: 0))
    #expect(whole.removing(try #require(Proportion(11, of: 20))) == nil)
    #expect(whole.removing(try #require(Proportion(0, of: 25))) == nil)
    #expect(whole.removing(try #require(Proportion(0, of: 31))) == nil)
  }

  /// The size of a plan and the margin it reaches undo one another.
  @Test func marginsUndoSizes() throws {
    for rate in [0.05, 0.5, 0.9] {
      for margin in [0.01, 0.03, 0.2] {
        for population in [nil, 100, 5000] as [Int?] {
          let n = try #require(SamplePlanning.precision(rate: rate, margin: margin, population: population))
          let reached = try #require(SamplePlanning.margin(rate: rate, samples: n, population: population))
          #expect(reached <= margin * (1 + 1e-9), "\(rate) ± \(margin) of \(population ?? 0)")
          if n > 1 {
            let fewer = try #require(SamplePlanning.margin(rate: rate, samples: n - 1, population: population))
            #expect(fewer > margin, "\(rate) ± \(margin) of \(population ?? 0)")
          }
        }
      }
    }
    #expect(SamplePlanning.margin(rate: 0.5, samples: 10, population: 9) == nil)
    #expect(SamplePlanning.margin(rate: 0.5, samples: 1, population: 1) == 0)
    #expect(SamplePlanning.margin(rate: .nan, samples: 1) == nil)
    #expect(SamplePlanning.margin(rate: 0.5, samples: 0) == nil)
  }

  /// One stratum, one sample each cluster: the survey formulas fall back on the simple ones.
  @Test func simpleSamplesAreSimple() throws {
    let sample = try #require(Proportion(187, of: 200))
    let single = try #require(SurveyEstimate.stratified([sample], weights: [3]))
    let exact = try #require(sample.interval(.clopperPearson))
    let design = try #require(single.kornGraubard())
    #expect(abs(design.lower - exact.lower) < 1e-12 && abs(design.upper - exact.upper) < 1e-12)
    let units = (0..<200).compactMap { Proportion($0 < 187 ? 1 : 0, of: 1) }
    let clustered = try #require(SurveyEstimate.clustered(units))
    #expect(abs(clustered.designEffect - 200.0 / 199) < 1e-12)
  }

  /// Groups that do not differ are pooled fully; a prior of any strength keeps rates between own and common.
  @Test func shrinkageStaysBetween() throws {
    let same = [10, 10, 10, 10, 10].compactMap { Proportion($0, of: 100) }
    let fit = try #require(PartialPooling.moments(same))
    #expect(fit.rho == 0 && fit.prior == nil && fit.rate(of: same[0]) == 0.1)
    let likelihood = try #require(PartialPooling.maximumLikelihood(same))
    #expect(likelihood.prior == nil && likelihood.rho == 0)
    let mixed = [(0, 8), (30, 100), (5, 9), (1, 40), (2, 3), (0, 0)].compactMap { Proportion($0.0, of: $0.1) }
    for fit in [PartialPooling.moments(mixed), PartialPooling.maximumLikelihood(mixed)] {
      let fit = try #require(fit)
      let prior = try #require(fit.prior)
      let common = prior.alpha / prior.strength
      for group in mixed {
        let own = group.rate ?? common
        let shrunken = prior.shrunkenRate(group)
        #expect(shrunken >= min(own, common) - 1e-12 && shrunken <= max(own, common) + 1e-12)
        #expect(abs(shrunken - (prior.ownWeight(group) * own + (1 - prior.ownWeight(group)) * common)) < 1e-12)
        #expect(try #require(prior.interval(group)).contains(shrunken))
      }
    }
    let extreme = [(5, 5), (0, 5), (9, 9), (0, 9), (4, 4)].compactMap { Proportion($0.0, of: $0.1) }
    #expect(try #require(PartialPooling.moments(extreme)).rho <= 1 - 1e-6)
    _ = PartialPooling.maximumLikelihood(extreme)
    #expect(PartialPooling.maximumLikelihood(extreme.map { _ in extreme[0] })?.prior == nil)
  }
}
