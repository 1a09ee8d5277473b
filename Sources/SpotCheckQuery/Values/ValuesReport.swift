import SpotCheckModel
import SpotCheckStatistics

extension ValuesResult {
  /// The answer as a report.
  ///
  /// Columns: each dimension `d` and `d_name`; `unit, items, detected, not_detected, not_detected_share, share_low, share_high`
  /// (of detected + not detected; Wilson 95 %); `least, median, p95, greatest` of the numbers among the detected, in `unit`;
  /// `limited, near_limit, near_limit_share` (value above half of the upper limit and not above it, of all that have one and
  /// a result); `failed, failed_share, failed_running_share` of all failing items of the answer.
  public func report() -> Report {
    let (rows, dimensions, failed) = (rows, dimensions, failed)
    let isPareto = query.isPareto
    return Report(
      columns: columns, query: described, snapshot: snapshot, notes: notes + ownNotes
    ) { body in
      for row in rows { try body(ValuesResult.cells(row, dimensions, failed: failed, isPareto: isPareto)) }
    }
  }

  private var columns: [ReportColumn] {
    let hidesValues: ReportColumn.Display = query.isPareto ? .hidden : .shown
    func number(_ name: String, _ heading: String, _ display: ReportColumn.Display = .shown) -> ReportColumn {
      ReportColumn(name, heading: heading, display: display, isNumeric: true)
    }
    return dimensions.flatMap(\.columns) + [
      ReportColumn("unit", heading: "单位"), number("items", "项次"), number("detected", "检出", hidesValues),
      number("not_detected", "未检出", hidesValues), number("not_detected_share", "未检出率", hidesValues),
      ReportColumn(
        "share_low", heading: "未检出率95%区间", display: query.isPareto ? .hidden : .intervalStart, isNumeric: true),
      number("share_high", "未检出率上限", hidesValues), number("least", "最小值", hidesValues),
      number("median", "中位数", hidesValues), number("p95", "95百分位", hidesValues),
      number("greatest", "最大值", hidesValues), number("limited", "有上限项次", hidesValues),
      number("near_limit", "临近限量", hidesValues), number("near_limit_share", "临近限量率", hidesValues),
      number("failed", "不合格项次"), number("failed_share", "占不合格项次"),
      number("failed_running_share", "累计占比", query.isPareto ? .shown : .hidden),
    ]
  }

  private static func cells(
    _ row: ValuesRow, _ dimensions: [Dimension], failed: Int, isPareto: Bool
  ) -> [ReportCell] {
    let tally = row.tally
    let ladder = tally.ladder
    let censored = Proportion(tally.notDetected, of: tally.detected + tally.notDetected)
    func number(_ value: ExactDecimal?) -> ReportCell {
      value.map { .number($0.approximation, digits: max(0, Int($0.scale))) } ?? .missing
    }
    var cells = ShownText.cells(row.codes, row.names, dimensions)
    cells += [
      .text(row.unit), .integer(tally.items), .integer(tally.detected), .integer(tally.notDetected), .rate(censored),
    ]
    cells += ReportCell.ends(censored?.interval(.wilson))
    cells += [
      number(ladder.least), ladder.median.map { .number($0, digits: ValuesResult.digits($0)) } ?? .missing,
      number(ladder.percentile95), number(ladder.greatest),
      .integer(tally.limited), .integer(tally.nearLimit), .rate(Proportion(tally.nearLimit, of: tally.limited)),
      .integer(tally.failed), .rate(Proportion(tally.failed, of: failed)),
      row.failedSoFar.map { .rate(Proportion($0, of: failed)) } ?? .missing,
    ]
    return cells
  }

  /// Four significant digits, as laboratories report at most three.
  private static func digits(_ value: Double) -> Int {
    var (size, digits) = (abs(value), 3)
    while size >= 10, digits > 0 {
      size /= 10
      digits -= 1
    }
    while size < 1, size > 0, digits < 12 {
      size *= 10
      digits += 1
    }
    return size > 0 ? digits : 0
  }

  private var ownNotes: [QueryNote] {
    var notes = [
      QueryNote(
        "censored", "medians and percentiles are of numbers among the detected; non-detects are counted, not guessed",
        zh: "中位数与百分位只取检出的数值；未检出按个数计，不以数值代替")
    ]
    if !query.isPareto, rows.contains(where: { $0.tally.limited > 0 }) {
      notes.append(
        QueryNote(
          "near_limit",
          "near its limit: above half of the upper limit and not above it; limits in another unit than the value are left out",
          zh: "临近限量：数值大于上限的一半且不超过上限，占有上限且有结果的项次；上限与数值单位不同的不计"))
    }
    return notes
  }

  private var described: [(name: String, value: ReportValue)] {
    [
      ("measure", .text(query.isPareto ? "pareto" : "values")), ("by", .list(query.rate.by.map(\.text))),
      ("where", query.rate.filter.map { .text($0.text) } ?? .none), ("pool", .boolean(query.rate.pool)),
      ("on_map", .text(query.rate.onMap.rawValue)), ("parks", .text(query.rate.parks.rawValue)),
      ("period_by", .text(query.rate.periodBy.name)), ("period", query.rate.period.map { .text($0.text) } ?? .none),
      ("interval", .text("wilson 0.95")),
    ]
  }
}
