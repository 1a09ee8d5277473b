import SpotCheck
import SpotCheckTestSupport
import Testing

/// The same physical batch sampled by two levels is said, and both samples count.
@Suite struct PossibleDuplicateImportTests {
  private func list(_ rows: [String]) -> String {
    "抽样编号,任务级别,任务类别,样品名称,食品大类,样品规格,样品批号,标称生产企业名称,被抽样单位名称,被抽样单位所在区县,抽样时间,检验项目,检验结果,结果判定,结论\n"
      + rows.joined()
  }

  private func row(
    _ number: String, _ level: String, lot: String = "2024-01-02", producer: String = "某酿造厂", verdict: String = "合格"
  ) -> String {
    "\(number),\(level),监督抽检,酱油,调味品,500ml/瓶,\(lot),\(producer),某店,城东区,2024-05-06,铅,未检出,合格项,\(verdict)\n"
  }

  private func pairs(_ store: ScratchStore) throws -> [String] {
    let open = try OpenStore(store.root)
    let snapshot = try open.catalogue.latestSnapshot()
    let closed = try open.catalogue.superseded(at: snapshot)
    let segments = try open.catalogue.visibleSegments(at: snapshot).map { stored in
      let description = try #require(SegmentDescription(json: stored.record.description))
      return CountingSegment(closed: closed[stored.record.id] ?? []) { try Segment(description, in: open.layout) }
    }
    return try PossibleDuplicates.pairs(in: segments).map { "\($0.first.samplingNumber)=\($0.second.samplingNumber)" }
  }

  @Test func theLaterOneIsNamedAtItsLine() throws {
    let store = try ScratchStore()
    let first = list([row("SC24630001", "省级"), row("SC24630002", "省级", lot: "/")])
    let second = list([
      row("XN24630002", "市级", lot: "/"), row("XN24630003", "市级", lot: "2024-01-03"), row("XN24630001", "市级"),
      row("XN24630009", "市级", producer: "另一厂"),
    ])
    let provincial = try #require(
      try store.importFiles([try store.file("省抽.csv", Array(first.utf8))]).files.first)
    #expect(provincial.counts[.rowPossibleDuplicate] == nil)
    let municipal = try #require(
      try store.importFiles([try store.file("市抽.csv", Array(second.utf8))]).files.first)
    #expect(municipal.state == .accepted)
    let found = municipal.diagnostics.filter { $0.code == .rowPossibleDuplicate }
    #expect(found.map(\.position.line) == [4])
    #expect(found.first?.severity == .warning)
    #expect(found.first?.message == "probably the lot of sample SC24630001 (provincial, 省抽.csv line 2)")
    #expect(found.first?.messageZh == "疑与样品 SC24630001（省级，省抽.csv 第 2 行）为同一批次")
    // Kept with the batch, and nothing is merged.
    let batches = try OpenStore(store.root).catalogue.batches()
    #expect(batches.map { $0.record.diagnosticCounts["ROW_POSSIBLE_DUPLICATE"] } == [nil, 1])
    #expect(try store.rate("bureau").total.counts == RateCounts(passed: 6))
    #expect(try pairs(store) == ["SC24630001=XN24630001"])
  }

  /// Either order of arrival gives the same pairs; one file with both levels is seen too.
  @Test func orderDoesNotMatterToThePairs() throws {
    let texts = [list([row("SC24630001", "省级")]), list([row("XN24630001", "市级")])]
    for order in [[0, 1], [1, 0]] {
      let store = try ScratchStore()
      var warnings = 0
      for index in order {
        let path = try store.file("\(index).csv", Array(texts[index].utf8))
        warnings += try store.importFiles([path]).files.first?.counts[.rowPossibleDuplicate] ?? 0
      }
      #expect(warnings == 1)
      #expect(try pairs(store) == ["SC24630001=XN24630001"])
    }
    let store = try ScratchStore()
    let both = list([row("XN24630001", "市级"), row("SC24630001", "省级")])
    for (name, rows) in [("both.csv", 1_000_000), ("again.csv", 1)] {
      let path = try store.file(name, Array((both + (rows == 1 ? row("SC24630077", "省级", lot: "9") : "")).utf8))
      let outcome = try #require(try store.importFiles([path]) { $0.segmentRows = rows }.files.first)
      // The second time both rows are duplicates of the first: no sample of it counts.
      #expect(outcome.counts[.rowPossibleDuplicate] == (rows == 1 ? nil : 1))
    }
    #expect(try pairs(store) == ["SC24630001=XN24630001"])
  }

  /// A sample that was withdrawn, or versions of one sample, are no duplicates.
  @Test func whatDoesNotCountIsNoDuplicate() throws {
    let store = try ScratchStore()
    let first = list([row("SC24630001", "省级"), row("SC24630001", "省级", verdict: "不合格")])
    _ = try store.importFiles([try store.file("1.csv", Array(first.utf8))])
    #expect(try pairs(store).isEmpty)
    let header = "抽样编号,报告类别,任务级别,样品名称,食品大类,被抽样单位所在区县,抽样时间,检验项目,检验结果,结果判定,结论\n"
    let withdrawal = header + "SC24630001,撤回,省级,酱油,调味品,城东区,2024-05-06,铅,未检出,合格项,合格\n"
    _ = try store.importFiles([try store.file("2.csv", Array(withdrawal.utf8))])
    let third = try #require(
      try store.importFiles([try store.file("3.csv", Array(list([row("XN24630001", "市级")]).utf8))]).files.first)
    #expect(third.counts[.rowPossibleDuplicate] == nil)
  }
}
