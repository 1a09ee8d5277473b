import SpotCheckModel
import SpotCheckStatistics

/// A number of an answer, or one to compare it with: a quotient of whole numbers where that is known.
enum CellNumber: Sendable {
  case quotient(Int128, Int128)
  case binary(Double)

  /// Nil for texts and what is missing.
  init?(_ cell: ReportCell) {
    switch cell {
    case .missing, .text: return nil
    case .integer(let number): self = .quotient(Int128(number), 1)
    case .rate(_, of: let proportion?) where proportion.total > 0:
      self = .quotient(Int128(proportion.count), Int128(proportion.total))
    case .rate(let number, _), .change(let number, _, _), .number(let number, _): self = .binary(number)
    }
  }

  /// A cell of a column with numbers: there, a delivered number stands with the digits it was delivered with, as a text.
  init?(_ cell: ReportCell, inNumericColumn isNumeric: Bool) {
    if isNumeric, case .text(let text) = cell { self.init(text) } else { self.init(cell) }
  }

  /// `95`, `0.95`, `95%`.
  init?(_ text: String) {
    let isPercent = text.hasSuffix("%") || text.hasSuffix("％")
    guard let decimal = ExactDecimal(plain: isPercent ? String(text.dropLast()) : text) else { return nil }
    var divisor: Int128 = isPercent ? 100 : 1
    for _ in 0..<decimal.scale { divisor *= 10 }
    self = .quotient(Int128(decimal.mantissa), divisor)
  }

  private var binary: Double {
    switch self {
    case .quotient(let count, let total): Double(count) / Double(total)
    case .binary(let number): number
    }
  }

  /// -1, 0 or 1; nil if one of them is no number.
  static func compare(_ left: CellNumber, _ right: CellNumber) -> Int? {
    if case .quotient(let one, let of) = left, case .quotient(let other, let whole) = right {
      // Counts times decimals of twenty digits may not fit; nothing real comes near.
      let (first, isFirstTooLarge) = one.multipliedReportingOverflow(by: whole)
      let (second, isSecondTooLarge) = other.multipliedReportingOverflow(by: of)
      if !isFirstTooLarge, !isSecondTooLarge { return first < second ? -1 : first > second ? 1 : 0 }
    }
    let (one, other) = (left.binary, right.binary)
    if one.isNaN || other.isNaN { return nil }
    return one < other ? -1 : one > other ? 1 : 0
  }
}
