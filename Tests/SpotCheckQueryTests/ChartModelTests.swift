import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

/// What pictures are made from, before anything is drawn.
@Suite struct ChartModelTests {
  @Test func noLineGoesOverAGap() throws {
    let chart = try TrendChart(ChartSource(ChartReports.quarters()))
    #expect(chart.periods == ["2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2"])
    // 2023Q3 has no row; 2024Q2 has three samples, which are counts and no point.
    #expect(chart.series.map(\.runs) == [[0...1, 3...4]])
    #expect(chart.remarks == ["样本不足 5 的 1 个点不画", "1 行没有时期，不在图中"])
    #expect(chart.axis.low <= 8500 && chart.axis.high == 10_000)
  }

  @Test func periodsAreNumberedWithoutGaps() {
    for (unit, codes) in [
      (ChartPeriod.year, ["2023", "2024"]), (.half, ["2023H2", "2024H1"]), (.quarter, ["2023Q4", "2024Q1"]),
      (.month, ["2023-12", "2024-01"]),
    ] {
      let numbers = codes.map { unit.index($0) ?? -1 }
      #expect(numbers[1] == numbers[0] + 1)
      #expect(numbers.map(unit.code) == codes)
    }
    for code in ["", "?", "2024Q5", "2024Q0", "2024-13", "20x4", "2024", "２０２４Q1"] {
      #expect(ChartPeriod.quarter.index(code) == nil)
    }
  }

  /// The limits are those of the room of statistics, turned over; who is outside is what it says.
  @Test func aFunnelHasTheLimitsOfStatistics() throws {
    let chart = try FunnelChart(ChartSource(ChartReports.laboratories()))
    let failures = chart.groups.map(\.proportion.complement)
    #expect(failures.count == 6 && chart.without == 1)
    let signals = try #require(FunnelSignals.evaluate(failures))
    #expect(chart.groups.map(\.signal) == signals.signals)
    #expect(chart.groups.map { $0.mark != nil } == signals.signals.map { $0.map { $0.position != .within } ?? false })
    #expect(chart.groups.first { $0.row.label == "丁" }?.mark == "A")
    for group in chart.groups {
      guard let signal = group.signal else { continue }
      #expect(chart.limits(group.proportion.total, isOuter: false) == signal.inner.complement)
      #expect(chart.limits(group.proportion.total, isOuter: true) == signal.outer.complement)
    }
    // Groups alike: limits of chance alone.
    let alike = ChartReports.report(
      [("lab", "检验机构")], (0..<5).map { .init(["\($0)"], 90 + $0, 100) })
    let calm = try FunnelChart(ChartSource(alike))
    #expect(!calm.signals.isOverDispersed)
    #expect(
      calm.limits(100, isOuter: true)
        == FunnelPlot.exactLimits(samples: 100, centre: calm.signals.centre, tail: 0.001)?.complement)
  }

  @Test func shadesAreForRatesThatCanBeReliedOn() throws {
    let chart = try HeatChart(ChartSource(ChartReports.field()))
    #expect(chart.rowLabels == ["农产品", "食用油"] && chart.columnLabels == ["城东区", "城中区", "湟中区"])
    let shades = chart.cells.map { $0.map { $0.flatMap(chart.shade) } }
    #expect(shades == [[0, nil, nil], [2, nil, 0]])
    // 89.999 % is in the class below 90 %, and is not written as 90.00 there.
    #expect(chart.classText(0) == "85%–90%")
    #expect(HeatChart.text(chart.cells[1][2], RateText(targets: chart.targets)) == "89.999")
    #expect(HeatChart.text(chart.cells[0][1], RateText()) == "95.00*")
    #expect(HeatChart.text(chart.cells[0][2], RateText()) == "4/4")
    #expect(HeatChart.text(chart.cells[1][1], RateText()) == "—" && HeatChart.text(nil, RateText()) == "—")
  }

  @Test func axesHaveRoundEndsAroundTheirValues() {
    for (low, high) in [(0.9, 0.9), (0, 0), (1, 1), (0.8996, 0.9004), (0.123, 0.987), (0.99999, 1), (0, 1)] {
      let axis = RateAxis(around: [low, high])
      #expect(axis.contains(low) && axis.contains(high) && axis.low < axis.high && axis.ticks.count <= 6)
      #expect(axis.ticks.first == axis.low && axis.ticks.last == axis.high)
      #expect((0...1).contains(axis.place(low)) && axis.place(low) <= axis.place(high))
    }
    #expect(RateAxis(around: []) == .whole && RateAxis(around: [.nan, -1, 2]) == .whole)
    #expect(
      RateAxis.whole.warning(ChartPhrases(language: .chinese)) == nil
        && RateAxis(around: [0.91, 0.97]).warning(ChartPhrases(language: .chinese)) == "合格率轴为 90%–98%，不从 0 起")
    for most in [0, 1, 7, 1000, 1001, 123_456_789, Int.max] {
      let axis = CountAxis(upTo: most)
      #expect(axis.high >= most && axis.high > 0 && (2...8).contains(axis.ticks.count))
    }
  }
}
