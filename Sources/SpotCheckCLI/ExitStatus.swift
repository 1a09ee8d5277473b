import ArgumentParser
import SpotCheck

/// What the program's exit says. Stable for scripts; an unknown number is a failure.
enum ExitStatus: Int32 {
  case success = 0
  /// Failed; nothing changed.
  case failure = 1
  case usage = 2
  /// Done, but rows were rejected or files refused.
  case withRejects = 3
  /// A quality gate was breached; what it covers is not visible.
  case qualityGate = 4
  /// A bureau's data are overdue, or the health check found something.
  case alert = 5
  case noStore = 10
  case locked = 11
  case damaged = 12
  case newerStore = 13
  case inputOutput = 74
  /// Ended by SIGINT or SIGTERM, with the file at work undone.
  case interrupted = 130
  case terminated = 143

  init(_ error: CatalogueError) {
    self =
      switch error.kind {
      case .missing: .noStore
      case .unknownSnapshot: .usage
      case .newerFormat: .newerStore
      case .corrupt, .foreign: .damaged
      case .busy: .locked
      case .io: .inputOutput
      default: .failure
      }
  }

  init(_ error: StoreError) {
    self =
      switch error.problem {
      case .damaged: .damaged
      case .newerFormat: .newerStore
      case .unstorable: .failure
      case .system: .inputOutput
      }
  }

  init(_ error: ImportError) {
    self =
      switch error.kind {
      case .locked: .locked
      case .noStore: .noStore
      case .unbalanced, .changed: .failure
      case .stopped: .terminated
      case .pipeline: .usage
      }
  }

  static func leave(_ status: ExitStatus) {
    if status != .success { SpotCheckCommand.exit(withError: ExitCode(status.rawValue)) }
  }
}

/// A command that cannot go on, with what to say and how to leave.
struct CommandFailure: Error {
  var status: ExitStatus
  var message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// Standard output and standard error.
enum Console {
  static func out(_ text: String) { write(1, Array(text.utf8)) }
  static func out(_ bytes: [UInt8]) { write(1, bytes) }

  /// A closed pipe ends the program quietly, as `head` expects; any other write error is one.
  private static func write(_ descriptor: Int32, _ bytes: [UInt8]) {
    do {
      try StandardStreams.writeAll(descriptor, bytes)
    } catch {
      if !error.isBrokenPipe { try? StandardStreams.writeAll(2, "spotcheck: \(error)\n") }
      SpotCheckCommand.exit(withError: ExitCode(error.isBrokenPipe ? 0 : ExitStatus.inputOutput.rawValue))
    }
  }

  static func error(_ text: String, prefix: String = "spotcheck: ") {
    try? StandardStreams.writeAll(2, prefix + text + "\n")
  }

  static func note(_ text: String) { try? StandardStreams.writeAll(2, text + "\n") }
}
