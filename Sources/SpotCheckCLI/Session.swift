import ArgumentParser
import SpotCheck

/// A session on a store: carries out one line after the other.
///
/// Every command runs as a process of its own, this program again: its answer is what it is outside of a session, Ctrl-C
/// ends it and nothing else, and no fault of it is the session's.
struct Session {
  let rules: SessionRules
  private(set) var settings: SessionSettings
  /// What `--pipelines` said.
  let pipelines: String?
  /// Whether somebody types.
  var isDialogue = false

  init(rules: SessionRules, settings: SessionSettings, pipelines: String?) {
    self.rules = rules
    self.settings = settings
    self.pipelines = pipelines
  }

  enum Outcome {
    /// With the exit status of what was run; 0 if it was nothing.
    case done(Int32)
    case quit
    case showHistory
  }

  var formats: [String] { rules.tree.find(["rate"]).command.option("--format")?.values ?? [] }

  /// Carries out a line that is whole. What is wrong with it is said on standard error.
  mutating func carryOut(_ line: ShellLine) -> Outcome {
    var words = line.words
    // A line from a page or a script.
    if words.first == "spotcheck" { words.removeFirst() }
    guard !words.isEmpty else {
      return line.target == nil ? .done(0) : .done(fail(.usage, "a command belongs before '>'"))
    }
    do throws(DotCommand.Fault) {
      if let command = try DotCommand(words, formats: formats) {
        guard line.target == nil else { return .done(fail(.usage, "'>' belongs behind a command of the program")) }
        return obey(command)
      }
    } catch { return .done(fail(.usage, error.message)) }
    return .done(run(words, into: line.target))
  }

  private mutating func obey(_ command: DotCommand) -> Outcome {
    switch command {
    case .quit: return .quit
    case .history: return .showHistory
    case .help: Console.out(SessionText.help(rules))
    case .dimensions: Console.out(SessionText.dimensions)
    case .settings: Console.out(SessionText.settings(settings))
    case .setFormat(let format): settings.format = format == settings.usualFormat ? nil : format
    case .setPager(let isOn): settings.usesPager = isOn
    case .refresh:
      guard let newest = newestSnapshot() else {
        return .done(fail(.inputOutput, "the store cannot be read; the session stays at \(settings.snapshot)"))
      }
      if isDialogue {
        Console.note(newest == settings.snapshot ? "\(newest) is the newest" : "\(settings.snapshot) → \(newest)")
      }
      settings.snapshot = newest
    }
    return .done(0)
  }

  /// The newest snapshot of the store; nil if it cannot be told.
  func newestSnapshot() -> String? {
    (try? OpenStore(settings.store).catalogue.latestSnapshot()).map { "v\($0)" }
  }

  private func run(_ words: [String], into target: ShellLine.Target?) -> Int32 {
    switch rules.judge(words, settings) {
    case .refuse(let message): return fail(.usage, message)
    case .ask(let words):
      do {
        return try run(question(words), into: target)
      } catch { return report(error) }
    case .run(let words):
      var process = ForegroundProcess([ForegroundProcess.ownProgram] + words, environment: environment)
      process.sharesInput = isDialogue
      if let target { process.output = .file(target.path, appends: target.appends) }
      do throws(SystemError) {
        switch try process.run() {
        case .exited(let status): return status
        case .killed(let signal):
          // The line on the screen ends where the answer was broken off.
          if isDialogue { Console.note("") }
          return 128 + signal
        case .timedOut: return ExitStatus.failure.rawValue
        }
      } catch { return fail(ExitStatus(failure: error), error.description) }
    }
  }

  /// What a kept question stands for.
  private func question(_ words: [String]) throws -> [String] {
    guard var command = try SpotCheckCommand.parseAsRoot(words) as? AskCommand else { return words }
    if command.pipelines.pipelines == nil { command.pipelines.pipelines = pipelines }
    return try command.line() ?? words
  }

  private var environment: [String: String] {
    var environment = ["SPOTCHECK_STORE": settings.store]
    if let pipelines { environment["SPOTCHECK_PIPELINES"] = pipelines }
    if !settings.usesPager { environment["SPOTCHECK_PAGER"] = "" }
    return environment
  }

  private func report(_ error: any Error) -> Int32 { SpotCheckCommand.report(error).rawValue }

  func fail(_ status: ExitStatus, _ message: String) -> Int32 {
    Console.error(message)
    return status.rawValue
  }
}
