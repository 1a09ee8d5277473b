import SpotCheckModel
import SpotCheckStatistics

extension DiffResult {
  /// The answer as a report: under each changed group the files that changed it. A file's line has its part of the counts,
  /// and no rate: a part of a cell has none.
  ///
  /// Columns: each dimension `d` and `d_name`; `file, published` (`*` for the group itself); `samples_before, samples,
  /// inspected_before, inspected, passed_before, passed, failed_before, failed, rate_before, rate, change, changes`.
  public func report() -> Report {
    let (rows, dimensions) = (rows, dimensions)
    return Report(
      columns: columns, query: described, snapshot: to,
      total: DiffResult.cells(total, dimensions), notes: notes
    ) { body in
      for row in rows {
        try body(DiffResult.cells(row, dimensions))
        for file in row.files { try body(DiffResult.cells(file, of: row, dimensions)) }
      }
    }
  }

  private var columns: [ReportColumn] {
    func number(_ name: String, _ heading: String) -> ReportColumn {
      ReportColumn(name, heading: heading, isNumeric: true)
    }
    return dimensions.flatMap(\.columns) + [
      ReportColumn("file", heading: "文件"), ReportColumn("published", heading: "发布于"),
      number("samples_before", "原样品数"), number("samples", "样品数"),
      number("inspected_before", "原检验数"), number("inspected", "检验数"),
      ReportColumn("passed_before", heading: "原合格", display: .hidden, isNumeric: true),
      ReportColumn("passed", heading: "合格", display: .hidden, isNumeric: true),
      number("failed_before", "原不合格"), number("failed", "不合格"),
      number("rate_before", "原合格率"), number("rate", "合格率"), number("change", "变化百分点"),
      ReportColumn("changes", heading: "变动"),
    ]
  }

  private static func counts(_ before: RateCounts, _ after: RateCounts) -> [ReportCell] {
    [
      before.samples, after.samples, before.inspected, after.inspected, before.passed, after.passed, before.failed,
      after.failed,
    ].map { .integer($0) }
  }

  private static func cells(_ row: DiffRow, _ dimensions: [Dimension]) -> [ReportCell] {
    let (before, after) = (row.before.proportion, row.after.proportion)
    let change = before?.rate.flatMap { old in after?.rate.map { $0 - old } }
    return ShownText.cells(row.codes, row.names, dimensions) + [.text(CodeBook.totalCode), .missing]
      + counts(row.before.counts, row.after.counts)
      + [
        .rate(before), .rate(after), change.map { .change($0, from: before, to: after) } ?? .missing,
        .text(changes(row.before.counts, row.after.counts)),
      ]
  }

  private static func cells(_ file: DiffRow.FilePart, of row: DiffRow, _ dimensions: [Dimension]) -> [ReportCell] {
    ShownText.cells(row.codes, row.names, dimensions)
      + [.text(file.name), file.published.map { .text("v\($0)") } ?? .missing] + counts(file.before, file.after)
      + [.missing, .missing, .missing, .text(changes(file.before, file.after))]
  }

  /// `合格 +3，不合格 -1`: every class that changed, and what changed inside of classes.
  static func changes(_ before: RateCounts, _ after: RateCounts) -> String {
    var parts = SampleClass.allCases.map { ($0.nameZh, after[$0] - before[$0]) }
    parts += [
      ("异议复检中", after.pending - before.pending), ("仅标签不合格", after.labelOnly - before.labelOnly),
      ("快检阳性", after.screeningPositive - before.screeningPositive),
    ]
    return parts.filter { $0.1 != 0 }.map { "\($0.0) \($0.1 > 0 ? "+" : "")\($0.1)" }.joined(separator: "，")
  }

  private var notes: [QueryNote] {
    var notes: [QueryNote] = []
    let shown = publications.prefix(DiffResult.namedPublications).joined(separator: "、")
    let more = publications.count - DiffResult.namedPublications
    notes.append(
      QueryNote(
        "between", "from v\(from) to v\(to): \(publications.count) publications",
        zh: "v\(from) 到 v\(to)：其间发布 \(publications.count) 次"
          + (shown.isEmpty ? "" : "：" + shown) + (more > 0 ? "，等" : "")))
    if rows.isEmpty {
      notes.append(QueryNote("no_change", "no number of this answer changed", zh: "本表数字无变化"))
    }
    return notes
  }

  private static let namedPublications = 8

  private var described: [(name: String, value: ReportValue)] {
    [
      ("diff", .text("v\(from)..v\(to)")), ("by", .list(query.rate.by.map(\.text))),
      ("where", query.rate.filter.map { .text($0.text) } ?? .none), ("pool", .boolean(query.rate.pool)),
      ("on_map", .text(query.rate.onMap.rawValue)), ("parks", .text(query.rate.parks.rawValue)),
      ("period_by", .text(query.rate.periodBy.name)), ("period", query.rate.period.map { .text($0.text) } ?? .none),
    ]
  }
}
