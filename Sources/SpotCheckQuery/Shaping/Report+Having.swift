import SpotCheckModel

extension Report {
  /// The rows for which a condition over the answer's own columns holds: `rate < 95% and inspected >= 30`. Sums stay those of
  /// all rows, and a note says so.
  ///
  /// - Throws: ``QueryError`` with a caret; what reading the rows throws.
  public func having(_ condition: String) throws -> Report {
    let filter = try CellFilter(condition, columns: columns)
    let all = try collected()
    var result = holding(all.filter { filter.matches($0) }, of: all.count)
    result.query.append(("having", .text(condition)))
    return result
  }

  /// The first rows; sums stay those of all.
  ///
  /// - Precondition: `count` is above 0.
  public func top(_ count: Int) throws -> Report {
    let all = try collected()
    var result = holding(Array(all.prefix(count)), of: all.count)
    result.query.append(("top", .integer(count)))
    return result
  }

  func collected() throws -> [[ReportCell]] {
    var all: [[ReportCell]] = []
    try rows { all.append($0) }
    return all
  }

  /// The same report with other rows.
  /// - Parameter count: how many there were; if some are missing now, a note says how many.
  func holding(_ lines: [[ReportCell]], of count: Int) -> Report {
    var result = self
    result.rows = { body in for cells in lines { try body(cells) } }
    result.rowsLeftOut += count - lines.count
    result.notes.removeAll { $0.code == Report.leftOutCode }
    if result.rowsLeftOut > 0 {
      let hasSums = total != nil || !subtotals.isEmpty
      result.notes.append(
        QueryNote(
          Report.leftOutCode,
          "\(result.rowsLeftOut) rows are not shown" + (hasSums ? "; sums are over all of them" : ""),
          zh: "另有 \(result.rowsLeftOut) 行未列出" + (hasSums ? "；合计包括全部各行" : "")))
    }
    return result
  }

  private static let leftOutCode = "rows_left_out"
}
