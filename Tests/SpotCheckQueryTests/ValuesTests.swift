import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

/// Measured values against a twin that sorts plain lists.
@Suite struct ValuesTests {
  private struct Twin {
    var items = 0
    var (notDetected, detectedOnly, others, failed, limited, near) = (0, 0, 0, 0, 0, 0)
    var values: [Int64] = []
  }

  @Test(arguments: 0..<25)
  func everyNumberIsTheTwins(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed) &* 13 &+ 1)
    let source = RandomStore.source(segments: 3, rows: 150, seed: UInt64(seed) &+ 600)
    let list = numbers.pick(["analyte", "hazard", "analyte,district", "category:1,analyte"])
    var rate = RateQuery(by: try Dimension.parse(list: list))
    rate.pool = numbers.chance(50)
    rate.filter = try numbers.pick([nil, "year = 2023 and analyte in (铅, 镉)", "district = 西宁市"]).map {
      try Filter($0)
    }
    let result = try ValuesQuery(rate).run(on: source)
    let twins = try twins(rate, source)
    #expect(result.rows.count == twins.count)
    for row in result.rows {
      let twin = try #require(twins[row.codes + [row.unit]], "\(row.codes)")
      let (tally, ladder) = (row.tally, row.tally.ladder)
      #expect(tally.items == twin.items && tally.notDetected == twin.notDetected && tally.others == twin.others)
      #expect(tally.detectedOnly == twin.detectedOnly && tally.failed == twin.failed)
      #expect(tally.limited == twin.limited && tally.nearLimit == twin.near)
      let sorted = twin.values.sorted()
      #expect(tally.measured == sorted.count && ladder.count == sorted.count)
      guard !sorted.isEmpty else {
        #expect(ladder.median == nil && ladder.percentile95 == nil && ladder.least == nil)
        continue
      }
      let middle = sorted.count / 2
      let median =
        sorted.count % 2 == 1 ? Double(sorted[middle]) / 100 : Double(sorted[middle - 1] + sorted[middle]) / 200
      #expect(abs((ladder.median ?? -1) - median) < 1e-12)
      let rank = (sorted.count * 95 + 99) / 100
      #expect(ladder.percentile95?.approximation == Double(sorted[rank - 1]) / 100)
      #expect(ladder.least?.approximation == Double(sorted[0]) / 100)
      #expect(ladder.greatest?.approximation == Double(sorted[sorted.count - 1]) / 100)
    }
  }

  private func twins(_ rate: RateQuery, _ source: QuerySource) throws -> [[String]: Twin] {
    var twins: [[String]: Twin] = [:]
    let naive = NaiveQuery(query: rate, source: source)
    for visible in try source.segments() {
      guard let pair = try NaiveQuery.table(visible)?.tables else { continue }
      for item in 0..<pair.items.rowCount {
        let row = Int(pair.items.sample[item])
        guard !visible.excludedRows.contains(UInt32(row)), naive.matches(pair, row, item) else { continue }
        let key = rate.dimensions.map { naive.key($0, pair, row, item) } + [pair.items[.unit].string(item)]
        var twin = twins[key] ?? Twin()
        twin.items += 1
        if pair.items[.verdict].string(item) == "fail" { twin.failed += 1 }
        let flags = ItemFlags(rawValue: pair.items.flags[item])
        let isOfOneUnit = !flags.contains(.unitConverted) && !flags.contains(.unitMismatch)
        let limit = isOfOneUnit ? pair.items.decimals[ItemDecimal.limitHigh.rawValue].value(item)?.mantissa : nil
        let value = pair.items.decimals[ItemDecimal.value.rawValue].value(item)?.mantissa
        switch (pair.items[.qualifier].string(item), value) {
        case ("=", let value?):
          twin.values.append(value)
          if let limit {
            twin.limited += 1
            if value <= limit, 2 * value > limit { twin.near += 1 }
          }
        case ("nd", _), ("<", _):
          twin.notDetected += 1
          if limit != nil { twin.limited += 1 }
        case (">", _), ("detected", _): twin.detectedOnly += 1
        default: twin.others += 1
        }
        twins[key] = twin
      }
    }
    return twins
  }

  @Test func paretoIsInOrderAndEndsAtAll() throws {
    let source = RandomStore.source(segments: 2, rows: 200, seed: 77)
    var rate = RateQuery(by: [Dimension(.analyte)])
    rate.pool = true
    var query = try ValuesQuery(rate)
    let plain = try query.run(on: source)
    query.isPareto = true
    let pareto = try query.run(on: source)
    let failed = pareto.rows.map(\.tally.failed)
    #expect(failed == failed.sorted(by: >) && !failed.contains(0))
    #expect(failed.reduce(0, +) == plain.failed)
    #expect(pareto.rows.last?.failedSoFar == pareto.failed)
    let last = try pareto.report().collected().last?.last
    #expect(last == .rate(Proportion(pareto.failed, of: pareto.failed)))
  }

  @Test func numbersAtTheEdges() throws {
    func near(_ value: (Int64, Int8), _ limit: (Int64, Int8)) -> Bool {
      ExactDecimal(mantissa: value.0, scale: value.1).isNear(ExactDecimal(mantissa: limit.0, scale: limit.1))
    }
    #expect(near((5, 1), (50, 2)))  // at the limit
    #expect(!near((25, 2), (5, 1)))  // exactly half is not above half
    #expect(near((2_500_001, 7), (5, 1)))
    #expect(!near((51, 2), (5, 1)))
    #expect(near((.max, 0), (.max, 0)) && !near((.max, 18), (.max, 0)))
    #expect(!near((.min, 0), (1, 0)))
    #expect(!near((0, 0), (0, 0)))
    #expect(ExactDecimal(mantissa: 5000, scale: 4).withoutTrailingZeros == ExactDecimal(mantissa: 5, scale: 1))
    #expect(ExactDecimal(mantissa: 0, scale: 3).withoutTrailingZeros == ExactDecimal(mantissa: 0, scale: 0))
    var tally = ValueTally()
    for value in [Int64.max, Int64.min, 0] {
      tally.add(.equal, ExactDecimal(mantissa: value, scale: 0), limit: nil, isFailed: false)
    }
    #expect(tally.ladder.median == 0 && tally.ladder.count == 3)
    #expect(throws: QueryError.self) { try ValuesQuery(RateQuery(by: [Dimension(.district)])) }
  }
}
