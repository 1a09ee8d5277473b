/// Where a sample counts: every sample that counts at all is in exactly one class, and only ``passed`` and ``failed``
/// are ever in a denominator. The one place where that is decided; imports, `store verify` and queries ask here.
///
/// The raw values are stored and printed: never renamed.
public enum SampleClass: String, DomainWord {
  case passed
  case failed
  /// Tested, but no conclusion for or against; also a sample without any word of conclusion.
  case undetermined
  /// 未检, 未抽到样品, 停产 …
  case notTested = "not_tested"
  /// 拒检: not tested because the inspection was refused.
  case refused
  /// 涉嫌无证: not tested because the producer has no licence.
  case unlicensed
  /// 风险监测: reported, never in a pass rate, whatever it found.
  case riskMonitoring = "risk_monitoring"
  /// Rapid and qualitative tests: counted apart from quantitative ones, never in a pass rate.
  case screening
  /// Known only from a list of failed (or of passed) samples: such a list has no denominator.
  case listed

  /// - Parameters:
  ///   - verdict: the conclusion that counts; nil if there is none, or its word is not known.
  ///   - flags: what curation noticed.
  ///   - isScreening: whether the sample's purpose is ``Purpose/screening`` or a code below it in the purposes table.
  ///
  /// The first that holds: screening; listed by its outcome; not tested (unlicensed before refused before the rest), because what was not
  /// tested cannot have been monitored; risk monitoring; the verdict.
  public init(verdict: Verdict?, flags: SampleFlags, isScreening: Bool) {
    if isScreening {
      self = .screening
    } else if flags.contains(.listed) {
      self = .listed
    } else if verdict == .notTested {
      self = flags.contains(.unlicensed) ? .unlicensed : flags.contains(.refused) ? .refused : .notTested
    } else if flags.contains(.riskMonitoring) {
      self = .riskMonitoring
    } else {
      switch verdict {
      case .pass: self = .passed
      case .fail: self = .failed
      case .undetermined, .notTested, nil: self = .undetermined
      }
    }
  }

  /// Whether samples of the class are in a denominator: `inspected` = passed + failed.
  public var isInspected: Bool { self == .passed || self == .failed }

  /// Its place in ``allCases``: an index for tables of counts.
  public var place: Int {
    switch self {
    case .passed: 0
    case .failed: 1
    case .undetermined: 2
    case .notTested: 3
    case .refused: 4
    case .unlicensed: 5
    case .riskMonitoring: 6
    case .screening: 7
    case .listed: 8
    }
  }

  public var nameZh: String {
    switch self {
    case .passed: "合格"
    case .failed: "不合格"
    case .undetermined: "不判定"
    case .notTested: "未检验"
    case .refused: "拒检"
    case .unlicensed: "涉嫌无证"
    case .riskMonitoring: "风险监测"
    case .screening: "快速筛查"
    case .listed: "仅见名单"
    }
  }
}

extension SampleClass {
  /// Whether a purpose means screening: ``Purpose/screening`` itself or any code below it in the table `purposes`.
  public static func isScreening(purpose: String, in table: CodeTable?) -> Bool {
    var code = purpose
    for _ in 0..<32 {
      if code == Purpose.screening.rawValue { return true }
      guard let parent = table?.entry(code)?.parent, !parent.isEmpty else { return false }
      code = parent
    }
    return false
  }
}
