import SpotCheckStatistics
import Testing

@Suite struct FunnelTests {
  static func groups(_ cells: [(Int, Int)]) -> [Proportion] { cells.compactMap { Proportion($0.0, of: $0.1) } }

  /// Failures by region, Qinghai 2025H1.
  static let regions = groups([
    (77, 1970), (33, 1187), (27, 705), (24, 939), (14, 559), (1, 375), (7, 566), (5, 173),
  ])

  /// Method 2.9: Xining is high if the regions are thought alike, and none of the regions is when they differ anyway.
  @Test func overDispersionTakesXiningOffTheList() throws {
    let wide = try #require(FunnelSignals.evaluate(Self.regions))
    #expect(wide.isOverDispersed)
    #expect(try #require(wide.signals[0]).position == .within)
    let plain = try #require(FunnelSignals.evaluate(Self.regions, dispersionLimit: .infinity))
    #expect(!plain.isOverDispersed)
    #expect(try #require(plain.signals[0]).position == .high)
    for (wide, plain) in zip(wide.signals, plain.signals) {
      let (wide, plain) = (try #require(wide), try #require(plain))
      #expect(wide.inner.width > plain.inner.width && wide.outer.width > wide.inner.width)
    }
  }

  /// Groups that differ no more than chance keep the exact limits; small ones are not judged, but count in the centre.
  @Test func likeGroupsKeepTheExactLimits() throws {
    let groups = Self.groups([(9, 100), (10, 100), (0, 0), (11, 100), (9, 29)])
    let funnel = try #require(FunnelSignals.evaluate(groups, dispersionLimit: 10))
    #expect(!funnel.isOverDispersed && funnel.centre == 39.0 / 329)
    #expect(funnel.signals[2] == nil && funnel.signals[4] == nil)
    let exact = try #require(FunnelPlot.exactLimits(samples: 100, centre: 39.0 / 329, tail: 0.025))
    #expect(try #require(funnel.signals[0]).inner == exact)
    let all = try #require(FunnelSignals.evaluate(groups, fewest: 1, dispersionLimit: 10))
    #expect(try #require(all.signals[4]).position == .high)
    #expect(FunnelSignals.evaluate(Self.groups([(1, 5)])) == nil)
    #expect(FunnelSignals.evaluate([]) == nil)
    let clean = try #require(FunnelSignals.evaluate(Self.groups([(0, 50), (0, 90)])))
    #expect(clean.signals.allSatisfy { $0?.position == .within })
  }

  /// Limits draw together as n grows, and hold the centre.
  @Test func limitsNarrowWithTheSamples() throws {
    for centre in [0.03, 0.5, 0.9] {
      var previous = Interval(lower: -1, upper: 2)
      for n in [10, 40, 160, 640, 2560] {
        let arcsine = try #require(FunnelPlot.arcsineLimits(samples: n, centre: centre, z: 1.96))
        let exact = try #require(FunnelPlot.exactLimits(samples: n, centre: centre, tail: 0.025))
        #expect(arcsine.lower <= exact.upper && exact.lower <= arcsine.upper)
        for limits in [arcsine, exact] {
          #expect(limits.contains(centre) && limits.lower >= 0 && limits.upper <= 1)
          #expect(limits.width < previous.width)
        }
        previous = Interval(lower: min(arcsine.lower, exact.lower), upper: max(arcsine.upper, exact.upper))
      }
    }
  }

  /// The drawn limit lies in the step of the distribution function that reaches its probability.
  @Test func interpolatedLimitsLieInTheirStep() throws {
    for centre in [0.0, 0.05, 0.3, 0.9, 1.0] {
      for n in 1...50 {
        for probability in [0.001, 0.025, 0.5, 0.975, 0.999] {
          let limit = try #require(FunnelPlot.exactLimit(samples: n, centre: centre, probability: probability))
          let r = try #require(BinomialDistribution.quantile(probability, n: n, p: centre))
          let at = limit * Double(n)
          #expect(at <= Double(r) + 1e-9 && at >= max(0, Double(r) - 1) - 1e-9, "\(n), \(centre), \(probability)")
        }
      }
    }
  }

  /// A group that does not differ is flagged with probability at most q, high or low.
  @Test func flagsAreNoMoreFrequentThanTheySay() throws {
    for n in [30, 36, 50] {
      for common in [50, 300, 900] {
        // A large group fixes the common rate; the small one goes through all its counts.
        var (high, low) = (0.0, 0.0)
        for x in 0...n {
          let groups = Self.groups([(common * 1_000_000, 1_000_000_000), (x, n)])
          let funnel = try #require(
            FunnelSignals.evaluate(groups, falseDiscovery: 0.05, dispersionLimit: .infinity))
          let mass = BinomialDistribution.pmf(x, n: n, p: Double(common) / 1000)
          switch try #require(funnel.signals[1]).position {
          case .high: high += mass
          case .low: low += mass
          case .within: break
          }
        }
        #expect(high <= 0.025 && low <= 0.025, "\(n), \(common): \(high), \(low)")
      }
    }
  }

  /// Whether passes or failures are drawn must not change who is flagged.
  @Test func passesAndFailuresAreFlaggedAlike() throws {
    var random = PropertyTests.Seeded(state: 41)
    for round in 0..<60 {
      let groups = Self.groups(
        (0..<9).map { _ in
          let n = Int.random(in: 5...400, using: &random)
          let share = Double.random(in: 0.02...(round % 2 == 0 ? 0.05 : 0.3), using: &random)
          return (Int(Double(n) * share), n)
        })
      guard let failures = FunnelSignals.evaluate(groups, falseDiscovery: 0.3) else { continue }
      let passes = try #require(FunnelSignals.evaluate(groups.map(\.complement), falseDiscovery: 0.3))
      #expect(failures.isOverDispersed == passes.isOverDispersed)
      let sides = failures.signals.map { VectorFunctions.side($0?.position) }
      let mirrored = passes.signals.map { -VectorFunctions.side($0?.position) }
      for (side, other) in zip(sides, mirrored) { #expect(side == other || side.isNaN && other.isNaN) }
    }
  }
}
