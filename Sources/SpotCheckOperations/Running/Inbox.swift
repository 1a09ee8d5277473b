import SpotCheckModel
public import SpotCheckPipeline
import SpotCheckStore
import SpotCheckSystem

/// Joins a run to the pass over the inbox.
public enum Inbox {
  /// The pass of a run that stands alone: it looks, waits until files can have come to rest, and looks again.
  public static func pass(_ run: ImportRun, _ settings: OperationSettings, _ outcome: inout PassOutcome) throws {
    let pass = InboxPass(run: run, settings: settings)
    defer { outcome = pass.outcome }
    _ = try pass.run(stop: run.isStopped)
  }

  /// What a pass would do now, without doing it: reads names and times, and neither takes the lock nor writes.
  public static func preview(store: String, _ settings: OperationSettings) throws -> String {
    let layout = StoreLayout(root: store)
    let ignore = IgnoreList(settings)
    var readiness = Readiness()
    var scan = try InboxScan(layout, ignoring: ignore)
    readiness.observe(scan)
    if !scan.files.isEmpty, settings.stability > 0 {
      Machine.sleep(seconds: settings.stability)
      scan = try InboxScan(layout, ignoring: ignore)
      readiness.observe(scan)
    }
    let look = try InboxLook(layout, scan, readiness, settings)
    let backlog = Backlog(fresh: look.ready, retries: [])
    var budget = Budget(settings, layout: layout, largest: backlog.largest)
    var lines: [String] = []
    var refusal: String?
    for item in backlog.remaining {
      if refusal == nil { refusal = try budget.refusal(of: item.size) }
      if refusal == nil { budget.take(item.size) }
      guard case .fresh(let entry, _) = item else { continue }
      let verb = refusal.map { "leave (\($0))" } ?? "take"
      lines.append("\(verb)\t\(entry.folder)\t\(PathText.printable(entry.name))\t\(entry.status.byteCount)")
    }
    lines += look.retries.map { "finish\t\($0.folder)\t\($0.delivery)\t" }
    lines += look.waiting.map { "wait\t\($0.folder)\t\(PathText.printable($0.name))\t\($0.status.byteCount)" }
    lines += scan.notes.map { "note\t\($0.folder)\t\(PathText.printable($0.name))\t\($0.code.rawValue)" }
    return lines.map { $0 + "\n" }.joined()
  }
}

/// The inbox and what was left half done, sorted by whether a pass could do something with it.
struct InboxLook {
  private(set) var ready: [(entry: InboxEntry, verdict: Sidecars.Verdict)] = []
  private(set) var waiting: [InboxEntry] = []
  /// Claims that an earlier run, or one that is at work now, has left.
  private(set) var retries: [ClaimName] = []

  init(_ layout: StoreLayout, _ scan: InboxScan, _ readiness: Readiness, _ settings: OperationSettings) throws {
    let now = Machine.monotonicSeconds
    let inbox = try OpenFolder(layout.inbox)
    let sidecars = try Sidecars(scan, inbox: inbox) {
      readiness.isReady($0, stability: settings.stability, at: now)
    }
    for entry in scan.files {
      let verdict = sidecars.verdict(entry, rule: settings.doneRule(folder: entry.folder))
      if verdict != .waits, readiness.isReady(entry, stability: settings.stability, at: now) {
        ready.append((entry, verdict))
      } else {
        waiting.append(entry)
      }
    }
    // Names only: without the lock nothing here may be tidied.
    for run in try FileSystem.names(in: layout.processing) {
      let claims = (try? FileSystem.names(in: PathText.join(layout.processing, run))) ?? []
      retries += claims.compactMap { ClaimName($0) }.filter { readiness.mayRetry($0.delivery, at: now) }
    }
  }
}

/// The inbox over many looks and passes: what was observed by one counts for the next.
public final class InboxWatcher {
  private let layout: StoreLayout
  private var readiness = Readiness()

  public init(store: String) { layout = StoreLayout(root: store) }

  /// Looks, without the lock.
  public func glance(_ settings: OperationSettings) throws -> WatchLoop.Glance {
    let scan = try InboxScan(layout, ignoring: IgnoreList(settings))
    readiness.observe(scan)
    let look = try InboxLook(layout, scan, readiness, settings)
    var glance = WatchLoop.Glance()
    glance.waiting = look.waiting.count
    for (entry, _) in look.ready {
      // Somebody has it open: a pass would leave it, and be recorded for nothing.
      if settings.asksForLease, isBeingWritten(entry) { glance.waiting += 1 } else { glance.ready.insert(entry.key) }
    }
    for claim in look.retries { glance.ready.insert("/" + claim.delivery) }
    glance.folders = [layout.inbox]
    for entry in try FileSystem.list(layout.inbox) where entry.status.kind == .folder {
      glance.folders.append(PathText.join(layout.inbox, entry.name))
    }
    return glance
  }

  /// One pass of many.
  public func pass(_ run: ImportRun, _ settings: OperationSettings, _ outcome: inout PassOutcome) throws {
    let pass = InboxPass(run: run, settings: settings)
    defer { outcome = pass.outcome }
    _ = try pass.run(observing: &readiness, stop: run.isStopped)
  }

  /// What cannot be asked is for the pass to find out.
  private func isBeingWritten(_ entry: InboxEntry) -> Bool {
    do throws(SystemError) {
      let inbox = try OpenFolder(layout.inbox)
      if entry.folder.isEmpty { return try inbox.openFile(entry.name).isOpenForWriting() == true }
      return try inbox.folder(entry.folder).openFile(entry.name).isOpenForWriting() == true
    } catch {
      return false
    }
  }
}
