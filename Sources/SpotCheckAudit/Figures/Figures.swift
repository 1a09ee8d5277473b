/// Which share a printed rate claims to be.
enum RateKind: String, Sendable, Hashable, CaseIterable {
  case pass
  case failure
  case finding

  /// The name in bulletins.
  var chinese: String {
    switch self {
    case .pass: "合格率"
    case .failure: "不合格率"
    case .finding: "问题发现率"
    }
  }

  /// Failures count, not passes.
  var isOfFailures: Bool { self != .pass }
}

/// A rate as printed, with the name it is printed under.
struct PrintedRate: Sendable, Hashable {
  var kind: RateKind
  var percent: PrintedPercent
}

/// Part of a whole, both as printed. The part may be the other side: passes known, failures asked.
struct Share: Sendable, Hashable {
  var part: PrintedCount
  var whole: PrintedCount
  /// The share asked for is 1 − part/whole.
  var isComplement: Bool

  /// "765/812": the share as people write it, with the part that was asked for.
  var text: String {
    isComplement ? "\(whole.without(part).text)/\(whole.text)" : "\(part.text)/\(whole.text)"
  }
}

/// What is printed about one group of samples: a row of a table, a sentence, or the total.
struct Figures: Sendable, Hashable {
  var name: String
  var position: AuditPosition
  /// Taken; may hold samples without a verdict.
  var sampled: PrintedCount?
  /// Judged: passed + failed.
  var inspected: PrintedCount?
  var passed: PrintedCount?
  var failed: PrintedCount?
  var rates: [PrintedRate] = []

  init(name: String, position: AuditPosition) {
    self.name = name
    self.position = position
  }

  /// What rates are shares of: judged samples if they are printed, otherwise the samples taken.
  var base: PrintedCount? {
    if let printed = inspected ?? sampled { return printed }
    if let passed, let failed { return passed.plus(failed) }
    return nil
  }

  /// Failures, printed or as the difference.
  var failures: PrintedCount? {
    if let failed { return failed }
    if let base, let passed { return base.without(passed) }
    return nil
  }

  /// The ways to recompute a rate from printed counts.
  func shares(_ kind: RateKind) -> [Share] {
    guard let base else { return [] }
    var result: [Share] = []
    let (own, other) = kind.isOfFailures ? (failed, passed) : (passed, failed)
    if let own { result.append(Share(part: own, whole: base, isComplement: false)) }
    if let other { result.append(Share(part: other, whole: base, isComplement: true)) }
    return result
  }

  /// Whether anything can be checked here.
  var isCheckable: Bool {
    base != nil && (passed != nil || failed != nil || !rates.isEmpty) || inspected != nil && sampled != nil
  }
}
