import SpotCheckModel
import Testing

@testable import SpotCheckQuery

/// Random expressions, built together with what they mean, asked of random stores.
@Suite struct RandomFilterTests {
  /// A row of the store: a sample, or an item of it.
  private struct Row {
    var tables: TablePair
    var sample: Int
    var item: Int?

    func text(_ column: SampleText) -> String { tables.samples[column].string(sample) }
    func text(_ column: ItemText) -> String { item.map { tables.items[column].string($0) } ?? "" }
    func number(_ column: ItemDecimal) -> Double? {
      item.flatMap { tables.items[column].value($0) }.map { Double($0.mantissa) / 100 }
    }
    /// In units of 10^-14 of the kind's base, as whole numbers: slow, and plain; nil where the unit says nothing.
    func amount(_ column: ItemDecimal) -> (kind: String, amount: Int)? {
      guard let item, let value = tables.items[column].value(item), value.scale == 2 else { return nil }
      if column == .limitLow || column == .limitHigh {
        let flags = ItemFlags(rawValue: tables.items.flags[item])
        let isMeasured = ["=", "<", ">", "nd", "detected"].contains(text(.qualifier))
        if !isMeasured || text(ItemText.derivedVerdict).isEmpty || !flags.isEmpty { return nil }
      }
      switch text(.unit) {
      case "g/100g": return ("mass", Int(value.mantissa) * 10_000_000_000)
      case "mg/kg": return ("mass", Int(value.mantissa) * 1_000_000)
      case "μg/kg": return ("mass", Int(value.mantissa) * 1000)
      case "mg/L": return ("volume", Int(value.mantissa) * 1_000_000_000)
      default: return nil
      }
    }
    func day(_ column: SampleDay) -> String? { tables.samples[column].day(sample)?.description }
  }

  private struct Expression {
    var text: String
    var holds: (Row) -> Bool
  }

  /// `like` by trying everything: slow, and plain.
  private static func like(_ pattern: Substring, _ text: Substring) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    switch first {
    case "%": return text.indices.contains { like(pattern.dropFirst(), text[$0...]) } || like(pattern.dropFirst(), "")
    case "_": return !text.isEmpty && like(pattern.dropFirst(), text.dropFirst())
    default: return text.first?.lowercased() == first.lowercased() && like(pattern.dropFirst(), text.dropFirst())
    }
  }

  private static func atom(_ ofItems: Bool, _ numbers: inout SeededNumbers) -> Expression {
    let not = numbers.chance(40)
    let no = not ? "not " : ""
    switch Int.random(in: 0..<(ofItems ? 13 : 7), using: &numbers) {
    case 0:
      let pattern = numbers.pick(["%菜", "菠_", "apple%", "%特一", "%", "_", "x\ty%", "%e%"])
      return Expression(text: "product \(no)like '\(pattern)'") { row in
        let text = row.text(.product)
        return (!text.isEmpty && like(Substring(pattern), Substring(text))) != not
      }
    case 1:
      // A pattern also finds the name that people know a code by.
      let pattern = numbers.pick(["%东区", "6301%", "湟中_", "城%"])
      return Expression(text: "unit_district \(no)like '\(pattern)'") { row in
        let code = row.text(.unitDistrict)
        let name = code == "?" ? CodeTable.unmappedName : SmallTables.districts.name(of: code) ?? code
        let isFound = [code, name].contains { like(Substring(pattern), Substring($0)) }
        return (!code.isEmpty && isFound) != not
      }
    case 2:
      let days = [
        numbers.pick(["2022-02-01", "2023-05-05"]), numbers.pick(["2023-05-05", "2024-01-01", "2020-01-01"]),
      ]
      return Expression(text: "received_day \(no)between \(days[0]) and \(days[1])") { row in
        (row.day(.received).map { $0 >= days[0] && $0 <= days[1] } ?? false) != not
      }
    case 3:
      return Expression(text: "reported_day is \(no)null") { row in (row.day(.reported) == nil) != not }
    case 4:
      return Expression(text: "lab IS \(not ? "NOT " : "")NULL") { row in row.text(.lab).isEmpty != not }
    case 5:
      let ends = numbers.pick([("2022", "2022"), ("2022", "2023"), ("2024", "2022")])
      return Expression(text: "year \(no)between \(ends.0) and \(ends.1)") { row in
        (row.day(.sampled).map { $0.prefix(4) >= ends.0 && $0.prefix(4) <= ends.1 } ?? false) != not
      }
    case 6:
      let lines = (Int.random(in: 0..<40, using: &numbers), Int.random(in: 20..<70, using: &numbers))
      return Expression(text: "line \(no)between \(lines.0) and \(lines.1)") {
        row in
        let line = Int(row.tables.samples.line[row.sample])
        return (line >= lines.0 && line <= lines.1) != not
      }
    case 7:
      let column = numbers.pick(ItemDecimal.allCases)
      let bound = numbers.pick(["1", "2.50", "0.010", "4"])
      let comparison = numbers.pick(["<", "<=", ">", ">=", "=", "!="])
      return Expression(text: "\(not ? "not " : "")\(column.name) \(comparison) \(bound)") { row in
        guard let own = row.number(column), let other = Double(bound) else { return (comparison == "!=") != not }
        let holds =
          switch comparison {
          case "<": own < other
          case "<=": own <= other
          case ">": own > other
          case ">=": own >= other
          case "=": own == other
          default: own != other
          }
        return holds != not
      }
    case 8:
      let column = numbers.pick(ItemDecimal.allCases)
      return Expression(text: "\(column.name) \(no)between 1.5 and 3") { row in
        (row.number(column).map { $0 >= 1.5 && $0 <= 3 } ?? false) != not
      }
    case 9, 10: return quantity(&numbers)
    case 11:
      let column = numbers.pick(ItemDecimal.allCases)
      return Expression(text: "\(column.name) \(no)between 500 and 2.5\(numbers.pick(["mg/kg", " ppm", " 'mg/kg'"]))") {
        row in
        // 500 of what is below 2.5 of it is nothing.
        _ = row
        return not
      }
    default:
      let column = numbers.pick(ItemDecimal.allCases)
      return Expression(text: "\(column.name) is \(no)null") { row in (row.number(column) == nil) != not }
    }
  }

  /// A number with a unit, one of a list of them, or two ends.
  private static func quantity(_ numbers: inout SeededNumbers) -> Expression {
    let column = numbers.pick(ItemDecimal.allCases)
    let values = [
      ("2.5 mg/kg", "mass", 250_000_000), ("2500μg/kg", "mass", 250_000_000), ("0.5 ppb", "mass", 50_000),
      ("'1.25 %'", "mass", 1_250_000_000_000), ("0.003 毫克/千克", "mass", 300_000), ("4 ug/mL", "volume", 400_000_000_000),
      ("1.5 g/L", "volume", 150_000_000_000_000), ("2 MPa", "pressure", 0),
    ]
    let (one, other) = (numbers.pick(values), numbers.pick(values))
    func compare(_ row: Row, _ value: (String, String, Int), _ holds: (Int, Int) -> Bool) -> Bool {
      row.amount(column).map { $0.kind == value.1 && holds($0.amount, value.2) } ?? false
    }
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0: return Expression(text: "\(column.name) < \(one.0)") { compare($0, one, <) }
    case 1: return Expression(text: "\(column.name) ≤ \(one.0)") { compare($0, one, <=) }
    case 2: return Expression(text: "\(column.name) > \(one.0)") { compare($0, one, >) }
    case 3: return Expression(text: "\(column.name) >= \(one.0)") { compare($0, one, >=) }
    case 4: return Expression(text: "\(column.name) = \(one.0)") { compare($0, one, ==) }
    case 5: return Expression(text: "\(column.name) != \(one.0)") { !compare($0, one, ==) }
    case 6:
      return Expression(text: "\(column.name) in (\(one.0), \(other.0))") {
        compare($0, one, ==) || compare($0, other, ==)
      }
    default:
      return Expression(text: "\(column.name) between \(one.0) and \(other.0)") {
        compare($0, one, >=) && compare($0, other, <=)
      }
    }
  }

  private static func expression(_ depth: Int, _ ofItems: Bool, _ numbers: inout SeededNumbers) -> Expression {
    guard depth > 0, numbers.chance(70) else { return atom(ofItems, &numbers) }
    let (one, other) = (expression(depth - 1, ofItems, &numbers), expression(depth - 1, ofItems, &numbers))
    switch Int.random(in: 0..<3, using: &numbers) {
    case 0: return Expression(text: "(\(one.text)) and (\(other.text))") { one.holds($0) && other.holds($0) }
    case 1: return Expression(text: "(\(one.text) OR \(other.text))") { one.holds($0) || other.holds($0) }
    default: return Expression(text: "not (\(one.text))") { !one.holds($0) }
    }
  }

  @Test(arguments: 0..<25)
  func expressionsMeanWhatTheirPartsMean(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed) &* 1031 &+ 5)
    let source = RandomStore.source(segments: 3, rows: 70, seed: UInt64(seed) &+ 400)
    for ofItems in [false, true, true] {
      let expression = RandomFilterTests.expression(3, ofItems, &numbers)
      var expected: [[ReportCell]] = []
      for visible in try source.segments() {
        guard let segment = try NaiveQuery.table(visible) else { continue }
        let tables = segment.tables
        for sample in 0..<segment.sampleRows where !visible.excludedRows.contains(UInt32(sample)) {
          let first = Int(tables.samples.firstItem[sample])
          let items: [Int?] = ofItems ? Array(first..<(first + Int(tables.samples.itemCount[sample]))) : [nil]
          for item in items where expression.holds(Row(tables: tables, sample: sample, item: item)) {
            expected.append([.text(segment.id), .integer(sample)])
            if let item {
              expected[expected.count - 1].append(
                tables.items[.limitHigh].value(item).map { .text($0.description) } ?? .missing)
            }
          }
        }
      }
      var query = ListQuery(ofItems ? .items : .samples, columns: ["segment", "row"] + (ofItems ? ["limit_high"] : []))
      query.filter = expression.text
      var found: [[ReportCell]] = []
      try query.report(on: source).rows { found.append($0) }
      #expect(found == expected, Comment(rawValue: expression.text))
    }
  }

  @Test func patternsAreCutWhereTheyMustBe() {
    for (pattern, text, isMatch) in [
      ("", "", true), ("%", "", true), ("_", "", false), ("a%b%c", "aXbXbc", true), ("a%b%c", "aXbX", false),
      ("\\%", "%", true), ("\\%", "x", false), ("%\\", "a\\", true), ("猪*肉", "猪里脊肉", true), ("猪?肉", "猪肉", false),
      ("Ab", "aB", true), ("％肉", "猪肉", true),
    ] { #expect(LikePattern(pattern).matches(text) == isMatch, "\(pattern) \(text)") }
    // No pattern takes longer than its length times the text's.
    let long = String(repeating: "a", count: 20_000)
    #expect(!LikePattern(String(repeating: "%a", count: 200) + "%b").matches(long))
  }
}
