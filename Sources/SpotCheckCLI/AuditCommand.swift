import ArgumentParser
import SpotCheck

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Attacks published numbers: sums, rates, shares, lists, changes.",
    discussion: """
      A FILE is a bulletin in YAML, text or Markdown with sentences and tables, or an answer of 'spotcheck rate' (CSV,
      TSV, JSON, NDJSON); which one is told from its content. A folder is a store: its bytes and accounts are verified,
      and its answers by every dimension are attacked as if somebody else had published them. Everything that is understood is checked, and how much
      that was is printed. Exit status 3 if a finding is an error; warnings alone leave 0.

      EXAMPLES
        spotcheck audit samples/bulletins/*.yaml samples/bulletins/*.txt
        spotcheck audit notice.txt --target 98 --lang en
        spotcheck audit store
        spotcheck rate --store store --by district --format csv > rates.csv && spotcheck audit rates.csv
      """)

  @Argument(help: "Documents or stores to audit.")
  var files: [String]

  @Option(help: "table, csv, json or ndjson.")
  var format: AuditFormat = .table

  @Option(
    help: ArgumentHelp(
      "A target for pass rates, in percent, that rounding must not cross; may be repeated (default: warn at 90 and 95).",
      valueName: "percent"))
  var target: [String] = []

  @Option(name: .customLong("as-of"), help: "Of a store: a snapshot (default: the newest).")
  var asOf: String?

  @Option(
    name: .customLong("lang"),
    help: "Language of the table: zh or en (default: $SPOTCHECK_LANG, settings, or zh). Machine formats carry both.")
  var language: AuditLanguage?

  func run() throws {
    let language = try language ?? SettingsInForce.word(.lang) ?? .zh
    let targets = try target.map { text in
      guard let target = AuditTarget(text) else {
        throw CommandFailure(.usage, "--target is a percentage from 0 to 100, such as 95; got '\(text)'")
      }
      return target
    }
    let auditor = Auditor(targets: targets)
    var reports: [(file: String, report: AuditReport)] = []
    var status = ExitStatus.success
    for file in files {
      do {
        reports.append((file, try audit(file, by: auditor)))
      } catch let refusal as AuditRefusal {
        for problem in refusal.problems { Console.note(problem.text(file: file)) }
        status = status == .inputOutput ? status : .usage
      } catch let error as SystemError {
        Console.error(error.description)
        status = .inputOutput
      }
    }
    emit(reports, AuditText(language))
    if status == .success, reports.contains(where: { $0.report.errors > 0 }) { status = .withRejects }
    ExitStatus.leave(status)
  }

  /// One subject: a document, or a store.
  private func audit(_ path: String, by auditor: Auditor) throws -> AuditReport {
    if try FileSystem.exists(path), try FileSystem.status(path).kind == .folder { return try auditStore(path) }
    return try auditor.audit(try InputFile.contents(of: path, limit: Auditor.byteLimit))
  }

  /// First every byte and the accounts of every batch, as `store verify` does; then the answers.
  private func auditStore(_ path: String) throws -> AuditReport {
    let open = try OpenStore(path)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    let outcome = try verifier.verify()
    for finding in outcome.findings where finding.isDamage { Console.note("damaged: " + finding.message) }
    guard outcome.isSound else { throw CommandFailure(.damaged, "the store is damaged: its answers are not audited") }
    var audit = StoreAudit()
    return try audit.audit(
      try open.snapshot(asOf: asOf), duplicates: try open.possibleDuplicates(asOf: asOf).count)
  }

  private func emit(_ reports: [(file: String, report: AuditReport)], _ text: AuditText) {
    switch format {
    case .table: for entry in reports { Console.out(text.text(entry.report, file: entry.file)) }
    case .json: Console.out(AuditRecords.json(reports))
    case .ndjson: Console.out(AuditRecords.ndjson(reports))
    case .csv:
      // Counts have no place in the rows, and must not be lost: silence is no clean bill.
      Console.out(AuditRecords.csv(reports))
      for entry in reports { Console.note("\(entry.file): \(text.summary(entry.report))") }
    }
  }
}

/// How audits are written.
enum AuditFormat: String, CaseIterable, ExpressibleByArgument {
  case table, csv, json, ndjson
}
