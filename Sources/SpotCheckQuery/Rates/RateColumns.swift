import SpotCheckModel
public import SpotCheckStatistics

/// Columns of a rate report that belong together, and how a row fills them.
struct RateColumns: Sendable {
  /// When a column is shown in tables.
  enum Showing: Sendable {
    case always
    /// When this count is not 0 in a row.
    case counted(@Sendable (RateCounts) -> Int)
    /// When a row says something in it.
    case said(@Sendable (RateRow) -> Bool)
  }
  struct Column: Sendable {
    var column: ReportColumn
    var showing = Showing.always
  }
  var list: [Column]
  /// Appends a row's cells, one for each column.
  var fill: @Sendable (RateRow, inout [ReportCell]) -> Void

  init(list: [Column], fill: @escaping @Sendable (RateRow, inout [ReportCell]) -> Void) {
    self.list = list
    self.fill = fill
  }

  init(list: [Column], cells: @escaping @Sendable (RateRow) -> [ReportCell]) {
    self.init(list: list) { row, out in out += cells(row) }
  }

  /// The columns, those hidden that say nothing about any of the rows, which may come in parts.
  func columns(_ rows: [[RateRow]]) -> [ReportColumn] {
    var columns = list.map(\.column)
    // No count is below 0: they are not 0 if their sum is not. So this asks once and not for every row.
    var sum = RateCounts()
    for part in rows { for index in part.indices { sum += part[index].counts } }
    for (index, entry) in list.enumerated() {
      let isShown =
        switch entry.showing {
        case .always: true
        case .counted(let count): count(sum) != 0
        case .said(let isSaid): rows.contains { $0.contains(where: isSaid) }
        }
      if !isShown { columns[index].display = .hidden }
    }
    return columns
  }

  /// All groups of an answer, in order.
  static func groups(_ result: RateResult) -> [RateColumns] {
    let query = result.query
    var groups = [counts, rates]
    for measure in RateMeasure.allCases where query.measures.contains(measure) {
      switch measure {
      case .item: groups.append(items)
      case .enterprise: groups.append(enterprises)
      case .hazard: groups.append(shares)
      case .physical: groups.append(physical)
      }
    }
    if query.meanOver != nil { groups.append(means) }
    if query.yearOnYear { groups.append(yearOnYear) }
    if let question = query.target { groups.append(target(question)) }
    return groups
  }

  private static func number(_ name: String, _ heading: String, _ showing: Showing = .always) -> Column {
    Column(column: ReportColumn(name, heading: heading, isNumeric: true), showing: showing)
  }

  private static func text(_ name: String, _ heading: String, _ showing: Showing = .always) -> Column {
    Column(column: ReportColumn(name, heading: heading), showing: showing)
  }

  /// For machines: the column beside it says the same for people.
  private static func code(_ name: String, _ heading: String) -> Column {
    Column(column: ReportColumn(name, heading: heading, display: .hidden))
  }

  /// Two columns that tables join.
  private static func interval(_ low: String, _ high: String, _ heading: String) -> [Column] {
    [
      Column(column: ReportColumn(low, heading: heading, display: .intervalStart, isNumeric: true)),
      Column(column: ReportColumn(high, heading: heading + "上限", isNumeric: true)),
    ]
  }

  private static let counts = RateColumns(
    list: [
      number("samples", "样品数"), number("inspected", "检验数"), number("passed", "合格"), number("failed", "不合格"),
      number("undetermined", "不判定"), number("not_tested", "未检"),
      number("refused", "拒检", .counted { $0.refused }),
      number("unlicensed", "涉嫌无证", .counted { $0.unlicensed }),
      number("risk_monitoring", "风险监测", .counted { $0.riskMonitoring }),
      number("screening", "快检", .counted { $0.screening }),
      number("screening_positive", "快检阳性", .counted { $0.screeningPositive }),
      number("listed", "仅见名单", .counted { $0.listed }),
      number("label_only", "仅标签不合格", .counted { $0.labelOnly }),
      number("pending", "异议复检中", .counted { $0.pending }),
    ]
  ) { row, out in
    let counts = RateValues(row).counts
    for index in counts.indices { out.append(.integer(counts[index])) }
  }

  /// The heading of the rate: only other names need to be seen in tables.
  private static let passRate = "合格率"

  private static let rates = RateColumns(
    list: [number("rate", passRate)] + interval("wilson_low", "wilson_high", "95%区间") + [
      text("rate_name", "率名", .said { $0.rate != nil && $0.rateName != passRate }),
      number("finding_rate", "问题发现率", .said { $0.finding?.rate != nil }),
      code("size_tier", "样本量代码"),
      text("size_tier_name", "样本量", .said { $0.tier.map { $0 != .full } ?? false }),
    ]
  ) { row, out in
    let values = RateValues(row)
    out.append(.rate(values.proportion))
    out += ReportCell.ends(values.interval)
    out.append(values.name.map { .text($0) } ?? .missing)
    out.append(.rate(values.finding))
    out.append(values.tier.map { .text($0.code) } ?? .missing)
    out.append(values.tier.map { .text($0.nameZh) } ?? .missing)
  }

  private static let items = RateColumns(
    list: [
      number("items", "项次"), number("items_judged", "判定项次"), number("items_failed", "不合格项次"),
      number("item_rate", "项次合格率"),
    ] + interval("item_low", "item_high", "项次95%区间")
  ) { row in
    let counts = row.items ?? RateCounts()
    let proportion = Proportion(counts.passed, of: counts.inspected)
    return [.integer(counts.samples), .integer(counts.inspected), .integer(counts.failed)]
      + (row.rateName == nil
        ? [.missing, .missing, .missing] : [.rate(proportion)] + ReportCell.ends(proportion?.interval(.wilson)))
  }

  private static let enterprises = RateColumns(
    list: [
      number("enterprises", "企业数"), number("enterprises_failed", "有不合格企业"),
      number("enterprise_unnamed", "未列企业样品", .said { ($0.enterprises?.unnamedSamples ?? 0) != 0 }),
      number("enterprise_rate", "企业合格率"),
    ] + interval("enterprise_low", "enterprise_high", "企业95%区间") + [number("design_effect", "设计效应")]
      + interval("clustered_low", "clustered_high", "合格率按企业聚类95%区间")
  ) { row in
    let counts = row.enterprises ?? EnterpriseCounts()
    let proportion = row.rateName == nil ? nil : counts.proportion
    let clustered = row.rateName == nil ? nil : counts.clustered
    return [.integer(counts.enterprises), .integer(counts.failed), .integer(counts.unnamedSamples), .rate(proportion)]
      + ReportCell.ends(proportion?.interval(.wilson)) + [
        clustered.map { .number($0.designEffect, digits: 2) } ?? .missing
      ]
      + ReportCell.ends(clustered?.kornGraubard())
  }

  private static let shares = RateColumns(
    list: [number("failed_items", "不合格项次"), number("failure_share", "不合格项次占比")]
  ) { row in
    guard let items = row.items else { return [.missing, .missing] }
    return [.integer(items.failed), .rate(row.failingItems.flatMap { Proportion(items.failed, of: $0) })]
  }

  private static let physical = RateColumns(
    list: [number("physical_rate", "实物质量合格率")] + interval("physical_low", "physical_high", "实物质量95%区间")
  ) { row in
    [.rate(row.physical)] + ReportCell.ends(row.physical?.interval(.wilson))
  }

  private static let means = RateColumns(list: [number("mean_rate", "平均率"), number("mean_parts", "平均部分数")]) { row in
    [
      row.mean.map { .rate($0.rate, of: nil) } ?? .missing, row.mean.map { .integer($0.parts) } ?? .missing,
    ]
  }

  private static let yearOnYear = RateColumns(
    list: [number("last_year_inspected", "上年同期检验数"), number("last_year_rate", "上年同期"), number("change", "同比百分点")]
      + interval("change_low", "change_high", "同比95%区间")
  ) { row in
    guard let before = row.before else { return [.missing, .missing, .missing, .missing, .missing] }
    let old = row.beforeProportion
    let difference = row.proportion.flatMap { now in old.flatMap { RateDifference.newcombe(now, $0) } }
    return [
      .integer(before.inspected), .rate(old),
      difference.map { .change($0.difference, from: old, to: row.proportion) } ?? .missing,
    ] + ReportCell.changes(difference?.interval)
  }

  private static func target(_ question: TargetQuestion) -> RateColumns {
    RateColumns(
      list: [
        number("target", "目标"), code("target_verdict", "判定代码"), text("target_verdict_name", "判定"),
        number("target_bound", "单侧下限"),
        number(
          "samples_needed", "还需连续合格",
          .said { row in (row.decision(question).flatMap { TargetCells.samplesNeeded($0) } ?? 0) != 0 }),
        number(
          "failures_allowed", "最多不合格",
          .said { row in (row.decision(question).flatMap { TargetCells.failuresAllowed($0) } ?? 0) != 0 }),
      ]
    ) { row in
      let target = ReportCell.rate(Proportion(question.target.numerator, of: question.target.denominator))
      guard let decision = row.decision(question) else {
        return [target, .missing, .missing, .missing, .missing, .missing]
      }
      return [target] + TargetCells(decision).cells
    }
  }
}

/// A decision as cells: code, name, bound on the bad side, clean samples needed, failures allowed.
struct TargetCells {
  let cells: [ReportCell]

  init(_ decision: TargetDecision) {
    let bound = decision.target.direction == .atLeast ? decision.bounds.lower : decision.bounds.upper
    cells = [
      .text(decision.verdict.code), .text(decision.verdict.nameZh), .rate(bound, of: nil),
      TargetCells.samplesNeeded(decision).map { .integer($0) } ?? .missing,
      TargetCells.failuresAllowed(decision).map { .integer($0) } ?? .missing,
    ]
  }

  /// Further samples, none of them failing, that would prove the target; nil if that is no question.
  static func samplesNeeded(_ decision: TargetDecision) -> Int? {
    guard decision.basis == .sample, decision.verdict == .notProven else { return nil }
    return TargetPlanning.cleanSamplesNeeded(decision.proportion, for: decision.target, alpha: decision.alpha)
  }

  /// How many of so many samples may fail; nil if that is no question.
  static func failuresAllowed(_ decision: TargetDecision) -> Int? {
    guard decision.basis == .sample else { return nil }
    return TargetPlanning.failuresAllowed(
      among: decision.proportion.total, for: decision.target, alpha: decision.alpha)
  }
}

extension CellTier {
  /// As machine formats have it.
  public var code: String {
    switch self {
    case .empty: "empty"
    case .countsOnly: "counts_only"
    case .lowSample: "low_sample"
    case .full: "full"
    }
  }

  /// How far a rate can be relied on: method of the house, min_show 5 and min_rank 30.
  public var nameZh: String {
    switch self {
    case .empty: "无样本"
    case .countsOnly: "过少，只看数量"
    case .lowSample: "不足，不宜排名"
    case .full: "充足"
    }
  }
}

extension TargetVerdict {
  /// As machine formats have it.
  public var code: String {
    switch self {
    case .met: "met"
    case .notMet: "not_met"
    case .notProven: "not_proven"
    }
  }

  public var nameZh: String {
    switch self {
    case .met: "达标"
    case .notMet: "未达标"
    case .notProven: "证据不足"
    }
  }
}
