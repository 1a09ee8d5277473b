import SpotCheckStatistics

@testable import SpotCheckQuery

/// Small answers with columns like those of `rate`, for pictures.
enum ChartReports {
  struct Line {
    var keys: [String]
    var passed: Int
    var inspected: Int

    init(_ keys: [String], _ passed: Int, _ inspected: Int) {
      (self.keys, self.passed, self.inspected) = (keys, passed, inspected)
    }
  }

  static func report(
    _ dimensions: [(name: String, heading: String)], _ lines: [Line], total: Line? = nil, target: RateTarget? = nil
  ) -> Report {
    var columns = dimensions.flatMap { name, heading in
      [ReportColumn(name, heading: heading + "代码"), ReportColumn(name + "_name", heading: heading)]
    }
    columns += [
      ReportColumn("inspected", heading: "检验数", isNumeric: true), ReportColumn("rate", heading: "合格率", isNumeric: true),
      ReportColumn("wilson_low", heading: "95%区间", display: .intervalStart, isNumeric: true),
      ReportColumn("wilson_high", heading: "95%区间上限", isNumeric: true),
    ]
    if target != nil {
      columns += [
        ReportColumn("target", heading: "目标", isNumeric: true),
        ReportColumn("target_verdict", heading: "判定代码", display: .hidden),
        ReportColumn("target_verdict_name", heading: "判定"),
      ]
    }
    @Sendable func cells(_ line: Line) -> [ReportCell] {
      let proportion = Proportion(line.passed, of: line.inspected)
      var cells = line.keys.flatMap { [ReportCell.text($0), .text($0)] }
      cells += [.integer(line.inspected), .rate(proportion)] + ReportCell.ends(proportion?.interval(.wilson))
      guard let target else { return cells }
      cells.append(.rate(Proportion(target.numerator, of: target.denominator)))
      guard let bounds = proportion?.interval(.wilson) else { return cells + [.missing, .missing] }
      let goal = Double(target.numerator) / Double(target.denominator)
      let verdict: TargetVerdict = bounds.lower >= goal ? .met : bounds.upper < goal ? .notMet : .notProven
      return cells + [.text(verdict.code), .text(verdict.nameZh)]
    }
    return Report(
      columns: columns, query: [("by", .list(dimensions.map(\.name))), ("period", .text("2024"))], snapshot: 3,
      total: total.map(cells), notes: [QueryNote("pooled", "pooled", zh: "任务类别合并计算")]
    ) { body in for line in lines { try body(cells(line)) } }
  }

  static let bars = [
    Line(["城东区"], 93, 100), Line(["城中区"], 19, 20), Line(["大通县"], 240, 300), Line(["湟中区"], 3, 3),
    Line(["湟源县"], 0, 0), Line(["民和县"], 499, 500),
  ]

  static func districts(target: RateTarget? = nil) -> Report {
    report([("district", "区县")], bars, total: Line(["合计"], 854, 923), target: target)
  }

  static func field() -> Report {
    report(
      [("category", "类别"), ("district", "区县")],
      [
        Line(["农产品", "城东区"], 85, 100), Line(["农产品", "城中区"], 19, 20), Line(["农产品", "湟中区"], 4, 4),
        Line(["食用油", "城东区"], 97, 100), Line(["食用油", "湟中区"], 89_999, 100_000), Line(["食用油", "城中区"], 0, 0),
      ])
  }

  static func quarters() -> Report {
    report(
      [("quarter", "季度")],
      [
        Line(["2023Q1"], 90, 100), Line(["2023Q2"], 93, 100), Line(["2023Q4"], 85, 100), Line(["2024Q1"], 19, 20),
        Line(["2024Q2"], 3, 3), Line([""], 50, 60),
      ])
  }

  static func laboratories() -> Report {
    report(
      [("lab", "检验机构")],
      [
        Line(["甲"], 190, 200), Line(["乙"], 285, 300), Line(["丙"], 380, 400), Line(["丁"], 80, 100),
        Line(["戊"], 19, 20), Line(["己"], 0, 0), Line(["庚"], 950, 1000),
      ])
  }

  static func suiting(_ kind: ChartKind) -> Report {
    switch kind {
    case .bar: districts(target: RateTarget.percent(90))
    case .heat: field()
    case .trend: quarters()
    case .funnel: laboratories()
    }
  }
}
