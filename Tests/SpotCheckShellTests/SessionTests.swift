import SpotCheckTestSupport
import Testing

@testable import SpotCheckShell

/// A program with a few commands, described as ArgumentParser does.
private enum Sample {
  static func option(_ name: String, _ values: [String] = [], flag: Bool = false, shown: Bool = true) -> String {
    let list = values.map { "\"\($0)\"" }.joined(separator: ",")
    return """
      {"kind":"\(flag ? "flag" : "option")","names":[{"kind":"long","name":"\(name)"}],"allValues":[\(list)],
       "shouldDisplay":\(shown),"valueName":"x","isRepeating":false}
      """
  }

  static func positional(_ name: String, _ values: [String] = [], repeating: Bool = false) -> String {
    let list = values.map { "\"\($0)\"" }.joined(separator: ",")
    return #"{"kind":"positional","valueName":"\#(name)","allValues":[\#(list)],"isRepeating":\#(repeating)}"#
  }

  static func command(_ name: String, _ arguments: [String] = [], _ subcommands: [String] = []) -> String {
    """
    {"commandName":"\(name)","abstract":"about \(name)","arguments":[\(arguments.joined(separator: ","))],
     "subcommands":[\(subcommands.joined(separator: ","))]}
    """
  }

  static let common = [
    option("store"), option("as-of"), option("where"), option("by"), option("format", ["table", "csv", "json"]),
    option("pool", flag: true), option("threads", shown: false),
  ]

  static let json =
    "{\"command\":"
    + command(
      "spotcheck", [],
      [
        command("rate", common + [option("chart", ["bar", "funnel"]), option("on-map", ["then", "today"])]),
        command("diff", common + [positional("from"), positional("to")]),
        command(
          "list", [positional("kind", ["samples", "items"]), option("reveal", flag: true), option("after")] + common),
        command("ask", [option("show", flag: true), positional("name"), positional("words", repeating: true)]),
        command("audit", [option("as-of"), positional("files", repeating: true)]),
        command("import", [option("store"), positional("files", repeating: true)]),
        command("replay", [option("store"), option("dry-run", flag: true)]),
        command(
          "runs", [], [command("list", [option("store")]), command("show", [option("store"), positional("name")])]),
        command("store", [], [command("verify", [option("store")]), command("compact", [option("store")])]),
        command("shell", [option("store")]), command("help"),
      ]) + "}"

  static var rules: SessionRules {
    get throws { SessionRules(try #require(CommandTree(json: json))) }
  }
}

@Suite struct SessionRulesTests {
  private func judge(_ line: String, _ change: (inout SessionSettings) -> Void = { _ in }) throws
    -> SessionRules.Verdict
  {
    var settings = SessionSettings(store: "my store", snapshot: "v7")
    change(&settings)
    return try Sample.rules.judge(try ShellWords.parse(line).words, settings)
  }

  private func run(_ line: String) throws -> SessionRules.Verdict { .run(try ShellWords.parse(line).words) }

  @Test func readingCommandsGetTheSnapshot() throws {
    for (typed, runs) in [
      ("rate --by district", "rate --as-of v7 --by district"), ("rate --by x --as-of v3", "rate --by x --as-of v3"),
      ("rate --by x --as-of=v3", "rate --by x --as-of=v3"), ("rate --by --as-of", "rate --as-of v7 --by --as-of"),
      ("rate --store other --by x", "rate --store other --by x"), ("rate --store=other", "rate --store=other"),
      ("list samples --pool", "list --as-of v7 samples --pool"),
      ("list samples --after v6.x", "list samples --after v6.x"), ("audit a.yaml", "audit a.yaml"),
      ("runs list", "runs list"), ("store verify", "store verify"), ("runs", "runs"), ("help import", "help import"),
      ("import --help", "import --help"), ("diff v3 --by district", "diff v3 v7 --by district"),
      ("diff --by district v3", "diff --by district v3 v7"), ("diff v3 v4 --by x", "diff v3 v4 --by x"),
      ("diff a.csv", "diff a.csv"), ("diff a.csv b.csv", "diff a.csv b.csv"),
      ("ask", "ask"), ("ask a --show", "ask a --show"), ("replay --dry-run", "replay --dry-run"),
    ] { #expect(try judge(typed) == (try run(runs)), "\(typed)") }
    #expect(try judge("ask below target=90") == .ask(["ask", "below", "target=90"]))
  }

  @Test func theFormatIsThatOfTheSession() throws {
    for (typed, runs) in [
      ("rate --by x", "rate --as-of v7 --format csv --by x"), ("rate --format json", "rate --as-of v7 --format json"),
      ("rate --chart bar", "rate --as-of v7 --chart bar"), ("runs list", "runs list"),
      ("diff v3 --by x", "diff --format csv v3 v7 --by x"),
    ] { #expect(try judge(typed) { $0.format = "csv" } == (try run(runs)), "\(typed)") }
  }

  @Test func whatWritesIsRefusedWithTheLineToType() throws {
    for (typed, said) in [
      ("import 'a b.csv'", "outside of it: spotcheck import --store 'my store' 'a b.csv'  (then here: .refresh)"),
      ("import --store x a.csv", "outside of it: spotcheck import --store x a.csv"),
      (
        "store compact",
        "'store compact' writes, and a session only reads; outside of it: spotcheck store compact --store"
      ),
      ("replay", "spotcheck replay --store 'my store'"), ("shell", "this is a session already"),
      ("list rejects --reveal", "spotcheck list --store 'my store' rejects --reveal"),
      ("rat --by x", "there is no command 'rat'; did you mean 'rate'?"),
      ("'a\u{1B}[2Jb'", "there is no command 'a[2Jb'"),
    ] {
      guard case .refuse(let text) = try judge(typed) else {
        Issue.record("\(typed) is not refused")
        continue
      }
      #expect(text.contains(said), "\(text)")
    }
  }

  @Test func aDescriptionThatIsNoneIsNone() {
    for text in ["", "{}", "[1]", "{\"command\":{}}", "not json"] { #expect(CommandTree(json: text) == nil) }
  }
}

@Suite struct DotCommandTests {
  @Test func wordsToTheSession() throws {
    func read(_ line: String) throws -> DotCommand? {
      try DotCommand(line.split(separator: " ").map(String.init), formats: ["table", "csv"])
    }
    #expect(try read("rate") == nil && read("") == nil)
    #expect(try read(".help") == .help && read(".quit") == .quit && read("exit") == .quit)
    #expect(try read(".set") == .settings && read(".set format csv") == .setFormat("csv"))
    #expect(try read(".set pager off") == .setPager(false))
    for (line, said) in [
      (".hlep", "did you mean '.help'"), (".set format cvs", "did you mean 'csv'"), (".set x", "say .set format"),
      (".quit now", "takes nothing"), (".set format", "say .set format"),
    ] {
      #expect(performing: { try read(line) }, throws: { ($0 as? DotCommand.Fault)?.message.contains(said) == true })
    }
  }
}

@Suite struct SessionCompletionTests {
  private struct Words: SessionVocabulary {
    var dimensions = ["category", "district", "year"]
    var snapshots = ["2024年报", "v7", "v6"]
    var questions = ["below-target", "district-year"]
    func parameters(ofQuestion name: String) -> [String] { name == "district-year" ? ["year", "district"] : [] }
    var columns = ["category", "district", "year"]
    func values(ofColumn name: String) -> [String] { name == "district" ? ["630102", "城东区", "湟中区"] : [] }
    func paths(_ beginning: String) -> [String] { ["data/", "a b.csv"] }
  }

  /// The line after a tab key, and what is shown.
  private func tab(_ text: String) throws -> (line: String, shown: [String]) {
    let found = SessionCompleter(try Sample.rules, Words()).complete(text)
    var scalars = Array(text.unicodeScalars)
    if let replacement = found.replacement {
      scalars.replaceSubrange(found.start..., with: replacement.unicodeScalars)
    }
    return (String(String.UnicodeScalarView(scalars)), found.shown)
  }

  @Test func oneWordFits() throws {
    for (text, line) in [
      ("ra", "rate "), ("rate --by dis", "rate --by district "),
      ("rate --by category,d", "rate --by category,district "),
      ("rate --by=cat", "rate --by=category "), ("rate --form", "rate --format "),
      ("rate --format c", "rate --format csv "),
      ("rate --as-of 2", "rate --as-of 2024年报 "), ("runs l", "runs list "), ("store v", "store verify "),
      ("lis", "list "),
      ("list s", "list samples "), ("ask b", "ask below-target "), ("ask district-year y", "ask district-year year="),
      ("diff v6 2", "diff v6 2024年报 "), (".ref", ".refresh "), (".set f", ".set format "),
      (".set format j", ".set format json "),
      ("audit d", "audit data/"), ("audit a", "audit 'a b.csv' "), ("help sh", "help shell "),
      ("rate --on-map to", "rate --on-map today "),
      ("spotcheck ra", "spotcheck rate "), ("rate --where dis", "rate --where district"),
      ("rate --where \"district = 湟", "rate --where \"district = 湟中区"),
      (
        "rate --where 'year = 2024 and district in (630102, 城", "rate --where 'year = 2024 and district in (630102, 城东区"
      ),
      ("rate --where 'district = 城东区 and y", "rate --where 'district = 城东区 and year"),
    ] { #expect(try tab(text).line == line, "\(text)") }
  }

  @Test func severalFit() throws {
    #expect(try tab("rate --by ").shown == ["category", "district", "year"])
    #expect(try tab("rate --by category,").shown == ["district", "year"], "not what was said")
    #expect(try tab("rate --as-of v").shown == ["v7", "v6"])
    #expect(try tab("store ").line == "store verify ", "compact writes, and is not offered")
    let commands = try tab("").shown
    #expect(commands.contains("rate") && commands.contains(".help"))
    #expect(!commands.contains("import") && !commands.contains("shell"))
    #expect(try tab("rate --by x ").line == "rate --by x --")
    let options = try tab("rate --by x --").shown
    #expect(options.contains("--where") && !options.contains("--by"))
    #expect(!options.contains("--store") && !options.contains("--threads"))
    #expect(try tab("rate --where 'district = ").shown == ["630102", "城东区", "湟中区"])
    // What they have in common is put there first.
    #expect(try tab("r") == ("r", ["rate", "runs"]))
    #expect(try tab("l").line == "list ")
  }

  @Test func nothingFits() throws {
    for text in [
      "zz", "rate --by zz", "import ", "rate # --b", "rate --where 'district ", "rate --where 'producer = a",
      "nonsense x",
    ] {
      #expect(try tab(text) == (text, []), "\(text)")
    }
  }

  /// Never a trap, and never anything but the word at the cursor.
  @Test func anyText() throws {
    var numbers = SeededNumbers(state: 5)
    let pieces = [
      "rate", "--where", "--by", " ", "'", "\"", "\\", "district", "=", "(", ",", "湟", "\u{301}", "-", ".", "#", "ask",
    ]
    let completer = SessionCompleter(try Sample.rules, Words())
    for _ in 0..<3000 {
      let text = (0..<numbers.next(10)).map { _ in numbers.pick(pieces) }.joined()
      let found = completer.complete(text)
      #expect((0...text.unicodeScalars.count).contains(found.start))
      if let replacement = found.replacement {
        let line = Array(text.unicodeScalars)[..<found.start] + Array(replacement.unicodeScalars)
        let typed = ShellWords.typing(String(String.UnicodeScalarView(line)))
        #expect(typed.before.count >= ShellWords.typing(text).before.count)
      }
    }
  }
}

@Suite struct ShellHistoryTests {
  @Test func whatIsKept() {
    var history = ShellHistory(limit: 3)
    for line in ["a", "a", "", "  ", " secret", "b", "湟中区\n二", "d "] { history.add(line) }
    #expect(history.lines == ["b", "湟中区 二", "d"])
    #expect(ShellHistory(text: history.text, limit: 3) == history)
    #expect(ShellHistory(text: "a\na\r\nb\u{2028}c\u{0}d\n\n", limit: 9).lines == ["a", "b c d"])
    #expect(ShellHistory(text: "").lines.isEmpty)
  }
}
