import SpotCheckModel
import SpotCheckQuery
import Testing

@Suite struct PeriodSpanTests {
  private func ends(_ text: String) throws -> [String] {
    let days = try PeriodSpan(text).days
    return [days.lowerBound, days.upperBound].map { CalendarDay(daysSinceEpoch: $0).description }
  }

  /// The real system built the end of every month as "-31" (domain reference 5).
  @Test func monthsEndWhereTheCalendarSays() throws {
    #expect(try ends("2024-02") == ["2024-02-01", "2024-02-29"])
    #expect(try ends("2023-02") == ["2023-02-01", "2023-02-28"])
    #expect(try ends("2100-02") == ["2100-02-01", "2100-02-28"])
    #expect(try ends("2024-04") == ["2024-04-01", "2024-04-30"])
    #expect(try ends("2024Q2") == ["2024-04-01", "2024-06-30"])
    #expect(try ends("2024h1") == ["2024-01-01", "2024-06-30"])
    #expect(try ends("2024") == ["2024-01-01", "2024-12-31"])
    #expect(try ends("2023Q4..2024-02") == ["2023-10-01", "2024-02-29"])
    #expect(try ends("2024-02-29") == ["2024-02-29", "2024-02-29"])
  }

  /// No day of a year is in two of its months, quarters or halves, and none is missing.
  @Test func partsOfAYearAreTheYear() throws {
    for year in [1900, 2000, 2023, 2024] {
      let whole = try PeriodSpan("\(year)").days
      for parts in [
        (1...12).map { "\(year)-" + ($0 < 10 ? "0" : "") + "\($0)" }, (1...4).map { "\(year)Q\($0)" },
        ["\(year)H1", "\(year)H2"],
      ] {
        let spans = try parts.map { try PeriodSpan($0).days }
        #expect(spans.first?.lowerBound == whole.lowerBound && spans.last?.upperBound == whole.upperBound)
        for (one, next) in zip(spans, spans.dropFirst()) { #expect(one.upperBound + 1 == next.lowerBound) }
      }
    }
  }

  @Test func theSamePeriodLastYear() throws {
    func before(_ text: String) throws -> String? { try PeriodSpan(text).earlier()?.text }
    #expect(try before("2024") == "2023")
    #expect(try before("2024Q1") == "2023Q1")
    #expect(try before("2024-02-29") == "2023-02-28")
    #expect(try PeriodSpan("2024-02").earlier()?.days == PeriodSpan("2023-02").days)
    #expect(try before("2023Q3..2024Q2") == "2022Q3..2023Q2")
    #expect(try before("0001") == nil)
    #expect(try PeriodSpan("2024Q2").rollingYear?.text == "2023Q3..2024Q2")
    #expect(try PeriodSpan("2024Q4").rollingYear?.days == PeriodSpan("2024").days)
    #expect(try PeriodSpan("2024").rollingYear == nil)
  }

  @Test(arguments: [
    "", "24", "2024Q5", "2024Q0", "2024H3", "2024-13", "2024-00", "2024-2", "2024-02-30", "2024..2023", "2024..",
    "..2024", "0000", "2024x", "２０２４", "99999", "2024-03-05T00", "今年",
  ]) func refuses(_ text: String) {
    #expect(throws: QueryError.self) { try PeriodSpan(text) }
  }

  @Test func namesForPeople() throws {
    #expect(try PeriodSpan("2024H2").nameZh == "2024年下半年")
    #expect(try PeriodSpan("2023Q3..2024Q2").nameZh == "2023年第3季度至2024年第2季度")
    #expect(try PeriodSpan("2024-03-05").nameZh == "2024年3月5日")
  }
}
