import SpotCheckStatistics

/// Pass rates over the number of samples, with the limits inside which chance alone keeps them.
///
/// The decision who is outside is ``FunnelSignals``' of the failure rates, the same as `compare` prints; the limits are turned
/// over to pass rates. The lines are for the eye: see ``FunnelPlot/exactLimit(samples:centre:probability:)``.
struct FunnelChart: Sendable {
  struct Group: Sendable {
    var row: ChartRow
    var proportion: Proportion
    /// Nil for groups too small to be judged.
    var signal: FunnelSignals.Signal?
    /// The letter beside its point, if it is outside.
    var mark: String?
  }
  var groups: [Group] = []
  /// All groups together.
  var overall: Proportion
  var signals: FunnelSignals
  private var spread: FunnelDispersion?
  var rates: RateAxis
  var sizes: CountAxis
  /// Rows without a rate: not in the picture.
  var without = 0
  let phrases: ChartPhrases

  static let mostGroups = 500
  static let inner = (tail: 0.025, z: 1.959963984540054)
  static let outer = (tail: 0.001, z: 3.090232306167813)

  /// - Throws: ``QueryError`` for fewer than two groups, too many, or groups that are no parts of one whole.
  init(_ source: ChartSource, axis choice: ChartAxis = .auto) throws {
    phrases = source.phrases
    guard source.purposes == nil else {
      throw QueryError(
        "a funnel has one common rate, and purposes have none in common", advice: ChartSource.purposeAdvice)
    }
    if let items = source.dimensions.first(where: { $0.name == "analyte" || $0.name == "hazard" }) {
      throw QueryError(
        "'\(items.name)' counts a sample more than once: its groups have no common rate",
        advice: "Ask by dimensions of samples, such as district or lab.")
    }
    for row in source.rows {
      if let proportion = row.proportion, proportion.total > 0 {
        groups.append(Group(row: row, proportion: proportion))
      } else {
        without += 1
      }
    }
    guard groups.count <= FunnelChart.mostGroups else {
      throw QueryError(
        "\(groups.count) groups are more than can be drawn", advice: "Choose some with --where, or ask a level above.")
    }
    let failures = groups.map(\.proportion.complement)
    guard let signals = FunnelSignals.evaluate(failures), let overall = Proportion.sum(groups.map(\.proportion)) else {
      throw QueryError(
        "a funnel needs at least two groups with samples", advice: "Ask by a dimension, such as district.")
    }
    (self.signals, self.overall) = (signals, overall)
    spread = signals.isOverDispersed ? FunnelDispersion.estimate(failures) : nil
    var marks = 0
    for (index, signal) in signals.signals.enumerated() {
      groups[index].signal = signal
      guard let signal, signal.position != .within else { continue }
      groups[index].mark = FunnelChart.mark(marks)
      marks += 1
    }
    sizes = CountAxis(upTo: groups.map(\.proportion.total).max() ?? 1)
    rates = .whole
    let judged = groups.compactMap(\.signal?.inner.complement).flatMap { [$0.lower, $0.upper] }
    rates = RateAxis(choice, around: groups.compactMap(\.proportion.rate) + judged)
  }

  /// The pass rate of all.
  var centre: Double { 1 - signals.centre }

  /// Limits of the pass rate for a group of this size: 95 % or 99.8 %.
  func limits(_ samples: Int, isOuter: Bool) -> Interval? {
    let line = isOuter ? FunnelChart.outer : FunnelChart.inner
    let limits =
      spread.map { $0.limits(samples: samples, z: line.z) }
      ?? FunnelPlot.exactLimits(samples: samples, centre: signals.centre, tail: line.tail)
    return limits?.complement
  }

  /// A, B … Z, AA, AB …
  static func mark(_ index: Int) -> String {
    let letter = String(Unicode.Scalar(UInt8(65 + index % 26)))
    return index < 26 ? letter : mark(index / 26 - 1) + letter
  }

  /// What the picture says, in lines.
  func findings(_ text: RateText) -> [String] {
    let marked = groups.filter { $0.mark != nil }
    var lines = [
      phrases.funnelFinding(
        text.digits(centre, overall), groups: groups.count, samples: overall.total, marked: marked.count)
    ]
    for group in marked {
      lines.append(
        phrases.funnelGroup(
          group.mark ?? "", group.row.label, group.row.rateText(text), group.row.sizeText, group.signal?.position))
    }
    if signals.isOverDispersed {
      lines.append(
        phrases.overDispersed(signals.dispersion.map { NumberText.fixed($0, 2) } ?? "-"))
    }
    let small = groups.count { $0.signal == nil }
    if small > 0 { lines.append(phrases.funnelSmall(small)) }
    if without > 0 { lines.append(phrases.withoutRate(without)) }
    return lines
  }
}
