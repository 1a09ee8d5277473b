import ArgumentParser
import SpotCheck

/// Which samples are counted, and how, whoever has read what was said about it.
protocol SampleSelection {
  var filter: String? { get }
  var asOf: String? { get }
  var pool: Bool { get }
  var onMap: MapView { get }
  var parks: ParkRule { get }
  var periodBy: String { get }
  var recount: Bool { get }
  var threads: Int { get }
}

/// The same words in every command that counts.
struct SelectionOptions: ParsableArguments, SampleSelection {
  @Option(
    name: .customLong("where"), help: ArgumentHelp("Only samples for which this holds.", valueName: "expression"),
    completion: Completions.filters)
  var filter: String?

  @Option(
    name: .customLong("as-of"), help: "A snapshot: its number, a date, a run or a tag (default: the newest).",
    completion: Completions.snapshots)
  var asOf: String?

  @Flag(help: "Add purposes up without showing them; prints a warning and the mix.")
  var pool = false

  @Option(name: .customLong("on-map"), help: "District codes as they were ('then') or on today's map ('today').")
  var onMap: MapView = .then

  @Option(help: "Parks: rolled_up into their district, or separate.")
  var parks: ParkRule = .rolledUp

  @Option(name: .customLong("period-by"), help: "Day that periods are taken from: sampled, received or reported.")
  var periodBy = "sampled"

  @Flag(help: "Count the rows themselves, not the counts kept with them: the same answer, only later.")
  var recount = false

  @Option(help: ArgumentHelp("Threads.", visibility: .hidden))
  var threads = 2
}

extension SampleSelection {
  /// A query with these settings.
  func query(by dimensions: String) throws -> RateQuery {
    var query = RateQuery(by: try Dimension.parse(list: dimensions))
    query.filter = try filter.map { try Filter($0) }
    query.onMap = onMap
    query.parks = parks
    query.pool = pool
    query.recounts = recount
    query.threads = max(1, threads)
    guard let day = SampleDay.allCases.first(where: { $0.name == periodBy || $0.name == periodBy + "_day" }) else {
      throw CommandFailure(.usage, "--period-by is sampled, received or reported; got '\(periodBy)'")
    }
    query.periodBy = day
    return query
  }
}
