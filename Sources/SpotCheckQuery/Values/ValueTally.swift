import SpotCheckModel

/// The measured values of one group in one unit, and what else its items say.
///
/// Values are kept as counts of distinct numbers: laboratories report few digits, so memory follows the numbers that occur
/// and not the items.
struct ValueTally: Sendable {
  /// All items.
  var items = 0
  /// Reported as not detected, or below a detection limit: censored, never a number.
  var notDetected = 0
  /// Detected, or above a bound, without a number that could be put in order.
  var detectedOnly = 0
  /// Neither: texts, and items without a result.
  var others = 0
  var failed = 0
  /// Items with an upper limit in the unit of their value, and a result that can be held against it (a number, or not
  /// detected) …
  var limited = 0
  /// … of which the value is above half of the limit and not above it.
  var nearLimit = 0
  /// Numbers among the detected, without trailing zeros.
  private(set) var values: [ExactDecimal: Int] = [:]

  mutating func add(_ value: ExactDecimal) { values[value.withoutTrailingZeros, default: 0] += 1 }

  mutating func merge(_ other: ValueTally) {
    items += other.items
    notDetected += other.notDetected
    detectedOnly += other.detectedOnly
    others += other.others
    failed += other.failed
    limited += other.limited
    nearLimit += other.nearLimit
    for (value, count) in other.values { values[value, default: 0] += count }
  }

  /// Items with a number.
  var measured: Int { items - notDetected - detectedOnly - others }
  var detected: Int { measured + detectedOnly }

  /// Distinct numbers, rising, each with how many items have it or a smaller one.
  struct Ladder {
    fileprivate var steps: [(value: ExactDecimal, upTo: Int)]
    var count: Int { steps.last?.upTo ?? 0 }

    /// The number at a place of the sorted list, from 1.
    private func at(_ place: Int) -> ExactDecimal? {
      // The first step that reaches the place.
      var (low, high) = (0, steps.count)
      while low < high {
        let middle = (low + high) / 2
        if steps[middle].upTo < place { low = middle + 1 } else { high = middle }
      }
      return low < steps.count ? steps[low].value : nil
    }

    var least: ExactDecimal? { steps.first?.value }
    var greatest: ExactDecimal? { steps.last?.value }

    /// The middle number; of an even count the mean of the two middle ones.
    var median: Double? {
      guard count > 0, let low = at((count + 1) / 2)?.approximation, let high = at(count / 2 + 1)?.approximation else {
        return nil
      }
      return low == high ? low : low / 2 + high / 2
    }

    /// The smallest number that is not below 95 % of them (nearest rank).
    var percentile95: ExactDecimal? {
      count > 0 ? at((count / 100) * 95 + ((count % 100) * 95 + 99) / 100) : nil
    }
  }

  var ladder: Ladder {
    let sorted = values.sorted { ExactDecimal.compare($0.key, $1.key) < 0 }
    var (steps, upTo): ([(ExactDecimal, Int)], Int) = ([], 0)
    steps.reserveCapacity(sorted.count)
    for (value, count) in sorted {
      upTo += count
      steps.append((value, upTo))
    }
    return Ladder(steps: steps)
  }
}

extension ExactDecimal {
  /// The nearest binary number, for text and for halves. Exact to the last digit up to 2⁵³.
  var approximation: Double { Double(mantissa) / (0..<max(0, Int(scale))).reduce(1.0) { power, _ in power * 10 } }

  /// The same number with as few digits as it needs: `0.50` is `0.5`.
  var withoutTrailingZeros: ExactDecimal {
    var (mantissa, scale) = (mantissa, scale)
    while scale > 0, mantissa % 10 == 0 {
      mantissa /= 10
      scale -= 1
    }
    return ExactDecimal(mantissa: mantissa, scale: scale)
  }

  /// Whether it is above half of a limit and not above the limit; exact. Both at one scale, and doubled: that stays below
  /// 2⁶⁴ · 10¹⁸ < 2¹²⁴.
  func isNear(_ limit: ExactDecimal) -> Bool {
    let common = max(scale, limit.scale)
    func aligned(_ number: ExactDecimal) -> Int128 {
      (0..<max(0, Int(common - number.scale))).reduce(Int128(number.mantissa)) { value, _ in value * 10 }
    }
    let (value, bound) = (aligned(self), aligned(limit))
    return value <= bound && 2 * value > bound
  }
}
