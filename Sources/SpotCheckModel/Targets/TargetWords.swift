// The closed vocabularies of the register of targets.

/// What kind of statement a target makes; it decides which statistics fit.
public enum TargetKind: String, DomainWord {
  /// Passes of units examined: an interval and an exact verdict.
  case passRate = "pass_rate"
  /// Another share with numerator and denominator (areas, registers, coverage): no binomial interval.
  case ratio
  /// A quantity that is surveyed, not counted.
  case level
  /// A composite of other figures.
  case index
  /// A duty to do or to keep something: no number.
  case mechanism

  public var nameZh: String {
    switch self {
    case .passRate: "合格率"
    case .ratio: "比率"
    case .level: "水平值"
    case .index: "综合指数"
    case .mechanism: "工作机制"
    }
  }
}

/// Which side of the value is good. The value itself always is: 以上 and 以下 include it.
public enum TargetDirection: String, DomainWord {
  /// 达到 90 % 以上
  case atLeast = "at_least"
  /// 控制在 5.5 ‰ 以下
  case atMost = "at_most"
  /// 达到 100 %
  case equal

  public var nameZh: String {
    switch self {
    case .atLeast: "不低于"
    case .atMost: "不高于"
    case .equal: "等于"
    }
  }

  /// `≥`, `≤` or `=`.
  public var sign: String {
    switch self {
    case .atLeast: "≥"
    case .atMost: "≤"
    case .equal: "="
    }
  }
}

/// What a target's value is counted in.
public enum TargetUnit: String, DomainWord {
  case percent, permille
  /// A plain number of things.
  case count

  public var nameZh: String {
    switch self {
    case .percent: "百分比"
    case .permille: "千分比"
    case .count: "数量"
    }
  }

  /// `%`, `‰`, or nothing.
  public var sign: String {
    switch self {
    case .percent: "%"
    case .permille: "‰"
    case .count: ""
    }
  }

  /// The largest value that is a share; nil where there is none.
  public var whole: Int64? {
    switch self {
    case .percent: 100
    case .permille: 1000
    case .count: nil
    }
  }
}

/// The stretch of time over which a target is judged once.
public enum TargetPeriod: String, DomainWord {
  case year
  /// The last four quarters, moved on quarter by quarter.
  case rollingFourQuarters = "rolling_4_quarters"
  case halfYear = "half_year"
  case quarter

  public var nameZh: String {
    switch self {
    case .year: "年度"
    case .rollingFourQuarters: "滚动四个季度"
    case .halfYear: "半年"
    case .quarter: "季度"
    }
  }
}
