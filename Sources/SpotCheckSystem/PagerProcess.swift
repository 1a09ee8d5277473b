// UNSAFE FILE: makes a pipe and writes into it. Each descriptor is closed once, the process reaped once.

import CSystem
import Glibc

/// A program that shows text page by page, such as less(1).
public final class PagerProcess {
  private let process: Int32
  private var descriptor: Int32

  /// - Parameter command: for `sh -c`, as people write it into PAGER.
  public init(_ command: String, environment: [String: String] = [:]) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard ends.withUnsafeMutableBufferPointer({ spotcheck_pipe($0.baseAddress, -1) }) == 0 else {
      throw SystemError(operation: "start", path: command, code: errno)
    }
    defer { _ = Glibc.close(ends[0]) }
    do throws(SystemError) {
      process = try ForegroundProcess.start(
        ["/bin/sh", "-c", command], environment, input: ends[0], output: StandardStreams.output)
    } catch {
      _ = Glibc.close(ends[1])
      throw error
    }
    descriptor = ends[1]
    spotcheck_leave_interrupts(1)
  }

  /// Gives it more to show.
  /// - Returns: false if it wants no more: somebody has seen enough, which is no error.
  public func show(_ bytes: [UInt8]) throws(SystemError) -> Bool {
    guard descriptor >= 0 else { return false }
    do throws(SystemError) {
      try SystemCalls.write(descriptor, "the pager", bytes.span, toDisk: false)
      return true
    } catch {
      guard error.isBrokenPipe else { throw error }
      return false
    }
  }

  /// Says that this was all, and waits until it has been read.
  /// - Returns: false if there is no such program, so that nothing was shown.
  @discardableResult
  public func finish() -> Bool {
    guard descriptor >= 0 else { return true }
    _ = Glibc.close(descriptor)
    descriptor = -1
    let end = ForegroundProcess.wait(process)
    spotcheck_leave_interrupts(0)
    // What sh(1) ends with if it cannot run, or not find, a command.
    return end != .exited(126) && end != .exited(127)
  }

  deinit { finish() }
}
