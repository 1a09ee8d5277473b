public import SpotCheckModel

/// How many samples went which way. Integers; everything else follows from them.
///
/// Every sample is in exactly one class (``SampleClass``): ``samples`` = ``inspected`` + ``excluded``. The last three
/// numbers are parts of these, not further classes.
public struct RateCounts: Sendable, Hashable {
  public var passed = 0
  public var failed = 0
  public var undetermined = 0
  public var notTested = 0
  public var refused = 0
  public var unlicensed = 0
  public var riskMonitoring = 0
  public var screening = 0
  public var listed = 0

  /// Of all samples: an objection or a retest is pending, so the verdict may change.
  public var pending = 0
  /// Of the failed: label items only (实物质量 is not affected).
  public var labelOnly = 0
  /// Of the screened: positive.
  public var screeningPositive = 0

  public init(
    passed: Int = 0, failed: Int = 0, undetermined: Int = 0, notTested: Int = 0, refused: Int = 0, unlicensed: Int = 0,
    riskMonitoring: Int = 0, screening: Int = 0, listed: Int = 0, pending: Int = 0, labelOnly: Int = 0,
    screeningPositive: Int = 0
  ) {
    self.passed = passed
    self.failed = failed
    self.undetermined = undetermined
    self.notTested = notTested
    self.refused = refused
    self.unlicensed = unlicensed
    self.riskMonitoring = riskMonitoring
    self.screening = screening
    self.listed = listed
    self.pending = pending
    self.labelOnly = labelOnly
    self.screeningPositive = screeningPositive
  }

  public var samples: Int { inspected + excluded }
  /// The denominator: only samples with a conclusion for or against.
  public var inspected: Int { passed + failed }
  /// Counted and shown, in no denominator.
  public var excluded: Int { undetermined + notTested + refused + unlicensed + riskMonitoring + screening + listed }

  public subscript(_ sampleClass: SampleClass) -> Int {
    switch sampleClass {
    case .passed: passed
    case .failed: failed
    case .undetermined: undetermined
    case .notTested: notTested
    case .refused: refused
    case .unlicensed: unlicensed
    case .riskMonitoring: riskMonitoring
    case .screening: screening
    case .listed: listed
    }
  }

  public static func + (left: RateCounts, right: RateCounts) -> RateCounts {
    RateCounts(
      passed: left.passed + right.passed, failed: left.failed + right.failed,
      undetermined: left.undetermined + right.undetermined, notTested: left.notTested + right.notTested,
      refused: left.refused + right.refused, unlicensed: left.unlicensed + right.unlicensed,
      riskMonitoring: left.riskMonitoring + right.riskMonitoring, screening: left.screening + right.screening,
      listed: left.listed + right.listed, pending: left.pending + right.pending,
      labelOnly: left.labelOnly + right.labelOnly,
      screeningPositive: left.screeningPositive + right.screeningPositive)
  }

  public static func += (left: inout RateCounts, right: RateCounts) { left = left + right }
}
