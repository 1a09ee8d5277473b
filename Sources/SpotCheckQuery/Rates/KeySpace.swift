import SpotCheckModel
import SpotCheckStore

/// The keys of one dimension over all segments, numbered as they are met. Number 0 is "missing".
struct KeySpace {
  private(set) var keys: [String] = [""]
  private var numbers: [String: UInt32] = ["": 0]
  /// A key may take a walk up a code table.
  private let keyed = Remembered<String>()

  var count: Int { keys.count }

  mutating func number(_ key: String) -> UInt32 {
    if let number = numbers[key] { return number }
    let number = UInt32(keys.count)
    keys.append(key)
    numbers[key] = number
    return number
  }

  /// The number of each entry of a segment's dictionary.
  /// - Parameter key: the same for all segments.
  mutating func numbers(_ entries: [String], _ key: (String) -> String) -> [UInt32] {
    entries.map { number(keyed.of($0, key)) }
  }
}

/// How the key of a row is read from its segment, for one dimension.
enum KeyReader: Sendable {
  /// Key numbers by dictionary code.
  case codes(SampleText, [UInt32])
  /// The same, and a park takes the district's place where its number is not 0.
  case codesOrPark(SampleText, [UInt32], parks: [UInt32])
  /// Key numbers by day, from day `first` on; days outside are missing.
  case days(SampleDay, first: Int32, [UInt32])
}

/// Makes the key readers of a query's sample dimensions, segment by segment, and keeps the keys.
struct KeyPlanner {
  let dimensions: [Dimension]
  let query: RateQuery
  let book: CodeBook
  var spaces: [KeySpace]
  /// Days of years 1 to 9999; nothing else can be a day.
  static let validDays: ClosedRange<Int32> = -719_162...2_932_896

  init(_ query: RateQuery, _ book: CodeBook) {
    self.query = query
    self.book = book
    dimensions = query.dimensions
    spaces = dimensions.map { _ in KeySpace() }
  }

  /// Readers for the dimensions that come from samples; nil where the key comes from items.
  mutating func readers(_ segment: any QuerySegment) throws -> [KeyReader?] {
    var readers: [KeyReader?] = []
    for (index, dimension) in dimensions.enumerated() {
      switch dimension.kind.source {
      case .item: readers.append(nil)
      case .period(let period): readers.append(try periodReader(period, index, segment))
      case .sample(let column):
        let book = book
        let map = spaces[index].numbers(try segment.entries(column)) { book.key($0, dimension) }
        if dimension.kind == .district, query.parks == .separate {
          let parks = try segment.entries(.park).map { text in
            book.parkKey(text, dimension).map { spaces[index].number($0) } ?? 0
          }
          readers.append(.codesOrPark(column, map, parks: parks))
        } else {
          readers.append(.codes(column, map))
        }
      }
    }
    return readers
  }

  /// Key numbers of a segment's item dictionaries; nil where the key comes from samples.
  mutating func itemMaps(_ segment: any QuerySegment) throws -> [(column: ItemText, map: [UInt32])?] {
    var maps: [(column: ItemText, map: [UInt32])?] = []
    for (index, dimension) in dimensions.enumerated() {
      guard case .item(let column) = dimension.kind.source else {
        maps.append(nil)
        continue
      }
      let book = book
      maps.append((column, spaces[index].numbers(try segment.entries(column)) { book.key($0, dimension) }))
    }
    return maps
  }

  private mutating func periodReader(_ period: Period, _ index: Int, _ segment: any QuerySegment) throws -> KeyReader {
    guard let range = try segment.dayRange(query.periodBy)?.clamped(to: KeyPlanner.validDays) else {
      return .days(query.periodBy, first: 0, [])
    }
    var map: [UInt32] = []
    map.reserveCapacity(Int(range.upperBound) - Int(range.lowerBound) + 1)
    var day = range.lowerBound
    while day <= range.upperBound {
      let code = period.code(CalendarDay(daysSinceEpoch: day))
      let last = min(period.days(code)?.upperBound ?? day, range.upperBound)
      map.append(contentsOf: repeatElement(spaces[index].number(code), count: Int(last) - Int(day) + 1))
      guard last < Int32.max else { break }
      day = last + 1
    }
    return .days(query.periodBy, first: range.lowerBound, map)
  }
}
