import ArgumentParser
import SpotCheck

struct HealthcheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "healthcheck", abstract: "Whether somebody must look after a store: exit status 0, or 5.",
    discussion: """
      Looks at the lock, the last run, what waits in the inboxes, free space, the catalogue, quarantine, the journal and
      the bureaus' deadlines. Changes nothing. Limits stand in the store's operations.yaml under 'health'.
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var pipelines: PipelinesOption

  @Flag(help: "One JSON object instead of lines.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print only what is not well.")
  var quiet = false

  func run() throws {
    let root = try store.path(for: .operations)
    let layout = StoreLayout(root: root)
    guard try FileSystem.exists(layout.catalogue) else {
      throw CommandFailure(.noStore, "\(root): there is no store here; make one with 'spotcheck init \(root)'")
    }
    let settings = try OperationSettingsFile.load(layout).settings
    // Deadlines need the calendar; the rest does not need pipelines at all.
    let calendar =
      settings.freshness.isEmpty ? WorkCalendar.weekendsOnly : try pipelines.library(for: .operations).calendar
    var report = try HealthCheck(store: root, settings: settings, calendar: calendar).run()
    let status = report.status
    if quiet { report.keepProblems() }
    Console.out(json ? report.json : report.text)
    ExitStatus.leave(status)
  }
}
