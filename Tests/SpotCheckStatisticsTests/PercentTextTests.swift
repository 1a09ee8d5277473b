import SpotCheckStatistics
import Testing

@Suite struct PercentTextTests {
  func text(_ x: Int, _ n: Int, _ style: PercentText) throws -> String? {
    try style.text(#require(Proportion(x, of: n)))
  }

  @Test func roundingNeverCrossesTheTarget() throws {
    let target = try #require(RateTarget.percent(90))
    #expect(try text(8996, 10_000, PercentText(digits: 1)) == "90.0")
    #expect(try text(8996, 10_000, PercentText(digits: 1, target: target)) == "89.96")
    #expect(try text(8996, 10_000, PercentText(digits: 0, target: target, suffix: " %")) == "89.96 %")
    #expect(try text(8996, 10_000, PercentText(digits: 2, target: target)) == "89.96")
    #expect(try text(899_999, 1_000_000, PercentText(target: target)) == "89.9999")
    #expect(try text(9000, 10_000, PercentText(target: target)) == "90.00")
    // Above the target a rounded 90.00 tells the same story, for "at least"; for "at most" it does not.
    #expect(try text(900_001, 1_000_000, PercentText(target: target)) == "90.00")
    let most = try #require(RateTarget.percent(90, .atMost))
    #expect(try text(900_001, 1_000_000, PercentText(target: most)) == "90.0001")
  }

  /// Beyond twelve digits the text is cut towards the true side.
  @Test func hugeCountsStayOnTheirSide() throws {
    let target = try #require(RateTarget.percent(90))
    let n = 9_000_000_000_000_000_000
    let goal = n / 10 * 9
    #expect(try text(goal, n, PercentText(target: target)) == "90.00")
    #expect(try text(goal - 1, n, PercentText(target: target)) == "89.999999999999")
    let most = try #require(RateTarget.percent(90, .atMost))
    #expect(try text(goal + 1, n, PercentText(target: most)) == "90.000000000001")
    #expect(try text(Int.max - 1, Int.max, PercentText()) == "99.999999999999")
    #expect(try text(1, Int.max, PercentText()) == "0.000000000001")
    #expect(try text(Int.max, Int.max, PercentText()) == "100.00")
  }

  @Test func allAndNoneAreKeptForAllAndNone() throws {
    #expect(try text(199_999, 200_000, PercentText()) == "99.9995")
    #expect(try text(199_999, 200_000, PercentText(keepsExtremes: false)) == "100.00")
    #expect(try text(1, 200_000, PercentText()) == "0.0005")
    #expect(try text(0, 7, PercentText()) == "0.00")
    #expect(try text(7, 7, PercentText()) == "100.00")
    #expect(try text(0, 0, PercentText()) == nil)
  }

  @Test func halvesGoToTheEvenDigit() throws {
    #expect(try text(12_345, 1_000_000, PercentText()) == "1.23")  // 1.2345
    #expect(try text(125, 10_000, PercentText(digits: 1)) == "1.2")
    #expect(try text(135, 10_000, PercentText(digits: 1)) == "1.4")
    #expect(try text(1, 8, PercentText(digits: 0)) == "12")
    #expect(try text(3, 8, PercentText(digits: 0)) == "38")
    #expect(try text(55, 10_000, PercentText(.perMille, digits: 1, suffix: "‰")) == "5.5‰")
    #expect(try text(217, 233, PercentText()) == "93.13")
    #expect(try text(765, 812, PercentText()) == "94.21")
  }

  /// The slow twin: whole-number rounding of x·10000/n.
  @Test func textsEqualWholeNumberRounding() throws {
    for n in 1...120 {
      for x in 0...n {
        let scaled = x * 10_000
        var whole = scaled / n
        let rest = scaled % n
        if 2 * rest > n || (2 * rest == n && whole % 2 == 1) { whole += 1 }
        let part = whole % 100
        let expected = "\(whole / 100)." + (part < 10 ? "0" : "") + "\(part)"
        #expect(try text(x, n, PercentText()) == expected)
      }
    }
  }

  @Test func doublesAreRoundedFromTheirExactValue() {
    let style = PercentText()
    #expect(style.text(rate: 0) == "0.00")
    #expect(style.text(rate: 1) == "100.00")
    #expect(style.text(rate: 0.5) == "50.00")
    #expect(style.text(rate: 0.901855) == "90.19")
    #expect(PercentText(digits: 0).text(rate: 0.125) == "12")
    #expect(PercentText(digits: 0).text(rate: 0.375) == "38")
    #expect(style.text(rate: 1e-300) == "0.00")
    #expect(style.text(rate: .leastNonzeroMagnitude) == "0.00")
    #expect(style.text(rate: 1e-16) == "0.000000000001")
    #expect(style.text(rate: 0x1.fffffffffffffp-1) == "99.999999999999")
    #expect(style.text(rate: .nan) == nil)
    #expect(style.text(rate: -0.1) == nil)
    #expect(style.text(rate: 1.1) == nil)
    #expect(style.text(rate: .infinity) == nil)
    #expect(PercentText(target: .percent(90)).text(rate: 0.899999) == "89.9999")
  }

  @Test func changesAreInPointsWithASign() throws {
    func points(_ x0: Int, _ n0: Int, _ x1: Int, _ n1: Int, _ digits: Int = 1) throws -> String? {
      PercentText.points(
        from: try #require(Proportion(x0, of: n0)), to: try #require(Proportion(x1, of: n1)), digits: digits)
    }
    #expect(try points(132, 9505, 77, 1970) == "+2.5")
    #expect(try points(132, 9505, 77, 1970, 3) == "+2.520")
    #expect(try points(77, 1970, 132, 9505) == "-2.5")
    #expect(try points(1, 2, 2, 4) == "0.0")
    #expect(try points(1000, 2000, 1001, 2001) == "0.0")
    #expect(try points(0, 5, 5, 5) == "+100.0")
    #expect(try points(0, 0, 5, 5) == nil)
    #expect(try points(0, Int.max, Int.max, Int.max, 40) == "+100.000000000000")
    #expect(try points(Int.max - 1, Int.max, Int.max, Int.max, 2) == "0.00")
  }
}
