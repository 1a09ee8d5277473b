public import SpotCheckModel
import SpotCheckStore

/// Which number of a row of rates is asked about.
public enum TracedNumber: Sendable, Hashable {
  /// All samples of the row.
  case samples
  /// Those in the denominator.
  case inspected
  case of(SampleClass)

  /// By the name of its column: `samples`, `inspected`, `failed`, `risk_monitoring` …; nil for others.
  public init?(_ name: String) {
    switch name {
    case "samples", "样品数": self = .samples
    case "inspected", "检验数": self = .inspected
    default:
      guard let found = SampleClass.allCases.first(where: { $0.rawValue == name || $0.nameZh == name }) else {
        return nil
      }
      self = .of(found)
    }
  }

  public static let names = ["samples", "inspected"] + SampleClass.allCases.map(\.rawValue)

  /// 1 for the classes that it counts, by ``SampleClass/place``.
  var table: [UInt8] {
    SampleClass.allCases.sorted { $0.place < $1.place }.map { sampleClass in
      switch self {
      case .samples: 1
      case .inspected: sampleClass == .passed || sampleClass == .failed ? 1 : 0
      case .of(let wanted): sampleClass == wanted ? 1 : 0
      }
    }
  }
}

/// From a number to the samples that it counts, each with its file, line and byte.
public struct TraceQuery: Sendable {
  /// The question that the number answers.
  public var rate: RateQuery
  /// One a dimension of ``RateQuery/dimensions``: the code or the name that the row shows, `-` or an empty text for what was
  /// not delivered, `*` for all.
  public var cell: [String]
  public var number: TracedNumber
  /// Names of columns as in lists of samples; nil = the usual ones.
  public var columns: [String]?
  /// At most so many; nil: all.
  public var limit: Int?
  public var paging = ListPaging.none
  /// Reads records as they were delivered, to be shown beside their samples; nil: they are not shown.
  public var raw: (@Sendable ([RecordPlace]) throws -> [RecordPlace: RecordText])?

  public init(_ rate: RateQuery, cell: [String], number: TracedNumber = .samples) {
    self.rate = rate
    self.cell = cell
    self.number = number
  }

  static let usualColumns = [
    "sampling_number", "report_number", "product", "category", "district", "purpose", "sampled_day", "verdict", "flags",
    "file", "line", "byte", "batch",
  ]

  /// The samples, in order of publication and line.
  ///
  /// - Throws: ``QueryError`` if the cell does not fit the question, or the question is not one of samples.
  public func report(on source: QuerySource) throws -> Report {
    let book = try CodeBook(source, onMap: rate.onMap, kinds: rate.kinds)
    let dimensions = rate.dimensions
    guard cell.count == dimensions.count else {
      throw QueryError(
        "a row of this question has \(dimensions.count) dimensions, and \(cell.count) values were given",
        advice: "Dimensions, in order: " + dimensions.map(\.text).joined(separator: ", ") + ".")
    }
    if let dimension = dimensions.first(where: \.isItemBased) {
      throw QueryError(
        "'\(dimension.text)' is a matter of items", advice: "List them: list items --where \"\(dimension.text) = …\".")
    }
    for (code, dimension) in zip(cell, dimensions) {
      guard case .period(let period) = dimension.kind.source, !["", "-", CodeBook.totalCode].contains(code) else {
        continue
      }
      guard period.days(code) != nil else { throw QueryError("'\(code)' is no \(period.rawValue)") }
    }
    if rate.parks == .separate, dimensions.contains(where: { $0.kind == .district }) {
      throw QueryError("parks that stand among the districts cannot be traced", advice: "Use the dimension 'park'.")
    }
    if let filter = rate.filter, filter.usesItems {
      throw QueryError("the filter asks for items, but samples are traced")
    }

    let shown = columns ?? TraceQuery.usualColumns
    var list = ListQuery(.samples, columns: shown + (raw == nil ? [] : RawListing.placeColumns))
    list.limit = limit
    list.paging = paging
    list.onMap = rate.onMap
    list.periodBy = rate.periodBy
    let fields = try RowField.list(list)
    let plan = try FilterPlan(rate.filter, book, periodBy: rate.periodBy, period: rate.period)
    var listing = RowListing(query: list, fields: fields.map(\.field), source: source, plan: plan)
    let query = self
    listing.group = { segment in try query.test(segment, book) }
    try listing.findStart()
    let rows = listing
    var report = Report(
      columns: fields.prefix(shown.count).map {
        ReportColumn($0.name, heading: $0.name, isNumeric: $0.field.isNumeric)
      },
      query: [
        ("trace", .list(cell)), ("by", .list(rate.by.map(\.text))), ("number", .text(name)),
        ("where", rate.filter.map { .text($0.text) } ?? .none),
      ] + (limit.map { [("limit", .integer($0))] } ?? []), snapshot: source.snapshot, notes: plan.notes
    ) { body in try rows.forEachRow(body) }
    if let raw { RawListing(rows: rows, shown: shown.count, read: raw).replaceRows(of: &report) }
    return report
  }

  private var name: String {
    switch number {
    case .samples: "samples"
    case .inspected: "inspected"
    case .of(let sampleClass): sampleClass.rawValue
    }
  }

  /// Whether a sample stands in the row and counts in the number: tables by code, made by the rules that count.
  private func test(_ segment: any QuerySegment, _ book: CodeBook) throws -> SegmentTest {
    var tests: [SegmentTest] = []
    for (wanted, dimension) in zip(cell, rate.dimensions) where wanted != CodeBook.totalCode {
      let code = wanted == "-" ? "" : wanted
      switch dimension.kind.source {
      case .item: continue
      case .period(let period):
        tests.append(.days(rate.periodBy, DayMatcher(.equal, [period.days(code)])))
      case .sample(let column):
        let table = try segment.entries(column).map { text -> UInt8 in
          let key = book.key(text, dimension)
          return key == code || (!key.isEmpty && book.name(key, dimension) == code) ? 1 : 0
        }
        tests.append(.codes(column, table))
      }
    }
    if number != .samples { tests.append(.classes(try SampleClassifier(segment, book), number.table)) }
    return .all(tests)
  }
}
