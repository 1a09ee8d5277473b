import SpotCheckModel

/// A moment as somebody's clock showed it: milliseconds since 1970 UTC and the offset of that clock from UTC. Given as
/// a value, because nothing in this room reads a clock.
public struct TimeStamp: Sendable, Hashable {
  public var milliseconds: Int64
  /// Minutes east of UTC; China is 480.
  public var offsetMinutes: Int

  /// - Parameters:
  ///   - milliseconds: kept within the years 1 to 9999; what lies outside is cut to them.
  ///   - offsetMinutes: kept within a day either way.
  public init(milliseconds: Int64, offsetMinutes: Int = 480) {
    self.milliseconds = min(max(milliseconds, -62_135_510_400_000), 253_402_214_400_000)
    self.offsetMinutes = min(max(offsetMinutes, -1439), 1439)
  }

  /// RFC 3339 with milliseconds and offset: `2024-03-05T08:00:00.000+08:00`.
  public var text: String {
    let (day, second) = local
    let sign = offsetMinutes < 0 ? "-" : "+"
    let offset = abs(offsetMinutes)
    return "\(day)T\(TimeStamp.clock(second)).\(TimeStamp.padded(fraction, 3))\(sign)"
      + "\(TimeStamp.padded(offset / 60, 2)):\(TimeStamp.padded(offset % 60, 2))"
  }

  /// For readers of a receipt: `2024-03-05 08:00:00`.
  public var shortText: String {
    let (day, second) = local
    return "\(day) \(TimeStamp.clock(second))"
  }

  /// Seconds since 1970 with milliseconds, as Prometheus wants them: `1709596800.000`.
  public var secondsText: String {
    let magnitude = milliseconds.magnitude
    return (milliseconds < 0 ? "-" : "") + "\(magnitude / 1000)." + TimeStamp.padded(Int(magnitude % 1000), 3)
  }

  private var fraction: Int { Int(((milliseconds % 1000) + 1000) % 1000) }

  /// The day, and the second of that day, at the offset.
  private var local: (day: CalendarDay, second: Int) {
    let seconds = (milliseconds - Int64(fraction)) / 1000 + Int64(offsetMinutes) * 60
    let second = ((seconds % 86_400) + 86_400) % 86_400
    return (CalendarDay(daysSinceEpoch: Int32(truncatingIfNeeded: (seconds - second) / 86_400)), Int(second))
  }

  private static func clock(_ second: Int) -> String {
    "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
