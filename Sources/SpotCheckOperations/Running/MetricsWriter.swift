import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckReceipts
import SpotCheckStore
import SpotCheckSystem

/// Writes the file that Prometheus' textfile collector reads: whole, beside it, and then renamed, so that nobody ever
/// reads half of it. Written after failures too.
struct MetricsWriter {
  let layout: StoreLayout
  let path: String
  let settings: OperationSettings
  let program: String

  /// - Parameter status: of the run that has just ended.
  func write(status: ExitStatus, milliseconds: Int64) throws {
    var figures = MetricsFigures()
    figures.program = program
    figures.lastRun = TimeStamp.now
    figures.lastExitStatus = Int(status.rawValue)
    figures.runMilliseconds = milliseconds
    figures.freeBytes = (try? FileSystem.freeBytes(layout.root)) ?? 0
    // A store that cannot be read is worth a file that says that the run failed.
    try? fill(&figures)
    try DurableWriter.write(MetricsText.file(figures), to: path, mode: 0o644)
    // The collector is another user, and cron's umask is narrow.
    try FileSystem.setMode(path, 0o644)
  }

  private func fill(_ figures: inout MetricsFigures) throws {
    let catalogue = try Catalogue.open(path: layout.catalogue, access: .readOnly)
    defer { try? catalogue.close() }
    let totals = try catalogue.totals()
    figures.filesByState = totals.files
    figures.rowsByState = [
      "accepted": totals.rows.accepted, "rejected": totals.rows.rejected, "duplicate": totals.rows.duplicate,
      "blank": totals.rows.blank,
    ]
    figures.rejectsByCode = totals.rejects
    figures.lastReceived = totals.lastReceived.mapValues { TimeStamp(milliseconds: $0) }
    figures.quarantined = try catalogue.refusals()
    figures.snapshot = try catalogue.latestSnapshot()
    figures.lastSuccess = try RunHistory.lastSuccess(catalogue).map { TimeStamp(milliseconds: $0) }
    figures.storeBytes = try catalogue.visibleSegments(at: figures.snapshot).reduce(0) { $0 &+ Int64($1.record.bytes) }
    let pending = try PendingFiles(layout, settings)
    figures.pendingFiles = pending.counts
    figures.oldestPendingSeconds = pending.oldestSeconds.mapValues { Int(clamping: Int64($0)) }
  }
}

/// What lies in the inboxes, as anybody can see it.
struct PendingFiles {
  /// By folder of the inbox; one with no file is 0.
  private(set) var counts: [String: Int] = [:]
  /// Age of the oldest, by the time of its last change of content, name or rights: the one time that a sender cannot
  /// choose.
  private(set) var oldestSeconds: [String: Double] = [:]

  init(_ layout: StoreLayout, _ settings: OperationSettings) throws {
    let now = Machine.wallClockNanoseconds
    for folder in try FileSystem.list(layout.inbox) where folder.status.kind == .folder {
      counts[folder.name] = 0
      oldestSeconds[folder.name] = 0
    }
    for entry in try InboxScan(layout, ignoring: IgnoreList(settings)).files {
      counts[entry.folder, default: 0] += 1
      let age = Double(now &- entry.status.changedNanoseconds) / 1e9
      oldestSeconds[entry.folder] = max(oldestSeconds[entry.folder] ?? 0, age)
    }
  }
}
