import SpotCheckStatistics

/// How the arguments of a vector are given to the function of its name.
enum VectorFunctions {
  typealias Call = @Sendable (StatVector) -> [Double]?

  static let table: [String: Call] = [distributions, intervals, targets, planning, groups, comparisons, series, counts]
    .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  static func proportion(_ v: StatVector, _ x: String = "x", _ n: String = "n") -> Proportion? {
    Proportion(v.whole(x), of: v.whole(n))
  }

  static func proportions(_ v: StatVector, _ x: String = "x", _ n: String = "n") -> [Proportion] {
    zip(v.wholes(x), v.wholes(n)).compactMap { Proportion($0, of: $1) }
  }

  static func pairs(_ v: StatVector) -> [(first: Proportion, second: Proportion)] {
    zip(proportions(v, "x1", "n1"), proportions(v, "x2", "n2")).map { (first: $0, second: $1) }
  }

  static func target(_ v: StatVector) -> RateTarget? { .percent(v.whole("percent")) }

  static func ends(_ interval: Interval?) -> [Double]? { interval.map { [$0.lower, $0.upper] } }

  static func number(_ value: Int?) -> [Double]? { value.map { [Double($0)] } }

  static func flag(_ value: Bool) -> Double { value ? 1 : 0 }
}

extension VectorFunctions {
  static let distributions: [String: Call] = [
    "logGamma": { [SpecialFunctions.logGamma($0.number("x"))] },
    "regularisedBeta": { [SpecialFunctions.regularisedBeta($0.number("a"), $0.number("b"), at: $0.number("x"))] },
    "betaQuantile": { [SpecialFunctions.betaQuantile($0.number("p"), $0.number("a"), $0.number("b"))] },
    "normalQuantile": { [NormalDistribution.quantile($0.number("p"))] },
    "normalCDF": { [NormalDistribution.cdf($0.number("x"))] },
    "studentQuantile": { [StudentDistribution.quantile($0.number("p"), df: $0.number("df"))] },
    "studentCDF": { [StudentDistribution.cdf($0.number("t"), df: $0.number("df"))] },
    "chiSquareUpperTail": { [ChiSquareDistribution.upperTail($0.number("x"), df: $0.number("df"))] },
    "binomialPMF": { [BinomialDistribution.pmf($0.whole("x"), n: $0.whole("n"), p: $0.number("p"))] },
    "binomialCDF": { [BinomialDistribution.cdf($0.whole("x"), n: $0.whole("n"), p: $0.number("p"))] },
    "binomialUpperTail": { [BinomialDistribution.upperTail($0.whole("x"), n: $0.whole("n"), p: $0.number("p"))] },
    "binomialQuantile": { number(BinomialDistribution.quantile($0.number("q"), n: $0.whole("n"), p: $0.number("p"))) },
    "hypergeometricPMF": {
      [
        HypergeometricDistribution.pmf(
          $0.whole("x"), population: $0.whole("population"), marked: $0.whole("marked"), drawn: $0.whole("drawn"))
      ]
    },
    "hypergeometricUpperTail": {
      [
        HypergeometricDistribution.upperTail(
          $0.whole("x"), population: $0.whole("population"), marked: $0.whole("marked"), drawn: $0.whole("drawn"))
      ]
    },
    "hypergeometricCDF": {
      [
        HypergeometricDistribution.cdf(
          $0.whole("x"), population: $0.whole("population"), marked: $0.whole("marked"), drawn: $0.whole("drawn"))
      ]
    },
  ]

  static let intervals: [String: Call] = {
    var table: [String: Call] = [
      "newcombe": { v in
        guard let one = proportion(v, "x1", "n1"), let two = proportion(v, "x2", "n2"),
          let result = RateDifference.newcombe(one, two)
        else { return nil }
        return [result.difference, result.interval.lower, result.interval.upper]
      },
      "plausibleCounts": { v in
        guard let sample = proportion(v) else { return nil }
        let counts = FinitePopulation.plausibleCounts(
          sample, population: v.whole("population"), tail: v.number("tail"))
        return counts.map { [Double($0.lowerBound), Double($0.upperBound)] }
      },
      "wilsonFinite": { v in
        proportion(v).flatMap { ends(FinitePopulation.wilson($0, population: v.whole("population"))) }
      },
    ]
    table["coverage"] = { v in
      let methods: [IntervalMethod] = [.wilson, .clopperPearson, .jeffreys, .agrestiCoull, .wilsonContinuity, .midP]
      return Coverage(methods[v.whole("method")], n: v.whole("n")).map { [$0.least, $0.mean] }
    }
    for method in IntervalMethod.allCases {
      table[method.rawValue] = { v in
        proportion(v).flatMap { ends($0.interval(method, confidence: v.number("confidence"))) }
      }
    }
    return table
  }()

  static let counts: [String: Call] = [
    "rate": { v in proportion(v)?.rate.map { [$0] } },
    "sum": { v in Proportion.sum(proportions(v)).map { [Double($0.count), Double($0.total)] } },
    "remainder": { v in
      guard let whole = proportion(v), let part = proportion(v, "partX", "partN"),
        let rest = whole.removing(part), let rate = rest.rate
      else { return nil }
      return [Double(rest.count), Double(rest.total), rate]
    },
  ]
}
