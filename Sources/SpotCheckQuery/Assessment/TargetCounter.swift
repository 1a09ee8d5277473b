import SpotCheckModel
import SpotCheckStatistics

/// Counts what a target speaks of, period by period.
struct TargetCounter {
  private let target: QualityTarget
  private let population: Filter
  private let threads: Int
  private let source: QuerySource

  /// Points that a control chart needs before it says anything (house default).
  static let fewestPoints = 12
  /// Years looked back for the chart.
  static let chartYears = 5

  init(_ target: QualityTarget, population: Filter, threads: Int, source: QuerySource) {
    self.target = target
    self.population = population
    self.threads = threads
    self.source = source
  }

  /// The counts of one period, of the purposes that count.
  func counts(_ period: PeriodSpan) throws -> (counts: RateCounts, mix: [(purpose: Purpose, counts: RateCounts)]) {
    var query = query(period)
    query.by = [Dimension(.purpose)]
    var mix: [(purpose: Purpose, counts: RateCounts)] = []
    for row in try query.run(on: source).rows {
      guard let purpose = row.purpose, target.purposes.contains(purpose) else { continue }
      mix.append((purpose, row.counts))
    }
    return (mix.reduce(RateCounts()) { $0 + $1.counts }, mix)
  }

  /// Whether the rate rises or falls over the years up to a period; nil with fewer than three of them.
  ///
  /// For a part of a year the same part of each year is taken: seasons are not compared with each other.
  func trend(until period: PeriodSpan) throws -> CochranArmitageTest? {
    var groups: [Proportion] = []
    var span: PeriodSpan? = period
    for _ in 0..<10 {
      guard let current = span else { break }
      let counts = try counts(current).counts
      guard counts.inspected > 0, let proportion = Proportion(counts.passed, of: counts.inspected) else { break }
      groups.append(proportion)
      span = current.earlier()
    }
    return groups.count >= 3 ? CochranArmitageTest.test(groups.reversed()) : nil
  }

  /// 稳定: the verdict is met, the limit of the process is on the good side of the target, and no period lies beyond that
  /// limit, over quarters if there are twelve of them, otherwise over months.
  ///
  /// The last condition is stricter than the limit alone: a swing widens the limits of Laney's chart, and a process that
  /// left its own limits is not stable, however wide they are.
  func stability(_ decision: TargetDecision, until period: PeriodSpan) throws -> ScorecardEntry.Stability {
    for kind in [DimensionKind.quarter, .month] {
      let series = try series(kind, until: period)
      guard series.count >= TargetCounter.fewestPoints, let chart = RateChart.recommended(series) else { continue }
      let bad = decision.target.direction == .atLeast ? -1 : 1
      let left = chart.points.contains { $0.signal == bad }
      return ProcessAssurance.isStable(decision, chart) && !left ? .stable : .notStable
    }
    return .tooShort
  }

  /// Passes of each quarter or month with samples, oldest first, ending with the period.
  private func series(_ kind: DimensionKind, until period: PeriodSpan) throws -> [Proportion] {
    var query = query(nil)
    query.by = [Dimension(kind), Dimension(.purpose)]
    query.period = period.reachingBack(years: TargetCounter.chartYears)
    var sums: [String: RateCounts] = [:]
    for row in try query.run(on: source).rows {
      guard let purpose = row.purpose, target.purposes.contains(purpose) else { continue }
      sums[row.codes[0], default: RateCounts()] += row.counts
    }
    return sums.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.compactMap { entry in
      entry.value.inspected > 0 ? Proportion(entry.value.passed, of: entry.value.inspected) : nil
    }
  }

  private func query(_ period: PeriodSpan?) -> RateQuery {
    var query = RateQuery(by: [], filter: population)
    query.period = period
    query.periodBy = target.periodBy
    query.threads = threads
    return query
  }
}
