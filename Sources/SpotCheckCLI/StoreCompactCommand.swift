import ArgumentParser
import SpotCheck

extension StoreCommand {
  struct Compact: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "compact", abstract: "Puts small segments together. Every answer stays as it is.",
      discussion: """
        Imports do it by themselves when there are many. Earlier snapshots keep their segments until 'store expire'.
        """)
    @OptionGroup var store: StoreOption

    @Flag(help: "Everything that fits together, however few segments there are.")
    var all = false

    @Option(help: ArgumentHelp("Rows a segment; bounds the memory.", visibility: .hidden))
    var segmentRows = 250_000

    func run() throws {
      var options = ImportOptions()
      options.command = "compact"
      options.version = SpotCheckVersion.current
      options.segmentRows = max(2, segmentRows)
      let run = try ImportRun(
        store: try store.path(for: .operations), library: PipelineLibrary(folder: ""), options: options)
      let compactor = Compactor(run)
      let outcome = try run.ending { all ? try compactor.compactAll() : try compactor.compactIfNeeded() }
      guard let outcome else { return Console.note("nothing to be put together") }
      Console.note(
        "v\(outcome.snapshot): \(outcome.from) segments became \(outcome.to), with \(outcome.samples) samples and "
          + "\(outcome.items) items")
    }
  }
}

extension ImportRun {
  /// Does the work of a run that imports nothing, and records how it ended.
  func ending<Result>(_ work: () throws -> Result) throws -> Result {
    do {
      let result = try work()
      try end("done")
      return result
    } catch {
      try? end("failed", message: "\(error)")
      throw error
    }
  }
}
