import Foundation
import SpotCheck
import Testing

/// Settings of answers: what a file may say, which file is asked, and who wins.
@Suite struct AnswerSettingsTests {
  private func read(
    _ text: String, _ owner: AnswerSettingsFile.Owner = .person, path: String = "/work/report/spotcheck.yaml",
    home: String? = "/home/me"
  ) throws -> AnswerSettingsFile {
    try AnswerSettingsFile(Array(text.utf8), path: path, owner: owner, home: home)
  }

  @Test func pathsAreSeenFromTheFile() throws {
    let file = try read("store: data/store\npipelines: ~/pipelines\nlang: en\n", .project)
    #expect(file.settings[.store]?.value == "/work/report/data/store")
    #expect(file.settings[.pipelines]?.value == "/home/me/pipelines")
    #expect(file.settings[.lang]?.origin == .file("/work/report/spotcheck.yaml", line: 3))
    #expect(try read("store: /srv/store\n").settings[.store]?.value == "/srv/store")
    #expect(try read("pager: \"\"\n").settings[.pager]?.value == "" && read("pager:\n").settings[.pager]?.value == "")
    for nothing in ["", "\n\n", "# store: x\n  # lang: en"] { #expect(try read(nothing).settings.isEmpty) }
  }

  @Test(arguments: [
    (
      "stroe: x\n",
      "/work/report/spotcheck.yaml:1:1: error: unknown key 'stroe'; did you mean 'store'?\nstroe: x\n^~~~~"
    ),
    ("lang: en\nfromat: csv\n", ":2:1: error: unknown key 'fromat'; did you mean 'format'?"),
    ("format: cvs\n", ":1:9: error: unknown word 'cvs' for 'format'; did you mean 'csv'?"),
    ("format: xlsx\n", "expected one of: table, csv"),
    ("format: svg\n", "expected one of: table, csv"),
    ("store:\n", "'store' has no value; expected a text"),
    ("store: \"\"\n", "'store' must not be empty"),
    ("store: [a, b]\n", "'store' must be a text, found a list"),
    ("lang: en\nlang: zh\n", "duplicate key 'lang' (first on line 1)"),
    ("- store\n", "expected keys (store, pipelines, lang, format, …), found a list"),
    ("jobs: 2\n", "unknown key 'jobs'"),
    ("store: \u{7}x: [\n", "error:"),
  ])
  func whatIsWrongIsSaidWithItsPlace(text: String, message: String) throws {
    do {
      _ = try read(text)
      Issue.record("taken: \(text)")
    } catch let error as SettingsError {
      #expect(error.description.contains(message), "\(error)")
    }
  }

  @Test func aProjectNamesNoPrograms() throws {
    for text in ["pager: less\n", "pager: \"\"\n"] {
      let error = #expect(throws: SettingsError.self) { try read(text, .project) }
      #expect(error?.description.contains(":1:1: error: 'pager' names a program") == true)
      #expect(try read(text, .person).settings[.pager] != nil)
    }
    #expect(throws: SettingsError.self) { try read("store: ~/store\n", home: nil) }
  }

  @Test func theEnvironmentWinsOverTheProjectAndThatOverThePerson() throws {
    let project = try read("store: /p\nlang: en\n", .project)
    let person = try read("store: /m\nlang: zh\nformat: csv\ncolor: never\npager: most\n", path: "/c.yaml")
    func settings(_ variables: [String: String]) -> AnswerSettings {
      AnswerSettings(files: [project, person]) { variables[$0] }
    }
    let all = settings(["SPOTCHECK_STORE": "/e"])
    #expect(all.said(.store).map(\.value) == ["/e", "/p", "/m"])
    #expect(
      all.said(.store).map(\.origin.description) == ["SPOTCHECK_STORE", "/work/report/spotcheck.yaml:1", "/c.yaml:1"])
    #expect(try all.setting(.lang)?.value == "en" && all.setting(.format)?.value == "csv")
    #expect(try all.setting(.pipelines) == nil)
    // An empty variable says nothing, except that no pager is a wish.
    #expect(try settings(["SPOTCHECK_STORE": ""]).setting(.store)?.value == "/p")
    #expect(try settings(["PAGER": ""]).setting(.pager)?.value == "")
    #expect(try settings(["PAGER": "a", "SPOTCHECK_PAGER": "b"]).setting(.pager)?.value == "b")
    let colours: [([String: String], String)] = [
      ([:], "never"), (["CLICOLOR_FORCE": "1"], "always"), (["CLICOLOR_FORCE": "0"], "never"),
      (["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], "never"), (["NO_COLOR": ""], "never"),
      (["NO_COLOR": "1", "SPOTCHECK_COLOR": "auto"], "auto"),
    ]
    for (variables, colour) in colours { #expect(try settings(variables).setting(.color)?.value == colour) }
    for (name, words) in [("SPOTCHECK_LANG", "zh or en"), ("SPOTCHECK_FORMAT", "table, csv, excel-csv")] {
      let setting: SettingName = name == "SPOTCHECK_LANG" ? .lang : .format
      let error = #expect(throws: SettingsError.self) { try settings([name: "xlsx"]).setting(setting) }
      #expect(error?.description.hasPrefix("\(name) is 'xlsx'; it must be \(words)") == true)
    }
  }

  /// The words are those of the rooms that obey them.
  @Test func wordsAreKnownWhereTheyAreObeyed() {
    #expect(SettingName.lang.words == AnswerLanguage.allCases.map(\.rawValue))
    #expect(Set(SettingName.lang.words) == Set(AuditLanguage.allCases.map(\.rawValue)))
    #expect(SettingName.color.words == ColourChoice.allCases.map(\.rawValue))
    #expect(
      SettingName.format.words
        == OutputFormat.allCases.filter { !$0.isBinary && $0 != .svg }.map(\.rawValue))
  }

  @Test func theNearestFileIsFound() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-" + UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: root) }
    let deep = root + "/a/b/c"
    try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: root + "/home/.config/spotcheck", withIntermediateDirectories: true)
    func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    func stores(_ folder: String?, chosen: String? = nil) throws -> [String] {
      var places = SettingsPlaces(folder: folder, home: root + "/home")
      places.chosen = chosen
      return try places.files().compactMap { $0.settings[.store]?.value }
    }
    #expect(try stores(deep).isEmpty)
    try write("store: /far\n", root + "/a/spotcheck.yaml")
    #expect(try stores(deep) == ["/far"] && stores(root).isEmpty && stores(nil).isEmpty)
    try write("store: /near\n", root + "/a/b/spotcheck.yaml")
    try write("store: /mine\n", root + "/home/.config/spotcheck/config.yaml")
    #expect(
      try stores(deep) == ["/near", "/mine"] && stores(root + "/a") == ["/far", "/mine"] && stores("/") == ["/mine"])
    // One file in place of all, or none.
    #expect(try stores(deep, chosen: root + "/a/spotcheck.yaml") == ["/far"] && stores(deep, chosen: "").isEmpty)
    #expect(throws: SettingsError.self) { try stores(deep, chosen: root + "/nothing") }
    // A path of the environment that is not absolute does not count.
    #expect(SettingsPlaces(folder: nil, home: "home", configurations: "conf").personal == nil)
    #expect(SettingsPlaces(folder: nil, home: "/h", configurations: "/c").personal == "/c/spotcheck/config.yaml")
    // What others may write is not obeyed.
    try FileManager.default.setAttributes([.posixPermissions: 0o646], ofItemAtPath: root + "/a/b/spotcheck.yaml")
    let error = #expect(throws: SettingsError.self) { try stores(deep) }
    #expect(error?.description.contains("is not obeyed: everybody may write to") == true)
    #expect(try stores(deep, chosen: "").isEmpty)
  }
}
