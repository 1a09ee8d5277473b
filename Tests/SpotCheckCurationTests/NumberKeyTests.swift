import SpotCheckModel
import Testing

@testable import SpotCheckCuration

/// Rows belong to one sample by what its number is, and not by how it was delivered. The twin gets every number as it is
/// stored, so that none is delivered otherwise.
@Suite struct NumberKeyTests {
  private let header = ["抽样编号", "检验项目", "样品名称", "检验结果", "单项判定"]

  private func plan(_ shape: RecordShape) -> CurationPlan {
    .make(
      shape,
      [
        (.samplingNumber, ["抽样编号"]), (.analyte, ["检验项目"]), (.product, ["样品名称"]), (.value, ["检验结果"]),
        (.itemVerdict, ["单项判定"]),
      ]
    ) { plan in
      plan.field(.samplingNumber) {
        $0.required = true
        $0.steps = [.upper]
      }
    }
  }

  /// One number in the ways that people write it; the first is how it is stored.
  private func forms(_ number: Int) -> [String] {
    ["SC\(1000 + number)", "sc\(1000 + number)", "ＳＣ\(1000 + number)", "Sc\(1000 + number)"]
  }

  private func run(_ plan: CurationPlan, _ rows: [[String]], sealedAt: Int) -> (sealed: TablePair, rest: Curated) {
    var curator = Curator(plan: plan)
    var result = Curated()
    var sealed = TablePair()
    for (index, chunk) in [Array(rows[..<sealedAt]), Array(rows[sealedAt...])].enumerated() {
      let lines = Chunks.flat(index == 0 ? [header] + chunk : chunk, firstLine: index == 0 ? 1 : sealedAt + 2)
      curator.curate(lines, columnNames: [], into: &result.tables, report: &result.report)
      guard index == 0, plan.shape == .items, curator.canSeal else { continue }
      curator.prepareSeal(&result.tables, report: &result.report)
      sealed = result.tables
      result.tables = TablePair()
      curator.didSeal()
    }
    curator.finish(into: &result.tables, report: &result.report)
    return (sealed, result)
  }

  @Test(arguments: [RecordShape.samples, .items], [1, 2, 3, 4, 5, 6] as [UInt64])
  func numbersAreOneHoweverTheyAreDelivered(_ shape: RecordShape, _ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let plan = plan(shape)
    for _ in 0..<20 {
      // Rows of one sample come again between those of others, some of them after a seal.
      let told = (0..<40).map { row in
        (
          number: row / 5 + Int.random(in: 0...row % 2, using: &generator),
          form: Int.random(in: 0..<4, using: &generator)
        )
      }
      func rows(_ isTwin: Bool) -> [[String]] {
        told.enumerated().map { index, row in
          let number = forms(row.number)[isTwin ? 0 : row.form]
          let verdict = index % 13 == 12 ? "怪" : "合格"
          return [number, "项目\(index % 7)", "品\(row.number % 3)", "0.\(index % 3 + 1)", verdict]
        }
      }
      let cut = Int.random(in: 1..<40, using: &generator)
      let (mine, twin) = (run(plan, rows(false), sealedAt: cut), run(plan, rows(true), sealedAt: cut))
      #expect(mine.rest.report.accounts == twin.rest.report.accounts)
      #expect(mine.rest.report.counts == twin.rest.report.counts)
      for (mine, twin) in [(mine.sealed, twin.sealed), (mine.rest.tables, twin.rest.tables)] {
        #expect(mine.samples.plainText.map(\.bytes) == twin.samples.plainText.map(\.bytes))
        #expect(mine.samples.keyHash == twin.samples.keyHash)
        #expect(mine.samples.flags == twin.samples.flags)
        #expect(mine.samples.itemCount == twin.samples.itemCount)
        #expect(mine.samples.deliveredRows == twin.samples.deliveredRows)
        #expect(mine.items.sample == twin.items.sample)
      }
    }
  }
}
