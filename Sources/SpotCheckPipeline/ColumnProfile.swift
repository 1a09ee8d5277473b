public import SpotCheckModel

/// What the cells of one delivered column look like. Memory is bounded, however many there are.
public struct ColumnProfile: Sendable {
  /// Distinct texts that are counted one by one at most.
  public static let distinctLimit = 10_000
  /// Longer texts are counted by their beginning.
  private static let textLimit = 200

  public var name: String
  /// Fields that the pipeline reads from it; empty: it is not read.
  public var fields: [String] = []
  /// Holds names, telephones or numbers of persons: no value is shown whole.
  public var isPersonal = false
  public private(set) var cells = 0
  public private(set) var empty = 0
  /// There are more distinct texts than ``distinctLimit``.
  public private(set) var hasMore = false
  /// Shortest and longest text, in characters; of cells that are not empty.
  public private(set) var lengths: ClosedRange<Int>?
  /// Cells that are numbers in plain digits, and the smallest and largest of them.
  public private(set) var numbers = 0
  public private(set) var numberRange: ClosedRange<Double>?
  /// Cells that are days, and the first and last of them.
  public private(set) var days = 0
  public private(set) var dayRange: ClosedRange<CalendarDay>?
  private var counts: [String: Int] = [:]
  private var shapes: [String: Int] = [:]

  public init(_ name: String) { self.name = name }

  public var distinct: Int { counts.count }

  /// The most frequent texts; persons are masked.
  public func top(_ count: Int) -> [(text: String, count: Int)] {
    ColumnProfile.top(counts, count).map { (shown($0.text), $0.count) }
  }

  /// The most frequent shapes: `9` for digits, `A` and `a` for letters, `汉` for Han characters, runs drawn together.
  public func topShapes(_ count: Int) -> [(text: String, count: Int)] { ColumnProfile.top(shapes, count) }

  private static func top(_ counts: [String: Int], _ count: Int) -> [(text: String, count: Int)] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count).map { ($0.key, $0.value) }
  }

  private func shown(_ text: String) -> String {
    isPersonal ? PersonalData.maskedName(PersonalData.maskedNumber(text)) : PersonalData.masked(text)
  }

  mutating func add(_ cell: String) {
    cells += 1
    let text = ColumnProfile.trimmed(cell)
    if text.isEmpty {
      empty += 1
      return
    }
    let length = text.unicodeScalars.count
    lengths = min(lengths?.lowerBound ?? length, length)...max(lengths?.upperBound ?? length, length)
    let key = length > ColumnProfile.textLimit ? String(text.prefix(ColumnProfile.textLimit)) + "…" : text
    if counts[key] != nil || counts.count < ColumnProfile.distinctLimit {
      counts[key, default: 0] += 1
    } else {
      hasMore = true
    }
    let shape = ColumnProfile.shape(text)
    if shapes[shape] != nil || shapes.count < ColumnProfile.distinctLimit { shapes[shape, default: 0] += 1 }
    if let day = ColumnProfile.day(text) {
      days += 1
      dayRange = min(dayRange?.lowerBound ?? day, day)...max(dayRange?.upperBound ?? day, day)
    } else if text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 || $0 == 45 }), let number = Double(text),
      number.isFinite
    {
      numbers += 1
      numberRange = min(numberRange?.lowerBound ?? number, number)...max(numberRange?.upperBound ?? number, number)
    }
  }

  private static func trimmed(_ text: String) -> String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || scalar.value == 0xFEFF }
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  private static func shape(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(60) {
      let kind: Unicode.Scalar =
        switch scalar.value {
        case 48...57, 0xFF10...0xFF19: "9"
        case 65...90: "A"
        case 97...122: "a"
        case 0x3400...0x9FFF, 0x20000...0x3FFFF: "汉"
        default: scalar
        }
      if result.last != kind { result.append(kind) }
    }
    return String(result)
  }

  /// `2024-03-05`, `2024/3/5`, `2024.3.5`, `20240305`, `2024年3月5日`, each with or without a time behind it.
  private static func day(_ text: String) -> CalendarDay? {
    var numbers: [Int] = []
    var digits = 0
    var value = 0
    for scalar in text.unicodeScalars.prefix(12) {
      if (48...57).contains(scalar.value) {
        digits += 1
        guard digits <= 8 else { return nil }
        value = value * 10 + Int(scalar.value - 48)
        continue
      }
      guard digits > 0 else { return nil }
      numbers.append(value)
      (digits, value) = (0, 0)
      if numbers.count == 3 { break }
      guard "-/.年月".unicodeScalars.contains(scalar) else { return nil }
    }
    if digits > 0, numbers.count < 3 { numbers.append(value) }
    if numbers.count == 1, numbers[0] > 19_000_000 {
      numbers = [numbers[0] / 10_000, numbers[0] / 100 % 100, numbers[0] % 100]
    }
    guard numbers.count == 3, (1900...2200).contains(numbers[0]) else { return nil }
    return CalendarDay(year: numbers[0], month: numbers[1], day: numbers[2])
  }
}
