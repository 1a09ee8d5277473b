import SpotCheckModel
import SpotCheckStatistics

extension RateResult {
  /// The answer as a report.
  ///
  /// Columns: each dimension `d` and `d_name`; `samples, inspected, passed, failed, undetermined, not_tested` and the other
  /// classes; `rate, wilson_low, wilson_high, rate_name, finding_rate`; then those of what was asked for beside it. Machine
  /// formats have all of them; tables leave out those that say nothing here.
  public func report() -> Report {
    let groups = RateColumns.groups(self)
    let rows = rows
    let dimensions = dimensions
    let suppression = suppression
    var columns = dimensions.flatMap(\.columns)
    for group in groups { columns += group.columns([rows, purposeTotals, [total]]) }
    if suppression != nil { columns.append(ReportColumn("suppressed", heading: "未公布")) }
    /// Of a row that is hidden: codes and names, and nothing else: never a 0 for what is not shown.
    let append: @Sendable (RateRow, Bool, inout ShownGroups, inout [ReportCell]) -> Void = {
      row, isHidden, texts, cells in
      texts.append(row.codes, row.names, to: &cells)
      let shown = cells.count
      for group in groups { group.fill(row, &cells) }
      guard suppression != nil else { return }
      if isHidden { for index in shown..<cells.count { cells[index] = .missing } }
      cells.append(isHidden ? .text("suppressed") : .missing)
    }
    func line(_ row: RateRow, isHidden: Bool) -> [ReportCell] {
      var cells: [ReportCell] = []
      var texts = ShownGroups(dimensions)
      append(row, isHidden, &texts, &cells)
      return cells
    }
    var report = Report(
      columns: columns, query: described, snapshot: snapshot,
      subtotals: purposeTotals.enumerated().map { index, row in
        line(row, isHidden: suppression?.purposeTotals.contains(index) == true)
      },
      total: line(total, isHidden: suppression?.hidesTotal == true), notes: notes
    ) { [width = columns.count] body in
      // One array for all rows: who keeps a row has it, and then the next row gets another.
      var cells: [ReportCell] = []
      cells.reserveCapacity(width)
      var texts = ShownGroups(dimensions)
      for index in rows.indices {
        cells.removeAll(keepingCapacity: true)
        append(rows[index], suppression?.rows.contains(index) == true, &texts, &cells)
        try body(cells)
      }
    }
    report.plainLines = PlainRateLines(self)
    return report
  }

  private var described: [(name: String, value: ReportValue)] {
    var described: [(name: String, value: ReportValue)] = [
      ("measure", .text("sample_rate")), ("by", .list(query.by.map(\.text))),
      ("where", query.filter.map { .text($0.text) } ?? .none), ("pool", .boolean(query.pool)),
      ("on_map", .text(query.onMap.rawValue)), ("parks", .text(query.parks.rawValue)),
      ("period_by", .text(query.periodBy.name)), ("interval", .text("wilson 0.95")),
    ]
    if let period = query.period { described.append(("period", .text(period.text))) }
    if !query.measures.isEmpty { described.append(("beside", .list(query.measures.map(\.rawValue)))) }
    if query.measures.contains(.enterprise) { described.append(("enterprises", .text(query.enterprises.rawValue))) }
    if let dimension = query.meanOver { described.append(("mean_over", .text(dimension.text))) }
    if let suppressedBelow { described.append(("suppress_below", .integer(suppressedBelow))) }
    if query.yearOnYear { described.append(("year_on_year", .boolean(true))) }
    if let target = query.target {
      described.append(("target", .text(target.text)))
      described.append(("alpha", .text(NumberText.json(target.alpha))))
    }
    return described
  }
}

extension Dimension {
  /// Code and name; tables show what says more.
  var columns: [ReportColumn] {
    let display = kind.display
    return [
      ReportColumn(
        columnName, heading: display == .codeAndName ? heading + "代码" : heading,
        display: display == .nameOnly ? .hidden : .shown),
      ReportColumn(columnName + "_name", heading: heading, display: display == .codeOnly ? .hidden : .shown),
    ]
  }
}
