import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStatistics

/// What an explanation says beside the answer itself: where the snapshot comes from.
public struct SnapshotStory: Sendable, Hashable {
  /// When it was made; nil: not recorded.
  public var time: String?
  public var tag = ""
  /// Files that are visible in it.
  public var files = 0
  /// The store and who named it, where the question did not.
  public var store: String?
  public init() {}
}

extension RateResult {
  /// How the numbers came about (UX-13): what was asked, how a rate is defined, which snapshot and tables were used, what
  /// was read, where every sample went. A list of `part, name, value`; values are the ones used, not a description of
  /// what should have been.
  ///
  /// - Parameter source: what the answer was made from.
  public func explained(_ source: QuerySource, _ story: SnapshotStory = SnapshotStory()) throws -> Report {
    var lines = Lines()
    explainQuestion(&lines)
    explainDefinition(&lines)
    explainSnapshot(&lines, source, story)
    try explainReading(&lines, source)
    explainSamples(&lines)
    for note in notes { lines.add("notes", "说明", note.code, note.textZh) }
    let cells = lines.cells
    return Report(
      columns: [
        ReportColumn("part", heading: "部分", display: .hidden), ReportColumn("part_name", heading: "部分"),
        ReportColumn("name", heading: "项目"), ReportColumn("value", heading: "内容"),
      ], query: report().query, snapshot: snapshot
    ) { body in for line in cells { try body(line) } }
  }

  private struct Lines {
    var cells: [[ReportCell]] = []

    mutating func add(_ part: String, _ partZh: String, _ name: String, _ value: String) {
      cells.append([.text(part), .text(partZh), .text(name), .text(value)])
    }
  }

  private func explainQuestion(_ lines: inout Lines) {
    func add(_ name: String, _ value: String) { lines.add("question", "问题", name, value) }
    add("by", dimensions.map { "\($0.text)（\($0.heading)）" }.joined(separator: "，"))
    add("where", query.filter?.text ?? "全部样品")
    if let period = query.period {
      add(
        "period",
        "\(period.text)：\(CalendarDay(daysSinceEpoch: period.days.lowerBound)) 至 "
          + "\(CalendarDay(daysSinceEpoch: period.days.upperBound))")
    }
    let day: String =
      switch query.periodBy {
      case .sampled: "抽样日期"
      case .received: "收样日期"
      case .reported: "报告日期"
      }
    add("period_by", "\(query.periodBy.name)（\(day)）")
    add("pool", query.pool ? "各任务类别合并" : "任务类别不合并：每个目的单独成行")
    add("on_map", query.onMap == .then ? "then（区划代码按当时）" : "today（区划代码按现行区划）")
    add("parks", query.parks == .rolledUp ? "rolled_up（园区计入所在区县）" : "separate（园区单列）")
  }

  private func explainDefinition(_ lines: inout Lines) {
    func add(_ name: String, _ value: String) { lines.add("definition", "定义", name, value) }
    add("rate", "合格率 = 合格 ÷ 检验数（passed ÷ inspected）")
    add("inspected", "检验数 = 合格 + 不合格：只有结论明确的样品进入分母")
    add(
      "excluded",
      "不进分母、单独列出："
        + SampleClass.allCases.filter { !$0.isInspected }.map(\.nameZh).joined(separator: "、"))
    add("sample", "每个样品只计一次，取其最新有效版本（更正、复检、异议按版本规则；撤回不计）")
    if dimensions.contains(where: \.isItemBased) {
      add("item_based", "按检验项目分组时，样品在其检验的每个项目下各计一次，结论取该项目的结论；合计仍按样品计")
    }
    add(
      "interval", "Wilson 95% 区间：(p + z²/2n ± z√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n)，z = 1.959964（Wilson 1927）")
    let names = Set(rows.compactMap(\.rateName)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if !names.isEmpty { add("rate_name", names.joined(separator: "、")) }
    if let target = query.target {
      add("target", "目标 \(target.text)，单侧显著性水平 α = \(NumberText.json(target.alpha))；普查按实数，抽检按证据")
    }
    if query.measures.contains(.item) { add("item_rate", "项次合格率 = 合格项次 ÷ 判定项次，只计检验数内样品的项目") }
    if query.measures.contains(.enterprise) { add("enterprise_rate", "企业合格率 = 全部样品合格的企业 ÷ 有检验样品的企业") }
    if query.measures.contains(.physical) { add("physical_rate", "实物质量合格率：仅标签不合格的样品视为合格") }
    if let suppressedBelow { add("suppress_below", "少于 \(suppressedBelow) 个样品的行不公布，并补充隐去可推算的行") }
  }

  private func explainSnapshot(_ lines: inout Lines, _ source: QuerySource, _ story: SnapshotStory) {
    func add(_ name: String, _ value: String) { lines.add("snapshot", "快照", name, value) }
    add("number", "v\(snapshot)" + (story.tag.isEmpty ? "" : "（\(story.tag)）"))
    if let store = story.store { add("store", store) }
    if let time = story.time { add("time", time) }
    add("files", "可见文件 \(story.files) 个")
    let used = Set(query.kinds.compactMap(\.tableName)).union(["purposes"])
    for name in source.tables.names where used.contains(name) {
      if let table = source.tables[name] { add("table:\(name)", "\(table.entries.count) 条") }
    }
  }

  private func explainReading(_ lines: inout Lines, _ source: QuerySource) throws {
    func add(_ name: String, _ value: String) { lines.add("reading", "读取", name, value) }
    switch scan.origin {
    case .snapshotCounts: add("origin", "快照汇总计数：未打开任何数据段（与逐行计数一致，由测试保证）")
    case .segmentCounts: add("origin", "数据段所附计数，并逐行扣除其后被取代的样品")
    case .rows: add("origin", "逐行读取")
    }
    let segments = try source.segments().filter { $0.sampleRows > 0 }
    let rows = segments.reduce(0) { $0 + $1.sampleRows }
    add("segments", "共 \(segments.count) 段 \(rows) 行样品")
    guard scan.origin != .snapshotCounts else { return }
    add("segments_pruned", "\(scan.segmentsPruned) 段不可能含有所需样品，未读")
    add("rows_read", "\(scan.rowsRead) 行")
    add("rows_excluded", "其中 \(scan.rowsExcluded) 行已被取代、重复或撤回，不计")
  }

  private func explainSamples(_ lines: inout Lines) {
    func add(_ name: String, _ value: String) { lines.add("samples", "样品", name, value) }
    guard suppression == nil else { return add("suppressed", "有隐去的行，合计从略") }
    let counts = total.counts
    add("samples", "\(counts.samples) = 检验 \(counts.inspected) + 不进分母 \(counts.excluded)")
    add("inspected", "\(counts.inspected) = 合格 \(counts.passed) + 不合格 \(counts.failed)")
    for sampleClass in SampleClass.allCases where !sampleClass.isInspected && counts[sampleClass] > 0 {
      add(sampleClass.rawValue, "\(sampleClass.nameZh) \(counts[sampleClass])")
    }
    if let proportion = total.proportion, let rate = proportion.rate {
      add("rate", "\(counts.passed) ÷ \(counts.inspected) = \(NumberText.fixed(rate * 100, 4))%")
    } else if total.rateName == nil {
      add("rate", "多个任务类别，不合并计算")
    }
    add("groups", "\(rows.count) 组")
  }
}

extension OpenStore {
  /// Asks, and explains the answer.
  ///
  /// - Parameter store: the store and who named it, where the question did not.
  /// - Throws: as ``RateQuery/run(on:)``.
  public func explain(
    _ query: RateQuery, asOf: String? = nil, suppressBelow: Int? = nil, store: String? = nil
  ) throws -> Report {
    let source = try snapshot(asOf: asOf)
    var result = try query.run(on: source)
    if let suppressBelow { result = try result.suppressing(below: suppressBelow) }
    var story = SnapshotStory()
    story.store = store
    if let record = try catalogue.snapshots().first(where: { $0.number == source.snapshot }) {
      if case .text(let time) = CatalogueList.time(record.time) { story.time = time }
      story.tag = record.label
    }
    story.files = try catalogue.batches(at: source.snapshot).count { $0.record.state == .accepted }
    return try result.explained(source, story)
  }
}
