import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

/// Rows chosen, ordered and crossed after they were counted.
@Suite struct ShapingTests {
  private func store() -> SmallStore {
    var store = SmallStore()
    for (category, district, passed, failed) in [
      ("1001", "630102", 93, 7), ("1001", "630103", 19, 1), ("1002", "630102", 95, 5), ("2001", "630203", 3, 0),
      ("2001", "630102", 0, 0),
    ] {
      let texts: [SampleText: String] = [.category: category, .district: district]
      store.add(passed, .objective, .pass, texts)
      store.add(failed, .objective, .fail, texts)
      if passed + failed == 0 { store.add(2, .objective, .undetermined, texts) }
    }
    return store
  }

  private func report() throws -> Report { try store().rate("category,district").report() }

  private func lines(_ report: Report, _ names: [String]) throws -> [String] {
    let places = names.compactMap { name in report.columns.firstIndex { $0.name == name } }
    #expect(places.count == names.count)
    return try report.collected().map { cells in places.map { Self.text(cells[$0]) }.joined(separator: " ") }
  }

  private static func text(_ cell: ReportCell) -> String {
    switch cell {
    case .missing: "-"
    case .text(let text): text
    case .integer(let number): String(number)
    case .rate(_, of: let proportion): proportion.map { "\($0.count)/\($0.total)" } ?? "?"
    case .change(let number, _, _), .number(let number, _): "\(number)"
    }
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return String(describing: error) }
  }

  @Test func havingComparesCountsAndNotDigits() throws {
    // 95 of 100 and 19 of 20 are both 95 %, and neither is below it.
    let below = try report().having("rate < 95% and inspected >= 3")
    #expect(try lines(below, ["category", "rate"]) == ["1001 93/100"])
    #expect(try lines(report().having("rate = 0.95"), ["rate"]) == ["19/20", "95/100"])
    #expect(try lines(report().having("合格率 >= 0.950000000000000001"), ["rate"]) == ["3/3"])
    // Without a rate no comparison holds, but the row can be asked for.
    #expect(try lines(report().having("rate is null"), ["category", "undetermined"]) == ["2001 2"])
    #expect(try lines(report().having("not rate >= 0"), ["category"]) == ["2001"])
    #expect(
      try lines(report().having("category_name like '小麦%' or district = 630103"), ["inspected"]) == ["20", "0", "3"])
    // Sums are over all rows, and it is said.
    #expect(below.total == (try report()).total)
    #expect(below.notes.last?.textZh == "另有 4 行未列出；合计包括全部各行")
    #expect(try below.top(1).notes.count { $0.code == "rows_left_out" } == 1)
    #expect(below.query.last?.name == "having")
  }

  @Test func conditionsThatMakeNoSenseAreRefused() {
    #expect(message { _ = try report().having("rat < 1") }.contains("Did you mean 'rate'?"))
    #expect(message { _ = try report().having("rate < viel") }.contains("shares are written 95% or 0.95"))
    #expect(message { _ = try report().having("rate <") }.contains("expected a value"))
    #expect(message { _ = try report().sorted(by: "rate sideways") }.contains("expected 'asc', 'desc' or ','"))
    #expect(message { _ = try report().sorted(by: "rate,,district") }.contains("expected a column"))
    #expect(message { _ = try report().sorted(by: "distrct") }.contains("Did you mean 'district'?"))
    #expect(message { _ = try report().pivoted(on: "rate") }.contains("no dimension"))
    #expect(message { _ = try report().pivoted(on: "district", measure: "rate_name") }.contains("holds no numbers"))
  }

  @Test func rowsAreOrderedByTheirRates() throws {
    let order = try lines(report().sorted(by: "rate desc, inspected desc"), ["rate"])
    #expect(order == ["3/3", "95/100", "19/20", "93/100", "-"])
    // What is missing comes last either way, and what is alike stays in its order.
    #expect(try lines(report().sorted(by: "rate"), ["rate"]) == ["93/100", "19/20", "95/100", "3/3", "-"])
    // A heading that people see is the name, not the code: both 城中区, then by category.
    #expect(try lines(report().sorted(by: "区县:desc，category"), ["district"]).prefix(2) == ["630103", "630203"])
    #expect(try lines(report().sorted(by: "rate").top(2), ["rate"]) == ["93/100", "19/20"])
  }

  @Test func aCrossTableHasEveryNumberOnceAndNoOther() throws {
    let cross = try report().pivoted(on: "district")
    #expect(
      cross.columns.map(\.name) == [
        "category", "category_name", "purpose", "purpose_name", "rate:630102", "inspected:630102", "rate:630103",
        "inspected:630103", "rate:630203", "inspected:630203",
      ])
    #expect(cross.columns[4].heading == "城东区")
    #expect(
      try lines(cross, ["category", "rate:630102", "inspected:630102", "rate:630103", "rate:630203"]) == [
        "1001 93/100 100 19/20 -", "1002 95/100 100 - -", "2001 - 0 - 3/3",
      ])
    // Rates of districts and purposes are not pooled behind anybody's back.
    #expect(cross.total == nil && cross.subtotals.isEmpty)
    #expect(try lines(report().pivoted(on: "区县", measure: "failed"), ["failed:630102"]) == ["7", "5", "0"])
  }

  /// Every way of shaping leaves the cells as they were counted.
  @Test(arguments: 0..<10)
  func shapesAgreeWithASlowTwin(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed) &+ 90)
    let source = RandomStore.source(segments: 2, rows: 80, seed: UInt64(seed) &+ 7)
    var query = RateQuery(by: try Dimension.parse(list: "category:1,stage"))
    query.pool = true
    let report = try query.run(on: source).report()
    let all = try report.collected()
    let inspected = try #require(report.columns.firstIndex { $0.name == "inspected" })
    func count(_ cells: [ReportCell]) -> Int { if case .integer(let number) = cells[inspected] { number } else { -1 } }
    let bound = Int.random(in: 0..<9, using: &numbers)
    #expect(try report.having("inspected >= \(bound)").collected() == all.filter { count($0) >= bound })
    let sorted = try report.sorted(by: "inspected desc").collected()
    #expect(sorted.map(count) == all.map(count).sorted(by: >))
    #expect(Set(sorted) == Set(all))
    let cross = try report.pivoted(on: "stage", measure: "inspected")
    for cells in try cross.collected() {
      for (place, column) in cross.columns.enumerated().dropFirst(2) {
        let stage = ReportCell.text(String(column.name.dropFirst("inspected:".count)))
        let own = all.filter { $0[0] == cells[0] && $0[2] == stage }
        #expect(cells[place] == (own.first.map { $0[inspected] } ?? .missing))
        #expect(own.count <= 1)
      }
    }
  }
}
