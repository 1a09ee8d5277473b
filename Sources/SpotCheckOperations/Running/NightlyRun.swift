import SpotCheckCatalogue
import SpotCheckModel
public import SpotCheckPipeline
import SpotCheckQuery
public import SpotCheckReceipts
import SpotCheckStore
import SpotCheckSystem

/// One pass with everything around it: the lock, the inbox with its gates, freshness, the record, metrics, hooks.
/// `nightly` is one of these, `watch` one after the other.
///
/// It never throws: what could not be done is part of the report, because it must be recorded, measured and told too.
public struct NightlyRun {
  /// The work on the inbox under the lock: claims, imports, receipts. The outcome is filled as far as the work got, also
  /// if it throws.
  public typealias InboxWork = (ImportRun, inout PassOutcome) throws -> Void

  /// What a run is told.
  public struct Order: Sendable {
    public var store: String
    /// `nightly` or `watch`.
    public var command = "nightly"
    /// As given, for the record.
    public var arguments: [String] = []
    public var version = ""
    /// Seconds to wait for another run to end.
    public var wait = 0.0

    public init(store: String) { self.store = store }
  }

  private let order: Order
  private let loadLibrary: () throws -> PipelineLibrary
  private let effective: EffectiveSettings
  private let log: RunLog
  private let inbox: InboxWork
  private let heartbeat: () -> Void
  private var settings: OperationSettings { effective.settings }
  private var layout: StoreLayout { StoreLayout(root: order.store) }

  /// - Parameters:
  ///   - library: loads the pipelines; what it throws is a failure of the run like others.
  ///   - heartbeat: called again and again while files are read, so that a service manager sees life.
  public init(
    _ order: Order, settings: EffectiveSettings, log: RunLog, library: @escaping () throws -> PipelineLibrary,
    heartbeat: @escaping () -> Void = {}, inbox: @escaping InboxWork
  ) {
    self.order = order
    loadLibrary = library
    self.heartbeat = heartbeat
    effective = settings
    self.log = log
    self.inbox = inbox
  }

  /// Runs, records and tells.
  public func run() -> RunReport {
    let start = Machine.monotonicSeconds
    var report = RunReport(figures: RunFigures(id: "-", command: order.command, started: TimeStamp.now))
    report.figures.arguments = order.arguments
    report.figures.program = order.version
    report.figures.host = Machine.hostName
    report.figures.configuration = effective.digest
    do {
      let library = try loadLibrary()
      let run = try begin(library, &report)
      do {
        try work(run, &report)
        try finish(run, library, &report)
      } catch {
        report.failure = error
      }
      close(run, &report, start)
    } catch {
      // Nothing was begun: there is no record to write, but somebody must hear of it.
      report.failure = error
      conclude(&report, start)
    }
    // From here nobody is kept waiting: the lock went with the run.
    after(&report)
    return report
  }

  // MARK: Under the lock

  private func begin(_ library: PipelineLibrary, _ report: inout RunReport) throws -> ImportRun {
    var options = ImportOptions()
    options.command = order.command
    options.jobs = settings.jobs ?? ImportOptions.usualJobs
    options.version = order.version
    options.details = RunDetails.begun(report.figures)
    let end = Machine.monotonicSeconds + order.wait
    while true {
      do {
        let run = try ImportRun(store: order.store, library: library, options: options)
        report.figures.id = run.id
        log.run = run.id
        return run
      } catch let error as ImportError where error.kind == .locked {
        let left = end - Machine.monotonicSeconds
        guard left > 0, Machine.sleep(seconds: min(0.25, left)) else { throw error }
      }
    }
  }

  private func work(_ run: ImportRun, _ report: inout RunReport) throws {
    report.figures.snapshotBefore = try run.catalogue.latestSnapshot()
    for earlier in try run.catalogue.interruptRuns(except: run.id) {
      let message = "run \(earlier) had ended without a word"
      log.say(.warning, code: "RUN_INTERRUPTED", message)
      report.figures.findings.append(
        RunFinding(kind: "recovery", code: "RUN_INTERRUPTED", severity: .warning, message: message))
    }
    run.isStopped = { [heartbeat] in
      heartbeat()
      return StopSignal.requested != nil
    }
    let gate = QualityGate(settings.gates) { [catalogue = run.catalogue] subject, limit in
      try catalogue.recentRecords(
        bureau: subject.bureau, pipeline: subject.pipeline, layout: subject.layout, limit: limit)
    }
    run.gate = { try gate.findings($0) }
    var pass = PassOutcome()
    defer {
      report.pass = pass
      take(pass, &report)
    }
    try inbox(run, &pass)
  }

  /// What comes after the files, unless somebody wants the program to end.
  private func finish(_ run: ImportRun, _ library: PipelineLibrary, _ report: inout RunReport) throws {
    guard StopSignal.requested == nil else { return }
    try judgeFreshness(library.calendar, &report)
  }

  private func take(_ pass: PassOutcome, _ report: inout RunReport) {
    report.figures.files = pass.deliveries.map { FileFigures($0) }
    report.figures.deferred = pass.deferred.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    if pass.waiting > 0 { report.figures.waiting = [String(pass.waiting)] }
    for delivery in pass.deliveries { RunLines.say(delivery, to: log) }
    for note in pass.notes {
      log.say(.warning, bureau: note.folder, code: note.code.rawValue, PathText.printable("\(note)"))
      report.figures.findings.append(
        RunFinding(
          kind: "inbox", code: note.code.rawValue, severity: .warning, bureau: note.folder,
          message: PathText.printable("\(note)")))
    }
    for delivery in pass.deliveries {
      for diagnostic in delivery.file?.diagnostics ?? [] where diagnostic.code.isGate {
        report.figures.findings.append(
          RunFinding(
            kind: "gate", code: diagnostic.code.rawValue,
            severity: diagnostic.severity == .fatal ? .error : .warning, bureau: delivery.file?.bureau,
            message: "\(delivery.name): \(diagnostic.message)"))
      }
    }
  }

  private func judgeFreshness(_ calendar: WorkCalendar, _ report: inout RunReport) throws {
    guard !settings.freshness.isEmpty else { return }
    let coverage = try Coverage(try OpenStore(order.store).snapshot())
    let check = FreshnessCheck(settings.freshness, calendar: calendar, today: CalendarDay.today)
    for finding in check.findings(coverage.months) {
      let level: LogLevel = finding.level == .error ? .error : finding.level == .warning ? .warning : .notice
      log.say(level, bureau: finding.bureau, code: finding.code, finding.message)
      report.figures.findings.append(
        RunFinding(
          kind: "freshness", code: finding.code,
          severity: finding.level == .error ? .error : finding.level == .warning ? .warning : .info,
          bureau: finding.bureau, message: finding.message))
    }
  }

  // MARK: At the end

  private func close(_ run: ImportRun, _ report: inout RunReport, _ start: Double) {
    report.figures.snapshotAfter = (try? run.catalogue.latestSnapshot()) ?? report.figures.snapshotBefore
    report.figures.journalHead = (try? run.catalogue.journalHead())?.hash
    conclude(&report, start)
    do {
      try run.end(
        report.figures.state, message: report.figures.message, details: RunDetails.ended(report.figures))
    } catch {
      // The first failure is the one that counts.
      report.failure = report.failure ?? error
      conclude(&report, start)
    }
    report.isRecorded = true
    writeRecord(&report)
  }

  /// Sets status, state and message from what happened.
  private func conclude(_ report: inout RunReport, _ start: Double) {
    report.status = ExitStatus(
      report.figures, pass: report.pass, failure: report.failure, signal: StopSignal.requested)
    report.figures.exitStatus = Int(report.status.rawValue)
    report.figures.state = RunState(report).rawValue
    report.figures.message = report.failure.map { "\($0)" } ?? ""
    report.figures.ended = TimeStamp.now
    report.figures.durationMilliseconds = Int64((max(0, Machine.monotonicSeconds - start) * 1000).rounded())
  }

  private func writeRecord(_ report: inout RunReport) {
    do throws(SystemError) {
      try FileSystem.createFolder(layout.runs)
      try DurableWriter.write(report.figures.json, to: layout.runRecord(report.figures.id))
    } catch {
      // The catalogue has the run; only the file beside it is missing.
      log.say(.error, code: "RUN_RECORD", error.description)
      if report.status.isDone {
        report.status = .inputOutput
        report.figures.exitStatus = Int(report.status.rawValue)
      }
    }
  }

  private func after(_ report: inout RunReport) {
    RunLines.say(report, to: log)
    // Somebody else is at work, and will tell; or there is nothing to tell about.
    if report.status != .locked, report.status != .noStore, let path = settings.metricsFile {
      do {
        try MetricsWriter(layout: layout, path: path, settings: settings, program: order.version).write(
          status: report.status, milliseconds: report.figures.durationMilliseconds)
      } catch {
        log.say(.error, code: "METRICS", "\(error)")
      }
    }
    let hooks = Hooks(settings: settings.hooks, store: order.store)
    var failed = false
    for (event, words) in hooks.due(report.figures) {
      guard let finding = hooks.run(event, words, report.figures) else { continue }
      log.say(.warning, code: finding.code, finding.message)
      report.figures.findings.append(finding)
      failed = true
    }
    if failed, report.isRecorded { writeRecord(&report) }
  }
}

/// What a run did, and how it left.
public struct RunReport {
  public var figures: RunFigures
  public var status = ExitStatus.success
  public var pass: PassOutcome?
  /// Why the run could not go on.
  public var failure: (any Error)?
  /// Whether the store knows of the run.
  var isRecorded = false

  init(figures: RunFigures) { self.figures = figures }

  /// A run that could not even begin, because it could not be told how.
  public init(failed error: any Error, order: NightlyRun.Order, log: RunLog) {
    figures = RunFigures(id: "-", command: order.command, started: TimeStamp.now)
    failure = error
    status = ExitStatus(failure: error)
    figures.exitStatus = Int(status.rawValue)
    figures.state = RunState.failed.rawValue
    log.say(.error, code: "RUN_FAILED", "\(error)")
  }
}

/// The words for how a run stands, in the table of runs and in its record. Never renamed.
public enum RunState: String, Sendable, CaseIterable {
  case running
  /// Everything that was delivered counts.
  case done
  /// The run did its work; not everything that was delivered counts.
  case doneWithRejects = "done_with_rejects"
  /// A gate was breached or a bureau is overdue.
  case alerted
  /// Asked to stop, and did.
  case stopped
  case failed
  /// It ended without a word: killed, or the power went.
  case interrupted

  init(_ report: RunReport) {
    self =
      switch report.status {
      case .success: .done
      case .withRejects: .doneWithRejects
      case .qualityGate, .alert: .alerted
      case .hungUp, .interrupted, .terminated: .stopped
      default: .failed
      }
  }

  /// Whether the run got to the end of its work.
  public var isDone: Bool { self == .done || self == .doneWithRejects || self == .alerted }
}

/// The column `details` of the table of runs: JSON.
enum RunDetails {
  static func begun(_ figures: RunFigures) -> String { object(figures).text }

  static func ended(_ figures: RunFigures) -> String {
    var json = object(figures)
    json.set("exit_status", figures.exitStatus)
    var files = JSONObject()
    for (state, count) in figures.filesByState.sorted(by: { $0.key < $1.key }) { files.set(state, count) }
    json.set("files", json: files.text)
    json.set("deferred", figures.deferredFiles)
    return json.text
  }

  private static func object(_ figures: RunFigures) -> JSONObject {
    var json = JSONObject()
    json.set("arguments", json: "[" + figures.arguments.map(JSONText.quoted).joined(separator: ",") + "]")
    json.set("host", figures.host)
    json.set("configuration", figures.configuration)
    return json
  }
}
