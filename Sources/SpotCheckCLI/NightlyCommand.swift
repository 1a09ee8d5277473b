import ArgumentParser
import SpotCheck

struct NightlyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nightly", abstract: "One unattended run: takes in what lies in the inbox, and tells everybody.",
    discussion: """
      For cron and timers. Files that have been at rest are taken in, each wholly or not at all; receipts go back to the
      bureaus; then gates, deadlines, the run's record, metrics and hooks. Settings stand in the store's
      operations.yaml; options win. With --quiet nothing is said when all is well, so that cron mails only on trouble.

      EXAMPLES
        spotcheck nightly --store store --quiet
        spotcheck nightly --store store --max-seconds 2h --metrics-file /var/lib/node_exporter/spotcheck.prom
        spotcheck nightly --store store --dry-run
        spotcheck nightly --store store --print-settings
      """)

  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("Wait so long for another run to end (default: not at all).", valueName: "time"))
  var wait: String?

  @Flag(help: "Say what would be taken now; change nothing.")
  var dryRun = false

  func run() throws {
    let settings = try options.settings()
    if options.printSettings { return Console.out(settings.listing) }
    if dryRun {
      return Console.out(try Inbox.preview(store: try options.store.path(for: .operations), settings.settings))
    }
    try StopSignal.install()
    let order = try options.order("nightly", wait: try SettingsOverrides.seconds(wait, "wait") ?? 0)
    let report = NightlyRun(
      order, settings: settings, log: options.log(settings.settings), library: options.library,
      inbox: { try Inbox.pass($0, settings.settings, &$1) }
    ).run()
    ExitStatus.leave(report.status)
  }
}
