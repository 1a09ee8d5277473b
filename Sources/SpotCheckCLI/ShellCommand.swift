import ArgumentParser
import SpotCheck

struct ShellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shell", abstract: "A session on a store: questions with line editing, history and completion.",
    discussion: """
      Commands that read are typed without 'spotcheck' and without --store, quoted as in a shell. All answers come from one
      snapshot: the newest of the start, or --as-of; '.refresh' takes the newest one. The tab key offers commands, options,
      dimensions, snapshots, kept questions and names; the arrow keys and Ctrl-R bring back earlier lines. '> FILE' behind a
      command writes its answer to a file. '.help' says more.

      From a pipe or a file the lines are a script: no prompt, and the first error ends it with that error's exit status.

      EXAMPLES
        spotcheck shell --store store
        spotcheck shell --store store --as-of 2024年报
        spotcheck shell --store store < questions.txt
        echo "rate --by district" | spotcheck shell --store store
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var pipelines: PipelinesOption

  @Option(
    name: .customLong("as-of"),
    help: "The session's snapshot: its number, a date, a run or a tag (default: the newest).",
    completion: Completions.snapshots)
  var asOf: String?

  @Flag(name: .customLong("no-history"), help: "Neither read nor write the history of earlier sessions.")
  var hasNoHistory = false

  @Flag(name: .customLong("keep-going"), help: "In a script: go on after an error; the status is that of the first.")
  var keepsGoing = false

  func run() throws {
    guard let tree = CommandTree(json: SpotCheckCommand._dumpHelp()) else {
      throw CommandFailure(.failure, "the program cannot read its own list of commands")
    }
    let root = try store.path(for: .answers)
    let snapshot = try OpenStore(root).catalogue.resolve(asOf: asOf)
    var settings = SessionSettings(store: root, snapshot: "v\(snapshot)")
    settings.usualFormat = try SettingsInForce.setting(.format)?.value ?? settings.usualFormat
    let session = Session(rules: SessionRules(tree), settings: settings, pipelines: pipelines.pipelines)
    let isDialogue =
      StandardStreams.isTerminal(StandardStreams.input) && StandardStreams.isTerminal(StandardStreams.output)
    try Terminal.beginSession(isDialogue: isDialogue)
    if isDialogue {
      var dialogue = SessionDialogue(session, history: HistoryFile(isUsed: !hasNoHistory))
      try dialogue.hold()
    } else {
      var script = SessionScript(session, keepsGoing: keepsGoing)
      let status = try script.play()
      if status != 0 { SpotCheckCommand.exit(withError: ExitCode(status)) }
    }
  }
}
