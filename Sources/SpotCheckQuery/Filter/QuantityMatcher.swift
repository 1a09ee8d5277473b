import SpotCheckModel
import SpotCheckStore

/// A number with its unit, as a filter gives it: `0.05 mg/kg`.
struct Quantity: Sendable, Hashable {
  var number: ExactDecimal
  /// As it was written; one that ``UnitLookup`` knows.
  var unit: String
}

/// Tells which numbers of items match a quantity, each in the unit of its own row: exactly, because units of one dimension
/// differ by powers of ten.
///
/// A number without a unit, in a unit of another dimension or in one that is in no table is to a quantity what a missing
/// number is: every comparison is false except `!=`.
struct QuantityMatcher: Sendable {
  var comparison: FilterComparison
  var values: [Quantity]
  var units: UnitLookup

  /// A value of the filter as rows of one unit are compared with it: `number` × 10^`power`.
  struct Bound: Sendable, Hashable {
    var number: ExactDecimal
    var power: Int
  }

  /// The values in the unit of some rows; those of another dimension are left out.
  func bounds(inUnit text: String) -> [Bound] {
    values.compactMap { value in
      units.power(of: value.unit, above: text).map { Bound(number: value.number, power: $0) }
    }
  }

  /// - Parameter bounds: of the row's unit.
  func matches(_ number: ExactDecimal?, _ bounds: [Bound]) -> Bool {
    guard let number else { return comparison == .notEqual }
    func holds(_ test: (Int) -> Bool) -> Bool {
      !bounds.isEmpty && bounds.allSatisfy { test(ExactDecimal.compare(number, $0.number, timesPowerOfTen: $0.power)) }
    }
    func isAmong() -> Bool {
      bounds.contains { ExactDecimal.compare(number, $0.number, timesPowerOfTen: $0.power) == 0 }
    }
    switch comparison {
    case .equal: return isAmong()
    case .notEqual: return !isAmong()
    case .less: return holds { $0 < 0 }
    case .lessOrEqual: return holds { $0 <= 0 }
    case .greater: return holds { $0 > 0 }
    case .greaterOrEqual: return holds { $0 >= 0 }
    case .like: return false
    }
  }
}

/// A ``QuantityMatcher`` made ready for a segment.
struct QuantityTest: Sendable {
  let column: ItemDecimal
  let matcher: QuantityMatcher
  /// By code of the unit.
  let bounds: [[QuantityMatcher.Bound]]
  /// Limits only: by code, 1 where the row was judged by its numbers.
  private let measured: [UInt8]
  private let judged: [UInt8]

  init(_ column: ItemDecimal, _ matcher: QuantityMatcher, _ segment: any QuerySegment) throws {
    self.column = column
    self.matcher = matcher
    bounds = try segment.entries(ItemText.unit).map { matcher.bounds(inUnit: $0) }
    let isLimit = column == .limitLow || column == .limitHigh
    measured =
      isLimit
      ? try segment.entries(ItemText.qualifier).map { text in
        switch Qualifier(rawValue: text) ?? .none {
        case .equal, .below, .above, .detected, .notDetected: 1
        case .text, .none: 0
        }
      } : []
    judged = isLimit ? try segment.entries(ItemText.derivedVerdict).map { $0.isEmpty ? 0 : 1 } : []
  }

  /// The unit that a segment keeps is the value's. A limit's is the same only where value and limit were compared and nothing
  /// had to be converted; elsewhere nobody knows it.
  static let unknownLimitUnit: ItemFlags = [.unitConverted, .unitMismatch, .lostSuperscript]

  /// One byte an item row.
  func mask(_ segment: any QuerySegment, _ rows: Range<Int>) throws -> [UInt8] {
    var codes = [UInt32](repeating: 0, count: rows.count)
    try segment.readCodes(ItemText.unit, rows, into: &codes)
    var known = [UInt8](repeating: 1, count: rows.count)
    if !judged.isEmpty { known = try limitUnits(segment, rows) }
    let numbers = try segment.decimals(column, rows)
    return numbers.indices.map { row in
      let code = Int(codes[row])
      let isKnown = known[row] == 1 && code < bounds.count
      return matcher.matches(numbers[row], isKnown ? bounds[code] : []) ? 1 : 0
    }
  }

  private func limitUnits(_ segment: any QuerySegment, _ rows: Range<Int>) throws -> [UInt8] {
    var known = [UInt8](repeating: 1, count: rows.count)
    var codes = [UInt32](repeating: 0, count: rows.count)
    for (column, table) in [(ItemText.qualifier, measured), (.derivedVerdict, judged)] {
      try segment.readCodes(column, rows, into: &codes)
      for row in known.indices { known[row] &= Int(codes[row]) < table.count ? table[Int(codes[row])] : 0 }
    }
    try segment.readNumbers(ItemNumber.flags, rows, into: &codes)
    for row in known.indices where codes[row] & QuantityTest.unknownLimitUnit.rawValue != 0 { known[row] = 0 }
    return known
  }
}
