import ArgumentParser
import SpotCheck

extension ExitStatus {
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
