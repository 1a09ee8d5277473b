import SpotCheckModel
import Testing

@testable import SpotCheckQuery

/// Hidden rows cannot be computed from what is printed.
@Suite struct RateSuppressionTests {
  private static func result(_ lists: [[(passed: Int, failed: Int)]]) -> RateResult {
    var rows: [RateRow] = []
    var totals: [RateRow] = []
    let purposes: [Purpose] = [.objective, .selective, .followup]
    for (index, list) in lists.enumerated() {
      let purpose = purposes[index]
      for (place, counts) in list.enumerated() {
        rows.append(
          RateRow(
            codes: ["d\(place)", purpose.rawValue], names: ["d\(place)", purpose.nameZh],
            counts: RateCounts(passed: counts.passed, failed: counts.failed), purpose: purpose))
      }
      let sum = rows.suffix(list.count).reduce(RateCounts()) { $0 + $1.counts }
      totals.append(RateRow(codes: ["*", purpose.rawValue], names: ["", ""], counts: sum, purpose: purpose))
    }
    let all = rows.reduce(RateCounts()) { $0 + $1.counts }
    return RateResult(
      query: RateQuery(by: [Dimension(.district)]), dimensions: [Dimension(.district), Dimension(.purpose)],
      snapshot: 1, rows: rows, purposeTotals: lists.count > 1 ? totals : [],
      total: RateRow(codes: ["*", "*"], names: ["", ""], counts: all), purposeMix: [], notes: [],
      scan: ScanSummary())
  }

  /// Every way to fill the hidden rows of one list so that its printed sum holds: for each hidden row, which numbers of
  /// passed and failed samples are possible.
  private static func possible(_ count: Int, passed: Int, failed: Int) -> [(passed: Set<Int>, failed: Set<Int>)] {
    var found = Array(repeating: (passed: Set<Int>(), failed: Set<Int>()), count: count)
    var now = Array(repeating: (0, 0), count: count)
    func fill(_ index: Int, _ passed: Int, _ failed: Int) {
      if index == count - 1 {
        now[index] = (passed, failed)
        // A row that is printed at all has a sample.
        guard now.allSatisfy({ $0.0 + $0.1 > 0 }) else { return }
        for (place, cell) in now.enumerated() {
          found[place].passed.insert(cell.0)
          found[place].failed.insert(cell.1)
        }
        return
      }
      for a in 0...passed { for b in 0...failed { now[index] = (a, b); fill(index + 1, passed - a, failed - b) } }
    }
    fill(0, passed, failed)
    return found
  }

  @Test func noHiddenCellCanBeRecovered() throws {
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var hiddenRows = 0
    for _ in 0..<400 {
      let lists = (0..<(1 + next(2))).map { _ in
        (0..<(1 + next(5))).map { _ in (passed: next(5), failed: next(3)) }.filter { $0.passed + $0.failed > 0 }
      }.filter { !$0.isEmpty }
      guard !lists.isEmpty else { continue }
      let result = try RateSuppressionTests.result(lists).suppressing(below: 3)
      let suppression = try #require(result.suppression)
      for (index, row) in result.rows.enumerated() where row.counts.samples < 3 {
        #expect(suppression.rows.contains(index))
      }
      var start = 0
      for (number, list) in lists.enumerated() {
        let own = (start..<(start + list.count)).filter { suppression.rows.contains($0) }
        start += list.count
        guard !own.isEmpty else { continue }
        hiddenRows += own.count
        let isSumHidden = lists.count > 1 ? suppression.purposeTotals.contains(number) : suppression.hidesTotal
        if isSumHidden {
          // The grand total would give it back.
          #expect(suppression.hidesTotal)
          continue
        }
        let sum = own.reduce(RateCounts()) { $0 + result.rows[$1].counts }
        let all = list.reduce((0, 0)) { ($0.0 + $1.passed, $0.1 + $1.failed) }
        for cell in RateSuppressionTests.possible(own.count, passed: sum.passed, failed: sum.failed) {
          #expect(cell.passed.count > 1 || all.0 == 0, "\(lists) \(suppression)")
          #expect(cell.failed.count > 1 || all.1 == 0, "\(lists) \(suppression)")
        }
      }
    }
    #expect(hiddenRows > 300)
  }

  @Test func whatIsHiddenIsNeverAZero() throws {
    let result = try RateSuppressionTests.result([[(1, 0), (9, 1), (20, 3), (30, 2)]]).suppressing(below: 5)
    let report = result.report()
    var lines: [[ReportCell]] = []
    try report.rows { lines.append($0) }
    #expect(lines[0].dropFirst(4).dropLast().allSatisfy { $0 == .missing })
    #expect(lines.map { $0.last == .text("suppressed") } == [true, true, false, false])
    #expect(report.total?.last == .missing)
    #expect(result.notes.map(\.code) == ["suppressed"])
    #expect(try RateSuppressionTests.result([[(9, 1)]]).suppressing(below: 5).suppression?.isEmpty == true)
  }

  /// One small row alone: its sum says what it is, and so does the sum over all purposes.
  @Test func aListWithNothingToHideBehindLosesItsSum() throws {
    let result = try RateSuppressionTests.result([[(1, 0)], [(9, 1), (20, 3)]]).suppressing(below: 5)
    let suppression = try #require(result.suppression)
    #expect(suppression.rows == [0] && suppression.purposeTotals == [0] && suppression.hidesTotal)
    #expect(result.report().total?.last == .text("suppressed"))
  }

  @Test func whatStandsBesideTheRateWouldGiveRowsAway() {
    var result = RateSuppressionTests.result([[(1, 0), (9, 1)]])
    result.query.yearOnYear = true
    #expect(throws: QueryError.self) { try result.suppressing(below: 5) }
  }
}
