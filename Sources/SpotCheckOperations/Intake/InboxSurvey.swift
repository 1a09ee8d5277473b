import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// The inbox at one moment: what could be taken now, and what has to wait for being at rest or for its done file.
///
/// The one place that decides it, for passes, for a watch that only looks, and for a dry run.
struct InboxSurvey {
  typealias Ready = (entry: InboxEntry, verdict: Sidecars.Verdict)

  let scan: InboxScan
  let sidecars: Sidecars
  /// By our monotonic clock.
  let moment: Double
  private(set) var ready: [Ready] = []
  private(set) var waiting: [InboxEntry] = []

  /// One look of many: what earlier ones observed counts.
  init(
    _ layout: StoreLayout, _ settings: OperationSettings, observing readiness: inout Readiness
  ) throws(SystemError) {
    let scan = try InboxScan(layout, ignoring: IgnoreList(settings))
    readiness.observe(scan)
    try self.init(scan, layout, settings, readiness)
  }

  /// A look that stands alone: it looks, waits until files can have come to rest, and looks again.
  static func afterRest(
    _ layout: StoreLayout, _ settings: OperationSettings, observing readiness: inout Readiness,
    stop: () -> Bool = { false }
  ) throws(SystemError) -> InboxSurvey {
    let first = try InboxSurvey(layout, settings, observing: &readiness)
    let isEmpty = first.scan.files.isEmpty && first.scan.sidecars.isEmpty
    guard !isEmpty, settings.stability > 0, !stop() else { return first }
    // A signal wakes it; the caller asks `stop` before anything else.
    Machine.sleep(seconds: settings.stability)
    return try InboxSurvey(layout, settings, observing: &readiness)
  }

  private init(
    _ scan: InboxScan, _ layout: StoreLayout, _ settings: OperationSettings, _ readiness: Readiness
  ) throws(SystemError) {
    let now = Machine.monotonicSeconds
    self.scan = scan
    moment = now
    let inbox = try OpenFolder(layout.inbox)
    sidecars = try Sidecars(scan, inbox: inbox) { readiness.isReady($0, stability: settings.stability, at: now) }
    for entry in scan.files {
      let verdict = sidecars.verdict(entry, rule: settings.doneRule(folder: entry.folder))
      if verdict != .waits, readiness.isReady(entry, stability: settings.stability, at: now) {
        ready.append((entry, verdict))
      } else {
        waiting.append(entry)
      }
    }
  }
}

extension OpenFolder {
  /// Whether another process has the file open for writing, as far as the file system can tell.
  borrowing func isBeingWritten(_ name: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      return try openFile(name).isOpenForWriting() == true
    } catch {
      // What we may not read we may be able to move; the rest shows when it is claimed.
      guard error.isPermission else { throw error }
      return false
    }
  }
}
