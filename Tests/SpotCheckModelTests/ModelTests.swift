import SpotCheckModel
import Testing

@Suite struct CalendarDayTests {
  @Test func everyDayOfFourCenturiesRoundTrips() throws {
    var day = try #require(CalendarDay(year: 1899, month: 12, day: 31))
    let last = try #require(CalendarDay(year: 2300, month: 1, day: 1))
    var previous = day.civil
    while day < last {
      day.daysSinceEpoch += 1
      let now = day.civil
      #expect(CalendarDay(year: now.year, month: now.month, day: now.day) == day)
      #expect((now.year, now.month, now.day) > (previous.year, previous.month, previous.day))
      previous = now
    }
  }

  @Test func impossibleDaysAreRefused() {
    #expect(CalendarDay(year: 2023, month: 2, day: 29) == nil)
    #expect(CalendarDay(year: 2024, month: 2, day: 29) != nil)
    #expect(CalendarDay(year: 2023, month: 4, day: 31) == nil)
    #expect(CalendarDay(year: 0, month: 1, day: 1) == nil)
    #expect(CalendarDay(iso: "2023-13-01") == nil)
    #expect(CalendarDay(iso: "2024-03-05")?.description == "2024-03-05")
    #expect(CalendarDay(year: 1970, month: 1, day: 1)?.daysSinceEpoch == 0)
  }
}

@Suite struct ExactDecimalTests {
  /// Against long multiplication in digits.
  @Test func powersOfTenAreComparedExactly() {
    var state: UInt64 = 7
    /// The same numbers in every run.
    func pick(_ range: ClosedRange<Int64>) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound + Int64(state >> 33) % (range.upperBound - range.lowerBound + 1)
    }
    func digits(_ value: ExactDecimal, _ power: Int) -> (isNegative: Bool, digits: String) {
      // Sixty digits behind the point and sixty before it.
      let zeros = 60 + power - Int(value.scale)
      let text = String(value.mantissa.magnitude) + String(repeating: "0", count: zeros)
      return (value.mantissa < 0, String(repeating: "0", count: 120 - text.count) + text)
    }
    let edges: [Int64] = [.min, .min + 1, -1, 0, 1, 9, 10, 1_000_000_000_000_000_000, .max - 1, .max]
    for _ in 0..<4000 {
      let power = Int(pick(-24...24))
      let mantissas = (0..<2).map { _ in pick(0...1) == 0 ? edges[Int(pick(0...9))] : pick(-30...30) }
      let one = ExactDecimal(mantissa: mantissas[0], scale: Int8(pick(0...18)))
      let other = ExactDecimal(mantissa: mantissas[1], scale: Int8(pick(0...18)))
      let (left, right) = (digits(one, 0), digits(other, power))
      let bySize = left.digits < right.digits ? -1 : left.digits > right.digits ? 1 : 0
      let isZero = mantissas == [0, 0]
      let expected =
        isZero
        ? 0 : left.isNegative != right.isNegative ? (left.isNegative ? -1 : 1) : left.isNegative ? -bySize : bySize
      #expect(ExactDecimal.compare(one, other, timesPowerOfTen: power) == expected, "\(one) \(other) \(power)")
      if power == 0 { #expect(ExactDecimal.compare(one, other) == expected) }
    }
  }

  private func decimal(_ mantissa: Int64, _ scale: Int8) -> ExactDecimal {
    ExactDecimal(mantissa: mantissa, scale: scale)
  }

  @Test func comparisonIgnoresTrailingZerosAndNeverOverflows() {
    #expect(ExactDecimal.compare(decimal(5, 2), decimal(50, 3)) == 0)
    #expect(ExactDecimal.compare(decimal(53, 3), decimal(5, 2)) == 1)
    #expect(ExactDecimal.compare(decimal(.max, 0), decimal(.max, 18)) == 1)
    #expect(ExactDecimal.compare(decimal(.min, 0), decimal(.min, 18)) == -1)
  }

  /// GB/T 8170-2008: half to even, once.
  @Test(arguments: [
    (1_2149, 4, 1, "1.2"), (1_2498, 4, 1, "1.2"), (25, 1, 0, "2"), (35, 1, 0, "4"), (105, 2, 1, "1.0"),
    (115, 2, 1, "1.2"),
    (-25, 1, 0, "-2"), (-35, 1, 0, "-4"), (53, 3, 2, "0.05"), (5, 2, 4, "0.05"),
  ])
  func roundingIsHalfToEven(_ mantissa: Int, _ scale: Int, _ digits: Int, _ expected: String) {
    #expect(decimal(Int64(mantissa), Int8(scale)).rounded(toScale: Int8(digits)).description == expected)
  }

  @Test func powersOfTenShiftOrRefuse() {
    #expect(decimal(5, 2).scaledByPowerOfTen(3)?.description == "50")
    #expect(decimal(5, 2).scaledByPowerOfTen(-3)?.description == "0.00005")
    #expect(decimal(.max, 0).scaledByPowerOfTen(1) == nil)
    #expect(decimal(1, 18).scaledByPowerOfTen(-1) == nil)
    #expect(decimal(1, 0).scaledByPowerOfTen(Int.max) == nil)
  }
}

@Suite struct ByteDictionaryTests {
  @Test func codesFollowFirstAppearanceAndSurviveGrowth() {
    var dictionary = ByteDictionary()
    #expect(dictionary.intern("") == 0)
    for number in 1...5000 { #expect(dictionary.intern("値\(number)") == UInt32(number)) }
    for number in stride(from: 5000, through: 1, by: -7) {
      #expect(dictionary.intern("値\(number)") == UInt32(number))
      #expect(dictionary.string(UInt32(number)) == "値\(number)")
    }
    #expect(dictionary.count == 5001)
    #expect(dictionary.find(Array("nowhere".utf8).span) == nil)
  }

  @Test func stableHashesDoNotDependOnTheProcess() {
    let text = Array("抽样编号 XBJ23630100".utf8)
    #expect(ByteDictionary.stableHash(text.span, seed: 1) == ByteDictionary.stableHash(text.span, seed: 1))
    #expect(ByteDictionary.stableHash(text.span, seed: 1) != ByteDictionary.stableHash(text.span, seed: 2))
    for length in 0..<text.count {
      #expect(
        ByteDictionary.stableHash(text.span.extracting(0..<length), seed: 1)
          != ByteDictionary.stableHash(text.span, seed: 1))
    }
  }
}

@Suite struct CodeTableTests {
  private let table = CodeTable(
    name: "districts",
    entries: [
      CodeEntry(code: "630100", name: "西宁市", level: 2),
      CodeEntry(
        code: "630122", name: "湟中县", parent: "630100", level: 3, validTo: CalendarDay(iso: "2020-07-22"),
        successors: ["630106"]),
      CodeEntry(
        code: "630106", name: "湟中区", parent: "630100", level: 3, validFrom: CalendarDay(iso: "2020-07-22"),
        aliases: ["湟中"]),
      CodeEntry(
        code: "632124", name: "湟中县", level: 3, validTo: CalendarDay(iso: "1999-12-31"), successors: ["630122"]),
    ])

  @Test func namesAreResolvedOnTheDay() {
    #expect(table.resolve("湟中县", on: CalendarDay(iso: "2019-01-01")) == .code("630122"))
    #expect(table.resolve("湟 中 区", on: CalendarDay(iso: "2021-01-01")) == .code("630106"))
    #expect(table.resolve("湟中县", on: CalendarDay(iso: "2021-01-01")) == .retired("630122"))
    #expect(table.resolve("火星", on: nil) == .unknown)
    #expect(table.resolve("", on: nil) == .unknown)
  }

  @Test func successorsAreFollowedToTheEnd() {
    #expect(table.current("632124") == ["630106"])
    #expect(table.current("630106") == ["630106"])
    #expect(table.current("nothing") == ["nothing"])
    #expect(table.ancestor(of: "630106", level: 2) == "630100")
  }

  @Test func aCycleOfSuccessorsOrParentsEnds() {
    let wild = CodeTable(
      name: "wild",
      entries: [
        CodeEntry(
          code: "a", name: "a", parent: "b", level: 9, validTo: CalendarDay(iso: "2000-01-01"), successors: ["b"]),
        CodeEntry(
          code: "b", name: "b", parent: "a", level: 9, validTo: CalendarDay(iso: "2000-01-01"), successors: ["a"]),
      ])
    #expect(wild.current("a").count <= 2)
    #expect(["a", "b"].contains(wild.ancestor(of: "a", level: 1)))
  }
}

@Suite struct JSONTextTests {
  @Test(arguments: [
    ("", 0), ("1", 0), ("[]", 1), (#"{"a":[1,{"b":2}],"c":[]}"#, 3), (#"["[[[",{"\"[[":"{\\"}]"#, 2), ("]]][", 0),
    ("[[", 2),
  ])
  func nestingIsCountedOutsideOfTexts(_ text: String, _ depth: Int) {
    #expect(JSONText.nesting(of: text.utf8.span) == depth)
  }

  @Test func controlCharactersAndQuotesAreEscaped() {
    #expect(JSONText.quoted("a\"\\\n\t\u{01}西") == "\"a\\\"\\\\\\n\\t\\u0001西\"")
  }
}
