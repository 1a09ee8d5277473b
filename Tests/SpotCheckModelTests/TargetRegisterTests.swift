import SpotCheckModel
import Testing

@Suite struct TargetRegisterTests {
  /// A day, or one long before every target.
  private static func day(_ text: String) -> CalendarDay {
    CalendarDay(iso: text) ?? CalendarDay(daysSinceEpoch: -100_000)
  }

  private static func target(_ id: String, from: String, to: String? = nil, partOf: String? = nil)
    -> QualityTarget
  {
    QualityTarget(
      id: id, name: id, ring: 0, kind: .passRate,
      document: TargetDocument(key: "plan", number: "宁政办〔2015〕127号", title: "方案", issuer: "西宁市", issued: nil),
      section: "三(一)", quotes: ["达到90%以上"], owners: [TargetOwner(name: "某局")], partOf: partOf,
      validFrom: day(from), validTo: to.map { day($0) })
  }

  @Test func aVersionHoldsFromItsFirstDayToTheDayBeforeItsEnd() {
    let register = TargetRegister(
      [
        Self.target("a", from: "2015-08-21", to: "2021-01-01"), Self.target("b", from: "2016-01-01"),
        Self.target("a", from: "2021-01-01"), Self.target("c", from: "2016-01-01", partOf: "a"),
      ], revision: "0123456789ab")
    #expect(register.target("a", on: Self.day("2015-08-20")) == nil)
    #expect(register.target("a", on: Self.day("2020-12-31"))?.validTo == Self.day("2021-01-01"))
    let next = register.target("a", on: Self.day("2021-01-01"))
    #expect(next != nil && next?.validTo == nil)
    #expect(register.targets(on: Self.day("2015-12-31")).map(\.id) == ["a"])
    #expect(register.targets(on: Self.day("2030-01-01")).map(\.id) == ["b", "a", "c"])
    #expect(register.parts(of: "a", on: Self.day("2030-01-01")).map(\.id) == ["c"])
    #expect(register.parts(of: "a", on: Self.day("2015-12-31")).isEmpty)
    #expect(register.ids == ["a", "b", "c"])
    #expect(TargetRegister.empty.targets.isEmpty && TargetRegister.empty.revision.isEmpty)
  }

  @Test func aTargetIsCitedByNumberAndSection() {
    #expect(Self.target("a", from: "2015-08-21").clause == "宁政办〔2015〕127号 三(一)")
  }

  @Test func aGoalIsAnExactShare() {
    let disasters = TargetGoal(.atMost, ExactDecimal(mantissa: 55, scale: 1), .permille)
    #expect(disasters.description == "≤5.5‰")
    #expect(disasters.share == ExactDecimal(mantissa: 55, scale: 4))
    let passes = TargetGoal(.atLeast, ExactDecimal(mantissa: 90, scale: 0), .percent)
    #expect(passes.description == "≥90%" && passes.share == ExactDecimal(mantissa: 90, scale: 2))
    #expect(TargetGoal(.equal, ExactDecimal(mantissa: 3, scale: 0), .count).share == nil)
    #expect(TargetGoal(.equal, ExactDecimal(mantissa: 3, scale: 18), .percent).share == nil)
  }

  @Test(arguments: [
    ("90", 90, 0), ("5.5", 55, 1), ("0.050", 50, 3), ("-12.50", -1250, 2), ("9223372036854775807", Int64.max, 0),
  ])
  func plainDecimalsAreReadExactly(_ text: String, _ mantissa: Int64, _ scale: Int8) {
    #expect(ExactDecimal(plain: text) == ExactDecimal(mantissa: mantissa, scale: scale))
  }

  @Test(arguments: [
    "", "-", ".", "5.", ".5", "+5", "--5", "1e3", "1,000", "９０", "90%", " 90", "0x10", "1.2.3", "9223372036854775808",
    "0.0000000000000000001", "nan",
  ])
  func otherTextsAreNoPlainDecimals(_ text: String) { #expect(ExactDecimal(plain: text) == nil) }
}
