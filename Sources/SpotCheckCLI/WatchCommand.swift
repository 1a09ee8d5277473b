import ArgumentParser
import SpotCheck

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Takes in files as they come, until it is told to stop.",
    discussion: """
      The same run as 'nightly', again and again, whenever something in the inbox is ready. The lock is held only while
      there is work. SIGTERM or SIGINT ends it within seconds, with the file at work undone; SIGUSR1 asks for a line.
      Settings and pipelines are read anew before each run.

      EXAMPLES
        spotcheck watch --store store
        spotcheck watch --store store --stability 30s --log-format json
      """)

  @OptionGroup var options: RunOptions

  func run() throws {
    let settings = try options.settings()
    if options.printSettings { return Console.out(settings.listing) }
    try StopSignal.install()
    let log = options.log(settings.settings)
    let notifier = ServiceNotifier()
    let order = try options.order("watch")
    let watcher = InboxWatcher(store: order.store)
    let loop = WatchLoop(
      settings.settings.poll, log: log, notifier: notifier,
      glance: { try watcher.glance(try options.settings().settings) },
      pass: {
        do {
          let settings = try options.settings()
          return NightlyRun(
            order, settings: settings, log: log, library: options.library,
            heartbeat: { notifier.watchdog() },
            inbox: { try watcher.pass($0, settings.settings, &$1) }
          ).run()
        } catch {
          // Somebody is editing the settings: the next pass reads them again.
          return RunReport(failed: error, order: order, log: log)
        }
      })
    ExitStatus.leave(loop.run())
  }
}
