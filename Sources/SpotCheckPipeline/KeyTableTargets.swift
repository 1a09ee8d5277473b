import SpotCheckModel

extension KeyTable {
  /// `targets.yaml`.
  static let targetBlocks: [KeyBlock] = [
    KeyBlock(
      name: .register, title: "The register of targets", titleZh: "质量目标登记册（targets.yaml）",
      rows: [
        KeyRow(
          "documents", .map(keys: [], .block(.document)), required: true,
          "The documents that set targets, each under a short name.", zh: "设定目标的文件，各有一个简称。"),
        KeyRow("targets", .list(.block(.target)), required: true, "The targets, version by version.", zh: "目标，逐个版本。"),
      ]),
    KeyBlock(
      name: .document, title: "documents.NAME", titleZh: "文件",
      rows: [
        KeyRow("number", .text, required: true, "Its official number (文号).", zh: "文号。"),
        KeyRow("title", .text, required: true, "Its title.", zh: "标题。"),
        KeyRow("issuer", .text, required: true, "Who issued it.", zh: "发文机关。"),
        KeyRow("issued", .day, "The day of issue.", zh: "成文日期。"),
      ]),
    KeyBlock(name: .target, title: "targets[]", titleZh: "目标", rows: targetIdentity + targetMeasure + targetLife),
  ]

  /// What it says, where, and who answers for it.
  private static let targetIdentity: [KeyRow] = [
    KeyRow(
      "id", .text, required: true, "Lower-case words joined by '-'; the same for all versions of a target.",
      zh: "编号，小写英文加连字符；同一目标各版本相同。"),
    KeyRow("name", .text, required: true, "What people call it (Chinese).", zh: "目标名称。"),
    KeyRow("row", .integer(1...99), "Line of the list of the plan's targets.", zh: "在方案目标清单中的序号。"),
    KeyRow(
      "ring", .integer(0...3), required: true,
      "0 = pass rates of samples, 1 = from the same records, 2 = figures of other bureaus, 3 = neighbouring registers.",
      zh: "与抽检数据的远近：0 抽检合格率，1 同源数据，2 其他部门数据，3 相邻登记。"),
    KeyRow(
      "kind", .word(TargetWords.kinds), required: true, "What kind of statement it is.",
      zh: "类别：合格率、比率、水平值、综合指数、工作机制。"),
    KeyRow("document", .text, required: true, "The document that set it, by its name in 'documents'.", zh: "出自哪个文件。"),
    KeyRow("section", .text, required: true, "Where in the document: 三(一).", zh: "条款位置。"),
    KeyRow("quote", .oneOrMany(.text), required: true, "The document's words, unchanged.", zh: "原文，一字不改。"),
    KeyRow(
      "owners", .oneOrMany(.text), required: true, "Who answers for it today: codes of the table bureaus, or names.",
      zh: "现责任单位：bureaus 表代码或名称。"),
    KeyRow("owners_in_plan", .oneOrMany(.text), "The owners as the document calls them.", zh: "文件所列责任单位。"),
    KeyRow(
      "owner_is_inferred", .boolean, default: "false", "The document does not name the owner for this target.",
      zh: "责任单位系推定，文件未明确。"),
    KeyRow("part_of", .text, "The id of the target that this one is a part of.", zh: "所属上级目标的编号。"),
  ]

  /// How it is measured.
  private static let targetMeasure: [KeyRow] = [
    KeyRow(
      "direction", .word(TargetWords.directions), "Which side of the value is good; the value itself is.",
      zh: "方向：不低于、不高于、等于（均含本数）。"),
    KeyRow("value", .decimal, "The number to reach; with 'direction' and 'unit'.", zh: "目标值，与 direction、unit 同时填写。"),
    KeyRow("unit", .word(TargetWords.units), "What the value is counted in.", zh: "目标值的单位。"),
    KeyRow(
      "live", .boolean, default: "false", "Its data arrive and it is judged; otherwise it is a definition only.",
      zh: "数据已到位、参与评定；否则仅为定义。"),
    KeyRow(
      "population", .text, "Which samples it speaks of: a filter as in --where.", zh: "统计总体：样品筛选条件，写法同 --where。"),
    KeyRow(
      "purposes", .oneOrMany(.word(TargetWords.purposes)),
      "Purposes of sampling that count; more than one are counted together, which is said beside the result.",
      zh: "计入的任务类别；多于一个时合并计算，并在结果旁注明。"),
    KeyRow("numerator", .text, "What is counted; needed for pass_rate and ratio.", zh: "分子；pass_rate、ratio 必填。"),
    KeyRow("denominator", .text, "Of what; needed for pass_rate and ratio.", zh: "分母；pass_rate、ratio 必填。"),
    KeyRow(
      "period", .word(TargetWords.periods), default: "year", "The time over which it is judged once.", zh: "评定周期。"),
    KeyRow(
      "period_by", .word(TargetWords.days), default: "sampled", "The day that puts a sample into a period.",
      zh: "按哪一日期归入周期：抽样、收样、报告。"),
    KeyRow(
      "alpha", .decimal, default: "0.05", "Error probability of each side of the exact verdict: above 0, at most 0.5.",
      zh: "判定的错误概率（单侧），大于 0，不超过 0.5。"),
    KeyRow(
      "min_n", .integer(1...1_000_000), default: "30", "With fewer units no rate is shown as a result.",
      zh: "少于此数不作为结果列出比率。"),
    KeyRow(
      "census", .boolean, default: "false", "Every unit is examined: integers decide, there is no sampling error.",
      zh: "全数检查，无抽样误差。"),
    KeyRow(
      "stable", .boolean, default: "false", "稳定: the process must hold it, not one period by luck (pass_rate only).",
      zh: "要求稳定达标，仅限 pass_rate。"),
  ]

  /// How long it holds.
  private static let targetLife: [KeyRow] = [
    KeyRow("due", .integer(1949...9999), "The year by which it is to be reached.", zh: "目标年份。"),
    KeyRow(
      "valid_from", .day, default: "the document's day of issue", "First day on which this version holds.",
      zh: "本版本生效日期。"),
    KeyRow("valid_to", .day, default: "still", "First day on which it no longer holds.", zh: "本版本失效日期（当日起不再适用）。"),
    KeyRow("notes", .text, "What a reader must know (Chinese).", zh: "说明。"),
  ]
}

/// The words of `targets.yaml`.
enum TargetWords {
  static let kinds = TargetKind.allCases.map(\.rawValue)
  static let directions = TargetDirection.allCases.map(\.rawValue)
  static let units = TargetUnit.allCases.map(\.rawValue)
  static let periods = TargetPeriod.allCases.map(\.rawValue)
  static let purposes = Purpose.allCases.map(\.rawValue)
  /// The days of a sample without the ending of their columns: `sampled`, as in `--period-by`.
  static let days = SampleDay.allCases.map { day(of: $0) }

  static func day(of day: SampleDay) -> String { day.name.replacing("_day", with: "") }
}
