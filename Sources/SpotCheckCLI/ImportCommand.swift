import ArgumentParser
import SpotCheck
import SpotCheckOperations

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Imports delivered files, each wholly or not at all.",
    discussion: """
      Without --pipeline the file itself decides which pipeline reads it. A file that was imported before changes
      nothing. Rows that are refused are listed by 'spotcheck list rejects'. The files stay where they are; a copy of
      each is kept in the store's archive.

      EXAMPLES
        spotcheck import --store store samples/deliveries/*
        spotcheck import --store store --pipeline agriculture report.csv.gz
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var pipelines: PipelinesOption

  @Option(help: "Name or file of a pipeline, or name/layout (default: found by what the file is).")
  var pipeline: String?

  @Option(help: ArgumentHelp("Rows a segment; bounds the memory.", visibility: .hidden))
  var segmentRows = 250_000

  @OptionGroup var jobs: JobsOption

  @Flag(help: "Read the files where they are and keep no copy; the store cannot be rebuilt from its archive then.")
  var noArchive = false

  @Flag(name: .shortAndLong, help: "Say nothing when all is well.")
  var quiet = false

  @Argument(help: ArgumentHelp("Files to import.", valueName: "file"))
  var files: [String]

  func run() throws {
    var options = ImportOptions()
    options.pipeline = pipeline
    options.segmentRows = max(1, segmentRows)
    options.jobs = jobs.count
    options.version = SpotCheckVersion.current
    try StopSignal.install()
    let run = try ImportRun(
      store: try store.path(for: .operations), library: try pipelines.library(for: .operations), options: options)
    run.isStopped = { StopSignal.requested != nil }
    let meter = quiet ? nil : ProgressMeter()
    let progress = { (progress: ImportProgress) in meter?.show(progress) ?? () }
    let summary =
      noArchive ? try run.run(files, progress: progress) : try DirectImport(run: run).run(files, progress: progress)
    meter?.clear()
    for file in summary.files
    where !quiet || file.state == .refused || file.accounts.rejected > 0 || file.counts[.fileWithoutRecords] != nil {
      Console.note(SummaryText.line(file))
    }
    if !quiet || !summary.isClean { Console.note(SummaryText.total(summary)) }
    if summary.isClean { return }
    let nothing = summary.count(.accepted) == 0 && summary.count(.duplicate) == 0
    ExitStatus.leave(nothing ? .failure : .withRejects)
  }
}

/// A line on standard error that says how far the import is; only on a terminal.
final class ProgressMeter {
  private let isShown = StandardStreams.isTerminal(2)
  private let start = Machine.monotonicSeconds
  private var lastShown = 0.0
  private var hasLine = false
  private var rowsBefore = 0
  private var file = -1
  private var rowsOfFile = 0

  func show(_ progress: ImportProgress) {
    guard isShown else { return }
    if progress.fileIndex != file {
      rowsBefore += rowsOfFile
      file = progress.fileIndex
    }
    rowsOfFile = progress.rows
    let now = Machine.monotonicSeconds
    guard now - lastShown > 0.2 else { return }
    lastShown = now
    let share = progress.bytesTotal > 0 ? min(100, progress.bytesRead * 100 / progress.bytesTotal) : 100
    let rate = Int(Double(rowsBefore + rowsOfFile) / max(0.001, now - start))
    let line =
      "file \(progress.fileIndex + 1)/\(progress.fileCount)  \(share) %  \(rowsBefore + rowsOfFile) rows  \(rate) rows/s"
    try? StandardStreams.writeAll(2, "\r\u{1B}[2K" + line)
    hasLine = true
  }

  func clear() {
    if hasLine { try? StandardStreams.writeAll(2, "\r\u{1B}[2K") }
    hasLine = false
  }
}
