import ArgumentParser
import SpotCheck

/// Which store is meant, whoever has read what was said (``PlainArguments`` or ArgumentParser).
protocol StoreChoice {
  var store: String? { get }
}

/// `--store`, or what is settled about it.
struct StoreOption: ParsableArguments, StoreChoice {
  @Option(name: .long, help: "Folder of the store (default: $SPOTCHECK_STORE; for answers also 'config show store').")
  var store: String?
}

extension StoreChoice {
  func path(for use: SettingsUse) throws -> String {
    if let path = try store ?? SettingsInForce.setting(.store, for: use)?.value, !path.isEmpty { return path }
    var message = "which store? say --store FOLDER, or set SPOTCHECK_STORE"
    switch use {
    case .answers: message += "; or write 'store: FOLDER' into \(SettingsPlaces.projectName) here"
    case .operations:
      if let setting = try? SettingsInForce.setting(.store) {
        message += "; what \(setting.origin) says is for answers only"
      }
    }
    throw CommandFailure(.usage, message)
  }

  /// The store and the place that names it, if a file of settings does.
  func settled() throws -> String? {
    guard store == nil, let setting = try SettingsInForce.setting(.store), case .file = setting.origin else {
      return nil
    }
    return "\(PathText.printable(setting.value))（\(setting.origin)）"
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
