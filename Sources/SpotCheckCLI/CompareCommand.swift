import ArgumentParser
import SpotCheck

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "What changed between two periods: rates or mix, and who differs.",
    discussion: """
      The change of a rate in percentage points with its interval, split into what the rates of the parts did and what
      their mix did (Kitagawa), and a funnel of failure rates with false-discovery control in place of a ranking.
      Purposes are compared apart unless --pool is said.

      EXAMPLES
        spotcheck compare --store store --period 2024
        spotcheck compare --store store --period 2024 --against 2023 --by category:1,stage
        spotcheck compare --store store --period 2024 --by district --pool --chart funnel
        spotcheck compare --store store --period 2024 --by district --having "inspected >= 30" --sort change --top 5
        spotcheck compare --store store --period 2024Q1 --against 2023Q1 --by district --where "category = 农产品"
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var selection: SelectionOptions

  @Option(help: ArgumentHelp("The period looked at: 2024, 2024H1, 2024Q3, 2024-03, from..to.", valueName: "period"))
  var period: String

  @Option(help: ArgumentHelp("The period it is compared with (default: a year earlier).", valueName: "period"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "The parts, comma-separated dimensions; may be said several times (default: category:1, then district).",
      valueName: "dimensions"))
  var by: [String] = []

  @OptionGroup var answer: AnswerOptions

  @OptionGroup var rows: RowOptions

  @OptionGroup var chart: ChartOptions

  func run() throws {
    do {
      let span = try PeriodSpan(period)
      guard let other = try against.map({ try PeriodSpan($0) }) ?? span.earlier() else {
        throw CommandFailure(.usage, "there is no year before \(span.text); say --against")
      }
      let parts = by.isEmpty ? ["category:1", "district"] : by
      let format = try chart.format(of: answer)
      guard parts.count == 1 || !format.isForMachines else {
        throw CommandFailure(
          .usage, "one answer at a time in \(format.rawValue): say --by once, such as --by district")
      }
      let source = try OpenStore(try store.path(for: .answers)).snapshot(asOf: selection.asOf)
      for (index, part) in parts.enumerated() {
        let query = try CompareQuery(try selection.query(by: part), period: span, against: other)
        let result = try query.run(on: source)
        if index > 0 { Console.out("\n") }
        for note in result.notes where note.isWarning { Console.note(note.text) }
        try chart.emit(try rows.applied(to: result.report()), as: answer)
      }
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }
}
