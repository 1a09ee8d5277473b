public import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckPipeline
public import SpotCheckQuery
public import SpotCheckReceipts
import SpotCheckStore
import SpotCheckSystem

/// The runs of a store, as its catalogue and the folder `runs/` remember them.
public struct RunHistory {
  private let layout: StoreLayout
  private let catalogue: Catalogue

  public init(_ store: OpenStore) {
    layout = store.layout
    catalogue = store.catalogue
  }

  /// A run by its id, the beginning of it if no other begins so, or `last`.
  ///
  /// - Throws: ``SettingsError`` if there is none, or several.
  public func find(_ name: String) throws -> StoredRun {
    let runs = try catalogue.runs()
    if let run = runs.first(where: { $0.record.id == name }) { return run }
    if name == "last", let run = runs.last { return run }
    let near = runs.filter { !name.isEmpty && $0.record.id.hasPrefix(name) }
    if let run = near.first, near.count == 1 { return run }
    throw SettingsError(
      near.isEmpty ? "there is no run '\(name)'" : "'\(name)' is the beginning of \(near.count) runs; say more of it")
  }

  /// One line a run, newest last; at most `limit` of the newest.
  public func list(limit: Int? = nil) throws -> Report {
    let runs = try catalogue.runs()
    let shown = limit.map { Array(runs.suffix(max(0, $0))) } ?? runs
    let columns = [
      ReportColumn("run", heading: "运行"), ReportColumn("command", heading: "命令"),
      ReportColumn("state", heading: "状态"), ReportColumn("started", heading: "开始"),
      ReportColumn("seconds", heading: "秒", isNumeric: true), ReportColumn("files", heading: "文件", isNumeric: true),
      ReportColumn("accepted", heading: "受理", isNumeric: true), ReportColumn("refused", heading: "拒收", isNumeric: true),
      ReportColumn("duplicate", heading: "重复", isNumeric: true),
      ReportColumn("snapshot_before", heading: "前快照", isNumeric: true),
      ReportColumn("snapshot_after", heading: "后快照", isNumeric: true),
      ReportColumn("message", heading: "说明"),
    ]
    let rows = try shown.map { try line($0) }
    return Report(columns: columns, query: [("list", .text("runs"))], snapshot: try catalogue.latestSnapshot()) {
      body in
      for row in rows { try body(row) }
    }
  }

  private func line(_ run: StoredRun) throws -> [ReportCell] {
    let batches = try catalogue.batches(run: run.record.id)
    func count(_ state: BatchState) -> ReportCell { .integer(batches.count { $0.record.state == state }) }
    var seconds = ReportCell.missing
    if let started = run.record.started, let ended = run.record.ended {
      seconds = .number(Double(ended &- started) / 1000, digits: 1)
    }
    return [
      .text(run.record.id), .text(run.record.command), .text(run.record.state),
      run.record.started.map { .text(TimeStamp(milliseconds: $0).text) } ?? .missing, seconds,
      .integer(batches.count), count(.accepted), count(.refused), count(.duplicate),
      .integer(Int(clamping: run.firstSnapshot)), .integer(Int(clamping: run.lastSnapshot)),
      run.record.message.isEmpty ? .missing : .text(PersonalData.masked(run.record.message)),
    ]
  }

  /// The record `runs/<run>.json` as it was written; nil if there is none (runs of other commands, and interrupted ones).
  public func record(_ run: StoredRun) throws -> [UInt8]? {
    let path = layout.runRecord(run.record.id)
    guard try FileSystem.exists(path) else { return nil }
    return try InputFile.contents(of: path, limit: 256 << 20)
  }

  /// What the catalogue knows of a run, for one without a record of its own: the same keys, fewer of them filled.
  public func figures(_ run: StoredRun) throws -> RunFigures {
    var figures = RunFigures(
      id: run.record.id, command: run.record.command, started: TimeStamp(milliseconds: run.record.started ?? 0))
    figures.program = run.record.version
    figures.ended = run.record.ended.map { TimeStamp(milliseconds: $0) }
    if let started = run.record.started, let ended = run.record.ended {
      figures.durationMilliseconds = max(0, ended &- started)
    }
    figures.state = run.record.state
    figures.message = run.record.message
    figures.snapshotBefore = run.firstSnapshot
    figures.snapshotAfter = run.lastSnapshot
    figures.files = try catalogue.batches(run: run.record.id).map { FileFigures($0) }
    return figures
  }

  /// When the last run ended that did its work; nil: none has yet.
  static func lastSuccess(_ catalogue: Catalogue) throws -> Int64? {
    let unattended: Set<String> = ["nightly", "watch"]
    return try catalogue.runs().filter {
      unattended.contains($0.record.command) && RunState(rawValue: $0.record.state)?.isDone == true
    }.compactMap(\.record.ended).max()
  }
}

extension FileFigures {
  /// As recorded in the catalogue.
  init(_ batch: StoredBatch) {
    let record = batch.record
    let state: ReceiptStage =
      switch record.state {
      case .accepted: record.accounts.rejected > 0 ? .partlyAccepted : .accepted
      case .refused: .rejected
      case .duplicate: .duplicate
      }
    self.init(
      delivery: record.delivery ?? "", bureau: record.bureau.isEmpty ? record.folder : record.bureau, name: record.name,
      state: state.rawValue)
    digest = record.fileDigest
    bytes = Int64(clamping: record.fileBytes)
    code = record.refusalCode
    layout = record.pipeline.isEmpty ? "" : record.pipeline + "/" + record.layout
    revision = record.revision
    self.batch = batch.id
    snapshot = batch.snapshot
    rows = record.accounts
    samples = record.samples
    items = record.items
    counts = record.diagnosticCounts
    place = record.place.isEmpty ? nil : record.place
  }
}
