import ArgumentParser
import SpotCheck

struct CoverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage", abstract: "How many samples each bureau has in each month, and which months are empty.")

  @OptionGroup var store: StoreOption

  @Option(name: .customLong("as-of"), help: "A snapshot: its number, a date, a run or a tag (default: the newest).")
  var asOf: String?

  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let coverage = try Coverage(try OpenStore(try store.path(for: .answers)).snapshot(asOf: asOf))
    let isForMachines = try answer.formatInForce().isForMachines
    for (bureau, count) in coverage.withoutDay.sorted(by: { $0.key < $1.key }) where !isForMachines {
      Console.note("\(bureau): \(count) samples without a day belong to no month")
    }
    try Output.emit(coverage.report(), as: answer)
  }
}
