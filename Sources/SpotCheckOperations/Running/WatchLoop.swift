import SpotCheckModel
import SpotCheckReceipts
public import SpotCheckSystem

/// Passes one after the other, for as long as nobody asks to stop: the same run as by night, whenever something is ready.
///
/// Between two passes nobody holds the lock. A look at the inbox is cheap and comes again and again, from every second
/// to every minute; notifications only make it come sooner, so that a lost one loses nothing.
public struct WatchLoop {
  /// What a look at the inbox found.
  public struct Glance: Sendable {
    /// Files that can be taken now, by any names that tell them apart.
    public var ready: Set<String> = []
    /// Files that are not at rest yet.
    public var waiting = 0
    /// The folders to be told about.
    public var folders: [String] = []
    public init() {}
  }

  /// A pass comes at least so often: bureaus become overdue without any file.
  static let longestWithoutPass = 86_400.0
  /// The longest pause between two passes that can do nothing with what is there.
  static let longestFruitless = 3600.0

  private let poll: PollSettings
  private let log: RunLog
  private let notifier: ServiceNotifier
  private let glance: () throws -> Glance
  private let pass: () -> RunReport

  /// - Parameters:
  ///   - glance: looks at the inbox, without the lock.
  ///   - pass: one run.
  public init(
    _ poll: PollSettings, log: RunLog, notifier: ServiceNotifier = ServiceNotifier(),
    glance: @escaping () throws -> Glance, pass: @escaping () -> RunReport
  ) {
    self.poll = poll
    self.log = log
    self.notifier = notifier
    self.glance = glance
    self.pass = pass
  }

  /// Where the loop stands.
  private struct State {
    var pause: Double
    /// Passes that failed one after the other, and the moment before which none is tried again.
    var failures = 0
    var notBefore = -Double.infinity
    var lastPass = -Double.infinity
    /// What seemed ready to the last pass, which could do nothing with it; and how often that was so.
    var stuck: Set<String> = []
    var fruitless = 0
    var unwatched: [String] = []
    var last = "no pass yet"
  }

  /// Until a ``StopSignal``, or until the store is one that no waiting mends.
  ///
  /// - Returns: the signal's status, or why the store cannot be used.
  public func run() -> ExitStatus {
    var state = State(pause: poll.minimum)
    var watch = FolderWatch([])
    notifier.ready("watching")
    log.say(.info, "watching")
    defer { notifier.stopping() }
    while true {
      if let signal = StopSignal.requested {
        log.say(.info, "stopping: \(signal.name)")
        return ExitStatus(signal)
      }
      notifier.watchdog()
      if StopSignal.takeStatusRequest() { log.say(.notice, "state: \(state.last)") }
      let found = look(&state)
      watch.update(found.folders)
      tellUnwatched(watch.unwatched.map(\.description), &state)
      let now = Machine.monotonicSeconds
      let isTime = now >= state.notBefore
      let isNew = state.failures == 0 && !found.ready.subtracting(state.stuck).isEmpty && !state.stuck.isEmpty
      let isDue = now - state.lastPass >= WatchLoop.longestWithoutPass
      if isTime && (isDue || !found.ready.isEmpty) || isNew {
        if let end = take(found, &state) { return end }
        continue
      }
      rest(&watch, found, &state)
    }
  }

  private func look(_ state: inout State) -> Glance {
    do {
      return try glance()
    } catch {
      // The inbox is away (a network folder, say): it is looked for again, and not asked every second.
      fail(&state, "the inbox cannot be looked at: \(error)")
      return Glance()
    }
  }

  /// One pass; a status if the loop cannot go on.
  private func take(_ found: Glance, _ state: inout State) -> ExitStatus? {
    let report = pass()
    state.last = "\(report.figures.id) \(report.figures.state)"
    notifier.status("last run \(state.last)")
    log.run = "-"
    switch report.status {
    case .success, .withRejects, .qualityGate, .alert:
      state.failures = 0
      state.lastPass = Machine.monotonicSeconds
      state.pause = poll.minimum
      // What a limit left is for the next pass. What the pass could do nothing with (no room, no rights, unreadable) needs
      // time, or somebody: it is tried again less and less often, and does not keep new files waiting.
      if found.ready.isEmpty || report.pass?.deliveries.contains(where: { $0.state != .returned }) == true {
        state.fruitless = 0
        state.stuck = []
      } else {
        state.fruitless += 1
        state.stuck = found.ready
        let pause = poll.minimum * Double(1 << min(state.fruitless, 16))
        state.notBefore = Machine.monotonicSeconds + min(WatchLoop.longestFruitless, pause)
      }
    case .locked:
      // Somebody else is doing the work.
      state.notBefore = Machine.monotonicSeconds + poll.minimum
    case .hungUp, .interrupted, .terminated:
      return report.status
    case .noStore, .damaged, .newerStore:
      return report.status
    case .failure, .usage, .inputOutput:
      fail(&state, "")
    }
    return nil
  }

  /// The machine failed: the next try comes after a time that doubles, up to the longest pause.
  private func fail(_ state: inout State, _ message: String) {
    if !message.isEmpty, state.failures == 0 { log.say(.error, code: "WATCH", message) }
    state.failures += 1
    let pause = poll.minimum * Double(1 << min(state.failures, 16))
    state.notBefore = Machine.monotonicSeconds + min(poll.maximum, pause)
  }

  private func tellUnwatched(_ unwatched: [String], _ state: inout State) {
    for line in unwatched where !state.unwatched.contains(line) { log.say(.notice, code: "WATCH_POLL", line) }
    state.unwatched = unwatched
  }

  /// Waits for something to happen, at most as long as the pause, which doubles while nothing does.
  private func rest(_ watch: inout FolderWatch, _ found: Glance, _ state: inout State) {
    var seconds = state.pause
    let held = state.notBefore - Machine.monotonicSeconds
    if held > 0, !found.ready.isEmpty { seconds = min(seconds, held) }
    if let interval = notifier.watchdogInterval { seconds = min(seconds, interval / 2) }
    switch watch.wait(seconds: max(0.05, seconds)) {
    case .changed, .overflowed:
      state.pause = poll.minimum
      // Nothing that has just come can be ready; a storm of events must not make a storm of looks.
      Machine.sleep(seconds: poll.minimum)
    case .timedOut:
      state.pause = found.waiting > 0 ? poll.minimum : min(poll.maximum, state.pause * 2)
    case .signalled: break
    }
  }
}
