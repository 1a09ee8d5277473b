import SpotCheckModel
public import SpotCheckQuery

/// How many samples each bureau has in each month, and where there are none between the first and the last.
public struct Coverage: Sendable {
  /// Samples by bureau and month, as ``FreshnessCheck/Months`` counts months.
  public var months: FreshnessCheck.Months = [:]
  public var names: [String: String] = [:]
  /// Samples without a day, by bureau: they belong to no month.
  public var withoutDay: [String: Int] = [:]
  public var snapshot: Int64 = 0

  /// Counts the samples of one snapshot by the day of sampling.
  public init(_ source: QuerySource) throws {
    snapshot = source.snapshot
    var query = RateQuery(by: [Dimension(.bureau), Dimension(.month)])
    // All purposes together: what matters is that something came.
    query.pool = true
    for row in try query.run(on: source).rows {
      guard row.codes.count >= 2 else { continue }
      let bureau = row.codes[0]
      names[bureau] = row.names[0]
      if let month = FreshnessCheck.month(code: row.codes[1]) {
        months[bureau, default: [:]][month, default: 0] += row.counts.samples
      } else {
        withoutDay[bureau, default: 0] += row.counts.samples
      }
    }
  }

  /// One row a bureau and year, one column a month; months without samples inside a bureau's span are 0, outside it
  /// missing.
  public func report() -> Report {
    var columns = [
      ReportColumn("bureau", heading: "部门", display: .hidden), ReportColumn("bureau_name", heading: "部门"),
      ReportColumn("year", heading: "年份"),
    ]
    for month in 1...12 {
      let name = (month < 10 ? "m0" : "m") + String(month)
      columns.append(ReportColumn(name, heading: "\(month)月", isNumeric: true))
    }
    columns.append(ReportColumn("gaps", heading: "空缺月份", isNumeric: true))
    let rows = lines()
    return Report(columns: columns, query: [("by", .list(["bureau", "month"]))], snapshot: snapshot) { body in
      for row in rows { try body(row) }
    }
  }

  private func lines() -> [[ReportCell]] {
    var lines: [[ReportCell]] = []
    for bureau in months.keys.sorted() {
      let counts = months[bureau] ?? [:]
      guard let first = counts.keys.min(), let last = counts.keys.max() else { continue }
      for year in (first / 12)...(last / 12) {
        let span = (0..<12).map { year * 12 + $0 }
        let cells = span.map { month -> ReportCell in
          (first...last).contains(month) ? .integer(counts[month] ?? 0) : .missing
        }
        let gaps = span.count { (first...last).contains($0) && (counts[$0] ?? 0) == 0 }
        lines.append(
          [.text(bureau), .text(names[bureau] ?? bureau), .integer(year)] + cells + [.integer(gaps)])
      }
    }
    return lines
  }
}
