import Glibc

/// Who has a lock, as its file says.
public struct LockHolder: Sendable, Hashable, CustomStringConvertible {
  public var processID: Int32
  public var host: String
  /// When the process started, in clock ticks since the computer did: with it a number that was given again to
  /// another process is told from the old one. 0 if unknown.
  public var startTicks: UInt64
  /// When the lock was taken, in seconds since 1970.
  public var since: Int64

  /// This process, now.
  static var current: LockHolder {
    LockHolder(
      processID: getpid(), host: Machine.hostName, startTicks: LockHolder.startTicks(of: getpid()) ?? 0,
      since: Machine.wallClockNanoseconds / 1_000_000_000)
  }

  private init(processID: Int32, host: String, startTicks: UInt64, since: Int64) {
    self.processID = processID
    self.host = host
    self.startTicks = startTicks
    self.since = since
  }

  /// Reads the line of a lock file; nil if it is none.
  init?(_ line: String) {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 8, words[0] == "pid", words[2] == "on", words[4] == "started", words[6] == "since",
      let processID = Int32(words[1]), let ticks = UInt64(words[5]), let since = Int64(words[7])
    else { return nil }
    self.init(processID: processID, host: words[3], startTicks: ticks, since: since)
  }

  public var description: String { "pid \(processID) on \(host) started \(startTicks) since \(since)" }

  /// Whether that very process is alive; nil if it is on another computer and cannot be known.
  public var isAlive: Bool? {
    guard host == Machine.hostName else { return nil }
    guard let ticks = LockHolder.startTicks(of: processID) else { return false }
    return startTicks == 0 || ticks == startTicks
  }

  /// proc(5): field 22 of /proc/PID/stat. The second field is the program's name in brackets and may hold anything.
  static func startTicks(of process: Int32) -> UInt64? {
    guard let bytes = try? InputFile.stream(of: "/proc/\(process)/stat"),
      let bracket = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(bracket + 1)...].split(separator: UInt8(ascii: " "))
    return fields.count > 19 ? UInt64(String(decoding: fields[19], as: UTF8.self)) : nil
  }
}
