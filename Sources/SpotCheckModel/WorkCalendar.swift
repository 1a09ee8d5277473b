/// Which days are worked: Monday to Friday, except public holidays, and those Saturdays and Sundays that are worked in
/// exchange for them (调休). The exchange is set anew each year by the State Council, so it is data and no rule.
public struct WorkCalendar: Sendable, Hashable {
  /// One year as its notice has it.
  public struct Year: Sendable, Hashable {
    public var year: Int
    /// The notice, as it is cited.
    public var source: String
    /// Days off, weekends among them or not.
    public var holidays: Set<CalendarDay>
    /// Saturdays and Sundays that are worked.
    public var makeUpDays: Set<CalendarDay>

    public init(_ year: Int, source: String, holidays: Set<CalendarDay>, makeUpDays: Set<CalendarDay>) {
      self.year = year
      self.source = source
      self.holidays = holidays
      self.makeUpDays = makeUpDays
    }
  }

  /// By year, ascending.
  public let years: [Year]
  private let known: Set<Int>
  private let holidays: Set<CalendarDay>
  private let makeUpDays: Set<CalendarDay>

  /// No year is known: every Monday to Friday is worked.
  public static let weekendsOnly = WorkCalendar([])

  public init(_ years: [Year]) {
    self.years = years.sorted { $0.year < $1.year }
    known = Set(years.map(\.year))
    holidays = years.reduce(into: []) { $0.formUnion($1.holidays) }
    makeUpDays = years.reduce(into: []) { $0.formUnion($1.makeUpDays) }
  }

  public func isWorkingDay(_ day: CalendarDay) -> Bool {
    if makeUpDays.contains(day) { return true }
    return !day.isWeekend && !holidays.contains(day)
  }

  /// Whether the year's notice is here. In other years only weekends are known.
  public func knows(_ year: Int) -> Bool { known.contains(year) }

  /// The years between two days of which only the weekends are known, ascending.
  public func unknownYears(from first: CalendarDay, through last: CalendarDay) -> [Int] {
    guard first <= last else { return [] }
    return (first.civil.year...last.civil.year).filter { !knows($0) }
  }

  /// How many working days lie after `first`, up to and including `last`; 0 if `last` is not later.
  public func workingDays(after first: CalendarDay, through last: CalendarDay) -> Int {
    var count = 0
    var day = first
    while day < last {
      day = day.next
      if isWorkingDay(day) { count += 1 }
    }
    return count
  }

  /// The last of `count` working days after `first`: the day on which something due in `count` working days is due.
  /// 0 is the day itself.
  public func day(_ count: Int, workingDaysAfter first: CalendarDay) -> CalendarDay {
    var left = count
    var day = first
    while left > 0 {
      day = day.next
      // Nothing is due at the end of time, and the search for it ends.
      if day.daysSinceEpoch == .max { return day }
      if isWorkingDay(day) { left -= 1 }
    }
    return day
  }
}

extension CalendarDay {
  /// 1 = Monday … 7 = Sunday (ISO 8601).
  public var weekday: Int {
    // 1970-01-01 was a Thursday.
    let offset = (Int(daysSinceEpoch) + 3) % 7
    return (offset < 0 ? offset + 7 : offset) + 1
  }

  public var isWeekend: Bool { weekday >= 6 }

  /// The day after; the last day there is is followed by itself.
  public var next: CalendarDay {
    CalendarDay(daysSinceEpoch: daysSinceEpoch == .max ? .max : daysSinceEpoch + 1)
  }
}
