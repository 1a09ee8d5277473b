import ArgumentParser
import SpotCheck

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "From a number of a rate table to its samples, their files, lines and bytes.",
    discussion: """
      Ask as 'rate' was asked, and say which row: one value a dimension, codes or names as the row shows them, '-' for
      what was not delivered, '*' for all. The purpose comes last, unless it is among the dimensions or pooled.

      --raw adds each record as it was delivered, read again from the file in the archive, with persons masked; raw_note
      says where it was cut, and why there is none.

      EXAMPLES
        spotcheck trace --store store --by category:1,district --row 20,城中区,监督抽检 --number failed
        spotcheck trace --store store --by year --row 2024,* --number inspected --format csv
        spotcheck trace --store store --by district --row 城中区,* --number failed --columns file,line --raw
        spotcheck trace --store store --by year --row 2024,* --limit 100 --format json
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var pipelines: PipelinesOption

  @Option(
    help: ArgumentHelp("Dimensions, comma-separated; 'category:1' for a level of a tree.", valueName: "dimensions"),
    completion: Completions.dimensions)
  var by: String

  @Option(help: ArgumentHelp("The row: a value for each dimension, comma-separated.", valueName: "values"))
  var row: String

  @Option(help: ArgumentHelp("The number: samples, inspected, failed or any other class.", valueName: "column"))
  var number = "samples"

  @Option(
    help: ArgumentHelp(
      "Only this period: 2024, 2024H1, 2024Q3, 2024-03, a day, or from..to.", valueName: "period"))
  var period: String?

  @Option(help: "Columns, comma-separated (default: the usual ones).")
  var columns: String?

  @OptionGroup var pages: PageOptions

  @Flag(help: "Each record as delivered, too, read again from the archive; persons are masked.")
  var raw = false

  @OptionGroup var answer: AnswerOptions

  func run() throws {
    do {
      guard let number = TracedNumber(number) else {
        throw CommandFailure(
          .usage, "'\(number)' is no number of a row; there are: " + TracedNumber.names.joined(separator: ", "))
      }
      var rate = try selection.query(by: by)
      rate.period = try period.map { try PeriodSpan($0) }
      let cell = row.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "，" }.map(String.init)
      var query = TraceQuery(rate, cell: cell, number: number)
      query.columns = columns?.split(separator: ",").map { String($0) }
      let page = try pages.page(of: question)
      query.limit = pages.limit
      if let page { query.paging = page.paging(isShaped: false) }
      let open = try OpenStore(try store.path(for: .answers))
      if raw {
        let records = try ArchivedRecords(open.layout, open.catalogue, try pipelines.library(for: .answers))
        query.raw = { try records.texts(at: $0) }
      }
      let asOf = try page?.snapshot(asOf: selection.asOf, in: open) ?? selection.asOf
      let report = try query.report(on: try open.snapshot(asOf: asOf))
      for note in report.notes where note.isWarning { Console.note(note.text) }
      if let page { return try page.emit(report, isShaped: false, as: answer) }
      try Output.emit(report, as: answer)
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// What decides which rows there are, and their order.
  private var question: ListQuestion {
    ListQuestion(
      "trace",
      [
        by, row, number, period, selection.filter, selection.pool ? "pool" : nil, selection.onMap.rawValue,
        selection.parks.rawValue, selection.periodBy,
      ])
  }
}
