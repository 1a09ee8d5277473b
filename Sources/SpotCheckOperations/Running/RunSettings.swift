public import SpotCheckModel

/// How often a bureau's data are due, and when they are overdue. Deadlines in working days (``WorkCalendar``).
public struct FreshnessRule: Sendable, Hashable {
  public enum Every: String, Sendable, CaseIterable {
    case month, quarter
    case halfYear = "half_year"
    case year

    /// Its length in months.
    public var months: Int {
      switch self {
      case .month: 1
      case .quarter: 3
      case .halfYear: 6
      case .year: 12
      }
    }
  }

  public var every: Every
  /// Working days after the end of a period on which its data must be here; later is a warning …
  public var warnAfter: Int?
  /// … or an alert.
  public var errorAfter: Int?
  /// Periods that begin earlier are not expected; nil: those before the bureau's first sample.
  public var since: CalendarDay?

  public init(every: Every, warnAfter: Int? = nil, errorAfter: Int? = nil, since: CalendarDay? = nil) {
    self.every = every
    self.warnAfter = warnAfter
    self.errorAfter = errorAfter
    self.since = since
  }
}

/// Programs that are told how a run went; empty: none. The first word is the program; there is no shell.
public struct HookSettings: Sendable, Hashable {
  public var onSuccess: [String] = []
  public var onFailure: [String] = []
  public var onQuarantine: [String] = []
  /// Seconds after which a hook is ended.
  public var timeout = 30.0
  public init() {}
}

/// What the health check finds too much. Seconds.
public struct HealthLimits: Sendable, Hashable {
  public var lock = 21_600.0
  public var success = 172_800.0
  public var pending = 86_400.0
  /// Files refused within the last seven days.
  public var quarantined = 20
  public init() {}
}

/// How log lines are written.
public enum LogFormat: String, Sendable, CaseIterable {
  case human, json
}

/// Seconds between two looks of `watch`, if nothing calls it earlier.
public struct PollSettings: Sendable, Hashable {
  public var minimum = 1.0
  public var maximum = 60.0
  public init() {}
}
