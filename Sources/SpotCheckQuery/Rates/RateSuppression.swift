import SpotCheckModel
import SpotCheckStatistics

/// Which rows and totals of an answer are not shown because too few samples stand behind them, or because one that is
/// not shown could be computed from them.
///
/// Each purpose is a list of rows whose sum may be printed. A small row is hidden; so that subtraction does not bring it
/// back, others of its list are hidden with it (``SecondarySuppression``), and more of them, smallest first, until no
/// number of a hidden row follows from the sum: not because the rest is nothing, nor because every row has at least one
/// sample. A list with nothing to hide behind loses its sum, and the sum over all purposes with it.
///
/// What this cannot see: two answers with other dimensions, filters or snapshots, laid side by side.
public struct RateSuppression: Sendable, Hashable {
  /// Rows of ``RateResult/rows``, and of ``RateResult/purposeTotals``, by index.
  public private(set) var rows: Set<Int> = []
  public private(set) var purposeTotals: Set<Int> = []
  public private(set) var hidesTotal = false
  /// Hidden for their own smallness.
  public private(set) var smallCount = 0

  public var isEmpty: Bool { rows.isEmpty }

  init(_ result: RateResult, below limit: Int) {
    let lists = RateSuppression.lists(result)
    for (totalIndex, members) in lists {
      let small = members.filter { (1..<limit).contains(result.rows[$0].counts.samples) }
      guard !small.isEmpty else { continue }
      smallCount += small.count
      if let hidden = RateSuppression.protected(small, of: members, result.rows) {
        rows.formUnion(hidden)
      } else {
        rows.formUnion(small)
        hidesTotal = true
        if let totalIndex { purposeTotals.insert(totalIndex) }
      }
    }
  }

  /// The rows that one printed sum is made of, and which of the purposes' sums it is.
  private static func lists(_ result: RateResult) -> [(total: Int?, rows: [Int])] {
    guard !result.purposeTotals.isEmpty, let column = result.dimensions.firstIndex(where: { $0.kind == .purpose })
    else {
      return [(nil, Array(result.rows.indices))]
    }
    let members = Dictionary(grouping: result.rows.indices) { result.rows[$0].codes[column] }
    return result.purposeTotals.indices.map { ($0, members[result.purposeTotals[$0].codes[column]] ?? []) }
  }

  /// The rows to hide with the small ones; nil if the list has none.
  private static func protected(_ small: [Int], of members: [Int], _ rows: [RateRow]) -> Set<Int>? {
    let samples = members.map { rows[$0].counts.samples }
    let primary = members.map { small.contains($0) }
    guard
      let withheld = SecondarySuppression.withheld(samples: [samples], primary: [primary], printsColumnTotals: false)?[
        0]
    else { return nil }
    var hidden = Set(zip(members, withheld).filter { $0.1 }.map(\.0))
    var others = members.filter { !hidden.contains($0) && rows[$0].counts.samples > 0 }
      .sorted { (rows[$0].counts.samples, $0) < (rows[$1].counts.samples, $1) }
    while !isOpaque(hidden, of: members, rows) {
      guard !others.isEmpty else { return nil }
      hidden.insert(others.removeFirst())
    }
    return hidden
  }

  /// Whether the sum of the hidden rows leaves every one of their numbers open.
  private static func isOpaque(_ hidden: Set<Int>, of members: [Int], _ rows: [RateRow]) -> Bool {
    let cells = hidden.filter { rows[$0].counts.samples > 0 }
    guard cells.count >= 2, cells.reduce(0, { $0 + rows[$1].counts.samples }) > cells.count else { return false }
    return numbers.allSatisfy { number in
      // Where nobody has any there is nothing to find out.
      members.allSatisfy { number(rows[$0].counts) == 0 } || hidden.contains { number(rows[$0].counts) > 0 }
    }
  }

  /// Everything that is printed about a row.
  private static var numbers: [(RateCounts) -> Int] {
    SampleClass.allCases.map { sampleClass in { $0[sampleClass] } }
      + [{ $0.inspected }, { $0.excluded }, { $0.pending }, { $0.labelOnly }, { $0.screeningPositive }]
  }
}

extension RateResult {
  /// The same answer without rows of fewer samples than this, and without what would give them away.
  ///
  /// - Throws: ``QueryError`` if further measures stand beside the sample rate: their numbers would give rows away.
  public func suppressing(below limit: Int) throws -> RateResult {
    guard query.measures.isEmpty, query.meanOver == nil, !query.yearOnYear, !query.by.contains(where: \.isItemBased)
    else {
      throw QueryError(
        "small rows cannot be hidden beside further measures, means, last year or items",
        advice: "Ask for the plain sample rate, or leave out --suppress-below.")
    }
    var result = self
    let suppression = RateSuppression(self, below: limit)
    result.suppression = suppression
    result.suppressedBelow = limit
    guard !suppression.isEmpty else { return result }
    // Notes with numbers of purposes say what a hidden sum would.
    if suppression.hidesTotal {
      result.notes.removeAll { ["pending", "pooled", "purposes_not_pooled"].contains($0.code) }
    }
    let others = suppression.rows.count - suppression.smallCount
    result.notes.append(
      QueryNote(
        "suppressed",
        "\(suppression.smallCount) rows with fewer than \(limit) samples are not shown, nor \(others) more"
          + (suppression.hidesTotal ? " and the total" : "") + " from which they would follow",
        zh: "\(suppression.smallCount) 行样品数少于 \(limit)，不予公布；为防推算，另有 \(others) 行"
          + (suppression.hidesTotal ? "及合计" : "") + "不予公布"))
    return result
  }
}
