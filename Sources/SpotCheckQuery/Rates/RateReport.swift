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
    let lines = rows + purposeTotals + [total]
    var columns = dimensions.flatMap(\.columns)
    for group in groups { columns += group.columns(lines) }
    let dimensions = dimensions
    let width = columns.count
    let cells: @Sendable (RateRow) -> [ReportCell] = { row in
      var cells: [ReportCell] = []
      cells.reserveCapacity(width)
      ShownText.append(row.codes, row.names, dimensions, to: &cells)
      for group in groups { group.fill(row, &cells) }
      return cells
    }
    let suppression = suppression
    /// Codes and names, and nothing else: never a 0 for what is not shown.
    let shown: @Sendable (RateRow, Bool?) -> [ReportCell] = { row, isHidden in
      guard suppression != nil else { return cells(row) }
      let all = cells(row)
      guard isHidden == true else { return all + [.missing] }
      return all.prefix(dimensions.count * 2) + all.dropFirst(dimensions.count * 2).map { _ in .missing }
        + [.text("suppressed")]
    }
    if suppression != nil { columns.append(ReportColumn("suppressed", heading: "未公布")) }
    return Report(
      columns: columns, query: described, snapshot: snapshot,
      subtotals: purposeTotals.enumerated().map { shown($1, suppression?.purposeTotals.contains($0)) },
      total: shown(total, suppression?.hidesTotal), notes: notes
    ) { body in
      for (index, row) in rows.enumerated() { try body(shown(row, suppression?.rows.contains(index))) }
    }
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
