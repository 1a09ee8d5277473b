import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// `spotcheck shell`: as a script, and at a terminal.
@Suite("Sessions", .enabled(if: FileManager.default.fileExists(atPath: Program.path)))
struct SessionTests {
  private static let deliveries = ["nyncj-2024Q1.csv.gz", "scjgj-2024Q1.xml.gz"].map {
    Repository.path("samples/deliveries/") + $0
  }
  private static let later = Repository.path("samples/deliveries/lcj-2023Q1.csv.gz")

  private func filledStore() throws -> ScratchStore {
    let store = try ScratchStore()
    _ = try store.importFiles(SessionTests.deliveries)
    return store
  }

  /// Plays a script.
  private func play(_ script: String, _ store: ScratchStore, _ more: [String] = []) throws -> Program.End {
    let path = try store.file("script.txt", Array(script.utf8))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = ["shell", "--store", store.root] + more
    process.environment = [
      "SWIFT_BACKTRACE": "enable=no", "SPOTCHECK_PIPELINES": Program.pipelines, "HOME": store.folder,
    ]
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Program.End(
      status: process.terminationStatus, output: String(decoding: said, as: UTF8.self),
      errors: String(decoding: complained, as: UTF8.self))
  }

  @Test func answersAreThoseOfTheCommands() throws {
    let store = try filledStore()
    let lines: [[String]] = [
      ["rate", "--by", "category,district"], ["rate", "--by", "district", "--format", "json"],
      ["rate", "--by", "district", "--where", "district = 湟中区 and year = 2024", "--pool", "--chart", "bar"],
      ["explain", "--by", "year", "--format", "json"], ["values", "--pareto", "--top", "5", "--pool"],
      ["list", "samples", "--limit", "3", "--format", "csv"], ["list", "batches"], ["targets", "--format", "tsv"],
      ["compare", "--period", "2024Q1", "--by", "district"], ["trace", "--by", "year", "--row", "2024,*"],
      ["diff", "v1", "--by", "bureau"], ["coverage"], ["codes", "unmapped"], ["store", "snapshots"],
      ["store", "digest"],
      ["runs", "list"], ["diagnostics"], ["ask"], ["ask", "below-target", "least=1", "--format", "csv"],
      ["ask", "below-target", "--show"], ["help", "rate"], ["import", "--help"],
    ]
    var (output, errors) = ("", "")
    for line in lines {
      // Outside, the store has to be said; where is a matter of the command.
      let end = try Program.run(line, environment: ["SPOTCHECK_STORE": store.root])
      #expect(end.status == 0, "\(line): \(end.errors)")
      (output, errors) = (output + end.output, errors + end.errors)
    }
    let script = lines.map { $0.map(ShellWords.quoted).joined(separator: " ") + "\n" }.joined()
    let end = try play(script, store)
    #expect(end.status == 0 && end.output == output && end.errors == errors)
    // The last line needs no end, and a pasted line no editing.
    let pasted = try play("# a comment\n\nspotcheck rate \\\n  --by 'bureau'", store)
    #expect(try pasted.output == Program.run(["rate", "--by", "bureau", "--store", store.root]).output)
  }

  @Test func theFirstErrorEndsAScript() throws {
    let store = try filledStore()
    let script = "store snapshots\nrate --by nonsense\nstore snapshots\nlist nothing\n"
    let snapshots = try Program.run(["store", "snapshots", "--store", store.root]).output
    let wrong = try Program.run(["rate", "--by", "nonsense", "--store", store.root])
    let stopped = try play(script, store)
    #expect(stopped.status == 2 && stopped.output == snapshots)
    #expect(stopped.errors == wrong.errors + "spotcheck: stopped at line 2, with exit status 2\n")
    let whole = try play(script, store, ["--keep-going"])
    #expect(whole.status == 2 && whole.output == snapshots + snapshots)
    // The status is the command's own.
    let other = try play("rate --by year --store /nowhere\n.quit\n", store)
    #expect(other.status == 10)
    #expect(try play("store snapshots\n.quit\nrate --by nonsense\n", store).status == 0)
    for (line, said) in [
      ("rate --by 'year", "line 1: a quote that does not end"), ("rate --by year | head", "'|' is for shells"),
      ("rate --where year>2023", "'>' is for shells"), ("rat", "did you mean 'rate'"),
      (".helo", "did you mean '.help'"),
      ("rate --by year >", "say one file"), (".history", "a script has no history"),
      ("rate --by year > /nowhere/x", "/nowhere/x"), ("ask nothing", "there is no query 'nothing'"),
    ] {
      let end = try play(line + "\n", store)
      #expect(end.status != 0 && end.output.isEmpty && end.errors.contains(said), "\(line): \(end.errors)")
    }
    #expect(try Program.run(["shell", "--store", "/nowhere"]).status == 10)
    #expect(try Program.run(["shell", "--store", store.root, "--as-of", "v99"]).status != 0)
    #expect(try Program.run(["shell"]).status == 2)
  }

  @Test func whatWritesIsRefused() throws {
    let store = try filledStore()
    func digest() throws -> String { try Program.run(["store", "digest", "--store", store.root]).output }
    let before = try digest()
    for line in [
      "import \(SessionTests.later)", "store tag x", "replay", "store compact", "init other", "watch", "nightly",
      "list rejects --reveal --reason x", "store expire --keep 1", "codes map a=b --table categories", "shell",
    ] {
      let end = try play(line + "\n", store)
      #expect(end.status == 2 && end.output.isEmpty, "\(line)")
      #expect(line == "shell" || end.errors.contains("outside of it: spotcheck "), "\(line): \(end.errors)")
    }
    #expect(try digest() == before)
  }

  @Test func settingsAndFiles() throws {
    let store = try filledStore()
    let file = store.folder + "/out file.csv"
    let end = try play(
      """
      .set format csv
      rate --by district
      .set format table
      rate --by district --format csv > '\(file)'
      rate --by year --format csv >> '\(file)'
      .set
      .dimensions
      .refresh
      """, store)
    let csv = try Program.run(["rate", "--by", "district", "--format", "csv", "--store", store.root]).output
    let year = try Program.run(["rate", "--by", "year", "--format", "csv", "--store", store.root]).output
    #expect(end.status == 0 && end.output.hasPrefix(csv + "store     "))
    #expect(end.output.contains("\nformat    table\n") && end.output.contains("unit_district"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == csv + year)
    // No escapes, no prompt, and nothing left behind in the home.
    #expect(!end.output.contains("\u{1B}") && !end.output.contains("> "))
    #expect(!FileManager.default.fileExists(atPath: store.folder + "/.local"))
  }

  /// While a session lives its answers stay, whatever is imported; `.refresh` takes what has come.
  @Test func answersDoNotMove() throws {
    let store = try filledStore()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = ["shell", "--store", store.root]
    process.environment = ["SPOTCHECK_PIPELINES": Program.pipelines]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    // Behind each answer comes one that is known.
    let marker = ["diagnostics", DiagnosticCode.allCases[0].rawValue]
    let end = try Program.run(marker).output
    #expect(!end.isEmpty)
    func ask(_ line: String) throws -> String {
      try input.fileHandleForWriting.write(contentsOf: Data((line + "\n" + marker.joined(separator: " ") + "\n").utf8))
      var said = ""
      while !said.hasSuffix(end) {
        let more = output.fileHandleForReading.availableData
        if more.isEmpty { break }
        said += String(decoding: more, as: UTF8.self)
      }
      return String(said.dropLast(end.count))
    }
    let before = try ask("rate --by bureau --format csv")
    #expect(try ask("list batches --format csv").split(separator: "\n").count == 3)
    _ = try store.importFiles([SessionTests.later])
    #expect(try ask("rate --by bureau --format csv") == before)
    let now = try Program.run(["rate", "--by", "bureau", "--format", "csv", "--store", store.root]).output
    #expect(now != before)
    #expect(try ask(".refresh\nrate --by bureau --format csv") == now)
    #expect(try ask("rate --by bureau --format csv --as-of v2") == before)
    #expect(!(try ask("diff v2 --by bureau --format csv")).isEmpty)
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func atATerminal() throws {
    let store = try filledStore()
    let history = store.folder + "/state/spotcheck/history"
    let terminal = try PseudoTerminal(
      ["shell", "--store", store.root], environment: ["XDG_STATE_HOME": store.folder + "/state"])
    #expect(terminal.wait(for: "store@v2> ") != nil)
    // Typed with mistakes, corrected, completed: `rate --by district --where 'district = 湟中区'`.
    terminal.type("rtae\u{17}ra\t--by dis\t--where 'district = 湟中\t'\r")
    #expect(terminal.wait(for: "rate --by district --where 'district = 湟中区'") != nil)
    let answer = terminal.wait(for: "store@v2> ") ?? ""
    let outside = try PseudoTerminal(
      ["rate", "--by", "district", "--where", "district = 湟中区", "--store", store.root])
    #expect(outside.end() == 0 && !outside.shown.isEmpty && answer.contains(outside.shown))
    // A line that is given up, one that goes on, an error; the session lives.
    terminal.type("import x\u{03}")
    #expect(terminal.wait(for: "^C") != nil && terminal.wait(for: "store@v2> ") != nil)
    terminal.type("rate --by 'ye\r")
    #expect(terminal.wait(for: "... > ") != nil)
    terminal.type("\u{03}")
    #expect(terminal.wait(for: "store@v2> ") != nil)
    terminal.type("rate --by nonsense\r")
    #expect(terminal.wait(for: "nonsense") != nil && terminal.wait(for: "store@v2> ") != nil)
    // The tab key lists what fits; the arrow key brings back.
    terminal.type("store s\t\t")
    #expect(terminal.wait(for: "snapshots  stats") != nil)
    terminal.type("\u{15}\u{1B}[A\u{1B}[A\r")
    #expect(terminal.wait(for: "rate --by district --where 'district = 湟中区'") != nil)
    #expect(terminal.wait(for: "store@v2> ") != nil)
    #expect(!terminal.isRestored, "keys come one by one while a line is typed")
    _ = try store.importFiles([SessionTests.later])
    terminal.type("store snapshots\r")
    #expect(terminal.wait(for: "v3 has come; '.refresh' takes it") != nil)
    #expect(terminal.wait(for: "store@v2> ") != nil)
    terminal.type(".refresh\r")
    #expect(terminal.wait(for: "store@v3> ") != nil)
    terminal.type("\u{04}")
    #expect(terminal.end() == 0 && terminal.isRestored)
    let kept = try String(contentsOfFile: history, encoding: .utf8)
    #expect(
      kept == """
        rate --by district --where 'district = 湟中区'
        rate --by nonsense
        rate --by district --where 'district = 湟中区'
        store snapshots
        .refresh

        """)
    let mode = try FileManager.default.attributesOfItem(atPath: history)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  /// Ctrl-C ends an answer that is being written, and not the session.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: PseudoTerminal.controller)))
  func interruptsEndTheAnswerAndNotTheSession() throws {
    let store = try filledStore()
    let line = ["list", "items", "--all", "--format", "csv"]
    let whole = try Program.run(line + ["--store", store.root]).output
    // More than a terminal takes while nobody looks: the program is still at it when Ctrl-C comes.
    #expect(whole.utf8.count > 150_000)
    let terminal = try PseudoTerminal(
      ["shell", "--store", store.root, "--no-history"], environment: ["SPOTCHECK_PAGER": ""], controlled: Program.path)
    #expect(terminal.wait(for: "store@v2> ") != nil)
    for _ in 0..<2 {
      terminal.type(line.joined(separator: " ") + "\r")
      #expect(terminal.wait(for: "bureau,sampling_number,") != nil)
      terminal.type("\u{03}")
      let rest = try #require(terminal.wait(for: "store@v2> "))
      #expect(rest.utf8.count < whole.utf8.count / 2)
    }
    // Between two lines it gives up what is typed, as before.
    terminal.type("rate\u{03}")
    #expect(terminal.wait(for: "^C") != nil && terminal.wait(for: "store@v2> ") != nil)
    terminal.type("rate --by year --format csv\r")
    #expect(terminal.wait(for: "2024年") != nil && terminal.wait(for: "store@v2> ") != nil)
    terminal.type(".quit\r")
    #expect(terminal.end() == 0 && terminal.isRestored)
  }

  /// A terminal that becomes narrower or wider while a line is typed gets the line anew.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: PseudoTerminal.controller)))
  func theLineFollowsTheSizeOfTheTerminal() throws {
    let store = try filledStore()
    let terminal = try PseudoTerminal(
      ["shell", "--store", store.root, "--no-history"], controlled: Program.path)
    #expect(terminal.wait(for: "store@v2> ") != nil)
    func exes(_ count: Int) -> String { String(repeating: "x", count: count) }
    terminal.type(exes(100))
    #expect(terminal.wait(for: "\n" + exes(30)) != nil)
    terminal.resize(columns: 40)
    #expect(terminal.wait(for: "\u{1B}[J" + "store@v2> " + exes(30) + "\r") != nil)
    #expect(terminal.wait(for: "\n" + exes(40) + "\r") != nil && terminal.wait(for: "\n" + exes(30)) != nil)
    terminal.resize(columns: 200)
    #expect(terminal.wait(for: "\u{1B}[J" + "store@v2> " + exes(100)) != nil)
    // While an answer is written, nothing is drawn; the next line knows the size.
    terminal.type("\u{03}")
    #expect(terminal.wait(for: "store@v2> ") != nil)
    terminal.type(exes(120))
    #expect(terminal.wait(for: "store@v2> " + exes(120)) != nil)
    terminal.type("\u{03}\u{04}")
    #expect(terminal.end() == 0 && terminal.isRestored)
  }

  @Test func whateverEndsItTheTerminalIsRestored() throws {
    let store = try filledStore()
    for signal in [SIGTERM, SIGHUP, SIGQUIT, SIGINT, SIGABRT] {
      let terminal = try PseudoTerminal(["shell", "--store", store.root, "--no-history"])
      #expect(terminal.wait(for: "store@v2> ") != nil)
      terminal.type("rate")
      #expect(terminal.wait(for: "rate") != nil && !terminal.isRestored)
      kill(terminal.process.processIdentifier, signal)
      #expect(terminal.end() == -signal && terminal.isRestored, "\(signal)")
    }
  }

  /// A history that cannot be read or written is no reason to stop.
  @Test func historyIsAConvenience() throws {
    let store = try filledStore()
    let blocked = try store.file("blocked", [])
    for environment in [["XDG_STATE_HOME": blocked], ["HOME": "/proc/nowhere"], [:]] {
      let terminal = try PseudoTerminal(["shell", "--store", store.root], environment: environment)
      #expect(terminal.wait(for: "store@v2> ") != nil)
      terminal.type(".set\r")
      #expect(terminal.wait(for: "pager") != nil && terminal.wait(for: "store@v2> ") != nil)
      terminal.type("\u{10}\r")
      #expect(terminal.wait(for: "pager") != nil)
      terminal.type(".quit\r")
      #expect(terminal.end() == 0)
    }
  }

  @Test func longAnswersGoThroughThePager() throws {
    let store = try filledStore()
    let list = ["list", "samples", "--store", store.root, "--limit", "60"]
    func shown(_ arguments: [String], _ environment: [String: String]) throws -> String {
      let terminal = try PseudoTerminal(arguments, environment: environment)
      #expect(terminal.end() == 0)
      // The list goes on; that is said beside it.
      return terminal.shown.split(separator: "\r\n").filter { !$0.hasPrefix("next page:") }.joined(separator: "\r\n")
    }
    let plain = try shown(list + ["--no-pager"], ["PAGER": "sed s/^/page:/"])
    #expect(plain.split(separator: "\r\n").count > 60 && !plain.contains("page:"))
    let paged = try shown(list, ["PAGER": "sed s/^/page:/"])
    #expect(paged.replacing("page:", with: "") == plain && paged != plain)
    // Short answers need none; ours comes before everybody's; nobody is asked if it is empty.
    #expect(!(try shown(list.dropLast() + ["3"], ["PAGER": "sed s/^/page:/"])).contains("page:"))
    #expect(try shown(list, ["PAGER": "false", "SPOTCHECK_PAGER": "sed s/^/page:/"]) == paged)
    #expect(try shown(list, ["PAGER": "sed s/^/page:/", "SPOTCHECK_PAGER": ""]) == plain)
    // Enough was seen; there is no such program. Neither is an error of ours.
    #expect(try shown(list, ["PAGER": "head -n 2"]).split(separator: "\r\n").count == 2)
    #expect(try shown(list, ["PAGER": "/no/such/pager 2>/dev/null"]) == plain)
    // Elsewhere than at a terminal there is no pager.
    #expect(!(try Program.run(list, environment: ["PAGER": "sed s/^/page:/"]).output.contains("page:")))
  }
}
