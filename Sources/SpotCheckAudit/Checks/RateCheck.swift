import SpotCheckStatistics

/// Printed rates against printed counts.
extension BulletinCheck {
  /// - Parameter breakdowns: what `figures` is the total of, if it is one.
  mutating func check(_ rate: PrintedRate, of figures: Figures, in breakdowns: [Breakdown]) {
    var shares = figures.shares(rate.kind)
    if shares.isEmpty { shares = breakdowns.compactMap { $0.pooledShare(rate.kind) } }
    guard let share = shares.first else { return checkWithoutCounts(rate, figures, breakdowns) }
    log.count(.rates)
    let percent = rate.percent
    if shares.contains(where: { ExactShare.fits(percent, $0) }) { return checkTargets(rate, figures, share) }
    let exact = ExactShare.text(share, decimals: percent.decimals, perMille: percent.isPerMille)
    if shares.contains(where: { ExactShare.fits(percent.complement, $0) }) {
      return findName(rate, figures, share, exact)
    }
    let subject = BulletinCheck.label(figures.name, zh: false)
    let subjectZh = BulletinCheck.label(figures.name, zh: true)
    if let mean = breakdowns.first(where: { $0.meanRate(rate.kind)?.agrees(with: percent) ?? false }) {
      log.find(
        .meanOfRates, at: percent.position, subject: figures.name, printed: percent.text, expected: exact,
        "\(subject): the \(rate.kind.english) is printed \(percent.text), the unweighted mean of the rates of "
          + "\(mean.summands.count) rows (\(mean.name)); pooled, \(share.text) is \(exact)",
        zh: "\(subjectZh)：\(rate.kind.chinese)印作 \(percent.text)，是“\(mean.name)”\(mean.summands.count) 行比率的简单平均；"
          + "合并计算 \(share.text) = \(exact)")
    } else if shares.contains(where: { ExactShare.isTruncated(percent, $0) }) {
      log.find(
        .percentTruncated, .warning, at: percent.position, subject: figures.name, printed: percent.text,
        expected: exact,
        "\(subject): the \(rate.kind.english) is printed \(percent.text): \(share.text) = \(exact) was cut off, "
          + "not rounded",
        zh: "\(subjectZh)：\(rate.kind.chinese)印作 \(percent.text)，系 \(share.text) = \(exact) 截尾所得，未按修约规则进位")
    } else {
      log.find(
        .percent, at: percent.position, subject: figures.name, printed: percent.text, expected: exact,
        "\(subject): the \(rate.kind.english) is printed \(percent.text), but \(share.text) is \(exact)",
        zh: "\(subjectZh)：\(rate.kind.chinese)印作 \(percent.text)，而 \(share.text) = \(exact)")
    }
  }

  private mutating func findName(_ rate: PrintedRate, _ figures: Figures, _ share: Share, _ exact: String) {
    let percent = rate.percent
    let other = share.other
    let others: (english: String, chinese: String) =
      rate.kind.isOfFailures ? ("pass rate", "合格率") : ("failure rate", "不合格率")
    log.find(
      .rateName, at: percent.position, subject: figures.name, printed: percent.text, expected: exact,
      "\(BulletinCheck.label(figures.name, zh: false)): the \(rate.kind.english) is printed \(percent.text), but "
        + "that is the \(others.english) (\(other.text)); the \(rate.kind.english) is \(exact)",
      zh: "\(BulletinCheck.label(figures.name, zh: true))：\(rate.kind.chinese)印作 \(percent.text)，"
        + "其实是\(others.chinese)（\(other.text)）；\(rate.kind.chinese)为 \(exact)")
  }

  /// No part is printed. With a whole, some whole number must give the rate; with rows of rates, a total that is just
  /// their mean is suspicious.
  private mutating func checkWithoutCounts(_ rate: PrintedRate, _ figures: Figures, _ breakdowns: [Breakdown]) {
    let percent = rate.percent
    if let base = figures.base {
      log.count(.rates)
      guard !ExactShare.isReachable(percent, of: base) else { return }
      log.find(
        .percentUnreachable, .warning, at: percent.position, subject: figures.name, printed: percent.text,
        expected: "k/\(base.text)",
        "\(BulletinCheck.label(figures.name, zh: false)): no whole number out of \(base.text) is \(percent.text)",
        zh: "\(BulletinCheck.label(figures.name, zh: true))：\(base.text) 批次中任何整数批次都得不出 \(percent.text)")
      return
    }
    for breakdown in breakdowns {
      guard let mean = breakdown.meanRate(rate.kind), breakdown.ratesDiffer(rate.kind) else { continue }
      log.count(.rates)
      guard mean.agrees(with: percent) else { continue }
      log.find(
        .meanOfRates, .warning, at: percent.position, subject: figures.name, printed: percent.text,
        expected: "passed/inspected",
        "\(BulletinCheck.label(figures.name, zh: false)): the \(rate.kind.english) \(percent.text) is just the "
          + "unweighted mean of \(breakdown.summands.count) rates (\(breakdown.name)); without counts nobody can tell "
          + "the pooled rate",
        zh: "\(BulletinCheck.label(figures.name, zh: true))：\(rate.kind.chinese) \(percent.text) 恰为“\(breakdown.name)”"
          + "\(breakdown.summands.count) 个比率的简单平均；未印批次数，无从得知合并计算的比率")
      return
    }
  }

  /// A rate that recomputes may still have been rounded across a target. Targets are for pass rates; the rate at which
  /// a risk-directed programme finds problems has none.
  private mutating func checkTargets(_ rate: PrintedRate, _ figures: Figures, _ share: Share) {
    guard rate.kind != .finding else { return }
    let percent = rate.kind == .pass ? rate.percent : rate.percent.complement
    let passes = rate.kind == .pass ? share : share.other
    guard let exact = ExactShare.proportion(passes), let printed = Proportion(percent.value, of: PrintedPercent.whole)
    else { return }
    for target in targets.isEmpty ? AuditTarget.defaults : targets {
      guard target.value.isMet(by: exact) != target.value.isMet(by: printed) else { continue }
      let full = PercentText(digits: max(2, percent.decimals), target: target.value).text(exact) ?? "—"
      log.find(
        .roundingCrossesTarget, targets.isEmpty ? .warning : .error, at: rate.percent.position,
        subject: figures.name, printed: rate.percent.text, expected: full + "%",
        "\(BulletinCheck.label(figures.name, zh: false)): printed \(rate.percent.text) lies on the other side of the "
          + "target of \(target.text) % than \(passes.text) = \(full)%; print more digits",
        zh: "\(BulletinCheck.label(figures.name, zh: true))：所印 \(rate.percent.text) 与精确值 \(passes.text) = \(full)% "
          + "分居目标 \(target.text)% 两侧，应多印几位小数")
    }
  }
}

extension Share {
  /// The share of the rest.
  var other: Share { Share(part: part, whole: whole, isComplement: !isComplement) }
}

extension RateKind {
  var english: String {
    switch self {
    case .pass: "pass rate"
    case .failure: "failure rate"
    case .finding: "finding rate"
    }
  }
}

extension PrintedPercent {
  var isPerMille: Bool { text.hasSuffix("‰") }
}

extension AuditTarget {
  /// The plan's targets for industrial products and for farm and forest products (宁政办〔2015〕127号).
  static let defaults = ["90", "95"].compactMap { AuditTarget($0) }
}
