import Foundation
import Glibc
import SpotCheck

/// A terminal for tests: what is typed at one end is read by a program at the other.
final class PseudoTerminal {
  private let master: Int32
  private let slave: Int32
  let process = Process()
  /// Everything that was shown so far.
  private(set) var shown = ""
  private var bytes: [UInt8] = []
  private let before: termios

  /// Makes the terminal the one that a program is controlled by: then Ctrl-C is a signal.
  static let controller = "/usr/bin/setsid"

  /// Starts the program at a terminal of 24 rows and 80 columns.
  /// - Parameter controlled: a path: this program instead, by ``controller``.
  init(_ arguments: [String], environment: [String: String] = [:], controlled: String? = nil) throws {
    // Swift's Glibc module has neither posix_openpt(3) nor unlockpt(3): these are the calls that they make.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (isLocked, number) = (Int32(0), Int32(0))
    let (unlock, getNumber) = (UInt(0x4004_5431), UInt(0x8004_5430))
    guard master >= 0, ioctl(master, unlock, &isLocked) == 0, ioctl(master, getNumber, &number) == 0 else {
      throw SystemError(operation: "open", path: "a pseudoterminal", code: errno)
    }
    slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    var settings = termios()
    _ = tcgetattr(slave, &settings)
    before = settings
    process.executableURL = URL(fileURLWithPath: controlled == nil ? Program.path : PseudoTerminal.controller)
    process.arguments = (controlled.map { ["--ctty", "--wait", $0] } ?? []) + arguments
    process.environment = [
      "SWIFT_BACKTRACE": "enable=no", "SPOTCHECK_PIPELINES": Program.pipelines, "PATH": "/usr/bin:/bin",
      "TERM": "xterm",
    ].merging(environment) { $1 }
    let end = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    (process.standardInput, process.standardOutput, process.standardError) = (end, end, end)
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    close(master)
    close(slave)
  }

  /// Whether the terminal is set as it was before the program was started.
  var isRestored: Bool {
    var now = termios()
    _ = tcgetattr(slave, &now)
    return now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag && now.c_oflag == before.c_oflag
  }

  /// Gives the terminal another size. Whoever it controls is told.
  func resize(columns: UInt16, rows: UInt16 = 24) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Waits until a text is shown behind what was waited for last.
  /// - Returns: what was shown up to its end; nil if it does not come.
  @discardableResult
  func wait(for text: String) -> String? {
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date() < deadline {
      if let range = shown.range(of: text) {
        defer { shown = String(shown[range.upperBound...]) }
        return String(shown[..<range.upperBound])
      }
      guard readMore() else { return nil }
    }
    return nil
  }

  /// Waits until the program has ended; what it showed last is in ``shown``. One that does not end is killed.
  func end() -> Int32 {
    let deadline = Date(timeIntervalSinceNow: 60)
    while process.isRunning {
      _ = readMore()
      if Date() > deadline { kill(process.processIdentifier, SIGKILL) }
    }
    process.waitUntilExit()
    while readMore() {}
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  private func readMore() -> Bool {
    var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 100) > 0 else { return process.isRunning }
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(master, &chunk, chunk.count)
    guard count > 0 else { return false }
    bytes += chunk[..<count]
    // Characters may be cut by a read: the last few bytes wait until they are whole.
    var whole = bytes.count
    while whole > 0, bytes.count - whole < 4, String(validating: bytes[..<whole], as: UTF8.self) == nil { whole -= 1 }
    shown += String(decoding: bytes[..<whole], as: UTF8.self)
    bytes.removeFirst(whole)
    return true
  }
}
