import SpotCheckModel
import SpotCheckStore

/// A filter made ready for a store: names resolved to codes, dates to days. Still independent of any segment.
struct FilterPlan: Sendable {
  indirect enum Node: Sendable {
    case constant(Bool)
    case all([Node])
    case any([Node])
    case not(Node)
    case text(SampleText, TextMatcher)
    case itemText(ItemText, TextMatcher)
    case decimals(ItemDecimal, DecimalMatcher)
    case quantities(ItemDecimal, QuantityMatcher)
    case days(SampleDay, DayMatcher)
    case plain(SamplePlainText, TextMatcher)
    case line(NumberMatcher)
    case flags(mask: UInt32, isSet: Bool)
    case itemFlags(mask: UInt32, isSet: Bool)
  }

  let root: Node
  let notes: [QueryNote]

  /// - Parameter period: days of `periodBy` outside of it do not match.
  init(_ filter: Filter?, _ book: CodeBook, periodBy: SampleDay, period: PeriodSpan? = nil) throws {
    var nodes: [Node] = []
    var notes: [QueryNote] = []
    if let period { nodes.append(.days(periodBy, DayMatcher(.equal, [period.days]))) }
    if let filter {
      var resolver = FilterResolver(source: filter.text, book: book, periodBy: periodBy)
      nodes.append(try resolver.resolve(filter.root))
      notes = resolver.notes
    }
    root = nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .constant(true) : .all(nodes)
    self.notes = notes
  }

  /// Whether a segment can hold a matching row, from its description alone.
  func canMatch(_ description: SegmentDescription) -> Bool { FilterPlan.chance(root, description) != .never }

  private enum Chance {
    case never, maybe, always
  }

  private static func chance(_ node: Node, _ description: SegmentDescription) -> Chance {
    switch node {
    case .constant(let value): return value ? .always : .never
    case .all(let parts):
      let chances = parts.map { chance($0, description) }
      return chances.contains(.never) ? .never : chances.contains(.maybe) ? .maybe : .always
    case .any(let parts):
      let chances = parts.map { chance($0, description) }
      return chances.contains(.always) ? .always : chances.contains(.maybe) ? .maybe : .never
    case .not(let part):
      switch chance(part, description) {
      case .never: return .always
      case .maybe: return .maybe
      case .always: return .never
      }
    case .text(let column, let matcher):
      guard let values = description.values(of: column), !values.isEmpty else { return .maybe }
      let matching = values.count { matcher.matches($0) }
      return matching == 0 ? .never : matching == values.count ? .always : .maybe
    case .days(.sampled, let matcher):
      guard let first = description.firstDay, let last = description.lastDay, !matcher.isNegated,
        !(matcher.matchesMissing && description.samplesWithoutDay > 0)
      else { return .maybe }
      let (low, high) = (first.daysSinceEpoch, last.daysSinceEpoch)
      return matcher.ranges.contains { $0.lowerBound <= high && $0.upperBound >= low } ? .maybe : .never
    default: return .maybe
    }
  }
}

/// Tells which texts of a column match.
struct TextMatcher: Sendable {
  let comparison: FilterComparison
  /// The texts compared with: codes, or what was written.
  let values: Set<String>
  /// For categories and districts: how a stored code and its ancestors are found.
  let lineage: (@Sendable (String) -> [String])?
  /// Of `like`: the patterns, and for codes their name.
  let patterns: [LikePattern]
  private let name: (@Sendable (String) -> String)?
  /// Of codes: each takes a walk through its table, and all segments have the same few.
  private let known: Remembered<Bool>?

  init(
    comparison: FilterComparison, values: Set<String>, lineage: (@Sendable (String) -> [String])? = nil,
    patterns: [LikePattern] = [], name: (@Sendable (String) -> String)? = nil
  ) {
    self.comparison = comparison
    self.values = values
    self.lineage = lineage
    self.patterns = patterns
    self.name = name
    known = lineage == nil && name == nil ? nil : Remembered()
  }

  func matches(_ text: String) -> Bool { known?.of(text, isMatching) ?? isMatching(text) }

  private func isMatching(_ text: String) -> Bool {
    switch comparison {
    case .equal: return isAmong(text)
    case .notEqual: return !isAmong(text)
    case .like:
      guard !text.isEmpty else { return false }
      let named = name?(text)
      return patterns.contains { pattern in pattern.matches(text) || named.map { pattern.matches($0) } == true }
    default:
      guard !text.isEmpty, let value = values.first else { return false }
      let isLess = text.utf8.lexicographicallyPrecedes(value.utf8)
      let isGreater = value.utf8.lexicographicallyPrecedes(text.utf8)
      switch comparison {
      case .less: return isLess
      case .lessOrEqual: return !isGreater
      case .greater: return isGreater
      default: return !isLess
      }
    }
  }

  private func isAmong(_ text: String) -> Bool {
    guard let lineage, !text.isEmpty else { return values.contains(text) }
    return lineage(text).contains { values.contains($0) }
  }
}

/// Tells which days match.
struct DayMatcher: Sendable {
  var ranges: [ClosedRange<Int32>]
  var isNegated: Bool
  var matchesMissing: Bool

  func matches(_ day: Int32) -> Bool {
    if day == DayColumn.missing { return matchesMissing }
    for range in ranges where day >= range.lowerBound && day <= range.upperBound { return !isNegated }
    return isNegated
  }

  /// The stretch of days that matches, if there is one and nothing else matches.
  var onlyRange: ClosedRange<Int32>? {
    guard ranges.count == 1, let range = ranges.first, !isNegated, !matchesMissing,
      !range.contains(DayColumn.missing)
    else { return nil }
    return range
  }

  /// Comparison of a day with stretches of days; nil stands for "no day" (written `''`).
  init(_ comparison: FilterComparison, _ values: [ClosedRange<Int32>?]) {
    let given = values.compactMap { $0 }
    let hasMissing = given.count < values.count
    switch comparison {
    case .equal: (ranges, isNegated, matchesMissing) = (given, false, hasMissing)
    case .notEqual: (ranges, isNegated, matchesMissing) = (given, true, !hasMissing)
    default:
      (ranges, isNegated, matchesMissing) = ([], false, false)
      guard let value = given.first else { return }
      // Real days lie far inside these bounds; ``DayColumn/missing`` lies outside.
      let (first, last) = (Int32.min + 1, Int32.max)
      switch comparison {
      case .less: ranges = [first...(value.lowerBound - 1)]
      case .lessOrEqual: ranges = [first...value.upperBound]
      case .greater: ranges = [(value.upperBound + 1)...last]
      default: ranges = [value.lowerBound...last]
      }
    }
  }
}

/// Tells which whole numbers match.
struct NumberMatcher: Sendable {
  var comparison: FilterComparison
  var values: [Int64]

  func matches(_ number: Int64) -> Bool {
    switch comparison {
    case .equal: values.contains(number)
    case .notEqual: !values.contains(number)
    case .less: values.allSatisfy { number < $0 }
    case .lessOrEqual: values.allSatisfy { number <= $0 }
    case .greater: values.allSatisfy { number > $0 }
    case .greaterOrEqual: values.allSatisfy { number >= $0 }
    case .like: false
    }
  }
}
