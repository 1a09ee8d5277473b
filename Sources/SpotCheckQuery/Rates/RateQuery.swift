public import SpotCheckModel

/// Which map codes are read on.
public enum MapView: String, Sendable, CaseIterable {
  /// As stored: the codes that were in use.
  case then
  /// On today's map: a code with one successor counts under it; with several it stays, because nobody can say which.
  case today
}

/// What becomes of samples from development-zone parks.
public enum ParkRule: String, Sendable, CaseIterable {
  /// They count in their host district.
  case rolledUp = "rolled_up"
  /// In the dimension `district` the park takes the district's place.
  case separate
}

/// A question for pass rates.
public struct RateQuery: Sendable {
  public var by: [Dimension]
  public var filter: Filter?
  public var onMap: MapView = .then
  public var parks: ParkRule = .rolledUp
  /// The day that years, quarters and months are taken from.
  public var periodBy: SampleDay = .sampled
  /// Adds purposes up without showing them. Warned about, always.
  public var pool = false
  /// At most two are worth it on the machine this is made for.
  public var threads = 2

  public init(by: [Dimension], filter: Filter? = nil) {
    self.by = by
    self.filter = filter
  }

  /// The dimensions of the answer: those asked for, and the purpose unless it is among them or pooled.
  public var dimensions: [Dimension] {
    let hasPurpose = by.contains { $0.kind == .purpose }
    return hasPurpose || pool ? by : by + [Dimension(.purpose)]
  }
}

/// How many samples went which way. Integers; everything else follows from them.
public struct RateCounts: Sendable, Hashable {
  public var passed = 0
  public var failed = 0
  public var undetermined = 0
  public var notTested = 0

  public init(passed: Int = 0, failed: Int = 0, undetermined: Int = 0, notTested: Int = 0) {
    self.passed = passed
    self.failed = failed
    self.undetermined = undetermined
    self.notTested = notTested
  }

  public var samples: Int { passed + failed + undetermined + notTested }
  /// The denominator: only samples with a conclusion for or against.
  public var inspected: Int { passed + failed }

  public static func + (left: RateCounts, right: RateCounts) -> RateCounts {
    RateCounts(
      passed: left.passed + right.passed, failed: left.failed + right.failed,
      undetermined: left.undetermined + right.undetermined, notTested: left.notTested + right.notTested)
  }
}
