import ArgumentParser
import SpotCheck

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Makes an empty store with its folders.",
    discussion: "A folder that is a store already is left as it is.")

  @Argument(help: "Folder of the new store.")
  var store: String

  func run() throws {
    let isNew = try ImportRun.createStore(store)
    Console.out(isNew ? "made an empty store in \(store)\n" : "\(store) is a store already; nothing changed\n")
  }
}
