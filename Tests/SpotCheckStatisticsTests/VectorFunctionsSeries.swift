import SpotCheckStatistics

extension VectorFunctions {
  static let series: [String: Call] = [
    "pChart": { v in
      RateChart.p(proportions(v)).map { [$0.centre, $0.points[v.whole("at")].lower, $0.points[v.whole("at")].upper] }
    },
    "laney": { v in
      RateChart.laney(proportions(v)).map {
        let point = $0.points[v.whole("at")]
        return [$0.centre, $0.meanMovingRange ?? .nan, $0.sigmaZ, point.lower, point.upper]
      }
    },
    "ewma": { v in
      RateEWMA.chart(proportions(v), expected: v.number("expected")).map { chart in
        v.wholes("at").flatMap { [chart.points[$0].average, chart.points[$0].upperLimit] }
      }
    },
    "cusum": { v in
      BinomialCUSUM(expected: v.number("expected"), shifted: v.number("shifted"))
        .map { [$0.perFailure, $0.perSample] + $0.path(proportions(v)) }
    },
    "runLimits": { v in
      guard let run = RunChartTest.longestRunLimit(v.whole("n")),
        let crossings = RunChartTest.crossingsLimit(v.whole("n"))
      else { return nil }
      return [Double(run), Double(crossings)]
    },
    "cochranArmitage": { v in
      CochranArmitageTest.test(proportions(v)).map { [$0.statistic, $0.chiSquare, $0.pValue] }
    },
    "signals": { v in
      guard let plain = RateChart.p(proportions(v)), let prime = RateChart.laney(proportions(v)) else { return nil }
      let at = v.whole("at")
      return [
        prime.centre, prime.sigmaZ, Double(plain.points.count { $0.signal != 0 }),
        Double(prime.points.count { $0.signal != 0 }), flag(plain.points[at].signal != 0),
        flag(prime.points[at].signal != 0),
      ]
    },
    "pLimits": { v in RateChart.p(proportions(v)).map { $0.points.prefix(3).flatMap { [$0.lower, $0.upper] } } },
    "laneyLimits": { v in
      RateChart.laney(proportions(v)).map { $0.points.prefix(3).flatMap { [$0.lower, $0.upper] } }
    },
    "averageRunLength": { v in
      BinomialCUSUM(expected: v.number("expected"), shifted: v.number("shifted"))?
        .averageRunLength(level: v.number("level"), samples: v.whole("samples"), rate: v.number("rate"))
        .map { [$0] }
    },
  ]
}
