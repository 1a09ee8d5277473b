// UNSAFE FILE: hands argument vectors to libc. Each descriptor is closed once, each process reaped once.

import CSystem
import Glibc

/// Runs another program as a shell does: on our terminal, where Ctrl-C means it and not us.
public struct ForegroundProcess: Sendable {
  /// Where its answer goes.
  public enum Output: Sendable, Hashable {
    case ours
    case file(String, appends: Bool)
  }

  /// Program (looked up in PATH if it has no `/`) and arguments.
  public var arguments: [String]
  /// Added to our environment, or replacing what is there.
  public var environment: [String: String]
  /// Whether it may read our standard input; otherwise there is nothing to read.
  public var sharesInput = true
  public var output = Output.ours

  public init(_ arguments: [String], environment: [String: String] = [:]) {
    self.arguments = arguments
    self.environment = environment
  }

  /// This program itself, even if its file was replaced meanwhile.
  public static let ownProgram = "/proc/self/exe"

  /// Starts it and waits for its end. A program that fails is a result, not an error.
  /// - Throws: ``SystemError`` if it cannot be started, or the file of its output not be made.
  public func run() throws(SystemError) -> ChildProcess.End {
    let input = sharesInput ? StandardStreams.input : try SystemCalls.open("/dev/null", flags: O_RDONLY)
    defer { if !sharesInput { _ = Glibc.close(input) } }
    let target: Int32
    switch output {
    case .ours: target = StandardStreams.output
    case .file(let path, let appends):
      target = try SystemCalls.open(
        path, flags: O_WRONLY | O_CREAT | O_NOCTTY | (appends ? O_APPEND : O_TRUNC), mode: 0o666)
    }
    defer { if output != .ours { _ = Glibc.close(target) } }
    let process = try ForegroundProcess.start(arguments, environment, input: input, output: target)
    return ForegroundProcess.wait(process)
  }

  static func start(
    _ arguments: [String], _ environment: [String: String], input: Int32, output: Int32
  ) throws(SystemError) -> Int32 {
    let program = arguments.first ?? ""
    let lines = ChildProcess(arguments, environment: environment).environmentLines()
    var process: Int32 = 0
    let code = ChildProcess.withVector(arguments) { arguments in
      ChildProcess.withVector(lines) { environment in
        arguments.first.flatMap { $0 }.map {
          spotcheck_spawn(
            $0, arguments.baseAddress, environment.baseAddress, input, output, StandardStreams.error, 0, &process)
        } ?? EINVAL
      }
    }
    guard code == 0 else { throw SystemError(operation: "start", path: program, code: code) }
    return process
  }

  static func wait(_ process: Int32) -> ChildProcess.End {
    var (status, signal): (Int32, Int32) = (0, 0)
    guard spotcheck_wait_foreground(process, &status, &signal) == 1 else { return .exited(255) }
    return signal == 0 ? .exited(status) : .killed(signal: signal)
  }
}
