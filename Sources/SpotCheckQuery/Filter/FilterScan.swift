import SpotCheckModel
import SpotCheckStore

/// A filter compiled for one segment: every text comparison has become a table by dictionary code.
indirect enum SegmentTest: Sendable {
  case constant(Bool)
  case all([SegmentTest])
  case any([SegmentTest])
  case not(SegmentTest)
  case codes(SampleText, [UInt8])
  case itemCodes(ItemText, [UInt8])
  case decimals(ItemDecimal, DecimalMatcher)
  case quantities(QuantityTest)
  case days(SampleDay, DayMatcher)
  case plain(SamplePlainText, TextMatcher)
  /// The class of a sample, by place.
  case classes(SampleClassifier, [UInt8])
  case line(NumberMatcher)
  case flags(mask: UInt32, isSet: Bool)
  case itemFlags(mask: UInt32, isSet: Bool)

  /// Folds what is the same for all rows of the segment.
  init(_ node: FilterPlan.Node, _ segment: any QuerySegment) throws {
    switch node {
    case .constant(let value): self = .constant(value)
    case .all(let parts):
      var tests: [SegmentTest] = []
      for part in parts {
        let test = try SegmentTest(part, segment)
        if case .constant(let value) = test {
          if value { continue }
          self = .constant(false)
          return
        }
        tests.append(test)
      }
      self = tests.isEmpty ? .constant(true) : tests.count == 1 ? tests[0] : .all(tests)
    case .any(let parts):
      var tests: [SegmentTest] = []
      for part in parts {
        let test = try SegmentTest(part, segment)
        if case .constant(let value) = test {
          if !value { continue }
          self = .constant(true)
          return
        }
        tests.append(test)
      }
      self = tests.isEmpty ? .constant(false) : tests.count == 1 ? tests[0] : .any(tests)
    case .not(let part):
      let test = try SegmentTest(part, segment)
      if case .constant(let value) = test { self = .constant(!value) } else { self = .not(test) }
    case .text(let column, let matcher):
      let table = try segment.entries(column).map { matcher.matches($0) ? UInt8(1) : 0 }
      self = SegmentTest.isUniform(table).map { .constant($0) } ?? .codes(column, table)
    case .itemText(let column, let matcher):
      let table = try segment.entries(column).map { matcher.matches($0) ? UInt8(1) : 0 }
      self = SegmentTest.isUniform(table).map { .constant($0) } ?? .itemCodes(column, table)
    case .decimals(let column, let matcher): self = .decimals(column, matcher)
    case .quantities(let column, let matcher): self = .quantities(try QuantityTest(column, matcher, segment))
    case .days(let column, let matcher): self = .days(column, matcher)
    case .plain(let column, let matcher): self = .plain(column, matcher)
    case .line(let matcher): self = .line(matcher)
    case .flags(let mask, let isSet): self = .flags(mask: mask, isSet: isSet)
    case .itemFlags(let mask, let isSet): self = .itemFlags(mask: mask, isSet: isSet)
    }
  }

  private static func isUniform(_ table: [UInt8]) -> Bool? {
    guard let first = table.first else { return false }
    return table.allSatisfy { $0 == first } ? first == 1 : nil
  }

  var usesItems: Bool {
    switch self {
    case .itemCodes, .itemFlags, .decimals, .quantities: true
    case .all(let parts), .any(let parts): parts.contains { $0.usesItems }
    case .not(let part): part.usesItems
    default: false
    }
  }
}

/// Evaluates tests over stretches of rows, a column at a time.
struct FilterScan {
  let segment: any QuerySegment
  private var codes: [UInt32] = []
  private var days: [Int32] = []
  private var lines: [Int64] = []
  private var block = CodeBlock(capacity: 0)

  init(_ segment: any QuerySegment) { self.segment = segment }

  /// Leaves 1 only where a row of the stretch also matches. What most filters are made of is done in place.
  mutating func narrow(_ mask: inout [UInt8], by test: SegmentTest, samples rows: Range<Int>) throws {
    let count = rows.count
    switch test {
    case .all(let parts):
      for part in parts { try narrow(&mask, by: part, samples: rows) }
    case .codes(let column, let table):
      if block.capacity < count { block = CodeBlock(capacity: count) }
      try segment.readCodes(column, rows, into: &block)
      if block.isNarrow {
        // A code that is in no dictionary matches nothing.
        let places = table + repeatElement(0, count: max(0, GroupKernels.byteTable - table.count))
        GroupKernels.narrow(&mask, block.narrow, places, count: count)
      } else {
        for index in 0..<count where block[index] >= table.count || table[block[index]] == 0 { mask[index] = 0 }
      }
    case .days(let column, let matcher):
      guard let range = matcher.onlyRange else { fallthrough }
      if days.count < count { days = [Int32](repeating: 0, count: count) }
      try segment.readDays(column, rows, into: &days)
      GroupKernels.narrow(&mask, days, range, count: count)
    default:
      let matching = try self.mask(test, samples: rows)
      for index in 0..<count { mask[index] &= matching[index] }
    }
  }

  /// One byte a sample row: 1 = matches. Item columns count as missing: the caller knows of no item here.
  mutating func mask(_ test: SegmentTest, samples rows: Range<Int>) throws -> [UInt8] {
    let count = rows.count
    switch test {
    case .constant(let value): return [UInt8](repeating: value ? 1 : 0, count: count)
    case .all, .any, .not: return try combined(test, count) { scan, part in try scan.mask(part, samples: rows) }
    case .codes(let column, let table):
      prepare(count)
      try segment.readCodes(column, rows, into: &codes)
      return FilterScan.lookUp(codes, table, count)
    case .itemCodes(_, let table): return [UInt8](repeating: table.first ?? 0, count: count)
    case .itemFlags(_, let isSet): return [UInt8](repeating: isSet ? 0 : 1, count: count)
    case .decimals(_, let matcher): return [UInt8](repeating: matcher.matches(nil) ? 1 : 0, count: count)
    case .quantities(let test): return [UInt8](repeating: test.matcher.matches(nil, []) ? 1 : 0, count: count)
    case .days(let column, let table):
      if days.count < count { days = [Int32](repeating: 0, count: count) }
      try segment.readDays(column, rows, into: &days)
      return FilterScan.compare(days, table, count)
    case .plain(let column, let matcher):
      return try segment.plainTexts(column, rows).map { matcher.matches($0) ? 1 : 0 }
    case .classes(let classifier, let table):
      var classes = [UInt8](repeating: 0, count: count)
      var marks = classes
      prepare(count)
      _ = try classifier.classify(segment, rows, codes: &codes, classes: &classes, marks: &marks)
      return classes.map { Int($0) < table.count ? table[Int($0)] : 0 }
    case .line(let matcher):
      if lines.count < count { lines = [Int64](repeating: 0, count: count) }
      try segment.readPositions(.line, ofItems: false, rows, into: &lines)
      return lines.prefix(count).map { matcher.matches($0) ? 1 : 0 }
    case .flags(let mask, let isSet):
      prepare(count)
      try segment.readNumbers(SampleNumber.flags, rows, into: &codes)
      return codes.prefix(count).map { ($0 & mask != 0) == isSet ? 1 : 0 }
    }
  }

  /// One byte an item row. `samples` are the sample rows that the items belong to.
  mutating func mask(_ test: SegmentTest, items rows: Range<Int>, samples: Range<Int>) throws -> [UInt8] {
    let count = rows.count
    switch test {
    case .constant(let value): return [UInt8](repeating: value ? 1 : 0, count: count)
    case .all, .any, .not:
      return try combined(test, count) { scan, part in try scan.mask(part, items: rows, samples: samples) }
    case .itemCodes(let column, let table):
      prepare(count)
      try segment.readCodes(column, rows, into: &codes)
      return FilterScan.lookUp(codes, table, count)
    case .itemFlags(let mask, let isSet):
      prepare(count)
      try segment.readNumbers(ItemNumber.flags, rows, into: &codes)
      return codes.prefix(count).map { ($0 & mask != 0) == isSet ? 1 : 0 }
    case .decimals(let column, let matcher):
      return try segment.decimals(column, rows).map { matcher.matches($0) ? 1 : 0 }
    case .quantities(let test): return try test.mask(segment, rows)
    default:
      let ofSamples = try mask(test, samples: samples)
      prepare(count)
      try segment.readNumbers(ItemNumber.sample, rows, into: &codes)
      return codes.prefix(count).map { sample in
        let index = Int(sample) - samples.lowerBound
        return index >= 0 && index < ofSamples.count ? ofSamples[index] : 0
      }
    }
  }

  private mutating func combined(
    _ test: SegmentTest, _ count: Int, _ part: (inout FilterScan, SegmentTest) throws -> [UInt8]
  ) throws -> [UInt8] {
    switch test {
    case .not(let inner): return try part(&self, inner).map { $0 ^ 1 }
    case .all(let parts):
      var result = [UInt8](repeating: 1, count: count)
      for inner in parts {
        let mask = try part(&self, inner)
        for index in 0..<count { result[index] &= mask[index] }
      }
      return result
    case .any(let parts):
      var result = [UInt8](repeating: 0, count: count)
      for inner in parts {
        let mask = try part(&self, inner)
        for index in 0..<count { result[index] |= mask[index] }
      }
      return result
    default: return []
    }
  }

  private mutating func prepare(_ count: Int) {
    if codes.count < count { codes = [UInt32](repeating: 0, count: count) }
  }

  private static func lookUp(_ codes: [UInt32], _ table: [UInt8], _ count: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    let (source, entries) = (codes.span, table.span)
    for index in 0..<count {
      let code = Int(source[index])
      if code < entries.count { result[index] = entries[code] }
    }
    return result
  }

  private static func compare(_ days: [Int32], _ table: DayMatcher, _ count: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    let source = days.span
    let inside: UInt8 = table.isNegated ? 0 : 1
    for index in 0..<count {
      let day = source[index]
      if day == DayColumn.missing {
        result[index] = table.matchesMissing ? 1 : 0
        continue
      }
      var value = inside ^ 1
      for range in table.ranges where day >= range.lowerBound && day <= range.upperBound { value = inside }
      result[index] = value
    }
    return result
  }
}
