import SpotCheckModel
import Testing

@testable import SpotCheckCuration

/// Random files of every shape: rows must balance, nothing may trap, and chunking must not matter.
@Suite struct CuratorRandomTests {
  private static let texts = [
    "", "", " ", "/", "SC0001", "SC0002", "SC0003", "sc0001", "抽样编号", "合计", "填表人：x", "铅", "镉", "0.1", "0.3", "<0.01",
    "未检出",
    "≤0.2", "n=5,c=2,m=10,M=100", "2021-05-01", "2021-02-30", "44197", "城东区", "湟中县", "柳州", "合格", "不合格", "差不多", "=1+1",
    "6.93217E+12", "铅║0.3║≤0.2", "║", "\u{3000}", "mg/kg", "箱", "1.9×105", "请选择", "\u{0}", "风险监测",
  ]
  private static let header = ["抽样编号", "检验项目", "检验结果", "标准值", "抽样日期", "区县", "结论", "不合格项目", "任务", "铅(mg/kg)"]

  private func plan(_ shape: RecordShape, continuation: Bool) -> CurationPlan {
    .make(
      shape,
      [
        (.samplingNumber, ["抽样编号"]), (.analyte, ["检验项目"]), (.value, ["检验结果"]), (.limit, ["标准值"]),
        (.sampledDay, ["抽样日期"]),
        (.unitDistrict, ["区县"]), (.sampleVerdict, ["结论"]), (.items, ["不合格项目"]), (.purpose, ["任务"]),
      ], tables: ["districts": XiningCodes.districts, "parks": XiningCodes.parks]
    ) { plan in
      plan.continuation = continuation
      plan.field(.samplingNumber) { $0.required = true }
      if shape == .wide { plan.wide = WidePlan() }
      plan.combined = CombinedPlan()
      var section = RowRule(.section(.section))
      section.onlyIn = [.position(1)]
      plan.rowRules = [section]
    }
  }

  private func randomRows(_ count: Int, _ generator: inout SeededGenerator) -> [[String]] {
    (0..<count).map { _ in
      if Int.random(in: 0..<25, using: &generator) == 0 { return CuratorRandomTests.header }
      var row = CuratorRandomTests.header.map { _ in CuratorRandomTests.texts.randomElement(using: &generator) ?? "" }
      if Bool.random(using: &generator) {
        row[0] = ["SC0001", "SC0002", "SC0009", ""].randomElement(using: &generator) ?? ""
      }
      switch Int.random(in: 0..<20, using: &generator) {
      case 0: row.removeLast(Int.random(in: 1...row.count, using: &generator))
      case 1: row.append(contentsOf: ["", CuratorRandomTests.texts.randomElement(using: &generator) ?? ""])
      case 2: row = row.map { _ in "" }
      default: break
      }
      return row
    }
  }

  /// Curates with a seal at every chunk's end where it may be: the sealed tables, and the report.
  /// - Parameters:
  ///   - every: seals after so many chunks.
  ///   - isShared: item rows are brought into columns by whoever seals, and the memory of all that was sealed is used again.
  private func sealed(
    _ plan: CurationPlan, _ chunks: [RecordChunk], names: [String] = [], every: Int = 1, isShared: Bool = false
  ) -> ([TablePair], CurationReport) {
    var curator = Curator(plan: plan)
    curator.leavesItemColumns = isShared
    var (tables, report, pairs) = (TablePair(), CurationReport(), [TablePair]())
    var rows = ItemRows()
    for (index, chunk) in chunks.enumerated() {
      curator.curate(chunk, columnNames: names, into: &tables, report: &report)
      guard curator.canSeal, index % every == every - 1 else { continue }
      curator.prepareSeal(&tables, report: &report)
      if isShared {
        curator.swapItemRows(&rows)
        rows.write(into: &tables.items)
        rows.removeAll()
      }
      pairs.append(tables)
      if isShared { tables.removeAll() } else { tables = TablePair() }
      curator.didSeal()
    }
    curator.finish(into: &tables, report: &report)
    return (pairs + [tables], report)
  }

  /// Whether whoever seals may write the item rows, and whether memory is used again, must not be seen in any column.
  private func checkShared(_ plan: CurationPlan, _ chunks: [RecordChunk], names: [String] = []) {
    for every in [1, 3] {
      let (alone, first) = sealed(plan, chunks, names: names, every: every)
      let (shared, second) = sealed(plan, chunks, names: names, every: every, isShared: true)
      #expect(first.accounts == second.accounts)
      #expect(first.rejects.count == second.rejects.count)
      #expect(first.counts == second.counts)
      #expect(alone.count == shared.count)
      for (one, two) in zip(alone, shared) {
        let (samples, items) = (one.samples, one.items)
        #expect(samples.text.map(\.codes) == two.samples.text.map(\.codes))
        #expect(samples.text.map(\.dictionary.bytes) == two.samples.text.map(\.dictionary.bytes))
        #expect(samples.text.map(\.dictionary.offsets) == two.samples.text.map(\.dictionary.offsets))
        #expect(samples.plainText.map(\.bytes) == two.samples.plainText.map(\.bytes))
        #expect(samples.days.map(\.days) == two.samples.days.map(\.days))
        #expect(samples.flags == two.samples.flags && samples.itemCount == two.samples.itemCount)
        #expect(samples.contentHashLow == two.samples.contentHashLow && samples.keyHash == two.samples.keyHash)
        #expect(items.sample == two.items.sample && items.flags == two.items.flags)
        #expect(items.line == two.items.line && items.byteOffset == two.items.byteOffset)
        #expect(items.text.map(\.codes) == two.items.text.map(\.codes))
        #expect(items.text.map(\.dictionary.bytes) == two.items.text.map(\.dictionary.bytes))
        #expect(items.decimals.map(\.mantissas) == two.items.decimals.map(\.mantissas))
        #expect(items.decimals.map(\.scales) == two.items.decimals.map(\.scales))
      }
    }
  }

  private func checkSealed(_ plan: CurationPlan, _ chunks: [RecordChunk], names: [String] = [], rows: Int) -> Int {
    let (pairs, report) = sealed(plan, chunks, names: names)
    checkShared(plan, chunks, names: names)
    #expect(report.accounts.read == rows)
    #expect(report.accounts.isBalanced)
    let delivered = pairs.flatMap(\.samples.deliveredRows).reduce(0) { $0 + Int($1) }
    // A refused file is not written; until then its samples hold what was accepted.
    #expect(delivered == report.accounts.accepted)
    return pairs.count
  }

  private func check(_ result: Curated, rows: Int) {
    #expect(result.accounts.read == rows)
    #expect(result.accounts.isBalanced)
    #expect(result.tables.samples.deliveredRows.reduce(0) { $0 + Int($1) } == result.accounts.accepted)
    if result.report.fatal == nil { #expect(result.report.rejects.count == result.accounts.rejected) }
    let samples = result.tables.samples
    #expect(samples.text.allSatisfy { $0.codes.count == samples.rowCount })
    #expect(samples.flags.count == samples.rowCount && samples.contentHashHigh.count == samples.rowCount)
    let items = result.tables.items
    #expect(items.text.allSatisfy { $0.codes.count == items.rowCount })
    #expect(items.decimals.allSatisfy { $0.mantissas.count == items.rowCount })
    #expect(items.sample == items.sample.sorted())
    #expect(samples.itemCount.reduce(0, +) == UInt32(items.rowCount))
    for (row, first) in samples.firstItem.enumerated() where samples.itemCount[row] > 0 {
      #expect(items.sample[Int(first)] == UInt32(row))
    }
    // Twin of the sample verdict, from the columns alone.
    for row in 0..<samples.rowCount where result.sample(row, .reportedVerdict).isEmpty {
      let verdicts = items.sample.indices.filter { items.sample[$0] == UInt32(row) }.map { result.item($0, .verdict) }
      let verdict = result.sample(row, .verdict)
      if result.flags(row).contains(.riskMonitoring) {
        #expect(verdict == "undetermined")
      } else if verdicts.contains("fail") {
        #expect(verdict == "fail")
      } else if verdict == "pass" {
        #expect(verdicts.contains("pass"))
      }
    }
  }

  @Test(arguments: [RecordShape.samples, .items, .wide], [true, false])
  func flatFilesBalance(shape: RecordShape, continuation: Bool) {
    var generator = SeededGenerator(seed: 11)
    let plan = plan(shape, continuation: continuation)
    var seals = 0
    for _ in 0..<12 {
      let rows = [CuratorRandomTests.header] + randomRows(Int.random(in: 0..<60, using: &generator), &generator)
      let whole = plan.run(rows)
      check(whole, rows: rows.count)
      // In pieces: the same tables and the same accounts.
      let size = Int.random(in: 1...9, using: &generator)
      let pieces = stride(from: 0, to: rows.count, by: size).map { start in
        Chunks.flat(Array(rows[start..<min(start + size, rows.count)]), firstLine: start + 1)
      }
      seals += checkSealed(plan, pieces, rows: rows.count) - 1
      let cut = plan.run(chunks: pieces)
      #expect(cut.accounts == whole.accounts)
      #expect(cut.numbers() == whole.numbers())
      #expect(cut.samples(.verdict) == whole.samples(.verdict))
      #expect(cut.items(.verdict) == whole.items(.verdict))
      #expect(cut.tables.samples.contentHashHigh == whole.tables.samples.contentHashHigh)
    }
    #expect(seals > 4)
  }

  @Test func nestedFilesBalance() {
    var generator = SeededGenerator(seed: 12)
    var plan = plan(.nested, continuation: false)
    plan.header.mode = .paths
    plan.rowRules = []
    let names = CuratorRandomTests.header.map { "/r/样品/" + $0 }
    var seals = 0
    for _ in 0..<40 {
      let rows: [(RowKind, [(Int, String)])] = (0..<Int.random(in: 1..<40, using: &generator)).map { _ in
        let kind: RowKind = Int.random(in: 0..<3, using: &generator) == 0 ? .record : .item
        let cells = (0..<Int.random(in: 0..<9, using: &generator)).map { _ in
          (
            Int.random(in: 0..<names.count, using: &generator),
            CuratorRandomTests.texts.randomElement(using: &generator) ?? ""
          )
        }
        let number = ["SC0001", "SC0002", "SC0003", ""].randomElement(using: &generator) ?? ""
        return (kind, kind == .record ? [(0, number)] + cells : cells)
      }
      check(plan.run(chunks: [Chunks.nested(rows)], names: names), rows: rows.count)
      // A record and its items never stand in two chunks.
      let starts = rows.indices.filter { $0 == 0 || rows[$0].0 == .record } + [rows.count]
      let groups = zip(starts, starts.dropFirst()).map { Chunks.nested(Array(rows[$0..<$1])) }
      seals += checkSealed(plan, groups, names: names, rows: rows.count) - 1
    }
    #expect(seals > 40)
  }

  @Test func twoRunsAgreeInEveryColumn() {
    var generator = SeededGenerator(seed: 13)
    let rows = [CuratorRandomTests.header] + randomRows(200, &generator)
    let plan = plan(.items, continuation: false)
    let (one, two) = (plan.run(rows), plan.run(rows))
    #expect(one.tables.samples.text.map(\.codes) == two.tables.samples.text.map(\.codes))
    #expect(one.tables.items.text.map(\.dictionary.bytes) == two.tables.items.text.map(\.dictionary.bytes))
    #expect(one.report.diagnostics == two.report.diagnostics)
    #expect(one.report.rejects == two.report.rejects)
  }

  @Test func garbageWithoutAHeaderBalances() {
    var generator = SeededGenerator(seed: 14)
    var plan = plan(.items, continuation: false)
    plan.header.mode = .none
    plan.fields = [FieldPlan(.samplingNumber, from: [.position(0)]), FieldPlan(.value, from: [.position(7)])]
    let rows = randomRows(100, &generator)
    check(plan.run(rows), rows: rows.count)
  }
}
