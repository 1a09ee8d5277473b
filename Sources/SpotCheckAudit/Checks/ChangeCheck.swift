/// Changes in percentage points (百分点) against the two rates.
extension BulletinCheck {
  mutating func check(_ change: RateChange) {
    guard let range = change.difference else { return }
    log.count(.changes)
    let points = change.points
    func fits(_ value: Int) -> Bool {
      value - points.halfUnit <= range.upperBound && value + points.halfUnit >= range.lowerBound
    }
    if let printed = change.printedDifference, abs(printed.addingClamped(-points.value)) <= points.halfUnit { return }
    guard !fits(points.value) else { return }
    let places = max(2, min(points.decimals, 8))
    let middle = range.lowerBound / 2 + range.upperBound / 2
    let expected = BulletinCheck.signed(change.printedDifference ?? middle, places: places)
    let printed = BulletinCheck.signed(points.value, places: points.decimals)
    let isReversed = points.value != 0 && fits(-points.value)
    let name = BulletinCheck.label(change.name, zh: false)
    let nameZh = BulletinCheck.label(change.name, zh: true)
    let rates = "\(change.from.described(change.kind)) → \(change.to.described(change.kind))"
    log.find(
      .change, at: points.position, subject: change.name, printed: printed, expected: expected,
      "\(name): a change of \(printed) points is printed, but \(rates) is \(expected)"
        + (isReversed ? ": the direction is wrong" : ""),
      zh: "\(nameZh)：印作变化 \(printed) 个百分点，而 \(rates) 为 \(expected) 个百分点" + (isReversed ? "（升降方向相反）" : ""))
  }

  static func signed(_ value: Int, places: Int) -> String {
    let text = PrintedPercent.digits(value, places: places)
    return value > 0 ? "+" + text : text
  }
}

extension RateChange {
  /// The bounds of the true difference, from counts where they are printed, else from the rates; nil if neither is.
  var difference: ClosedRange<Int>? {
    guard let before = from.bounds(kind), let after = to.bounds(kind) else { return nil }
    let low = after.lowerBound.addingClamped(-before.upperBound)
    return low...max(low, after.upperBound.addingClamped(-before.lowerBound))
  }

  /// The difference of the rates as printed.
  var printedDifference: Int? {
    guard let before = from.percent(kind), let after = to.percent(kind) else { return nil }
    return after.value - before.value
  }
}

extension Figures {
  /// Where the true rate lies, in billionths of a percent.
  func bounds(_ kind: RateKind) -> ClosedRange<Int>? {
    if let share = shares(kind).first { return ExactShare.bounds(share) }
    guard let percent = percent(kind) else { return nil }
    return (percent.value - percent.halfUnit)...(percent.value + percent.halfUnit)
  }

  /// The rate for messages: as printed, or as counts.
  func described(_ kind: RateKind) -> String {
    percent(kind)?.text ?? shares(kind).first?.text ?? "—"
  }
}
