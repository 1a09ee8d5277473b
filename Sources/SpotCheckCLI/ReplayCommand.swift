import ArgumentParser
import SpotCheck
import SpotCheckOperations

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Curates kept files anew after code tables or pipelines were corrected.",
    discussion: """
      Only files made with another revision are read, and only what they changed is replaced: the same as importing
      everything anew. Earlier snapshots answer as before.

      EXAMPLES
        spotcheck replay --store store --dry-run
        spotcheck replay --store store --code CODE_UNKNOWN_CATEGORY --since 2025-07-01
      """)
  @OptionGroup var store: StoreOption
  @OptionGroup var pipelines: PipelinesOption

  @Flag(name: .customLong("dry-run"), help: "Say which rates would change, and change nothing.")
  var isDryRun = false

  @Option(help: "Only files in which this was found: a diagnostic code.")
  var code: String?

  @Option(help: "Only files received on this day or time, or later.")
  var since: String?

  @Option(help: "Only this batch: its number (may be repeated).")
  var batch: [Int64] = []

  @Flag(help: "Files of the present revision too: after the program was corrected.")
  var everything = false

  func run() throws {
    var options = ReplayOptions()
    options.isDryRun = isDryRun
    options.everything = everything
    options.batches = Set(batch)
    if let code {
      guard let known = DiagnosticCode(rawValue: code) else {
        throw CommandFailure(.usage, "there is no code '\(code)'; 'spotcheck diagnostics' lists them")
      }
      options.code = known
    }
    if let since {
      guard let time = Catalogue.firstMillisecond(of: since) else {
        throw CommandFailure(.usage, "'\(since)' is no day or time; expected 2025-07-01, or 2025-07-01T12:30")
      }
      options.since = time
    }
    let outcome = try ReplayCommand.replay(
      store: try store.path(for: .operations), library: try pipelines.library(for: .operations), options: options)
    ReplayText.show(outcome, isDryRun: isDryRun)
    if !outcome.unreadable.isEmpty { ExitStatus.leave(.withRejects) }
  }

  static func replay(store: String, library: PipelineLibrary, options: ReplayOptions) throws -> ReplayOutcome {
    var settings = ImportOptions()
    settings.command = options.isDryRun ? "replay --dry-run" : "replay"
    settings.version = SpotCheckVersion.current
    let run = try ImportRun(store: store, library: library, options: settings)
    let gate = try operatorsGate(of: run.layout)
    run.gate = gate(run)
    return try run.ending { try Replay(run, options: options).replay() }
  }
}

/// The gate that the operator has set for a store.
///
/// - Throws: ``SettingsError`` if the store's settings cannot be read.
func operatorsGate(of layout: StoreLayout) throws -> (ImportRun) -> (GateSubject) throws -> [Diagnostic] {
  let settings = try OperationSettingsFile.load(layout).settings.gates
  return { run in
    let gate = QualityGate(settings) { [catalogue = run.catalogue] subject, limit in
      try catalogue.recentRecords(
        bureau: subject.bureau, pipeline: subject.pipeline, layout: subject.layout, limit: limit)
    }
    return { try gate.findings($0) }
  }
}

/// What a replay did, or would do.
enum ReplayText {
  static func show(_ outcome: ReplayOutcome, isDryRun: Bool) {
    for file in outcome.unreadable { Console.note("not replayed: batch \(file.batch) (\(file.name)): \(file.reason)") }
    for change in outcome.changes {
      var line = "batch \(change.batch) (\(PathText.printable(change.name))): "
      line +=
        change.before == change.after ? change.after.rawValue : "\(change.before.rawValue) → \(change.after.rawValue)"
      if !change.refusal.isEmpty { line += " \(change.refusal)" }
      Console.note(line + ", \(change.samples) samples differ")
    }
    for shift in outcome.shifts {
      Console.out(
        "\(shift.categoryName)\t\(shift.districtName)\t\(text(shift.before))\t→\t\(text(shift.after))\n")
    }
    let would = isDryRun ? "would change" : "changed"
    Console.note(
      "\(outcome.examined) files curated anew; \(outcome.changes.count) files and \(outcome.samples) samples \(would), "
        + "and \(outcome.shifts.count) rates by category and district"
        + (outcome.snapshot.map { "; snapshot v\($0)" } ?? ""))
  }

  private static func text(_ cell: RateShift.Cell) -> String {
    guard cell.inspected > 0 else { return "—" }
    return "\(cell.passed)/\(cell.inspected)"
  }
}
