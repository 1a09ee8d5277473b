import SpotCheckModel
import SpotCheckPipeline
import SpotCheckReceipts
import SpotCheckSystem

extension RunFigures {
  /// How many files were left for the next run; ``deferred`` has one entry a reason: `files 12`.
  var deferredFiles: Int {
    deferred.reduce(0) { $0 + (Int($1.split(separator: " ").last ?? "") ?? 0) }
  }
}

extension ExitStatus {
  /// What a run leaves with, by what is gravest: the signal that ended it, what it could not do, a breached gate, a
  /// bureau that is overdue, and then what does not count. Files that are still being written change nothing.
  init(_ figures: RunFigures, pass: PassOutcome?, failure: (any Error)?, signal: StopSignal?) {
    if let signal, failure.map(ExitStatus.isStop) ?? true {
      self.init(signal)
    } else if let failure {
      self.init(failure: failure)
    } else if pass?.deliveries.contains(where: { $0.file?.refusal?.code.isGate == true }) == true {
      self = .qualityGate
    } else if figures.findings.contains(where: { $0.kind == "freshness" && $0.severity >= .error }) {
      self = .alert
    } else if let pass, !pass.isClean {
      self = .withRejects
    } else {
      self = .success
    }
  }

  private static func isStop(_ error: any Error) -> Bool {
    if case .stopped? = (error as? ImportError)?.kind { return true }
    return false
  }
}

extension PassOutcome {
  /// Everything that was delivered counts, or still lies there because it is being written.
  var isClean: Bool {
    deferred.isEmpty && !hasUnseen
      && deliveries.allSatisfy { delivery in
        switch delivery.state {
        case .imported: delivery.file?.accounts.rejected ?? 0 == 0
        case .duplicate: true
        case .quarantined, .returned: false
        }
      }
  }
}

extension PassOutcome {
  /// A folder could not be looked into, or not to its end: whatever lies there was left, and cannot be counted.
  private var hasUnseen: Bool { notes.contains { $0.code == .fileUnreadable || $0.code == .fileTooBig } }
}

extension FileFigures {
  init(_ delivery: DeliveryOutcome) {
    self.init(
      delivery: delivery.id, bureau: delivery.folder, name: delivery.name, state: FileFigures.stage(delivery).rawValue)
    attempt = delivery.attempt
    guard let file = delivery.file else { return }
    if !file.bureau.isEmpty { bureau = file.bureau }
    digest = file.fileDigest
    bytes = Int64(file.fileBytes)
    code = file.refusal?.code.rawValue ?? ""
    layout = file.layout
    batch = file.batch
    snapshot = file.snapshot
    rows = file.accounts
    samples = file.samples
    items = file.items
    superseded = file.superseded
    counts = Dictionary(uniqueKeysWithValues: file.counts.map { ($0.key.rawValue, $0.value) })
    milliseconds = Int64((max(0, min(file.seconds, 1e9)) * 1000).rounded())
    place = file.place.isEmpty ? nil : file.place
  }

  /// What the receipt calls it.
  static func stage(_ delivery: DeliveryOutcome) -> ReceiptStage {
    switch delivery.state {
    case .duplicate: .duplicate
    case .quarantined: .rejected
    case .returned: .returned
    case .imported:
      if delivery.file?.accounts.rejected ?? 0 > 0 {
        .partlyAccepted
      } else if delivery.file?.counts.keys.contains(where: { $0.severity >= .warning }) == true {
        .acceptedWithWarnings
      } else {
        .accepted
      }
    }
  }
}
