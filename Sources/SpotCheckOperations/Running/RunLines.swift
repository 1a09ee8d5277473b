import SpotCheckModel
import SpotCheckPipeline
import SpotCheckReceipts

/// What a run says about its files and about itself.
enum RunLines {
  static func say(_ delivery: DeliveryOutcome, to log: RunLog) {
    let figures = FileFigures(delivery)
    let level: LogLevel =
      switch ReceiptStage(rawValue: figures.state) {
      case .rejected, .partlyAccepted, .returned: .warning
      case .acceptedWithWarnings: .notice
      default: .info
      }
    var facts = [LogFact("delivery", figures.delivery), LogFact("state", figures.state)]
    if figures.rows.read > 0 {
      facts += [
        LogFact("read", figures.rows.read), LogFact("accepted", figures.rows.accepted),
        LogFact("rejected", figures.rows.rejected), LogFact("samples", figures.samples),
      ]
    }
    if let place = figures.place { facts.append(LogFact("place", place)) }
    let reason = delivery.file?.refusal?.message ?? ""
    log.say(
      level, file: figures.digest, bureau: figures.bureau, code: figures.code,
      delivery.name + (reason.isEmpty ? "" : ": " + reason), facts: facts)
  }

  static func say(_ report: RunReport, to log: RunLog) {
    let figures = report.figures
    if let failure = report.failure, !isStop(report.status) {
      log.say(.error, code: "RUN_FAILED", "\(failure)")
    }
    var facts = [LogFact("exit_status", figures.exitStatus)]
    facts += figures.filesByState.sorted { $0.key < $1.key }.map { LogFact($0.key, $0.value) }
    if let pass = report.pass {
      facts += pass.deferred.sorted { $0.key < $1.key }.map { LogFact("deferred_" + $0.key, $0.value) }
      facts += [LogFact("waiting", pass.waiting), LogFact("ignored", pass.ignored), LogFact("seen", pass.seen)]
    }
    let rows = figures.rows
    if rows.read > 0 {
      facts += [
        LogFact("rows_read", rows.read), LogFact("rows_accepted", rows.accepted),
        LogFact("rows_rejected", rows.rejected), LogFact("rows_duplicate", rows.duplicate),
        LogFact("rows_blank", rows.blank),
      ]
    }
    facts.append(LogFact("ms", Int(clamping: figures.durationMilliseconds)))
    let level: LogLevel = report.status == .success ? .info : report.status.isDone ? .warning : .error
    log.say(level, "\(figures.command) \(figures.state)", facts: facts)
  }

  private static func isStop(_ status: ExitStatus) -> Bool {
    status == .terminated || status == .interrupted || status == .hungUp
  }
}
