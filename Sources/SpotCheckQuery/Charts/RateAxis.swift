/// An axis of rates with round ends and ticks. Whole numbers of ten-thousandths (0.01 %), so that a tick is exactly what is
/// written beside it.
struct RateAxis: Sendable, Hashable {
  var low: Int
  var high: Int
  var step: Int

  static let whole = RateAxis(low: 0, high: 10_000, step: 2_000)

  private init(low: Int, high: Int, step: Int) {
    (self.low, self.high, self.step) = (low, high, step)
  }

  /// The narrowest axis of round numbers around all values, in at most so many steps.
  init(around values: [Double], steps most: Int = 5) {
    let shares = values.filter { $0 >= 0 && $0 <= 1 }
    self = .whole
    guard let least = shares.min(), let greatest = shares.max() else { return }
    for step in [10, 20, 50, 100, 200, 500, 1_000, 2_000, 2_500, 5_000] {
      let width = Double(step) / 10_000
      var low = Int((least / width).rounded(.down)) * step
      var high = Int((greatest / width).rounded(.up)) * step
      if high == low { if high < 10_000 { high += step } else { low -= step } }
      (low, high) = (max(low, 0), min(high, 10_000))
      guard (high - low + step - 1) / step <= most else { continue }
      self = RateAxis(low: low, high: high, step: step)
      return
    }
  }

  init(_ choice: ChartAxis, around values: [Double]) { self = choice == .zero ? .whole : RateAxis(around: values) }

  var startsAtZero: Bool { low == 0 }

  var ticks: [Int] { Array(stride(from: low, to: high, by: step)) + [high] }

  /// 0 at the low end, 1 at the high end; what lies outside is held there.
  func place(_ rate: Double) -> Double {
    let (low, high) = (Double(low) / 10_000, Double(high) / 10_000)
    return min(max((rate - low) / (high - low), 0), 1)
  }

  func contains(_ rate: Double) -> Bool { rate >= Double(low) / 10_000 && rate <= Double(high) / 10_000 }

  /// `85%`, `99.5%`.
  static func text(_ tick: Int) -> String {
    let digits = tick % 100 == 0 ? 0 : tick % 10 == 0 ? 1 : 2
    return NumberText.fixed(Double(tick) / 100, digits) + "%"
  }

  /// What must be said of an axis that leaves out a part of 0…100 %; nil for one that does not.
  func warning(_ phrases: ChartPhrases) -> String? {
    self == .whole || (low == 0 && high == 10_000)
      ? nil : phrases.axis(RateAxis.text(low), RateAxis.text(high), startsAtZero: startsAtZero)
  }
}

/// An axis of whole numbers from 0, with round ticks.
struct CountAxis: Sendable, Hashable {
  var high: Int
  var step: Int

  init(upTo most: Int, steps: Int = 6) {
    var power = 1
    var step = 1
    search: while true {
      for factor in [1, 2, 5] {
        let (product, isTooLarge) = power.multipliedReportingOverflow(by: factor)
        step = isTooLarge ? Int.max / 2 : product
        if isTooLarge || most / step < steps { break search }
      }
      power *= 10
    }
    self.step = step
    let (rounded, isTooLarge) = (max(most - 1, 0) / step + 1).multipliedReportingOverflow(by: step)
    high = isTooLarge ? Int.max : rounded
  }

  var ticks: [Int] { Array(stride(from: 0, through: high, by: step)) }

  func place(_ count: Int) -> Double { min(max(Double(count) / Double(high), 0), 1) }
}
