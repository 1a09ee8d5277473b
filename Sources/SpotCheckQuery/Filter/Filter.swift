import SpotCheckModel

/// Which rows of a query count: a parsed condition over the columns of samples and items.
///
/// Grammar: `condition := term {or term}; term := factor {and factor}; factor := not factor | ( condition ) | comparison`;
/// `comparison := column (= | != | < | <= | > | >=) value | column [not] in ( value {, value} ) | column [not] between value
/// and value | column [not] like pattern | column is [not] null`.
///
/// `between` takes both ends in. `like` compares the text as stored, and for codes also their name, with a pattern
/// (``LikePattern``). Numbers (`value`, `detection_limit`, `limit_low`, `limit_high` of items) are compared exactly: with a
/// unit behind them (`value > 0.05 mg/kg`, `'0.05 mg/kg'`) in the unit of each row, without one as they were delivered,
/// whatever their unit. To a quantity, a number in a unit of another kind is a missing number.
/// Categories and districts compared by `=`, `!=` or `in` include their descendants. Values of coded columns may be codes
/// or Chinese names. Dates are `2024-03-05`; `year`, `quarter` (`2024Q1`) and `month` (`2024-03`) compare as stretches of
/// days. A missing date or number makes every comparison false except `!=`; an empty text is written `''`.
public struct Filter: Sendable, Hashable {
  /// As written.
  public let text: String
  let root: FilterNode

  /// Reads a filter over samples and their items.
  ///
  /// - Throws: ``QueryError`` with a caret.
  public init(_ text: String) throws { try self.init(text, itemsFirst: false) }

  /// - Parameter itemsFirst: a name that samples and items share means the item's.
  init(_ text: String, itemsFirst: Bool) throws {
    self.text = text
    let columns = itemsFirst ? FilterColumn.itemsFirst : FilterColumn.all
    var parser = FilterParser(text: text, tokens: try FilterLexer.tokens(text), columns: columns)
    root = try parser.parse()
  }

  /// Whether a condition on items is in it: it can only be asked where items are looked at.
  var usesItems: Bool { root.usesItems }

  /// The dimensions whose codes or names it compares with.
  var kinds: [DimensionKind] { root.terms.compactMap { $0.column.kind } }
}

/// The tree of a filter.
indirect enum FilterNode: Sendable, Hashable {
  case all([FilterNode])
  case any([FilterNode])
  case not(FilterNode)
  case comparison(FilterTerm)

  var usesItems: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains { $0.usesItems }
    case .not(let part): part.usesItems
    case .comparison(let term): term.column.isOfItems
    }
  }

  var terms: [FilterTerm] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap { $0.terms }
    case .not(let part): part.terms
    case .comparison(let term): [term]
    }
  }
}

/// `column op value` or `column in (values)`.
struct FilterTerm: Sendable, Hashable {
  var column: FilterColumn
  var comparison: FilterComparison
  /// Several values only with ``FilterComparison/equal``.
  var values: [FilterValue]
}

struct FilterValue: Sendable, Hashable {
  var text: String
  var position: Int
  /// Of a number of items, if one was given with it, and where it stands. Which units there are is known when the store is.
  var unit: String?
  var unitPosition = 0
}

/// A column that filters can name.
enum FilterColumn: Sendable, Hashable {
  case sample(SampleText)
  case item(ItemText)
  case decimal(ItemDecimal)
  case plain(SamplePlainText)
  case day(SampleDay)
  case period(Period)
  case line
  /// `flag = contradiction`: one bit of the sample's flags.
  case flag
  case itemFlag
  /// A column of a list that is no table of samples or items.
  case cell(Int)

  var isOfItems: Bool {
    switch self {
    case .item, .itemFlag, .decimal: true
    default: false
    }
  }

  /// Whether a pattern can be asked of it.
  var isText: Bool {
    switch self {
    case .sample, .item, .plain, .cell: true
    case .decimal, .day, .period, .line, .flag, .itemFlag: false
    }
  }

  /// The dimension whose codes and names its values are.
  var kind: DimensionKind? {
    switch self {
    case .sample(let column):
      switch column {
      case .reportedVerdict, .derivedVerdict: .verdict
      default: DimensionKind.allCases.first { $0.source == .sample(column) }
      }
    case .item(let column):
      switch column {
      case .verdict, .reportedVerdict, .derivedVerdict: .verdict
      case .analyte: .analyte
      case .hazard: .hazard
      default: nil
      }
    default: nil
    }
  }

  /// All names of columns, English first; names that samples and items share mean the sample's, and `item_` + name the
  /// item's.
  static let all: [String: FilterColumn] = {
    var names: [String: FilterColumn] = [:]
    for column in ItemText.allCases {
      names[column.name] = .item(column)
      names["item_" + column.name] = .item(column)
    }
    for column in SampleText.allCases {
      names[column.name] = .sample(column)
      names["sample_" + column.name] = .sample(column)
    }
    for column in ItemDecimal.allCases { names[column.name] = .decimal(column) }
    for column in SamplePlainText.allCases { names[column.name] = .plain(column) }
    for column in SampleDay.allCases { names[column.name] = .day(column) }
    for period in Period.allCases { names[period.rawValue] = .period(period) }
    names["line"] = .line
    names["flag"] = .flag
    names["item_flag"] = .itemFlag
    for kind in DimensionKind.allCases where names[kind.heading] == nil {
      if let column = names[kind.rawValue] { names[kind.heading] = column }
    }
    names["抽样编号"] = .plain(.samplingNumber)
    names["报告编号"] = .plain(.reportNumber)
    names["抽样日期"] = .day(.sampled)
    return names
  }()

  /// The same with the item's column first, for lists of items.
  static let itemsFirst: [String: FilterColumn] = {
    var names = all
    for column in ItemText.allCases { names[column.name] = .item(column) }
    names["flag"] = .itemFlag
    names["sample_flag"] = .flag
    return names
  }()
}

/// The flags that `flag = …` can ask for, by name.
enum FlagNames {
  static let samples: [(name: String, bit: UInt32)] = SampleFlags.named.map { ($0.name, $0.flag.rawValue) }
  static let items: [(name: String, bit: UInt32)] = [
    ("contradiction", ItemFlags.contradiction.rawValue),
    ("limit_at_determination", ItemFlags.limitAtDetermination.rawValue),
    ("detection_above_limit", ItemFlags.detectionAboveLimit.rawValue),
    ("lost_superscript", ItemFlags.lostSuperscript.rawValue), ("unit_mismatch", ItemFlags.unitMismatch.rawValue),
    ("unit_converted", ItemFlags.unitConverted.rawValue), ("unread_limit", ItemFlags.unreadLimit.rawValue),
    ("spreadsheet_damage", ItemFlags.spreadsheetDamage.rawValue),
  ]

  /// The names of the bits that are set, separated by blanks.
  static func text(_ bits: UInt32, items isOfItems: Bool) -> String {
    (isOfItems ? items : samples).filter { bits & $0.bit != 0 }.map(\.name).joined(separator: " ")
  }
}
