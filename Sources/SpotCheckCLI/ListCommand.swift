import ArgumentParser
import SpotCheck

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists samples, items, rejects, batches, runs, unmapped texts or possible duplicates.",
    discussion: """
      With --limit a list comes in pages: under a page stands what comes behind --after for the next one. All pages are of
      the snapshot of the first, whatever is imported meanwhile. --sort and --having come before the pages.

      EXAMPLES
        spotcheck list samples --store store --where "verdict = fail" --limit 20
        spotcheck list samples --store store --where "verdict = fail" --limit 20 --after v12.samples.5d41c2aa.7fca9298.3.17
        spotcheck list items --store store --where "analyte = 毒死蜱" --format csv
        spotcheck list items --store store --where "value > 0.05 mg/kg" --sort "value desc" --top 10
        spotcheck list rejects --store store --format ndjson
        spotcheck list rejects --store store --reveal --reason "call the bureau about line 12"
        spotcheck list unmapped --store store
        spotcheck list duplicates --store store
      """)

  @Argument(help: "samples, items, rejects, batches, runs, unmapped or duplicates.")
  var kind: ListKind

  @OptionGroup var store: StoreOption
  @OptionGroup var pipelines: PipelinesOption

  @Option(help: "Columns, comma-separated (default: the usual ones).")
  var columns: String?

  @Option(
    name: .customLong("where"), help: ArgumentHelp("Only rows for which this holds.", valueName: "expression"),
    completion: Completions.filters)
  var filter: String?

  @OptionGroup var pages: PageOptions

  @OptionGroup var rows: RowOptions

  @OptionGroup var answer: AnswerOptions

  @Option(name: .customLong("as-of"), help: "A snapshot: its number, a date, a run or a tag (default: the newest).")
  var asOf: String?

  @Flag(name: .customLong("all"), help: "Superseded, repeated and withdrawn samples too.")
  var includesExcluded = false

  @Flag(help: "Rejects as delivered, persons included, from the archive; recorded in the store's journal.")
  var reveal = false

  @Option(help: ArgumentHelp("Why they must be seen; needed with --reveal.", valueName: "text"))
  var reason: String?

  func run() throws {
    do {
      var query = ListQuery(
        kind, columns: columns?.split(separator: ",").map { String($0) }, filter: filter, limit: pages.limit)
      query.includesExcluded = includesExcluded
      query.reveal = try revealed()
      let page = try pages.page(of: question)
      if let page { query.paging = page.paging(isShaped: rows.isSaid) }
      let open = try OpenStore(try store.path(for: .answers))
      let report = try open.list(query, asOf: try page?.snapshot(asOf: asOf, in: open) ?? asOf)
      for note in report.notes where note.isWarning { Console.note(note.text) }
      let shaped = try rows.applied(to: report)
      if let page { return try page.emit(shaped, isShaped: rows.isSaid, as: answer) }
      try Output.emit(shaped, as: answer)
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// What decides which rows there are, and their order.
  private var question: ListQuestion {
    ListQuestion(
      kind.rawValue,
      [filter, rows.having, rows.sort, rows.top.map { String($0) }, includesExcluded ? "all" : nil])
  }

  /// Reads refused rows from the archive, after the reason was recorded.
  private func revealed() throws -> (@Sendable (Reject, StoredBatch) throws -> String?)? {
    guard reveal else {
      if reason != nil { throw CommandFailure(.usage, "--reason goes with --reveal") }
      return nil
    }
    guard kind == .rejects else { throw CommandFailure(.usage, "--reveal is for 'list rejects'") }
    guard let reason, reason.contains(where: { !$0.isWhitespace }) else {
      throw CommandFailure(.usage, "--reveal needs --reason: who looks at persons says why")
    }
    let revealer = try RejectRevealer(
      store: try store.path(for: .answers), library: try pipelines.library(for: .answers), reason: reason,
      question: filter ?? "",
      person: Machine.environment("SUDO_USER") ?? Machine.environment("USER") ?? "")
    return { try revealer.text(of: $0, in: $1) }
  }
}
