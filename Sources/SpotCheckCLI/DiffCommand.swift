import ArgumentParser
import SpotCheck

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Which numbers changed between two snapshots, and which files changed them.",
    discussion: """
      Asks the same question of two snapshots and shows the groups whose counts differ, each followed by the files that
      added samples to it or lost some (corrections, retests, withdrawals). The files' parts add up to the change.

      EXAMPLES
        spotcheck diff --store store v3 --by category:1,district
        spotcheck diff --store store 2025-06-30 2025-07-31 --by district --where "category = 农产品"
        spotcheck diff --store store 2024年报 --by year --format csv
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var selection: SelectionOptions

  @Argument(
    help: "The earlier snapshot: its number, a date, a run or a tag.", completion: Completions.snapshots)
  var from: String

  @Argument(help: "The later one (default: the newest).", completion: Completions.snapshots)
  var to: String?

  @Option(
    help: ArgumentHelp("Dimensions, comma-separated; 'category:1' for a level of a tree.", valueName: "dimensions"),
    completion: Completions.dimensions)
  var by: String

  @Option(
    help: ArgumentHelp("Only this period: 2024, 2024H1, 2024Q3, 2024-03, a day, or from..to.", valueName: "period"))
  var period: String?

  @OptionGroup var shape: ShapeOptions

  @Option(help: "How the answer is written; excel-csv is CSV that Excel opens by itself.")
  var format: OutputFormat = .table

  func validate() throws {
    if selection.asOf != nil { throw ValidationError("say both snapshots as arguments: diff FROM TO") }
  }

  func run() throws {
    do {
      var rate = try selection.query(by: by)
      rate.period = try period.map { try PeriodSpan($0) }
      let result = try OpenStore(try store.path()).diff(DiffQuery(rate), from: from, to: to)
      try Output.emit(try shape.applied(to: result.report()), as: format)
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }
}
