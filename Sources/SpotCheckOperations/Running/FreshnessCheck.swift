public import SpotCheckModel

/// A bureau whose data are late, or have a gap.
public struct FreshnessFinding: Sendable, Hashable {
  public enum Level: String, Sendable, CaseIterable {
    /// An earlier period has no data, although later ones have.
    case gap
    /// Overdue, and worth a call.
    case warning
    /// Overdue by more than is allowed: exit status 5.
    case error
  }

  public var bureau: String
  public var level: Level
  /// The oldest period concerned: `2024-03`, `2024Q1`, `2024H1`, `2024`; and how many there are.
  public var period: String
  public var periods: Int
  /// Last day on which it was in time, and the working days since; nil for a gap.
  public var due: CalendarDay?
  public var workingDaysLate = 0
  /// Years of which only the weekends are known, where the deadline reaches into one.
  public var weekendsOnly: [Int] = []

  public var code: String { level == .gap ? "SET_COVERAGE" : "SET_FRESHNESS" }

  /// In English: for logs and the run's record.
  public var message: String {
    let more = periods > 1 ? " (and \(periods - 1) more)" : ""
    guard let due else { return "no samples for \(period)\(more), although there are later ones" }
    var text = "no samples for \(period)\(more); due on \(due), \(workingDaysLate) working days ago"
    if !weekendsOnly.isEmpty {
      let years = weekendsOnly.map(String.init).joined(separator: ", ")
      text += "; of \(years) only the weekends are known"
    }
    return text
  }
}

/// Which bureaus are late, reckoned in working days.
public struct FreshnessCheck {
  /// Samples by bureau and month; a month is `year × 12 + month − 1`.
  public typealias Months = [String: [Int: Int]]

  private let rules: [String: FreshnessRule]
  private let calendar: WorkCalendar
  private let today: CalendarDay

  public init(_ rules: [String: FreshnessRule], calendar: WorkCalendar, today: CalendarDay) {
    self.rules = rules
    self.calendar = calendar
    self.today = today
  }

  /// By bureau; of one bureau the gap first.
  public func findings(_ months: Months) -> [FreshnessFinding] {
    rules.keys.sorted().flatMap { bureau in
      rules[bureau].map { findings(bureau, $0, months[bureau] ?? [:]) } ?? []
    }
  }

  private func findings(_ bureau: String, _ rule: FreshnessRule, _ months: [Int: Int]) -> [FreshnessFinding] {
    let length = rule.every.months
    let covered = Set(months.filter { $0.value > 0 }.keys.map { $0 / length })
    let lastEnded = FreshnessCheck.month(of: today) / length - 1
    let first = rule.since.map { FreshnessCheck.firstPeriod(from: $0, length) } ?? covered.min() ?? lastEnded
    // Two hundred years of months: a wrong day in the data must not make the night long.
    guard first <= lastEnded, lastEnded - first <= 2400 else { return [] }
    let missing = (first...lastEnded).filter { !covered.contains($0) }
    let newest = covered.max() ?? Int.min
    var findings: [FreshnessFinding] = []
    let gaps = missing.filter { $0 < newest }
    if let gap = gaps.first {
      findings.append(
        FreshnessFinding(
          bureau: bureau, level: .gap, period: FreshnessCheck.name(gap, rule.every), periods: gaps.count))
    }
    let late = missing.filter { $0 > newest }
    if let finding = overdue(bureau, rule, late) { findings.append(finding) }
    return findings
  }

  /// The oldest of the missing periods decides: it is overdue longest.
  private func overdue(_ bureau: String, _ rule: FreshnessRule, _ late: [Int]) -> FreshnessFinding? {
    guard let oldest = late.first, let end = FreshnessCheck.lastDay(oldest, rule.every) else { return nil }
    for (days, level) in [(rule.errorAfter, FreshnessFinding.Level.error), (rule.warnAfter, .warning)] {
      guard let days else { continue }
      let due = calendar.day(days, workingDaysAfter: end)
      guard today > due else { continue }
      let overdue = late.filter { period in
        FreshnessCheck.lastDay(period, rule.every).map { today > calendar.day(days, workingDaysAfter: $0) } ?? false
      }
      return FreshnessFinding(
        bureau: bureau, level: level, period: FreshnessCheck.name(oldest, rule.every), periods: overdue.count, due: due,
        workingDaysLate: calendar.workingDays(after: due, through: today),
        weekendsOnly: calendar.unknownYears(from: end.next, through: today))
    }
    return nil
  }

  // MARK: Periods

  /// The month of a day, as ``Months`` counts them.
  public static func month(of day: CalendarDay) -> Int { day.civil.year * 12 + day.civil.month - 1 }

  /// The month of a code: `2024-03`; nil if it is none.
  public static func month(code: String) -> Int? { CalendarDay(iso: code + "-01").map { month(of: $0) } }

  /// The first period that begins on the day or later.
  private static func firstPeriod(from day: CalendarDay, _ length: Int) -> Int {
    let month = month(of: day)
    return month % length == 0 && day.civil.day == 1 ? month / length : month / length + 1
  }

  private static func lastDay(_ period: Int, _ every: FreshnessRule.Every) -> CalendarDay? {
    let next = (period + 1) * every.months
    guard let first = CalendarDay(year: next / 12, month: next % 12 + 1, day: 1) else { return nil }
    return CalendarDay(daysSinceEpoch: first.daysSinceEpoch - 1)
  }

  private static func name(_ period: Int, _ every: FreshnessRule.Every) -> String {
    let first = period * every.months
    let (year, month) = (first / 12, first % 12 + 1)
    return switch every {
    case .month: "\(year)-\(month < 10 ? "0" : "")\(month)"
    case .quarter: "\(year)Q\((month + 2) / 3)"
    case .halfYear: "\(year)H\(month <= 6 ? 1 : 2)"
    case .year: "\(year)"
    }
  }
}
