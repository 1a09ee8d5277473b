/// What can be wrong with published numbers. Codes are stable.
public enum AuditCode: String, Sendable, Hashable, CaseIterable {
  case marginInspected = "MARGIN_INSPECTED"
  case marginFailed = "MARGIN_FAILED"
  case marginOther = "MARGIN_OTHER"
  case parts = "PARTS"
  case percent = "PERCENT"
  case percentTruncated = "PERCENT_TRUNCATED"
  case percentUnreachable = "PERCENT_UNREACHABLE"
  case rateName = "RATE_NAME"
  case meanOfRates = "MEAN_OF_RATES"
  case shares = "SHARES"
  case itemList = "ITEM_LIST"
  case duplicateClass = "DUPLICATE_CLASS"
  case roundingCrossesTarget = "ROUNDING_CROSSES_TARGET"
  case change = "CHANGE"
  case textTable = "TEXT_TABLE"
  case interval = "INTERVAL"
  // Of a store: no contradiction, but to be known before a number is quoted.
  case contradictions = "CONTRADICTIONS"
  case incomplete = "INCOMPLETE"
  case pending = "PENDING"
  case unmapped = "UNMAPPED"
  case possibleDuplicates = "POSSIBLE_DUPLICATES"

  /// What it means in general.
  public var meaning: String { words.english }
  public var meaningZh: String { words.chinese }

  private var words: (english: String, chinese: String) {
    switch self {
    case .marginInspected: ("the rows' batches do not add up to the total", "各行批次数之和不等于总数")
    case .marginFailed: ("the rows' failures do not add up to the total", "各行不合格数之和不等于总数")
    case .marginOther: ("the rows of another column do not add up to the total", "其他列各行之和不等于总数")
    case .parts: ("passed, failed and inspected do not fit together", "合格、不合格与检验数互相矛盾")
    case .percent: ("the printed rate does not follow from the printed counts", "所印比率与所印数量不符")
    case .percentTruncated: ("the printed rate was cut off instead of rounded", "所印比率系截尾而非修约")
    case .percentUnreachable:
      ("no whole number of batches gives the printed rate", "任何整数批次都得不出所印比率")
    case .rateName: ("a rate is printed under the name of its complement", "比率名称印反（合格率与不合格率）")
    case .meanOfRates:
      ("a total rate is the mean of the rows' rates instead of the pooled rate", "总比率是各行比率的简单平均，而非合并计算")
    case .shares: ("shares of a whole do not add up to 100 %", "构成比之和不是 100%")
    case .itemList: ("a list of classes does not add up to its total", "分类清单之和与总数不符")
    case .duplicateClass: ("a class is named twice, or classes overlap", "类别重复或交叉")
    case .roundingCrossesTarget:
      ("the rounded rate and the exact one lie on different sides of a target", "修约后的比率与精确值分居目标两侧")
    case .change: ("a change in percentage points does not follow from the two rates", "百分点变化与前后两个比率不符")
    case .textTable: ("text and table differ for the same name", "正文与表格对同一名称的数字不一致")
    case .interval: ("a printed confidence interval does not recompute", "所印置信区间与复算不符")
    case .contradictions: ("samples are reported otherwise than their items say", "样品结论与检验项目不符")
    case .incomplete: ("samples count although a row of theirs was refused", "样品有行被拒收，仍计入")
    case .pending: ("objections or retests are pending", "有异议或复检未处置完毕")
    case .unmapped: ("categories or districts are in no table", "有类别或区县未映射")
    case .possibleDuplicates: ("two levels may have sampled one lot", "疑有两级重复抽样")
    }
  }
}

/// What kind of claim was checked: so that silence is told from not having looked.
public enum ClaimKind: String, Sendable, Hashable, CaseIterable {
  case sums, parts, rates, shares, lists, changes, agreement, intervals

  /// The word in Chinese summaries.
  public var chinese: String {
    switch self {
    case .sums: "合计"
    case .parts: "构成"
    case .rates: "比率"
    case .shares: "构成比"
    case .lists: "清单"
    case .changes: "变化"
    case .agreement: "文表一致"
    case .intervals: "区间"
    }
  }
}
