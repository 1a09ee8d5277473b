import ArgumentParser
import SpotCheck

struct RateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rate", abstract: "Pass rates by category, district and other dimensions.",
    discussion: """
      Purposes are separate rows unless --pool is said: a rate over risk-directed and random samples together means
      nothing. Only samples with a conclusion for or against are in a denominator; all others are shown.

      EXAMPLES
        spotcheck rate --store store --by category,district
        spotcheck rate --store store --by category:1,year --where "district = 湟中区 and purpose = selective"
        spotcheck rate --store store --by quarter --format csv --as-of v3
      """)

  @OptionGroup var store: StoreOption

  @Option(
    help: ArgumentHelp("Dimensions, comma-separated; 'category:1' for a level of a tree.", valueName: "dimensions"))
  var by: String

  @Option(name: .customLong("where"), help: ArgumentHelp("Only samples for which this holds.", valueName: "expression"))
  var filter: String?

  @Option(help: "table, csv, tsv, json, ndjson or markdown.")
  var format: OutputFormat = .table

  @Option(name: .customLong("as-of"), help: "A snapshot: its number, a date, a run or a label (default: the newest).")
  var asOf: String?

  @Flag(help: "Add purposes up without showing them; prints a warning and the mix.")
  var pool = false

  @Option(name: .customLong("on-map"), help: "District codes as they were ('then') or on today's map ('today').")
  var onMap: MapView = .then

  @Option(help: "Parks: rolled_up into their district, or separate.")
  var parks: ParkRule = .rolledUp

  @Option(name: .customLong("period-by"), help: "Day that periods are taken from: sampled, received or reported.")
  var periodBy = "sampled"

  @Option(help: ArgumentHelp("Threads.", visibility: .hidden))
  var threads = 2

  func run() throws {
    do {
      var query = RateQuery(by: try Dimension.parse(list: by))
      query.filter = try filter.map { try Filter($0) }
      query.onMap = onMap
      query.parks = parks
      query.pool = pool
      query.threads = max(1, threads)
      guard let day = SampleDay.allCases.first(where: { $0.name == periodBy || $0.name == periodBy + "_day" }) else {
        throw CommandFailure(.usage, "--period-by is sampled, received or reported; got '\(periodBy)'")
      }
      query.periodBy = day
      let result = try query.run(on: try OpenStore(try store.path()).snapshot(asOf: asOf))
      for note in result.notes where note.isWarning { Console.note(note.text) }
      try Output.emit(result.report(), as: format)
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }
}

/// Reports on standard output.
enum Output {
  static func emit(_ report: Report, as format: OutputFormat) throws {
    let width = format == .table && StandardStreams.isTerminal(1) ? StandardStreams.terminalWidth : nil
    var sink = StandardOutput()
    try format.emitter(width: width).emit(report, to: &sink)
    sink.flush()
  }
}

/// Collects what emitters write into blocks.
struct StandardOutput: ByteSink {
  private var pending: [UInt8] = []

  mutating func write(_ bytes: [UInt8]) {
    pending.append(contentsOf: bytes)
    if pending.count > 1 << 16 { flush() }
  }

  mutating func flush() {
    Console.out(pending)
    pending.removeAll(keepingCapacity: true)
  }
}
