import SpotCheckStatistics
import Testing

/// What an interval must do for every x of every n up to 50.
@Suite struct IntervalPropertyTests {
  static let sizes = 1...50

  static func intervals(_ method: IntervalMethod, _ n: Int, _ confidence: Double = 0.95) throws -> [Interval] {
    try (0...n).map { x in
      let proportion = try #require(Proportion(x, of: n))
      return try #require(proportion.interval(method, confidence: confidence))
    }
  }

  @Test(arguments: IntervalMethod.allCases)
  func mirroredCountsGiveMirroredIntervals(_ method: IntervalMethod) throws {
    for confidence in [0.8, 0.95] {
      for n in Self.sizes {
        let intervals = try Self.intervals(method, n, confidence)
        for x in 0...n {
          #expect(abs(intervals[x].lower - (1 - intervals[n - x].upper)) < 1e-12, "\(method) \(x)/\(n)")
          #expect(abs(intervals[x].upper - (1 - intervals[n - x].lower)) < 1e-12, "\(method) \(x)/\(n)")
        }
      }
    }
  }

  @Test(arguments: IntervalMethod.allCases)
  func intervalsHoldTheRateInsideZeroAndOne(_ method: IntervalMethod) throws {
    for n in Self.sizes {
      let intervals = try Self.intervals(method, n)
      #expect(intervals[0].lower == 0 && intervals[n].upper == 1)
      for x in 0...n {
        #expect(intervals[x].lower >= 0 && intervals[x].upper <= 1)
        #expect(intervals[x].contains(Double(x) / Double(n)), "\(method) \(x)/\(n)")
      }
    }
  }

  /// One pass more for one failure less: both ends rise.
  @Test(arguments: IntervalMethod.allCases)
  func endsRiseWithTheCount(_ method: IntervalMethod) throws {
    for n in Self.sizes {
      let intervals = try Self.intervals(method, n)
      for (fewer, more) in zip(intervals, intervals.dropFirst()) {
        #expect(more.lower >= fewer.lower && more.upper >= fewer.upper, "\(method) n \(n)")
        #expect(more.lower > fewer.lower || more.upper > fewer.upper, "\(method) n \(n)")
      }
    }
  }

  /// One failure more: both ends fall. One pass more: both rise. And at the same rate, more samples tell more.
  @Test(arguments: IntervalMethod.allCases)
  func endsMoveWithTheNumberOfSamples(_ method: IntervalMethod) throws {
    var smaller = try Self.intervals(method, 1)
    for n in 2...51 {
      let larger = try Self.intervals(method, n)
      for x in 0..<n {
        #expect(larger[x].lower <= smaller[x].lower && larger[x].upper <= smaller[x].upper, "\(method) \(x)/\(n)")
        #expect(
          larger[x + 1].lower >= smaller[x].lower && larger[x + 1].upper >= smaller[x].upper, "\(method) \(x)/\(n)")
      }
      smaller = larger
    }
    for (x, n) in [(1, 2), (9, 10), (19, 20), (1, 5), (1, 1), (0, 3)] {
      var width = 2.0
      for factor in 1...20 {
        let proportion = try #require(Proportion(x * factor, of: n * factor))
        let next = try #require(proportion.interval(method)).width
        #expect(next < width, "\(method) \(x * factor)/\(n * factor)")
        width = next
      }
    }
  }

  @Test(arguments: IntervalMethod.allCases)
  func moreConfidenceIsWider(_ method: IntervalMethod) throws {
    for n in [1, 2, 3, 7, 20, 50] {
      var narrow = try Self.intervals(method, n, 0.5)
      for confidence in [0.8, 0.9, 0.95, 0.99, 0.998] {
        let wide = try Self.intervals(method, n, confidence)
        for x in 0...n {
          #expect(wide[x].lower <= narrow[x].lower && wide[x].upper >= narrow[x].upper, "\(method) \(x)/\(n)")
          #expect(wide[x].width > narrow[x].width, "\(method) \(x)/\(n)")
        }
        narrow = wide
      }
    }
  }

  /// What each method stands between: Clopper–Pearson holds mid-P, and the continuity correction holds Wilson's interval.
  @Test func cautiousIntervalsHoldTheirLessCautiousTwins() throws {
    for n in Self.sizes {
      let exact = try Self.intervals(.clopperPearson, n)
      let middle = try Self.intervals(.midP, n)
      let jeffreys = try Self.intervals(.jeffreys, n)
      let corrected = try Self.intervals(.wilsonContinuity, n)
      let wilson = try Self.intervals(.wilson, n)
      for x in 0...n {
        #expect(exact[x].lower <= middle[x].lower && exact[x].upper >= middle[x].upper, "\(x)/\(n)")
        #expect(exact[x].lower <= jeffreys[x].lower && exact[x].upper >= jeffreys[x].upper, "\(x)/\(n)")
        #expect(corrected[x].lower <= wilson[x].lower && corrected[x].upper >= wilson[x].upper, "\(x)/\(n)")
      }
    }
  }

  /// Swapping the groups changes the sign; two equal groups do not differ; the interval holds the difference.
  @Test func differencesAreAntisymmetric() throws {
    for n1 in [1, 4, 10] {
      for n2 in [1, 7, 23] {
        for x1 in 0...n1 {
          for x2 in 0...n2 {
            let one = try #require(Proportion(x1, of: n1))
            let two = try #require(Proportion(x2, of: n2))
            let forth = try #require(RateDifference.newcombe(one, two))
            let back = try #require(RateDifference.newcombe(two, one))
            #expect(forth.difference == -back.difference)
            #expect(abs(forth.interval.lower + back.interval.upper) < 1e-14)
            #expect(forth.interval.contains(forth.difference))
            #expect(forth.interval.lower >= -1 && forth.interval.upper <= 1)
            let passes = try #require(RateDifference.newcombe(one.complement, two.complement))
            #expect(abs(passes.interval.lower - back.interval.lower) < 1e-12)
          }
        }
      }
    }
  }
}
