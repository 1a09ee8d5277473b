import SpotCheckModel

/// What holds for every line of a session.
public struct SessionSettings: Sendable, Hashable {
  /// The store's folder, as it was named.
  public var store: String
  /// The snapshot that answers come from: `v12`.
  public var snapshot: String
  /// What `.set format` said, where it is not the usual one.
  public var format: String?
  /// How answers are written if nobody says anything.
  public var usualFormat = "table"
  public var usesPager = true

  public init(store: String, snapshot: String) {
    self.store = store
    self.snapshot = snapshot
  }
}

/// Decides what becomes of a command that was typed in a session.
///
/// Only what leaves the store as it is may run. What reads a snapshot reads the session's, unless the line says another one
/// or another store; then nothing is added to it.
public struct SessionRules: Sendable {
  public enum Verdict: Sendable, Hashable {
    /// Run the program with these words.
    case run([String])
    /// A kept question: find the line that it stands for, and judge that.
    case ask([String])
    /// Do not run it; say this.
    case refuse(String)
  }

  public let tree: CommandTree

  public init(_ tree: CommandTree) { self.tree = tree }

  /// By their full names. A command that is new is refused until somebody has thought about it and put it here.
  public static let readingCommands: Set<String> = [
    "rate", "explain", "trace", "diff", "values", "ask", "compare", "targets", "list", "audit", "coverage",
    "healthcheck", "runs list", "runs show", "runs diff", "runs export", "store verify", "store digest",
    "store snapshots", "store stats", "codes unmapped", "doctor", "records", "pipeline lint", "pipeline explain",
    "pipeline test", "pipeline schema", "pipeline reference", "diagnostics", "config show", "help",
  ]

  /// Those that write, unless they are asked for a rehearsal.
  private static let rehearsed: Set<String> = ["replay", "codes map"]

  public func judge(_ words: [String], _ settings: SessionSettings) -> Verdict {
    let (path, command) = tree.find(words)
    guard let first = words.first, !path.isEmpty else {
      let word = words.first ?? ""
      let known = commandNames(below: tree.root, path: [])
      return .refuse(
        "there is no command '\(DisplayWidth.harmless(word))'\(NearestWord.hint(word, in: known)); .help lists them")
    }
    let name = path.joined(separator: " ")
    let said = SaidArguments(words, from: path.count, of: command)
    if first == "help" || !said.options.isDisjoint(with: ["--help", "-h", "--version"]) { return .run(words) }
    // Half a name, such as `store`: the program says what may follow.
    if !command.subcommands.isEmpty { return .run(words) }
    let isRehearsal = SessionRules.rehearsed.contains(name) && said.options.contains("--dry-run")
    guard SessionRules.readingCommands.contains(name) || isRehearsal else {
      return refused(words, path, said, command, settings)
    }
    if name == "list", said.options.contains("--reveal") {
      return .refuse(
        "--reveal leaves a note in the store's journal, and a session only reads; outside of it: "
          + outside(words, path, said, command, settings))
    }
    if name == "ask" {
      return said.positionals.isEmpty || said.options.contains("--show") ? .run(words) : .ask(words)
    }
    guard !said.options.contains("--store") else { return .run(words) }
    return .run(pinned(words, path, said, command, settings))
  }

  /// With the session's snapshot and format, where the command takes them and the line does not say them.
  private func pinned(
    _ words: [String], _ path: [String], _ said: SaidArguments, _ command: CommandTree.Command,
    _ settings: SessionSettings
  ) -> [String] {
    var words = words
    var added: [String] = []
    if path == ["diff"] {
      // The later of the two snapshots is the newest if nobody says which.
      if said.positionals.count == 1, let from = said.positionals.first, said.options.contains("--by") {
        words.insert(settings.snapshot, at: from + 1)
      }
    } else if command.option("--store") != nil, command.option("--as-of") != nil,
      // A page is of the snapshot that its cursor names.
      said.options.isDisjoint(with: ["--as-of", "--after"])
    {
      added += ["--as-of", settings.snapshot]
    }
    if let format = settings.format, command.option("--format")?.values.contains(format) == true,
      !said.options.contains("--format"), !said.options.contains("--chart")
    {
      added += ["--format", format]
    }
    words.insert(contentsOf: added, at: path.count)
    return words
  }

  private func refused(
    _ words: [String], _ path: [String], _ said: SaidArguments, _ command: CommandTree.Command,
    _ settings: SessionSettings
  ) -> Verdict {
    if path == ["shell"] { return .refuse("this is a session already; .quit leaves it") }
    var text = "'\(path.joined(separator: " "))' writes, and a session only reads; outside of it: "
    text += outside(words, path, said, command, settings)
    if SessionRules.changesStore(command) { text += "  (then here: .refresh)" }
    return .refuse(text)
  }

  private static func changesStore(_ command: CommandTree.Command) -> Bool { command.option("--store") != nil }

  /// The line to type in an ordinary shell.
  private func outside(
    _ words: [String], _ path: [String], _ said: SaidArguments, _ command: CommandTree.Command,
    _ settings: SessionSettings
  ) -> String {
    var words = words
    if command.option("--store") != nil, !said.options.contains("--store") {
      words.insert(contentsOf: ["--store", settings.store], at: path.count)
    }
    return DisplayWidth.harmless((["spotcheck"] + words).map(ShellWords.quoted).joined(separator: " "))
  }

  /// What can follow the words of a path in a session.
  public func commandNames(below command: CommandTree.Command, path: [String]) -> [String] {
    command.subcommands.filter { isOffered($0, path: path + [$0.name]) }.map(\.name)
  }

  private func isOffered(_ command: CommandTree.Command, path: [String]) -> Bool {
    SessionRules.readingCommands.contains(path.joined(separator: " "))
      || command.subcommands.contains { isOffered($0, path: path + [$0.name]) }
  }
}
