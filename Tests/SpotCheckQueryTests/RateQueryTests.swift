import SpotCheckModel
import Testing

@testable import SpotCheckQuery

@Suite struct RateQueryTests {
  static let filters: [String?] = [
    nil, "category = 10", "category = 蔬菜 or district = 西宁市", "district in (630106, 630203) and not purpose = objective",
    "sampled_day >= 2023-01-01 and sampled_day < 2024-01-01", "year = 2023", "year != 2023 and line > 10",
    "verdict in (pass, fail) and (stage = '' or stage != production)", "category = '?' or district = ''",
    "sampled_day = '' or flag = contradiction", "bureau > nyncj", "sampling_number = 'N-3'", "district != 湟中县",
    "product = '菠菜' and lab != 甲", "category = 999", "year >= 2023 and year <= 2024", "sampled_day != 2023-05-05",
  ]
  static let dimensionLists = [
    "category", "category:1,district", "district:2,purpose", "district,park,stage", "year,month", "quarter,bureau",
    "unit_district:1,producer_district:3", "producer,product,category,district", "verdict", "batch,lab,level",
    "analyte",
    "hazard,category:1", "analyte,purpose,year", "",
  ]

  @Test(arguments: 0..<40)
  func agreesWithTheNaiveTwin(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed) &* 77)
    let source = RandomStore.source(segments: 4, rows: 120, seed: UInt64(seed))
    for _ in 0..<6 {
      let list = numbers.pick(RateQueryTests.dimensionLists)
      var query = RateQuery(by: list.isEmpty ? [] : try Dimension.parse(list: list))
      query.filter = try numbers.pick(RateQueryTests.filters).map { try Filter($0) }
      query.onMap = numbers.pick(MapView.allCases)
      query.parks = numbers.pick(ParkRule.allCases)
      query.periodBy = numbers.pick(SampleDay.allCases)
      query.pool = numbers.chance(30)
      query.threads = numbers.pick([1, 2, 3])
      query.period = numbers.chance(30) ? try PeriodSpan(numbers.pick(RateQueryTests.periods)) : nil
      if numbers.chance(50) { query.measures = [.item] }
      if numbers.chance(50), !query.dimensions.contains(where: { $0.isItemBased }) {
        query.measures.append(.enterprise)
      }
      let result = try query.run(on: source)
      let expected = try NaiveQuery(query: query, source: source).run()
      let what = Comment(rawValue: "\(list) where \(query.filter?.text ?? "") \(query.onMap) \(query.parks)")
      #expect(Dictionary(uniqueKeysWithValues: result.rows.map { ($0.codes, $0.counts) }) == expected.groups, what)
      #expect(result.total.counts == expected.total, what)
      try sumsHold(result, what)
      try measuresHold(result, expected, what)
    }
  }

  static let periods = ["2023", "2022H2", "2023Q3", "2023-02", "2022-11..2023-04", "2023-02-28..2023-03-01"]

  private func measuresHold(_ result: RateResult, _ expected: NaiveQuery.Answer, _ what: Comment) throws {
    if result.query.measures.contains(.item) {
      for row in result.rows { #expect(row.items == expected.items[row.codes] ?? RateCounts(), what) }
      let all = expected.items.values.reduce(RateCounts(), +)
      #expect(result.total.items == all, what)
      // Only rows that stand in the answer can hold items.
      #expect(Set(expected.items.keys).isSubset(of: Set(result.rows.map(\.codes))), what)
    }
    guard result.query.measures.contains(.enterprise) else { return }
    for row in result.rows {
      let naive = expected.enterprises[row.codes] ?? ([], [], 0)
      let counts = try #require(row.enterprises)
      #expect(counts.enterprises == naive.all.count && counts.failed == naive.failed.count, what)
      #expect(counts.unnamedSamples == naive.unnamed, what)
    }
    let all = expected.enterprises.values.reduce(into: Set<String>()) { $0.formUnion($1.all) }
    #expect(result.total.enterprises?.enterprises == all.count, what)
  }

  private func sumsHold(_ result: RateResult, _ what: Comment) throws {
    let sum = result.rows.map(\.counts).reduce(RateCounts(), +)
    let mix = result.purposeMix.map(\.counts).reduce(RateCounts(), +)
    #expect(mix == result.total.counts, what)
    if !result.dimensions.contains(where: { $0.isItemBased }) { #expect(sum == result.total.counts, what) }
    if !result.purposeTotals.isEmpty {
      #expect(result.purposeTotals.map(\.counts).reduce(RateCounts(), +) == result.total.counts, what)
    }
    let sorted = result.rows.map(\.codes)
    #expect(
      sorted
        == sorted.sorted {
          $0.joined(separator: "\u{1}").utf8.lexicographicallyPrecedes($1.joined(separator: "\u{1}").utf8)
        }, what)
    #expect(Set(sorted).count == sorted.count)
  }

  @Test func threadsAndPartsDoNotChangeTheAnswer() throws {
    let source = RandomStore.source(segments: 6, rows: 900, seed: 5)
    var query = RateQuery(by: try Dimension.parse(list: "producer,product,category,district,month"))
    query.threads = 1
    let one = try query.run(on: source)
    query.threads = 4
    let four = try query.run(on: source)
    #expect(one.rows == four.rows)
    let reversed = QuerySource(
      snapshot: source.snapshot, segments: try source.segments().reversed(), tables: source.tables)
    #expect(try query.run(on: reversed).rows == one.rows)
    // More groups than the flat table holds: the hash table was at work.
    #expect(one.rows.count > 500)
  }

  @Test func sparseAndDenseCountersAgree() {
    var numbers = SeededNumbers(state: 3)
    var (dense, sparse) = (GroupCounter(groups: 5000), GroupCounter(groups: 5000, denseLimit: 10))
    var (other, otherSparse) = (dense, sparse)
    for _ in 0..<50 {
      let keys = (0..<400).map { _ in Int.random(in: 0..<5000, using: &numbers) }
      let classes = (0..<400).map { _ in UInt8.random(in: 0...CountPlace.ignored, using: &numbers) }
      if numbers.chance(50) {
        dense.add(keys, classes, count: 399)
        sparse.add(keys, classes, count: 399)
      } else {
        other.add(keys, classes, count: 400)
        otherSparse.add(keys, classes, count: 400)
      }
    }
    dense.merge(other)
    sparse.merge(otherSparse)
    let left = dense.groups().sorted { $0.key < $1.key }
    let right = sparse.groups().sorted { $0.key < $1.key }
    #expect(left.map(\.key) == right.map(\.key))
    #expect(left.map(\.counts) == right.map(\.counts))
  }

  /// One sample a line: purpose, verdict, category, district, park.
  private func source(_ rows: [(Purpose, Verdict, String, String, String)]) -> QuerySource {
    var numbers = SeededNumbers(state: 1)
    var pair = RandomStore.tables(rows: rows.count, &numbers)
    pair.samples.flags = rows.map { _ in 0 }
    func set(_ column: SampleText, _ row: Int, _ text: String) {
      pair.samples.text[column.rawValue].codes[row] = pair.samples.text[column.rawValue].dictionary.intern(text)
    }
    for (row, values) in rows.enumerated() {
      set(.purpose, row, values.0.rawValue)
      set(.verdict, row, values.1.rawValue)
      set(.category, row, values.2)
      set(.district, row, values.3)
      set(.park, row, values.4)
    }
    let segment = VisibleSegment(TableSegment(id: "s", tables: pair))
    return QuerySource(snapshot: 3, segments: [segment], tables: SmallTables.all)
  }

  @Test func purposesAreNeverPooledSilently() throws {
    let source = source([
      (.objective, .pass, "1001", "630102", ""), (.objective, .fail, "1001", "630102", ""),
      (.selective, .pass, "1001", "630102", ""), (.selective, .undetermined, "1002", "", ""),
    ])
    var query = RateQuery(by: [Dimension(.district)])
    let apart = try query.run(on: source)
    #expect(apart.dimensions.map(\.text) == ["district", "purpose"])
    #expect(apart.rows.map(\.codes) == [["", "selective"], ["630102", "objective"], ["630102", "selective"]])
    #expect(apart.rows.map(\.rate) == [nil, 0.5, 1])
    #expect(apart.total.counts.samples == 4 && apart.total.counts.inspected == 3)
    #expect(apart.total.rate == nil && apart.total.interval == nil)
    #expect(apart.purposeTotals.map(\.codes) == [["*", "objective"], ["*", "selective"]])
    #expect(apart.purposeTotals.map(\.rate) == [0.5, 1])
    #expect(apart.notes.contains { $0.code == "purposes_not_pooled" && !$0.isWarning })
    query.pool = true
    let pooled = try query.run(on: source)
    #expect(pooled.dimensions.map(\.text) == ["district"])
    #expect(pooled.total.rate == 2.0 / 3)
    #expect(
      pooled.notes.contains { $0.code == "pooled" && $0.isWarning && $0.text.contains("objective 2, selective 2") })
    query.pool = false
    query.filter = try Filter("purpose = 评价性抽检")
    let single = try query.run(on: source)
    #expect(single.total.rate == 0.5)
    #expect(single.purposeTotals.isEmpty)
  }

  @Test func onlyConclusionsAreInTheDenominator() throws {
    let source = source(
      Verdict.allCases.map { (.objective, $0, "1001", "630102", "") } + [(.objective, .pass, "1001", "630102", "")])
    let row = try #require(try RateQuery(by: [Dimension(.purpose)]).run(on: source).rows.first)
    #expect(row.counts == RateCounts(passed: 2, failed: 1, undetermined: 1, notTested: 1))
    #expect(row.counts.samples == 5 && row.counts.inspected == 3)
    #expect(row.rate == 2.0 / 3)
  }

  @Test func mapsAndParks() throws {
    let source = source([
      (.objective, .pass, "1001", "630122", ""), (.objective, .pass, "1001", "630106", "P2"),
      (.objective, .fail, "1001", "630199", ""), (.objective, .pass, "?", "630198", ""),
      (.objective, .pass, "", "630102", "P1"),
    ])
    var query = RateQuery(by: [Dimension(.district)])
    query.pool = true
    func rows() throws -> [String: Int] {
      Dictionary(uniqueKeysWithValues: try query.run(on: source).rows.map { ($0.codes[0], $0.counts.samples) })
    }
    #expect(try rows() == ["630122": 1, "630106": 1, "630199": 1, "630198": 1, "630102": 1])
    query.onMap = .today
    // One successor (also by a chain) takes the place; of two nobody can choose.
    #expect(try rows() == ["630106": 3, "630199": 1, "630102": 1])
    query.filter = try Filter("district = 湟中县")
    #expect(try rows() == ["630106": 3])
    query.onMap = .then
    #expect(try rows() == ["630122": 1])
    query.filter = nil
    query.parks = .separate
    #expect(try rows() == ["630122": 1, "P2": 1, "630199": 1, "630198": 1, "P1": 1])
    query.by = [Dimension(.district, level: 2)]
    #expect(try rows() == ["6301": 5])
    query.by = [Dimension(.district, level: 3)]
    #expect(try rows() == ["630122": 1, "P2": 1, "630199": 1, "630198": 1, "P1": 1])
    query.by = [Dimension(.category, level: 1)]
    let result = try query.run(on: source)
    #expect(result.rows.map(\.codes) == [[""], ["10"], ["?"]])
    #expect(result.rows.map(\.names) == [["未填写"], ["食用农产品"], ["未映射"]])
  }

  @Test func anEmptyStoreHasAnEmptyAnswer() throws {
    let result = try RateQuery(by: [Dimension(.category)]).run(on: QuerySource(snapshot: 0, segments: []))
    #expect(result.rows.isEmpty)
    #expect(result.total.codes == ["*", "*"])
    #expect(result.total.counts == RateCounts())
    #expect(result.total.rate == nil)
    #expect(result.snapshot == 0)
  }

  @Test func manyRowsCrossChunksAndParts() throws {
    var numbers = SeededNumbers(state: 9)
    let pair = RandomStore.tables(rows: 9000, &numbers)
    let excluded = stride(from: UInt32(0), to: 9000, by: 7).map { $0 }
    let source = QuerySource(
      snapshot: 1, segments: [VisibleSegment(TableSegment(id: "s", tables: pair), excludedRows: excluded)],
      tables: SmallTables.all)
    let query = RateQuery(by: [Dimension(.purpose)])
    let expected = try NaiveQuery(query: query, source: source).run()
    let result = try query.run(on: source)
    #expect(result.total.counts == expected.total)
    #expect(result.total.counts.samples == 9000 - excluded.count)
  }
}
