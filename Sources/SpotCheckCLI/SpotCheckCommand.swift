import ArgumentParser
import SpotCheck

/// The entry point does nothing itself: closures for C formed inside an `@main` type would inherit its actor.
@main
enum Main {
  static func main() {
    // Under cron a closed stream's number would go to the first file opened, and messages into the store.
    StandardStreams.fillMissing()
    // What a store holds is for its owner and group: SQLite makes its files by the mask.
    _ = Machine.setUmask(0o027)
    StandardStreams.ignoreBrokenPipeSignal()
    SpotCheckCommand.run()
  }
}

struct SpotCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spotcheck",
    abstract: "Turns spot-check laboratory reports into pass rates that can be defended.",
    discussion: """
      EXAMPLES
        spotcheck init store
        spotcheck import --store store samples/deliveries/*
        spotcheck rate --store store --by category,district
        spotcheck rate --store store --by district --where "year = 2024" --format json
        spotcheck shell --store store
        spotcheck records report.csv.gz | head

      EXIT STATUS
        0 all good   1 failed, nothing changed   2 usage   3 done, with rejected rows, refused files or findings
        4 quality gate failed   5 overdue, or not healthy
        10 no store there   11 another run holds the store   12 store damaged   13 store newer than this program
        74 input or output error   130, 143 ended by a signal
      """,
    version: SpotCheckVersion.current,
    subcommands: [
      InitCommand.self, ImportCommand.self, NightlyCommand.self, WatchCommand.self, ShellCommand.self,
      RateCommand.self, ExplainCommand.self,
      TraceCommand.self, DiffCommand.self, ValuesCommand.self, AskCommand.self, CompareCommand.self,
      TargetsCommand.self,
      ListCommand.self,
      AuditCommand.self, RunsCommand.self,
      CoverageCommand.self, HealthcheckCommand.self, StoreCommand.self, ReplayCommand.self, CodesCommand.self,
      DoctorCommand.self, RecordsCommand.self, PipelineCommand.self, DiagnosticsCommand.self, ConfigCommand.self,
      GenerateCommand.self,
    ])

  @Flag(name: .customLong("no-pager"), help: "Show long answers at a terminal without a pager.")
  var hasNoPager = false

  private static func perform() throws {
    try ProcessLimits.prepare()
    if try answerPlainly(Array(CommandLine.arguments.dropFirst())) { return }
    var command = try parseAsRoot()
    try command.run()
  }

  /// Parses and runs, and turns what was thrown into one line on standard error and an exit status.
  static func run() {
    var exit = ExitStatus.success
    do { try perform() } catch { exit = report(error) }
    ExitStatus.leave(exit)
  }

  /// Says what was thrown, and how a program that ends with it leaves.
  static func report(_ thrown: any Error) -> ExitStatus {
    do {
      throw thrown
    } catch let failure as CommandFailure {
      Console.error(failure.message)
      return failure.status
    } catch let failure as SystemError {
      Console.error(failure.description)
      return ExitStatus(failure: failure)
    } catch let failure as CatalogueError {
      Console.error(failure.description)
      return ExitStatus(failure)
    } catch let failure as StoreError {
      Console.error(failure.description)
      return ExitStatus(failure)
    } catch let failure as ImportError {
      Console.error(failure.description)
      return ExitStatus(failure)
    } catch let failure as QueryError {
      Console.error(failure.description)
      return .usage
    } catch let failure as SettingsError {
      Console.error(failure.description)
      return .usage
    } catch let failure as SealKeyError {
      Console.error(failure.description)
      return .usage
    } catch {
      let code = exitCode(for: error)
      if code == .success {
        Console.out(fullMessage(for: error) + "\n")
        return .success
      }
      Console.error(code == .validationFailure ? fullMessage(for: error) : message(for: error), prefix: "")
      return code == .validationFailure ? .usage : .failure
    }
  }
}
