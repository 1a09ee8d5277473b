/// A count as printed: the whole numbers it may stand for.
///
/// `6474` stands for itself; `69.97万` was rounded and stands for 699 650 … 699 750 (both ends, because nobody says which
/// way a half was rounded); `3.1392万` has all its digits and is exact again.
struct PrintedCount: Sendable, Hashable {
  /// Larger counts are not understood: no country takes a trillion samples. Sums of a document's counts fit `Int`.
  static let largest = 1_000_000_000_000

  var low: Int
  var high: Int
  /// As printed, without blanks and thousands separators: `6474`, `69.97万`.
  var text: String
  var position: AuditPosition

  /// The number, if there is only one.
  var exact: Int? { low == high ? low : nil }

  init(low: Int, high: Int, text: String, position: AuditPosition) {
    self.low = low
    self.high = high
    self.text = text
    self.position = position
  }

  init(_ value: Int, position: AuditPosition) {
    self.init(low: value, high: value, text: String(value), position: position)
  }

  /// nil if the number is no whole number, or larger than ``largest``.
  init?(_ number: ScannedNumber, position: AuditPosition) {
    guard let mantissa = number.mantissa, number.decimals <= number.zeros else { return nil }
    let unit = PowersOfTen.value(number.zeros - number.decimals)
    let (value, overflow) = mantissa.multipliedReportingOverflow(by: unit)
    guard !overflow, value <= PrintedCount.largest else { return nil }
    self.init(low: max(0, value - unit / 2), high: value + unit / 2, text: number.text, position: position)
  }

  /// Whether the two can stand for the same number.
  func agrees(with other: PrintedCount) -> Bool { low <= other.high && other.low <= high }

  /// What is left of `self` without `other`; never below 0.
  func without(_ other: PrintedCount) -> PrintedCount {
    let text = exact != nil && other.exact != nil ? String(max(0, low - other.low)) : "\(text)−\(other.text)"
    return PrintedCount(low: max(0, low - other.high), high: max(0, high - other.low), text: text, position: position)
  }

  func plus(_ other: PrintedCount) -> PrintedCount {
    PrintedCount.sum([self, other], at: position)
  }

  /// The sum of counts of one document, at most 10^6 of them.
  static func sum(_ counts: [PrintedCount], at position: AuditPosition) -> PrintedCount {
    var low = 0
    var high = 0
    for count in counts {
      low = low.addingClamped(count.low)
      high = high.addingClamped(count.high)
    }
    let text = low == high ? String(low) : "\(low)–\(high)"
    return PrintedCount(low: low, high: high, text: text, position: position)
  }
}

extension Int {
  /// The sum, or the end of the range: only documents of our tests get there.
  func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? Int.max : Int.min) : sum
  }
}
