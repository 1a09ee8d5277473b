import Glibc
import SpotCheck

/// What `make bench` cannot see from outside of a process: how long a store takes to answer.
///
///     spotcheck-bench STORE DIMENSIONS FILTER [TIMES [kept]]
///
/// asks for rates again and again, on one thread, and prints one line of JSON: the median in milliseconds of seven times, or as
/// many as were asked for, after one that does not count, how many rows were read, and the answer, to be compared with
/// others' (the codes of each group, its samples and passes). An empty filter is none.
///
/// Rows are counted of a store that stays open. With `kept` the store is opened anew each time, and answers from the counts that
/// are kept with it.
@main
enum RowScanBench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let times = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 7
    let isKept = arguments.count == 5 && arguments[4] == "kept"
    guard (3...4).contains(arguments.count) || isKept, times > 0 else {
      return fail("usage: spotcheck-bench STORE DIMENSIONS FILTER [TIMES [kept]]")
    }
    do {
      var query = RateQuery(
        by: try Dimension.parse(list: arguments[1]), filter: arguments[2].isEmpty ? nil : try Filter(arguments[2]))
      query.threads = 1
      query.recounts = !isKept
      try StandardStreams.writeAll(1, try measure(query, of: arguments[0], times))
    } catch { fail("\(error)") }
  }

  private static func measure(_ query: RateQuery, of store: String, _ count: Int) throws -> String {
    var source = try OpenStore(store).snapshot(keepsOpen: true)
    var result = try query.run(on: source)
    var times: [Double] = []
    for _ in 0..<count {
      let start = Machine.monotonicSeconds
      if !query.recounts { source = try OpenStore(store).snapshot() }
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
