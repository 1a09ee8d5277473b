import ArgumentParser
import SpotCheck

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "What changed between two snapshots, and through which files; or between two published answers.",
    discussion: """
      Asks the same question of two snapshots and shows the groups whose counts differ, each followed by the files that
      added samples to it or lost some (corrections, retests, withdrawals). The files' parts add up to the change.
      Two files with answers of 'rate' (csv, tsv, json, ndjson) are compared cell by cell, without a store.

      EXAMPLES
        spotcheck diff --store store v3 --by category:1,district
        spotcheck diff --store store 2025-06-30 2025-07-31 --by district --where "category = 农产品"
        spotcheck diff --store store 2024年报 --by year --format csv
        spotcheck diff published/2024.csv now.csv
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var selection: SelectionOptions

  @Argument(
    help: "The earlier snapshot (its number, a date, a run or a tag), or a file with an answer.",
    completion: Completions.snapshots)
  var from: String

  @Argument(help: "The later one (default: the newest snapshot).", completion: Completions.snapshots)
  var to: String?

  @Option(
    help: ArgumentHelp("Dimensions, comma-separated; 'category:1' for a level of a tree.", valueName: "dimensions"),
    completion: Completions.dimensions)
  var by: String?

  @Option(
    help: ArgumentHelp("Only this period: 2024, 2024H1, 2024Q3, 2024-03, a day, or from..to.", valueName: "period"))
  var period: String?

  @OptionGroup var shape: ShapeOptions

  @OptionGroup var answer: AnswerOptions

  func validate() throws {
    if selection.asOf != nil { throw ValidationError("say both snapshots as arguments: diff FROM TO") }
  }

  func run() throws {
    do {
      try Output.emit(try shape.applied(to: try isOfFiles() ? ofFiles() : ofSnapshots()), as: answer)
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }

  private func ofSnapshots() throws -> Report {
    guard let by else {
      throw CommandFailure(.usage, "say --by, for example --by category:1,district; or name two files with answers")
    }
    var rate = try selection.query(by: by)
    rate.period = try period.map { try PeriodSpan($0) }
    return try OpenStore(try store.path(for: .answers)).diff(DiffQuery(rate), from: from, to: to).report()
  }

  /// What could be a snapshot is one.
  private func isOfFiles() throws -> Bool {
    guard let to, by == nil else { return false }
    return try FileSystem.exists(from) && FileSystem.exists(to)
  }

  private func ofFiles() throws -> Report {
    let files = [from, to ?? ""]
    let bytes = try files.map { try InputFile.contents(of: $0, limit: Auditor.byteLimit) }
    for (file, bytes) in zip(files, bytes) {
      do throws(AuditRefusal) { try AnswerDifference.check(bytes) } catch {
        throw CommandFailure(.usage, error.problems.map { $0.text(file: file) }.joined(separator: "\n"))
      }
    }
    do throws(AuditRefusal) {
      return try AnswerDifference(before: bytes[0], after: bytes[1]).report(files: files)
    } catch {
      let problems = error.problems.map { $0.text(file: files.joined(separator: ", ")) }
      throw CommandFailure(.usage, problems.joined(separator: "\n"))
    }
  }
}
