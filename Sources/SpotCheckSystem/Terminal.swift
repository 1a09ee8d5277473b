// UNSAFE FILE: lends read(2) a buffer.

import CSystem
import Glibc

/// The terminal of a session: keys as they are typed.
///
/// However the process ends, but by SIGKILL, the terminal is set as it was before.
public enum Terminal {
  /// Once, at the beginning of a session.
  /// - Parameter isDialogue: somebody types: Ctrl-C ends a command that runs, and never the session.
  public static func beginSession(isDialogue: Bool) throws(SystemError) {
    if spotcheck_session_begin(isDialogue ? 1 : 0) != 0 {
      throw SystemError(operation: "install", path: "the signal handlers", code: errno)
    }
  }

  /// Runs a body while every key comes at once, unchanged, and is not shown.
  public static func withKeys<R>(_ body: () throws -> R) throws -> R {
    if spotcheck_terminal_raw() != 0 { throw SystemError(operation: "set", path: "the terminal", code: errno) }
    defer { spotcheck_terminal_restore() }
    return try body()
  }

  /// Waits until there are keys, or the terminal has another size.
  /// - Returns: false if it is the size.
  public static func waitForKeys() throws(SystemError) -> Bool {
    let said = spotcheck_terminal_wait()
    if said < 0 { throw SystemError(operation: "wait for", path: "the terminal", code: errno) }
    return said > 0
  }

  /// As Ctrl-Z does: the terminal is given back, and taken again when the process goes on.
  public static func suspend() throws(SystemError) {
    spotcheck_terminal_restore()
    spotcheck_terminal_suspend()
    if spotcheck_terminal_raw() != 0 { throw SystemError(operation: "set", path: "the terminal", code: errno) }
  }
}

extension StandardStreams {
  /// What standard input has to give now; waits until there is something. Empty at its end.
  public static func readSomeInput(limit: Int = 1 << 14) throws(SystemError) -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: max(1, limit))
    let count = try SystemCalls.run(.read, "standard input", limit: chunk.count) { allowed in
      // SAFETY: no more than the array holds, which lives for the call.
      chunk.withUnsafeMutableBytes { Glibc.read(input, $0.baseAddress, min(allowed, $0.count)) }
    }
    return Array(chunk[..<count])
  }
}
