import ArgumentParser
import SpotCheck

struct TargetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "targets", abstract: "The scorecard: every registered target with rate, verdict and evidence.",
    discussion: """
      Targets stand in pipelines/targets.yaml, with the clause that set them and the bureau that answers for them. The
      verdict is an exact one-sided test: met (达标), not met (未达标), or not proven (证据不足), with how many clean samples
      are still needed. A look at a part of the target's period is monitoring and no formal verdict.

      EXAMPLES
        spotcheck targets --store store --period 2024
        spotcheck targets --store store --period 2024Q1 --format json
        spotcheck targets --store store --id industrial-product-pass-rate
        spotcheck targets --store store --all
        spotcheck targets --store store --having "verdict != met" --sort rate
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var pipelines: PipelinesOption

  @Option(
    help: ArgumentHelp(
      "2024, 2024H1, 2024Q3, 2023Q3..2024Q2 … (default: the newest year with samples).", valueName: "period"))
  var period: String?

  @Option(help: ArgumentHelp("Only this target; may be said several times.", valueName: "id"))
  var id: [String] = []

  @Flag(help: "List targets that no data arrive for, too.")
  var all = false

  @Option(name: .customLong("as-of"), help: "A snapshot: its number, a date, a run or a tag (default: the newest).")
  var asOf: String?

  @OptionGroup var answer: AnswerOptions

  @OptionGroup var rows: RowOptions

  @Option(help: ArgumentHelp("Threads.", visibility: .hidden))
  var threads = 2

  func run() throws {
    do {
      let register = try pipelines.library(for: .answers).targets
      let source = try OpenStore(try store.path(for: .answers)).snapshot(asOf: asOf)
      guard let span = try period.map({ try PeriodSpan($0) }) ?? ScorecardQuery.newestYear(of: source) else {
        throw CommandFailure(.usage, "no sample in the store has a day; say --period")
      }
      var query = ScorecardQuery(register, period: span)
      query.ids = id.isEmpty ? nil : id
      query.includesDefinitions = all
      query.threads = max(1, threads)
      let card = try query.run(on: source)
      try Output.emit(try rows.applied(to: card.report()), as: answer, targets: card.entries.compactMap(\.rateTarget))
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }
}
