// UNSAFE FILE: lends poll(2) an array.

import CSystem
import Glibc

/// The one real wait: for time to go by, for a descriptor, or for a signal.
enum Waiting {
  enum Outcome { case timedOut, ready, signalled }

  /// Waits until `seconds` have gone by or a stop signal is there; also, if it is given, until `descriptor` can be
  /// read or a status signal is there.
  static func wait(seconds: Double, alsoFor descriptor: Int32?) -> Outcome {
    let end = realSeconds + (seconds.isFinite ? max(0, seconds) : 0)
    while true {
      // A negative descriptor is skipped by poll.
      var entries = [
        pollfd(fd: spotcheck_stop_descriptor(), events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor == nil ? -1 : spotcheck_status_descriptor(), events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor ?? -1, events: Int16(POLLIN), revents: 0),
      ]
      let left = max(0, end - realSeconds)
      // Rounded up, so that a rest of less than a millisecond is no busy loop; cut, so that it fits.
      let milliseconds = Int32((min(left, 3600) * 1000).rounded(.up))
      // SAFETY: three entries that live for the call.
      let count = entries.withUnsafeMutableBufferPointer { poll($0.baseAddress, nfds_t($0.count), milliseconds) }
      if count > 0 {
        if entries[0].revents != 0 || entries[1].revents != 0 { return .signalled }
        if entries[2].revents != 0 { return .ready }
      }
      if realSeconds >= end { return .timedOut }
    }
  }

  /// Monotonic seconds, also where a ``TestClock`` is in force.
  static var realSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
