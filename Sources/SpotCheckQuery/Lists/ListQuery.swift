public import SpotCheckCatalogue
public import SpotCheckModel

/// What can be listed, row by row.
public enum ListKind: String, Sendable, CaseIterable {
  case samples, items, rejects, batches, runs, unmapped
  /// Samples that two levels have probably taken of one lot.
  case duplicates
}

/// A question for rows instead of rates, in order of publication and line.
public struct ListQuery: Sendable {
  public var kind: ListKind
  /// Names of columns in order; nil = the usual ones.
  public var columns: [String]?
  /// A filter's text: over samples and items as in ``Filter``, for other lists over their columns.
  public var filter: String?
  /// At most this many rows; nil = all.
  public var limit: Int?
  public var paging = ListPaging.none
  public var onMap: MapView = .then
  public var periodBy: SampleDay = .sampled
  /// Lists superseded, repeated and withdrawn samples too.
  public var includesExcluded = false
  /// Rejects only: gives a row as delivered, for who may see it; nil: rows are shown masked.
  public var reveal: (@Sendable (Reject, StoredBatch) throws -> String?)?

  public init(_ kind: ListKind, columns: [String]? = nil, filter: String? = nil, limit: Int? = nil) {
    self.kind = kind
    self.columns = columns
    self.filter = filter
    self.limit = limit
  }

  var described: [(name: String, value: ReportValue)] {
    [
      ("list", .text(kind.rawValue)), ("columns", columns.map { .list($0) } ?? .none),
      ("where", filter.map { .text($0) } ?? .none), ("limit", limit.map { .integer($0) } ?? .none),
    ]
  }
}

/// A column of the samples or items list.
enum RowField: Hashable {
  case sample(SampleText)
  case plain(SamplePlainText)
  case day(SampleDay)
  case sampleFlags
  case sampleLine
  case sampleByte
  case item(ItemText)
  case decimal(ItemDecimal)
  case itemFlags
  case itemLine
  case itemByte
  case batchName
  case segment
  case row

  var isOfItems: Bool {
    switch self {
    case .item, .decimal, .itemFlags, .itemLine, .itemByte: true
    default: false
    }
  }

  var isNumeric: Bool {
    switch self {
    case .sampleLine, .sampleByte, .itemLine, .itemByte, .decimal, .row: true
    default: false
    }
  }

  /// Fields by name. Names that samples and items share mean the list's own; `sample_` + name means the sample's.
  static func named(items: Bool) -> [String: RowField] {
    var fields: [String: RowField] = ["file": .batchName, "segment": .segment, "row": .row]
    var samples: [(String, RowField)] = SampleText.allCases.map { ($0.name, .sample($0)) }
    samples += SamplePlainText.allCases.map { ($0.name, .plain($0)) }
    samples += SampleDay.allCases.map { ($0.name, .day($0)) }
    samples += [("flags", .sampleFlags), ("line", .sampleLine), ("byte", .sampleByte)]
    for (name, field) in samples {
      fields[name] = field
      fields["sample_" + name] = field
    }
    guard items else { return fields }
    for column in ItemText.allCases { fields[column.name] = .item(column) }
    for column in ItemDecimal.allCases { fields[column.name] = .decimal(column) }
    fields["flags"] = .itemFlags
    fields["line"] = .itemLine
    fields["byte"] = .itemByte
    return fields
  }

  static let usualSamples = [
    "bureau", "sampling_number", "product", "category", "district", "purpose", "stage", "sampled_day", "verdict",
    "flags", "file", "line",
  ]
  static let usualItems = [
    "bureau", "sampling_number", "product", "analyte", "qualifier", "value", "value_text", "unit", "limit_operator",
    "limit_text", "verdict", "flags", "file", "line",
  ]

  /// The fields of a query.
  static func list(_ query: ListQuery) throws -> [(name: String, field: RowField)] {
    let isItems = query.kind == .items
    let known = named(items: isItems)
    return try (query.columns ?? (isItems ? usualItems : usualSamples)).map { name in
      guard let field = known[name] else {
        let nearest = NearestName.of(name, among: known.keys.sorted())
        throw QueryError(
          "unknown column '\(name)'",
          advice: nearest.map { "Did you mean '\($0)'?" } ?? "Columns: " + known.keys.sorted().joined(separator: ", ")
            + ".")
      }
      return (name, field)
    }
  }
}
