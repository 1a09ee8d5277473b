import SpotCheckModel
import SpotCheckStatistics

/// A condition over the cells of an answer, by the name or the heading of their columns: `having`, and `where` of lists that
/// are no samples.
///
/// Numbers are compared exactly where they are known exactly: a rate by its two counts, not by its digits. A missing cell
/// makes every comparison false except `!=`.
struct CellFilter: Sendable {
  private let root: FilterNode
  private let isNumeric: [Bool]

  /// - Throws: ``QueryError`` with a caret.
  init(_ text: String, columns: [ReportColumn]) throws {
    var known: [String: FilterColumn] = [:]
    for (index, column) in columns.enumerated() where known[column.heading] == nil {
      known[column.heading] = .cell(index)
    }
    for (index, column) in columns.enumerated() { known[column.name] = .cell(index) }
    var parser = FilterParser(text: text, tokens: try FilterLexer.tokens(text), columns: known)
    root = try parser.parse()
    isNumeric = columns.map(\.isNumeric)
    for term in root.terms where term.comparison != .like {
      guard case .cell(let index) = term.column, columns[index].isNumeric else { continue }
      for value in term.values where !value.text.isEmpty && CellNumber(value.text) == nil {
        throw QueryError(
          "'\(value.text)' is no number", source: text, position: value.position,
          advice: "\(columns[index].name) is a number; shares are written 95% or 0.95.")
      }
    }
  }

  func matches(_ cells: [ReportCell]) -> Bool { matches(root, cells) }

  private func matches(_ node: FilterNode, _ cells: [ReportCell]) -> Bool {
    switch node {
    case .all(let parts): parts.allSatisfy { matches($0, cells) }
    case .any(let parts): parts.contains { matches($0, cells) }
    case .not(let part): !matches(part, cells)
    case .comparison(let term): matches(term, cells)
    }
  }

  private func matches(_ term: FilterTerm, _ cells: [ReportCell]) -> Bool {
    guard case .cell(let index) = term.column, index < cells.count else { return false }
    let texts = term.values.map(\.text)
    func asText(_ text: String) -> Bool {
      TextMatcher(comparison: term.comparison, values: Set(texts), patterns: texts.map { LikePattern($0) }).matches(
        text)
    }
    guard let number = CellNumber(cells[index], inNumericColumn: isNumeric[index]) else {
      if case .text(let text) = cells[index] { return asText(text) }
      return asText("")
    }
    let orders = texts.map { text in CellNumber(text).flatMap { CellNumber.compare(number, $0) } }
    func holds(_ test: (Int) -> Bool) -> Bool { orders.allSatisfy { $0.map(test) ?? false } }
    switch term.comparison {
    case .equal: return orders.contains(0)
    case .notEqual: return !orders.contains(0)
    case .less: return holds { $0 < 0 }
    case .lessOrEqual: return holds { $0 <= 0 }
    case .greater: return holds { $0 > 0 }
    case .greaterOrEqual: return holds { $0 >= 0 }
    case .like: return false
    }
  }
}
