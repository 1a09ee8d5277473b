/// Anhøj's run chart test: unusually long runs or unusually few crossings of the centre line.
///
/// Source: J. Anhøj & A. V. Olesen, PLoS ONE 9 (2014) e113825; limits round(log2 n)+3 and qbinom(.05, n−1, .5).
public struct RunChartTest: Sendable, Hashable {
  /// Values not on the centre line; only they count.
  public let useful: Int
  public let longestRun: Int
  public let longestRunLimit: Int
  public let crossings: Int
  public let crossingsLimit: Int

  public var signals: Bool { longestRun > longestRunLimit || crossings < crossingsLimit }

  /// Largest longest run that is still usual for n useful values; nil for n < 1.
  public static func longestRunLimit(_ n: Int) -> Int? {
    guard n >= 1 else { return nil }
    // round(log2 n): the power of two below, and one more past its multiple by √2, decided on n² against 2^(2k+1).
    let below = Int.bitWidth - 1 - n.leadingZeroBitCount
    let roundsUp = Int128(n) * Int128(n) >= Int128(1) << (2 * below + 1)
    return below + (roundsUp ? 1 : 0) + 3
  }

  /// Fewest crossings that are still usual for n useful values; nil for n < 1 or too large.
  public static func crossingsLimit(_ n: Int) -> Int? {
    guard n >= 1 else { return nil }
    return BinomialDistribution.quantile(0.05, n: n - 1, p: 0.5)
  }

  /// Tests a series against a centre line, the median when nil. nil if a value is NaN or none is off the line.
  public static func anhoej(_ values: [Double], centre: Double? = nil) -> RunChartTest? {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return nil }
    let line = centre ?? median(values)
    let sides = values.filter { $0 != line }.map { $0 > line }
    guard let runLimit = longestRunLimit(sides.count), let crossLimit = crossingsLimit(sides.count) else { return nil }
    var longest = 1
    var run = 1
    var crossings = 0
    for i in sides.indices.dropFirst() {
      if sides[i] == sides[i - 1] {
        run += 1
        longest = max(longest, run)
      } else {
        run = 1
        crossings += 1
      }
    }
    return RunChartTest(
      useful: sides.count, longestRun: longest, longestRunLimit: runLimit, crossings: crossings,
      crossingsLimit: crossLimit)
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
  }
}

/// Special-cause rules of NHS England's "Making data count", per point.
public struct VariationRules: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Outside the limits.
  public static let beyondLimits = VariationRules(rawValue: 1)
  /// In a run of at least seven on one side of the centre.
  public static let shift = VariationRules(rawValue: 2)
  /// Among at least seven points that only rise or only fall.
  public static let trend = VariationRules(rawValue: 4)
  /// One of two among three neighbours beyond two sigma on one side.
  public static let nearLimit = VariationRules(rawValue: 8)

  /// The rules that each point takes part in. Periods without samples are passed over and get none.
  public static func evaluate(_ chart: RateChart) -> [VariationRules] {
    var result = [VariationRules](repeating: [], count: chart.points.count)
    let live = chart.points.indices.filter { chart.points[$0].rate != nil }
    let rates = live.map { chart.points[$0].rate ?? chart.centre }
    // The side of the centre, and the side on which the point lies beyond two sigma.
    let sides = rates.map { $0 > chart.centre ? 1 : $0 < chart.centre ? -1 : 0 }
    let outer = live.indices.map { i in
      abs(rates[i] - chart.centre) > 2 * chart.points[live[i]].sigma ? sides[i] : 0
    }
    for i in live.indices where chart.points[live[i]].signal != 0 { result[live[i]].insert(.beyondLimits) }
    mark(runsOf: sides, atLeast: 7, .shift, live, &result, extra: 0)
    let steps = rates.indices.dropFirst().map { rates[$0] > rates[$0 - 1] ? 1 : rates[$0] < rates[$0 - 1] ? -1 : 0 }
    mark(runsOf: steps, atLeast: 6, .trend, live, &result, extra: 1)
    for start in outer.indices where start + 2 < outer.count {
      for side in [-1, 1] {
        let hits = (start...start + 2).filter { outer[$0] == side }
        if hits.count >= 2 { for i in hits { result[live[i]].insert(.nearLimit) } }
      }
    }
    return result
  }

  /// Marks every run of equal, non-zero values of the given length; `extra` more points at its end (steps join n+1 points).
  private static func mark(
    runsOf values: [Int], atLeast length: Int, _ rule: VariationRules, _ live: [Int],
    _ result: inout [VariationRules], extra: Int
  ) {
    var start = 0
    while start < values.count {
      var end = start + 1
      while end < values.count, values[end] == values[start] { end += 1 }
      if values[start] != 0, end - start >= length {
        for i in start..<(end + extra) { result[live[i]].insert(rule) }
      }
      start = end
    }
  }
}

/// What a process in its limits will do about a target.
public enum ProcessAssurance: String, Sendable, Hashable, CaseIterable {
  case consistentlyPasses
  case hitAndMiss
  case consistentlyFails

  /// By the limits of the last period with samples; nil if there is none.
  public static func assess(_ chart: RateChart, target: RateTarget) -> ProcessAssurance? {
    guard let last = chart.points.last(where: { $0.rate != nil }) else { return nil }
    let inside = Interval(lower: last.lower, upper: last.upper)
    switch target.direction {
    case .atLeast:
      return inside.lower > target.rate
        ? .consistentlyPasses : inside.upper < target.rate ? .consistentlyFails : .hitAndMiss
    case .atMost:
      return inside.upper < target.rate
        ? .consistentlyPasses : inside.lower > target.rate ? .consistentlyFails : .hitAndMiss
    }
  }

  /// "稳定在 95 % 以上": the period's verdict is MET and the process limit is on the good side of the target.
  public static func isStable(_ decision: TargetDecision, _ chart: RateChart) -> Bool {
    decision.verdict == .met && assess(chart, target: decision.target) == .consistentlyPasses
  }
}
