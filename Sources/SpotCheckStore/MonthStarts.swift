import SpotCheckModel

/// The first day of a day's month, looked up once a day.
struct MonthStarts {
  private var known: [Int32: Int32] = [:]
  private var last: (day: Int32, start: Int32) = (.min, .min)

  mutating func start(of day: Int32) -> Int32 {
    if day == DayColumn.missing { return DayColumn.missing }
    if day == last.day { return last.start }
    let start: Int32
    if let found = known[day] {
      start = found
    } else {
      start = day - Int32(CalendarDay(daysSinceEpoch: day).civil.day - 1)
      known[day] = start
    }
    last = (day, start)
    return start
  }
}
