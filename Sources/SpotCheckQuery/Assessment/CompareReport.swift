import SpotCheckModel
public import SpotCheckStatistics

extension CompareResult {
  /// The answer as a report. Shares are fractions in machine formats; changes are percentage points in tables.
  ///
  /// Columns: each dimension `d` and `d_name`; `inspected_before, rate_before, inspected, rate, change, change_low,
  /// change_high, rate_effect, mix_effect, rate_at_before_mix`; of the failure rate `failed, funnel_low, funnel_high` (99.8 %
  /// limits), `p_value, p_adjusted, position, position_name`.
  public func report() -> Report {
    let rows = rows
    let dimensions = dimensions
    let sums = totals.map { CompareResult.cells($0, dimensions) }
    let isOne = totals.count == 1
    return Report(
      columns: columns, query: described, snapshot: snapshot, subtotals: isOne ? [] : sums,
      total: isOne ? sums.first : nil, notes: notes
    ) { body in
      for row in rows { try body(CompareResult.cells(row, dimensions)) }
    }
  }

  private var columns: [ReportColumn] {
    func number(_ name: String, _ heading: String) -> ReportColumn {
      ReportColumn(name, heading: heading, isNumeric: true)
    }
    return dimensions.flatMap(\.columns) + [
      number("inspected_before", "基期检验数"), number("rate_before", "基期合格率"), number("inspected", "检验数"),
      number("rate", "合格率"), number("change", "变化百分点"),
      ReportColumn("change_low", heading: "变化95%区间", display: .intervalStart, isNumeric: true),
      number("change_high", "变化95%区间上限"), number("rate_effect", "率效应"), number("mix_effect", "构成效应"),
      number("rate_at_before_mix", "按基期构成"), number("failed", "不合格"),
      ReportColumn("funnel_low", heading: "不合格率漏斗99.8%限", display: .intervalStart, isNumeric: true),
      number("funnel_high", "漏斗上限"), ReportColumn("p_value", heading: "p", display: .hidden, isNumeric: true),
      ReportColumn("p_adjusted", heading: "校正p", isNumeric: true),
      ReportColumn("position", heading: "位置代码", display: .hidden), ReportColumn("position_name", heading: "位置"),
    ]
  }

  private static func cells(_ row: CompareRow, _ dimensions: [Dimension]) -> [ReportCell] {
    cells(
      dimensions, row.codes, row.names, row.before, row.after,
      effects: row.part.map { ($0.rateEffect, $0.centredMixEffect) },
      standardised: nil, signal: row.signal)
  }

  private static func cells(_ total: CompareTotal, _ dimensions: [Dimension]) -> [ReportCell] {
    cells(
      dimensions, total.codes, total.names, total.before, total.after,
      effects: total.decomposition.map { ($0.rateEffect, $0.mixEffect) }, standardised: total.standardised, signal: nil)
  }

  private static func cells(
    _ dimensions: [Dimension], _ codes: [String], _ names: [String], _ before: RateRow, _ after: RateRow,
    effects: (rate: Double, mix: Double)?,
    standardised: SurveyEstimate?, signal: FunnelSignals.Signal?
  ) -> [ReportCell] {
    var cells = ShownText.cells(codes, names, dimensions)
    let difference = after.proportion.flatMap { now in before.proportion.flatMap { RateDifference.newcombe(now, $0) } }
    cells += [
      .integer(before.counts.inspected), .rate(before.proportion), .integer(after.counts.inspected),
      .rate(after.proportion),
      difference.map { .change($0.difference, from: before.proportion, to: after.proportion) } ?? .missing,
    ]
    cells += ReportCell.changes(difference?.interval)
    cells += [
      effects.map { .change($0.rate, from: nil, to: nil) } ?? .missing,
      effects.map { .change($0.mix, from: nil, to: nil) } ?? .missing,
      standardised.map { .rate($0.rate, of: nil) } ?? .missing, .integer(after.counts.failed),
    ]
    cells += ReportCell.ends(signal?.outer)
    cells += [
      signal.map { .number($0.pValue, digits: 4) } ?? .missing,
      signal.map { .number($0.adjusted, digits: 4) } ?? .missing,
      signal.map { .text($0.position.rawValue) } ?? .missing, signal.map { .text($0.position.nameZh) } ?? .missing,
    ]
    return cells
  }

  private var described: [(name: String, value: ReportValue)] {
    [
      ("measure", .text("sample_rate")), ("period", .text(query.period.text)), ("against", .text(query.against.text)),
      ("by", .list(query.rate.by.map(\.text))), ("where", query.rate.filter.map { .text($0.text) } ?? .none),
      ("pool", .boolean(query.rate.pool)), ("on_map", .text(query.rate.onMap.rawValue)),
      ("parks", .text(query.rate.parks.rawValue)), ("period_by", .text(query.rate.periodBy.name)),
      ("change", .text("newcombe 0.95")), ("split", .text("kitagawa")),
      ("funnel", .text("failure rate, 0.998, benjamini-hochberg 0.10")),
    ]
  }
}

extension FunnelSignals.Position {
  public var nameZh: String {
    switch self {
    case .within: "无差异"
    case .high: "不合格率偏高"
    case .low: "不合格率偏低"
    }
  }
}
