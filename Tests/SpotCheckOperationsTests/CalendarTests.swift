import SpotCheck
import SpotCheckTestSupport
import Testing

@Suite struct CalendarTests {
  private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(iso: text)) }

  private func shipped() throws -> WorkCalendar { try Repository.library.get().calendar }

  @Test func weekdaysAreThoseOfTheWallCalendar() throws {
    #expect(try day("1970-01-01").weekday == 4)
    #expect(try day("2024-02-29").weekday == 4)
    #expect(try day("2026-11-25").weekday == 3)
    #expect(try day("1969-12-28").weekday == 7)
    #expect(CalendarDay(daysSinceEpoch: .max).next.daysSinceEpoch == .max)
  }

  /// 调休: Sundays are worked, Tuesdays are not.
  @Test(arguments: [
    ("2024-02-04", true), ("2024-02-12", false), ("2024-02-17", false), ("2024-02-18", true), ("2024-02-09", true),
    ("2024-05-11", true), ("2024-09-14", true), ("2024-10-12", true), ("2024-10-07", false), ("2024-10-13", false),
    ("2025-01-26", true), ("2025-01-28", false), ("2025-02-08", true), ("2025-10-08", false), ("2025-10-11", true),
    ("2026-01-02", false), ("2026-01-04", true), ("2026-02-28", true), ("2026-09-20", true), ("2022-12-31", false),
    ("2023-01-02", false), ("2023-06-25", true),
  ])
  func daysAreWorkedAsTheNoticesSay(_ text: String, _ isWorked: Bool) throws {
    #expect(try shipped().isWorkingDay(try day(text)) == isWorked)
  }

  /// Every exchange is one: in each year as many weekend days are worked as weekdays are free beyond the public holidays
  /// themselves. The holidays by law are 11 days until 2024 and 13 from 2025 (国务院令第795号).
  @Test(arguments: [(2023, 11), (2024, 11), (2025, 13), (2026, 13)])
  func daysWorkedInExchangeAddUp(_ year: Int, _ holidaysByLaw: Int) throws {
    let calendar = try shipped()
    let first = try #require(CalendarDay(year: year, month: 1, day: 1))
    let last = try #require(CalendarDay(year: year, month: 12, day: 31))
    let days = (first.daysSinceEpoch...last.daysSinceEpoch).map { CalendarDay(daysSinceEpoch: $0) }
    let weekdays = days.count { !$0.isWeekend }
    let worked = days.count { calendar.isWorkingDay($0) }
    // A public holiday on a weekend is a day off given back on a weekday, so each takes one working day.
    #expect(worked == weekdays - holidaysByLaw, "\(weekdays) \(worked)")
  }

  @Test func deadlinesRunOverTheSpringFestival() throws {
    let calendar = try shipped()
    // After January 2024: 1, 2, then Sunday the 4th is worked, 5–9, and the tenth working day is 19 February.
    let due = calendar.day(10, workingDaysAfter: try day("2024-01-31"))
    #expect(due.description == "2024-02-19")
    #expect(calendar.workingDays(after: try day("2024-01-31"), through: due) == 10)
    #expect(WorkCalendar.weekendsOnly.day(10, workingDaysAfter: try day("2024-01-31")).description == "2024-02-14")
    #expect(calendar.day(0, workingDaysAfter: try day("2024-01-31")).description == "2024-01-31")
    #expect(calendar.workingDays(after: due, through: due) == 0)
  }

  @Test func aYearWithoutANoticeIsSaidToBeUnknown() throws {
    let calendar = try shipped()
    #expect(calendar.knows(2026) && !calendar.knows(2027))
    #expect(calendar.unknownYears(from: try day("2026-12-30"), through: try day("2028-01-02")) == [2027, 2028])
    #expect(calendar.years.allSatisfy { $0.source.contains("20") })
  }

  @Test(arguments: [
    ("years:\n  2024:\n    source: x\n    holidays: [2024-02-30]\n", "c.yaml:4:16: error: expected a day"),
    ("years:\n  2024:\n    source: x\n    holidays: [2024-05-01]\n    worked: [2024-05-06]\n", "is worked anyway"),
    ("years:\n  2024:\n    source: x\n    holidays: [2024-05-04]\n    worked: [2024-05-04]\n", "is a holiday above"),
    ("years:\n  24:\n    source: x\n    holidays: [2024-05-04]\n", "'24' is no year"),
    ("years:\n  2024:\n    source: x\n    holydays: [2024-05-04]\n", "did you mean 'holidays'?"),
    ("years:\n  2024:\n    source: x\n    holidays: [2024-01-01..2026-01-01]\n", "expected a day"),
    ("years:\n  2024:\n    source: x\n    holidays: [2025-01-01]\n", "do not belong to 2024"),
  ])
  func aWrongCalendarIsRefusedWithItsPlace(_ text: String, _ message: String) {
    let file = CalendarFile(Array(text.utf8), file: "c.yaml")
    #expect(file.problems.contains { $0.description.contains(message) }, "\(file.problems)")
    #expect(file.calendar.years.isEmpty)
  }

  @Test func theShippedCalendarIsNoPipeline() throws {
    let library = try Repository.library.get()
    #expect(!library.files.contains { $0.hasSuffix("calendar.yaml") })
    #expect(!library.problems.contains { $0.file.hasSuffix("calendar.yaml") })
    let path = Repository.path("pipelines/calendar.yaml")
    #expect(try PipelineLinter.lint(files: [path], library: library).isEmpty)
  }
}
