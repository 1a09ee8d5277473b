// UNSAFE FILE: reads and writes pipes through raw buffers. Each descriptor is closed once, each process reaped once.

import CSystem
import Glibc

/// The three pipes to a child. The far ends are the child's.
struct ChildPipes: ~Copyable {
  struct Pipe {
    var near: Int32 = -1
    var far: Int32 = -1

    mutating func closeNear() {
      if near >= 0 { _ = Glibc.close(near) }
      near = -1
    }
    mutating func closeFar() {
      if far >= 0 { _ = Glibc.close(far) }
      far = -1
    }
  }

  var input = Pipe()
  var output = Pipe()
  var errors = Pipe()

  init(_ program: String) throws(SystemError) {
    input = try ChildPipes.pipe(program, weWrite: true)
    do throws(SystemError) {
      output = try ChildPipes.pipe(program, weWrite: false)
      errors = try ChildPipes.pipe(program, weWrite: false)
    } catch {
      closeAll()
      throw error
    }
  }

  private static func pipe(_ program: String, weWrite: Bool) throws(SystemError) -> Pipe {
    var ends: [Int32] = [-1, -1]
    if ends.withUnsafeMutableBufferPointer({ spotcheck_pipe($0.baseAddress, weWrite ? 1 : 0) }) != 0 {
      let code = errno
      for end in ends where end >= 0 { _ = Glibc.close(end) }
      throw SystemError(operation: "start", path: program, code: code)
    }
    return weWrite ? Pipe(near: ends[1], far: ends[0]) : Pipe(near: ends[0], far: ends[1])
  }

  mutating func closeFarEnds() {
    input.closeFar()
    output.closeFar()
    errors.closeFar()
  }

  private mutating func closeAll() {
    closeFarEnds()
    input.closeNear()
    output.closeNear()
    errors.closeNear()
  }

  deinit {
    for end in [input.near, input.far, output.near, output.far, errors.near, errors.far] where end >= 0 {
      _ = Glibc.close(end)
    }
  }
}

/// What one of a child's outputs said.
struct Heard {
  private let limit: Int
  private(set) var bytes: [UInt8] = []
  /// Whether there was more than the limit.
  private(set) var isCut = false

  init(limit: Int) { self.limit = limit }

  /// Reads what is there. True at the end.
  mutating func take(_ descriptor: Int32) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count < 0 { return errno != EAGAIN && errno != EINTR }
    let kept = min(count, limit - bytes.count)
    bytes.append(contentsOf: chunk[..<kept])
    if kept < count { isCut = true }
    return count == 0
  }
}

/// Feeds a child its input, takes what it says, and sees to its end.
struct ChildConversation {
  private let process: Int32
  private let input: [UInt8]
  private var written = 0
  private(set) var output: Heard
  private(set) var errors: Heard

  /// After the child's end, or after SIGTERM, this long is waited for the rest.
  private static let grace = 1.0

  init(process: Int32, input: [UInt8], limit: Int) {
    self.process = process
    self.input = input
    output = Heard(limit: limit)
    errors = Heard(limit: limit)
  }

  /// Talks until the child has ended and its outputs are closed, but not much longer than either.
  mutating func hold(_ pipes: inout ChildPipes, timeout: Double) -> ChildProcess.End {
    let watcher = spotcheck_process_descriptor(process)
    defer { if watcher >= 0 { _ = Glibc.close(watcher) } }
    var deadline = Waiting.realSeconds + (timeout.isFinite ? max(0, timeout) : 0)
    var end: ChildProcess.End?
    var isTimedOut = false
    while true {
      if end == nil, let status = reap() {
        end = isTimedOut ? .timedOut : status
        // Somebody that it started may hold the outputs open for ever: do not wait for that.
        deadline = Waiting.realSeconds + ChildConversation.grace
      }
      if let end, pipes.output.near < 0, pipes.errors.near < 0 {
        return finish(end, isTimedOut)
      }
      let left = deadline - Waiting.realSeconds
      if left <= 0 {
        if let end { return finish(end, isTimedOut) }
        _ = kill(-process, isTimedOut ? SIGKILL : SIGTERM)
        isTimedOut = true
        deadline = Waiting.realSeconds + ChildConversation.grace
        continue
      }
      // Where the kernel cannot tell about the end of a process, look often.
      let pause = watcher >= 0 ? left : min(left, 0.02)
      exchange(&pipes, watcher: end == nil ? watcher : -1, seconds: pause)
    }
  }

  /// What is left of a group that had to be ended goes too.
  private func finish(_ end: ChildProcess.End, _ isTimedOut: Bool) -> ChildProcess.End {
    if isTimedOut { _ = kill(-process, SIGKILL) }
    return end
  }

  private func reap() -> ChildProcess.End? {
    var (status, signal): (Int32, Int32) = (0, 0)
    switch spotcheck_reap(process, &status, &signal) {
    case 0: return nil
    case 1: return signal == 0 ? .exited(status) : .killed(signal: signal)
    // Somebody else has reaped it: how it ended cannot be known.
    default: return .exited(255)
    }
  }

  private mutating func exchange(_ pipes: inout ChildPipes, watcher: Int32, seconds: Double) {
    if written >= input.count { pipes.input.closeNear() }
    var entries = [
      pollfd(fd: pipes.output.near, events: Int16(POLLIN), revents: 0),
      pollfd(fd: pipes.errors.near, events: Int16(POLLIN), revents: 0),
      pollfd(fd: pipes.input.near, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: watcher, events: Int16(POLLIN), revents: 0),
    ]
    let milliseconds = Int32((min(seconds, 3600) * 1000).rounded(.up))
    // SAFETY: four entries that live for the call.
    let count = entries.withUnsafeMutableBufferPointer { poll($0.baseAddress, nfds_t($0.count), milliseconds) }
    guard count > 0 else { return }
    if entries[0].revents != 0, output.take(pipes.output.near) { pipes.output.closeNear() }
    if entries[1].revents != 0, errors.take(pipes.errors.near) { pipes.errors.closeNear() }
    if entries[2].revents != 0, !give(pipes.input.near) { pipes.input.closeNear() }
  }

  /// Writes what fits. False if nobody wants it.
  private mutating func give(_ descriptor: Int32) -> Bool {
    let count = input.withUnsafeBytes { bytes in
      let rest = bytes[written...]
      // SAFETY: the rest is inside the array, which lives for the call.
      return spotcheck_write_pipe(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, UInt(rest.count))
    }
    if count < 0 { return errno == EAGAIN || errno == EINTR }
    written += count
    return true
  }
}
