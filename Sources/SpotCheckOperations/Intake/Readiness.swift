public import SpotCheckSystem

/// Since when each file in the inbox has been as it is now, by our own monotonic clock (ING-03).
///
/// Times of the file system are compared for equality only: an upload may set them to anything, when it likes. The
/// value is kept by whoever makes passes in a loop; a single pass makes its own, looks, waits, and looks again.
public struct Readiness: Sendable {
  private struct Observation {
    var status: FileStatus
    /// When it was first met, and first met as it is.
    var firstSeen: Double
    var since: Double
  }

  private var observations: [String: Observation] = [:]
  /// Claimed files that could not be read: not tried again before this moment.
  private var heldBack: [String: Double] = [:]

  public init() {}

  /// Takes down how everything is at a moment; what is no longer there is forgotten.
  public mutating func observe(_ scan: InboxScan, at now: Double = Machine.monotonicSeconds) {
    var seen: [String: Observation] = [:]
    seen.reserveCapacity(scan.files.count + scan.sidecars.count)
    for entry in scan.files + scan.sidecars {
      var observation =
        observations[entry.key] ?? Observation(status: entry.status, firstSeen: now, since: now)
      if !Readiness.isAtRest(observation.status, entry.status) {
        observation.since = now
        observation.status = entry.status
      }
      seen[entry.key] = observation
    }
    observations = seen
  }

  /// Size, both times, inode and device: nothing that the file system can tell has changed.
  static func isAtRest(_ earlier: FileStatus, _ now: FileStatus) -> Bool {
    now.isUnwritten(since: earlier) && now.changedNanoseconds == earlier.changedNanoseconds
  }

  /// Whether a file, as last observed, had not changed for so many seconds.
  func isReady(_ entry: InboxEntry, stability: Double, at now: Double) -> Bool {
    guard let observation = observations[entry.key], Readiness.isAtRest(observation.status, entry.status) else {
      return false
    }
    // A millionth: sums of binary fractions.
    return now - observation.since >= stability - 1e-6
  }

  /// Seconds since a file was first met, or since the file system says that it changed: a single pass has no memory.
  func age(_ entry: InboxEntry, at now: Double) -> Double {
    let seen = observations[entry.key].map { now - $0.firstSeen } ?? 0
    let wall = Double(Machine.wallClockNanoseconds / 1_000_000_000) - Double(entry.status.changedNanoseconds) / 1e9
    return max(0, seen, wall)
  }

  // Retries

  mutating func holdBack(_ delivery: String, until moment: Double) { heldBack[delivery] = moment }

  /// Whether a claimed file that could not be read may be tried again.
  func mayRetry(_ delivery: String, at now: Double) -> Bool { (heldBack[delivery] ?? now) <= now }

  mutating func forget(_ delivery: String) { heldBack[delivery] = nil }

  /// Files that are known, for tests of what stays in memory.
  var count: Int { observations.count + heldBack.count }
}
