import SpotCheckModel

/// The first day of a day's month, looked up once a day.
struct MonthStarts {
  /// So many days around the first one have a place each: days of a table come in no order, and a dictionary hashes each.
  private static let places = 2048
  private var base: Int32 = 0
  private var near: [Int32] = []
  private var known: [Int32: Int32] = [:]
  private var last: (day: Int32, start: Int32) = (.min, .min)

  mutating func start(of day: Int32) -> Int32 {
    if day == DayColumn.missing { return DayColumn.missing }
    if day == last.day { return last.start }
    if near.isEmpty {
      near = Array(repeating: DayColumn.missing, count: MonthStarts.places)
      base = day &- Int32(MonthStarts.places / 2)
    }
    // Wraps round to a great number for a day in front of them.
    let place = Int(UInt32(bitPattern: day &- base))
    let start: Int32
    if place < near.count {
      if near[place] == DayColumn.missing { near[place] = MonthStarts.reckoned(day) }
      start = near[place]
    } else {
      start = known[day] ?? MonthStarts.reckoned(day)
      known[day] = start
    }
    last = (day, start)
    return start
  }

  private static func reckoned(_ day: Int32) -> Int32 {
    day - Int32(CalendarDay(daysSinceEpoch: day).civil.day - 1)
  }
}
