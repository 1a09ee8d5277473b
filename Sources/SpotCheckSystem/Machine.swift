// UNSAFE FILE: C strings and out-parameters of libc.

import CSystem
import Glibc

/// The process and the computer: clocks, memory, environment.
public enum Machine {
  /// Seconds of a clock that only goes forward; for durations and waiting.
  public static var monotonicSeconds: Double { TestClock.current?.monotonicSeconds ?? seconds(CLOCK_MONOTONIC) }

  /// Seconds since 1970 of the clock on the wall; for records that people read, never for results.
  public static var wallClockSeconds: Double {
    TestClock.current.map { Double($0.wallNanoseconds) / 1e9 } ?? seconds(CLOCK_REALTIME)
  }

  /// Nanoseconds since 1970 of the clock on the wall.
  public static var wallClockNanoseconds: Int64 {
    if let clock = TestClock.current { return clock.wallNanoseconds }
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Gives back to the system what was freed: malloc keeps most of it, and what comes after may need its memory elsewhere.
  public static func giveBackMemory() { spotcheck_trim_memory() }

  /// Waits, unless the process is asked to stop; under a ``TestClock`` no time goes by.
  /// - Returns: false if the wait was cut short, or never began, because of a ``StopSignal``.
  @discardableResult
  public static func sleep(seconds: Double) -> Bool {
    if let clock = TestClock.current {
      if StopSignal.requested != nil { return false }
      clock.sleep(seconds)
    } else {
      _ = Waiting.wait(seconds: seconds, alsoFor: nil)
    }
    return StopSignal.requested == nil
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Largest resident memory of this process so far, in bytes, and CPU time (user and system) in seconds.
  public static var usage: (peakBytes: Int64, cpuSeconds: Double) {
    var peak: Int64 = 0
    var nanoseconds: Int64 = 0
    _ = spotcheck_usage(&peak, &nanoseconds)
    return (peak, Double(nanoseconds) / 1e9)
  }

  public static func environment(_ name: String) -> String? {
    // SAFETY: the result is copied at once; this program never changes its environment.
    getenv(name).map { PathText.decode(Array(UnsafeRawBufferPointer(start: $0, count: strlen($0)))) }
  }

  public static var processID: Int32 { getpid() }

  /// Ends the process where it stands. What it holds is not taken down first: files are closed, locks let go and memory given
  /// back by the system.
  public static func leave(_ status: Int32) -> Never { exit(status) }

  /// The user whose rights this process has.
  public static var userID: UInt32 { UInt32(geteuid()) }

  public static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  public static var hostName: String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let result = bytes.withUnsafeMutableBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        // SAFETY: the last byte stays 0 whatever the name's length.
        text.baseAddress.map { gethostname($0, text.count - 1) } ?? -1
      }
    }
    return result == 0 ? PathText.decode(Array(bytes.prefix { $0 != 0 })) : "localhost"
  }

  public static func currentFolder() throws(SystemError) -> String { try FileSystem.absolutePath(".") }

  /// The path of the running program.
  public static func executablePath() throws(SystemError) -> String { try FileSystem.absolutePath("/proc/self/exe") }

  /// A random identifier of `digits` lower-case hex digits: names of runs and scratch files, never results.
  public static func randomHex(_ digits: Int) -> String {
    var result = ""
    for _ in 0..<digits { result.append(Character(String(Int.random(in: 0..<16), radix: 16))) }
    return result
  }
}
