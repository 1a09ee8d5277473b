public import SpotCheckModel
public import SpotCheckStatistics

/// Holds a period against the register of targets.
public struct ScorecardQuery: Sendable {
  public var register: TargetRegister
  public var period: PeriodSpan
  /// Ids of the targets asked for; nil = all that are live.
  public var ids: [String]?
  /// Whether targets are listed that are definitions only.
  public var includesDefinitions = false
  public var threads = 2

  public init(_ register: TargetRegister, period: PeriodSpan) {
    self.register = register
    self.period = period
  }

  /// The newest calendar year that has a sample: what is judged when nobody says which. nil for a store without a day.
  public static func newestYear(of source: QuerySource) throws -> PeriodSpan? {
    var query = RateQuery(by: [Dimension(.year)])
    query.pool = true
    let years = try query.run(on: source).rows.map { $0.codes[0] }.filter { !$0.isEmpty }
    return try years.max { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { try PeriodSpan($0) }
  }

  /// - Throws: ``QueryError`` for an id that the register does not have on the last day of the period, or a population
  ///   that means nothing in this store.
  public func run(on source: QuerySource) throws -> Scorecard {
    let day = CalendarDay(daysSinceEpoch: period.days.upperBound)
    let inForce = register.targets(on: day)
    var targets = inForce.filter { $0.isLive || includesDefinitions }
    if let ids {
      for id in ids where !inForce.contains(where: { $0.id == id }) {
        let nearest = NearestName.of(id, among: register.ids)
        throw QueryError(
          "no target '\(id)' is in force on \(day)",
          advice: nearest.map { "Did you mean '\($0)'?" } ?? "spotcheck targets --all lists them.")
      }
      targets = inForce.filter { ids.contains($0.id) }
    }
    var card = Scorecard(query: self, snapshot: source.snapshot)
    for target in targets { card.entries.append(try entry(target, source)) }
    card.definitions = inForce.count { !$0.isLive }
    return card
  }

  private func entry(_ target: QualityTarget, _ source: QuerySource) throws -> ScorecardEntry {
    var entry = ScorecardEntry(target: target, period: period)
    guard target.isLive, let population = target.population, let goal = target.goal.flatMap(RateTarget.init(goal:))
    else {
      return entry
    }
    if target.period == .rollingFourQuarters, let rolling = period.rollingYear { entry.period = rolling }
    let counter = TargetCounter(target, population: try Filter(population), threads: threads, source: source)
    entry.rateTarget = goal
    entry.isFormal = target.period.isWhole(entry.period)
    let (counts, mix) = try counter.counts(entry.period)
    (entry.counts, entry.mix) = (counts, mix)
    guard let proportion = Proportion(counts.passed, of: counts.inspected) else { return entry }
    entry.decision = TargetDecision.decide(
      proportion, goal, basis: target.isCensus ? .census : .sample, alpha: target.alphaValue)
    if let earlier = entry.period.earlier() { entry.before = try counter.counts(earlier).counts }
    entry.trend = try counter.trend(until: entry.period)
    if target.isStable, let decision = entry.decision {
      entry.stability = try counter.stability(decision, until: entry.period)
    }
    return entry
  }
}

/// One target's line.
public struct ScorecardEntry: Sendable {
  public var target: QualityTarget
  /// The period judged.
  public var period: PeriodSpan
  /// nil for a definition that no data arrive for.
  public var rateTarget: RateTarget?
  public var counts = RateCounts()
  /// Samples by purpose, those counted only.
  public var mix: [(purpose: Purpose, counts: RateCounts)] = []
  /// The period is the one that the target is judged by, not a look in between.
  public var isFormal = false
  public var decision: TargetDecision?
  /// The same period a year earlier.
  public var before: RateCounts?
  public var trend: CochranArmitageTest?
  /// Only for targets that ask for stability.
  public var stability: Stability?

  public var proportion: Proportion? { rateTarget == nil ? nil : Proportion(counts.passed, of: counts.inspected) }

  /// What a process that shall be stable shows.
  public enum Stability: String, Sendable, CaseIterable {
    /// 稳定达标: met, and the lower process limit is above the target.
    case stable
    case notStable = "not_stable"
    /// Fewer than twelve months or quarters with samples.
    case tooShort = "too_short"
  }
}

/// The register held against one period.
public struct Scorecard: Sendable {
  public var query: ScorecardQuery
  public var snapshot: Int64
  /// In the order of the register.
  public var entries: [ScorecardEntry] = []
  /// Targets in force that no data arrive for.
  public var definitions = 0

  init(query: ScorecardQuery, snapshot: Int64) {
    self.query = query
    self.snapshot = snapshot
  }
}

extension RateTarget {
  /// A registered goal; nil where it is no share. "= 100 %" is at least that: nothing is above it.
  public init?(goal: TargetGoal) {
    guard let share = goal.share else { return nil }
    self.init(share: share, goal.direction == .atMost ? .atMost : .atLeast)
  }

  /// An exact share of one; nil outside 0...1.
  init?(share: ExactDecimal, _ direction: Direction = .atLeast) {
    guard let mantissa = Int(exactly: share.mantissa) else { return nil }
    self.init(mantissa: mantissa, scale: Int(share.scale), direction)
  }
}

extension QualityTarget {
  /// The error probability as a number.
  public var alphaValue: Double {
    var power = 1.0
    for _ in 0..<max(0, Int(alpha.scale)) { power *= 10 }
    return Double(alpha.mantissa) / power
  }

  /// The question that `rate --target` asks of every row; nil for a target without a share.
  public var question: TargetQuestion? {
    goal.flatMap(RateTarget.init(goal:)).map { TargetQuestion($0, alpha: alphaValue, text: id) }
  }
}

extension TargetPeriod {
  /// Whether a stretch of days is one such period: only then a verdict is formal. Looks in between are monitoring, because
  /// repeated tests inflate the error.
  func isWhole(_ span: PeriodSpan) -> Bool {
    switch self {
    case .year: span.isYear
    case .quarter: span.isQuarter
    case .halfYear: span.isHalf
    case .rollingFourQuarters: span.isYear || span.isFourQuarters
    }
  }
}
