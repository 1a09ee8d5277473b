// The closed vocabularies of the domain. Each word has a stable machine code (its raw value) that is stored,
// printed and accepted in filters, and a Chinese name that reports show.

/// A word of a closed vocabulary.
public protocol DomainWord: RawRepresentable<String>, CaseIterable, Sendable, Hashable, Codable {
  /// The name that reports and receipts show.
  var nameZh: String { get }
}

/// The conclusion about a sample or an item. Only ``pass`` and ``fail`` are ever in a denominator.
public enum Verdict: String, DomainWord {
  case pass
  case fail
  /// 问题 / 不判定: tested, but no conclusion for or against.
  case undetermined
  /// 未检, 拒检, 无证, 未抽到样品.
  case notTested = "not_tested"

  public var nameZh: String {
    switch self {
    case .pass: "合格"
    case .fail: "不合格"
    case .undetermined: "不判定"
    case .notTested: "未检验"
    }
  }
}

/// Why the sample was taken. Purposes are never pooled silently (method: sampling purpose).
public enum Purpose: String, DomainWord {
  case objective, selective, suspect, followup, screening, census
  /// The delivery does not say.
  case unknown

  public var nameZh: String {
    switch self {
    case .objective: "评价性抽检"
    case .selective: "监督抽检"
    case .suspect: "专案抽检"
    case .followup: "跟踪抽检"
    case .screening: "快速筛查"
    case .census: "全覆盖检验"
    case .unknown: "任务类别不明"
    }
  }
}

extension Purpose {
  /// What the share of passes is called for samples taken for this reason; nil: it is no pass rate and is not shown.
  ///
  /// Source: method of the house after EFSA's sampling strategies (SSD2 progSampStrategy: ST10A objective, ST20A
  /// selective, ST30A suspect) and the Chengdu bulletins, which call the two apart.
  public var passRateName: String? {
    switch self {
    case .objective, .census, .selective, .unknown: "合格率"
    case .followup: "整改合格率"
    case .suspect, .screening: nil
    }
  }

  /// Whether the share of failures is reported as 问题发现率: what was looked for was found so often. It says nothing
  /// about the population.
  public var hasFindingRate: Bool { self == .selective || self == .suspect }
}

/// Which government level ordered the sample.
public enum TaskLevel: String, DomainWord {
  case national, provincial, municipal, county, unknown

  public var nameZh: String {
    switch self {
    case .national: "国家级"
    case .provincial: "省级"
    case .municipal: "市级"
    case .county: "县级"
    case .unknown: "级别不明"
    }
  }
}

/// Where in the chain the sample was taken (环节).
public enum Stage: String, DomainWord {
  case production, distribution, catering, farming, slaughter, wholesale, online, unknown

  public var nameZh: String {
    switch self {
    case .production: "生产"
    case .distribution: "流通"
    case .catering: "餐饮"
    case .farming: "种养殖"
    case .slaughter: "屠宰"
    case .wholesale: "批发"
    case .online: "网络销售"
    case .unknown: "环节不明"
    }
  }
}

/// Which version of a sample's story a record tells.
public enum VersionKind: String, DomainWord {
  case initial, objection, correction, retest, withdrawal

  public var nameZh: String {
    switch self {
    case .initial: "初检"
    case .objection: "异议"
    case .correction: "更正"
    case .retest: "复检"
    case .withdrawal: "撤回"
    }
  }
}

/// How a measured value is to be read.
public enum Qualifier: String, DomainWord {
  case equal = "="
  case below = "<"
  case above = ">"
  case notDetected = "nd"
  /// 阳性 / 检出 without a number.
  case detected
  /// Free text: 符合, 不符合, 阴性 …
  case text
  /// Nothing was delivered.
  case none

  public var nameZh: String {
    switch self {
    case .equal: "数值"
    case .below: "小于"
    case .above: "大于"
    case .notDetected: "未检出"
    case .detected: "检出"
    case .text: "文字"
    case .none: "无"
    }
  }
}

/// What a limit demands of a value.
public enum LimitOperator: String, DomainWord {
  case atMost = "<="
  case lessThan = "<"
  case atLeast = ">="
  case greaterThan = ">"
  /// Both bounds inclusive: a～b.
  case between
  case equal = "="
  /// 不得检出 / 不得使用.
  case mustNotBeDetected = "nd"
  /// Microbiological plan n, c, m (, M): GB 4789.1.
  case plan
  /// A text that is no number: 符合标准要求 …
  case text
  /// No limit was delivered, or 无限量.
  case none

  public var nameZh: String {
    switch self {
    case .atMost: "≤"
    case .lessThan: "＜"
    case .atLeast: "≥"
    case .greaterThan: "＞"
    case .between: "～"
    case .equal: "＝"
    case .mustNotBeDetected: "不得检出"
    case .plan: "采样方案"
    case .text: "文字"
    case .none: "无"
    }
  }
}

/// How a value is compared with a limit (GB/T 8170-2008, 4.3).
public enum ComparisonRule: String, DomainWord {
  /// 全数值比较法, the default: no rounding.
  case fullValue = "full"
  /// 修约值比较法: the value is rounded to the limit's last digit, half to even, once.
  case roundedValue = "rounded"

  public var nameZh: String {
    switch self {
    case .fullValue: "全数值比较法"
    case .roundedValue: "修约值比较法"
    }
  }
}

/// What kind of requirement an item tests.
public enum HazardClass: String, DomainWord {
  case pesticide, veterinaryDrug = "veterinary_drug", microbe, heavyMetal = "heavy_metal", additive, mycotoxin
  case contaminant, quality, label, physical, other, unknown

  public var nameZh: String {
    switch self {
    case .pesticide: "农药残留"
    case .veterinaryDrug: "兽药残留"
    case .microbe: "微生物"
    case .heavyMetal: "重金属"
    case .additive: "食品添加剂"
    case .mycotoxin: "真菌毒素"
    case .contaminant: "其他污染物"
    case .quality: "质量指标"
    case .label: "标签标识"
    case .physical: "物理性能"
    case .other: "其他"
    case .unknown: "未分类"
    }
  }
}
