import SpotCheckStatistics
import Testing

/// Cases with a name, because somebody once got them wrong or would like to.
@Suite struct RegressionTests {
  static func sample(_ x: Int, _ n: Int) throws -> Proportion { try #require(Proportion(x, of: n)) }

  static func verdict(_ x: Int, _ n: Int, _ percent: Int) throws -> TargetVerdict {
    let target = try #require(RateTarget.percent(percent))
    return try #require(TargetDecision.decide(sample(x, n), target)).verdict
  }

  /// All of 28 passed: Wilson's one-sided bound says 0.9119, and the chance of that at 90 % is still 5.2 %.
  @Test func allOf28AreNotProofOf90Percent() throws {
    let wilson = try #require(Self.sample(28, 28).interval(.wilson, confidence: 0.90))
    #expect(wilson.lower > 0.9)
    #expect(try Self.verdict(28, 28, 90) == .notProven)
    #expect(try Self.verdict(29, 29, 90) == .met)
  }

  /// 93.5 % of 200: Wilson's one-sided bound says 0.90013, the exact one 0.89864.
  @Test func oneHundredEightySevenOf200AreNotProofOf90Percent() throws {
    let wilson = try #require(Self.sample(187, 200).interval(.wilson, confidence: 0.90))
    #expect(wilson.lower > 0.9)
    #expect(try #require(Self.sample(187, 200).oneSidedBounds()).lower < 0.9)
    #expect(try Self.verdict(187, 200, 90) == .notProven)
    #expect(try Self.verdict(188, 200, 90) == .met)
  }

  /// The value a text shows, as whole hundred-millionths of a percent so that comparing is exact.
  static func shown(_ text: String) throws -> Int {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let whole = try #require(Int(parts[0]))
    let part = parts.count > 1 ? String(parts[1]) : ""
    let padded = try #require(Int(part + String(repeating: "0", count: 12 - part.utf8.count)))
    return whole * 1_000_000_000_000 + padded
  }

  /// 8996 of 10000 is below 90 %, whatever the number of digits asked for; as failures it is above 10 %.
  @Test func eightyNinePointNineSixIsNeverPrintedAs90() throws {
    let target = try #require(RateTarget.percent(90))
    let rate = try Self.sample(8996, 10_000)
    for digits in -3...20 {
      for text in [
        PercentText(digits: digits, target: target).text(rate),
        PercentText(digits: digits, target: target).text(rate: 0.8996),
      ] {
        let text = try #require(text)
        #expect(text.hasPrefix("89.96"), "\(digits) digits: \(text)")
        #expect(try Self.shown(text) < 90 * 1_000_000_000_000)
      }
      let failures = try #require(PercentText(digits: digits, target: target.complement).text(rate.complement))
      #expect(failures.hasPrefix("10.04"), "\(digits) digits: \(failures)")
      #expect(try #require(PercentText(.perMille, digits: digits, target: target).text(rate)).hasPrefix("899.6"))
    }
    #expect(try Self.verdict(8996, 10_000, 90) == .notProven)
    #expect(try #require(TargetDecision.decide(rate, target)).pointEstimateMeets == false)
    #expect(try #require(TargetDecision.decide(rate, target, basis: .census)).verdict == .notMet)
  }

  /// 9996 of 10000 is not all of them.
  @Test func ninetyNinePointNineSixIsNeverPrintedAs100() throws {
    for digits in 0...12 {
      for text in [
        PercentText(digits: digits).text(try Self.sample(9996, 10_000)),
        PercentText(digits: digits, target: .percent(100)).text(try Self.sample(9996, 10_000)),
        PercentText(digits: digits, target: .percent(95)).text(try Self.sample(9996, 10_000)),
      ] {
        #expect(try #require(text).hasPrefix("99.96"))
      }
      #expect(try #require(PercentText(digits: digits).text(try Self.sample(4, 10_000))).hasPrefix("0.04"))
      #expect(
        try Self.shown(#require(PercentText(digits: digits).text(try Self.sample(10_000, 10_000)))) == 100
          * 1_000_000_000_000)
    }
  }

  /// One sample beside the target, for targets and sizes of every order, both directions and every number of digits:
  /// the text is on the side of the target where the rate is.
  @Test(arguments: [90, 95, 98, 99, 100, 5, 0])
  func roundingNeverCrossesTheTarget(_ percent: Int) throws {
    for direction in RateTarget.Direction.allCases {
      let target = try #require(RateTarget.percent(percent, direction))
      let goal = percent * 1_000_000_000_000
      for n in [100, 1_000, 2_000, 20_000, 1_000_000, 6_997_300, 100_000_000_000] {
        for offset in [-7, -2, -1, 0, 1, 2, 7] {
          let x = n / 100 * percent + offset
          guard let rate = Proportion(x, of: n) else { continue }
          for digits in 0...12 {
            let text = try #require(PercentText(digits: digits, target: target).text(rate))
            let shown = try Self.shown(text)
            let meets = direction == .atLeast ? offset >= 0 : offset <= 0
            #expect((direction == .atLeast ? shown >= goal : shown <= goal) == meets, "\(x)/\(n) prints \(text)")
            if offset == 0 { #expect(shown == goal) }
            // Never further from the rate than a unit of the last digit shown.
            let exact = Double(x) / Double(n) * 1e14
            let places = text.split(separator: ".").dropFirst().first?.utf8.count ?? 0
            var unit = 1e12
            for _ in 0..<places { unit /= 10 }
            #expect(abs(Double(shown) - exact) <= unit * (places < 12 ? 0.5 : 1) + 100, "\(x)/\(n) prints \(text)")
          }
        }
      }
    }
  }

  /// Fixed names for the near misses people meet.
  @Test func nearMissesKeepTheirDigits() throws {
    func text(_ x: Int, _ n: Int, _ percent: Int, _ direction: RateTarget.Direction = .atLeast) throws -> String {
      let target = try #require(RateTarget.percent(percent, direction))
      return try #require(PercentText(digits: 1, target: target).text(Self.sample(x, n)))
    }
    #expect(try text(9496, 10_000, 95) == "94.96")
    #expect(try text(9504, 10_000, 95) == "95.0")
    #expect(try text(9504, 10_000, 95, .atMost) == "95.04")
    #expect(try text(9796, 10_000, 98) == "97.96")
    #expect(try text(9804, 10_000, 98) == "98.0")
    #expect(try text(9804, 10_000, 98, .atMost) == "98.04")
    #expect(try text(9996, 10_000, 100) == "99.96")
    #expect(try text(9999, 10_000, 100) == "99.99")
    #expect(try text(10_000, 10_000, 100) == "100.0")
    #expect(try text(1, 2_001, 0, .atMost) == "0.05")
    #expect(try text(1, 20_001, 0, .atMost) == "0.005")
  }

  /// D2: "合格率为20%" of 2 failing among 10 is the share that failed; D3: 765 of 812 is not 98.1 %.
  @Test func publishedDefectsRecompute() throws {
    #expect(PercentText(digits: 0).text(try Self.sample(2, 10).complement) == "80")
    #expect(PercentText(digits: 1).text(try Self.sample(812 - 47, 812)) == "94.2")
  }
}
