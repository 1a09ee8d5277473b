public import SpotCheckAudit
import SpotCheckModel

extension AnswerDifference {
  /// The changed cells as a report: `row` (codes, joined by `/`), `row_name, column, before, after, change` (of counts).
  ///
  /// - Parameter files: the names of the two answers, for the record of what was asked.
  public func report(files: [String]) -> Report {
    let changes = changes
    return Report(
      columns: [
        ReportColumn("row", heading: "代码", display: .hidden), ReportColumn("row_name", heading: "行"),
        ReportColumn("column", heading: "列"), ReportColumn("before", heading: "原值", isNumeric: true),
        ReportColumn("after", heading: "现值", isNumeric: true), ReportColumn("change", heading: "增减", isNumeric: true),
      ],
      query: [("diff", .list(files))], snapshot: Int64(snapshots.after ?? 0), notes: notes
    ) { body in
      for change in changes {
        let counts = (change.before.flatMap { Int($0) }, change.after.flatMap { Int($0) })
        var difference = ReportCell.missing
        if case (let before?, let after?) = counts {
          let (value, overflow) = after.subtractingReportingOverflow(before)
          if !overflow { difference = .integer(value) }
        }
        try body([
          .text(change.codes.joined(separator: "/")), .text(change.name), .text(change.column),
          change.before.map { .text($0) } ?? .missing, change.after.map { .text($0) } ?? .missing, difference,
        ])
      }
    }
  }

  private var notes: [QueryNote] {
    var notes = [
      QueryNote(
        "rows", "\(rows.both) rows in both, \(rows.before) only in the first, \(rows.after) only in the second",
        zh: "两表共有 \(rows.both) 行；仅前表有 \(rows.before) 行，仅后表有 \(rows.after) 行")
    ]
    if changes.isEmpty { notes.append(QueryNote("no_change", "the answers agree in every cell", zh: "两表各格一致")) }
    if let before = snapshots.before, let after = snapshots.after, before != after {
      notes.append(
        QueryNote(
          "snapshots",
          "made from v\(before) and v\(after): 'spotcheck diff v\(before) v\(after) --by …' names the files",
          zh: "两表分别取自 v\(before) 与 v\(after)：spotcheck diff v\(before) v\(after) --by … 可列出所涉文件"))
    }
    return notes
  }
}
