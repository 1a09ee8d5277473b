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
    var readiness = Readiness()
    let survey = try InboxSurvey.afterRest(layout, settings, observing: &readiness)
    let backlog = Backlog(fresh: survey.ready, retries: [])
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
    lines += try leftClaims(layout, readiness, at: survey.moment).map { "finish\t\($0.folder)\t\($0.delivery)\t" }
    lines += survey.waiting.map { "wait\t\($0.folder)\t\(PathText.printable($0.name))\t\($0.status.byteCount)" }
    lines += survey.scan.notes.map { "note\t\($0.folder)\t\(PathText.printable($0.name))\t\($0.code.rawValue)" }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Claims that an earlier run, or one that is at work now, has left, and that may be tried. Names only: without the
  /// lock nothing here may be tidied.
  static func leftClaims(_ layout: StoreLayout, _ readiness: Readiness, at now: Double) throws -> [ClaimName] {
    var claims: [ClaimName] = []
    for run in try FileSystem.names(in: layout.processing) {
      let names = (try? FileSystem.names(in: PathText.join(layout.processing, run))) ?? []
      claims += names.compactMap { ClaimName($0) }.filter { readiness.mayRetry($0.delivery, at: now) }
    }
    return claims
  }
}

/// The inbox over many looks and passes: what was observed by one counts for the next.
public final class InboxWatcher {
  private let layout: StoreLayout
  private var readiness = Readiness()

  public init(store: String) { layout = StoreLayout(root: store) }

  /// Looks, without the lock.
  public func glance(_ settings: OperationSettings) throws -> WatchLoop.Glance {
    let survey = try InboxSurvey(layout, settings, observing: &readiness)
    var glance = WatchLoop.Glance()
    glance.waiting = survey.waiting.count
    for (entry, _) in survey.ready {
      // Somebody has it open: a pass would leave it, and be recorded for nothing.
      if settings.asksForLease, isBeingWritten(entry) { glance.waiting += 1 } else { glance.ready.insert(entry.key) }
    }
    for claim in try Inbox.leftClaims(layout, readiness, at: survey.moment) {
      glance.ready.insert("/" + claim.delivery)
    }
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
    guard let inbox = try? OpenFolder(layout.inbox) else { return false }
    if entry.folder.isEmpty { return (try? inbox.isBeingWritten(entry.name)) ?? false }
    guard let folder = try? inbox.folder(entry.folder) else { return false }
    return (try? folder.isBeingWritten(entry.name)) ?? false
  }
}
