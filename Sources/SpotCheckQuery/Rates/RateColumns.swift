import SpotCheckModel
public import SpotCheckStatistics

/// Columns of a rate report that belong together, and how a row fills them.
struct RateColumns: Sendable {
  /// A column, and whether tables leave it out when no row says anything in it.
  struct Column: Sendable {
    var column: ReportColumn
    var isOptional = false
    /// A cell that says nothing, beside a missing one and 0.
    var silence: ReportCell?
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

  /// The columns, those hidden that say nothing about any of the rows.
  func columns(_ rows: [RateRow]) -> [ReportColumn] {
    var columns = list.map(\.column)
    var silent = list.indices.filter { list[$0].isOptional }
    var cells: [ReportCell] = []
    for row in rows where !silent.isEmpty {
      cells.removeAll(keepingCapacity: true)
      fill(row, &cells)
      silent.removeAll { !isSilence(cells[$0], list[$0]) }
    }
    for index in silent { columns[index].display = .hidden }
    return columns
  }

  private func isSilence(_ cell: ReportCell, _ column: Column) -> Bool {
    switch cell {
    case .missing, .integer(0): true
    default: cell == column.silence
    }
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

  private static func number(_ name: String, _ heading: String, optional: Bool = false) -> Column {
    Column(column: ReportColumn(name, heading: heading, isNumeric: true), isOptional: optional)
  }

  private static func text(_ name: String, _ heading: String, optional: Bool = false, hidden: Bool = false) -> Column {
    Column(column: ReportColumn(name, heading: heading, display: hidden ? .hidden : .shown), isOptional: optional)
  }

  /// Two columns that tables join.
  private static func interval(_ low: String, _ high: String, _ heading: String) -> [Column] {
    [
      Column(column: ReportColumn(low, heading: heading, display: .intervalStart, isNumeric: true)),
      Column(column: ReportColumn(high, heading: heading + "上限", isNumeric: true)),
    ]
  }

  /// Every sample in exactly one class: samples = inspected + the classes behind failed. Pending and label-only samples
  /// are among them.
  private static let counts = RateColumns(
    list: [
      number("samples", "样品数"), number("inspected", "检验数"), number("passed", "合格"), number("failed", "不合格"),
      number("undetermined", "不判定"), number("not_tested", "未检"), number("refused", "拒检", optional: true),
      number("unlicensed", "涉嫌无证", optional: true), number("risk_monitoring", "风险监测", optional: true),
      number("screening", "快检", optional: true), number("screening_positive", "快检阳性", optional: true),
      number("listed", "仅见名单", optional: true),
      number("label_only", "仅标签不合格", optional: true), number("pending", "异议复检中", optional: true),
    ]
  ) { row, out in
    let counts = row.counts
    out.append(.integer(counts.samples))
    out.append(.integer(counts.inspected))
    out.append(.integer(counts.passed))
    out.append(.integer(counts.failed))
    out.append(.integer(counts.undetermined))
    out.append(.integer(counts.notTested))
    out.append(.integer(counts.refused))
    out.append(.integer(counts.unlicensed))
    out.append(.integer(counts.riskMonitoring))
    out.append(.integer(counts.screening))
    out.append(.integer(counts.screeningPositive))
    out.append(.integer(counts.listed))
    out.append(.integer(counts.labelOnly))
    out.append(.integer(counts.pending))
  }

  /// The heading of the rate: only other names need to be seen in tables.
  private static let passRate = "合格率"

  private static let rates = RateColumns(
    list: [number("rate", passRate)] + interval("wilson_low", "wilson_high", "95%区间") + [
      Column(column: ReportColumn("rate_name", heading: "率名"), isOptional: true, silence: .text(passRate)),
      number("finding_rate", "问题发现率", optional: true), text("size_tier", "样本量代码", hidden: true),
      Column(
        column: ReportColumn("size_tier_name", heading: "样本量"), isOptional: true, silence: .text(CellTier.full.nameZh)),
    ]
  ) { row, out in
    let tier = row.rateName == nil ? nil : CellTier(samples: row.counts.inspected)
    let name = row.rate == nil ? nil : row.rateName
    let interval = row.interval
    out.append(.rate(row.proportion))
    out.append(interval.map { .rate($0.lower, of: nil) } ?? .missing)
    out.append(interval.map { .rate($0.upper, of: nil) } ?? .missing)
    out.append(name.map { .text($0) } ?? .missing)
    out.append(.rate(row.finding))
    out.append(tier.map { .text($0.code) } ?? .missing)
    out.append(tier.map { .text($0.nameZh) } ?? .missing)
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
      number("enterprise_unnamed", "未列企业样品", optional: true), number("enterprise_rate", "企业合格率"),
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
        number("target", "目标"), text("target_verdict", "判定代码", hidden: true), text("target_verdict_name", "判定"),
        number("target_bound", "单侧下限"), number("samples_needed", "还需连续合格", optional: true),
        number("failures_allowed", "最多不合格", optional: true),
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
    let (proportion, target, alpha) = (decision.proportion, decision.target, decision.alpha)
    let bound = target.direction == .atLeast ? decision.bounds.lower : decision.bounds.upper
    var needed: Int?
    var allowed: Int?
    if decision.basis == .sample {
      if decision.verdict == .notProven {
        needed = TargetPlanning.cleanSamplesNeeded(proportion, for: target, alpha: alpha)
      }
      allowed = TargetPlanning.failuresAllowed(among: proportion.total, for: target, alpha: alpha)
    }
    cells = [
      .text(decision.verdict.code), .text(decision.verdict.nameZh), .rate(bound, of: nil),
      needed.map { .integer($0) } ?? .missing, allowed.map { .integer($0) } ?? .missing,
    ]
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
