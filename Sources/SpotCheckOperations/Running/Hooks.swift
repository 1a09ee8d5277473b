import SpotCheckModel
import SpotCheckReceipts
import SpotCheckSystem

/// Tells the operator's programs how a run went: after everything is recorded and the store is free again, so that no
/// hook can hold up a transaction, and one that fails or hangs changes nothing.
struct Hooks {
  enum Event: String {
    case success = "on_success"
    case failure = "on_failure"
    case quarantine = "on_quarantine"
  }

  let settings: HookSettings
  let store: String

  /// The events that this run calls for, with the words of their programs.
  func due(_ figures: RunFigures) -> [(event: Event, words: [String])] {
    var due: [(Event, [String])] = []
    if figures.filesByState[ReceiptStage.rejected.rawValue] ?? 0 > 0 {
      due.append((.quarantine, settings.onQuarantine))
    }
    due.append(figures.exitStatus == 0 ? (.success, settings.onSuccess) : (.failure, settings.onFailure))
    return due.filter { !$0.1.isEmpty }
  }

  /// Runs one. What went wrong with it is a finding; nil: nothing did.
  func run(_ event: Event, _ words: [String], _ figures: RunFigures) -> RunFinding? {
    let states = figures.filesByState
    let child = ChildProcess(
      words,
      environment: [
        "SPOTCHECK_EVENT": event.rawValue, "SPOTCHECK_RUN": figures.id, "SPOTCHECK_COMMAND": figures.command,
        "SPOTCHECK_STORE": store, "SPOTCHECK_STATE": figures.state,
        "SPOTCHECK_EXIT_STATUS": String(figures.exitStatus),
        "SPOTCHECK_FILES": String(figures.files.count),
        "SPOTCHECK_QUARANTINED": String(states[ReceiptStage.rejected.rawValue] ?? 0),
        "SPOTCHECK_DEFERRED": String(figures.deferredFiles),
        "SPOTCHECK_SNAPSHOT": String(figures.snapshotAfter),
      ],
      input: figures.json, timeout: settings.timeout, outputLimit: 4096)
    let problem: String
    do throws(SystemError) {
      let result = try child.run()
      switch result.end {
      case .exited(0): return nil
      case .exited(let status): problem = "exit status \(status)" + Hooks.firstLine(result.errors)
      case .killed(let signal): problem = "ended by signal \(signal)"
      case .timedOut: problem = "not done after \(Quantity.text(seconds: settings.timeout)), and ended"
      }
    } catch {
      problem = error.description
    }
    return RunFinding(
      kind: "hook", code: "HOOK_FAILED", severity: .warning, message: "\(event.rawValue): \(problem)")
  }

  private static func firstLine(_ bytes: [UInt8]) -> String {
    let line = bytes.prefix { $0 != 0x0A }.prefix(200)
    return line.isEmpty ? "" : ": " + String(decoding: line, as: UTF8.self)
  }
}
