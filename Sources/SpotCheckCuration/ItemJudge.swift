import SpotCheckModel

/// Derives an item's verdict from its value and its limit. Pure integers; never changes what was reported.
enum ItemJudge {
  struct Outcome: Sendable, Equatable {
    /// Nil: nothing was delivered that could be judged.
    var verdict: Verdict?
    var flags: ItemFlags = []
  }

  /// Judges one item.
  /// - Parameters:
  ///   - step: how the value's unit becomes the limit's.
  ///   - detectionLimit: in the value's unit; nil if unknown.
  ///   - values: the result read as a list, for microbiological plans.
  static func judge(
    _ result: ResultReading, _ limit: LimitReading, step: UnitConversion.Step, detectionLimit: ExactDecimal?,
    comparison: ComparisonRule, values: [MeasuredValue], rules: VerdictRules
  ) -> Outcome {
    if result.qualifier == .none { return Outcome(verdict: nil) }
    if result.conclusion == .notTested { return Outcome(verdict: .notTested) }
    if let conclusion = result.conclusion { return Outcome(verdict: conclusion == .conforms ? .pass : .fail) }
    guard limit.kind != .none else { return Outcome(verdict: rules.withoutLimit) }
    guard limit.flags.isDisjoint(with: .unreadLimit), limit.kind != .text,
      result.flags.isDisjoint(with: .lostSuperscript)
    else { return Outcome(verdict: .undetermined) }
    if limit.kind == .mustNotBeDetected { return forbidden(result) }
    var flags: ItemFlags = []
    var exponent = 0
    switch step {
    case .same: break
    case .power(let power):
      exponent = power
      flags.insert(.unitConverted)
    case .none:
      return Outcome(verdict: .undetermined, flags: .unitMismatch)
    }
    func converted(_ value: ExactDecimal?) -> ExactDecimal? { value.flatMap { $0.scaledByPowerOfTen(exponent) } }
    var outcome: Outcome
    if let plan = limit.plan {
      let measured = values.map { MeasuredValue(qualifier: $0.qualifier, value: converted($0.value)) }
      outcome = Outcome(verdict: judge(plan, measured))
    } else {
      outcome = against(
        limit, qualifier: result.qualifier, value: converted(result.value), detectionLimit: converted(detectionLimit),
        comparison: comparison)
    }
    outcome.flags.formUnion(flags)
    return outcome
  }

  /// 不得检出: only a non-detect passes. A delivered 0 means that nothing was found.
  private static func forbidden(_ result: ResultReading) -> Outcome {
    switch result.qualifier {
    case .notDetected, .below: return Outcome(verdict: .pass)
    case .detected, .above: return Outcome(verdict: .fail)
    case .equal:
      guard let value = result.value else { return Outcome(verdict: .undetermined) }
      return Outcome(verdict: value.mantissa == 0 ? .pass : .fail)
    case .text, .none:
      if !result.list.isEmpty {
        let isClean = result.list.allSatisfy {
          $0.qualifier == .notDetected || $0.qualifier == .below || $0.value?.mantissa == 0
        }
        return Outcome(verdict: isClean ? .pass : .fail)
      }
      return Outcome(verdict: .undetermined)
    }
  }

  private static func against(
    _ limit: LimitReading, qualifier: Qualifier, value: ExactDecimal?, detectionLimit: ExactDecimal?,
    comparison: ComparisonRule
  ) -> Outcome {
    switch qualifier {
    case .equal:
      guard let value else { return Outcome(verdict: .undetermined) }
      return Outcome(verdict: isWithin(value, limit, comparison) ? .pass : .fail)
    case .notDetected:
      return belowDetection(limit, bound: detectionLimit)
    case .below:
      guard let value else { return Outcome(verdict: .undetermined) }
      return belowDetection(limit, bound: value)
    case .above:
      guard let value else { return Outcome(verdict: .undetermined) }
      // The true value lies above `value`.
      if let high = limit.high {
        return Outcome(verdict: ExactDecimal.compare(value, high) >= 0 ? .fail : .undetermined)
      }
      if let low = limit.low { return Outcome(verdict: ExactDecimal.compare(value, low) >= 0 ? .pass : .undetermined) }
      return Outcome(verdict: .undetermined)
    case .detected, .text, .none:
      return Outcome(verdict: .undetermined)
    }
  }

  /// A value known only to lie below `bound` (unknown if nil).
  private static func belowDetection(_ limit: LimitReading, bound: ExactDecimal?) -> Outcome {
    if let low = limit.low, low.mantissa > 0 {
      // Below the detection limit is below a minimum as well, if the minimum is no smaller.
      if let bound, ExactDecimal.compare(bound, low) <= 0 { return Outcome(verdict: .fail) }
      return Outcome(verdict: .undetermined)
    }
    guard let high = limit.high else { return Outcome(verdict: .undetermined) }
    if let bound, ExactDecimal.compare(bound, high) > 0 {
      return Outcome(verdict: .undetermined, flags: .detectionAboveLimit)
    }
    return Outcome(verdict: .pass)
  }

  /// Whether a number keeps a limit. By 修约值比较法 it is first rounded once to the limit's last digit.
  static func isWithin(_ value: ExactDecimal, _ limit: LimitReading, _ comparison: ComparisonRule) -> Bool {
    func compare(_ bound: ExactDecimal) -> Int {
      ExactDecimal.compare(comparison == .roundedValue ? value.rounded(toScale: bound.scale) : value, bound)
    }
    switch limit.kind {
    case .atMost: return limit.high.map { compare($0) <= 0 } ?? true
    case .lessThan: return limit.high.map { compare($0) < 0 } ?? true
    case .atLeast: return limit.low.map { compare($0) >= 0 } ?? true
    case .greaterThan: return limit.low.map { compare($0) > 0 } ?? true
    case .between: return (limit.low.map { compare($0) >= 0 } ?? true) && (limit.high.map { compare($0) <= 0 } ?? true)
    case .equal: return limit.low.map { compare($0) == 0 } ?? true
    case .mustNotBeDetected, .plan, .text, .none: return true
    }
  }

  /// GB 4789.1: fail if any value lies above M, or more than c above m. With fewer values than n only a fail is sure.
  static func judge(_ plan: MicrobialPlan, _ values: [MeasuredValue]) -> Verdict {
    var aboveLower = 0
    var unsure = 0
    for measured in values {
      switch measured.qualifier {
      case .notDetected: continue
      case .below:
        // Below a bound that itself lies above m proves nothing.
        if let value = measured.value, ExactDecimal.compare(value, plan.m) > 0 { unsure += 1 }
      case .equal, .above:
        guard let value = measured.value else {
          unsure += 1
          continue
        }
        if let upper = plan.upper, ExactDecimal.compare(value, upper) > 0 { return .fail }
        if ExactDecimal.compare(value, plan.m) > 0 {
          aboveLower += 1
        } else if measured.qualifier == .above {
          unsure += 1
        }
      case .detected, .text, .none: unsure += 1
      }
    }
    if aboveLower > plan.c { return .fail }
    // One non-detect stands for all n.
    let isComplete = values.count >= plan.n || (values.count == 1 && values[0].qualifier == .notDetected)
    return isComplete && unsure == 0 ? .pass : .undetermined
  }
}
