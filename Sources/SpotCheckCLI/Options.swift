import ArgumentParser
import SpotCheck

/// `--store`, or the environment's SPOTCHECK_STORE.
struct StoreOption: ParsableArguments {
  @Option(name: .long, help: "Folder of the store (default: $SPOTCHECK_STORE).")
  var store: String?

  func path() throws -> String {
    if let path = store ?? Machine.environment("SPOTCHECK_STORE"), !path.isEmpty { return path }
    throw CommandFailure(.usage, "which store? say --store FOLDER, or set SPOTCHECK_STORE")
  }
}

/// `--pipelines`, or where they are found.
struct PipelinesOption: ParsableArguments {
  @Option(
    name: .long, help: "Folder with pipelines (default: $SPOTCHECK_PIPELINES, ./pipelines, or beside the program).")
  var pipelines: String?
}

/// `--jobs`.
struct JobsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read so many files at once (default: one a core, four at most). The result is the same.", valueName: "n"))
  var jobs: Int?

  var count: Int { jobs ?? ImportOptions.usualJobs }

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs: expected a number from 1 to 64") }
  }
}
