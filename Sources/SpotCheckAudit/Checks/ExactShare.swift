import SpotCheckStatistics

/// Comparisons of printed percentages with shares of whole numbers. Never a Double: everything fits 128 bits
/// (counts below 10^13, percentages below 10^16 billionths).
enum ExactShare {
  /// Whether some value the counts may stand for lies within half a printed unit of the percentage.
  static func fits(_ percent: PrintedPercent, _ share: Share) -> Bool {
    let printed = share.isComplement ? percent.complement : percent
    guard share.whole.high > 0 else { return false }
    let least = Int128(share.part.low) * Int128(PrintedPercent.whole)
    let most = Int128(share.part.high) * Int128(PrintedPercent.whole)
    return least <= Int128(printed.value + printed.halfUnit) * Int128(share.whole.high)
      && most >= Int128(printed.value - printed.halfUnit) * Int128(share.whole.low)
  }

  /// Whether the percentage is the exact share with its further digits cut off.
  static func isTruncated(_ percent: PrintedPercent, _ share: Share) -> Bool {
    guard let proportion = proportion(share) else { return false }
    let exact = Int128(proportion.count) * Int128(PrintedPercent.whole)
    let n = Int128(proportion.total)
    return Int128(percent.value) * n <= exact && exact < Int128(percent.value + 2 * percent.halfUnit) * n
  }

  /// The share as integers, if both counts are exact and fit together.
  static func proportion(_ share: Share) -> Proportion? {
    guard let part = share.part.exact, let whole = share.whole.exact, whole > 0,
      let proportion = Proportion(part, of: whole)
    else { return nil }
    return share.isComplement ? proportion.complement : proportion
  }

  /// Whether any whole number out of `whole` gives the percentage.
  static func isReachable(_ percent: PrintedPercent, of whole: PrintedCount) -> Bool {
    guard let n = whole.exact, n > 0 else { return true }
    // The only candidates are the whole numbers next to value·n/100 %.
    let near = Int(clamping: Int128(percent.value) * Int128(n) / Int128(PrintedPercent.whole))
    return (near...near.addingClamped(1)).contains { part in
      part <= n
        && fits(
          percent,
          Share(
            part: PrintedCount(part, position: whole.position), whole: whole, isComplement: false))
    }
  }

  /// The share as people would print it, with at least two digits after the point: "94.21%". "12.00–12.02%" if the
  /// counts were rounded, "—" without samples.
  static func text(_ share: Share, decimals: Int, perMille: Bool = false) -> String {
    let unit: PercentText.Unit = perMille ? .perMille : .percent
    let style = PercentText(unit, digits: max(2, decimals))
    if let proportion = proportion(share), let text = style.text(proportion) { return text + unit.symbol }
    guard share.whole.high > 0, let bounds = bounds(share) else { return "—" }
    let places = min(max(2, decimals), 8)
    let unitSize = PowersOfTen.value(9 - places)
    let low = PrintedPercent.digits(bounds.lowerBound, places: places)
    let high = PrintedPercent.digits(bounds.upperBound.addingClamped(unitSize - 1), places: places)
    return "\(low)–\(high)%"
  }

  /// The share in billionths of a percent, rounded outwards; nil without samples.
  static func bounds(_ share: Share) -> ClosedRange<Int>? {
    guard share.whole.high > 0 else { return nil }
    let scale = Int128(PrintedPercent.whole)
    let low = Int128(share.part.low) * scale / Int128(share.whole.high)
    let wholeLow = Int128(max(1, share.whole.low))
    let high = (Int128(share.part.high) * scale + wholeLow - 1) / wholeLow
    let least = Int(clamping: low)
    let most = max(least, Int(clamping: high))
    guard share.isComplement else { return least...most }
    return (PrintedPercent.whole.addingClamped(-most))...(PrintedPercent.whole.addingClamped(-least))
  }
}
