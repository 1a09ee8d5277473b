// UNSAFE FILE: makes argument vectors for libc. Each descriptor is closed once, each process reaped once.

import CSystem
import Glibc

/// Runs another program: a hook of the operator's.
///
/// It gets its input as bytes, its words as they are (no shell, unless it is the program), a process group of its own,
/// no open files of ours, and default signals. What it prints is kept up to a limit. It never takes longer than its
/// time: then its whole group is ended.
public struct ChildProcess: Sendable {
  /// Program (looked up in PATH if it has no `/`) and arguments.
  public var arguments: [String]
  /// Added to our environment, or replacing what is there.
  public var environment: [String: String]
  public var input: [UInt8]
  /// Seconds of real time, also under a ``TestClock``.
  public var timeout: Double
  /// Bytes kept of each of the two outputs; the rest is read and thrown away.
  public var outputLimit: Int

  public init(
    _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = [], timeout: Double = 30,
    outputLimit: Int = 64 << 10
  ) {
    self.arguments = arguments
    self.environment = environment
    self.input = input
    self.timeout = timeout
    self.outputLimit = outputLimit
  }

  /// How it ended.
  public enum End: Sendable, Hashable {
    case exited(Int32)
    /// By a signal of somebody else.
    case killed(signal: Int32)
    /// By us, because its time was over.
    case timedOut
  }

  public struct Result: Sendable, Hashable {
    public var end: End
    public var output: [UInt8]
    public var errors: [UInt8]
    /// Whether one of the outputs was longer than the limit.
    public var isCut: Bool
    public var succeeded: Bool { end == .exited(0) }
  }

  /// What the service manager says to us is not meant for hooks.
  private static let withheld: Set<String> = ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_FDS"]

  /// Starts it, waits for its end, and gives what it said. A program that fails is a result, not an error.
  /// - Throws: ``SystemError`` if it cannot be started (ENOENT, EACCES …).
  public func run() throws(SystemError) -> Result {
    guard let program = arguments.first else { throw SystemError(operation: "start", path: "", code: EINVAL) }
    if let code = FaultPlan.plannedFailure(of: .spawn) {
      throw SystemError(operation: "start", path: program, code: code)
    }
    var pipes = try ChildPipes(program)
    var process: Int32 = 0
    let code = ChildProcess.withVector(arguments) { arguments in
      ChildProcess.withVector(environmentLines()) { environment in
        // The program's own name is the first argument, and the vector has it.
        arguments.first.flatMap { $0 }.map {
          spotcheck_spawn(
            $0, arguments.baseAddress, environment.baseAddress, pipes.input.far, pipes.output.far, pipes.errors.far,
            1, &process)
        } ?? EINVAL
      }
    }
    guard code == 0 else { throw SystemError(operation: "start", path: program, code: code) }
    pipes.closeFarEnds()
    var conversation = ChildConversation(process: process, input: input, limit: max(0, outputLimit))
    let end = conversation.hold(&pipes, timeout: timeout)
    return Result(
      end: end, output: conversation.output.bytes, errors: conversation.errors.bytes,
      isCut: conversation.output.isCut || conversation.errors.isCut)
  }

  func environmentLines() -> [String] {
    var lines: [String] = []
    var index = 0
    // SAFETY: the environment is an array of C strings that ends in nil; this program never changes it.
    while let entry = spotcheck_environment()?[index] {
      index += 1
      let line = PathText.decode(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
      let name = String(line.prefix { $0 != "=" })
      if environment[name] == nil && !ChildProcess.withheld.contains(name) { lines.append(line) }
    }
    return lines + environment.map { $0.key + "=" + $0.value }.sorted()
  }

  /// Lends a vector of C strings that ends in nil. A NUL inside a text would end it early: it is left out.
  static func withVector<R>(
    _ texts: [String], _ body: (UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
      starts.append(bytes.count)
      bytes += PathText.encode(text).filter { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    }
    return bytes.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: each start is inside the buffer, each text ends in a NUL, and both arrays live for the call.
      let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } } + [nil]
      return pointers.withUnsafeBufferPointer(body)
    }
  }
}
