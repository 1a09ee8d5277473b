import SpotCheckModel

extension Report {
  /// A cross table: the values of one dimension become columns, in order of their codes. Each has the measure and, beside a
  /// rate, of how many samples it is. Where there was no row there is no number, and never a 0.
  ///
  /// Sums are left out: those of a row would pool what was asked apart, those of a column stand in the plain answer.
  /// - Parameters:
  ///   - dimension: name of the column with the dimension's codes.
  ///   - measure: name of a column with numbers.
  /// - Throws: ``QueryError``; what reading the rows throws.
  public func pivoted(on dimension: String, measure: String = "rate") throws -> Report {
    // The dimensions come first, each with its code and its name.
    var dimensions: [Int] = []
    while columns.count > dimensions.count * 2 + 1,
      columns[dimensions.count * 2 + 1].name == columns[dimensions.count * 2].name + "_name"
    {
      dimensions.append(dimensions.count * 2)
    }
    guard let head = dimensions.first(where: { columns[$0].name == dimension || columns[$0 + 1].heading == dimension })
    else {
      throw QueryError(
        "'\(dimension)' is no dimension of this answer",
        advice: "Dimensions: " + dimensions.map { columns[$0].name }.joined(separator: ", ") + ".")
    }
    let value = try column(named: measure, in: measure, at: 0)
    guard columns[value].isNumeric else { throw QueryError("'\(measure)' holds no numbers") }
    let size = columns[value].name == "rate" ? columns.firstIndex { $0.name == "inspected" } : nil
    let kept = dimensions.filter { $0 != head }.flatMap { [$0, $0 + 1] }

    var names: [String: String] = [:]
    var keys: [[ReportCell]] = []
    var lines: [[ReportCell]: [String: [ReportCell]]] = [:]
    try rows { cells in
      let (key, code) = (kept.map { cells[$0] }, Report.text(cells[head]))
      names[code] = Report.text(cells[head + 1])
      if lines[key] == nil { keys.append(key) }
      lines[key, default: [:]][code] = [cells[value]] + (size.map { [cells[$0]] } ?? [])
    }
    let codes = names.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let nothing = [ReportCell](repeating: .missing, count: size == nil ? 1 : 2)

    var result = holding(keys.map { key in key + codes.flatMap { lines[key]?[$0] ?? nothing } }, of: keys.count)
    // It speaks of the sums.
    result.notes.removeAll { $0.code == "purposes_not_pooled" }
    result.columns = kept.map { columns[$0] }
    for code in codes {
      let heading = names[code].flatMap { $0.isEmpty ? nil : $0 } ?? "-"
      result.columns.append(ReportColumn("\(columns[value].name):\(code)", heading: heading, isNumeric: true))
      if let size {
        result.columns.append(
          ReportColumn("\(columns[size].name):\(code)", heading: columns[size].heading, isNumeric: true))
      }
    }
    (result.subtotals, result.total) = ([], nil)
    result.query += [("pivot", .text(columns[head].name)), ("pivot_measure", .text(columns[value].name))]
    return result
  }

  private static func text(_ cell: ReportCell) -> String {
    if case .text(let text) = cell { return text }
    return ""
  }
}
