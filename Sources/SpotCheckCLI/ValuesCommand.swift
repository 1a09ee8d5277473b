import ArgumentParser
import SpotCheck

struct ValuesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "values", abstract: "What was measured: medians, non-detects, values near their limit, failing items.",
    discussion: """
      For each item (or class of hazard), each unit apart: how many were not detected, the spread of the numbers among the
      detected, and how many values are near their limit. --pareto orders by failing items and adds them up. Non-detects are
      counted, and never taken for a number.

      EXAMPLES
        spotcheck values --store store
        spotcheck values --store store --by analyte,category:1 --where "analyte = 铅" --period 2024
        spotcheck values --store store --pareto --pool --top 10
        spotcheck values --store store --having "near_limit_share > 5% and limited >= 30" --sort "near_limit_share desc"
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var selection: SelectionOptions

  @Option(
    help: ArgumentHelp("Dimensions, comma-separated; analyte or hazard among them.", valueName: "dimensions"),
    completion: Completions.dimensions)
  var by = "analyte"

  @Option(
    help: ArgumentHelp("Only this period: 2024, 2024H1, 2024Q3, 2024-03, a day, or from..to.", valueName: "period"))
  var period: String?

  @Flag(help: "Which items the failures come from, most first, with their running share.")
  var pareto = false

  @OptionGroup var shape: ShapeOptions

  @OptionGroup var answer: AnswerOptions

  func run() throws {
    do {
      var rate = try selection.query(by: by)
      rate.period = try period.map { try PeriodSpan($0) }
      var query = try ValuesQuery(rate)
      query.isPareto = pareto
      let result = try query.run(on: try OpenStore(try store.path(for: .answers)).snapshot(asOf: selection.asOf))
      for note in result.notes where note.isWarning { Console.note(note.text) }
      try Output.emit(try shape.applied(to: result.report()), as: answer)
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }
}
