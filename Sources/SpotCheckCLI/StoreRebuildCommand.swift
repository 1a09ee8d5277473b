import ArgumentParser
import SpotCheck

extension StoreCommand {
  struct Rebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rebuild", abstract: "Makes a new store from the delivered files that a store has kept.",
      discussion: """
        Files are taken in again in the order that the old catalogue has recorded; without it, by day and name.

        EXAMPLES
          spotcheck store rebuild --from-archive damaged-store --store new-store
        """)
    @OptionGroup var store: StoreOption
    @OptionGroup var pipelines: PipelinesOption

    @Option(
      name: .customLong("from-archive"), help: ArgumentHelp("The store with the kept files.", valueName: "folder"))
    var old: String

    @Flag(name: .customLong("without-catalogue"), help: "Do not look at the old catalogue.")
    var ignoresCatalogue = false

    func run() throws {
      var options = ImportOptions()
      options.command = "rebuild"
      options.version = SpotCheckVersion.current
      var rebuild = SpotCheck.Rebuild(
        from: StoreLayout(root: old), library: try pipelines.library(for: .operations), options: options)
      rebuild.gate = try operatorsGate(of: StoreLayout(root: old))
      let (summary, missing) = try rebuild.rebuild(
        into: try store.path(for: .operations), usesCatalogue: !ignoresCatalogue)
      for place in missing { Console.note("missing: \(place)") }
      Console.note(SummaryText.total(summary))
      if !missing.isEmpty { throw CommandFailure(.withRejects, "\(missing.count) kept files are missing") }
      if !summary.isClean { ExitStatus.leave(.withRejects) }
    }
  }
}
