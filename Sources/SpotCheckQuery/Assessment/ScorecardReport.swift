import SpotCheckModel
import SpotCheckStatistics

extension Scorecard {
  /// The scorecard as a report, one row a target in the order of the register.
  public func report() -> Report {
    let rows = entries.map { $0.cells }
    var notes: [QueryNote] = []
    for entry in entries where entry.mix.count > 1 {
      let mix = entry.mix.map { "\($0.purpose.rawValue) \($0.counts.samples)" }.joined(separator: ", ")
      let mixZh = entry.mix.map { "\($0.purpose.nameZh) \($0.counts.samples)" }.joined(separator: "，")
      notes.append(
        QueryNote(
          "pooled_by_target", "\(entry.target.id) counts several purposes together, as the register says: \(mix)",
          zh: "\(entry.target.name)按目标口径合并任务类别：\(mixZh)"))
    }
    let pending = entries.reduce(0) { $0 + $1.counts.pending }
    if pending > 0 {
      notes.append(
        QueryNote(
          "pending", "\(pending) samples counted here have an objection or a retest pending: verdicts may change",
          zh: "所列样品中有 \(pending) 个处于异议或复检处置中，结论可能变化"))
    }
    if entries.contains(where: { !$0.isFormal && $0.rateTarget != nil }) {
      notes.append(
        QueryNote(
          "monitoring", "this period is not the one that these targets are assessed by: monitoring, no formal verdict",
          zh: "本期不是目标的考核周期：仅为监测，不作正式评定"))
    }
    notes.append(
      QueryNote(
        "exact", "verdicts are exact one-sided binomial tests; 'not proven' is neither met nor missed",
        zh: "判定为精确单侧二项检验；“证据不足”既不等于达标，也不等于未达标"))
    if !query.includesDefinitions, query.ids == nil, definitions > 0 {
      notes.append(
        QueryNote(
          "definitions", "\(definitions) further targets are in force but no data arrive for them; --all lists them",
          zh: "另有 \(definitions) 项在册目标尚无数据，可用 --all 列出"))
    }
    var report = Report(columns: Scorecard.columns, query: described, snapshot: snapshot, notes: notes) { body in
      for row in rows { try body(row) }
    }
    report.isWide = true
    return report
  }

  private var described: [(name: String, value: ReportValue)] {
    [
      ("measure", .text("targets")), ("period", .text(query.period.text)),
      ("register", .text(query.register.revision)), ("ids", query.ids.map { .list($0) } ?? .none),
      ("interval", .text("wilson 0.95")), ("verdict", .text("exact binomial, one-sided")),
    ]
  }

  private static let columns: [ReportColumn] = {
    func number(_ name: String, _ heading: String, hidden: Bool = false) -> ReportColumn {
      ReportColumn(name, heading: heading, display: hidden ? .hidden : .shown, isNumeric: true)
    }
    func text(_ name: String, _ heading: String, hidden: Bool = false) -> ReportColumn {
      ReportColumn(name, heading: heading, display: hidden ? .hidden : .shown)
    }
    return [
      text("target", "目标代码", hidden: true), text("target_name", "目标"), text("part_of", "所属目标", hidden: true),
      text("goal", "要求"), number("goal_rate", "目标值", hidden: true), text("period", "时期"),
      text("assessment", "性质代码", hidden: true), number("samples", "样品数"), number("inspected", "检验数"),
      number("passed", "合格"), number("failed", "不合格"), number("excluded", "不计入"),
      number("pending", "异议复检中", hidden: true), number("rate", "合格率"),
      ReportColumn("wilson_low", heading: "95%区间", display: .intervalStart, isNumeric: true),
      number("wilson_high", "95%区间上限"), text("verdict", "判定代码", hidden: true), text("verdict_name", "判定"),
      number("bound", "单侧下限"), number("samples_needed", "还需连续合格"), number("failures_allowed", "最多不合格"),
      number("last_year_inspected", "上年同期检验数", hidden: true), number("last_year_rate", "上年同期"),
      number("change", "同比百分点"),
      ReportColumn("change_low", heading: "同比95%区间", display: .intervalStart, isNumeric: true),
      number("change_high", "同比95%区间上限"), text("trend", "趋势代码", hidden: true), text("trend_name", "趋势"),
      number("trend_p", "趋势p", hidden: true), text("stable", "稳定代码", hidden: true), text("stable_name", "稳定达标"),
      text("remark", "说明"), text("owner", "责任单位"), text("clause", "依据"),
      text("population", "范围", hidden: true), text("purposes", "计入的任务类别", hidden: true),
    ]
  }()
}

extension ScorecardEntry {
  fileprivate var cells: [ReportCell] {
    let word = verdictWord
    var cells: [ReportCell] = [
      .text(target.id), .text((target.partOf == nil ? "" : "其中：") + target.name),
      target.partOf.map { .text($0) } ?? .missing, target.goal.map { .text($0.description) } ?? .missing,
      .rate(rateTarget.flatMap { Proportion($0.numerator, of: $0.denominator) }), .text(period.text),
      rateTarget == nil ? .missing : .text(isFormal ? "formal" : "monitoring"),
    ]
    guard rateTarget != nil else {
      cells += [ReportCell](repeating: .missing, count: 9) + [.text(word.code), .text(word.name)]
      cells += [ReportCell](repeating: .missing, count: 13)
      return cells + lastCells
    }
    cells += [counts.samples, counts.inspected, counts.passed, counts.failed, counts.excluded, counts.pending].map {
      .integer($0)
    }
    cells += [.rate(proportion)] + ReportCell.ends(proportion?.interval(.wilson))
    cells += [.text(word.code), .text(word.name)]
    cells += decision.map { Array(TargetCells($0).cells.dropFirst(2)) } ?? [.missing, .missing, .missing]
    let old = before.flatMap { Proportion($0.passed, of: $0.inspected) }
    let difference = proportion.flatMap { now in old.flatMap { RateDifference.newcombe(now, $0) } }
    cells += [
      before.map { .integer($0.inspected) } ?? .missing, .rate(old),
      difference.map { .change($0.difference, from: old, to: proportion) } ?? .missing,
    ]
    cells += ReportCell.changes(difference?.interval)
    let direction = self.direction(difference?.interval)
    cells += [
      direction.map { .text($0.code) } ?? .missing, direction.map { .text($0.name) } ?? .missing,
      trend.map { .number($0.pValue, digits: 4) } ?? .missing,
    ]
    cells += [stability.map { .text($0.rawValue) } ?? .missing, stability.map { .text($0.nameZh) } ?? .missing]
    return cells + lastCells
  }

  private var lastCells: [ReportCell] {
    [
      remark.map { .text($0) } ?? .missing, .text(owner), .text(target.clause),
      target.population.map { .text($0) } ?? .missing,
      target.purposes.isEmpty ? .missing : .text(target.purposes.map(\.rawValue).joined(separator: " ")),
    ]
  }

  private var verdictWord: (code: String, name: String) {
    if let decision { return (decision.verdict.code, decision.verdict.nameZh) }
    return ("no_data", rateTarget == nil ? "未接入数据" : "本期无数据")
  }

  private var owner: String {
    target.owners.map(\.name).joined(separator: "、") + (target.ownerIsInferred ? "（推定）" : "")
  }

  /// What a reader must know before quoting the verdict.
  private var remark: String? {
    var remarks: [String] = []
    let year = CalendarDay(daysSinceEpoch: period.days.upperBound).civil.year
    if let due = target.due, year > due { remarks.append("目标年为\(due)年，此后未见新目标") }
    if rateTarget != nil {
      if counts.inspected > 0, counts.inspected < target.minimumCount { remarks.append("检验数不足\(target.minimumCount)") }
      if decision?.verdict == .notProven, let decision {
        remarks.append(decision.pointEstimateMeets ? "点估计达标" : "点估计未达标")
      }
    }
    return remarks.isEmpty ? nil : remarks.joined(separator: "；")
  }

  /// Over three years and more the trend test decides; over two the interval of the change.
  private func direction(_ change: Interval?) -> (code: String, name: String)? {
    if let trend {
      guard trend.pValue <= 0.05 else { return ("flat", "无明显趋势") }
      return trend.statistic > 0 ? ("up", "上升") : ("down", "下降")
    }
    guard let change else { return nil }
    return change.lower > 0 ? ("up", "上升") : change.upper < 0 ? ("down", "下降") : ("flat", "无明显变化")
  }
}

extension ScorecardEntry.Stability {
  public var nameZh: String {
    switch self {
    case .stable: "稳定"
    case .notStable: "未证明稳定"
    case .tooShort: "期数不足"
    }
  }
}
