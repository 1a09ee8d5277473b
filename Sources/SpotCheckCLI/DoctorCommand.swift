import ArgumentParser
import SpotCheck
import SpotCheckOperations

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says what an import of a file would do, and what the file looks like. Changes nothing.",
    discussion: """
      The exit status is the one that 'import' would give. Without a file the installation is examined: settings,
      pipelines, and the store if one is named.

      EXAMPLES
        spotcheck doctor samples/deliveries/nyncj-2023Q1.csv.gz
        spotcheck doctor --store store --limit 3 report.csv
        spotcheck doctor --store store
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var pipelines: PipelinesOption

  @Option(help: "Name or file of a pipeline, or name/layout (default: found by what the file is).")
  var pipeline: String?

  @Option(help: "Show so many problems of each code.")
  var limit = 5

  @Option(name: .customLong("ignored-days"), help: "Name what lies in the inbox, never to be read, for so many days.")
  var ignoredDays = 7

  @Argument(help: ArgumentHelp("The file.", valueName: "file"))
  var file: String?

  func run() throws {
    guard let file else { return try examineInstallation() }
    // As the import would be told, or what is said about it would not hold.
    let root = try? store.path(for: .operations)
    var options = ImportOptions()
    options.pipeline = pipeline
    let scratch = try FileSystem.makeTemporaryFolder(
      in: Machine.environment("TMPDIR") ?? "/tmp", prefix: "spotcheck-doctor-")
    defer { try? FileSystem.removeTree(scratch) }
    let doctor = FileDoctor(library: try pipelines.library(for: .operations), options: options, scratch: scratch)
    let open = try root.map { try OpenStore($0) }
    let diagnosis = try doctor.examine(file, store: open.map { ($0.layout, $0.catalogue) })
    Console.out(DoctorText(diagnosis, limit: max(0, limit)).text)
    let status: ExitStatus = diagnosis.isClean ? .success : diagnosis.state == .refused ? .failure : .withRejects
    Console.note("exit status of an import: \(status.rawValue)")
    // Leaving ends the program at once.
    try? FileSystem.removeTree(scratch)
    ExitStatus.leave(status)
  }

  /// Settings; pipelines and their tables; the store's database, journal and room.
  private func examineInstallation() throws {
    let settings = try SettingsInForce.find()
    for name in SettingName.allCases {
      guard let setting = try settings.setting(name) else { continue }
      let value = setting.value.isEmpty ? "none" : PathText.printable(setting.value)
      Console.out("setting\t\(name.rawValue) = \(value)\t\(setting.origin)\n")
    }
    let root = try store.store ?? settings.setting(.store)?.value
    let folder = try pipelines.folder(for: .answers)
    let problems = try PipelineLinter.lint(folder: folder, filterCheck: Filter.fault(ofSampleFilter:))
    for problem in problems { Console.out(problem.description + "\n") }
    var faults = problems.count { $0.severity == .error }
    Console.out("pipelines\t\(folder)\t\(faults) errors, \(problems.count - faults) warnings\n")
    if let root {
      let open = try OpenStore(root)
      for problem in try open.catalogue.integrityProblems() {
        faults += 1
        Console.out("catalogue\t\(problem)\n")
      }
      switch try open.catalogue.checkJournal() {
      case .intact(let count, _): Console.out("journal\t\(count) entries\n")
      case .broken(let number):
        faults += 1
        Console.out("journal\tentry \(number) is not what was written there\n")
      }
      for old in try forgotten(open.layout) { Console.out("inbox\t\(old)\n") }
      Console.out("free\t\(try FileSystem.freeBytes(root)) bytes\n")
    }
    if faults > 0 { throw CommandFailure(.alert, "\(faults) faults") }
    Console.note("nothing is wrong")
  }
}

extension DoctorCommand {
  /// Names in the inbox that are never deliveries, and have lain there for long: uploads that broke off, mostly.
  private func forgotten(_ layout: StoreLayout) throws -> [String] {
    let ignored = IgnoreList(try OperationSettingsFile.load(layout).settings)
    let limit = Machine.wallClockNanoseconds - Int64(min(max(0, ignoredDays), 36_500)) * 86_400_000_000_000
    guard try FileSystem.exists(layout.inbox) else { return [] }
    var names: [String] = []
    for folder in try FileSystem.list(layout.inbox) where folder.status.kind == .folder {
      for entry in try FileSystem.list(PathText.join(layout.inbox, folder.name))
      where ignored.ignores(entry.name) && entry.status.modifiedNanoseconds < limit {
        let name = PathText.join(PathText.printable(folder.name), PathText.printable(entry.name))
        names.append("\(name) is never read, and has lain there for long")
      }
    }
    return names
  }
}

/// A diagnosis for people.
struct DoctorText {
  private let diagnosis: FileDiagnosis
  private let limit: Int
  private var lines: [String] = []

  init(_ diagnosis: FileDiagnosis, limit: Int) {
    self.diagnosis = diagnosis
    self.limit = limit
    describeFile()
    describeColumns()
    describeProblems()
    describeImport()
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  private mutating func describeFile() {
    lines.append("file        \(PathText.printable(diagnosis.path))")
    lines.append("sha256      \(diagnosis.fileDigest)")
    var size = "\(diagnosis.fileBytes) bytes"
    if diagnosis.isCompressed { size += ", gzip; \(diagnosis.payloadBytes) bytes unpacked" }
    lines.append("size        \(size)")
    var format = diagnosis.format
    if !diagnosis.dialect.isEmpty { format += ", separated by \(diagnosis.dialect)" }
    if !diagnosis.encoding.isEmpty { format += ", \(diagnosis.encoding)" }
    lines.append("format      \(format)")
    lines.append("layout      \(diagnosis.layout.isEmpty ? "none fits" : diagnosis.layout)")
    if diagnosis.headerLine > 0 { lines.append("header      line \(diagnosis.headerLine)") }
  }

  private mutating func describeColumns() {
    for column in diagnosis.columns {
      lines.append("")
      let fields = column.fields.isEmpty ? "not read" : column.fields.joined(separator: ", ")
      lines.append("column      \(column.name) → \(fields)\(column.isPersonal ? " (persons)" : "")")
      let filled = column.cells - column.empty
      let share = column.cells > 0 ? Double(column.empty) * 100 / Double(column.cells) : 0
      lines.append(
        "  cells     \(column.cells), \(column.empty) empty (\((share * 10).rounded() / 10) %), "
          + "\(column.hasMore ? "more than " : "")\(column.distinct) distinct")
      if let lengths = column.lengths { lines.append("  length    \(lengths.lowerBound)–\(lengths.upperBound)") }
      if let range = column.numberRange, !column.isPersonal, column.numbers * 2 > filled {
        lines.append("  numbers   \(column.numbers), \(range.lowerBound)–\(range.upperBound)")
      }
      if let range = column.dayRange {
        lines.append("  days      \(column.days), \(range.lowerBound)–\(range.upperBound)")
      }
      let shapes = column.topShapes(3).map { "\($0.text) ×\($0.count)" }
      if !shapes.isEmpty { lines.append("  shapes    " + shapes.joined(separator: "  ")) }
      let top = column.top(5).map { "\($0.text) ×\($0.count)" }
      if !top.isEmpty { lines.append("  top       " + top.joined(separator: "  ")) }
    }
  }

  private mutating func describeProblems() {
    let counts = diagnosis.counts.sorted { $0.key.rawValue < $1.key.rawValue }
    for (code, count) in counts {
      lines.append("")
      lines.append("\(code.rawValue) ×\(count)  \(code.text.title) / \(code.text.titleZh)")
      for problem in diagnosis.diagnostics.filter({ $0.code == code }).prefix(limit) {
        let place = problem.position
        let text = problem.message.isEmpty ? "" : ": " + PersonalData.masked(problem.message)
        lines.append("  line \(place.line), byte \(place.byteOffset)\(place.fieldName.map { ", \($0)" } ?? "")\(text)")
      }
    }
    for entry in diagnosis.unmapped.prefix(limit) {
      lines.append("unmapped    \(entry.table): \(PersonalData.masked(entry.text)) ×\(entry.count)")
    }
  }

  private mutating func describeImport() {
    lines.append("")
    let accounts = diagnosis.accounts
    switch diagnosis.state {
    case .accepted:
      lines.append("import      would accept it: \(diagnosis.samples) samples, \(diagnosis.items) items")
      if diagnosis.superseded > 0 {
        lines.append("            and supersede \(diagnosis.superseded) samples of the store")
      }
    case .duplicate:
      lines.append("import      would record it as a repetition of batch \(diagnosis.duplicateOf?.id ?? 0)")
    case .refused:
      let code = diagnosis.refusal?.code
      lines.append("import      would refuse it: \(code?.rawValue ?? "") \(diagnosis.refusal?.message ?? "")")
      if let code { lines.append("            \(code.text.remedyZh)。") }
    }
    lines.append(
      "rows        \(accounts.read) read = \(accounts.accepted) accepted + \(accounts.rejected) rejected + "
        + "\(accounts.duplicate) duplicate + \(accounts.blank) blank")
  }
}
