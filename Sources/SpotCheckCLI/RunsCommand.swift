import ArgumentParser
import SpotCheck

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "What the runs of a store did, and what changed between two of them.",
    subcommands: [List.self, Show.self, Diff.self, Export.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the runs, newest last.")
    @OptionGroup var store: StoreOption
    @Option(help: "At most this many of the newest.")
    var limit: Int?
    @OptionGroup var answer: AnswerOptions

    func run() throws {
      try Output.emit(try RunHistory(OpenStore(try store.path(for: .answers))).list(limit: limit), as: answer)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows the record of a run: JSON.")
    @OptionGroup var store: StoreOption
    @Argument(help: "The run's id, the beginning of it, or 'last'.")
    var name = "last"

    func run() throws {
      let history = RunHistory(try OpenStore(try store.path(for: .answers)))
      let found = try history.find(name)
      Console.out(try history.record(found) ?? history.figures(found).json)
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diff",
      abstract: "Explains, file by file, how the counts of every bureau changed from the end of one run to another.")
    @OptionGroup var store: StoreOption
    @Argument(help: "The earlier run.")
    var earlier: String
    @Argument(help: "The later run.")
    var later = "last"
    @OptionGroup var answer: AnswerOptions

    func run() throws {
      let open = try OpenStore(try store.path(for: .answers))
      let history = RunHistory(open)
      let from = try history.find(earlier).lastSnapshot
      let to = try history.find(later).lastSnapshot
      let difference = try RunDifference(open, from: from, to: to)
      if difference.isEmpty, try !answer.formatInForce().isForMachines {
        return Console.note("no count has changed (v\(from), v\(to))")
      }
      try Output.emit(difference.report(), as: answer)
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Writes the records of all runs, one JSON object after the other.")
    @OptionGroup var store: StoreOption

    func run() throws {
      let open = try OpenStore(try store.path(for: .answers))
      let history = RunHistory(open)
      for run in try open.catalogue.runs() { Console.out(try history.record(run) ?? history.figures(run).json) }
    }
  }
}
