import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckPipeline
import SpotCheckStore
import SpotCheckSystem

/// Makes a batch of a claimed file, and tells whose fault it is if that fails.
struct ClaimedImport {
  enum Result {
    /// Recorded, whatever it was recorded as.
    case recorded(FileOutcome)
    /// Nothing was recorded, and the file had no part in it, or is still being written: back to where it came from.
    case returned(String)
    /// Nothing was recorded, and it may be the file's fault: tried again later, and not for ever.
    case failed(String)
  }

  let run: ImportRun
  let settings: OperationSettings
  let desk: ReceiptDesk
  let room: ProcessingRoom
  let queue: ImportQueue

  /// Begins to read a claimed file.
  ///
  /// - Throws: what the machine is to blame for. The claim is then left as it is, its attempt not counted.
  func begin(
    _ claim: Claim, declared: DeclaredContent?, progress: @escaping (Int, Int, Int) -> Void
  ) throws {
    var delivery = Delivery(
      path: claim.path, origin: ClaimedImport.origin(claim), name: claim.file, id: claim.name.delivery)
    delivery.folder = claim.name.folder
    delivery.bureau = run.bureaus.contains(claim.name.folder) ? claim.name.folder : nil
    delivery.day = StoreDay.today
    do {
      delivery.declared = try declaredByDone(claim) ?? declared
    } catch {
      room.takeBack(claim)
      throw error
    }
    let hooks = TakeHooks(received: { try desk.received($0, claim: claim.name) }, progress: progress)
    if claim.name.attempt > settings.attempts {
      queue.begin(refusing: delivery, poison(claim), hooks)
    } else {
      queue.begin(delivery, hooks)
    }
  }

  /// Records the file that was begun first.
  ///
  /// - Parameter claim: that file's.
  /// - Throws: what the machine is to blame for. The claim is then left as it is, its attempt not counted.
  func finishOldest(_ claim: Claim) throws -> Result {
    do {
      return try attempt(claim)
    } catch {
      room.takeBack(claim)
      throw error
    }
  }

  private func attempt(_ claim: Claim) throws -> Result {
    do {
      return .recorded(try queue.finishOldest())
    } catch let error as ImportError {
      switch error.kind {
      case .changed, .stopped: return .returned(error.message)
      // Our own mistake with this file; the others need not wait for its mending.
      case .unbalanced: return .failed(error.message)
      default: throw error
      }
    } catch let error as SystemError where error.path == claim.path && !error.isOfMachine {
      return .failed(error.description)
    } catch let error as CatalogueError where error.kind == .conflict {
      return .failed(error.description)
    }
  }

  private func poison(_ claim: Claim) -> Diagnostic {
    Diagnostic(
      .filePoison, at: .file,
      "tried \(settings.attempts) times: each time the program ended, or the file could not be read",
      zh: "已尝试 \(settings.attempts) 次，每次程序都中断，或文件无法读取")
  }

  private func declaredByDone(_ claim: Claim) throws -> DeclaredContent? {
    guard claim.hasDone else { return nil }
    let file = try claim.folder.openFile(claim.doneName)
    return Sidecars.declared(in: try file.bytes(at: 0, count: 1 << 16))
  }

  /// How the file is called for people and for the conditions of pipelines, relative to the store.
  static func origin(_ claim: Claim) -> String {
    PathText.join(claim.name.folder.isEmpty ? "inbox" : PathText.join("inbox", claim.name.folder), claim.file)
  }
}

extension DeliveryOutcome {
  /// A file that was recorded.
  init(_ claim: Claim, _ file: FileOutcome, receipt: String) {
    let state: State =
      switch file.state {
      case .accepted: .imported
      case .duplicate: .duplicate
      case .refused: .quarantined
      }
    self.init(
      id: claim.name.delivery, folder: claim.name.folder, name: claim.file, state: state, attempt: claim.name.attempt,
      file: file)
    self.receipt = receipt
  }

  /// A file that was not.
  init(_ claim: Claim, returned reason: String) {
    self.init(
      id: claim.name.delivery, folder: claim.name.folder, name: claim.file, state: .returned,
      attempt: claim.name.attempt)
    self.reason = reason
  }
}

extension FileOutcome {
  /// What the catalogue remembers of a file that an earlier run took in.
  init(_ batch: StoredBatch, origin: String) {
    self.init(path: origin, state: batch.record.state)
    let record = batch.record
    layout = record.layout.isEmpty ? "" : "\(record.pipeline)/\(record.layout)"
    accounts = record.accounts
    samples = record.samples
    items = record.items
    sampleAccounts = record.sampleAccounts ?? SampleAccounts()
    counts = Dictionary(
      record.diagnosticCounts.compactMap { name, count in DiagnosticCode(rawValue: name).map { ($0, count) } },
      uniquingKeysWith: +)
    if record.state == .refused, let code = DiagnosticCode(rawValue: record.refusalCode) {
      refusal = Diagnostic(code, at: .file, record.refusalMessage)
    }
    snapshot = batch.snapshot
    payloadBytes = record.payloadBytes
    fileDigest = record.fileDigest
    payloadDigest = record.payloadDigest
    fileBytes = record.fileBytes
    bureau = record.bureau
    self.batch = batch.id
    place = record.place
  }
}
