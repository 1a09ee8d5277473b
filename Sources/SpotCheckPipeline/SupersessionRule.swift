import SpotCheckModel

/// Stable hashes of all that was delivered about a sample: tells a repetition from a new version.
struct SampleContent: Hashable {
  var low: UInt64
  var high: UInt64
}

/// One version of a sample, as far as deciding which one counts needs it.
struct SampleVersion: Equatable {
  var kind: VersionKind
  var reportedDay: CalendarDay?
  /// An objection, or a retest asked for, is open.
  var isPending = false
  /// An objection without a conclusion of its own: it says something about the sample, and nothing about the product.
  var isNotice = false
  /// Known from a list of outcomes only: less than any report.
  var isListed = false
  var content: SampleContent

  /// Nothing says which of the two is newer.
  func isAsOld(as other: SampleVersion) -> Bool {
    kind == other.kind && isSettledObjection == other.isSettledObjection
      && (reportedDay == other.reportedDay || reportedDay == nil || other.reportedDay == nil)
  }

  /// Where the version stands in a sample's story: a higher one takes the place of a lower one, whatever their days.
  var standing: Int {
    switch kind {
    case _ where isListed: -1
    case .initial: 0
    case .objection: 1
    case .correction, .retest, .withdrawal: 2
    }
  }

  var isSettledObjection: Bool { kind == .objection && !isPending }
}

/// Which of two versions of one sample counts (decisions 0006 and 0009). That they differ is known already.
enum SupersessionRule {
  enum Outcome: Equatable {
    /// The later arrival takes the place of the earlier one.
    case laterWins
    /// The later arrival is older news and is kept as history only.
    case earlierWins
  }

  static func decide(earlier: SampleVersion, later: SampleVersion) -> Outcome {
    if earlier.standing != later.standing { return earlier.standing < later.standing ? .laterWins : .earlierWins }
    if let was = earlier.reportedDay, let now = later.reportedDay, was != now {
      return was < now ? .laterWins : .earlierWins
    }
    // An objection is settled after it was raised. Reports that are sent again with its state keep their day.
    if earlier.isSettledObjection != later.isSettledObjection {
      return later.isSettledObjection ? .laterWins : .earlierWins
    }
    return .laterWins
  }

  /// Whether a notice has something to say about the report that counts.
  static func holds(notice: SampleVersion, against report: SampleVersion) -> Bool {
    decide(earlier: report, later: notice) == .laterWins
  }
}
