import ArgumentParser
import SpotCheck

struct CodesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codes", abstract: "Delivered texts that are in no code table, and what they mean.",
    subcommands: [Unmapped.self, Map.self])

  struct Unmapped: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "unmapped",
      abstract: "Lists them: table, count, files, text, a file and line with it, and codes that it may mean.")
    @OptionGroup var store: StoreOption
    @OptionGroup var pipelines: PipelinesOption

    @Option(help: "Only this table.")
    var table: String?

    func run() throws {
      let open = try OpenStore(try store.path(for: .answers))
      let tables = try pipelines.library(for: .answers).tables.tables.mapValues(\.table)
      let queue = try UnmappedQueue(layout: open.layout, catalogue: open.catalogue, tables: tables)
      for entry in queue.entries where table == nil || entry.table == table {
        let place = entry.exampleFile + (entry.exampleLine > 0 ? ":\(entry.exampleLine)" : "")
        let suggestions = entry.suggestions.map {
          $0.spelling == $0.name ? "\($0.code) \($0.name)" : "\($0.code) \($0.name) (\($0.spelling))"
        }
        let cells = [
          entry.table, String(entry.count), String(entry.files), PersonalData.masked(entry.text),
          PathText.printable(place), suggestions.joined(separator: "; "),
        ]
        Console.out(cells.map { $0.replacing("\t", with: " ") }.joined(separator: "\t") + "\n")
      }
      Console.note("\(queue.entries.count) texts; map one with: spotcheck codes map TEXT=CODE --table TABLE")
    }
  }

  struct Map: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "map", abstract: "Adds a spelling to a code of a table, and says which rates a replay will change.",
      discussion: """
        The table is checked as 'pipeline lint' does before it is written. With --from or --to the text means the code for
        samples of those days only.

        EXAMPLES
          spotcheck codes map 神秘果=100101 --table categories --store store --dry-run
          spotcheck codes map 多巴=630106 --table districts --from 2020-07-22 --store store
        """)
    @OptionGroup var store: StoreOption
    @OptionGroup var pipelines: PipelinesOption

    @Argument(help: ArgumentHelp("The delivered text, '=' and the code.", valueName: "text=code"))
    var mapping: String

    @Option(help: "The code table.")
    var table: String

    @Option(help: "First day on which it holds.")
    var from: String?

    @Option(help: "First day on which it no longer does.")
    var to: String?

    @Option(help: "Why: kept in the store's journal.")
    var note = ""

    @Flag(name: .customLong("dry-run"), help: "Change nothing.")
    var isDryRun = false

    func run() throws {
      guard let sign = mapping.lastIndex(of: "="), sign != mapping.startIndex else {
        throw CommandFailure(.usage, "say TEXT=CODE, for example 神秘果=100101")
      }
      let text = String(mapping[..<sign])
      let code = String(mapping[mapping.index(after: sign)...])
      let edit = CodeTableEdit(table: table, text: text, code: code, from: try day(from), to: try day(to))
      let folder = try pipelines.folder(for: .operations)
      let editor = CodeTableEditor(folder: folder)
      let bytes: [UInt8]
      do { bytes = try editor.edited(edit) } catch let refusal as CodeTableEdit.Refusal {
        throw CommandFailure(.usage, refusal.message)
      }
      let scratch = try FileSystem.makeTemporaryFolder(
        in: Machine.environment("TMPDIR") ?? "/tmp", prefix: "spotcheck-codes-")
      defer { try? FileSystem.removeTree(scratch) }
      let preview = try editor.preview(bytes, table: table, in: scratch)
      let problems = try PipelineLinter.lint(folder: preview, filterCheck: Filter.fault(ofSampleFilter:))
      let errors = problems.filter { $0.severity == .error }
      guard errors.isEmpty else {
        for problem in errors { Console.note(problem.description) }
        throw CommandFailure(.failure, "the pipelines would have \(errors.count) errors; nothing was changed")
      }
      if let root = try? store.path(for: .operations) { try showImpact(root, preview) }
      guard !isDryRun else { return Console.note("nothing was changed") }
      try editor.write(bytes, table: table)
      if let root = try? store.path(for: .operations) { try journal(root, edit) }
      Console.note("'\(text)' means \(code) in \(table); 'spotcheck replay' brings it into the store")
    }

    private func day(_ text: String?) throws -> CalendarDay? {
      guard let text else { return nil }
      guard let day = CalendarDay(iso: text) else {
        throw CommandFailure(.usage, "'\(text)' is no day; expected 2020-07-22")
      }
      return day
    }

    private func showImpact(_ root: String, _ preview: String) throws {
      let library = try PipelineLibrary.load(folder: preview, filterCheck: Filter.fault(ofSampleFilter:))
      var options = ReplayOptions()
      options.isDryRun = true
      ReplayText.show(
        try ReplayCommand.replay(store: root, library: library, options: options), isDryRun: true)
    }

    private func journal(_ root: String, _ edit: CodeTableEdit) throws {
      var body = JSONObject()
      body.set("table", edit.table)
      body.set("text", edit.text)
      body.set("code", edit.code)
      body.set("from", edit.from?.description ?? "")
      body.set("to", edit.to?.description ?? "")
      body.set("note", note)
      let catalogue = try Catalogue.open(path: StoreLayout(root: root).catalogue)
      try catalogue.appendJournal(
        JournalEntry(kind: "codes", body: body.text, time: Machine.wallClockNanoseconds / 1_000_000))
      try catalogue.close()
    }
  }
}
