import SpotCheckModel

/// A stretch of days as people name it: `2024`, `2024H1`, `2024Q3`, `2024-03`, `2024-03-05`, or from one to another of
/// these: `2023Q3..2024Q2`.
///
/// Ends of months come from the calendar, never from a text such as "-31".
public struct PeriodSpan: Sendable, Hashable {
  /// One named stretch.
  private struct Point: Hashable {
    enum Unit: Hashable {
      case year, half, quarter, month, day
    }
    var unit: Unit
    var year: Int
    /// Number of the half, quarter or month in its year, from 1.
    var index = 1
    var day = 1
  }

  private let first: Point
  private let last: Point

  /// The days of the stretch, both ends inside.
  public let days: ClosedRange<Int32>
  /// As written, in one spelling.
  public let text: String

  /// Reads a stretch.
  ///
  /// - Throws: ``QueryError`` with a caret for what is no stretch, or ends before it begins.
  public init(_ text: String) throws {
    let advice = "Periods are written 2024, 2024H1, 2024Q3, 2024-03, 2024-03-05, or from..to: 2023Q3..2024Q2."
    let parts = PeriodSpan.halves(text)
    guard let first = PeriodSpan.point(parts.0), let last = PeriodSpan.point(parts.1 ?? parts.0) else {
      throw QueryError("'\(text)' is no period", source: text, position: 0, advice: advice)
    }
    guard let span = PeriodSpan(first, last) else {
      throw QueryError("the period '\(text)' ends before it begins", source: text, position: 0, advice: advice)
    }
    self = span
  }

  private init?(_ first: Point, _ last: Point) {
    guard let from = PeriodSpan.days(first), let to = PeriodSpan.days(last), from.lowerBound <= to.upperBound else {
      return nil
    }
    self.first = first
    self.last = last
    days = from.lowerBound...to.upperBound
    text = first == last ? PeriodSpan.text(first) : PeriodSpan.text(first) + ".." + PeriodSpan.text(last)
  }

  /// The same stretch of an earlier (or, below zero, later) year: 同期. The 29th of February becomes the 28th where there
  /// is none. nil before year 1 and after 9999.
  public func earlier(years: Int = 1) -> PeriodSpan? {
    func shifted(_ point: Point) -> Point {
      var point = point
      point.year -= years
      if point.unit == .day, (1...9999).contains(point.year) {
        point.day = min(point.day, CalendarDay.length(ofMonth: point.index, year: point.year))
      }
      return point
    }
    return PeriodSpan(shifted(first), shifted(last))
  }

  /// The four quarters that end with this one; nil unless this is one quarter.
  public var rollingYear: PeriodSpan? {
    guard first == last, first.unit == .quarter else { return nil }
    let start = first.index == 4 ? Point(unit: .quarter, year: first.year) : PeriodSpan.after(first, years: -1)
    return PeriodSpan(start, last)
  }

  private static func after(_ point: Point, years: Int) -> Point {
    Point(unit: point.unit, year: point.year + years, index: point.index + 1)
  }

  /// Whether this is exactly one calendar year.
  public var isYear: Bool { first == last && first.unit == .year }
  /// Whether this is exactly one half of a year.
  public var isHalf: Bool { first == last && first.unit == .half }
  /// Whether these are four quarters in a row.
  public var isFourQuarters: Bool {
    guard first.unit == .quarter, last.unit == .quarter else { return false }
    return (last.year - first.year) * 4 + last.index - first.index == 3
  }
  /// The days up to the end of this stretch, from so many years before its beginning.
  func reachingBack(years: Int) -> PeriodSpan? {
    for years in stride(from: years, through: 0, by: -1) {
      if let start = earlier(years: years), let span = PeriodSpan(start.first, last) { return span }
    }
    return nil
  }
  /// Whether this is exactly one quarter.
  public var isQuarter: Bool { first == last && first.unit == .quarter }

  /// Name in Chinese tables: `2024年`, `2024年上半年`, `2024年第3季度`, `2024年3月`.
  public var nameZh: String {
    first == last ? PeriodSpan.nameZh(first) : PeriodSpan.nameZh(first) + "至" + PeriodSpan.nameZh(last)
  }

  private static func nameZh(_ point: Point) -> String {
    switch point.unit {
    case .year: "\(point.year)年"
    case .half: "\(point.year)年" + (point.index == 1 ? "上半年" : "下半年")
    case .quarter: "\(point.year)年第\(point.index)季度"
    case .month: "\(point.year)年\(point.index)月"
    case .day: "\(point.year)年\(point.index)月\(point.day)日"
    }
  }

  private static func text(_ point: Point) -> String {
    let year = padded(point.year, 4)
    switch point.unit {
    case .year: return year
    case .half: return year + "H\(point.index)"
    case .quarter: return year + "Q\(point.index)"
    case .month: return year + "-" + padded(point.index, 2)
    case .day: return year + "-" + padded(point.index, 2) + "-" + padded(point.day, 2)
    }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// What stands on both sides of `..`; the second is nil without it.
  private static func halves(_ text: String) -> (String, String?) {
    let bytes = Array(text.utf8)
    for index in bytes.indices.dropLast() where bytes[index] == 0x2E && bytes[index + 1] == 0x2E {
      return (
        String(decoding: bytes[..<index], as: UTF8.self), String(decoding: bytes[(index + 2)...], as: UTF8.self)
      )
    }
    return (text, nil)
  }

  private static func point(_ text: String) -> Point? {
    if let day = CalendarDay(iso: text) {
      let (year, month, number) = day.civil
      return Point(unit: .day, year: year, index: month, day: number)
    }
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
      return bytes[range].reduce(0) { $0 * 10 + Int($1) - 48 }
    }
    guard let year = number(0..<4), year > 0 else { return nil }
    switch bytes.count {
    case 4: return Point(unit: .year, year: year)
    case 6:
      guard let index = number(5..<6), index >= 1 else { return nil }
      switch bytes[4] {
      case UInt8(ascii: "H"), UInt8(ascii: "h"): return index <= 2 ? Point(unit: .half, year: year, index: index) : nil
      case UInt8(ascii: "Q"), UInt8(ascii: "q"):
        return index <= 4 ? Point(unit: .quarter, year: year, index: index) : nil
      default: return nil
      }
    case 7:
      guard bytes[4] == UInt8(ascii: "-"), let month = number(5..<7), (1...12).contains(month) else { return nil }
      return Point(unit: .month, year: year, index: month)
    default: return nil
    }
  }

  private static func days(_ point: Point) -> ClosedRange<Int32>? {
    let months: ClosedRange<Int>
    switch point.unit {
    case .year: months = 1...12
    case .half: months = (point.index * 6 - 5)...(point.index * 6)
    case .quarter: months = (point.index * 3 - 2)...(point.index * 3)
    case .month: months = point.index...point.index
    case .day:
      return CalendarDay(year: point.year, month: point.index, day: point.day).map {
        $0.daysSinceEpoch...$0.daysSinceEpoch
      }
    }
    guard (1...9999).contains(point.year), (1...12).contains(months.lowerBound), months.upperBound <= 12,
      let from = CalendarDay(year: point.year, month: months.lowerBound, day: 1),
      let to = CalendarDay(
        year: point.year, month: months.upperBound,
        day: CalendarDay.length(ofMonth: months.upperBound, year: point.year))
    else { return nil }
    return from.daysSinceEpoch...to.daysSinceEpoch
  }
}
