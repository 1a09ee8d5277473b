import SpotCheckStatistics
import Testing

/// How often the 95 % intervals cover, for every n up to 50 and every rate: see ``Coverage`` for why no grid is needed.
///
/// L. D. Brown, T. T. Cai & A. DasGupta, Statistical Science 16 (2001) 101–133, compare the methods; the bounds below are
/// computed from the same enumeration in Python (function `coverage` of the vectors) and rounded down.
@Suite struct CoverageTests {
  static let sizes = 1...50

  static func all(_ method: IntervalMethod) throws -> [Coverage] {
    try sizes.map { try #require(Coverage(method, n: $0)) }
  }

  /// The exact interval never covers less than it says, for no rate at all; the price is a mean well above.
  @Test func clopperPearsonNeverCoversLessThanItSays() throws {
    for (n, coverage) in zip(Self.sizes, try Self.all(.clopperPearson)) {
      #expect(coverage.least >= 0.95 - 1e-12, "n \(n): \(coverage.least) at \(coverage.leastAt)")
      #expect(coverage.mean > 0.969, "n \(n): \(coverage.mean)")
    }
    for confidence in [0.8, 0.9, 0.99, 0.998] {
      for n in [1, 2, 7, 20, 50] {
        #expect(try #require(Coverage(.clopperPearson, n: n, confidence: confidence)).least >= confidence - 1e-12)
      }
    }
  }

  /// Wilson's interval covers 95 % on average. Its worst rate lies right below the lower end L of 1/n, where only x = 0 still
  /// covers: the least coverage is (1 − L)^n, which climbs to exp(−0.1765) = 0.838 (Brown, Cai & DasGupta, section 4.1.1).
  @Test func wilsonCoversOnAverageAndHasTheKnownWorstCase() throws {
    var previous = 0.79
    for (n, coverage) in zip(Self.sizes, try Self.all(.wilson)) {
      let first = coverage.intervals[1].lower
      var worst = 1.0
      for _ in 0..<n { worst *= 1 - first }
      #expect(abs(coverage.least - worst) < 1e-12, "n \(n): \(coverage.least), expected \(worst)")
      #expect(min(abs(coverage.leastAt - first), abs(coverage.leastAt - 1 + first)) < 1e-9)
      #expect(coverage.least > previous && coverage.least < 0.838)
      #expect(coverage.mean > 0.951 && coverage.mean < 0.958, "n \(n): \(coverage.mean)")
      previous = coverage.least
    }
    #expect(previous > 0.8375)
  }

  /// Jeffreys with the corrected ends: nearest to 95 % on average, never below 85 % (86.5 % from n = 2 on).
  @Test func jeffreysIsNearestOnAverage() throws {
    let wilson = try Self.all(.wilson)
    for (n, coverage) in zip(Self.sizes, try Self.all(.jeffreys)) {
      #expect(coverage.least > (n == 1 ? 0.853 : 0.865), "n \(n): \(coverage.least)")
      #expect(coverage.mean >= 0.95 && coverage.mean < (n < 10 ? 0.9785 : 0.9533), "n \(n): \(coverage.mean)")
      if n >= 10 { #expect(coverage.mean < wilson[n - 1].mean) }
    }
  }

  /// Mid-P: a little above 95 % on average, never below 91.2 %.
  @Test func midPIsNearlyExact() throws {
    let exact = try Self.all(.clopperPearson)
    for (n, coverage) in zip(Self.sizes, try Self.all(.midP)) {
      #expect(coverage.least > 0.912, "n \(n): \(coverage.least)")
      #expect(coverage.mean > 0.955 && coverage.mean < exact[n - 1].mean, "n \(n): \(coverage.mean)")
      if n >= 10 { #expect(coverage.mean < 0.9684) }
    }
  }

  /// Agresti and Coull: for larger n as good as Wilson and safer in the worst case; that is why it is not meant for small n.
  @Test func agrestiCoullIsForLargerSamples() throws {
    let wilson = try Self.all(.wilson)
    for (n, coverage) in zip(Self.sizes, try Self.all(.agrestiCoull)) {
      #expect(coverage.least > (n < 10 ? 0.8198 : 0.922), "n \(n): \(coverage.least)")
      #expect(
        coverage.mean > wilson[n - 1].mean && coverage.mean < (n < 10 ? 0.972 : 0.9646), "n \(n): \(coverage.mean)")
      #expect(coverage.least >= wilson[n - 1].least - 1e-12)
    }
  }

  /// The continuity correction misses 95 % by half a point at worst, and covers as much on average as the exact interval.
  @Test func theContinuityCorrectionIsNearlyExact() throws {
    for (n, coverage) in zip(Self.sizes, try Self.all(.wilsonContinuity)) {
      #expect(coverage.least > 0.945 && coverage.least < 0.95, "n \(n): \(coverage.least)")
      #expect(coverage.mean > 0.969, "n \(n): \(coverage.mean)")
    }
  }

  /// The slow twin of ``Coverage``: a grid of rates, masses by plain multiplication, every x asked.
  @Test func enumerationAgreesWithAGrid() throws {
    let steps = 400
    for n in Self.sizes {
      let methods = try IntervalMethod.allCases.map { try #require(Coverage($0, n: n)) }
      var sums = [Double](repeating: 0, count: methods.count)
      // Mirrored rates have mirrored coverage: half the grid is enough.
      for step in 0..<(steps / 2) {
        let p = (Double(step) + 0.5) / Double(steps)
        var mass = 1.0
        for _ in 0..<n { mass *= 1 - p }
        var covered = [Double](repeating: 0, count: methods.count)
        for x in 0...n {
          for i in methods.indices where methods[i].intervals[x].contains(p) { covered[i] += mass }
          mass *= Double(n - x) / Double(x + 1) * p / (1 - p)
        }
        for i in methods.indices {
          #expect(covered[i] >= methods[i].least - 1e-12, "\(IntervalMethod.allCases[i]) n \(n), p \(p)")
          sums[i] += covered[i]
        }
      }
      for i in methods.indices {
        #expect(abs(2 * sums[i] / Double(steps) - methods[i].mean) < 0.003, "\(IntervalMethod.allCases[i]) n \(n)")
      }
    }
  }
}
