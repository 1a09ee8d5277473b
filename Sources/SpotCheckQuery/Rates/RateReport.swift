import SpotCheckModel
import SpotCheckStatistics

extension RateResult {
  /// The answer as a report.
  ///
  /// Columns: each dimension `d` and `d_name`, then `samples, inspected, passed, failed, undetermined, not_tested, rate,
  /// wilson_low, wilson_high`.
  public func report() -> Report {
    let rows = rows
    return Report(
      columns: columns, query: described, snapshot: snapshot, subtotals: purposeTotals.map(RateResult.cells),
      total: RateResult.cells(total), notes: notes
    ) { body in
      for row in rows { try body(RateResult.cells(row)) }
    }
  }

  private var columns: [ReportColumn] {
    var columns: [ReportColumn] = []
    for dimension in dimensions {
      let display = dimension.kind.display
      let name = dimension.columnName
      columns.append(
        ReportColumn(
          name, heading: display == .codeAndName ? dimension.heading + "代码" : dimension.heading,
          display: display == .nameOnly ? .hidden : .shown))
      columns.append(
        ReportColumn(name + "_name", heading: dimension.heading, display: display == .codeOnly ? .hidden : .shown))
    }
    let counts = [
      ("samples", "样品数"), ("inspected", "检验数"), ("passed", "合格"), ("failed", "不合格"), ("undetermined", "不判定"),
      ("not_tested", "未检"),
    ]
    columns += counts.map { ReportColumn($0.0, heading: $0.1, isNumeric: true) }
    columns.append(ReportColumn("rate", heading: "合格率", isNumeric: true))
    columns.append(ReportColumn("wilson_low", heading: "95%区间", display: .intervalStart, isNumeric: true))
    columns.append(ReportColumn("wilson_high", heading: "95%区间上限", isNumeric: true))
    return columns
  }

  private static func cells(_ row: RateRow) -> [ReportCell] {
    var cells: [ReportCell] = []
    for (code, name) in zip(row.codes, row.names) {
      cells.append(.text(code))
      cells.append(.text(name))
    }
    let counts = row.counts
    cells += [
      counts.samples, counts.inspected, counts.passed, counts.failed, counts.undetermined, counts.notTested,
    ].map { ReportCell.integer($0) }
    cells.append(row.rate.map { .rate($0, of: row.proportion) } ?? .missing)
    let interval = row.interval
    cells.append(interval.map { .rate($0.lower, of: nil) } ?? .missing)
    cells.append(interval.map { .rate($0.upper, of: nil) } ?? .missing)
    return cells
  }

  private var described: [(name: String, value: ReportValue)] {
    [
      ("measure", .text("batch_rate")), ("by", .list(query.by.map(\.text))),
      ("where", query.filter.map { .text($0.text) } ?? .none), ("pool", .boolean(query.pool)),
      ("on_map", .text(query.onMap.rawValue)), ("parks", .text(query.parks.rawValue)),
      ("period_by", .text(query.periodBy.name)), ("interval", .text("wilson 0.95")),
    ]
  }
}
