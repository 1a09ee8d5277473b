import Foundation
import SpotCheck
import SpotCheckTestSupport
import Synchronization
import Testing

/// Reads the exposition format strictly: HELP and TYPE before the samples of each family, families together, no sample
/// twice, a line break at the end.
struct PrometheusText {
  struct Wrong: Error { var message: String }
  private var samples: [String: Double] = [:]

  init(_ text: String) throws {
    guard text.hasSuffix("\n"), !text.isEmpty else { throw Wrong(message: "does not end with a line break") }
    var family = ""
    var finished: Set<String> = []
    var help = ""
    let sample = /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? (-?[0-9.]+)/
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if line.hasPrefix("# HELP ") {
        help = words[2]
        if finished.contains(help) { throw Wrong(message: "\(help) comes twice") }
      } else if line.hasPrefix("# TYPE ") {
        guard words[2] == help, ["gauge", "counter"].contains(words[3]) else { throw Wrong(message: String(line)) }
        if !family.isEmpty { finished.insert(family) }
        family = help
      } else if let match = line.wholeMatch(of: sample), match.output.1 == family, let value = Double(match.output.3) {
        let key = String(match.output.1) + String(match.output.2 ?? "")
        if samples.updateValue(value, forKey: key) != nil { throw Wrong(message: "\(key) comes twice") }
      } else {
        throw Wrong(message: "not understood: \(line)")
      }
    }
  }

  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    let inner = labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
    return samples[name + (labels.isEmpty ? "" : "{\(inner)}")]
  }
}

@Suite struct MetricsTests {
  @Test func thereIsAFigureForEverythingThatWatchersNeed() throws {
    let fixture = try RunFixture()
    fixture.settings.metricsFile = fixture.store.folder + "/spotcheck.prom"
    let inbox = fixture.layout.inbox(bureau: "nyncj")
    try FileSystem.createFolder(inbox)
    try Data("x".utf8).write(to: URL(fileURLWithPath: inbox + "/waiting.csv"))
    _ = try fixture.run(RunFixture.importing([goodFile, goodFile, brokenFile]))
    let metrics = try PrometheusText(fixture.text("spotcheck.prom"))
    #expect(metrics.value("spotcheck_files_total", ["state": "accepted"]) == 1)
    #expect(metrics.value("spotcheck_files_total", ["state": "duplicate"]) == 1)
    #expect(metrics.value("spotcheck_files_total", ["state": "refused"]) == 1)
    #expect(metrics.value("spotcheck_rejects_total", ["code": "GZ_TRUNCATED"]) == 1)
    #expect(metrics.value("spotcheck_quarantined_files", ["code": "GZ_TRUNCATED"]) == 1)
    #expect(metrics.value("spotcheck_pending_files", ["bureau": "nyncj"]) == 1)
    #expect(metrics.value("spotcheck_oldest_pending_seconds", ["bureau": "nyncj"]) != nil)
    #expect(metrics.value("spotcheck_last_received_timestamp", ["bureau": "nyncj"]) != nil)
    for name in ["last_run_timestamp_seconds", "last_success_timestamp_seconds", "run_duration_seconds", "snapshot"] {
      #expect(metrics.value("spotcheck_" + name) != nil, "\(name)")
    }
    // The collector is another user.
    #expect(try FileSystem.status(fixture.store.folder + "/spotcheck.prom").mode == 0o644)
  }

  @Test func whoeverReadsNeverSeesHalfAFile() throws {
    let fixture = try RunFixture()
    let path = fixture.store.folder + "/spotcheck.prom"
    fixture.settings.metricsFile = path
    _ = try fixture.run(RunFixture.importing([goodFile]))
    let isDone = Mutex(false)
    let reads = Mutex((whole: 0, wrong: [String]()))
    let reader = Thread {
      while !isDone.withLock({ $0 }) {
        guard let data = FileManager.default.contents(atPath: path) else { continue }
        let text = String(decoding: data, as: UTF8.self)
        let isWhole = (try? PrometheusText(text))?.value("spotcheck_free_bytes") != nil
        reads.withLock { reads in
          if isWhole { reads.whole += 1 } else { reads.wrong.append(text) }
        }
      }
    }
    reader.start()
    for _ in 0..<TestScale.of(60) { _ = try fixture.run() }
    isDone.withLock { $0 = true }
    let (whole, wrong) = reads.withLock { $0 }
    #expect(wrong.isEmpty && whole > 0)
    #expect(
      !(try FileManager.default.contentsOfDirectory(atPath: fixture.store.folder)).contains { $0.hasSuffix(".tmp") })
  }

  @Test func aFileThatCannotBeWrittenFailsNoRun() throws {
    let fixture = try RunFixture()
    fixture.settings.metricsFile = fixture.store.folder + "/nowhere/spotcheck.prom"
    let report = try fixture.run(RunFixture.importing([goodFile]))
    #expect(report.status == .success)
    #expect(fixture.log.contains { $0.contains("METRICS") })
  }
}

/// How much more than usual tests repeat what is a matter of luck: `SPOTCHECK_TEST_SCALE=10`.
enum TestScale {
  static func of(_ count: Int) -> Int {
    count * max(1, Int(ProcessInfo.processInfo.environment["SPOTCHECK_TEST_SCALE"] ?? "") ?? 1)
  }
}
