import ArgumentParser
import SpotCheck

/// Which rows of an answer are written, and in what order.
struct RowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only rows for which this holds, by their own columns: \"rate < 95% and inspected >= 30\".",
      valueName: "condition"))
  var having: String?

  @Option(help: ArgumentHelp("Order of the rows: \"rate desc, district\".", valueName: "columns"))
  var sort: String?

  @Option(help: ArgumentHelp("Only so many rows from the top.", valueName: "rows"))
  var top: Int?

  /// Whether anything is done to the rows.
  var isSaid: Bool { having != nil || sort != nil || top != nil }

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top takes a number above 0") }
  }

  func applied(to report: Report) throws -> Report {
    var report = report
    if let having { report = try report.having(having) }
    if let sort { report = try report.sorted(by: sort) }
    if let top { report = try report.top(top) }
    return report
  }
}

/// What is done to the rows of an answer before it is written, in this order.
struct ShapeOptions: ParsableArguments {
  @OptionGroup var rows: RowOptions

  @Option(help: ArgumentHelp("A cross table: the values of this dimension become columns.", valueName: "dimension"))
  var pivot: String?

  @Option(
    name: .customLong("pivot-measure"),
    help: ArgumentHelp("What stands in a cross table: any column with numbers.", valueName: "column"))
  var pivotMeasure = "rate"

  func applied(to report: Report) throws -> Report {
    let report = try rows.applied(to: report)
    guard let pivot else { return report }
    return try report.pivoted(on: pivot, measure: pivotMeasure)
  }
}
