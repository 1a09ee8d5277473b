import Glibc
import SpotCheck

/// What `make bench` cannot see from outside of a process: how long an open store takes to count its rows.
///
///     spotcheck-bench STORE DIMENSIONS FILTER [TIMES]
///
/// asks for rates again and again, on one thread, from rows and not from the counts that are kept with them, and prints one
/// line of JSON: the median in milliseconds of seven times, or as many as were asked for, after one that opens the segments,
/// how many rows were read, and the answer, to be compared with others' (the codes of each group, its samples and passes). An
/// empty filter is none.
@main
enum RowScanBench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let times = arguments.count == 4 ? Int(arguments[3]) ?? 0 : 7
    guard arguments.count == 3 || arguments.count == 4, times > 0 else {
      return fail("usage: spotcheck-bench STORE DIMENSIONS FILTER [TIMES]")
    }
    do {
      try StandardStreams.writeAll(1, try measure(arguments[0], arguments[1], arguments[2], times))
    } catch { fail("\(error)") }
  }

  private static func measure(_ store: String, _ dimensions: String, _ filter: String, _ count: Int) throws -> String {
    var query = RateQuery(by: try Dimension.parse(list: dimensions), filter: filter.isEmpty ? nil : try Filter(filter))
    query.recounts = true
    query.threads = 1
    let source = try OpenStore(store).snapshot(keepsOpen: true)
    var result = try query.run(on: source)
    var times: [Double] = []
    for _ in 0..<count {
      let start = Machine.monotonicSeconds
      result = try query.run(on: source)
      times.append(Machine.monotonicSeconds - start)
    }
    let cells = result.rows.map { row in
      "[" + (row.codes.map(JSONText.quoted) + ["\(row.counts.samples)", "\(row.counts.passed)"]).joined(separator: ",")
        + "]"
    }
    return "{\"ms\":\(times.sorted()[count / 2] * 1000),\"rows\":\(result.scan.rowsRead),\"cells\":["
      + cells.joined(separator: ",") + "]}\n"
  }

  private static func fail(_ message: String) {
    try? StandardStreams.writeAll(2, "spotcheck-bench: \(message)\n")
    exit(1)
  }
}
