import SpotCheckStatistics
import Testing

/// Properties that hold for every input of a small world, checked by going through all of it.
@Suite struct PropertyTests {
  /// A 64-bit generator (SplitMix64) so that random cases are the same everywhere.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  static func proportion(_ x: Int, _ n: Int) throws -> Proportion { try #require(Proportion(x, of: n)) }

  /// The slow twin: the probability mass by plain multiplication, summed from the far end of the tail.
  @Test func binomialTailsEqualSums() {
    for n in [1, 4, 17, 50] {
      for p in [0.02, 0.1, 0.5, 0.9, 0.98] {
        var mass = [1.0]
        for _ in 0..<n {
          var next = [Double](repeating: 0, count: mass.count + 1)
          for (x, m) in mass.enumerated() {
            next[x] += m * (1 - p)
            next[x + 1] += m * p
          }
          mass = next
        }
        for x in 0...n {
          let below = mass[0...x].reduce(0, +)
          let above = mass[x...].reversed().reduce(0, +)
          #expect(abs(BinomialDistribution.cdf(x, n: n, p: p) - below) < 1e-13)
          #expect(abs(BinomialDistribution.upperTail(x, n: n, p: p) / above - 1) < 1e-11)
          #expect(abs(BinomialDistribution.pmf(x, n: n, p: p) / mass[x] - 1) < 1e-11)
        }
      }
    }
  }

  @Test func quantilesUndoDistributionFunctions() {
    var random = Seeded(state: 20_151_127)
    for _ in 0..<300 {
      let a = Double.random(in: 0.2...400, using: &random)
      let b = Double.random(in: 0.2...400, using: &random)
      let p = Double.random(in: 0.0001...0.9999, using: &random)
      let x = SpecialFunctions.betaQuantile(p, a, b)
      // Where x has come so close to 1 that its digits run out, the distribution function cannot come back.
      if x < 0.999_999 { #expect(abs(SpecialFunctions.regularisedBeta(a, b, at: x) - p) < 1e-10, "\(a) \(b) \(p)") }
      #expect(abs(NormalDistribution.cdf(NormalDistribution.quantile(p)) - p) < 1e-14)
      let df = Double.random(in: 1...300, using: &random)
      #expect(abs(StudentDistribution.cdf(StudentDistribution.quantile(p, df: df), df: df) - p) < 1e-12)
    }
  }

  @Test func betaQuantileIsMonotone() {
    for (a, b) in [(0.5, 20.5), (1.0, 200.0), (188.0, 13.0), (3.0, 0.1)] {
      var previous = -1.0
      for step in 0...500 {
        let x = SpecialFunctions.betaQuantile(Double(step) / 500, a, b)
        #expect(x >= previous)
        previous = x
      }
    }
  }

  @Test func binomialQuantileIsTheFirstThatReaches() throws {
    for n in [1, 9, 40] {
      for p in [0.0, 0.05, 0.5, 0.93, 1.0] {
        for q in [0.0, 0.001, 0.05, 0.5, 0.975, 1.0] {
          let x = try #require(BinomialDistribution.quantile(q, n: n, p: p))
          #expect(BinomialDistribution.cdf(x, n: n, p: p) >= q * (1 - 1e-13))
          if x > 0 { #expect(BinomialDistribution.cdf(x - 1, n: n, p: p) < q) }
        }
      }
    }
  }

  /// F((n−1)/2) is ½ exactly for odd n and p = ½, whatever the last bit of the sum says.
  @Test func binomialQuantileForgivesTheLastBit() {
    for n in stride(from: 1, through: 301, by: 2) {
      #expect(BinomialDistribution.quantile(0.5, n: n, p: 0.5) == (n - 1) / 2)
    }
  }

  /// With 10^10 degrees of freedom Student's tail is the normal one but for the factor 1 + (|t|³+|t|)φ(t)/(4 df Φ(t))
  /// (Abramowitz & Stegun 26.7.8): the beta function right beside x = 1. Factors less one from that formula.
  @Test func manyDegreesOfFreedomAreNormal() {
    for (t, excess) in [(-4.0, 7.18353e-9), (-2.5, 1.27906e-9), (-1.0, 7.6257e-11)] {
      let ratio = StudentDistribution.cdf(t, df: 1e10) / NormalDistribution.cdf(t)
      #expect(abs(ratio - 1 - excess) < 1e-12, "\(t): \(ratio)")
    }
  }

  @Test func hypergeometricSumsToOneAndMirrors() {
    for population in [1, 6, 25] {
      for marked in 0...population {
        for drawn in 0...population {
          var sum = 0.0
          for x in 0...drawn {
            let mass = HypergeometricDistribution.pmf(x, population: population, marked: marked, drawn: drawn)
            let mirrored = HypergeometricDistribution.pmf(x, population: population, marked: drawn, drawn: marked)
            #expect(abs(mass - mirrored) < 1e-13)
            sum += mass
            let below = HypergeometricDistribution.cdf(x, population: population, marked: marked, drawn: drawn)
            #expect(abs(below - sum) < 1e-12)
          }
          #expect(abs(sum - 1) < 1e-12)
        }
      }
    }
  }

  @Test func adjustedPValuesKeepOrderAndNeverShrink() throws {
    var random = Seeded(state: 7)
    for _ in 0..<50 {
      let p = (0..<30).map { _ in Double.random(in: 0...1, using: &random) * Double.random(in: 0...1, using: &random) }
      for method in MultiplicityMethod.allCases {
        let adjusted = try #require(Multiplicity.adjusted(p, method))
        for i in p.indices {
          #expect(adjusted[i] >= p[i] && adjusted[i] <= 1)
          for j in p.indices where p[i] <= p[j] { #expect(adjusted[i] <= adjusted[j]) }
        }
      }
      // The step-up rule of the paper, word by word: the largest k with p_(k) ≤ k q/m.
      let sorted = p.sorted()
      var k = 0
      for (i, value) in sorted.enumerated() where value <= Double(i + 1) * 0.1 / 30 { k = i + 1 }
      #expect(try #require(Multiplicity.rejected(p, level: 0.1)).count == k)
    }
  }

  @Test func decompositionAddsUp() throws {
    var random = Seeded(state: 99)
    for _ in 0..<200 {
      func table() throws -> [Proportion] {
        try (0..<6).map { _ in
          let n = Int.random(in: 0...500, using: &random)
          return try Self.proportion(Int.random(in: 0...n, using: &random), n)
        }
      }
      let result = try #require(RateDecomposition.kitagawa(before: table(), after: table()))
      #expect(abs(result.rateEffect + result.mixEffect - result.change) < 1e-14)
    }
  }

  @Test func finitePopulationIntervalsShrinkToThePoint() throws {
    let sample = try Self.proportion(18, 20)
    var width = Int.max
    for population in [20, 25, 40] {
      let counts = try #require(FinitePopulation.plausibleCounts(sample, population: population))
      #expect(counts.contains(18 * population / 20))
      if population == 20 { #expect(counts == 18...18) }
      width = min(width, counts.count)
    }
    #expect(width == 1)
    #expect(FinitePopulation.wilson(sample, population: 20) == Interval(lower: 0.9, upper: 0.9))
  }

  @Test func allocationAddsUpAndKeepsTheFloor() throws {
    var random = Seeded(state: 3)
    for _ in 0..<200 {
      let shares = (0..<7).map { _ in
        Double.random(in: 0...1, using: &random) * Double.random(in: 0...1, using: &random)
      }
      let parts = try #require(SamplePlanning.allocate(total: 300, shares: shares, floor: 12))
      #expect(parts.reduce(0, +) == 300)
      #expect(parts.allSatisfy { $0 >= 12 })
    }
    #expect(SamplePlanning.allocate(total: 300, shares: [137.4996, 123.0, 39.4]) == [138, 123, 39])
    #expect(SamplePlanning.allocate(total: 10, shares: [1, 1, 1], floor: 4) == nil)
    #expect(SamplePlanning.allocate(total: 10, shares: [0, 0]) == nil)
  }
}
