/// The unweighted mean of a breakdown's rates, which some publishers print as the total's.
struct MeanRate: Sendable, Hashable {
  /// Bounds of the mean of the rates recomputed from counts, in billionths of a percent; nil if a row has none.
  var exact: ClosedRange<Int>?
  /// The mean of the rates as printed, rounded down; nil if a row prints none.
  var printed: Int?

  /// Whether the percentage is this mean, taken before or after the rows were rounded.
  func agrees(with percent: PrintedPercent) -> Bool {
    let low = percent.value - percent.halfUnit
    let high = percent.value + percent.halfUnit
    if let exact, exact.lowerBound <= high, exact.upperBound >= low { return true }
    return printed.map { $0 <= high && $0 >= low - 1 } ?? false
  }
}

extension Breakdown {
  /// nil with fewer than two rows, or if a row tells no rate of this kind.
  func meanRate(_ kind: RateKind) -> MeanRate? {
    let rows = summands
    guard rows.count >= 2 else { return nil }
    var low: Int128 = 0
    var high: Int128 = 0
    var printed: Int128 = 0
    var isExact = true
    var isPrinted = true
    for row in rows {
      if let bounds = row.shares(kind).first.flatMap({ ExactShare.bounds($0) }) {
        low += Int128(bounds.lowerBound)
        high += Int128(bounds.upperBound)
      } else {
        isExact = false
      }
      if let percent = row.percent(kind) { printed += Int128(percent.value) } else { isPrinted = false }
    }
    guard isExact || isPrinted else { return nil }
    let count = Int128(rows.count)
    func mean(_ sum: Int128, roundedUp: Bool = false) -> Int {
      // Sums are not negative unless counts contradict each other; flooring then does no harm.
      Int(clamping: (sum + (roundedUp ? count - 1 : 0)) / count)
    }
    let lowest = mean(low)
    return MeanRate(
      exact: isExact ? lowest...max(lowest, mean(high, roundedUp: true)) : nil, printed: isPrinted ? mean(printed) : nil
    )
  }

  /// Equal rates have their mean as pooled rate, whatever the counts.
  func ratesDiffer(_ kind: RateKind) -> Bool {
    Set(summands.compactMap { $0.percent(kind)?.value }).count > 1
  }

  /// The rate of all rows together, if the rows are all and each has counts.
  func pooledShare(_ kind: RateKind) -> Share? {
    let rows = summands
    guard !isPartial, !rows.isEmpty else { return nil }
    let shares = rows.compactMap { $0.shares(kind).first }
    guard shares.count == rows.count, shares.allSatisfy({ $0.isComplement == shares[0].isComplement }) else {
      return nil
    }
    return Share(
      part: .sum(shares.map(\.part), at: position), whole: .sum(shares.map(\.whole), at: position),
      isComplement: shares[0].isComplement)
  }
}

extension Figures {
  /// The rate as printed under its own name or, for failures, under either of theirs.
  func percent(_ kind: RateKind) -> PrintedPercent? {
    rates.first { $0.kind == kind || $0.kind.isOfFailures && kind.isOfFailures }?.percent
  }
}
