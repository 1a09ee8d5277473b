import SpotCheckModel

/// One version of a sample, as far as deciding which one counts needs it.
struct SampleVersion: Equatable {
  var kind: VersionKind
  var reportedDay: CalendarDay?
  var contentLow: UInt64
  var contentHigh: UInt64

  /// Nothing says which of the two is newer.
  func isAsOld(as other: SampleVersion) -> Bool {
    kind == other.kind && (reportedDay == other.reportedDay || reportedDay == nil || other.reportedDay == nil)
  }

  func hasContent(of other: SampleVersion) -> Bool {
    contentLow == other.contentLow && contentHigh == other.contentHigh
  }
}

/// Which of two versions of one sample counts (decision 0006).
enum SupersessionRule {
  enum Outcome: Equatable {
    /// The later arrival says nothing new.
    case duplicate
    /// The later arrival takes the place of the earlier one.
    case laterWins
    /// The later arrival is older news and is kept as history only.
    case earlierWins
  }

  static func decide(earlier: SampleVersion, later: SampleVersion) -> Outcome {
    if later.hasContent(of: earlier) { return .duplicate }
    let (earlierIsInitial, laterIsInitial) = (earlier.kind == .initial, later.kind == .initial)
    if earlierIsInitial != laterIsInitial { return laterIsInitial ? .earlierWins : .laterWins }
    if let was = earlier.reportedDay, let now = later.reportedDay, was != now {
      return was < now ? .laterWins : .earlierWins
    }
    return .laterWins
  }
}
