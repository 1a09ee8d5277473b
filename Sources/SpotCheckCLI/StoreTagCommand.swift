import ArgumentParser
import SpotCheck

extension StoreCommand {
  struct Tag: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tag",
      abstract: "Gives a snapshot a name, so that what was published from it can be asked for again.",
      discussion: """
        A tagged snapshot is kept by 'store expire', and its tag can stand wherever a snapshot is asked for: --as-of
        2024年报. Who tags publishes: it is an entry of the store's journal.

        EXAMPLES
          spotcheck store tag --store store 2024年报
          spotcheck store tag --store store 2024年报 --snapshot v12
          spotcheck store tag --store store 2024年报 --remove
        """)
    @OptionGroup var store: StoreOption

    @Argument(help: "The tag.")
    var tag: String

    @Option(help: "The snapshot: its number, a date or a run (default: the newest).")
    var snapshot: String?

    @Flag(help: "Take the tag away.")
    var remove = false

    func run() throws {
      var options = ImportOptions()
      options.command = "tag"
      options.version = SpotCheckVersion.current
      let run = try ImportRun(
        store: try store.path(for: .operations), library: PipelineLibrary(folder: ""), options: options)
      let number = try run.ending { try remove ? run.untag(tag) : run.tag(tag, asOf: snapshot) }
      let shown = PathText.printable(tag)
      Console.note(remove ? "v\(number) is not called '\(shown)' any more" : "v\(number) is called '\(shown)'")
    }
  }
}
