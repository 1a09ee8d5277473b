import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// samples = inspected + excluded by reason: in the file's summary, in the catalogue, and for `store verify`.
@Suite struct SampleAccountsTests {
  /// Domain reference 2.3: what is sampled is not what is inspected.
  private static let industrial = """
    西宁市工业产品质量监督抽查结果汇总表,,,,,,,,,
    序号,抽样单编号,受检单位,所在地,产品名称,规格型号,抽查结果,主要不合格项目,抽查类别,备注
    1,JC-01,甲厂,湟中区,复合肥料,50kg/袋,不合格,总养分:≥45/41.2,市抽,/
    2,JC-02,乙厂,城北区,电力电缆,YJV,合格,/,市抽,/
    3,JC-03,丙厂,城北区,电力电缆,YJV,合格,/,市抽,/
    4,JC-04,丁站,湟源县,车用汽油,92号,未抽到样品,/,市抽,/
    5,JC-05,戊厂,大通县,木家具,/,拒检,/,市抽,/
    6,JC-06,己店,城东区,农膜,/,涉嫌无证,/,市抽,/
    7,JC-07,庚厂,城东区,农膜,/,停产,/,市抽,/
    8,JC-08,辛厂,城东区,农膜,/,,/,市抽,企业拒绝接受监督抽查
    9,JC-09,壬厂,城东区,农膜,/,,/,市抽,涉嫌无证生产，已移送公安机关
    10,JC-10,癸厂,城东区,农膜,/,转产,/,市抽,/
    合计,,,,,,,,,

    """

  private func importText(_ text: String, _ name: String, in store: ScratchStore) throws -> FileOutcome {
    try #require(try store.importFiles([try store.file(name, Array(text.utf8))]).files.first)
  }

  private func verify(_ store: ScratchStore) throws -> StoreVerifier.Outcome {
    let open = try OpenStore(store.root)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    return try verifier.verify()
  }

  @Test func theDenominatorIsWhatWasInspected() throws {
    let store = try ScratchStore()
    let outcome = try importText(SampleAccountsTests.industrial, "gongye.csv", in: store)
    #expect(outcome.state == .accepted, "\(String(describing: outcome.refusal))")
    let expected = SampleAccounts(samples: 10, [.passed: 2, .failed: 1, .notTested: 3, .refused: 2, .unlicensed: 2])
    #expect(outcome.sampleAccounts == expected)
    #expect(outcome.sampleAccounts.inspected == 3 && outcome.sampleAccounts.excluded == 7)
    #expect(
      try store.rate("bureau").total.counts == RateCounts(passed: 2, failed: 1, notTested: 3, refused: 2, unlicensed: 2)
    )
    let record = try #require(try OpenStore(store.root).catalogue.batches().first?.record)
    #expect(record.sampleAccounts == expected)
    #expect(record.closedSamples == [:])
    let verified = try verify(store)
    #expect(verified.isSound && verified.counting == expected, "\(verified.findings)")
  }

  /// Rows that do not count have a reason, in their own file and in later ones.
  @Test func closedSamplesAreInTheAccounts() throws {
    let store = try ScratchStore()
    let first = VersionTests.line("L1", report: "A1", day: "2023-03-20", "初检", "不合格")
    let lines =
      first + VersionTests.line("L2", report: "A2", day: "2023-03-20", "初检", "合格")
      + VersionTests.line("L2", report: "O2", day: "2023-03-22", "异议", "")
      + VersionTests.line("L1", report: "B1", day: "2023-04-01", "复检", "合格")
      + VersionTests.line("L3", report: "D3", day: "2023-04-01", "撤回", "合格")
    let outcome = try importText(VersionTests.header + lines, "1.csv", in: store)
    #expect(outcome.samples == 5)
    #expect(outcome.sampleAccounts == SampleAccounts(samples: 2, [.passed: 2]))
    let again = try importText(
      VersionTests.header + first + VersionTests.line("L2", report: "C2", day: "2023-05-01", "更正", "不合格"), "2.csv",
      in: store)
    #expect(again.sampleAccounts == SampleAccounts(samples: 1, [.failed: 1]))
    let records = try OpenStore(store.root).catalogue.batches().map(\.record)
    #expect(records[0].closedSamples == [.superseded: 1, .withdrawn: 1, .objection: 1])
    #expect(records[1].closedSamples == [.duplicate: 1])
    let verified = try verify(store)
    #expect(verified.isSound, "\(verified.findings)")
    #expect(verified.counting == SampleAccounts(samples: 2, [.passed: 1, .failed: 1]))
  }

  /// A catalogue that says something else about the samples than the segments do is damaged, and it is said where.
  @Test func accountsThatDifferAreNamed() throws {
    let store = try ScratchStore()
    _ = try importText(SampleAccountsTests.industrial, "gongye.csv", in: store)
    let good = try OpenStore(store.root).catalogue
    let batch = try #require(try good.batches().first)
    func copy(_ change: (inout Publication) -> Void) throws -> [String] {
      let other = try ScratchStore()
      try FileManager.default.removeItem(atPath: other.root + "/segments")
      try FileManager.default.copyItem(atPath: store.root + "/segments", toPath: other.root + "/segments")
      var publication = Publication(batch: batch.record)
      publication.batch.runID = nil
      publication.segments = try good.visibleSegments(at: 1).map(\.record)
      publication.tables = try good.tables(at: 1).all
      change(&publication)
      let catalogue = try Catalogue.open(path: other.root + "/catalogue.sqlite")
      _ = try catalogue.publish(publication)
      try catalogue.close()
      return try verify(other).findings.filter(\.isDamage).map(\.message)
    }
    #expect(try copy { _ in }.isEmpty)
    let shifted = try copy { publication in
      publication.batch.sampleAccounts?[.passed] += 1
      publication.batch.sampleAccounts?[.refused] -= 1
    }
    #expect(shifted.contains { $0.hasSuffix("passed: 3 recorded, 2 found") }, "\(shifted)")
    #expect(shifted.contains { $0.hasSuffix("refused: 1 recorded, 2 found") }, "\(shifted)")
    // A row that is closed and was not counted as such.
    let segment = try #require(try good.visibleSegments(at: 1).first?.record.id)
    let closed = try copy { $0.superseded = [SupersededRows(segment: segment, rows: [0], reason: .superseded)] }
    #expect(closed.contains { $0.hasSuffix("failed: 1 recorded, 0 found") }, "\(closed)")
    #expect(closed.contains { $0.hasSuffix("superseded: 0 recorded, 1 found") }, "\(closed)")
    // Accounts of format 1 have nothing to compare.
    #expect(try copy { $0.batch.sampleAccounts = nil }.isEmpty)
  }
}
