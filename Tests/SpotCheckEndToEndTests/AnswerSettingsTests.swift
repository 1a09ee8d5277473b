import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// Settings, as the program obeys them.
@Suite("Settings of answers", .enabled(if: FileManager.default.fileExists(atPath: Program.path)))
struct AnswerSettingsTests {
  /// A store, a project with a folder in it, and a home.
  private final class Desk {
    let scratch: ScratchStore
    var folder: String { scratch.folder + "/project/deep" }
    var home: String { scratch.folder + "/home" }

    init(importing names: [String] = ["nyncj-2024Q1.csv.gz"]) throws {
      scratch = try ScratchStore()
      if !names.isEmpty { _ = try scratch.importFiles(names.map { Repository.path("samples/deliveries/" + $0) }) }
      for path in [folder, home + "/.config/spotcheck"] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
    }

    func project(_ text: String?) throws { try write(text, scratch.folder + "/project/spotcheck.yaml") }
    func person(_ text: String?) throws { try write(text, home + "/.config/spotcheck/config.yaml") }

    private func write(_ text: String?, _ path: String) throws {
      if let text {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      } else {
        try? FileManager.default.removeItem(atPath: path)
      }
    }

    func run(_ words: [String], _ environment: [String: String] = [:]) throws -> Program.End {
      try Program.run(words, environment: ["HOME": home].merging(environment) { $1 }, in: folder)
    }
  }

  @Test func theFirstThatSaysSomethingWins() throws {
    let desk = try Desk()
    let rate = ["rate", "--by", "district"]
    func begins(_ words: [String], _ environment: [String: String], _ text: String) throws {
      let end = try desk.run(rate + words, environment)
      #expect(end.status == 0 && end.output.hasPrefix(text), "\(words) \(environment): \(end.output.prefix(80))")
    }
    #expect(try desk.run(rate).status == 2)
    try desk.project("store: ../store\n")
    try begins([], [:], "区县代码")
    try desk.person("lang: en\nformat: markdown\n")
    try begins([], [:], "| district code |")
    try desk.project("store: ../store\nformat: csv\n")
    try begins([], [:], "district,district_name,")
    try begins([], ["SPOTCHECK_FORMAT": "tsv"], "district\tdistrict_name")
    try begins(["--format", "table"], ["SPOTCHECK_FORMAT": "tsv"], "district code  district")
    try begins(["--format", "table"], ["SPOTCHECK_LANG": "zh"], "区县代码")
    try begins(["--format", "table", "--lang", "zh"], ["SPOTCHECK_LANG": "en"], "区县代码")
    // A picture does not mind what is settled about answers without one.
    #expect(try desk.run(rate + ["--pool", "--chart", "bar"]).output.contains("█"))
    // What does not go together says who said it.
    try desk.project("store: ../store\nformat: json\n")
    let odd = try desk.run(rate + ["--encoding", "gb18030"])
    #expect(
      odd.status == 2 && odd.errors.contains("json is always UTF-8 (") && odd.errors.contains("spotcheck.yaml:2)"))
    // No files: as if there were none.
    #expect(try desk.run(rate, ["SPOTCHECK_CONFIG": ""]).errors.contains("which store?"))
  }

  /// `--name value` is read without ArgumentParser, `--name=value` with it.
  @Test func plainQuestionsObeyTheSame() throws {
    let desk = try Desk()
    let projects = [
      "store: ../store\n", "store: ../store\nlang: en\nformat: html\n", "store: ../store\nformat: json\n",
      "store: nowhere\n", "store: ../store\nfromat: json\n", "pipelines: nowhere\n", nil,
    ]
    for project in projects {
      try desk.project(project)
      for (name, value) in [
        ("SPOTCHECK_LANG", "en"), ("SPOTCHECK_FORMAT", "csv"), ("SPOTCHECK_FORMAT", "arrow"), ("A", "B"),
      ] {
        let one = try desk.run(["rate", "--by", "district", "--where", "year = 2024"], [name: value])
        let other = try desk.run(["rate", "--by=district", "--where=year = 2024"], [name: value])
        #expect(one.status == other.status && one.output == other.output && one.errors == other.errors)
      }
    }
  }

  @Test func whatChangesAStoreOrRunsByItselfAsksNoFiles() throws {
    let desk = try Desk(importing: [])
    try desk.project("store: ../store\npipelines: ../nowhere\nlang: en\n")
    let file = Repository.path("samples/deliveries/nyncj-2024Q1.csv.gz")
    let before = try StoreDigestText.of(desk.scratch.root)
    let lines = [
      ["import", file], ["nightly"], ["watch"], ["healthcheck"], ["replay"], ["store", "tag", "年报"],
      ["store", "compact"],
      ["store", "expire", "--keep", "1"], ["store", "backup", desk.scratch.folder + "/copy"],
    ]
    for line in lines {
      let end = try desk.run(line)
      #expect(end.status == 2 && end.output.isEmpty, "\(line): \(end)")
      #expect(end.errors.contains("which store?") || end.errors.contains("Usage:"), "\(line): \(end.errors)")
    }
    #expect(try desk.run(["nightly"]).errors.contains("spotcheck.yaml:1 says is for answers only"))
    #expect(try StoreDigestText.of(desk.scratch.root) == before)
    // Pipelines are those of the environment, whatever the project names; a broken file is not even seen.
    for text in ["pipelines: ../nowhere\n", "nonsense: ["] {
      try desk.project(text)
      #expect(try desk.run(["doctor", file]).status == 0)
      #expect(try desk.run(["pipeline", "lint"]).status == 0)
    }
    #expect(try desk.run(["import", "--store", desk.scratch.root, file]).status == 0)
    #expect(try desk.run(["healthcheck", "--store", desk.scratch.root]).errors.contains("spotcheck.yaml") == false)
    // Where somebody asks, it is.
    #expect(try desk.run(["rate", "--store", desk.scratch.root, "--by", "year"]).status == 2)
    // A line that says everything looks for nothing.
    let whole = ["rate", "--store", desk.scratch.root, "--by", "year", "--format", "csv"]
    #expect(try desk.run(whole).status == 0)
  }

  @Test func theSettingsInForceAreShown() throws {
    let desk = try Desk()
    try desk.project("store: ../store\nlang: en\n")
    try desk.person("# mine\nlang: zh\npager: \"\"\n")
    let shown = try desk.run(["config", "show", "--origin"], ["NO_COLOR": "1"])
    let file = try FileSystem.absolutePath(desk.scratch.folder) + "/project/spotcheck.yaml"
    let lines = shown.output.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
    let words = lines.map { $0.joined(separator: " ") }
    #expect(shown.status == 0 && words.count == SettingName.allCases.count)
    #expect(words.contains("lang = en (\(file):2, before \(desk.home)/.config/spotcheck/config.yaml:2)"))
    #expect(words.contains("format = table (default)") && words.contains("color = never (NO_COLOR)"))
    #expect(words.contains("pager = none (\(desk.home)/.config/spotcheck/config.yaml:3)"))
    #expect(words.contains("pipelines = \(Program.pipelines) (SPOTCHECK_PIPELINES)"))
    #expect(shown.errors == "project: \(file)\nperson: \(desk.home)/.config/spotcheck/config.yaml\n")
    #expect(try desk.run(["config", "show"]).output.contains("(") == false)
    #expect(try desk.run(["config", "show", "lang"]).output == "en\n")
    #expect(try desk.run(["config", "show", "format"]).output == "table\n")
    try desk.project(nil)
    let none = try desk.run(["config", "show", "store"])
    #expect(none.status == 1 && none.output.isEmpty)
    #expect(
      try desk.run(["config", "show", "--origin"]).errors.hasPrefix("project: no spotcheck.yaml here or above\n"))
    // Where the store is not on the line, the explanation says who named it, and the doctor lists it.
    try desk.project("store: ../store\n")
    let explained = try desk.run(["explain", "--by", "year", "--format", "csv"])
    #expect(explained.output.contains("/store（\(file):1）"))
    let said = try desk.run(["explain", "--by", "year", "--format", "csv", "--store", desk.scratch.root])
    #expect(said.status == 0 && !said.output.contains("spotcheck.yaml"))
    let doctor = try desk.run(["doctor"])
    #expect(
      doctor.status == 0 && doctor.output.contains("setting\tstore = ") && doctor.output.contains("\t\(file):1\n"))
    #expect(doctor.output.contains("journal\t"))
  }

  @Test func sessionsAndAuditsObeyThem() throws {
    let desk = try Desk()
    try desk.project("store: ../store\nformat: csv\n")
    let script = desk.scratch.folder + "/lines"
    try Data("rate --by year\n.set format table\nrate --by year\n.set\nconfig show format\n".utf8).write(
      to: URL(fileURLWithPath: script))
    let session = Process()
    let pipe = Pipe()
    session.executableURL = URL(fileURLWithPath: Program.path)
    session.arguments = ["shell"]
    session.environment = ["HOME": desk.home, "SPOTCHECK_PIPELINES": Program.pipelines]
    session.currentDirectoryURL = URL(fileURLWithPath: desk.folder)
    session.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: script))
    session.standardOutput = pipe
    try session.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    session.waitUntilExit()
    #expect(output.hasPrefix("year,year_name,") && output.contains("\n年份  "))
    #expect(output.contains("format    table\n") && output.hasSuffix("\ncsv\n"))
    // The language of an audit is settled in the same place.
    try desk.project("lang: en\n")
    let bulletin = Repository.path(
      "samples/bulletins/"
        + (try #require(
          try FileManager.default.contentsOfDirectory(atPath: Repository.path("samples/bulletins")).sorted().first {
            $0.hasSuffix(".txt")
          })))
    let (mine, chinese) = (try desk.run(["audit", bulletin]), try desk.run(["audit", bulletin, "--lang", "zh"]))
    #expect(mine.output == (try desk.run(["audit", bulletin, "--lang", "en"]).output) && mine.output != chinese.output)
  }
}

/// A store's identity.
private enum StoreDigestText {
  static func of(_ root: String) throws -> String {
    let end = try Program.run(["store", "digest", "--store", root])
    return end.output
  }
}
