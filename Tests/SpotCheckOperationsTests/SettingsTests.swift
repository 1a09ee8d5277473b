import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

@Suite struct SettingsTests {
  private func read(_ text: String) throws -> OperationSettingsFile {
    try OperationSettingsFile(Array(text.utf8), path: "operations.yaml")
  }

  @Test func everythingCanBeSet() throws {
    let settings = try read(
      """
      stability: 30s
      ignore: { add: ["*.bak", "旧*"], remove: ["*.tmp"] }
      done: always
      done_by_bureau: { lcj: never }
      done_timeout: 2d
      attempts: 5
      limits: { files: 100, bytes: 2G, seconds: 90min, free: 500M }
      gates:
        gate: warn
        all: { max_reject_rate: 0.02, max_reject_count: 10, max_unmapped_share: 0.5 }
        bureaus:
          nyncj:
            max_reject_count: 0
            codes: { CELL_DATE: 0, CELL_UNIT: { max_count: 5, max_rate: 0.1 } }
            row_drop: { max: 0.5, last: 8, at_least: 4, min_rows: 50, gate: file }
      freshness:
        scjgj: { every: month, warn_after: 5, error_after: 10, since: 2024-01-01 }
      hooks: { on_success: [/bin/true], on_failure: [/usr/bin/mail, -s, trouble], timeout: 5s }
      metrics: /var/lib/node_exporter/spotcheck.prom
      log: json
      compact: false
      poll: { min: 0.5, max: 2min }
      health: { lock: 1h, success: 26h, pending: 3h, quarantined: 7 }
      """
    ).settings
    #expect(settings.stability == 30 && settings.doneTimeout == 172_800 && settings.attempts == 5)
    #expect(settings.ignoreAlso == ["*.bak", "旧*"] && settings.ignoreNot == ["*.tmp"])
    #expect(settings.done == .always && settings.doneByBureau == ["lcj": .never])
    #expect(settings.maximumFiles == 100 && settings.maximumBytes == 2 << 30)
    #expect(settings.maximumSeconds == 5400 && settings.freeFloor == 500 << 20)
    #expect(settings.gates.action == .warn)
    let limits = settings.gates.limits(for: "nyncj")
    #expect(limits.rejectCount == 0 && limits.rejectRate?.description == "0.02")
    #expect(limits.codes[.cellDate]?.count == 0 && limits.codes[.cellUnit]?.rate?.description == "0.1")
    #expect(limits.rowDrop?.last == 8 && limits.rowDrop?.action == .file && limits.rowDrop?.minimumRows == 50)
    #expect(settings.gates.limits(for: "lcj").rejectCount == 10)
    #expect(settings.freshness["scjgj"]?.errorAfter == 10)
    #expect(settings.freshness["scjgj"]?.since?.description == "2024-01-01")
    #expect(settings.hooks.onFailure == ["/usr/bin/mail", "-s", "trouble"] && settings.hooks.timeout == 5)
    #expect(settings.logFormat == .json && !settings.compacts && settings.poll.maximum == 120)
    #expect(settings.health.success == 93_600 && settings.health.quarantined == 7)
  }

  @Test(arguments: [
    (
      "stabilty: 10s\n",
      "operations.yaml:1:1: error: unknown key 'stabilty'; did you mean 'stability'?\nstabilty: 10s\n^~~~~~~~"
    ),
    ("limits:\n  file: 3\n", "operations.yaml:2:3: error: unknown key 'file' in 'limits'; did you mean 'files'?"),
    ("stability: soon\n", "expected a duration (10s, 30min, 2h, 1d), found 'soon'"),
    ("stability: -5\n", "expected a duration"),
    ("stability: nan\n", "expected a duration"),
    ("limits: { bytes: 99999999999T }\n", "expected a size"),
    ("attempts: 0\n", "must lie in 1"),
    ("gates: { all: { max_reject_rate: 2 } }\n", "must lie in 0 … 1"),
    ("gates: { all: { codes: { CELL_DAT: 1 } } }\n", "did you mean 'CELL_DATE'?"),
    ("gates: { gate: run }\n", "there is no gate over a whole run"),
    ("gates: { all: { row_drop: { max: 0.5, last: 2, at_least: 3 } } }\n", "nothing would ever be said"),
    ("freshness: { scjgj: { every: month } }\n", "says neither 'warn_after' nor 'error_after'"),
    ("freshness: { scjgj: { every: week, warn_after: 3 } }\n", "unknown word 'week'"),
    ("freshness: { scjgj: { every: month, warn_after: 9, error_after: 3 } }\n", "is later than 'error_after'"),
    ("hooks: { on_failure: [mail, root] }\n", "must name its program by its full path"),
    ("done: sometimes\n", "unknown word 'sometimes'"),
    ("poll: { min: 0s }\n", "'min' must be 0.1s or more"),
    ("log: [human\n", "error:"),
    ("", "the file is empty"),
  ])
  func aWrongFileIsRefusedWithItsPlace(_ text: String, _ message: String) throws {
    do {
      _ = try read(text)
      Issue.record("accepted: \(text)")
    } catch let error as SettingsError {
      #expect(error.description.contains(message), "\(error)")
    }
  }

  @Test func anOptionWinsOverTheFileAndTheFileOverTheDefault() throws {
    let file = try read("stability: 30s\nlimits:\n  files: 7\n")
    var overrides = SettingsOverrides()
    overrides.maximumFiles = 3
    let effective = EffectiveSettings(file, overrides)
    #expect(effective.settings.maximumFiles == 3 && effective.settings.stability == 30)
    let lines = effective.listing.split(separator: "\n").map(String.init)
    func origin(_ name: String) -> String? { lines.first { $0.hasPrefix(name + " ") } }
    #expect(origin("limits.files")?.contains("= 3 ") == true && origin("limits.files")?.hasSuffix("(option)") == true)
    #expect(origin("stability")?.contains("= 30s ") == true)
    #expect(origin("stability")?.hasSuffix("(operations.yaml:1)") == true)
    #expect(origin("attempts")?.contains("= 3 ") == true && origin("attempts")?.hasSuffix("(default)") == true)
    #expect(effective.digest != EffectiveSettings(file).digest)
    #expect(EffectiveSettings(file).digest == EffectiveSettings(try read("limits: { files: 7 }\nstability: 30")).digest)
  }

  @Test func aFileThatOthersMayWriteIsNotObeyed() throws {
    let store = try ScratchStore()
    let layout = StoreLayout(root: store.root)
    #expect(try OperationSettingsFile.load(layout).settings == OperationSettings())
    try Data("attempts: 5\n".utf8).write(to: URL(fileURLWithPath: layout.settings))
    try FileSystem.setMode(layout.settings, 0o640)
    #expect(try OperationSettingsFile.load(layout).settings.attempts == 5)
    try FileSystem.setMode(layout.settings, 0o646)
    #expect(throws: SettingsError.self) { try OperationSettingsFile.load(layout) }
    try FileSystem.setMode(layout.settings, 0o640)
    try FileSystem.setMode(store.root, 0o777)
    #expect(throws: SettingsError.self) { try OperationSettingsFile.load(layout) }
  }

  @Test func durationsAndSizesReadAsTheyAreWritten() {
    for (text, seconds) in [("10", 10.0), ("1.5h", 5400), ("30min", 1800), ("2d", 172_800), ("0s", 0)] {
      #expect(SettingsTests.overridden(text) == seconds)
    }
    for text in ["", "s", "1e3", "+1", "10m", "1..5", "1 s", "inf", "99999d"] {
      #expect(SettingsTests.overridden(text) == nil, "\(text)")
    }
  }

  private static func overridden(_ text: String) -> Double? { try? SettingsOverrides.seconds(text, "x") }

  /// The page names every key, so that nobody has to read the code.
  @Test func theDocumentationNamesEverySetting() throws {
    let page = String(
      decoding: try bytes(of: Repository.path("Sources/SpotCheck/Documentation.docc/Unattended.md")), as: UTF8.self)
    for line in EffectiveSettings(OperationSettingsFile()).listing.split(separator: "\n") {
      let name = line.prefix { $0 != " " }.split(separator: ".").last.map(String.init) ?? ""
      #expect(page.contains("`\(name)`") || page.contains(name + ":"), "\(name)")
    }
  }
}
