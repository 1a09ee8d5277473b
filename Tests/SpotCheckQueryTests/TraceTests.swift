import SpotCheckModel
import Testing

@testable import SpotCheckQuery

/// What a number counts are as many samples as it says, and each of them stands in the row.
@Suite struct TraceTests {
  @Test(arguments: 0..<20)
  func everyNumberOfEveryRowIsFoundAgain(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed) &* 31 &+ 3)
    let source = RandomStore.source(segments: 3, rows: 90, seed: UInt64(seed) &+ 800)
    let list = numbers.pick([
      "category", "category:1,district", "district:2,stage", "year", "month,lab", "park,purpose", "verdict,level",
      "product,quarter", "producer_district:1,bureau",
    ])
    var query = RateQuery(by: try Dimension.parse(list: list))
    query.filter = try numbers.pick([nil, "year >= 2023", "product like '%果'", "district = 西宁市"]).map { try Filter($0) }
    query.onMap = numbers.pick(MapView.allCases)
    query.periodBy = numbers.pick(SampleDay.allCases)
    query.pool = numbers.chance(40)
    query.period = numbers.chance(30) ? try PeriodSpan("2022-06..2023-06") : nil
    let result = try query.run(on: source)
    for row in result.rows.shuffled(using: &numbers).prefix(12) {
      for (number, count) in [
        (TracedNumber.samples, row.counts.samples), (.inspected, row.counts.inspected),
        (.of(.failed), row.counts.failed),
        (.of(.screening), row.counts.screening), (.of(.listed), row.counts.listed),
        (.of(.riskMonitoring), row.counts.riskMonitoring), (.of(.refused), row.counts.refused),
      ] {
        let traced = try TraceQuery(query, cell: row.codes.map { $0.isEmpty ? "-" : $0 }, number: number)
          .report(on: source).collected()
        #expect(traced.count == count, "\(list) \(row.codes) \(number)")
      }
    }
    let all = try TraceQuery(query, cell: query.dimensions.map { _ in "*" }).report(on: source).collected()
    #expect(all.count == result.total.counts.samples)
  }

  @Test func rowsAreNamedByCodesOrNames() throws {
    var store = SmallStore()
    store.add(3, .selective, .fail, [.category: "100101", .district: "630102"])
    store.add(2, .selective, .pass, [.category: "100101", .district: "630102"])
    store.add(1, .objective, .fail, [.category: "2001", .district: "630102"])
    let query = RateQuery(by: try Dimension.parse(list: "category:1,district"))
    func count(_ cell: [String], _ number: TracedNumber) throws -> Int {
      try TraceQuery(query, cell: cell, number: number).report(on: store.source).collected().count
    }
    #expect(try count(["10", "630102", "selective"], .of(.failed)) == 3)
    #expect(try count(["食用农产品", "城东区", "监督抽检"], .inspected) == 5)
    #expect(try count(["*", "城东区", "*"], .of(.failed)) == 4)
    #expect(try count(["10", "630102", "objective"], .samples) == 0)
    let places = try TraceQuery(query, cell: ["20", "630102", "*"]).report(on: store.source)
    #expect(places.columns.map(\.name).suffix(4) == ["file", "line", "byte", "batch"])
  }

  @Test func whatCannotBeTracedIsSaid() throws {
    let source = RandomStore.source(segments: 1, rows: 5, seed: 1)
    func message(_ by: String, _ cell: [String], _ change: (inout RateQuery) throws -> Void = { _ in }) -> String {
      do {
        var query = RateQuery(by: try Dimension.parse(list: by))
        try change(&query)
        _ = try TraceQuery(query, cell: cell).report(on: source).collected()
        return "no error"
      } catch { return String(describing: error) }
    }
    #expect(message("district", ["630102"]).contains("Dimensions, in order: district, purpose"))
    #expect(message("analyte", ["铅", "*"]).contains("matter of items"))
    #expect(message("district", ["630102", "*"]) { $0.parks = .separate }.contains("parks"))
    #expect(message("year", ["24", "*"]).contains("is no year"))
    #expect(message("year", ["2024", "*"]) { $0.filter = try Filter("analyte = 铅") }.contains("asks for items"))
    // Also where there is nothing to look through.
    let nothing = QuerySource(snapshot: 0, segments: [])
    #expect(throws: QueryError.self) {
      try TraceQuery(RateQuery(by: [Dimension(.year)]), cell: ["24", "*"]).report(on: nothing)
    }
    #expect(TracedNumber("rate") == nil && TracedNumber("不合格") == .of(.failed))
  }
}
