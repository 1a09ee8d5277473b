import SpotCheckModel

/// What samples can be grouped by.
public enum DimensionKind: String, Sendable, CaseIterable, Hashable {
  case category
  /// The district that counts for the bureau (its pipeline says which).
  case district
  case unitDistrict = "unit_district"
  case producerDistrict = "producer_district"
  case park, stage, level, purpose, bureau, lab, programme, producer, unit, product, section, version, verdict
  case year, quarter, month
  case batch
  /// What was tested: a sample counts once under each.
  case analyte, hazard

  /// Heading in Chinese tables.
  public var heading: String {
    switch self {
    case .category: "类别"
    case .district: "区县"
    case .unitDistrict: "被抽样单位区县"
    case .producerDistrict: "生产者区县"
    case .park: "园区"
    case .stage: "环节"
    case .level: "级别"
    case .purpose: "任务类别"
    case .bureau: "部门"
    case .lab: "检验机构"
    case .programme: "计划"
    case .producer: "生产企业"
    case .unit: "被抽样单位"
    case .product: "产品"
    case .section: "分组"
    case .version: "版本"
    case .verdict: "结论"
    case .year: "年份"
    case .quarter: "季度"
    case .month: "月份"
    case .batch: "批文件"
    case .analyte: "检验项目"
    case .hazard: "危害类别"
    }
  }

  /// The code table that gives names and ancestors.
  var tableName: String? {
    switch self {
    case .category: "categories"
    case .district, .unitDistrict, .producerDistrict: "districts"
    case .park: "parks"
    case .bureau: "bureaus"
    case .stage: "stages"
    case .level: "levels"
    case .purpose: "purposes"
    case .version: "versions"
    case .verdict: "verdicts"
    case .analyte: "analytes"
    case .hazard: "hazards"
    default: nil
    }
  }

  /// Whether `:1`, `:2` … may follow.
  var hasLevels: Bool {
    switch self {
    case .category, .district, .unitDistrict, .producerDistrict: true
    default: false
    }
  }

  /// How codes and names are shown in text tables.
  var display: ColumnDisplay {
    switch self {
    case .category, .district, .unitDistrict, .producerDistrict, .park, .bureau: .codeAndName
    case .stage, .level, .purpose, .version, .verdict, .hazard, .batch: .nameOnly
    default: .codeOnly
    }
  }

  /// The column the key comes from.
  var source: KeySource {
    switch self {
    case .category: .sample(.category)
    case .district: .sample(.district)
    case .unitDistrict: .sample(.unitDistrict)
    case .producerDistrict: .sample(.producerDistrict)
    case .park: .sample(.park)
    case .stage: .sample(.stage)
    case .level: .sample(.level)
    case .purpose: .sample(.purpose)
    case .bureau: .sample(.bureau)
    case .lab: .sample(.lab)
    case .programme: .sample(.programme)
    case .producer: .sample(.producerName)
    case .unit: .sample(.unitName)
    case .product: .sample(.product)
    case .section: .sample(.section)
    case .version: .sample(.versionKind)
    case .verdict: .sample(.verdict)
    case .year: .period(.year)
    case .quarter: .period(.quarter)
    case .month: .period(.month)
    case .batch: .sample(.batch)
    case .analyte: .item(.analyte)
    case .hazard: .item(.hazard)
    }
  }
}

enum ColumnDisplay: Sendable {
  case codeAndName, nameOnly, codeOnly
}

enum KeySource: Hashable {
  case sample(SampleText)
  case item(ItemText)
  case period(Period)
}

/// Parts of the calendar that samples are grouped by.
public enum Period: String, Sendable, CaseIterable {
  case year, quarter, month

  /// `2024`, `2024Q1`, `2024-03`.
  func code(_ day: CalendarDay) -> String {
    let (year, month, _) = day.civil
    let digits = String(year)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    switch self {
    case .year: return padded
    case .quarter: return padded + "Q" + String((month + 2) / 3)
    case .month: return padded + (month < 10 ? "-0" : "-") + String(month)
    }
  }

  /// `2024年`, `2024年第1季度`, `2024年3月`.
  func nameZh(_ code: String) -> String {
    guard let days = days(code) else { return code }
    let (year, month, _) = CalendarDay(daysSinceEpoch: days.lowerBound).civil
    switch self {
    case .year: return "\(year)年"
    case .quarter: return "\(year)年第\((month + 2) / 3)季度"
    case .month: return "\(year)年\(month)月"
    }
  }

  /// First and last day of a period's code; nil if it is none.
  func days(_ code: String) -> ClosedRange<Int32>? {
    let bytes = Array(code.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
      return bytes[range].reduce(0) { $0 * 10 + Int($1) - 48 }
    }
    guard let year = number(0..<4) else { return nil }
    var months: ClosedRange<Int> = 1...12
    switch self {
    case .year:
      guard bytes.count == 4 else { return nil }
    case .quarter:
      guard bytes.count == 6, bytes[4] == 0x51 || bytes[4] == 0x71, let quarter = number(5..<6),
        (1...4).contains(quarter)
      else { return nil }
      months = (quarter * 3 - 2)...(quarter * 3)
    case .month:
      guard bytes.count == 7, bytes[4] == 0x2D, let month = number(5..<7), (1...12).contains(month) else { return nil }
      months = month...month
    }
    let last = CalendarDay.length(ofMonth: months.upperBound, year: year)
    guard let from = CalendarDay(year: year, month: months.lowerBound, day: 1),
      let to = CalendarDay(year: year, month: months.upperBound, day: last)
    else { return nil }
    return from.daysSinceEpoch...to.daysSinceEpoch
  }
}

/// A dimension of a query: a kind, and for categories and districts the level of the tree (nil = as stored).
public struct Dimension: Sendable, Hashable {
  public var kind: DimensionKind
  /// 1 = top.
  public var level: Int?

  public init(_ kind: DimensionKind, level: Int? = nil) {
    self.kind = kind
    self.level = level
  }

  /// As written in queries: `category`, `category:1`.
  public var text: String { kind.rawValue + (level.map { ":\($0)" } ?? "") }
  /// The name of the code column in output: `category`, `category_1`; the name column is this + `_name`.
  public var columnName: String { kind.rawValue + (level.map { "_\($0)" } ?? "") }
  public var heading: String { kind.heading + (level.map { "\($0)级" } ?? "") }

  /// Whether a sample can stand under several keys at once.
  public var isItemBased: Bool {
    if case .item = kind.source { return true }
    return false
  }

  /// Reads `category:1,district`.
  ///
  /// - Throws: ``QueryError`` with a caret for an unknown, doubled or empty name.
  public static func parse(list text: String) throws -> [Dimension] {
    var dimensions: [Dimension] = []
    var position = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      // By bytes: Swift's own trimming, turned round twice, takes a tenth of an answer from kept counts.
      let bytes = part.utf8
      let from = bytes.firstIndex { $0 != 0x20 } ?? bytes.endIndex
      let to = bytes.lastIndex { $0 != 0x20 }.map { bytes.index(after: $0) } ?? from
      let name = String(part[from..<to])
      let start = position + bytes.distance(from: bytes.startIndex, to: from)
      let dimension = try parse(name, source: text, position: start)
      guard !dimensions.contains(dimension) else {
        throw QueryError("dimension '\(name)' is named twice", source: text, position: start)
      }
      dimensions.append(dimension)
      position += part.unicodeScalars.count + 1
    }
    return dimensions
  }

  private static func parse(_ text: String, source: String, position: Int) throws -> Dimension {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts.first ?? ""
    let known = DimensionKind.allCases
    // Not `init(rawValue:)`: of so many names it makes a dictionary, once a process, for more than these comparisons.
    let named = known.first { $0.rawValue == name } ?? known.first { $0.heading == name }
    guard let kind = named else {
      let nearest = NearestName.of(name, among: known.map(\.rawValue))
      throw QueryError(
        name.isEmpty ? "a dimension is missing" : "unknown dimension '\(name)'", source: source, position: position,
        advice: nearest.map { "Did you mean '\($0)'?" }
          ?? "Dimensions: " + known.map(\.rawValue).joined(separator: ", ") + ".")
    }
    guard parts.count == 2 else { return Dimension(kind) }
    guard kind.hasLevels, let level = Int(parts[1]), (1...9).contains(level) else {
      throw QueryError(
        kind.hasLevels ? "'\(parts[1])' is no level" : "dimension '\(name)' has no levels", source: source,
        position: position + name.unicodeScalars.count + 1,
        advice: "Levels are written category:1, district:2 …; 1 is the top.")
    }
    return Dimension(kind, level: level)
  }
}
