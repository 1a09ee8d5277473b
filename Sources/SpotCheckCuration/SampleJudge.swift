import SpotCheckModel

/// What the items of one sample say, as counts.
struct ItemTally: Sendable, Equatable {
  var passed = 0
  var failed = 0
  var failedLabels = 0
  /// Reported as 问题项 / 不判定项, or without any limit: they do not stand in the way of a pass.
  var unjudged = 0
  /// Had a limit but could not be judged: compliance is not proven.
  var unproven = 0
  var notTested = 0
  /// A row of this sample was refused.
  var hasRejectedRow = false

  var count: Int { passed + failed + unjudged + unproven + notTested }

  /// What one item adds.
  enum Outcome: Sendable {
    case passed, failed, failedLabel, unjudged, unproven, notTested
  }

  mutating func add(_ outcome: Outcome) {
    switch outcome {
    case .passed: passed += 1
    case .failed: failed += 1
    case .failedLabel:
      failed += 1
      failedLabels += 1
    case .unjudged: unjudged += 1
    case .unproven: unproven += 1
    case .notTested: notTested += 1
    }
  }
}

/// Derives a sample's verdict from its items and puts it beside the reported one.
enum SampleJudge {
  struct Outcome: Sendable, Equatable {
    var derived: Verdict?
    var verdict: Verdict
    var flags: SampleFlags = []
  }

  /// The verdict that counts is the reported one if it was readable, else the derived one. A contradiction is flagged,
  /// never silently resolved.
  static func judge(
    _ tally: ItemTally, reported: Verdict?, isRiskMonitoring: Bool, rules: VerdictRules
  ) -> Outcome {
    var derived: Verdict?
    if tally.failed > 0 {
      derived = .fail
    } else if tally.hasRejectedRow {
      derived = tally.count > 0 ? .undetermined : nil
    } else if tally.unproven > 0 {
      derived = .undetermined
    } else if tally.passed > 0 {
      derived = .pass
    } else if tally.unjudged > 0 {
      derived = .undetermined
    } else if tally.notTested > 0 {
      derived = .notTested
    }
    let fallback: Verdict = tally.hasRejectedRow ? .undetermined : rules.withoutItems
    var outcome = Outcome(derived: derived, verdict: reported ?? derived ?? fallback)
    if tally.hasRejectedRow { outcome.flags.insert(.incomplete) }
    if tally.failed > 0, tally.failed == tally.failedLabels { outcome.flags.insert(.labelOnly) }
    if let reported, let derived {
      if (reported == .pass && derived == .fail) || (reported == .fail && derived == .pass) {
        outcome.flags.insert(.contradiction)
      }
    }
    if reported != nil, derived == nil || derived == .undetermined { outcome.flags.insert(.reportedOnly) }
    if isRiskMonitoring {
      outcome.flags.insert(.riskMonitoring)
      if outcome.verdict != .notTested { outcome.verdict = .undetermined }
    }
    return outcome
  }
}
