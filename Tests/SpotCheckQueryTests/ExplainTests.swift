import SpotCheckModel
import Testing

@testable import SpotCheckQuery

/// An explanation says what was really used.
@Suite struct ExplainTests {
  private func lines(_ query: RateQuery, _ source: QuerySource) throws -> [String: String] {
    let report = try query.run(on: source).explained(source)
    var lines: [String: String] = [:]
    for row in try report.collected() {
      guard case .text(let part) = row[0], case .text(let name) = row[2], case .text(let value) = row[3] else {
        continue
      }
      lines[part + "." + name] = value
    }
    return lines
  }

  @Test(arguments: 0..<10)
  func samplesAndRowsAddUp(seed: Int) throws {
    let source = RandomStore.source(segments: 3, rows: 90, seed: UInt64(seed) &+ 50)
    var query = RateQuery(by: [Dimension(.category, level: 1)])
    query.filter = seed % 2 == 0 ? nil : try Filter("year = 2023")
    let result = try query.run(on: source)
    let said = try lines(query, source)
    let counts = result.total.counts
    #expect(said["samples.samples"] == "\(counts.samples) = 检验 \(counts.inspected) + 不进分母 \(counts.excluded)")
    #expect(said["samples.inspected"] == "\(counts.inspected) = 合格 \(counts.passed) + 不合格 \(counts.failed)")
    let excluded = SampleClass.allCases.filter { !$0.isInspected }
    #expect(
      excluded.allSatisfy {
        counts[$0] == 0 ? said["samples." + $0.rawValue] == nil : said["samples." + $0.rawValue] != nil
      })
    #expect(said["reading.rows_read"] == "\(result.scan.rowsRead) 行")
    #expect(said["reading.segments_pruned"]?.hasPrefix("\(result.scan.segmentsPruned) 段") == true)
    #expect(said["question.where"] == (seed % 2 == 0 ? "全部样品" : "year = 2023"))
    #expect(said["snapshot.table:categories"] == "\(SmallTables.categories.entries.count) 条")
    #expect(said["snapshot.table:parks"] == nil)
    #expect(said["samples.rate"] == "多个任务类别，不合并计算")
  }

  @Test func whatIsAskedBesideIsDefined() throws {
    var store = SmallStore()
    store.add(3, .selective, .pass)
    store.add(1, .selective, .fail)
    var query = RateQuery(by: [Dimension(.year)])
    query.measures = [.item, .physical]
    query.target = TargetQuestion(percent: "95")
    query.period = try PeriodSpan("2024Q1")
    let said = try lines(query, store.source)
    #expect(said["samples.rate"] == "3 ÷ 4 = 75.0000%")
    #expect(said["question.period"] == "2024Q1：2024-01-01 至 2024-03-31")
    #expect(said["definition.item_rate"] != nil && said["definition.physical_rate"] != nil)
    #expect(said["definition.target"]?.contains("α = 0.05") == true)
    #expect(said["reading.origin"] == "逐行读取")
    // What is hidden is not given away by the sums.
    let hidden = try RateQuery(by: [Dimension(.year)]).run(on: store.source).suppressing(below: 10)
    let rows = try hidden.explained(store.source).collected()
    #expect(!rows.contains { $0[0] == .text("samples") && $0[2] == .text("inspected") })
  }
}
