import ArgumentParser
import SpotCheck

/// What `nightly` and `watch` are told beside the store: the settings of `operations.yaml` that have an option.
struct RunOptions: ParsableArguments {
  @OptionGroup var store: StoreOption
  @OptionGroup var pipelines: PipelinesOption

  @Option(help: ArgumentHelp("How long a file must be at rest before it is taken (default: 10s).", valueName: "time"))
  var stability: String?

  @OptionGroup var jobs: JobsOption

  @Option(help: ArgumentHelp("At most so many files a run.", valueName: "n"))
  var maxFiles: Int?

  @Option(help: ArgumentHelp("At most so many bytes a run, as 500M or 2G.", valueName: "size"))
  var maxBytes: String?

  @Option(help: ArgumentHelp("Begin no file after so long, as 30min or 2h.", valueName: "time"))
  var maxSeconds: String?

  @Option(
    help: ArgumentHelp("Leave so much free (default: 5 %, or twice the largest file that waits).", valueName: "size"))
  var freeFloor: String?

  @Option(help: ArgumentHelp("Write figures for Prometheus into this file after every run.", valueName: "file"))
  var metricsFile: String?

  @Option(help: "Log lines on standard error: human or json.")
  var logFormat: LogFormat?

  @Option(help: ArgumentHelp("Program to run after a run that left with 0.", valueName: "program"))
  var onSuccess: String?

  @Option(help: ArgumentHelp("Program to run after a run that left with anything else.", valueName: "program"))
  var onFailure: String?

  @Option(help: ArgumentHelp("Program to run after files were refused.", valueName: "program"))
  var onQuarantine: String?

  @Option(help: ArgumentHelp("End a program that takes longer (default: 30s).", valueName: "time"))
  var hookTimeout: String?

  @Flag(name: .shortAndLong, help: "Say nothing when all is well.")
  var quiet = false

  @Flag(help: "Show the settings in force and where each comes from; do nothing.")
  var printSettings = false

  /// The settings in force, read anew.
  func settings() throws -> EffectiveSettings {
    let layout = StoreLayout(root: try store.path(for: .operations))
    guard try FileSystem.exists(layout.catalogue) else {
      throw CommandFailure(
        .noStore, "\(layout.root): there is no store here; make one with 'spotcheck init \(layout.root)'")
    }
    let settings = EffectiveSettings(try OperationSettingsFile.load(layout), try overrides())
    // Now, and not when the first file has been taken in.
    _ = try settings.settings.seal.map(SealKeyFile.load)
    return settings
  }

  private func overrides() throws -> SettingsOverrides {
    var overrides = SettingsOverrides()
    overrides.stability = try SettingsOverrides.seconds(stability, "stability")
    overrides.jobs = jobs.jobs
    overrides.maximumFiles = maxFiles
    overrides.maximumBytes = try SettingsOverrides.bytes(maxBytes, "max-bytes")
    overrides.maximumSeconds = try SettingsOverrides.seconds(maxSeconds, "max-seconds")
    overrides.freeFloor = try SettingsOverrides.bytes(freeFloor, "free-floor")
    overrides.metricsFile = metricsFile
    overrides.logFormat = logFormat
    overrides.onSuccess = onSuccess.map { [$0] }
    overrides.onFailure = onFailure.map { [$0] }
    overrides.onQuarantine = onQuarantine.map { [$0] }
    overrides.hookTimeout = try SettingsOverrides.seconds(hookTimeout, "hook-timeout")
    return overrides
  }

  func log(_ settings: OperationSettings) -> RunLog {
    let style = RunLog.Style(settings.logFormat, journalStream: Machine.environment("JOURNAL_STREAM"))
    return RunLog(style, minimum: quiet ? .warning : .info) { bytes in
      // Nobody to tell is no reason to stop: what happened is in the run's record.
      try? StandardStreams.writeAll(2, bytes)
    }
  }

  /// The pipelines; what is wrong in them is one error.
  func library() throws -> PipelineLibrary {
    let library = try PipelineLibrary.load(
      folder: try pipelines.folder(for: .operations), filterCheck: Filter.fault(ofSampleFilter:))
    let errors = library.problems.filter { $0.severity == .error }
    guard errors.isEmpty else {
      throw ImportError(.pipeline, path: library.folder, errors.map(\.description).joined(separator: "\n"))
    }
    return library
  }

  func order(_ command: String, wait: Double = 0) throws -> NightlyRun.Order {
    var order = NightlyRun.Order(store: try store.path(for: .operations))
    order.command = command
    order.arguments = Array(CommandLine.arguments.dropFirst())
    order.version = SpotCheckVersion.current
    order.wait = wait
    return order
  }
}
