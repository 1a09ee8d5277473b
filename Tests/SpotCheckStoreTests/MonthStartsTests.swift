import SpotCheckModel
import Testing

@testable import SpotCheckStore

struct MonthStartsTests {
  /// In no order, near the first day and far from it, before 1970 and at both ends of what a day can be.
  @Test(arguments: [-800_000, -1, 0, 19_500, 60_000]) func firstDays(_ first: Int32) {
    var random = SplitMix(state: UInt64(bitPattern: Int64(first)))
    var months = MonthStarts()
    for round in 0..<5000 {
      let spread = [3, 1000, 1025, 4000, 100_000][round % 5]
      let day = round == 0 ? first : first + Int32(random.below(2 * spread) - spread)
      let expected = CalendarDay(daysSinceEpoch: day).civil
      let start = months.start(of: day)
      let found = CalendarDay(daysSinceEpoch: start).civil
      #expect(found.year == expected.year && found.month == expected.month && found.day == 1)
      if round % 50 == 0 { #expect(months.start(of: DayColumn.missing) == DayColumn.missing) }
    }
  }
}
