import SpotCheckStatistics
import Testing

/// How often a target decision is wrong: never more often than α, by enumeration.
@Suite struct DecisionErrorTests {
  static let percents = [50, 75, 80, 90, 95, 98, 99]

  /// Verdicts for x = 0…n.
  static func verdicts(_ n: Int, _ target: RateTarget, _ basis: EvidenceBasis = .sample, alpha: Double = 0.05) throws
    -> [TargetVerdict]
  {
    try (0...n).map { x in
      let sample = try #require(Proportion(x, of: n))
      return try #require(TargetDecision.decide(sample, target, basis: basis, alpha: alpha)).verdict
    }
  }

  /// Σ P(X = x) over the x with this verdict, masses by plain multiplication.
  static func chance(of verdict: TargetVerdict, _ verdicts: [TargetVerdict], p: Double) -> Double {
    let n = verdicts.count - 1
    var mass = 1.0
    for _ in 0..<n { mass *= 1 - p }
    var sum = 0.0
    for x in 0...n {
      if verdicts[x] == verdict { sum += mass }
      mass *= Double(n - x) / Double(x + 1) * p / (1 - p)
    }
    return sum
  }

  /// A rate just below the target is called met with probability at most α; one at the target is called missed with
  /// probability at most α. Worse (better) rates are called met (missed) less often still.
  @Test func neitherErrorIsMoreLikelyThanAlpha() throws {
    for percent in Self.percents {
      let target = try #require(RateTarget.percent(percent))
      for n in 1...50 {
        let verdicts = try Self.verdicts(n, target)
        let p0 = target.rate
        let falselyMet = Self.chance(of: .met, verdicts, p: p0 - 1e-9)
        let falselyMissed = Self.chance(of: .notMet, verdicts, p: p0)
        #expect(falselyMet <= 0.05, "\(percent) %, n \(n): \(falselyMet)")
        #expect(falselyMissed <= 0.05 + 1e-12, "\(percent) %, n \(n): \(falselyMissed)")
        #expect(Self.chance(of: .met, verdicts, p: p0 - 0.05) <= falselyMet + 1e-15)
        #expect(Self.chance(of: .notMet, verdicts, p: p0 + (1 - p0) / 2) <= falselyMissed + 1e-15)
      }
    }
  }

  /// The decision wastes nothing: with one pass fewer than the least that is called met, the error would be above α.
  @Test func theBordersAreAsTightAsAlphaAllows() throws {
    for percent in Self.percents {
      let target = try #require(RateTarget.percent(percent))
      for n in 1...50 {
        let verdicts = try Self.verdicts(n, target)
        // Missed, not proven, met: in this order, each possibly empty.
        let order = verdicts.map { $0 == .notMet ? 0 : $0 == .notProven ? 1 : 2 }
        #expect(order == order.sorted())
        if let met = verdicts.firstIndex(of: .met), met > 0 {
          #expect(BinomialDistribution.upperTail(met - 1, n: n, p: target.rate) > 0.05)
        }
        if let missed = verdicts.lastIndex(of: .notMet), missed < n {
          #expect(BinomialDistribution.cdf(missed + 1, n: n, p: target.rate) > 0.05)
        }
      }
    }
  }

  @Test func otherAlphasHold() throws {
    for alpha in [0.001, 0.01, 0.1, 0.25] {
      let target = try #require(RateTarget.percent(90))
      for n in [1, 2, 10, 29, 50] {
        let verdicts = try Self.verdicts(n, target, alpha: alpha)
        #expect(Self.chance(of: .met, verdicts, p: 0.9 - 1e-9) <= alpha)
        #expect(Self.chance(of: .notMet, verdicts, p: 0.9) <= alpha + 1e-12)
      }
    }
  }

  /// "At most 5 % fail" is "at least 95 % pass", sample for sample.
  @Test func atMostTargetsErrAsSeldom() throws {
    for percent in Self.percents {
      let target = try #require(RateTarget.percent(100 - percent, .atMost))
      for n in [1, 7, 29, 50] {
        let verdicts = try Self.verdicts(n, target)
        #expect(Self.chance(of: .met, verdicts, p: target.rate + 1e-9) <= 0.05)
        #expect(Self.chance(of: .notMet, verdicts, p: target.rate) <= 0.05 + 1e-12)
      }
    }
  }

  /// Without replacement: for every number of good units in the population, the chance of the wrong verdict is at most α.
  @Test func finitePopulationsErrAsSeldom() throws {
    for population in [10, 40] {
      for percent in [80, 90, 95] {
        let target = try #require(RateTarget.percent(percent))
        for n in [1, 5, 9, 20, 39] where n <= population {
          let verdicts = try Self.verdicts(n, target, .sampleOf(population: population))
          for good in 0...population {
            let meets = good * 100 >= percent * population
            let wrong = meets ? TargetVerdict.notMet : .met
            var sum = 0.0
            for x in 0...n where verdicts[x] == wrong {
              sum += HypergeometricDistribution.pmf(x, population: population, marked: good, drawn: n)
            }
            #expect(sum <= 0.05 + 1e-12, "\(percent) %, \(good) of \(population), n \(n): \(sum)")
          }
        }
      }
    }
  }

  /// More passes never weaken a verdict, and a census decides everything.
  @Test func verdictsRiseWithThePasses() throws {
    let target = try #require(RateTarget.percent(95))
    for n in [1, 20, 50] {
      for basis in [EvidenceBasis.sample, .sampleOf(population: 60), .census] {
        let order = try Self.verdicts(n, target, basis).map { $0 == .notMet ? 0 : $0 == .notProven ? 1 : 2 }
        #expect(order == order.sorted())
        if basis == .census { #expect(!order.contains(1)) }
      }
    }
  }
}
