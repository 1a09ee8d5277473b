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
    switch Int.random(in: 0..<(ofItems ? 10 : 7), using: &numbers) {
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
    default:
      let column = numbers.pick(ItemDecimal.allCases)
      return Expression(text: "\(column.name) is \(no)null") { row in (row.number(column) == nil) != not }
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
